#include "secrets/read.hpp"

#include "secrets/decode.hpp"
#include "secrets/formats.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

/// A format: what speaks for it, how to read it. The heaviest one reads; at equal weight the one that stands first.
struct Format {
    Weight weigh;
    Read read;
    std::string_view name;       ///< for the sentence about unknown files; empty: not worth naming
    std::string_view lines = {}; ///< for the sentence about files of two formats: whose lines these are
};
constexpr Format formats[] = {
    {weigh_toml, read_toml, "ikescope's own TOML (format = \"ikescope-secrets/1\")", "ikescope secrets"},
    {weigh_wireshark, read_wireshark_tables, "Wireshark's ikev1_decryption_table, ikev2_decryption_table and esp_sa",
     "a Wireshark table"},
    {weigh_tcpdump, read_tcpdump_keys, "lines of tcpdump -E", "tcpdump -E"},
    {weigh_charon, read_charon_log, "charon logs of level 4", "a charon log"},
    {weigh_libreswan, read_libreswan_log, "logs of libreswan", "a libreswan log"},
    {weigh_racoon, read_racoon_log, "of racoon and MikroTik", "a log of racoon or MikroTik"},
    {weigh_fortigate, read_fortigate_log, "of FortiGate", "FortiGate output"},
    {weigh_openiked, read_openiked_log, "of iked -dvvv", "an iked log"},
    {weigh_xfrm, read_xfrm_state, "ip xfrm state", "ip xfrm state"},
    {weigh_setkey, read_setkey, "setkey -D", "setkey -D"},
    {weigh_cisco_keys, read_cisco_keys, "show crypto isakmp key of Cisco IOS", "show crypto isakmp key"},
    {weigh_psk_crack, read_psk_crack, {}},
    {weigh_cisco, read_cisco_debug, {}},
    {weigh_junos, read_junos_trace, {}},
    {weigh_windows, read_windows_trace, {}},
};

const Format* recognise(std::string_view text) {
    std::array<Weight, std::size(formats)> weights{};
    std::ranges::transform(formats, weights.begin(), &Format::weigh);
    const auto which = heaviest(text, weights);
    return which ? &formats[*which] : nullptr;
}

/// A file of two formats is read as one: lines of another are worth a word, one that is unmistakable or several that are
/// typical.
void note_others(std::string_view text, const Format& chosen, const std::string& name, Report& report) {
    constexpr unsigned typical = 3, unmistakable = 10;
    constexpr std::size_t looked_at = 1 << 20; // bytes at each end: in a large log weighing takes longer than reading
    struct Other {
        std::size_t sum = 0, line = 0; ///< of the weights; the first one's number
    };
    std::array<Other, std::size(formats)> others;
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        const auto at = static_cast<std::size_t>(line.data() - text.data());
        if ((at > looked_at && text.size() - at > looked_at) || trimmed(line).starts_with('#') ||
            chosen.weigh(line) > 0)
            continue;
        for (std::size_t i = 0; i < others.size(); ++i) {
            if (formats[i].lines.empty() || others[i].sum >= unmistakable) continue;
            const auto weight = formats[i].weigh(line);
            if (weight < typical) continue;
            if (others[i].sum == 0) others[i].line = lines.number();
            others[i].sum += weight;
            if (others[i].sum < unmistakable) continue;
            report.notes.push_back(fmt::format(
                "{}: lines of {} begin here; the file is read as {}, so they were passed over; give "
                "them in a file of their own.",
                place(name, others[i].line), formats[i].lines, chosen.lines.empty() ? report.format : chosen.lines));
        }
    }
}

Error unknown(const std::string& name) {
    std::string known;
    for (const auto& format : formats)
        if (!format.name.empty()) known += fmt::format("{}{}", known.empty() ? "" : ", ", format.name);
    return {fmt::format("{}: none of the secrets formats is recognised in it; known are {}; give a list of pre-shared "
                        "keys with --psk-file",
                        name, known)};
}

} // namespace

