#pragma once
// The arithmetic behind dh.hpp, one pair of functions per kind of group.

#include "crypto/dh.hpp"

namespace ikescope::crypto {

Result<Buffer> curve_public(const DhGroup& group, const Secret& private_value);
Result<Secret> curve_shared(const DhGroup& group, const Secret& private_value, Bytes peer_public);
Result<Buffer> montgomery_public(const DhGroup& group, const Secret& private_value);
Result<Secret> montgomery_shared(const DhGroup& group, const Secret& private_value, Bytes peer_public);

} // namespace ikescope::crypto
