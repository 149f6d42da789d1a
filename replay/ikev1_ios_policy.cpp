#include "replay/ikev1_ios_policy.hpp"

#include "replay/ios_terms.hpp"

#include <algorithm>

namespace ikescope::replay::ikev1 {
namespace {

/// The peer's side of Quick Mode, as far as the wire shows it, in the form that the selection engine reads.
struct Seen {
    ios::Router router;
    ios::Path asking;
};
Seen seen_of(const QuickRequest& asked, const ios::Ends& ends) {
    Seen seen;
    seen.asking.name = "the peer";
    seen.asking.ends = {ends.peer, ends.local, {}};
    seen.asking.proxies = {{asked.local, asked.remote}};
    for (const auto& offer : asked.offers) {
        ios::TransformSet set;
        set.name = std::to_string(seen.router.transform_sets.size() + 1);
        set.transforms = transforms_of(offer);
        set.tunnel_mode = !offer.transport;
        seen.asking.terms.transform_sets.push_back(set.name);
        seen.router.transform_sets.push_back(std::move(set));
        if (offer.group != 0) seen.asking.terms.pfs_group = offer.group;
    }
    return seen;
}

ios::Ikev1Decision decision_on(const ios::Way& way, bool initiator) {
    ios::Ikev1Decision decision;
    if (initiator) decision.way = way;
    decision.way.initiator = initiator ? way.initiator : ios::Ends{};
    decision.way.responder = initiator ? ios::Ends{} : way.responder;
    return decision;
}

} // namespace

IosPolicy::IosPolicy(const ios::Router& router, const ios::Way& way, bool initiator)
    : router_(router), initiator_(initiator), decision_(decision_on(way, initiator)),
      ends_(initiator ? way.initiator : way.responder),
      narrator_(initiator ? router_ : nobody_, initiator ? nobody_ : router_, decision_) {
    if (initiator) ios::begin_ikev1(router_, decision_);
}

bool IosPolicy::fail(ios::Outcome outcome, std::string_view finding, std::string sentence) {
    decision_.verdict = {outcome, std::string(finding), router_.name, {}, std::move(sentence)};
    return false;
}

std::vector<session::Suite> IosPolicy::offers() {
    std::vector<session::Suite> out;
    for (const auto& policy : ios::ikev1_offers(router_, decision_))
        if (const auto suite = suite_of(policy)) out.push_back(*suite);
    if (out.empty())
        fail(ios::Outcome::phase1_failed, "no-key-for-peer",
             router_.name + " has no key for " + ends_.peer.text() + " and sends nothing");
    return out;
}

bool IosPolicy::answers_aggressive() {
    decision_.aggressive = true;
    return !router_.aggressive_mode_disabled || fail(ios::Outcome::phase1_failed, "no-response",
                                                     router_.name + " does not answer Aggressive Mode (crypto isakmp aggressive-mode disable)");
}

/// Aggressive Mode says who the peer is, and that leads to profile and key; in Main Mode the address must do.
std::optional<std::size_t> IosPolicy::choose(const std::vector<session::Offer>& offers, const ios::Identity* peer) {
    std::vector<ios::Policy> offered;
    offered.reserve(offers.size());
    for (const auto& offer : offers) offered.push_back(policy_of(offer.suite));
    decision_.policy = ios::ikev1_choose_policy(offered, ios::effective_policies(router_));
    if (peer) identify(*peer);
    decision_.responder_key = peer ? ios::ikev1_key_by_identity(router_, decision_.responder_profile.profile, *peer, ends_)
                                   : ios::ikev1_key_by_address(router_, ends_);
    if (decision_.policy) return decision_.policy.tried.back().transform - 1;
    fail(ios::Outcome::phase1_failed, "no-proposal-chosen",
         "none of the peer's offers equals an isakmp policy of " + router_.name);
    return std::nullopt;
}

bool IosPolicy::confirms(const session::Offer& chosen) {
    decision_.policy = ios::ikev1_choose_policy({policy_of(chosen.suite)}, ios::effective_policies(router_));
    if (decision_.policy) decision_.policy.tried.back().transform = chosen.number;
    return static_cast<bool>(decision_.policy);
}

bool IosPolicy::is_usable(const ios::KeyChoice& key) {
    if (!key)
        return fail(ios::Outcome::phase1_failed, "no-key-for-peer",
                    router_.name + " has no key for " + ends_.peer.text());
    if (key.entry->key.usable()) return true;
    return fail(ios::Outcome::unpredictable, "",
                "a key of " + router_.name + " cannot be read: " + key.entry->key.unusable);
}

/// The initiator's comes from its configuration, the responder's was looked for when it chose a policy.
std::optional<Secret> IosPolicy::key(const ios::Identity*) {
    const auto& choice = initiator_ ? decision_.initiator_key : decision_.responder_key;
    return is_usable(choice) ? std::optional(choice.entry->key.key) : std::nullopt;
}

ios::Identity IosPolicy::own_identity() { return initiator_ ? decision_.initiator_id : decision_.responder_id; }

bool IosPolicy::accepts(const ios::Identity& peer) {
    if (initiator_) { // it was certain of profile and keyring from the start
        decision_.responder_id = peer;
        if (!decision_.profile_configured)
            decision_.initiator_late_profile = ios::ikev1_profile_by_identity(router_, peer, ends_.vrf);
        return true;
    }
    if (decision_.aggressive) return true; // the key was picked with the ID in hand
    identify(peer);
    const auto* profile = decision_.responder_profile.profile;
    decision_.check = ios::ikev1_check_keyring(router_, decision_.responder_key, profile, ends_);
    return decision_.check.passed || fail(ios::Outcome::phase1_failed, "keyring-mismatch",
                                          router_.name + " aborts after MM5: " + decision_.check.rule);
}

void IosPolicy::identify(const ios::Identity& peer) {
    decision_.initiator_id = peer;
    decision_.responder_profile = ios::ikev1_profile_by_identity(router_, peer, ends_.vrf);
    decision_.responder_id = ios::ikev1_own_identity(router_, decision_.responder_profile.profile, ends_);
}

QuickRequest IosPolicy::request() {
    QuickRequest out;
    const auto& asking = decision_.way.asking;
    if (asking.proxies.empty()) return out;
    out.local = asking.proxies.front().local;
    out.remote = asking.proxies.front().remote;
    for (const auto& name : asking.terms.transform_sets) {
        const auto* set = router_.find_transform_set(name);
        const auto terms = set ? esp_terms(*set) : std::nullopt;
        if (!terms) continue;
        out.offers.push_back({static_cast<std::uint8_t>(terms->ikev1_transform), terms->key_bits,
                              terms->ikev1_authentication,
                              static_cast<std::uint16_t>(asking.terms.pfs_group.value_or(0)), !set->tunnel_mode,
                              asking.terms.lifetime_seconds, asking.terms.lifetime_kilobytes});
    }
    return out;
}

QuickAnswer IosPolicy::answer(const QuickRequest& asked) {
    const auto seen = seen_of(asked, ends_);
    decision_.way.asking = seen.asking;
    decision_.responder_paths = ios::paths_of(router_);
    if (decision_.responder_paths.empty()) return {0, 0, {}}; // a fragment that says nothing about phase 2
    auto& choice = decision_.phase2;
    choice = ios::ikev1_choose_path(router_, decision_.responder_paths, decision_.responder_profile.profile,
                                    seen.router, seen.asking);
    if (choice.fault != ios::Phase2Fault::none) {
        fail(ios::Outcome::phase2_failed, ios::ikev1_phase2_name(choice.fault).finding, choice.sentence);
        return {std::nullopt, 14, choice.sentence};
    }
    for (std::size_t i = 0; i < asked.offers.size(); ++i)
        if (joined(transforms_of(asked.offers[i])) == choice.transform) return {i, 0, {}};
    return {0, 0, {}};
}

} // namespace ikescope::replay::ikev1
