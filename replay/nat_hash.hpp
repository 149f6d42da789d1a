#pragma once
// What both versions hash to find NAT: HASH(CKY-I | CKY-R | IP | Port) in RFC 3947 3.2, SHA-1 of the same in RFC
// 7296 2.23.

#include "base/address.hpp"
#include "crypto/algorithms.hpp"
#include "dissect/message.hpp"

namespace ikescope::replay {

inline Buffer nat_hash(crypto::HashId hash, const dissect::Spi& initiator, const dissect::Spi& responder,
                       const Endpoint& end) {
    const Byte port[] = {static_cast<Byte>(end.port >> 8), static_cast<Byte>(end.port & 0xff)};
    return crypto::digest(hash, {initiator, responder, end.address.bytes(), port});
}

} // namespace ikescope::replay
