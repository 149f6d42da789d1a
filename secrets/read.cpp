#include "secrets/read.hpp"

#include "secrets/formats.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

/// A format: how to know it, how to read it. The first that knows the text reads it.
struct Format {
    bool (*knows)(std::string_view);
    Result<Report> (*read)(std::string_view, const std::string&, Store&);
};
constexpr Format formats[] = {
    {is_toml, read_toml},
    {is_charon_log, read_charon_log},
    {is_ikev1_table, read_ikev1_table},
    {is_ikev2_table, read_ikev2_table},
};

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view without_mark(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    return text;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

} // namespace

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string place(const std::string& name, std::size_t line) { return fmt::format("{} line {}", name, line); }

Result<Report> read_secrets(std::string_view text, const std::string& name, Store& store) {
    text = without_mark(text);
    for (const auto& format : formats)
        if (format.knows(text)) return format.read(text, name, store);
    return Error{fmt::format("{}: none of the secrets formats is recognised in it; known are ikescope's own TOML "
                             "(format = \"ikescope-secrets/1\"), charon logs of level 4 and Wireshark's ikev1_decryption_table; "
                             "give a list of pre-shared keys with --psk-file",
                             name)};
}

Report read_psk_file(std::string_view text, const std::string& name, Store& store) {
    Report report{"list of pre-shared keys", 0, 0, 0, {}};
    if (text.starts_with(byte_order_mark)) report.notes.push_back(fmt::format("{}: the byte order mark at its start is no part of the first key.", name));
    Lines lines(without_mark(text));
    std::size_t returns = 0;
    for (std::string_view line; lines.next(line);) {
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
            ++returns;
        }
        if (line.empty()) continue;
        if (is_blank(line.back()) || is_blank(line.front()))
            report.notes.push_back(fmt::format("{}: the key has a blank at its {}; it is taken as part of the key.",
                                               place(name, lines.number()), is_blank(line.back()) ? "end" : "beginning"));
        store.add_psk({Secret(bytes_of(line)), {place(name, lines.number()), true}});
        ++report.psks;
    }
    if (returns != 0) report.notes.push_back(fmt::format("{}: carriage returns at the end of {} lines were taken off.", name, returns));
    return report;
}

Result<Secret> secret_from_hex(std::string_view text, std::string_view what) {
    if (auto bytes = parse_hex(text); bytes && !bytes->empty()) return Secret(std::move(*bytes));
    if (trimmed(text).empty()) return Error{fmt::format("{}: no hexadecimal digits given", what)};
    constexpr std::string_view legal = "0123456789abcdefABCDEF :-xX";
    const auto at = text.find_first_not_of(legal);
    if (at == std::string_view::npos)
        return Error{fmt::format("{}: the number of hexadecimal digits is odd or they are split within a byte; give two digits for every byte", what)};
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
