#pragma once
// Every isakmp.* and ike.* field the dissector fills, by name. `field("isakmp.ispi")` finds a row at compile time.

#include "base/field.hpp"

#include <span>

namespace ikescope::dissect {

/// All rows, grouped by payload; rows of one name that differ in number names or width have different `variant`s.
std::span<const Field> all_fields();

} // namespace ikescope::dissect
