// show crypto isakmp key of Cisco IOS: columns, of which the keyring may be left out.
//
//     Keyring      Hostname/Address                            Preshared Key
//
//     default      10.77.0.2                                   labpsk

#include "secrets/formats.hpp"

namespace ikescope::secrets {
namespace {

constexpr std::string_view key_title = "Preshared Key";

bool is_title(std::string_view line) {
    return line.find("Hostname/Address") < line.find(key_title) && line.find(key_title) != std::string_view::npos;
}

/// The column of the title; in a table whose columns were moved, what stands behind the last blank.
std::string_view key_of(std::string_view line, std::size_t column) {
    const bool in_column = column < line.size() && !is_blank(line[column]) && is_blank(line[column - 1]);
    return trimmed(in_column ? line.substr(column) : line.substr(line.find_last_of(" \t") + 1));
}

/// "R1#" or "R1>show version" ends the table.
bool is_prompt(std::string_view first_word) { return first_word.find_first_of("#>") != std::string_view::npos; }

} // namespace

unsigned weigh_cisco_keys(std::string_view line) { return is_title(line) ? 10 : 0; }

Result<Report> read_cisco_keys(std::string_view text, const std::string& name, Store& store) {
    Harvest harvest("show crypto isakmp key", name, store);
    std::size_t column = 0; // 0: outside of a table
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        const auto row = trimmed(line);
        auto rest = row;
        const auto first = next_word(rest);
        if (is_title(line)) {
            column = line.find(key_title);
        } else if (is_prompt(first)) {
            column = 0;
        } else if (column != 0 && !row.empty()) {
            if (trimmed(rest).empty())
                harvest.note(lines.number(), "there is no key behind the address; the line was passed over.");
            else
                harvest.psk(Secret(bytes_of(key_of(line.substr(0, line.find_last_not_of(" \t\r") + 1), column))),
                            lines.number());
        }
    }
    if (harvest.read() == 0)
        harvest.note("there is no key in this table; give the configuration with --config, or the key with --psk.");
    return harvest.take();
}

} // namespace ikescope::secrets
