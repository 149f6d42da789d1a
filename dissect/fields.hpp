#pragma once
// Every isakmp.* and ike.* field the dissector fills, by name. `field("isakmp.ispi")` finds a row at compile time and
// does not compile for a name that no table has.

#include "dissect/fields_header.hpp"
#include "dissect/fields_ikev1.hpp"
#include "dissect/fields_ikev2.hpp"

#include <array>
#include <span>
#include <stdexcept>

namespace ikescope::dissect {

namespace detail {
template <std::size_t... Sizes>
consteval auto join(const Field (&... tables)[Sizes]) {
    std::array<Field, (Sizes + ...)> all{};
    std::size_t used = 0;
    const auto append = [&](std::span<const Field> table) {
        for (const auto& row : table) all[used++] = row;
    };
    (append(tables), ...);
    return all;
}
} // namespace detail

/// The one table that every Node points into.
inline constexpr auto field_table = detail::join(header_fields, ikev1_fields, ikev2_fields);

/// The row of a name; `variant` 1 is IKEv1's, 2 IKEv2's where their rows differ, 0 the only one.
consteval const Field& field(std::string_view name, std::uint8_t variant = 0) {
    for (const auto& row : field_table)
        if (row.name == name && row.variant == variant) return row;
    throw std::invalid_argument("no such field");
}

/// All rows, grouped by payload; rows of one name that differ in number names or width have different `variant`s.
std::span<const Field> all_fields();

} // namespace ikescope::dissect
