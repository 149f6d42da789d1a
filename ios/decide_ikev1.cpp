// IKEv1: all choices of both routers in the order in which they are made; the first that fails ends it.
// Source: Cisco document on ISAKMP profiles and keyrings (IOS 15.3T).

#include "ios/decision.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

bool certificates(const Policy& policy) { return policy.authentication != "pre-share"; }

bool unreadable_keyring(const Router& router) {
    return router.global_keys.unreadable || std::ranges::any_of(router.keyrings, &Keyring::unreadable);
}
bool unreadable_policy(const Router& router) { return std::ranges::any_of(router.policies, &Policy::unreadable); }

/// Tells the choices in order; each step returns false when the exchange ends there.
class Decider {
public:
    Decider(const Router& initiator, const Router& responder, Way way) : i_(initiator), r_(responder) { d_.way = std::move(way); }

    Ikev1Decision decide() {
        if (d_.way.problem.empty()) (void)(start() && answers() && policies() && phase1() && phase2());
        else fail(Outcome::phase1_failed, "cannot-initiate", i_, {}, d_.way.problem);
        if (d_.verdict.sentence.empty()) d_.verdict.sentence = "the tunnel comes up: " + good_news();
        return std::move(d_);
    }

private:
    bool fail(Outcome outcome, std::string_view finding, const Router& router, std::vector<std::string> causes, std::string sentence) {
        d_.verdict = {outcome, std::string(finding), router.name, std::move(causes), std::move(sentence)};
        return false;
    }
    bool unknown(const Router& router, std::string sentence) { return fail(Outcome::unpredictable, "", router, {}, std::move(sentence)); }

    bool phase1() {
        if (!psk_) return trust_points();
        return d_.aggressive ? keys() && opens() : keys() && opens() && after_mm5();
    }

    // Aggressive Mode may be forbidden at the responder.
    bool answers() {
        if (!d_.aggressive) return true;
        identify(); // AM1 says who it is
        if (!r_.aggressive_mode_disabled) return true;
        return fail(Outcome::phase1_failed, "no-response", r_, {"aggressive-mode-disabled"}, r_.name + " does not answer Aggressive Mode (crypto isakmp aggressive-mode disable)");
    }

    bool start() {
        begin_ikev1(i_, d_);
        if (d_.initiator_key) return true;
        const auto& own = i_.policies;
        if (std::ranges::any_of(own, certificates)) return true;
        if (unreadable_keyring(i_)) return unknown(i_, "a key line of " + i_.name + " that may hold the key cannot be understood");
        return fail(Outcome::phase1_failed, "no-key-for-peer", i_, missing_key_causes(i_, d_.initiator_key),
                    i_.name + " has no key for " + d_.way.initiator.peer.text() + " and sends nothing");
    }

    std::vector<std::string> missing_key_causes(const Router& router, const KeyChoice& choice) const {
        for (const auto& other : choice.others)
            if (!other.entry->prefix && !d_.aggressive) return {"hostname-key-in-main-mode"};
        return router.keyrings.empty() && router.global_keys.entries.empty() ? std::vector<std::string>{} : std::vector<std::string>{"no-key-for-address"};
    }

    bool policies() {
        d_.policy = ikev1_choose_policy(ikev1_offers(i_, d_), effective_policies(r_));
        if (d_.policy) {
            psk_ = !certificates(*d_.policy.own);
            if (d_.policy.own->unreadable) return unknown(r_, "a line of isakmp policy " + std::to_string(d_.policy.own->priority) + " of " + r_.name + " cannot be understood");
            if (d_.policy.offer->unreadable) return unknown(i_, "a line of isakmp policy " + std::to_string(d_.policy.offer->priority) + " of " + i_.name + " cannot be understood");
            return true;
        }
        if (unreadable_policy(i_) || unreadable_policy(r_)) return unknown(unreadable_policy(i_) ? i_ : r_, "a line of an isakmp policy cannot be understood");
        return fail(Outcome::phase1_failed, "no-proposal-chosen", r_, {"policies-differ"},
                    "no isakmp policy of " + i_.name + " equals one of " + r_.name);
    }

