#pragma once
// Fields of IKEv2's payloads.

#include "base/field.hpp"

namespace ikescope::dissect {

inline constexpr Field ikev2_fields[] = {
    {"ike.ikev2", "IKEv2"},
};

} // namespace ikescope::dissect
