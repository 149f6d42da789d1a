#include "secrets/read.hpp"

#include "secrets/decode.hpp"
#include "secrets/formats.hpp"

#include <filesystem>
#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

/// A format: what speaks for it, how to read it. The heaviest one reads; at equal weight the one that stands first.
struct Format {
    Weight weigh;
    Read read;
    std::string_view name; ///< for the sentence about unknown files; empty: not worth naming
};
constexpr Format formats[] = {
    {weigh_toml, read_toml, "ikescope's own TOML (format = \"ikescope-secrets/1\")"},
    {weigh_wireshark, read_wireshark_tables, "Wireshark's ikev1_decryption_table, ikev2_decryption_table and esp_sa"},
    {weigh_tcpdump, read_tcpdump_keys, "lines of tcpdump -E"},
    {weigh_charon, read_charon_log, "charon logs of level 4"},
    {weigh_libreswan, read_libreswan_log, "logs of libreswan"},
    {weigh_racoon, read_racoon_log, "of racoon and MikroTik"},
    {weigh_fortigate, read_fortigate_log, "of FortiGate"},
    {weigh_openiked, read_openiked_log, "of iked -dvvv"},
    {weigh_xfrm, read_xfrm_state, "ip xfrm state"},
    {weigh_setkey, read_setkey, "setkey -D"},
    {weigh_psk_crack, read_psk_crack, {}},
    {weigh_cisco, read_cisco_debug, {}},
    {weigh_junos, read_junos_trace, {}},
    {weigh_windows, read_windows_trace, {}},
};

const Format* recognise(std::string_view text) {
    constexpr std::size_t certain = 60; ///< that much more than all others: no need to read on
    std::array<std::size_t, std::size(formats)> weights{};
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        std::size_t first = 0, second = 0;
        for (std::size_t i = 0; i < std::size(formats); ++i) {
            const auto weight = weights[i] += formats[i].weigh(line);
            if (weight > first)
                second = std::exchange(first, weight);
            else
                second = std::max(second, weight);
        }
        if (first > second + certain) break;
    }
    const auto heaviest = std::ranges::max_element(weights);
    return *heaviest == 0 ? nullptr : &formats[heaviest - weights.begin()];
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

Result<Report> read_secrets(std::string_view text, const std::string& name, Store& store) {
    std::string buffer;
    const auto plain = plain_text(text, name, buffer);
    if (!plain) return plain.error();
    const auto* format = recognise(*plain);
    auto report = format ? format->read(*plain, name, store) : Result<Report>(unknown(name));
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
