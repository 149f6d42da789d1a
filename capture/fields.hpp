#pragma once
// Every field below IKE that explain() fills, with tshark's names.

#include "base/field.hpp"

namespace ikescope::capture {

/// All rows, grouped by protocol.
std::span<const Field> all_fields();

/// Names that stand for either of two fields; they are no nodes of their own. "ip.addr" is "ip.src" or "ip.dst".
struct FieldAlias {
    std::string_view name;
    std::string_view either, other;
};
std::span<const FieldAlias> field_aliases();

} // namespace ikescope::capture
