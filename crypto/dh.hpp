#pragma once
// Diffie-Hellman groups by IANA number (1, 2, 5, 14-21, 22-26, 27-30, 31, 32) and what can be done with a secret of one.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <span>
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

/// All groups, ascending by number.
std::span<const DhGroup> all_groups();

/// Public value of a private exponent (MODP) or scalar (ECP, Curve25519/448).
Result<Buffer> public_value(const DhGroup& group, const Secret& private_value);
/// g^xy from one private value and the other side's public value, fixed length, as it enters the PRF: big-endian with
/// leading zeros (RFC 2409 section 5, RFC 7296 section 2.14), the x coordinate alone for ECP (RFC 5903 section 9), the
/// bytes of RFC 7748 for Curve25519/448. The sentence of an Error says what is wrong with the peer's value.
Result<Secret> shared_secret(const DhGroup& group, const Secret& private_value, Bytes peer_public);

/// A MODP group that two peers agreed on themselves (IKEv1 New Group Mode, RFC 2409 section 5.6); big-endian numbers.
struct ModpGroup {
    Buffer prime, generator;
};
/// generator^private mod prime, as long as the prime.
Result<Buffer> public_value(const ModpGroup& group, const Secret& private_value);
Result<Secret> shared_secret(const ModpGroup& group, const Secret& private_value, Bytes peer_public);

} // namespace ikescope::crypto
