// Wireshark's ikev1_decryption_table: initiator cookie and Ka, in hexadecimal, quoted or not, '#' begins a comment.
//
//     f8df968f0944b01c,8fd7035c21263440573f421dc2bacc2b
//
// ikev2_decryption_table: both SPIs, SK_ei, SK_er, cipher, SK_ai, SK_ar, integrity; an AEAD has no SK_a.
//
//     7f2b94005700aabb,…,675bd6…,31fc57…,"AES-CBC-128 [RFC3602]",0bbc31…,0cc95e…,"HMAC_SHA2_256_128 [RFC4868]"
//
// esp_sa: protocol, source, destination, SPI (each may be *), cipher, key, integrity, key; since 4.2 a length of
// numbers.
//
//     "IPv4","10.77.0.1","10.77.0.2","0xb3672715","AES-CBC [RFC3602]","0x5cc2…","HMAC-SHA-1-96 [RFC2404]","0x2cee…"
//
// strongSwan's save-keys plugin writes the same three. A quoted field may have \xNN in it.

#include "secrets/esp_names.hpp"
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

/// \xNN of a quoted field (epan/uat.c).
std::string unescaped(std::string_view field) {
    std::string plain;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const bool escape = field[i] == '\\' && i + 3 < field.size() && field[i + 1] == 'x' &&
                            digit_value(field[i + 2]) >= 0 && digit_value(field[i + 3]) >= 0;
        if (escape) {
            plain += static_cast<char>(digit_value(field[i + 2]) * 16 + digit_value(field[i + 3]));
            i += 3;
        } else if (field[i] == '\\' && i + 1 < field.size()) {
            plain += field[++i];
        } else {
            plain += field[i];
        }
    }
    return plain;
}

/// The fields of a row; a comma within quotes separates nothing.
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    bool quoted = false;
    std::size_t from = 0;
    for (std::size_t at = 0; at <= line.size(); ++at) {
        if (at < line.size() && line[at] == '"') quoted = !quoted;
        if (at < line.size() && (line[at] != ',' || quoted)) continue;
        fields.push_back(unescaped(unquoted(line.substr(from, at - from))));
        from = at + 1;
    }
    return fields;
}

struct Row {
    std::array<Byte, 8> cookie;
    Secret ka;
};

