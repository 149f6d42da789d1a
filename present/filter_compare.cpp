// Values against constants and against each other.

#include "present/filter_program.hpp"

#include <algorithm>
#include <cstring>

namespace ikescope::present {

FilterType filter_type(Kind kind) {
    switch (kind) {
    case Kind::number:
    case Kind::frame_number: return FilterType::number;
    case Kind::boolean: return FilterType::boolean;
    case Kind::text: return FilterType::text;
    case Kind::ipv4: return FilterType::ipv4;
    case Kind::ipv6: return FilterType::ipv6;
    case Kind::ether: return FilterType::ether;
    case Kind::absolute_time: return FilterType::time;
    case Kind::relative_time: return FilterType::span;
    case Kind::none:
    case Kind::bytes: break;
    }
    return FilterType::bytes;
}

std::string_view filter_type_name(FilterType type) {
    constexpr std::string_view names[] = {"a number",        "a time",          "a time span", "true or false", "an IPv4 address",
                                          "an IPv6 address", "a byte sequence", "an Ethernet address", "a text"};
    return names[static_cast<std::size_t>(type)];
}

namespace {

bool ordered(FilterRelation relation, int order) {
    switch (relation) {
    case FilterRelation::equal: return order == 0;
    case FilterRelation::not_equal: return order != 0;
    case FilterRelation::less: return order < 0;
    case FilterRelation::less_equal: return order <= 0;
    case FilterRelation::greater: return order > 0;
    case FilterRelation::greater_equal: return order >= 0;
    case FilterRelation::contains:
    case FilterRelation::matches: break;
    }
    return false;
}

int order_of(std::uint64_t left, std::uint64_t right, FilterType type) {
    if (type == FilterType::time || type == FilterType::span) {
        const auto a = static_cast<std::int64_t>(left), b = static_cast<std::int64_t>(right);
        return a < b ? -1 : a > b;
    }
    return left < right ? -1 : left > right;
}

int order_of(Bytes left, Bytes right) { return text_of(left).compare(text_of(right)); }

bool contains(Bytes whole, Bytes part) { return text_of(whole).find(text_of(part)) != std::string_view::npos; }

/// The first `bits` of two addresses of 16 bytes; 0 means all.
int order_of_prefix(Bytes left, Bytes right, std::size_t bits) {
    if (bits == 0 || bits >= 128 || left.size() != 16 || right.size() != 16) return order_of(left, right);
    const auto whole = bits / 8;
    if (const int order = order_of(left.first(whole), right.first(whole))) return order;
    const auto shift = 8 - bits % 8;
    return shift == 8 ? 0 : (left[whole] >> shift) - (right[whole] >> shift);
}

bool relates_by_name(const FilterValue& value, FilterRelation relation, const FilterConstant& constant) {
    bool equal = false;
    for (const auto& name : constant.names) {
        if (name.field != value.field) continue;
        if (relation != FilterRelation::equal && relation != FilterRelation::not_equal)
            return ordered(relation, order_of(value.number, name.number, value.type));
        equal = equal || name.number == value.number;
    }
    return equal == (relation == FilterRelation::equal);
}

Bytes searched_text(const FilterValue& value) {
    if (is_sequence(value.type) || !value.field) return value.bytes;
    return bytes_of(name_of(value.field->names, value.number));
}

} // namespace

bool relates(const FilterValue& value, FilterRelation relation, const FilterConstant& constant) {
    if (relation == FilterRelation::matches) return constant.regex && constant.regex->matches(searched_text(value));
    if (relation == FilterRelation::contains) return constant.bytes && contains(searched_text(value), *constant.bytes);
    if (is_sequence(value.type))
        return constant.bytes && ordered(relation, order_of_prefix(value.bytes, *constant.bytes, constant.prefix_bits));
    if (!constant.names.empty()) return relates_by_name(value, relation, constant);
    if (!constant.number) return false;
    if (value.type == FilterType::ipv4)
        return ordered(relation, order_of(value.number & constant.mask, *constant.number & constant.mask, value.type));
    return ordered(relation, order_of(value.number, *constant.number, value.type));
}

bool relates(const FilterValue& left, FilterRelation relation, const FilterValue& right) {
    if (is_sequence(left.type) != is_sequence(right.type)) return false;
    if (!is_sequence(left.type)) return ordered(relation, order_of(left.number, right.number, left.type));
    if (relation == FilterRelation::contains) return contains(left.bytes, right.bytes);
    return ordered(relation, order_of(left.bytes, right.bytes));
}

bool is_between(const FilterValue& value, const FilterConstant& low, const FilterConstant& high) {
    return relates(value, FilterRelation::greater_equal, low) && relates(value, FilterRelation::less_equal, high);
}

} // namespace ikescope::present
