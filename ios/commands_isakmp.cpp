// IKEv1: keyrings, global keys, policies, profiles.
// Source: Cisco IOS Security Command Reference; defaults of absent policy lines as `show crypto isakmp policy` prints them.

#include "ios/commands.hpp"

namespace ikescope::ios {
namespace {

// --- keyrings and global keys

void keyring(Reading& r, const Call& call) {
    r.open(Mode::keyring, named_element(r.router.keyrings, call.name(0), r.line));
    if (abbreviates(call.rest(0), "vrf")) r.router.keyrings[r.block].vrf = std::string(call.rest(1));
    else if (call.rest_size() != 0) r.block_on("only `vrf NAME` may follow the name of a keyring");
}

void add_entry(Reading& r, Keyring& keyring, KeyEntry entry, const Words& words) {
    entry.line = r.line;
    entry.key = read_key(words);
    if (!entry.key.unusable.empty()) r.note(entry.key.unusable);
    keyring.entries.push_back(std::move(entry));
}

void key_by_address(Reading& r, const Call& call) {
    auto place = call.fit.rest;
    KeyEntry entry;
    entry.prefix = read_prefix(r, call.words, place);
    auto& ring = r.router.keyrings[r.block];
    if (!entry.prefix || !abbreviates(call.words[place], "key")) {
        ring.unreadable = true;
        return r.block_on(entry.prefix ? "`key` is expected behind the peer's address" : "the peer's address cannot be read");
    }
    add_entry(r, ring, std::move(entry), call.words);
}

void key_by_hostname(Reading& r, const Call& call) {
    KeyEntry entry;
    entry.hostname = std::string(call.name(0));
    add_entry(r, r.router.keyrings[r.block], std::move(entry), call.words);
}

void global_key(Reading& r, const Call& call) {
    const auto spot = find_key(call.words);
    if (!spot) return r.block_on("the key cannot be found in the line");
    auto place = spot->place + 1;
    KeyEntry entry;
    auto& ring = r.router.global_keys;
    if (abbreviates(call.words[place], "hostname")) {
        entry.hostname = std::string(call.words[place + 1]);
        place += 2;
    } else {
        if (abbreviates(call.words[place], "address")) ++place;
        else if (!abbreviates(call.words[place], "ipv6")) {
            ring.unreadable = true;
            return r.block_on("`address` or `hostname` is expected behind the key");
        }
        entry.prefix = read_prefix(r, call.words, place);
        if (!entry.prefix) {
            ring.unreadable = true;
            return r.block_on("the peer's address cannot be read");
        }
    }
    entry.no_xauth = abbreviates(call.words[place], "no-xauth");
    if (ring.entries.empty()) ring.line = r.line;
    add_entry(r, ring, std::move(entry), call.words);
}

void keyring_local_address(Reading& r, const Call& call) {
    r.router.keyrings[r.block].local_addresses.push_back(read_local_address(r, call));
}

void rsa_key(Reading& r, const Call&) { r.open(Mode::rsa_key, r.block); }

// --- policies

Policy& policy_at(Reading& r) { return r.router.policies[r.block]; }

void policy(Reading& r, const Call& call) {
    const auto priority = number_of(call.name(0));
    if (!priority) {
        r.open(Mode::other, 0);
        return r.block_on("the priority of the policy is not a number");
    }
    auto& list = r.router.policies;
    for (std::size_t i = 0; i < list.size(); ++i)
        if (list[i].priority == *priority) return r.open(Mode::policy, i);
    list.emplace_back();
    list.back().line = r.line;
    list.back().priority = *priority;
    r.open(Mode::policy, list.size() - 1);
}

void policy_unreadable(Reading& r, std::string_view what) {
    policy_at(r).unreadable = true;
    r.block_on("unknown " + std::string(what));
}

void encryption(Reading& r, const Call& call) {
    static constexpr std::string_view known[] = {"des", "3des", "aes", "gcm", "seal"};
    const auto name = complete(call.rest(0), known);
    if (name.empty()) return policy_unreadable(r, "encryption");
    policy_at(r).encryption = std::string(name);
    policy_at(r).key_bits = name == "aes" ? number_of(call.rest(1)).value_or(128) : 0;
}

void hash(Reading& r, const Call& call) {
    static constexpr std::string_view known[] = {"sha", "md5", "sha256", "sha384", "sha512"};
    const auto name = complete(call.rest(0), known);
    if (name.empty()) return policy_unreadable(r, "hash");
    policy_at(r).hash = std::string(name);
}

void authentication(Reading& r, const Call& call) {
    static constexpr std::string_view known[] = {"rsa-sig", "rsa-encr", "pre-share", "ecdsa-sig"};
    const auto name = complete(call.rest(0), known);
    if (name.empty()) return policy_unreadable(r, "authentication");
    policy_at(r).authentication = std::string(name);
}

void group(Reading& r, const Call& call) {
    const auto number = number_of(call.rest(0));
    if (!number || *number == 0) return policy_unreadable(r, "group");
    policy_at(r).group = *number;
}

void lifetime(Reading& r, const Call& call) {
    const auto seconds = number_of(call.rest(0));
    if (!seconds) return policy_unreadable(r, "lifetime");
    policy_at(r).lifetime = *seconds;
}

// --- profiles

IsakmpProfile& profile_at(Reading& r) { return r.router.profiles[r.block]; }

void profile(Reading& r, const Call& call) {
    r.open(Mode::isakmp_profile, named_element(r.router.profiles, call.name(0), r.line));
}

void profile_keyring(Reading& r, const Call& call) {
    for (std::size_t i = 0; i < call.rest_size(); ++i) profile_at(r).keyrings.emplace_back(call.rest(i));
}

void profile_match(Reading& r, const Call& call) {
    const auto before = profile_at(r).matches.size();
    read_match(r, call, false, profile_at(r).matches);
    if (profile_at(r).matches.size() == before) profile_at(r).unreadable = true;
}

void profile_certificate(Reading& r, const Call& call) { profile_at(r).certificate_maps.emplace_back(call.name(0)); }
void profile_trust_point(Reading& r, const Call& call) { profile_at(r).trust_points.emplace_back(call.name(0)); }
void profile_vrf(Reading& r, const Call& call) { profile_at(r).vrf = std::string(call.name(0)); }
void profile_aggressive(Reading& r, const Call&) { profile_at(r).initiate_aggressive = true; }
void profile_local_address(Reading& r, const Call& call) { profile_at(r).local_addresses.push_back(read_local_address(r, call)); }

void self_identity(Reading& r, const Call& call) {
    SelfIdentity out;
    out.line = r.line;
    const auto kind = call.rest(0);
    if (abbreviates(kind, "address")) out.kind = SelfIdentity::Kind::address;
    else if (abbreviates(kind, "fqdn")) out.kind = SelfIdentity::Kind::fqdn;
    else if (abbreviates(kind, "user-fqdn")) out.kind = SelfIdentity::Kind::user_fqdn;
    else return r.block_on("this form of self-identity is not known");
    if (out.kind != SelfIdentity::Kind::address) out.text = std::string(call.rest(1));
    profile_at(r).self_identity = out;
}

void router_identity(Reading& r, const Call& call) {
    SelfIdentity out;
    out.line = r.line;
    if (abbreviates(call.name(0), "address")) out.kind = SelfIdentity::Kind::address;
    else if (abbreviates(call.name(0), "hostname")) out.kind = SelfIdentity::Kind::fqdn;
    else if (abbreviates(call.name(0), "dn")) out.kind = SelfIdentity::Kind::dn;
    else if (abbreviates(call.name(0), "auto")) out.kind = SelfIdentity::Kind::automatic;
    else return r.block_on("this form of identity is not known");
    r.router.identity = out;
}

void no_aggressive(Reading& r, const Call&) { r.router.aggressive_mode_disabled = true; }
void no_defaults(Reading& r, const Call&) { r.router.default_policies = false; }
void client_group(Reading& r, const Call&) { r.open(Mode::keys_ignored, 0); }

// --- peers

void peer(Reading& r, const Call& call) {
    const auto& words = call.words;
    auto place = call.fit.rest;
    IsakmpPeer out;
    out.line = r.line;
    out.password.line = r.line;
    out.password.name = "crypto isakmp peer " + std::string(words[place + 1]);
    if (abbreviates(words[place], "address") || abbreviates(words[place], "ip-address")) {
        ++place;
        out.prefix = read_prefix(r, words, place);
    } else if (!words[place + 1].empty() && (abbreviates(words[place], "hostname") || abbreviates(words[place], "fqdn"))) {
        place += 2;
    } else {
        r.open(Mode::keys_ignored, 0);
        return r.block_on("`address A` or `hostname H` is expected behind peer");
    }
    if (abbreviates(words[place], "vrf")) out.vrf = std::string(words[place + 1]);
    auto& list = r.router.isakmp_peers;
    for (std::size_t i = 0; i < list.size(); ++i)
        if (list[i].password.name == out.password.name && list[i].vrf == out.vrf) return r.open(Mode::isakmp_peer, i);
    if (list.size() < most_elements) list.push_back(std::move(out));
    r.open(Mode::isakmp_peer, list.size() - 1);
}

void peer_password(Reading& r, const Call& call) {
    auto& peer = r.router.isakmp_peers[r.block];
    KeyEntry entry;
    entry.prefix = peer.prefix;
    peer.password.entries.clear();
    add_entry(r, peer.password, std::move(entry), call.words);
}

void peer_endpoint(Reading& r, const Call& call) {
    SelfIdentity out;
    out.line = r.line;
    out.text = std::string(call.rest(1));
    if (abbreviates(call.rest(0), "ipv4-address")) out.kind = SelfIdentity::Kind::address;
    else if (abbreviates(call.rest(0), "fqdn")) out.kind = SelfIdentity::Kind::fqdn;
    else if (abbreviates(call.rest(0), "user-fqdn")) out.kind = SelfIdentity::Kind::user_fqdn;
    else return r.block_on("`ipv4-address`, `fqdn` or `user-fqdn` is expected behind client-endpoint");
    if (out.text.empty() || (out.kind == SelfIdentity::Kind::address && !IpAddress::parse(out.text)))
        return r.block_on("the client-endpoint cannot be read");
    r.router.isakmp_peers[r.block].client_endpoint = out;
}

constexpr Command table[] = {
    {Mode::global, "crypto keyring NAME ...", keyring},
    {Mode::keyring, "pre-shared-key address ...", key_by_address},
    {Mode::keyring, "pre-shared-key hostname H key ...", key_by_hostname},
    {Mode::keyring, "local-address ...", keyring_local_address},
    {Mode::keyring, "rsa-pubkey ...", rsa_key},
    {Mode::keyring, "description ...", nullptr},
    {Mode::rsa_key, "address ...", nullptr},
    {Mode::rsa_key, "serial-number ...", nullptr},
    {Mode::rsa_key, "key-string ...", nullptr},

    {Mode::global, "crypto isakmp key ...", global_key},
    {Mode::global, "crypto isakmp identity KIND ...", router_identity},
    {Mode::global, "crypto isakmp aggressive-mode disable", no_aggressive},
    {Mode::global, "no crypto isakmp default policy", no_defaults},
    {Mode::global, "crypto isakmp keepalive ...", nullptr},
    {Mode::global, "crypto isakmp nat ...", nullptr},
    {Mode::global, "crypto isakmp fragmentation", nullptr},
    {Mode::global, "crypto isakmp invalid-spi-recovery", nullptr},
    {Mode::global, "crypto isakmp xauth ...", nullptr},
    {Mode::global, "crypto isakmp client ...", client_group},
    {Mode::global, "crypto isakmp peer ...", peer},
    {Mode::isakmp_peer, "set aggressive-mode password ...", peer_password},
    {Mode::isakmp_peer, "set aggressive-mode client-endpoint ...", peer_endpoint},
    {Mode::isakmp_peer, "description ...", nullptr},
    {Mode::global, "crypto isakmp diagnose ...", nullptr},
    {Mode::global, "crypto isakmp default policy", nullptr},
    {Mode::global, "crypto isakmp enable", nullptr},
    {Mode::global, "crypto logging ...", nullptr},
    {Mode::global, "crypto call ...", nullptr},

    {Mode::global, "crypto isakmp policy PRIORITY", policy},
    {Mode::policy, "encryption ...", encryption},
    {Mode::policy, "hash ...", hash},
    {Mode::policy, "authentication ...", authentication},
    {Mode::policy, "group ...", group},
    {Mode::policy, "lifetime ...", lifetime},

    {Mode::global, "crypto isakmp profile NAME ...", profile},
    {Mode::isakmp_profile, "keyring ...", profile_keyring},
    {Mode::isakmp_profile, "match identity ...", profile_match},
    {Mode::isakmp_profile, "match certificate MAP", profile_certificate},
    {Mode::isakmp_profile, "self-identity ...", self_identity},
    {Mode::isakmp_profile, "ca trust-point NAME", profile_trust_point},
    {Mode::isakmp_profile, "vrf NAME", profile_vrf},
    {Mode::isakmp_profile, "initiate mode aggressive", profile_aggressive},
    {Mode::isakmp_profile, "local-address ...", profile_local_address},
    {Mode::isakmp_profile, "description ...", nullptr},
    {Mode::isakmp_profile, "keepalive ...", nullptr},
    {Mode::isakmp_profile, "client ...", nullptr},
    {Mode::isakmp_profile, "isakmp ...", nullptr},
    {Mode::isakmp_profile, "accounting ...", nullptr},
    {Mode::isakmp_profile, "qos-group ...", nullptr},
    {Mode::isakmp_profile, "virtual-template ...", nullptr},
};

} // namespace

std::span<const Command> isakmp_commands() { return table; }

} // namespace ikescope::ios
