#pragma once
// What a rule may look at: one SA, the configurations of its ends, and questions about keys that the session answers.

#include "diagnose/observations.hpp"
#include "ios/selection.hpp"
#include "session/sessions.hpp"

#include <functional>
#include <span>

namespace ikescope::diagnose {

/// Questions about keys. Filled from Sessions for captures and by hand in tests; an empty function means "unknown".
struct KeyOracle {
    std::function<std::optional<session::SanityCheck>(const session::Sa&, Bytes psk)> first_failed_check;
    std::function<session::Proof(const session::Sa&, session::Side, Bytes psk)> try_psk;
};
/// Answers from the sessions, which must outlive the oracle.
KeyOracle oracle_of(const session::Sessions& sessions);

/// Everything beside the SA itself.
struct Material {
    std::span<const ios::Router> routers;
    KeyOracle keys;
    const Observations* observations = nullptr;
    Timestamp capture_end = 0;   ///< of the last frame
    std::vector<std::vector<std::string>> key_names; ///< by index into the store's PSKs: origins of all keys with that value
    std::size_t psks_given = 0;  ///< candidates, those of configurations included
    std::size_t dh_given = 0;
};

/// One SA under examination.
struct Case {
    Case(const session::Sa& which, const Material& what);

    const session::Sa& sa;
    const Material& material;
    const ios::Router* router[2] = {nullptr, nullptr}; ///< per Side: the configuration that belongs to that end

    const ios::Router* at(session::Side side) const { return router[static_cast<std::size_t>(side)]; }
    /// "R1" when the configuration is known, otherwise "the responder (192.0.2.1)".
    std::string name(session::Side side) const;
    /// "R1" or "the responder"; for sentences behind one that has named the address.
    std::string role(session::Side side) const;
    /// As name(), for the beginning of a sentence.
    std::string Name(session::Side side) const;
    const Endpoint& endpoint(session::Side side) const {
        return side == session::Side::initiator ? sa.initiator : sa.responder;
    }
    /// The ends as that side's router sees them; only where its configuration is known.
    ios::Ends ends(session::Side side) const;
    session::Proof try_psk(session::Side side, Bytes psk) const;
    std::optional<session::SanityCheck> first_failed_check(Bytes psk) const;
};

} // namespace ikescope::diagnose
