#pragma once
// Our half of a Diffie-Hellman exchange.

#include "crypto/dh.hpp"
#include "replay/random.hpp"

namespace ikescope::replay {

struct KeyPair {
    const crypto::DhGroup* group = nullptr;
    Secret private_value;
    Buffer public_value;
};
/// An Error for a group that does not exist or cannot be computed.
Result<KeyPair> make_key_pair(std::uint16_t group, Random& random);

} // namespace ikescope::replay
