// Wireshark's ikev1_decryption_table: initiator cookie and Ka, in hexadecimal, quoted or not, '#' begins a comment.
//
//     f8df968f0944b01c,8fd7035c21263440573f421dc2bacc2b

#include "secrets/formats.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

std::string_view unquoted(std::string_view field) {
    field = trimmed(field);
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') return field.substr(1, field.size() - 2);
    return field;
}

struct Row {
    std::array<Byte, 8> cookie;
    Secret ka;
};

std::optional<Row> row_of(std::string_view line) {
    const auto comma = line.find(',');
    if (comma == std::string_view::npos || line.find(',', comma + 1) != std::string_view::npos) return std::nullopt;
    const auto cookie = exactly<8>(unquoted(line.substr(0, comma)));
    auto ka = parse_hex(unquoted(line.substr(comma + 1)));
    if (!cookie || !ka || ka->empty()) return std::nullopt;
    return Row{*cookie, Secret(std::move(*ka))};
}

bool is_comment(std::string_view line) { return line.empty() || line.front() == '#'; }

} // namespace

bool is_ikev1_table(std::string_view text) {
    Lines lines(text);
    for (std::string_view line; lines.next(line);)
        if (line = trimmed(line); !is_comment(line)) return row_of(line).has_value();
    return false;
}

Result<Report> read_ikev1_table(std::string_view text, const std::string& name, Store& store) {
    Report report{"Wireshark IKEv1 decryption table", 0, 0, 0, {}};
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        line = trimmed(line);
        if (is_comment(line)) continue;
        auto row = row_of(line);
        if (!row) {
            report.notes.push_back(fmt::format("{}: this row is no initiator cookie and key, and was passed over.", place(name, lines.number())));
            continue;
        }
        report.ikev1_keys += store.add_ikev1_key({row->cookie, false, Ikev1Key::Form::ka, std::move(row->ka), {place(name, lines.number()), true}});
    }
    return report;
}

} // namespace ikescope::secrets