    bool keys() {
        d_.responder_key = d_.aggressive ? ikev1_key_by_identity(r_, d_.responder_profile.profile, d_.initiator_id, d_.way.responder)
                                         : ikev1_key_by_address(r_, d_.way.responder);
        if (!d_.responder_key) {
            if (unreadable_keyring(r_)) return unknown(r_, "a key line of " + r_.name + " that may hold the key cannot be understood");
            return fail(Outcome::phase1_failed, "no-key-for-peer", r_, missing_key_causes(r_, d_.responder_key),
                        r_.name + " has no key for " + d_.way.responder.peer.text() + (d_.aggressive ? " and cannot answer AM1" : " and cannot answer MM3"));
        }
        if (!d_.initiator_key.entry->key.usable()) return unusable(i_, d_.initiator_key);
        if (!d_.responder_key.entry->key.usable()) return unusable(r_, d_.responder_key);
        return true;
    }
    bool unusable(const Router& router, const KeyChoice& key) {
        return unknown(router, "the key in line " + std::to_string(key.entry->line.number) + " of " + router.name + " cannot be read: " + key.entry->key.unusable);
    }

    // MM5 is encrypted under a key made from the initiator's PSK; the responder opens it with the one it picked.
    bool opens() {
        if (d_.initiator_key.entry->key.key == d_.responder_key.entry->key.key) return true;
        auto causes = d_.responder_key.causes;
        for (const auto& cause : d_.initiator_key.causes)
            if (std::ranges::find(causes, cause) == causes.end()) causes.push_back(cause);
        if (d_.aggressive)
            return fail(Outcome::phase1_failed, "wrong-psk", r_, causes.empty() ? std::vector<std::string>{"keys-differ"} : std::move(causes),
                        r_.name + " makes HASH_R of AM2 with the key of " + d_.responder_key.keyring_name() + " (" + std::string(rule_text(d_.responder_key.rule)) + "), " + i_.name +
                            " has another one from " + d_.initiator_key.keyring_name() + " and sees that HASH_R is wrong");
        if (causes.empty()) causes.emplace_back(fits_elsewhere() ? "more-specific-key-elsewhere" : "keys-differ");
        return fail(Outcome::phase1_failed, "wrong-psk", r_, std::move(causes),
                    r_.name + " opens MM5 with the key of " + d_.responder_key.keyring_name() + " (" + std::string(rule_text(d_.responder_key.rule)) + "), but " +
                        i_.name + " used another key, from " + d_.initiator_key.keyring_name() + ": reserved not zero on ID payload");
    }
    bool fits_elsewhere() const {
        return std::ranges::any_of(d_.responder_key.others, [&](const auto& other) { return other.entry->key.usable() && other.entry->key.key == d_.initiator_key.entry->key.key; });
    }

    bool after_mm5() {
        identify();
        d_.check = ikev1_check_keyring(r_, d_.responder_key, d_.responder_profile.profile, d_.way.responder);
        if (d_.check.passed) return true;
        auto causes = d_.check.causes;
        for (const auto& cause : d_.responder_profile.causes) causes.push_back(cause);
        return fail(Outcome::phase1_failed, "keyring-mismatch", r_, std::move(causes), r_.name + " aborts after MM5: " + d_.check.rule);
    }

    void identify() {
        d_.responder_profile = ikev1_profile_by_identity(r_, d_.initiator_id, d_.way.responder.vrf);
        d_.responder_id = ikev1_own_identity(r_, d_.responder_profile.profile, d_.way.responder);
        if (!d_.profile_configured) d_.initiator_late_profile = ikev1_profile_by_identity(i_, d_.responder_id, d_.way.initiator.vrf);
    }

