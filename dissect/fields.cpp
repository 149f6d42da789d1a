#include "dissect/fields.hpp"

namespace ikescope::dissect {

std::span<const Field> all_fields() { return field_table; }

} // namespace ikescope::dissect
