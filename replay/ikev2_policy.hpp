#pragma once
// What an IKEv2 peer has to ask somebody. The sibling of ikev1_policy.hpp; here nobody needs a key before the peer's
// ID.

#include "base/secret.hpp"
#include "dissect/message.hpp"
#include "ios/selection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ikescope::replay::ikev2 {

/// An encryption transform and its Key Length attribute in bits (0: none).
struct Cipher {
    std::uint16_t id = 0, key_bits = 0;
    friend bool operator==(const Cipher&, const Cipher&) = default;
};
/// A proposal as transform IDs, best first; an empty list: no transform of that type (RFC 7296 3.3).
struct Proposal {
    std::vector<Cipher> encryption;
    std::vector<std::uint16_t> integrity, prf, groups;
};
/// What a proposal came down to; 0 = none.
struct Chosen {
    Cipher encryption;
    std::uint16_t integrity = 0, prf = 0, group = 0;
};

/// What a Child SA is about; `initiator` and `responder` are those of the exchange.
struct ChildRequest {
    std::vector<Proposal> proposals; ///< of ESP
    std::vector<ios::Selector> initiator, responder;
    bool transport = false;
};
struct ChildAnswer {
    std::optional<std::size_t> taken; ///< index of the proposal
    Proposal accepted;                ///< own terms, with which the proposal is intersected
    ios::Selector initiator, responder;
    std::uint16_t refusal = 14; ///< NO_PROPOSAL_CHOSEN, or TS_UNACCEPTABLE
    std::string why;
};

/// A message as its header shows it.
struct Packet {
    bool sent = false;
    Endpoint own, peer;
    dissect::Header header;
};

/// What the peer has just done, or what it met.
struct Event {
    enum class What : std::uint8_t {
        asks,            ///< IKE_SA_INIT was sent
        no_suite,        ///< responder: no proposal fits
        suite,           ///< responder: one does
        proves,          ///< initiator: IKE_AUTH was sent
        told_no_suite,   ///< initiator: NO_PROPOSAL_CHOSEN came
        identified,      ///< the peer said who it is; accepts() said yes
        unknown_peer,    ///< accepts() said no
        no_key,          ///< there is no key for this peer
        wrong_auth,      ///< AUTH does not verify
        told_wrong_auth, ///< AUTHENTICATION_FAILED came
        authenticated,   ///< AUTH verifies
        child_refused,   ///< this end refuses, or is told so
        child_up,
        repeated, ///< a request, for want of an answer
        gave_up,
        packet, ///< one goes or comes
    };
    What what = What::asks;
    unsigned attempt = 0;
    const Packet* packet = nullptr;
};

class Policy {
public:
    virtual ~Policy() = default;

    /// For the IKE SA: what to offer, and what to take.
    virtual std::vector<Proposal> proposals() = 0;
    virtual ios::Identity own_identity() = 0;
    /// The ID that came; false: no profile for it.
    virtual bool accepts(const ios::Identity& peer) = 0;
    /// The keys for own AUTH and for the peer's.
    virtual std::optional<Secret> own_key() = 0;
    virtual std::optional<Secret> peer_key() = 0;

    virtual ChildRequest child_request() = 0;
    virtual ChildAnswer child_answer(const ChildRequest& asked) = 0;

    /// Lines for a log.
    virtual std::vector<std::string> told(const Event&) { return {}; }
};

/// The first transform of each type that both have, in the order of the one who offers; of the groups `preferred` when
/// both have it. Nothing when a type has none in common. RFC 7296 2.7, 3.3.
std::optional<Chosen> intersect(const Proposal& offered, const Proposal& own, std::uint16_t preferred = 0);

} // namespace ikescope::replay::ikev2