    // With certificates the PSK trouble has a cousin: the profile that the ID selects may trust another CA.
    bool trust_points() {
        identify();
        const auto* mine = d_.initiator_profile.profile;
        const auto* theirs = d_.responder_profile.profile;
        if (!mine || !theirs || mine->trust_points.empty() || theirs->trust_points.empty()) return true;
        const bool common = std::ranges::any_of(mine->trust_points, [&](const auto& name) { return std::ranges::find(theirs->trust_points, name) != theirs->trust_points.end(); });
        return common || fail(Outcome::phase1_failed, "trust-point-mismatch", r_, {"trust-points-differ"},
                              "the ID selects profile " + theirs->name + " of " + r_.name + " with trust point " + theirs->trust_points.front() + ", but the certificate of " +
                                  i_.name + " belongs to " + mine->trust_points.front() + ": its validation may fail");
    }

    bool phase2() {
        d_.responder_paths = paths_of(r_);
        if (d_.responder_paths.empty()) return true; // a fragment that says nothing about phase 2
        d_.phase2 = ikev1_choose_path(r_, d_.responder_paths, d_.responder_profile.profile, i_, d_.way.asking);
        if (d_.phase2.fault == Phase2Fault::none) return true;
        if (std::ranges::any_of(r_.profiles, &IsakmpProfile::unreadable) && d_.phase2.fault == Phase2Fault::profile)
            return unknown(r_, "a match line of an isakmp profile of " + r_.name + " cannot be understood");
        const auto kind = ikev1_phase2_name(d_.phase2.fault);
        std::vector<std::string> causes{std::string(kind.cause)};
        if (d_.phase2.fault == Phase2Fault::profile)
            for (const auto& cause : d_.responder_profile.causes) causes.push_back(cause);
        return fail(Outcome::phase2_failed, kind.finding, r_, std::move(causes), "phase 1 comes up, Quick Mode is refused: " + d_.phase2.sentence);
    }

    std::string good_news() const {
        if (!psk_) return "both sides use certificates";
        auto text = r_.name + " picks " + d_.responder_key.keyring_name() + " (" + std::string(rule_text(d_.responder_key.rule)) + ")";
        text += d_.responder_profile ? ", the ID " + d_.initiator_id.text + " selects " + d_.responder_profile.name() : ", no profile matches the ID";
        return text;
    }

    const Router &i_, &r_;
    Ikev1Decision d_;
    bool psk_ = true;
};

} // namespace

Phase2Name ikev1_phase2_name(Phase2Fault fault) {
    constexpr Phase2Name names[] = {{"", ""}, {"ts-unacceptable", "no-path-to-peer"}, {"profile-mismatch", "profile-not-of-tunnel"},
                                    {"ts-unacceptable", "proxy-identities-differ"}, {"child-no-proposal", "transform-sets-differ"}, {"child-no-proposal", "pfs-differs"}};
    return names[static_cast<std::size_t>(fault)];
}

void begin_ikev1(const Router& initiator, Ikev1Decision& decision) {
    const auto& asking = decision.way.asking;
    decision.profile_configured = initiator.find_profile(asking.terms.isakmp_profile) != nullptr;
    decision.initiator_profile = ikev1_initiator_profile(initiator, asking);
    decision.initiator_key = ikev1_initiator_key(initiator, asking);
    const auto* profile = decision.initiator_profile.profile;
    decision.initiator_id = ikev1_initiator_identity(initiator, profile, decision.way.initiator);
    decision.aggressive = ikev1_begins_aggressive(initiator, profile, decision.way.initiator);
}

std::vector<Policy> ikev1_offers(const Router& initiator, const Ikev1Decision& decision) {
    auto offers = effective_policies(initiator);
    if (!decision.initiator_key) std::erase_if(offers, [](const Policy& policy) { return !certificates(policy); });
    if (decision.aggressive && !offers.empty())
        std::erase_if(offers, [group = offers.front().group](const Policy& policy) { return policy.group != group; });
    return offers;
}

Ikev1Decision decide_ikev1(const Router& initiator, const Router& responder, Way way) {
    return Decider(initiator, responder, std::move(way)).decide();
}

} // namespace ikescope::ios
