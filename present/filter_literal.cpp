#include "present/filter_literal.hpp"

#include "base/address.hpp"
#include "base/clock.hpp"
#include "present/filter_words.hpp"

#include <bit>
#include <charconv>
#include <ctime>
#include <fmt/format.h>

namespace ikescope::present {

namespace {

using Constant = std::optional<FilterConstant>;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Registries, logs and people write NO-PROPOSAL-CHOSEN, No Proposal Chosen, NO_PROPOSAL_CHOSEN: all the same.
bool same_name(std::string_view a, std::string_view b) {
    const auto fold = [](char c) { return c == '-' || c == ' ' ? '_' : lower(c); };
    return std::ranges::equal(a, b, {}, fold, fold);
}

std::optional<std::uint64_t> digits(std::string_view text, int base) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
    return value;
}

Constant of_number(std::uint64_t number) {
    FilterConstant constant;
    constant.number = number;
    return constant;
}

Constant of_bytes(Buffer bytes) {
    FilterConstant constant;
    constant.bytes = std::move(bytes);
    return constant;
}

Constant of_text(std::string_view text) {
    const auto bytes = bytes_of(text);
    return of_bytes({bytes.begin(), bytes.end()});
}

std::uint64_t largest(const Field& field) {
    if (field.mask) return (field.mask >> std::countr_zero(field.mask)) * field.scale;
    return field.kind != Kind::number || field.width == 0 || field.width >= 8
               ? ~std::uint64_t{0}
               : (std::uint64_t{1} << (8 * field.width)) - 1;
}

Constant named(std::string_view name, const FilterOperand& operand) {
    FilterConstant constant;
    for (const auto* field : operand.fields)
        for (const auto& row : field->names)
            if (same_name(row.name, name) || (!row.brief.empty() && same_name(row.brief, name)))
                constant.names.push_back({field, row.value});
    if (constant.names.empty()) return {};
    return constant;
}

/// The name in the operand's registries that is most like the one written.
std::string_view nearest_name(std::string_view name, const FilterOperand& operand) {
    std::string_view best;
    auto least = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const auto* field : operand.fields)
        for (const auto& row : field->names) {
            const auto distance = edit_distance(name.substr(0, 100), row.name);
            if (distance < least) least = distance, best = row.name;
        }
    return best;
}

Constant number_constant(const FilterToken& token, const FilterOperand& operand, std::string& reason) {
    if (token.kind == FilterToken::Kind::character && token.text.size() == 1)
        return of_number(static_cast<unsigned char>(token.text[0]));
    if (token.kind == FilterToken::Kind::word)
        if (const auto number = filter_number(token.text)) {
            std::uint64_t most = operand.fields.empty() ? ~std::uint64_t{0} : 0;
            for (const auto* field : operand.fields) most = std::max(most, largest(*field));
            if (*number <= most || token.text.starts_with('-')) return of_number(*number);
            reason = fmt::format("\"{}\" is too large: this field holds at most {}", token.text, most);
            return {};
        }
    if (auto constant = named(token.text, operand)) return constant;
    const auto near = nearest_name(token.text, operand);
    reason = near.empty() ? fmt::format("\"{}\" is neither a number nor a name of one", token.text)
                          : fmt::format("\"{}\" is neither a number nor a name of one; did you mean \"{}\"?", token.text, near);
    return {};
}

/// Wireshark's word for a flag, or the one that our tree has for all.
std::optional<bool> flag_named(std::string_view name, const FilterOperand& operand) {
    if (same_name(name, "true") || same_name(name, "set")) return true;
    if (same_name(name, "false") || same_name(name, "not set")) return false;
    for (const auto* field : operand.fields)
        for (const auto& row : flag_words)
            if (row.field == field->name && (same_name(name, row.set) || same_name(name, row.clear))) return same_name(name, row.set);
    return {};
}

Constant boolean_constant(const FilterToken& token, const FilterOperand& operand, std::string& reason) {
    if (const auto number = filter_number(token.text)) return of_number(*number != 0);
    if (auto constant = named(token.text, operand)) return constant;
    if (const auto value = flag_named(token.text, operand)) return of_number(*value);
    reason = fmt::format("\"{}\" is neither true nor false nor 1 nor 0, \"Set\" nor \"Not set\"", token.text);
    return {};
}

/// The address and the length behind its slash; all bits when there is none.
std::optional<Prefix> prefix_of(std::string_view text, std::uint8_t family) {
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address || address->family != family) return {};
    std::uint64_t length = address->bits();
    if (slash != std::string_view::npos) {
        const auto written = digits(text.substr(slash + 1), 10);
        if (!written || *written > length) return {};
        length = *written;
    }
    return Prefix{*address, static_cast<std::uint8_t>(length)};
}

