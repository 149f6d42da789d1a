#pragma once
// Everything in a capture that can prove a pre-shared key, as tests for crypto/psk.hpp.
//   IKEv1  HASH_R, HASH_I in clear (Aggressive Mode): nothing else is needed
//          the first encrypted message of a side (MM5, MM6, AM3, …): with a Diffie-Hellman secret
//   IKEv2  AUTH: with SK_pi, SK_pr

#include "crypto/psk.hpp"
#include "session/sa.hpp"

#include <string_view>

namespace ikescope::session {

/// A side of an SA whose key can be searched for.
struct KeyTarget {
    std::size_t sa = 0;
    Side side = Side::initiator;
    std::uint64_t frame = 0; ///< of the message that proves it
    std::uint32_t file = 0;
    std::string_view proof; ///< "HASH_R", "HASH_I", "AUTH", or the label of an encrypted message: "MM5"
};

/// One test; a target has several where it is not known which DH secret or IV fits.
struct KeyTrial {
    std::size_t target = 0;
    std::optional<std::size_t> dh; ///< into the store's dh; nothing: none is needed, or it is proved
    crypto::psk::KeyTest test;
};

/// Why a side has no test.
enum class Testability : std::uint8_t {
    testable,
    nothing_sent,      ///< no message of that side that could prove its key
    no_psk,            ///< it authenticates by other means
    dh_secret_missing, ///< IKEv1: no Diffie-Hellman secret that fits the group
    keys_missing,      ///< IKEv2: its keys are not known, so AUTH cannot be seen
    beginning_missing, ///< SA, KE or nonce payloads were not captured, or their suite cannot be computed
};

struct KeySearch {
    std::vector<KeyTarget> targets;
    std::vector<KeyTrial> trials;
    struct Untestable {
        std::size_t sa = 0;
        Side side = Side::initiator;
        Testability why = Testability::nothing_sent;
    };
    std::vector<Untestable> untestable;
};

} // namespace ikescope::session
