#pragma once
// Number registries: any value is legal on the wire, some have a name, every name has a source.

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace ikescope {

/// One row of a registry. `brief` is the short spelling used in one-line summaries; empty means `name`.
struct Named {
    std::uint32_t value;
    std::string_view name;
    std::string_view source; ///< RFC section, IANA registry or vendor document
    std::string_view brief = {};
};

/// A table sorted by value.
using Registry = std::span<const Named>;

/// The row of a value, or nullptr. Most registries begin with rows that count on by one: there the value says where.
constexpr const Named* find_name(Registry registry, std::uint64_t value) {
    if (registry.empty() || value < registry.front().value) return nullptr;
    if (const auto place = value - registry.front().value; place < registry.size() && registry[place].value == value) return &registry[place];
    const auto at = std::ranges::lower_bound(registry, value, {}, [](const Named& row) -> std::uint64_t { return row.value; });
    return at != registry.end() && at->value == value ? &*at : nullptr;
}
/// The name of a value; `unknown` when it has none.
constexpr std::string_view name_of(Registry registry, std::uint64_t value, std::string_view unknown = {}) {
    const auto* row = find_name(registry, value);
    return row ? row->name : unknown;
}
/// The short name of a value; `unknown` when it has none.
constexpr std::string_view brief_of(Registry registry, std::uint64_t value, std::string_view unknown = {}) {
    const auto* row = find_name(registry, value);
    return !row ? unknown : row->brief.empty() ? row->name : row->brief;
}
/// For static_assert beside every table: strictly ascending values.
constexpr bool is_registry(Registry registry) {
    return std::ranges::adjacent_find(registry, std::ranges::greater_equal{}, &Named::value) == registry.end();
}

} // namespace ikescope