std::optional<Row> row_of(const std::vector<std::string>& fields) {
    if (fields.size() != 2) return std::nullopt;
    const auto cookie = exactly<8>(fields[0]);
    auto ka = parse_hex(fields[1]);
    if (!cookie || !ka || ka->empty()) return std::nullopt;
    return Row{*cookie, Secret(std::move(*ka))};
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

std::optional<Ikev2Key> set_of(const std::vector<std::string>& fields) {
    constexpr std::size_t columns = 8;
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

bool any(std::string_view field) { return field.empty() || field == "*"; }

/// Hexadecimal behind 0x, otherwise the text itself.
std::optional<Secret> esp_key(std::string_view field) {
    if (!field.starts_with("0x") && !field.starts_with("0X")) return Secret(bytes_of(field));
    auto bytes = parse_hex(field);
    if (!bytes) return std::nullopt;
    return Secret(std::move(*bytes));
}

std::string_view without_reference(std::string_view name) { return trimmed(name.substr(0, name.find('['))); }

/// Bytes of the ICV in "ANY 96 bit authentication [no checking]", of which Wireshark has 64 to 256 bits.
std::optional<std::uint8_t> unchecked_icv(std::string_view name) {
    constexpr unsigned most_bits = 512;
    const auto bits = name.starts_with("ANY ") ? between(name, "ANY ", " bit") : std::nullopt;
    const auto count = bits ? number<unsigned>(*bits) : std::nullopt;
    if (!count || *count % 8 != 0 || *count > most_bits) return std::nullopt;
    return static_cast<std::uint8_t>(*count / 8);
}

bool is_esp(const std::vector<std::string>& fields) {
    return fields.size() >= 8 && fields.size() <= 10 &&
           (fields[0] == "IPv4" || fields[0] == "IPv6" || fields[0] == "Any");
}

/// The key, or why it is none.
Result<EspKey> esp_of(const std::vector<std::string>& fields) {
    EspKey key;
    for (const auto& [column, member] : {std::pair(1U, &EspKey::source), std::pair(2U, &EspKey::destination)})
        if (!any(fields[column]) && !(key.*member = IpAddress::parse(fields[column])))
            return Error{
                fmt::format("'{}' is no IP address; addresses with wildcards are not known; the row was passed over.",
                            fields[column])};
    if (const std::string_view spi = fields[3]; !any(spi)) {
        key.spi = spi.starts_with("0x") ? number<std::uint32_t>(spi.substr(2), 16) : number<std::uint32_t>(spi);
        if (!key.spi) return Error{fmt::format("'{}' is no SPI that is known; the row was passed over.", spi)};
    }
    const auto cipher = esp_encryption(Dialect::wireshark, without_reference(fields[4]));
    if (!cipher) return Error{fmt::format("'{}' is no cipher that is known; the row was passed over.", fields[4])};
    const auto integrity = esp_integrity(Dialect::wireshark, without_reference(fields[6]));
    const auto unchecked = unchecked_icv(fields[6]);
    if (!integrity && !unchecked)
        return Error{fmt::format("'{}' is no integrity algorithm that is known; the row was passed over.", fields[6])};
    auto first = esp_key(fields[5]), second = esp_key(fields[7]);
    if (!first || !second)
        return Error{"a key of this row is cut within a byte or no hexadecimal number; the row was passed over."};
    key.encryption = *cipher;
    key.integrity = integrity.value_or(0);
    key.encryption_key = std::move(*first);
    key.unchecked_icv = unchecked.value_or(0);
    if (!unchecked) key.integrity_key = std::move(*second); // Wireshark does not look at that column either
    measure_key(key);
    return key;
}

bool is_comment(std::string_view line) { return line.empty() || line.front() == '#'; }

/// Which of the tables was read; two in one file are possible.
std::string name_of(const Report& report) {
    if (report.esp_keys == 0 && report.ikev2_keys == 0) return "Wireshark IKEv1 decryption table";
    if (report.ikev1_keys == 0 && report.esp_keys == 0) return "Wireshark IKEv2 decryption table";
    return report.ikev1_keys == 0 && report.ikev2_keys == 0 ? "Wireshark ESP SA table" : "Wireshark tables";
}

bool all_digits(std::string_view field) {
    return !field.empty() && std::ranges::all_of(field, [](char c) { return digit_value(c) >= 0; });
}

/// A row of one of the two IKE tables by its shape, whatever is wrong with its values.
bool looks_like_keys(const std::vector<std::string>& fields) {
    constexpr std::size_t least = 8; // digits: words of a list of pre-shared keys are seldom that
    return (fields.size() == 2 || fields.size() == 8) && all_digits(fields[0]) && all_digits(fields[1]) &&
           fields[0].size() >= least && fields[1].size() >= least;
}

/// Why such a row cannot be used.
std::string what_is_wrong(const std::vector<std::string>& fields) {
    constexpr std::size_t spi_digits = 16;
    const bool two = fields.size() == 2;
    for (std::size_t i = 0; i < (two ? 1U : 2U); ++i)
        if (fields[i].size() != spi_digits)
            return fmt::format("the {} has {} hexadecimal digits, {} are needed; the row was passed over.",
                               two       ? "initiator's cookie"
                               : i == 0 ? "initiator's SPI"
                                        : "responder's SPI",
                               fields[i].size(), spi_digits);
    constexpr std::pair<std::size_t, std::string_view> keys[] = {{2, "SK_ei"}, {3, "SK_er"}, {5, "SK_ai"}, {6, "SK_ar"}};
    if (two) return "the number of the key's hexadecimal digits is odd; the row was passed over.";
    for (const auto& [column, name] : keys) {
        if (fields[column].empty() || parse_hex(fields[column])) continue;
        return all_digits(fields[column])
                   ? fmt::format("the number of {}'s hexadecimal digits is odd; the row was passed over.", name)
                   : fmt::format("{} is no hexadecimal number; the row was passed over.", name);
    }
    return "neither SK_ei nor SK_er is given; the row was passed over.";
}

} // namespace

unsigned weigh_wireshark(std::string_view line) {
    line = trimmed(line);
    if (is_comment(line) || line.find(',') == std::string_view::npos) return 0;
    const auto fields = fields_of(line);
    return row_of(fields) || set_of(fields) || is_esp(fields) || looks_like_keys(fields) ? 10 : 0;
}

Result<Report> read_wireshark_tables(std::string_view text, const std::string& name, Store& store) {
    Harvest harvest("Wireshark tables", name, store);
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        line = trimmed(line);
        if (is_comment(line)) continue;
        const auto fields = fields_of(line);
        if (auto row = row_of(fields)) {
            harvest.ikev1(std::move(row->ka), Ikev1Key::Form::ka, lines.number(), row->cookie);
        } else if (auto set = set_of(fields)) {
            set->origin = harvest.origin(lines.number());
            if (!find(wireshark_ike_ciphers, fields[4]))
                harvest.note(lines.number(), fmt::format("'{}' is no encryption algorithm of this table; the SA's own is used", fields[4]));
            harvest.ikev2(std::move(*set));
        } else if (is_esp(fields)) {
            auto key = esp_of(fields);
            if (key) {
                key->origin = harvest.origin(lines.number());
                harvest.esp(std::move(*key));
            } else {
                harvest.note(lines.number(), key.error().sentence);
            }
        } else if (looks_like_keys(fields)) {
            harvest.note(lines.number(), what_is_wrong(fields));
        } else {
            harvest.note(
                lines.number(),
                "this row is no initiator cookie and key, no set of IKEv2 keys and no ESP SA, and was passed over.");
        }
    }
    harvest.report().format = name_of(harvest.report());
    return harvest.take();
}

} // namespace ikescope::secrets
