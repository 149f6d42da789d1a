#include "ios/ikev2_selection.hpp"

#include "ios/words.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

bool vrf_fits(const std::optional<std::string>& wanted, const std::string& vrf) {
    return wanted ? *wanted == "any" || *wanted == vrf : vrf.empty();
}

bool local_fits(const Router& router, const Ikev2Profile& profile, const Ends& ends) {
    if (profile.local_addresses.empty() || ends.local.empty()) return true;
    return std::ranges::any_of(profile.local_addresses, [&](const LocalAddress& local) {
        return local.address.empty() ? router.address_of(local.interface) == ends.local : local.address == ends.local;
    });
}

// IOS's own proposal where none is configured (`show crypto ikev2 proposal default`, IOS 15).
Ikev2Proposal default_proposal() {
    Ikev2Proposal out;
    out.name = "default";
    out.encryption = {"aes-cbc-256", "aes-cbc-192", "aes-cbc-128"};
    out.integrity = {"sha512", "sha384", "sha256", "sha1", "md5"};
    out.groups = {5, 2};
    out.built_in = true;
    return out;
}

template <class T>
bool common(const std::vector<T>& a, const std::vector<T>& b) {
    return std::ranges::any_of(a, [&](const T& one) { return std::ranges::find(b, one) != b.end(); });
}

// `sha` is `sha1`; AES without a size is AES-CBC-128 in older images.
Ikev2Proposal normal(Ikev2Proposal proposal) {
    for (auto& name : proposal.integrity)
        if (name == "sha") name = "sha1";
    return proposal;
}

bool gcm(const std::string& name) { return name.starts_with("aes-gcm"); }

bool equal(const Ikev2Proposal& a, const Ikev2Proposal& b) {
    if (!common(a.encryption, b.encryption) || !common(a.groups, b.groups)) return false;
    const bool combined = std::ranges::all_of(a.encryption, gcm) || std::ranges::all_of(b.encryption, gcm);
    return combined || common(a.integrity, b.integrity);
}

const Ikev2Peer* peer_block(const Ikev2Keyring& keyring, const Identity& peer, const Ends& ends, std::string& rule) {
    for (const auto& block : keyring.peers)
        if (std::ranges::any_of(block.identities, [&](const auto& match) { return ikev2_specificity(match, peer) >= 0; })) {
            rule = "peer block by identity";
            return &block;
        }
    const Ikev2Peer* best = nullptr;
    for (const auto& block : keyring.peers)
        if (block.prefix && block.prefix->contains(ends.peer) && (!best || block.prefix->length > best->prefix->length)) best = &block;
    if (best) rule = "peer block by address, longest netmask";
    return best;
}

} // namespace

Ikev2Offer ikev2_offer_of(const Router& router, const Ends& ends) {
    for (const auto& policy : router.ikev2_policies) {
        const bool local = policy.local_addresses.empty() || std::ranges::find(policy.local_addresses, ends.local) != policy.local_addresses.end();
        if (!vrf_fits(policy.fvrf, ends.vrf) || !local || policy.proposals.empty()) continue;
        Ikev2Offer out{policy.name, {}};
        for (const auto& name : policy.proposals)
            if (const auto* proposal = router.find_ikev2_proposal(name)) out.proposals.push_back(*proposal);
            else if (name == "default") out.proposals.push_back(default_proposal());
        return out;
    }
    const auto* configured = router.find_ikev2_proposal("default");
    return {"default", {configured ? *configured : default_proposal()}};
}

int ikev2_specificity(const IdentityMatch& match, const Identity& identity) { return specificity(match, identity, match.fvrf); }

Ikev2ProfileChoice ikev2_profile_by_identity(const Router& router, const Identity& identity, const Ends& ends) {
    Ikev2ProfileChoice choice;
    int top = -1;
    std::size_t matching = 0;
    for (const auto& profile : router.ikev2_profiles) {
        if (!vrf_fits(profile.fvrf, ends.vrf) || !local_fits(router, profile, ends)) continue;
        int how = -1;
        for (const auto& match : profile.matches) how = std::max(how, ikev2_specificity(match, identity));
        if (how < 0) continue;
        ++matching;
        if (how <= top) continue;
        top = how;
        choice.profile = &profile;
    }
    if (!choice) return choice;
    choice.rule = matching == 1 ? ProfileRule::only_match : ProfileRule::most_specific;
    return choice;
}

Ikev2Key ikev2_key_for(const Router& router, const Ikev2Profile* profile, const Ends& ends, const Identity& peer) {
    Ikev2Key out;
    if (!profile) return out;
    out.keyring = router.find_ikev2_keyring(profile->keyring);
    if (out.keyring) out.peer = peer_block(*out.keyring, peer, ends, out.rule);
    if (out.peer) {
        out.local = out.peer->local;
        out.remote = out.peer->remote;
    }
    if (profile->key_local) out.local = profile->key_local;
    if (profile->key_remote) out.remote = profile->key_remote;
    if (profile->key_local || profile->key_remote) out.rule = "key in the profile";
    return out;
}

Identity ikev2_own_identity(const Router& router, const Ikev2Profile* profile, const Ends& ends) {
    if (!profile || !profile->identity) return Identity::of(ends.local);
    const auto& self = *profile->identity;
    switch (self.kind) {
    case SelfIdentity::Kind::fqdn:
        return Identity::of(id_type::fqdn, !self.text.empty()          ? self.text
                                           : router.domain_name.empty() ? router.name
                                                                        : router.name + "." + router.domain_name);
    case SelfIdentity::Kind::user_fqdn: return Identity::of(id_type::user_fqdn, self.text);
    case SelfIdentity::Kind::key_id: return Identity::of(id_type::key_id, self.text);
    case SelfIdentity::Kind::address: {
        const auto address = IpAddress::parse(self.text);
        return Identity::of(address ? *address : ends.local);
    }
    case SelfIdentity::Kind::dn:
    case SelfIdentity::Kind::automatic: break;
    }
    return Identity::of(ends.local);
}

std::string ikev2_id_name(const Identity& identity) {
    switch (identity.type) {
    case id_type::ipv4: return "IPv4 address";
    case id_type::ipv6: return "IPv6 address";
    case id_type::fqdn: return "FQDN";
    case id_type::user_fqdn: return "email address";
    case id_type::key_id: return "key ID";
    default: return "DER ASN1 DN";
    }
}

Ikev2SuiteChoice ikev2_choose_suite(const Router& initiator, const Ends& i_ends, const Router& responder, const Ends& r_ends) {
    const auto offer = ikev2_offer_of(initiator, i_ends), own = ikev2_offer_of(responder, r_ends);
    for (const auto& offered : offer.proposals)
        for (const auto& accepted : own.proposals)
            if (equal(normal(offered), normal(accepted)))
                return {true, own.policy, "proposal " + offered.name + " of " + initiator.name + " and " + accepted.name + " of " + responder.name + " have a suite in common"};
    return {false, own.policy, "no proposal of policy " + offer.policy + " of " + initiator.name + " has a suite in common with policy " + own.policy + " of " + responder.name};
}

} // namespace ikescope::ios