Constant address_constant(const FilterToken& token, FilterType type, std::string& reason) {
    const auto prefix = prefix_of(token.text, type == FilterType::ipv4 ? 4 : 6);
    if (!prefix) {
        reason = fmt::format("\"{}\" is not {} (a prefix length may follow a slash; names are not looked up)", token.text,
                             filter_type_name(type));
        return {};
    }
    FilterConstant constant;
    if (type == FilterType::ipv4) {
        constant.number = prefix->address.v4_number();
        constant.mask = prefix->length == 0 ? 0 : ~std::uint64_t{0} << (32 - prefix->length);
        return constant;
    }
    const auto bytes = prefix->address.bytes();
    constant.bytes = Buffer(bytes.begin(), bytes.end());
    constant.prefix_bits = prefix->length;
    if (prefix->length == 0) constant.bytes->clear(), constant.prefix_bits = 0;
    return constant;
}

/// 01:02, 01-02, 01.02, 0102, 0x0102, 5. Nothing for anything else.
std::optional<Buffer> hex_bytes(std::string text) {
    if (text.starts_with("0x") || text.starts_with("0X")) text.erase(0, 2);
    if (text.size() == 1) text.insert(text.begin(), '0');
    std::erase(text, '.');
    auto bytes = parse_hex(text);
    if (bytes && bytes->empty()) return {};
    return bytes;
}

/// An address, also in quotes, or a part of one to search for.
Constant ether_constant(const FilterToken& token, FilterRelation relation, std::string& reason) {
    constexpr std::size_t address_size = 6;
    auto bytes = hex_bytes(token.text);
    if (bytes && (bytes->size() == address_size || relation == FilterRelation::contains)) return of_bytes(std::move(*bytes));
    reason = fmt::format("\"{}\" is not an Ethernet address: write six bytes like 02:00:00:00:01:0a", token.text);
    return {};
}

Constant bytes_constant(const FilterToken& token, const FilterOperand& operand, std::string& reason) {
    if (token.kind == FilterToken::Kind::quoted || token.kind == FilterToken::Kind::character) return of_text(token.text);
    if (auto bytes = hex_bytes(token.text)) return of_bytes(std::move(*bytes));
    if (operand.type == FilterType::text) return of_text(token.text);
    reason = fmt::format("\"{}\" is not a byte sequence: hexadecimal digits like 0102 or 01:02, or a \"quoted\" text", token.text);
    return {};
}

/// Whole seconds whose nanoseconds fit into a Timestamp: the year 2255.
constexpr std::int64_t most_seconds = 9'000'000'000;

/// Digits behind the point as nanoseconds; nothing when there are others.
std::optional<std::int64_t> fraction(std::string_view text) {
    if (text.empty() || text.size() > 9) return {};
    const auto number = digits(text, 10);
    if (!number) return {};
    auto value = static_cast<std::int64_t>(*number);
    for (auto i = text.size(); i < 9; ++i) value *= 10;
    return value;
}

std::optional<std::int64_t> seconds_value(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto whole = digits(text.substr(0, point), 10);
    if (!whole || *whole > std::uint64_t{most_seconds}) return {};
    std::int64_t part = 0;
    if (point != std::string_view::npos) {
        const auto read = fraction(text.substr(point + 1));
        if (!read) return {};
        part = *read;
    }
    const auto value = static_cast<std::int64_t>(*whole) * one_second + part;
    return negative ? -value : value;
}

/// Cuts "+01:00" or "-0530" off the end and says how many seconds it is east of UTC. Hyphens before the first colon are a date's.
std::optional<std::int64_t> cut_zone(std::string& text) {
    const auto sign = text.find_last_of("+-");
    if (sign == std::string::npos || text.find(':') > sign) return {};
    auto tail = text.substr(sign + 1);
    std::erase(tail, ':');
    const auto number = tail.size() == 4 ? digits(tail, 10) : std::nullopt;
    if (!number || *number / 100 > 23 || *number % 100 > 59) return {};
    const auto seconds = static_cast<std::int64_t>(*number / 100 * 3600 + *number % 100 * 60);
    const bool west = text[sign] == '-';
    text.erase(sign);
    return west ? -seconds : seconds;
}

