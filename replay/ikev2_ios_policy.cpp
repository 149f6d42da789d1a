#include "replay/ikev2_ios_policy.hpp"

#include "dissect/numbers_common.hpp"
#include "dissect/numbers_ikev2.hpp"
#include "replay/ios_terms.hpp"

#include <algorithm>

namespace ikescope::replay::ikev2 {
namespace {

using What = Event::What;
using ios::Say;
namespace notify = dissect::ikev2::notify;

/// Every single suite of a proposal, as the selection engine reads them: one transform set each.
struct Seen {
    ios::Router router;
    ios::Path asking;
    std::vector<std::size_t> proposal; ///< by transform set
};
Seen seen_of(const ChildRequest& asked, const ios::Ends& ends) {
    Seen seen;
    seen.asking.name = "the peer";
    seen.asking.ends = {ends.peer, ends.local, {}};
    if (!asked.initiator.empty() && !asked.responder.empty())
        seen.asking.proxies = {{asked.initiator.front(), asked.responder.front()}};
    for (std::size_t i = 0; i < asked.proposals.size(); ++i)
        for (const auto& cipher : asked.proposals[i].encryption) {
            auto integrity = asked.proposals[i].integrity;
            if (integrity.empty()) integrity.push_back(0);
            for (const auto id : integrity) {
                ios::TransformSet set;
                set.name = std::to_string(seen.proposal.size() + 1);
                set.transforms = transforms_of(cipher, id);
                set.tunnel_mode = !asked.transport;
                seen.asking.terms.transform_sets.push_back(set.name);
                seen.router.transform_sets.push_back(std::move(set));
                seen.proposal.push_back(i);
            }
        }
    return seen;
}

/// As `debug crypto ikev2` prints a packet: four facts on three lines, one time stamp.
std::string packet_text(const Packet& packet) {
    const auto& header = packet.header;
    ios::LogFacts facts;
    facts.peer = packet.peer.address.text();
    facts.local = packet.own.address.text();
    facts.number = packet.peer.port;
    facts.second = packet.own.port;
    auto text = ios::log_line(packet.sent ? Say::v2_sending : Say::v2_received, facts) + "\n";
    const auto upper = [](const dissect::Spi& spi) {
        auto digits = hex(spi);
        for (auto& c : digits)
            if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
        return digits;
    };
    facts.state = upper(header.initiator_spi);
    facts.new_state = upper(header.responder_spi);
    facts.number = header.message_id;
    text += ios::log_line(Say::v2_spis, facts) + "\n";
    facts.name = name_of(dissect::exchange_types, header.exchange, "other");
    facts.protocol = header.response() ? "RESPONSE" : "REQUEST";
    return text + ios::log_line(Say::v2_exchange, facts);
}

} // namespace

IosPolicy::IosPolicy(const ios::Router& router, const ios::Way& way, bool initiator)
    : router_(router), initiator_(initiator), ends_(initiator ? way.initiator : way.responder),
      peer_(ios::Identity::of(ends_.peer)) {
    if (!initiator) return;
    asking_ = way.asking;
    profile_ = router_.find_ikev2_profile(asking_.terms.ikev2_profile);
}

void IosPolicy::fail(ios::Outcome outcome, std::string_view finding, std::string sentence) {
    verdict_ = {outcome, std::string(finding), router_.name, {}, std::move(sentence)};
}

std::vector<Proposal> IosPolicy::proposals() {
    if (!initiator_ || profile_) return proposals_of(ios::ikev2_offer_of(router_, ends_));
    fail(ios::Outcome::phase1_failed, "no-key-for-peer",
         "IKEv2 profile " + asking_.terms.ikev2_profile + " of " + router_.name + " is not defined");
    return {};
}

ios::Identity IosPolicy::own_identity() { return ios::ikev2_own_identity(router_, profile_, ends_); }

bool IosPolicy::accepts(const ios::Identity& peer) {
    peer_ = peer;
    if (!initiator_) {
        profile_ = ios::ikev2_profile_by_identity(router_, peer, ends_).profile;
        if (!profile_)
            fail(ios::Outcome::phase1_failed, "auth-failed",
                 "no IKEv2 profile of " + router_.name + " matches the ID " + peer.text);
        return profile_ != nullptr;
    }
    const auto fits = [&](const ios::IdentityMatch& match) { return ios::ikev2_specificity(match, peer) >= 0; };
    if (profile_->matches.empty() || std::ranges::any_of(profile_->matches, fits)) return true;
    fail(ios::Outcome::phase1_failed, "id-mismatch",
         "the ID " + peer.text + " matches no line of profile " + profile_->name + " of " + router_.name);
    return false;
}

ios::Ikev2Key IosPolicy::keys() const { return ios::ikev2_key_for(router_, profile_, ends_, peer_); }

std::optional<Secret> IosPolicy::usable(const std::optional<ios::KeyMaterial>& key) {
    if (key && key->usable()) return key->key;
    if (key)
        fail(ios::Outcome::unpredictable, "", "a key of " + router_.name + " cannot be read: " + key->unusable);
    else
        fail(ios::Outcome::phase1_failed, "no-key-for-peer",
             router_.name + " has no IKEv2 key for " + ends_.peer.text());
    return std::nullopt;
}
std::optional<Secret> IosPolicy::own_key() { return usable(keys().local); }
std::optional<Secret> IosPolicy::peer_key() { return usable(keys().remote); }

ChildRequest IosPolicy::child_request() {
    ChildRequest out;
    if (asking_.proxies.empty()) return out;
    out.initiator = {asking_.proxies.front().local};
    out.responder = {asking_.proxies.front().remote};
    for (const auto& name : asking_.terms.transform_sets) {
        const auto* set = router_.find_transform_set(name);
        const auto terms = set ? esp_terms(*set) : std::nullopt;
        if (!terms) continue;
        Proposal made{{{terms->ikev2_encryption, terms->key_bits}}, {}, {}, {}};
        if (terms->ikev2_integrity != 0) made.integrity = {terms->ikev2_integrity};
        if (asking_.terms.pfs_group) made.groups = {static_cast<std::uint16_t>(*asking_.terms.pfs_group)};
        out.transport = out.transport || !set->tunnel_mode;
        out.proposals.push_back(std::move(made));
    }
    return out;
}

ChildAnswer IosPolicy::child_answer(const ChildRequest& asked) {
    ChildAnswer out;
    out.refusal = notify::ts_unacceptable;
    out.why = "the peer's traffic selectors are not understood";
    if (asked.initiator.empty() || asked.responder.empty() || asked.proposals.empty()) return out;
    out.initiator = asked.initiator.front();
    out.responder = asked.responder.front();
    const auto seen = seen_of(asked, ends_);
    const auto paths = ios::paths_of(router_);
    const auto choice = ios::ikev2_choose_path(router_, paths, profile_, seen.router, seen.asking);
    const bool refused = choice.fault != ios::Phase2Fault::none && choice.fault != ios::Phase2Fault::pfs;
    if (!paths.empty() && refused) {
        const auto name = ios::ikev1_phase2_name(choice.fault).finding;
        fail(ios::Outcome::phase2_failed, name, choice.sentence);
        if (choice.fault == ios::Phase2Fault::transforms) out.refusal = notify::no_proposal_chosen;
        out.why = choice.sentence;
        return out;
    }
    std::size_t set = 0;
    for (std::size_t i = 0; i < seen.proposal.size() && !choice.transform.empty(); ++i)
        if (joined(seen.router.transform_sets[i].transforms) == choice.transform) set = i;
    if (seen.proposal.empty()) return out;
    out.taken = seen.proposal[set];
    out.accepted = asked.proposals[*out.taken];
    return out;
}

std::vector<std::string> IosPolicy::told(const Event& event) {
    ios::LogFacts facts;
    facts.local = ends_.local.text();
    facts.peer = ends_.peer.text();
    facts.profile = profile_ ? profile_->name : std::string();
    facts.name = peer_.text;
    facts.protocol = ios::ikev2_id_name(peer_);
    std::vector<std::string> out;
    const auto say = [&](Say what) { out.push_back(ios::log_line(what, facts)); };
    const auto say_key = [&] {
        const auto key = keys();
        if (!key.peer) return;
        facts.keyring = key.keyring->name;
        facts.name = key.peer->name;
        say(Say::v2_getting_key);
        say(Say::v2_matched_peer);
    };
    switch (event.what) {
    case What::packet: out.push_back(packet_text(*event.packet)); break;
    case What::asks: say(Say::v2_searching_policy); break;
    case What::suite:
        say(Say::v2_searching_policy);
        facts.name = ios::ikev2_offer_of(router_, ends_).policy;
        say(Say::v2_found_policy);
        break;
    case What::no_suite:
        fail(ios::Outcome::phase1_failed, "no-proposal-chosen",
             "no proposal of the peer has a suite in common with policy " + ios::ikev2_offer_of(router_, ends_).policy +
                 " of " + router_.name);
        say(Say::v2_searching_policy);
        say(Say::v2_no_policy);
        break;
    case What::told_no_suite: say(Say::v2_no_proposal_received); break;
    case What::proves: say_key(); break;
    case What::identified:
        if (initiator_) break;
        say(Say::v2_searching_profile);
        say(Say::v2_found_profile);
        say_key();
        break;
    case What::unknown_peer:
        if (initiator_) {
            say(Say::v2_no_item);
            break;
        }
        say(Say::v2_searching_profile);
        say(Say::v2_no_profile);
        break;
    case What::no_key: say(Say::v2_no_key); break;
    case What::wrong_auth:
        fail(ios::Outcome::phase1_failed, "wrong-psk",
             "AUTH of the peer was made with another key than " + router_.name + " expects");
        say(Say::v2_auth_failed);
        break;
    default: break;
    }
    return out;
}

} // namespace ikescope::replay::ikev2
