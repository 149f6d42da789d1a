#pragma once
// Diffie-Hellman groups by IANA number (1, 2, 5, 14-21, 22-26, 27-30, 31, 32) and what can be done with a secret of one.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <string_view>

namespace ikescope::crypto {

enum class GroupKind : std::uint8_t { modp, ecp, montgomery };

struct DhGroup {
    std::uint16_t number;
    GroupKind kind;
    std::string_view name;      ///< "1024-bit MODP"
    std::size_t public_size;    ///< bytes of a KE payload's data
    std::size_t shared_size;    ///< bytes of g^xy (x coordinate for ECP, RFC 5903)
};

/// The group of a number, or nullptr.
const DhGroup* find_group(std::uint16_t number);

/// Public value of a private exponent (MODP) or scalar (ECP, Curve25519/448).
Result<Buffer> public_value(const DhGroup& group, const Secret& private_value);
/// g^xy from one private value and the other side's public value, fixed length, big-endian as it enters the PRF.
Result<Secret> shared_secret(const DhGroup& group, const Secret& private_value, Bytes peer_public);

} // namespace ikescope::crypto
