#pragma once
// Knowing ISAKMP by its content, for IKE on ports that nobody told us.

#include "base/bytes.hpp"

namespace ikescope::capture {

/// Does a UDP payload of `declared` bytes on the wire begin with an ISAKMP header whose every field fits (RFC 2408 3.1,
/// RFC 7296 3.1)? The length field must be exact, so other protocols do not pass by accident.
inline bool looks_like_isakmp(Bytes payload, std::size_t declared) {
    if (payload.size() < 28 || payload[24] != 0 || big_endian(payload.subspan(24, 4)) != declared) return false;
    const unsigned next = payload[16], version = payload[17], exchange = payload[18], flags = payload[19];
    if (big_endian(payload.first(8)) == 0) return false;
    if (version == 0x10) // IANA ipsec-registry: exchange types, payload types (17 to 19, 22: GDOI's) with the drafts' NAT-T and Cisco's fragments
        return flags <= 7 && ((exchange >= 1 && exchange <= 6) || exchange == 32 || exchange == 33) &&
               ((next >= 1 && next <= 22) || (next >= 130 && next <= 132));
    if (version == 0x20) // IANA ikev2-parameters
        return (flags & 0xc7) == 0 && exchange >= 34 && exchange <= 44 && ((next >= 33 && next <= 54) || (next == 0 && declared == 28));
    return false;
}

} // namespace ikescope::capture
