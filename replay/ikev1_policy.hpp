#pragma once
// What an IKEv1 peer has to ask somebody: which proposals, which key, whose identity. One answer is what an IOS
// router's configuration says (ikev1_ios_policy.hpp), another is plain settings (ikev1_plain_policy.hpp).

#include "base/secret.hpp"
#include "ios/selection.hpp"
#include "session/outcome.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ikescope::replay::ikev1 {

/// One ESP proposal of Quick Mode, in wire numbers (RFC 2407 4.4.4, 4.5; IANA isakmp-registry). 0 = absent.
struct EspOffer {
    std::uint8_t transform = 0;
    std::uint16_t key_bits = 0, authentication = 0, group = 0;
    bool transport = false;
    std::uint32_t life_seconds = 0, life_kilobytes = 0;
    friend bool operator==(const EspOffer&, const EspOffer&) = default;
};
/// What Quick Mode is about; `local` and `remote` as the asking end sees them.
struct QuickRequest {
    std::vector<EspOffer> offers;
    ios::Selector local, remote;
};
/// Which offer is taken, or the notify that refuses all.
struct QuickAnswer {
    std::optional<std::size_t> taken;
    std::uint16_t refusal = 14; ///< NO-PROPOSAL-CHOSEN
    std::string why;            ///< for the log and the report
};

/// What the peer has just done; told after the fact, so that somebody can write a log.
struct Event {
    enum class What : std::uint8_t {
        not_started, ///< there is nothing to offer
        sent,        ///< `label` for the first time
        handled,     ///< `label` was received and understood; questions about it were asked before
        repeated,    ///< `label` again, for want of an answer
        duplicate,   ///< a message came again; `label` is the answer it had
        gave_up,     ///< no answer to `label`
        bad_message, ///< `label` does not open into sense: `check` says what failed
        bad_hash,    ///< `label` opens, but its HASH is wrong
        refused,     ///< the peer sent error notify `number`, in clear before keys exist
        ended,       ///< the peer deleted its SA
    };
    What what = What::sent;
    std::string_view label; ///< "MM1" … "QM3", "INFO"
    unsigned attempt = 0;   ///< of repeated
    std::uint32_t message_id = 0;
    std::uint16_t number = 0;
    const session::SanityCheck* check = nullptr;
};

class Policy {
public:
    virtual ~Policy() = default;

    /// Phase 1, initiator: what to offer, best first.
    virtual std::vector<session::Suite> offers() = 0;
    /// Phase 1, responder: is Aggressive Mode answered at all?
    virtual bool answers_aggressive() { return true; }
    /// Phase 1, responder: the offer to take. `peer`: who Aggressive Mode says it is; null in Main Mode.
    virtual std::optional<std::size_t> choose(const std::vector<session::Offer>& offers, const ios::Identity* peer) = 0;
    /// Phase 1, initiator: is what the responder took among what was offered?
    virtual bool confirms(const session::Offer& chosen) = 0;
    /// The pre-shared key. In Main Mode nobody has said who he is, so `peer` is null and addresses must do; Aggressive
    /// Mode has said it. Nothing: there is none, and nothing is sent.
    virtual std::optional<Secret> key(const ios::Identity* peer) = 0;
    virtual ios::Identity own_identity() = 0;
    /// After the peer's ID was read, before its HASH is looked at. False: stop, silently.
    virtual bool accepts(const ios::Identity& peer) = 0;

    virtual QuickRequest request() = 0;
    virtual QuickAnswer answer(const QuickRequest& asked) = 0;

    /// Lines for a log.
    virtual std::vector<std::string> told(const Event&) { return {}; }
};

} // namespace ikescope::replay::ikev1