/// 2026-11-23[T ]17:31:01[.123][Z or +01:00], or "Nov 23, 2026 17:31:01[.123] [UTC]"; local time without a zone.
std::optional<Timestamp> calendar_value(std::string text) {
    const auto ends = [&](std::string_view tail) {
        if (!text.ends_with(tail)) return false;
        text.erase(text.size() - tail.size());
        return true;
    };
    const auto zone = ends(" UTC") || ends("Z") ? std::optional<std::int64_t>(0) : cut_zone(text);
    std::int64_t part = 0;
    if (const auto point = text.rfind('.'); point != std::string::npos) {
        const auto read = fraction(std::string_view(text).substr(point + 1));
        if (!read) return {};
        part = *read;
        text.erase(point);
    }
    for (const char* form : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%b %d, %Y %H:%M:%S"}) {
        std::tm parts{};
        const char* end = strptime(text.c_str(), form, &parts);
        if (!end || *end != '\0') continue;
        parts.tm_isdst = -1;
        const std::int64_t seconds = zone ? timegm(&parts) - *zone : mktime(&parts);
        if (seconds < -most_seconds || seconds > most_seconds) return {};
        return seconds * one_second + part;
    }
    return {};
}

Constant time_constant(const FilterToken& token, FilterType type, std::string& reason) {
    const bool unit = type == FilterType::span && token.kind == FilterToken::Kind::word && token.text.ends_with('s'); // 0.1s
    auto value = seconds_value(std::string_view(token.text).substr(0, token.text.size() - (unit ? 1 : 0)));
    if (!value && type == FilterType::time) value = calendar_value(token.text);
    if (value) return of_number(static_cast<std::uint64_t>(*value));
    reason = type == FilterType::time
                 ? fmt::format("\"{}\" is not a time: write \"2026-11-23 17:31:01.5\", with a Z for UTC or an offset like +01:00, or seconds since 1970",
                               token.text)
                 : fmt::format("\"{}\" is not a time span in seconds", token.text);
    return {};
}

} // namespace

std::optional<std::uint64_t> filter_number(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    std::optional<std::uint64_t> value;
    if (text.starts_with("0x") || text.starts_with("0X")) value = digits(text.substr(2), 16);
    else if (text.starts_with("0b") || text.starts_with("0B")) value = digits(text.substr(2), 2);
    else if (text.size() > 1 && text[0] == '0') value = digits(text, 8);
    else value = digits(text, 10);
    if (value && negative) value = 0 - *value;
    return value;
}

std::optional<std::vector<FilterSlice>> filter_slices(std::string_view text) {
    constexpr std::int64_t most = 1 << 24;
    const auto number = [](std::string_view part) -> std::optional<std::int64_t> {
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        const bool negative = part.starts_with('-');
        const auto value = filter_number(negative ? part.substr(1) : part);
        if (!value || *value > static_cast<std::uint64_t>(most)) return {};
        return negative ? -static_cast<std::int64_t>(*value) : static_cast<std::int64_t>(*value);
    };
    std::vector<FilterSlice> slices;
    while (true) {
        const auto comma = text.find(',');
        const auto part = text.substr(0, comma);
        FilterSlice slice;
        const auto colon = part.find(':');
        const auto hyphen = part.find('-', part.find_first_not_of(" -"));
        if (colon != std::string_view::npos) {
            const auto from = part.substr(0, colon), length = part.substr(colon + 1);
            if (from.find_first_not_of(' ') != std::string_view::npos) {
                const auto value = number(from);
                if (!value) return {};
                slice.from = *value;
            }
            if (length.find_first_not_of(' ') != std::string_view::npos) {
                slice.length = number(length);
                if (!slice.length || *slice.length < 1) return {};
            }
        } else if (hyphen != std::string_view::npos) {
            const auto from = number(part.substr(0, hyphen));
            slice.to = number(part.substr(hyphen + 1));
            if (!from || !slice.to) return {};
            slice.from = *from;
        } else {
            const auto from = number(part);
            if (!from) return {};
            slice.from = *from;
            slice.length = 1;
        }
        slices.push_back(slice);
        if (comma == std::string_view::npos) return slices;
        text.remove_prefix(comma + 1);
    }
}

std::optional<FilterConstant> understand(const FilterToken& token, const FilterOperand& operand, FilterRelation relation,
                                         std::string& reason) {
    if (relation == FilterRelation::matches) {
        FilterConstant constant;
        constant.regex = FilterRegex::compile(token.text, reason);
        if (!constant.regex) return {};
        return constant;
    }
    if (relation == FilterRelation::contains && !is_sequence(operand.type)) return of_text(token.text);
    switch (operand.type) {
    case FilterType::number: return number_constant(token, operand, reason);
    case FilterType::boolean: return boolean_constant(token, operand, reason);
    case FilterType::ipv4: return address_constant(token, operand.type, reason);
    case FilterType::ipv6:
        if (relation == FilterRelation::contains) return bytes_constant(token, operand, reason);
        return address_constant(token, operand.type, reason);
    case FilterType::time:
    case FilterType::span: return time_constant(token, operand.type, reason);
    case FilterType::text: return of_text(token.text);
    case FilterType::ether: return ether_constant(token, relation, reason);
    case FilterType::bytes: return bytes_constant(token, operand, reason);
    }
    return {};
}

} // namespace ikescope::present
