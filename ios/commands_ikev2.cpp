// IKEv2: proposals, policies, keyrings, profiles.

#include "ios/commands.hpp"

namespace ikescope::ios {
namespace {

using WordList = std::vector<std::string>;

WordList rest_words(const Call& call) {
    WordList out;
    for (std::size_t i = 0; i < call.rest_size(); ++i) out.emplace_back(call.rest(i));
    return out;
}

// --- proposals and policies

Ikev2Proposal& proposal_at(Reading& r) { return r.router.ikev2_proposals[r.block]; }
Ikev2Policy& policy_at(Reading& r) { return r.router.ikev2_policies[r.block]; }

void proposal(Reading& r, const Call& call) {
    r.open(Mode::ikev2_proposal, named_element(r.router.ikev2_proposals, call.name(0), r.line));
}
void encryption(Reading& r, const Call& call) { proposal_at(r).encryption = rest_words(call); }
void integrity(Reading& r, const Call& call) { proposal_at(r).integrity = rest_words(call); }
void prf(Reading& r, const Call& call) { proposal_at(r).prf = rest_words(call); }
void group(Reading& r, const Call& call) {
    proposal_at(r).groups.clear();
    for (std::size_t i = 0; i < call.rest_size(); ++i) {
        const auto number = number_of(call.rest(i));
        if (!number) return r.block_on("'" + std::string(call.rest(i)) + "' is not a group number");
        proposal_at(r).groups.push_back(*number);
    }
}

void policy(Reading& r, const Call& call) {
    r.open(Mode::ikev2_policy, named_element(r.router.ikev2_policies, call.name(0), r.line));
}
void policy_fvrf(Reading& r, const Call& call) { policy_at(r).fvrf = std::string(call.name(0)); }
void policy_local(Reading& r, const Call& call) {
    const auto address = IpAddress::parse(call.name(0));
    if (!address) return r.block_on("the local address cannot be read");
    policy_at(r).local_addresses.push_back(*address);
}
void policy_proposal(Reading& r, const Call& call) {
    for (const auto& word : rest_words(call)) policy_at(r).proposals.push_back(word);
}

// --- keyrings: `crypto ikev2 keyring K` / `peer P` / …

Ikev2Keyring& keyring_at(Reading& r) { return r.router.ikev2_keyrings[r.block]; }
Ikev2Peer& peer_at(Reading& r) { return keyring_at(r).peers[r.peer]; }

void keyring(Reading& r, const Call& call) {
    r.open(Mode::ikev2_keyring, named_element(r.router.ikev2_keyrings, call.name(0), r.line));
}
void peer(Reading& r, const Call& call) {
    r.peer = named_element(keyring_at(r).peers, call.name(0), r.line);
    r.mode = Mode::ikev2_peer;
}
void peer_address(Reading& r, const Call& call) {
    auto place = call.fit.rest;
    peer_at(r).prefix = read_prefix(r, call.words, place);
    if (!peer_at(r).prefix) r.block_on("the address of the peer cannot be read");
}
void peer_hostname(Reading& r, const Call& call) { peer_at(r).hostname = std::string(call.name(0)); }
void peer_identity(Reading& r, const Call& call) { read_match(r, call, true, peer_at(r).identities); }
void peer_key(Reading& r, const Call& call) {
    auto key = read_key(call.words);
    if (!key.unusable.empty()) r.note(key.unusable);
    const bool both = !abbreviates(call.rest(0), "local") && !abbreviates(call.rest(0), "remote");
    auto& entry = peer_at(r);
    if (both || abbreviates(call.rest(0), "local")) {
        entry.local = key;
        entry.local_line = r.line;
    }
    if (both || abbreviates(call.rest(0), "remote")) {
        entry.remote = key;
        entry.remote_line = r.line;
    }
}

// --- profiles

Ikev2Profile& profile_at(Reading& r) { return r.router.ikev2_profiles[r.block]; }

void profile(Reading& r, const Call& call) {
    r.open(Mode::ikev2_profile, named_element(r.router.ikev2_profiles, call.name(0), r.line));
}
void profile_fvrf(Reading& r, const Call& call) { profile_at(r).fvrf = std::string(call.name(0)); }
void profile_match(Reading& r, const Call& call) { read_match(r, call, true, profile_at(r).matches); }
void profile_certificate(Reading& r, const Call& call) { profile_at(r).certificate_maps.emplace_back(call.name(0)); }
void profile_match_local(Reading& r, const Call& call) {
    auto local = call;
    if (abbreviates(call.rest(0), "interface")) ++local.fit.rest;
    profile_at(r).local_addresses.push_back(read_local_address(r, local));
}
void profile_identity(Reading& r, const Call& call) {
    SelfIdentity out;
    out.line = r.line;
    const auto kind = call.rest(0);
    if (abbreviates(kind, "address")) out.kind = SelfIdentity::Kind::address;
    else if (abbreviates(kind, "fqdn")) out.kind = SelfIdentity::Kind::fqdn;
    else if (abbreviates(kind, "email")) out.kind = SelfIdentity::Kind::user_fqdn;
    else if (abbreviates(kind, "dn")) out.kind = SelfIdentity::Kind::dn;
    else if (abbreviates(kind, "key-id")) out.kind = SelfIdentity::Kind::key_id;
    else return r.block_on("this form of identity is not known");
    out.text = std::string(call.rest(1));
    profile_at(r).identity = out;
}

constexpr std::string_view methods[] = {"pre-share", "rsa-sig", "ecdsa-sig", "eap"};
void local_authentication(Reading& r, const Call& call) {
    const auto method = complete(call.rest(0), methods);
    if (method.empty()) return r.block_on("this authentication is not known");
    profile_at(r).authentication_local = std::string(method);
    if (abbreviates(call.rest(1), "key")) profile_at(r).key_local = read_key(call.words);
}
void remote_authentication(Reading& r, const Call& call) {
    const auto method = complete(call.rest(0), methods);
    if (method.empty()) return r.block_on("this authentication is not known");
    profile_at(r).authentication_remote.emplace_back(method);
    if (abbreviates(call.rest(1), "key")) profile_at(r).key_remote = read_key(call.words);
}
void profile_keyring(Reading& r, const Call& call) {
    if (abbreviates(call.rest(0), "aaa") && call.rest_size() > 1) profile_at(r).keyring_aaa = true;
    else profile_at(r).keyring = std::string(abbreviates(call.rest(0), "local") && call.rest_size() > 1 ? call.rest(1) : call.rest(0));
}
void profile_trust_point(Reading& r, const Call& call) { profile_at(r).trust_points.emplace_back(call.name(0)); }

constexpr Command table[] = {
    {Mode::global, "crypto ikev2 proposal NAME", proposal},
    {Mode::ikev2_proposal, "encryption ...", encryption},
    {Mode::ikev2_proposal, "integrity ...", integrity},
    {Mode::ikev2_proposal, "prf ...", prf},
    {Mode::ikev2_proposal, "group ...", group},
    {Mode::global, "crypto ikev2 policy NAME", policy},
    {Mode::ikev2_policy, "match fvrf NAME", policy_fvrf},
    {Mode::ikev2_policy, "match address local A", policy_local},
    {Mode::ikev2_policy, "proposal ...", policy_proposal},
    {Mode::global, "crypto ikev2 keyring NAME", keyring},
    {Mode::ikev2_keyring, "peer NAME", peer},
    {Mode::ikev2_peer, "peer NAME", peer},
    {Mode::ikev2_peer, "address ...", peer_address},
    {Mode::ikev2_peer, "hostname NAME", peer_hostname},
    {Mode::ikev2_peer, "identity ...", peer_identity},
    {Mode::ikev2_peer, "pre-shared-key ...", peer_key},
    {Mode::ikev2_peer, "description ...", nullptr},
    {Mode::global, "crypto ikev2 profile NAME", profile},
    {Mode::ikev2_profile, "match fvrf NAME", profile_fvrf},
    {Mode::ikev2_profile, "match identity remote ...", profile_match},
    {Mode::ikev2_profile, "match certificate MAP", profile_certificate},
    {Mode::ikev2_profile, "match address local ...", profile_match_local},
    {Mode::ikev2_profile, "identity local ...", profile_identity},
    {Mode::ikev2_profile, "authentication local ...", local_authentication},
    {Mode::ikev2_profile, "authentication remote ...", remote_authentication},
    {Mode::ikev2_profile, "keyring ...", profile_keyring},
    {Mode::ikev2_profile, "pki trustpoint NAME ...", profile_trust_point},
    {Mode::ikev2_profile, "dpd ...", nullptr},
    {Mode::ikev2_profile, "lifetime ...", nullptr},
    {Mode::ikev2_profile, "nat ...", nullptr},
    {Mode::ikev2_profile, "ivrf ...", nullptr},
    {Mode::ikev2_profile, "aaa ...", nullptr},
    {Mode::ikev2_profile, "virtual-template ...", nullptr},
    {Mode::ikev2_profile, "description ...", nullptr},
    {Mode::global, "crypto ikev2 dpd ...", nullptr},
    {Mode::global, "crypto ikev2 fragmentation ...", nullptr},
    {Mode::global, "crypto ikev2 nat ...", nullptr},
    {Mode::global, "crypto ikev2 cookie-challenge ...", nullptr},
    {Mode::global, "crypto ikev2 limit ...", nullptr},
    {Mode::global, "crypto ikev2 http-url ...", nullptr},
    {Mode::global, "crypto ikev2 window ...", nullptr},
    {Mode::global, "crypto ikev2 diagnose ...", nullptr},
};

} // namespace

std::span<const Command> ikev2_commands() { return table; }

} // namespace ikescope::ios
