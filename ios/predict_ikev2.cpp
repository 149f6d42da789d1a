// IKEv2: the keys of the IKE SA need no pre-shared key, so there is no key to pick too early; the ID in message 3
// selects the profile and AUTH is checked with its keyring [RFC 7296 2.14, 2.15].

#include "ios/decision.hpp"
#include "ios/ikev2_selection.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ikescope::ios {
namespace {

class Ikev2Story {
public:
    Ikev2Story(const Router& initiator, const Router& responder, Way way) : i_(initiator), r_(responder), way_(std::move(way)) {
        out_.version = 2;
        out_.initiator = initiator.name;
        out_.responder = responder.name;
    }

    Prediction tell() {
        if (!way_.problem.empty()) (void)fail(Outcome::phase1_failed, "cannot-initiate", i_, {}, way_.problem);
        else (void)(start() && suites() && identify() && prove_initiator() && prove_responder() && child());
        if (out_.sentence.empty())
            out_.sentence = fmt::format("the tunnel comes up: the ID {} selects {} of {}", initiator_id_.text, responder_profile_.name(), r_.name);
        return std::move(out_);
    }

private:
    bool fail(Outcome outcome, std::string_view finding, const Router& router, std::vector<std::string> causes, std::string sentence) {
        out_.outcome = outcome;
        out_.finding = std::string(finding);
        out_.failing_router = router.name;
        out_.causes = std::move(causes);
        out_.sentence = std::move(sentence);
        return false;
    }

    bool start() {
        initiator_profile_ = i_.find_ikev2_profile(way_.asking.terms.ikev2_profile);
        auto& s = step("IKE_SA_INIT request", i_, true, "offers suites and a key share");
        if (!initiator_profile_)
            return fail(Outcome::phase1_failed, "no-key-for-peer", i_, {"undefined-profile"},
                        "IKEv2 profile " + way_.asking.terms.ikev2_profile + " of " + i_.name + " is not defined");
        s.profile = initiator_profile_->name;
        initiator_id_ = ikev2_own_identity(i_, initiator_profile_, way_.initiator);
        log(s, Say::v2_searching_policy, way_.initiator);
        return true;
    }

    bool suites() {
        const auto match = ikev2_choose_suite(i_, way_.initiator, r_, way_.responder);
        auto& got = step("IKE_SA_INIT request", r_, false, match.sentence);
        log(got, Say::v2_searching_policy, way_.responder);
        if (!match.found) {
            log(got, Say::v2_no_policy, way_.responder);
            auto& answer = step("IKE_SA_INIT response", i_, false, "is told NO_PROPOSAL_CHOSEN");
            log(answer, Say::v2_no_proposal_received, way_.initiator);
            return fail(Outcome::phase1_failed, "no-proposal-chosen", r_, {"proposals-differ"}, match.sentence);
        }
        log(got, Say::v2_found_policy, way_.responder, [&](LogFacts& f) { f.name = match.policy; });
        step("IKE_SA_INIT response", r_, true, "takes a suite; both sides have keys now, without any pre-shared key");
        return true;
    }

    bool identify() {
        const auto mine = ikev2_key_for(i_, initiator_profile_, way_.initiator, responder_hint());
        auto& sent = step("IKE_AUTH request", i_, true, "says who it is: " + initiator_id_.text + ", and proves it");
        sent.profile = initiator_profile_->name;
        key_words(sent, mine);
        log_key(sent, mine, way_.initiator);
        responder_profile_ = ikev2_profile_by_identity(r_, initiator_id_, way_.responder);
        auto& got = step("IKE_AUTH request", r_, false, "");
        log(got, Say::v2_searching_profile, way_.responder, [&](LogFacts& f) {
            f.name = initiator_id_.text;
            f.protocol = ikev2_id_name(initiator_id_);
        });
        if (!responder_profile_) {
            got.text = "no IKEv2 profile matches the ID " + initiator_id_.text;
            log(got, Say::v2_no_profile, way_.responder);
            return fail(Outcome::phase1_failed, "auth-failed", r_, {"no-profile-for-identity"}, got.text + " on " + r_.name);
        }
        got.profile = responder_profile_.name();
        got.supported = responder_profile_.supported;
        got.text = fmt::format("the ID {} selects {} ({})", initiator_id_.text, got.profile, rule_text(responder_profile_.rule));
        log(got, Say::v2_found_profile, way_.responder, [&](LogFacts& f) { f.profile = got.profile; });
        return true;
    }

    // AUTH of the initiator: made with its local key, checked with the responder's remote key.
    bool prove_initiator() {
        responder_id_ = ikev2_own_identity(r_, responder_profile_.profile, way_.responder);
        auto& s = out_.steps.back();
        const auto mine = ikev2_key_for(i_, initiator_profile_, way_.initiator, responder_hint());
        const auto theirs = ikev2_key_for(r_, responder_profile_.profile, way_.responder, initiator_id_);
        key_words(s, theirs);
        log_key(s, theirs, way_.responder);
        if (!uses_psk(initiator_profile_)) return true;
        if (!mine.local) return no_key(i_, way_.initiator);
        if (!theirs.remote) return no_key(r_, way_.responder);
        return same(*mine.local, i_, *theirs.remote, r_, s, way_.responder);
    }

