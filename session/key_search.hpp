#pragma once
// Everything in a capture that can prove a pre-shared key, as tests for crypto/psk.hpp.
//   IKEv1  HASH_R, HASH_I in clear (Aggressive Mode): nothing else is needed
//          the first encrypted message of a side (MM5, MM6, AM3, …): with a Diffie-Hellman secret
//   IKEv2  AUTH: with SK_pi, SK_pr, and where a post-quantum pre-shared key is mixed in (RFC 8784) with each one given;
//          NO_PPK_AUTH: without any

#include "crypto/ikev2_keys.hpp"
#include "crypto/psk.hpp"
#include "session/ikev1_dh.hpp"
#include "session/track.hpp"

#include <string_view>

namespace ikescope::session {

/// A side of an SA whose key can be searched for.
struct KeyTarget {
    std::size_t sa = 0;
    Side side = Side::initiator;
    std::uint64_t frame = 0; ///< of the message that proves it
    std::uint32_t file = 0;
    std::string_view proof; ///< "HASH_R", "HASH_I", "AUTH", "NO_PPK_AUTH", or the label of an encrypted message: "MM5"
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
    signature,         ///< IKEv2: AUTH is a signature
    eap,               ///< IKEv2: AUTH is made from what EAP left
    resumed,           ///< IKEv2: AUTH is made from the keys of the session that is resumed
    ppk_missing,       ///< IKEv2: a post-quantum pre-shared key that was not given makes AUTH, too
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

namespace ikev2 {

/// Keys whose SK_p made an AUTH, and that AUTH; several where it is not known which one holds.
struct AuthChoice {
    crypto::ikev2::Keys keys;
    Buffer auth;
    std::string_view name; ///< "AUTH", "NO_PPK_AUTH"
};
/// Nothing when SK_p is not known. The SA must have keys.
std::vector<AuthChoice> auth_choices(const secrets::Store& store, DhSecrets& dh, const Track& track, Side side);
/// Is a post-quantum pre-shared key mixed into the keys of this SA (RFC 8784 3) that is not known?
bool lacks_ppk(const secrets::Store& store, const Track& track);
/// The keys of an SA into which a post-quantum pre-shared key is mixed that is not known, as they were before (RFC 8784 3).
std::optional<crypto::ikev2::Keys> keys_before_ppk(const secrets::Store& store, DhSecrets& dh, const Track& track);

} // namespace ikev2

} // namespace ikescope::session
