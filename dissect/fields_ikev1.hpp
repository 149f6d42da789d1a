#pragma once
// Fields of IKEv1's payloads.

#include "base/field.hpp"

namespace ikescope::dissect {

inline constexpr Field ikev1_fields[] = {
    {"isakmp.nonce", "Nonce", Kind::bytes},
};

} // namespace ikescope::dissect