std::optional<std::size_t> heaviest(std::string_view text, std::span<const Weight> weights) {
    constexpr std::size_t certain = 60; ///< that much more than all others: no need to read on
    std::vector<std::size_t> sums(weights.size());
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        std::size_t first = 0, second = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const auto sum = sums[i] += weights[i](line);
            if (sum > first)
                second = std::exchange(first, sum);
            else
                second = std::max(second, sum);
        }
        if (first > second + certain) break;
    }
    const auto most = std::ranges::max_element(sums);
    return most == sums.end() || *most == 0 ? std::nullopt
                                            : std::optional(static_cast<std::size_t>(most - sums.begin()));
}

Result<Report> read_secrets(std::string_view text, const std::string& name, Store& store) {
    std::string buffer;
    const auto plain = plain_text(text, name, buffer);
    if (!plain) return plain.error();
    const auto* format = recognise(*plain);
    auto report = format ? format->read(*plain, name, store) : Result<Report>(unknown(name));
    if (report && format->weigh != weigh_toml) note_others(*plain, *format, name, *report); // TOML refuses what is none
    wipe({reinterpret_cast<Byte*>(buffer.data()), buffer.size()});
    return report;
}

Report read_psk_file(std::string_view text, const std::string& name, Store& store) {
    Report report{"list of pre-shared keys", 0, 0, 0, {}};
    if (text.starts_with("\xef\xbb\xbf")) {
        report.notes.push_back(fmt::format("{}: the byte order mark at its start is no part of the first key.", name));
        text.remove_prefix(3);
    }
    std::string buffer;
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        report.notes.push_back(
            fmt::format("{}: it is UTF-16; its keys are taken as UTF-8, as devices send them.", name));
        text = *plain_text(text, name, buffer);
    }
    Lines lines(text);
    std::size_t returns = 0;
    for (std::string_view line; lines.next(line);) {
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
            ++returns;
        }
        if (line.empty()) continue;
        if (is_blank(line.back()) || is_blank(line.front()))
            report.notes.push_back(fmt::format("{}: the key has a blank at its {}; it is taken as part of the key.",
                                               place(name, lines.number()),
                                               is_blank(line.back()) ? "end" : "beginning"));
        store.add_psk({Secret(bytes_of(line)), {place(name, lines.number()), true}});
        ++report.psks;
    }
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        report.notes.push_back(fmt::format("{}: there is a zero byte in line {}: is this a list of keys, one per line?", name,
                                           1 + std::ranges::count(text.substr(0, zero), '\n')));
    if (report.psks == 0) report.notes.push_back(fmt::format("{}: there is no key in it.", name));
    wipe({reinterpret_cast<Byte*>(buffer.data()), buffer.size()});
    if (returns != 0)
        report.notes.push_back(
            fmt::format("{}: carriage returns at the end of {} lines were taken off.", name, returns));
    return report;
}

Result<Secret> secret_from_hex(std::string_view text, std::string_view what) {
    if (auto bytes = parse_hex(text); bytes && !bytes->empty()) return Secret(std::move(*bytes));
    if (trimmed(text).empty()) return Error{fmt::format("{}: no hexadecimal digits given", what)};
    constexpr std::string_view legal = "0123456789abcdefABCDEF :-xX";
    const auto at = text.find_first_not_of(legal);
    if (at == std::string_view::npos)
        return Error{fmt::format("{}: the number of hexadecimal digits is odd or they are split within a byte; give "
                                 "two digits for every byte",
                                 what)};
    return Error{fmt::format("{}: character {} is no hexadecimal digit", what, at + 1)};
}

std::optional<std::string> exposed(const std::string& path) {
    using std::filesystem::perms;
    std::error_code failed;
    const auto status = std::filesystem::status(path, failed);
    if (failed || !std::filesystem::is_regular_file(status)) return std::nullopt;
    if ((status.permissions() & (perms::group_read | perms::others_read)) == perms::none) return std::nullopt;
    return fmt::format("{} holds secrets and can be read by other users; chmod 600 it", path);
}

} // namespace ikescope::secrets
