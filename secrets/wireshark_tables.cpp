// Wireshark's ikev1_decryption_table: initiator cookie and Ka, in hexadecimal, quoted or not, '#' begins a comment.
//
//     f8df968f0944b01c,8fd7035c21263440573f421dc2bacc2b
//
// ikev2_decryption_table: both SPIs, SK_ei, SK_er, cipher, SK_ai, SK_ar, integrity; an AEAD has no SK_a.
//
//     7f2b94005700aabb,…,675bd6…,31fc57…,"AES-CBC-128 [RFC3602]",0bbc31…,0cc95e…,"HMAC_SHA2_256_128 [RFC4868]"

#include "secrets/formats.hpp"
#include "secrets/wireshark_names.hpp"

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

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    bool quoted = false;
    std::size_t from = 0;
    for (std::size_t at = 0; at <= line.size(); ++at) {
        if (at < line.size() && line[at] == '"') quoted = !quoted;
        if (at < line.size() && (line[at] != ',' || quoted)) continue;
        fields.push_back(unquoted(line.substr(from, at - from)));
        from = at + 1;
    }
    return fields;
}

/// References are not looked at: they differ between versions.
const WiresharkName* find(std::span<const WiresharkName> table, std::string_view text) {
    const auto bare = [](std::string_view name) { return trimmed(name.substr(0, name.find('['))); };
    for (const auto& row : table)
        if (bare(row.name) == bare(text)) return &row;
    return nullptr;
}

/// What was negotiated is needed only where the capture does not show it; both names must be known then.
void name_algorithms(Ikev2Key& key, std::string_view cipher, std::string_view integrity) {
    const auto* first = find(wireshark_ike_ciphers, cipher);
    const auto* second = find(wireshark_ike_integrities, integrity);
    if (!first || !second) return;
    key.encryption = first->number;
    key.key_bits = first->key_bits;
    key.integrity = second->number;
}

std::optional<Ikev2Key> set_of(std::string_view line) {
    constexpr std::size_t columns = 8;
    const auto fields = fields_of(line);
    if (fields.size() != columns) return std::nullopt;
    const auto initiator = exactly<8>(fields[0]), responder = exactly<8>(fields[1]);
    if (!initiator || !responder) return std::nullopt;
    Ikev2Key key;
    key.initiator_spi = *initiator;
    key.responder_spi = *responder;
    constexpr std::pair<std::size_t, Secret Ikev2Key::*> places[] = {
        {2, &Ikev2Key::ei}, {3, &Ikev2Key::er}, {5, &Ikev2Key::ai}, {6, &Ikev2Key::ar}};
    for (const auto& [column, member] : places) {
        if (fields[column].empty()) continue;
        auto bytes = parse_hex(fields[column]);
        if (!bytes) return std::nullopt;
        key.*member = Secret(std::move(*bytes));
    }
    if (key.ei.empty() && key.er.empty()) return std::nullopt;
    name_algorithms(key, fields[4], fields[7]);
    return key;
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

bool is_ikev2_table(std::string_view text) {
    Lines lines(text);
    for (std::string_view line; lines.next(line);)
        if (line = trimmed(line); !is_comment(line)) return set_of(line).has_value();
    return false;
}

Result<Report> read_ikev2_table(std::string_view text, const std::string& name, Store& store) {
    Report report{"Wireshark IKEv2 decryption table", 0, 0, 0, {}};
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        line = trimmed(line);
        if (is_comment(line)) continue;
        auto key = set_of(line);
        if (!key) {
            report.notes.push_back(fmt::format("{}: this row is no set of IKEv2 keys, and was passed over.", place(name, lines.number())));
            continue;
        }
        key->origin = {place(name, lines.number()), true};
        report.ikev2_keys += store.add_ikev2_key(std::move(*key));
    }
    return report;
}

} // namespace ikescope::secrets