    bool prove_responder() {
        auto& sent = step("IKE_AUTH response", r_, true, "proves itself as " + responder_id_.text);
        sent.profile = responder_profile_.name();
        auto& s = step("IKE_AUTH response", i_, false, "checks the answer");
        s.profile = initiator_profile_->name;
        const bool fits = std::ranges::any_of(initiator_profile_->matches, [&](const auto& match) { return ikev2_specificity(match, responder_id_) >= 0; });
        if (!fits && !initiator_profile_->matches.empty()) {
            log(s, Say::v2_no_item, way_.initiator);
            return fail(Outcome::phase1_failed, "id-mismatch", i_, {"identity-not-in-profile"},
                        "the ID " + responder_id_.text + " of " + r_.name + " matches no line of profile " + initiator_profile_->name + " of " + i_.name);
        }
        if (!uses_psk(responder_profile_.profile)) return true;
        const auto mine = ikev2_key_for(r_, responder_profile_.profile, way_.responder, initiator_id_);
        const auto theirs = ikev2_key_for(i_, initiator_profile_, way_.initiator, responder_id_);
        if (!mine.local) return no_key(r_, way_.responder);
        if (!theirs.remote) return no_key(i_, way_.initiator);
        return same(*mine.local, r_, *theirs.remote, i_, s, way_.initiator);
    }

    bool child() {
        const auto paths = paths_of(r_);
        if (paths.empty()) return true;
        const auto choice = ikev2_choose_path(r_, paths, responder_profile_.profile, i_, way_.asking);
        if (choice.fault == Phase2Fault::none) return true;
        constexpr std::string_view findings[] = {"", "ts-unacceptable", "profile-mismatch", "ts-unacceptable", "child-no-proposal", "child-no-proposal"};
        constexpr std::string_view causes[] = {"", "no-path-to-peer", "profile-not-of-tunnel", "proxy-identities-differ", "transform-sets-differ", "pfs-differs"};
        if (choice.fault == Phase2Fault::pfs) return true; // the first Child SA has no key exchange of its own [RFC 7296 1.2]
        const auto which = static_cast<std::size_t>(choice.fault);
        return fail(Outcome::phase2_failed, findings[which], r_, {std::string(causes[which])}, "the IKE SA comes up, the Child SA is refused: " + choice.sentence);
    }

    // --- what recurs

    Identity responder_hint() const { return Identity::of(way_.initiator.peer); }
    static bool uses_psk(const Ikev2Profile* profile) {
        return profile && (profile->authentication_local.empty() || profile->authentication_local == "pre-share");
    }
    bool no_key(const Router& router, const Ends& ends) {
        auto& s = out_.steps.back();
        log(s, Say::v2_no_key, ends);
        return fail(Outcome::phase1_failed, "no-key-for-peer", router, {}, router.name + " has no IKEv2 key for " + ends.peer.text());
    }
    bool same(const KeyMaterial& made, const Router& maker, const KeyMaterial& checked, const Router& checker, Step& s, const Ends& ends) {
        for (const auto& [key, router] : {std::pair(&made, &maker), std::pair(&checked, &checker)})
            if (!key->usable()) return fail(Outcome::unpredictable, "", *router, {}, "a key of " + router->name + " cannot be read: " + key->unusable);
        if (made.key == checked.key) return true;
        log(s, Say::v2_auth_failed, ends);
        return fail(Outcome::phase1_failed, "wrong-psk", checker, {"keys-differ"},
                    "AUTH of " + maker.name + " was made with another key than " + checker.name + " expects");
    }
    static void key_words(Step& s, const Ikev2Key& key) {
        s.keyring = key.keyring ? key.keyring->name : std::string();
        s.key_rule = key.rule;
    }
    static void log_key(Step& s, const Ikev2Key& key, const Ends& ends) {
        if (!key.peer) return;
        log(s, Say::v2_getting_key, ends, [&](LogFacts& f) { f.keyring = key.keyring->name; });
        log(s, Say::v2_matched_peer, ends, [&](LogFacts& f) { f.name = key.peer->name; });
    }
    Step& step(std::string_view message, const Router& router, bool sends, std::string text) {
        Step s;
        s.message = std::string(message);
        s.router = router.name;
        s.sends = sends;
        s.text = std::move(text);
        out_.steps.push_back(std::move(s));
        return out_.steps.back();
    }
    static void log(Step& s, Say what, const Ends& ends) {
        log(s, what, ends, [](LogFacts&) {});
    }
    template <class Fill>
    static void log(Step& s, Say what, const Ends& ends, Fill fill) {
        LogFacts f;
        f.peer = ends.peer.text();
        f.local = ends.local.text();
        fill(f);
        s.log.push_back(log_line(what, f));
    }

    const Router &i_, &r_;
    Way way_;
    Prediction out_;
    const Ikev2Profile* initiator_profile_ = nullptr;
    Ikev2ProfileChoice responder_profile_;
    Identity initiator_id_, responder_id_;
};

} // namespace

Prediction predict_ikev2(const Router& initiator, const Router& responder, Way way) { return Ikev2Story(initiator, responder, std::move(way)).tell(); }

} // namespace ikescope::ios
