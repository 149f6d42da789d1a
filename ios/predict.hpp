#pragma once
// What will happen when one configured router calls another: step by step, with the rule behind each choice.

#include "ios/lint.hpp"
#include "ios/log_lines.hpp"

namespace ikescope::ios {

enum class Outcome : std::uint8_t { up, phase1_failed, phase2_failed, unpredictable };
std::string_view outcome_name(Outcome outcome); ///< "up", "phase1-failed", …

/// What one router does with one message. The sender's step stands before the receiver's.
struct Step {
    std::string message; ///< MM1…MM6, QM1…QM3; IKE_SA_INIT/IKE_AUTH request and response in IKEv2
    std::string router;
    bool sends = false;
    std::string keyring;  ///< in use from here on; empty: none yet
    std::string key_rule; ///< words of the rule; empty when no key was picked in this step
    bool supported = true;
    std::string profile; ///< empty: none
    std::string text;    ///< one sentence for people
    LogLines log;
};

struct Prediction {
    std::string initiator, responder; ///< router names
    int version = 1;
    Outcome outcome = Outcome::up;
    std::string finding;             ///< id of what fails; empty when up
    std::string failing_router;      ///< whose configuration decides the failure
    std::vector<std::string> causes; ///< duplicate-peer-key, …
    std::string sentence;            ///< the outcome and its reason
    std::vector<Step> steps;
};
/// One direction: `initiator` starts.
Prediction predict(const Router& initiator, const Router& responder);

/// A change of one router's configuration. Both texts hold keys; the diffs do not unless asked.
struct Change {
    std::string router;
    std::string before, after;
    std::string diff(bool show_secrets = false) const; ///< unified diff
};
struct Proposal {
    std::string sentence;               ///< what is changed and why
    std::vector<Change> changes;
    std::vector<Prediction> directions; ///< predicted again with the changes
};

/// Both directions alone; masks must be complete.
struct BothDirections {
    std::vector<Prediction> directions; ///< first -> second, second -> first
    std::string one_way;                ///< one sentence when only one side can initiate, else empty
};
BothDirections predict_directions(const Router& first, const Router& second);

struct PairPrediction : BothDirections {
    std::vector<std::pair<std::string, Lint>> lint; ///< router name, remark
    std::optional<Proposal> proposal;   ///< only when something fails and a change was found that helps
};
/// Both directions, lint, and a change that works. Masks cut short are completed from the other router first.
PairPrediction predict_pair(Router first, Router second);

/// Every pair of routers that can reach each other, in both directions, and one set of changes for all of them.
struct NetworkPrediction {
    std::vector<Prediction> directions;
    std::vector<std::string> one_way; ///< one sentence per pair of which only one side can start
    std::vector<std::pair<std::string, Lint>> lint;
    std::optional<Proposal> proposal; ///< only when something fails and changes were found that help
};
/// Names must differ. Two routers are a pair even when neither leads to the other; of more, only those that do.
NetworkPrediction predict_all(std::vector<Router> routers);

/// What one router alone will do on one of its paths.
struct Outlook {
    std::string router, path, peer; ///< peer: an address; empty when any may come
    std::size_t line = 0;
    std::string initiator_profile, initiator_keyring, initiator_rule; ///< when it starts
    std::string responder_keyring, responder_rule;                    ///< when the peer starts: what its address picks
    std::string responder_profile;  ///< what the peer's address as ID selects
    bool supported = true;
    std::string sentence;
};
std::vector<Outlook> outlook(const Router& router);

/// A change that makes both directions come up, if one is known.
std::optional<Proposal> propose(const Router& first, const Router& second, const std::vector<Prediction>& failed);

/// Unified diff of two texts with three lines of context; keys starred out unless asked.
std::string unified_diff(std::string_view name, std::string_view before, std::string_view after, bool show_secrets);
/// The text with every pre-shared key in it starred out.
std::string without_keys(std::string_view config_line);

} // namespace ikescope::ios
