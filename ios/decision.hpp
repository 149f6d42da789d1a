#pragma once
// The facts behind a prediction: every choice of both routers, made before a word is said about it. Internal to ios.

#include "ios/predict.hpp"

namespace ikescope::ios {

/// The way between two routers: the initiator's tunnel or map entry, and both ends as each router sees them.
struct Way {
    Path asking;
    Ends initiator, responder;
    std::string problem; ///< why nothing can be sent at all; empty when it can
};
Way way_between(const Router& initiator, const Router& responder);

/// What fails, if anything, and why.
struct Verdict {
    Outcome outcome = Outcome::up;
    std::string finding;
    std::string router;
    std::vector<std::string> causes;
    std::string sentence;
};

/// How a refusal of Quick Mode is called: the finding, and what in the configuration brought it about.
struct Phase2Name {
    std::string_view finding, cause;
};
Phase2Name ikev1_phase2_name(Phase2Fault fault);

struct Ikev1Decision {
    Way way;
    bool aggressive = false; ///< three messages, the ID comes in AM1: the responder knows it before it needs a key
    bool profile_configured = false;
    ProfileChoice initiator_profile;
    KeyChoice initiator_key;
    PolicyChoice policy;
    KeyChoice responder_key;
    Identity initiator_id, responder_id;
    ProfileChoice responder_profile;
    KeyringCheck check;
    ProfileChoice initiator_late_profile; ///< at MM6, only without a configured one
    std::vector<Path> responder_paths;
    Phase2Choice phase2;
    Verdict verdict;
};
/// What an initiator knows before its first message: profile, key, ID and mode, into a decision that has its way.
void begin_ikev1(const Router& initiator, Ikev1Decision& decision);
/// The offers among which the first message may choose: one group only in Aggressive Mode, where AM1 carries the key share
/// already [RFC 2409 5]; no pre-shared key without a key.
std::vector<Policy> ikev1_offers(const Router& initiator, const Ikev1Decision& decision);
Ikev1Decision decide_ikev1(const Router& initiator, const Router& responder, Way way);
Prediction predict_ikev1(const Router& initiator, const Router& responder, Way way);
Prediction predict_ikev2(const Router& initiator, const Router& responder, Way way);

} // namespace ikescope::ios
