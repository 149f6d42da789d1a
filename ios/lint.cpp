// The checks, one row each. Source of most: Cisco document on ISAKMP profiles and keyrings (IOS 15.3T), summary.

#include "ios/lint.hpp"

#include "ios/predict.hpp"
#include "ios/proposals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace ikescope::ios {
namespace {

using Remarks = std::vector<Lint>;

void add(Remarks& out, Weight weight, const Line& line, std::string text, std::string advice) {
    out.push_back({{}, weight, line.number, std::move(text), std::move(advice)});
}

// Every keyring that searches by address, the global one included.
std::vector<const Keyring*> all_keyrings(const Router& router) {
    std::vector<const Keyring*> out;
    if (!router.global_keys.entries.empty()) out.push_back(&router.global_keys);
    for (const auto& keyring : router.keyrings) out.push_back(&keyring);
    return out;
}

// And the passwords of peers.
std::vector<const Keyring*> all_keys(const Router& router) {
    auto out = all_keyrings(router);
    for (const auto& peer : router.isakmp_peers) out.push_back(&peer.password);
    return out;
}

void duplicate_peer_key(const Router& router, Remarks& out) {
    std::map<std::tuple<std::string, Prefix, std::string>, std::pair<const Keyring*, const KeyEntry*>> seen;
    for (const auto& keyring : router.keyrings)
        for (const auto& entry : keyring.entries) {
            if (!entry.prefix) continue;
            const auto local = keyring.local_addresses.empty() ? std::string()
                                                               : keyring.local_addresses.front().address.text() + keyring.local_addresses.front().interface;
            const auto [at, fresh] = seen.try_emplace({keyring.vrf, *entry.prefix, local}, &keyring, &entry);
            if (fresh) continue;
            const auto& [first_ring, first] = at->second;
            if (first_ring == &keyring) {
                add(out, Weight::warning, entry.line, fmt::format("keyring {} has two keys for {} (also line {})", keyring.name, entry.prefix->text(), first->line.number),
                    "Keep one key per peer.");
                continue;
            }
            add(out, Weight::warning, entry.line,
                fmt::format("{} has a key in keyring {} (line {}) and in keyring {} (line {}): Cisco calls that unsupported and unpredictable; in practice {} is picked",
                            entry.prefix->text(), first_ring->name, first->line.number, keyring.name, entry.line.number, first_ring->name),
                "Put all peers of a responder into one keyring, each address once, or move to IKEv2.");
        }
}

void default_keyring_shadows(const Router& router, Remarks& out) {
    for (const auto& global : router.global_keys.entries) {
        if (!global.prefix) continue;
        for (const auto& keyring : router.keyrings) {
            if (!keyring.vrf.empty()) continue;
            const auto hidden = std::ranges::find_if(keyring.entries, [&](const KeyEntry& entry) {
                return entry.prefix && (global.prefix->contains(entry.prefix->address) || entry.prefix->contains(global.prefix->address));
            });
            if (hidden == keyring.entries.end()) continue;
            add(out, Weight::warning, global.line,
                fmt::format("the global key for {} is searched before all keyrings of the default VRF and hides {} in keyring {} (line {}), however specific that is",
                            global.prefix->text(), hidden->prefix->text(), keyring.name, hidden->line.number),
                "Do not mix global keys with keyrings: move this key into a keyring.");
        }
    }
}

// Do two match lines accept a common identity?
bool overlap(const IdentityMatch& a, const IdentityMatch& b) {
    using Kind = IdentityMatch::Kind;
    if (a.fvrf != b.fvrf) return false;
    if (a.kind == Kind::address && b.kind == Kind::address) return a.prefix.contains(b.prefix.address) || b.prefix.contains(a.prefix.address);
    const auto as_identity = [](const IdentityMatch& match) {
        switch (match.kind) {
        case Kind::host: return Identity::of(id_type::fqdn, match.text);
        case Kind::user: return Identity::of(id_type::user_fqdn, match.text);
        case Kind::host_domain: return Identity::of(id_type::fqdn, "x." + match.text);
        case Kind::user_domain: return Identity::of(id_type::user_fqdn, "x@" + match.text);
        case Kind::group:
        case Kind::key_id: return Identity::of(id_type::key_id, match.text);
        case Kind::address:
        case Kind::any: break;
        }
        return Identity{};
    };
    return specificity(a, as_identity(b), a.fvrf) >= 0 || specificity(b, as_identity(a), b.fvrf) >= 0;
}

constexpr std::size_t most_compared = 500; // profiles; beyond, comparing all with all would take too long

void ambiguous_profile(const Router& router, Remarks& out) {
    const auto count = std::min(router.profiles.size(), most_compared);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i + 1; j < count; ++j)
            for (const auto& a : router.profiles[i].matches)
                for (const auto& b : router.profiles[j].matches) {
                    if (out.size() > most_compared || !overlap(a, b)) continue;
                    add(out, Weight::warning, b.line,
                        fmt::format("an identity can match profile {} (line {}) and profile {}: Cisco calls that invalid; the most specific match is taken",
                                    router.profiles[i].name, a.line.number, router.profiles[j].name),
                        "Let every peer match one profile only.");
                }
}

void profile_without_keyring(const Router& router, Remarks& out) {
    if (router.keyrings.empty()) return;
    for (const auto& profile : router.profiles)
        if (profile.keyrings.empty() && profile.trust_points.empty())
            add(out, Weight::warning, profile.line, fmt::format("profile {} names no keyring, so it uses the default keyring (the global keys)", profile.name),
                "Name the keyring that holds the keys of these peers.");
}

// A profile configured earlier with the same match line.
const IsakmpProfile* earlier_with(const Router& router, const IsakmpProfile& profile, const IdentityMatch& match) {
    for (const auto& other : router.profiles) {
        if (&other == &profile) return nullptr;
        for (const auto& line : other.matches)
            if (line.kind == match.kind && line.prefix == match.prefix && same_word(line.text, match.text) && line.fvrf == match.fvrf) return &other;
    }
    return nullptr;
}

void unreachable_profile(const Router& router, Remarks& out) {
    for (const auto& profile : router.profiles) {
        if (!profile.certificate_maps.empty() || profile.unreadable) continue;
        if (profile.matches.empty()) {
            add(out, Weight::warning, profile.line, fmt::format("profile {} has no match line: no peer can select it", profile.name),
                "Add `match identity` lines for the peers it is meant for.");
            continue;
        }
        const IsakmpProfile* before = nullptr;
        const bool hidden = std::ranges::all_of(profile.matches, [&](const auto& match) { return (before = earlier_with(router, profile, match)) != nullptr; });
        if (hidden)
            add(out, Weight::warning, profile.line, fmt::format("no peer can select profile {}: profile {} (line {}) has the same match lines and stands first", profile.name, before->name, before->line.number),
                "Remove one of the two, or give them different identities.");
    }
}

void hostname_key(const Router& router, Remarks& out) {
    for (const auto* keyring : all_keyrings(router))
        for (const auto& entry : keyring->entries)
            if (!entry.prefix)
                add(out, Weight::warning, entry.line,
                    fmt::format("the key for host {} in keyring {} is never found in Main Mode: only keys by address count there", entry.hostname, keyring->name),
                    "Give the key by address, or use certificates or IKEv2.");
}

bool wants_keys(const Router& router) { return !all_keys(router).empty(); }

void policy_never_matches(const Router& router, Remarks& out) {
    if (!wants_keys(router) || router.policies.empty()) return;
    const bool any = std::ranges::any_of(router.policies, [](const Policy& policy) { return policy.authentication == "pre-share"; });
    for (const auto& policy : router.policies) {
        if (policy.authentication == "rsa-sig" && !any)
            add(out, Weight::warning, policy.line,
                fmt::format("policy {} authenticates with rsa-sig{}, and no other policy uses the pre-shared keys that are configured", policy.priority,
                            policy.unreadable ? " (a line is not understood)" : ", the default"),
                "Add `authentication pre-share`.");
        for (const auto& earlier : router.policies) {
            if (earlier.priority >= policy.priority || compare(policy, earlier) != PolicyFault::none) continue;
            add(out, Weight::note, policy.line, fmt::format("policy {} never comes to pass: policy {} (line {}) takes the same offers first", policy.priority, earlier.priority, earlier.line.number),
                "Remove one of the two.");
            break;
        }
    }
}

bool weak_group(unsigned group) { return group < 14 || group == 22 || group == 23; }

void weak_crypto(const Router& router, Remarks& out) {
    for (const auto& policy : router.policies) {
        std::string weak;
        const auto also = [&](const std::string& word) { weak += (weak.empty() ? "" : ", ") + word; };
        if (policy.encryption == "des" || policy.encryption == "3des") also(policy.encryption);
        if (policy.hash == "md5") also("md5");
        if (policy.hash == "sha") also("sha-1");
        if (weak_group(policy.group)) also("group " + std::to_string(policy.group));
        if (weak.empty()) continue;
        add(out, Weight::note, policy.line, fmt::format("policy {} uses {}", policy.priority, weak), "Use aes 256, sha256 and group 14 or better (RFC 8247).");
    }
    for (const auto& set : router.transform_sets)
        for (const auto& transform : set.transforms)
            if (transform == "esp-des" || transform == "esp-3des" || transform == "esp-md5-hmac" || transform == "esp-null")
                add(out, Weight::note, set.line, fmt::format("transform set {} uses {}", set.name, transform), "Use esp-aes 256 with esp-sha256-hmac, or esp-gcm (RFC 8221).");
}

void aggressive(const Router& router, Remarks& out) {
    for (const auto& profile : router.profiles)
        if (profile.initiate_aggressive)
            add(out, Weight::warning, profile.line, fmt::format("profile {} starts Aggressive Mode: the hash that proves the key goes over the wire and can be attacked offline", profile.name),
                "Use Main Mode or IKEv2.");
    for (const auto& peer : router.isakmp_peers)
        if (peer.wants_aggressive())
            add(out, Weight::warning, peer.line, fmt::format("{} starts Aggressive Mode: the hash that proves the key goes over the wire and can be attacked offline", peer.password.name),
                "Use Main Mode or IKEv2.");
    if (router.aggressive_mode_disabled || !wants_keys(router)) return;
    add(out, Weight::note, all_keys(router).front()->line,
        "the router answers Aggressive Mode, which exposes a hash of the pre-shared key to anybody who asks", "Add `crypto isakmp aggressive-mode disable` where no client needs it.");
}

void trailing_blank(const Router& router, Remarks& out) {
    for (const auto* keyring : all_keys(router))
        for (const auto& entry : keyring->entries)
            if (entry.key.trailing_blank)
                add(out, Weight::warning, entry.line, fmt::format("the key in keyring {} ends with a blank, which is part of the key", keyring->name), "Enter the key again without the blank, unless the peer has it too.");
    for (const auto& keyring : router.ikev2_keyrings)
        for (const auto& peer : keyring.peers)
            if (peer.local && peer.local->trailing_blank)
                add(out, Weight::warning, peer.local_line, fmt::format("the key of peer {} ends with a blank, which is part of the key", peer.name), "Enter the key again without the blank, unless the peer has it too.");
}

// --- names that lead nowhere

void undefined_keyring(const Router& router, Remarks& out) {
    for (const auto& profile : router.profiles)
        for (const auto& name : profile.keyrings)
            if (!router.find_keyring(name)) add(out, Weight::error, profile.line, fmt::format("profile {} names keyring {}, which is not defined", profile.name, name), "Define it or correct the name.");
    for (const auto& profile : router.ikev2_profiles)
        if (!profile.keyring.empty() && !profile.keyring_aaa && !router.find_ikev2_keyring(profile.keyring))
            add(out, Weight::error, profile.line, fmt::format("IKEv2 profile {} names keyring {}, which is not defined", profile.name, profile.keyring), "Define it or correct the name.");
}

void check_terms(const Router& router, const IpsecTerms& terms, const Line& line, const std::string& name, Remarks& out) {
    if (!terms.isakmp_profile.empty() && !router.find_profile(terms.isakmp_profile))
        add(out, Weight::error, line, fmt::format("{} names isakmp profile {}, which is not defined", name, terms.isakmp_profile), "Define it or correct the name.");
    if (!terms.ikev2_profile.empty() && !router.find_ikev2_profile(terms.ikev2_profile))
        add(out, Weight::error, line, fmt::format("{} names IKEv2 profile {}, which is not defined", name, terms.ikev2_profile), "Define it or correct the name.");
    for (const auto& set : terms.transform_sets)
        if (!router.find_transform_set(set)) add(out, Weight::error, line, fmt::format("{} names transform set {}, which is not defined", name, set), "Define it or correct the name.");
}

void undefined_name(const Router& router, Remarks& out) {
    for (const auto& profile : router.ipsec_profiles) check_terms(router, profile, profile.line, "IPsec profile " + profile.name, out);
    for (const auto& entry : router.map_entries) {
        check_terms(router, entry, entry.line, fmt::format("crypto map {} {}", entry.map, entry.sequence), out);
        if (!entry.acl.empty() && !router.find_access_list(entry.acl))
            add(out, Weight::error, entry.line, fmt::format("crypto map {} {} names access list {}, which is not defined", entry.map, entry.sequence, entry.acl), "Define it or correct the name.");
    }
    for (const auto& interface : router.interfaces) {
        if (!interface.tunnel_protection.empty() && !router.find_ipsec_profile(interface.tunnel_protection))
            add(out, Weight::error, interface.line, fmt::format("{} names IPsec profile {}, which is not defined", interface.name, interface.tunnel_protection), "Define it or correct the name.");
        const bool known = interface.crypto_map.empty() || std::ranges::any_of(router.map_entries, [&](const auto& entry) { return entry.map == interface.crypto_map; });
        if (!known) add(out, Weight::error, interface.line, fmt::format("{} names crypto map {}, which is not defined", interface.name, interface.crypto_map), "Define it or correct the name.");
    }
}

void no_key_for_peer(const Router& router, Remarks& out) {
    if (!wants_keys(router)) return;
    for (const auto& path : paths_of(router)) {
        if (path.ikev2() || path.any_peer) continue;
        const auto* profile = router.find_profile(path.terms.isakmp_profile);
        if (profile && !profile->trust_points.empty()) continue;
        if (!ikev1_initiator_key(router, path))
            add(out, Weight::error, path.line, fmt::format("{} has no key for its peer {}{}", path.name, path.ends.peer.text(), profile ? " in the keyrings of profile " + profile->name : ""),
                "Add the peer to the keyring.");
    }
}

void initiator_only(const Router& router, Remarks& out) {
    for (const auto& path : paths_of(router)) {
        const auto* profile = router.find_profile(path.terms.isakmp_profile);
        if (path.ikev2() || path.any_peer || !profile) continue;
        const auto picked = ikev1_key_by_address(router, path.ends);
        if (!picked || !ikev1_key_of_profile(router, profile, path.ends)) continue;
        const auto check = ikev1_check_keyring(router, picked, profile, path.ends);
        if (check.passed) continue;
        add(out, Weight::warning, path.line,
            fmt::format("{} can start but not answer: as responder {} picks keyring {} for {} ({}), but profile {} of this path uses another", path.name, router.name, picked.keyring_name(),
                        path.ends.peer.text(), rule_text(picked.rule), profile->name),
            "Let the search by address end in a keyring of that profile.");
    }
}

void unusable_key(const Router& router, Remarks& out) {
    for (const auto* keyring : all_keys(router))
        for (const auto& entry : keyring->entries)
            if (!entry.key.unusable.empty()) add(out, Weight::note, entry.line, entry.key.unusable, "Give the clear key with --psk.");
}

void mask_incomplete(const Router& router, Remarks& out) {
    for (const auto& interface : router.interfaces)
        for (const auto& address : interface.addresses)
            if (address.mask_assumed) add(out, Weight::warning, address.line, fmt::format("the mask of {} is incomplete; /{} is assumed", interface.name, address.length), "Complete the line.");
}

void not_understood(const Router& router, Remarks& out) {
    for (const auto& remark : router.remarks)
        if (remark.blocking || remark.what.starts_with("not understood")) add(out, remark.blocking ? Weight::error : Weight::note, remark.line, remark.what + ": " + remark.line.text, "Check the line.");
}

struct Check {
    LintKind kind;
    void (*run)(const Router&, Remarks&);
};
constexpr std::string_view document = "Cisco document on ISAKMP profiles and keyrings, IOS 15.3T";
constexpr Check checks[] = {
    {{"duplicate-peer-key", "the same address has keys in two keyrings", document}, duplicate_peer_key},
    {{"default-keyring-shadows", "a global key is found before the keyrings", document}, default_keyring_shadows},
    {{"ambiguous-profile", "one identity matches two profiles", document}, ambiguous_profile},
    {{"profile-without-keyring", "the profile falls back to the default keyring", document}, profile_without_keyring},
    {{"unreachable-profile", "no identity selects the profile", document}, unreachable_profile},
    {{"hostname-key-in-main-mode", "keys by host name are not found in Main Mode", document}, hostname_key},
    {{"one-way-tunnel", "a path that can be started but not answered", document}, initiator_only},
    {{"no-key-for-peer", "a path without a key for its peer", document}, no_key_for_peer},
    {{"policy-never-matches", "a policy that no exchange can use", "Cisco IOS Security Command Reference"}, policy_never_matches},
    {{"weak-crypto", "algorithms that should no longer be used", "RFC 8247, RFC 8221"}, weak_crypto},
    {{"aggressive-enabled", "Aggressive Mode exposes the key to guessing", "RFC 2409 5.4"}, aggressive},
    {{"trailing-blank-in-key", "a blank at the end of a key is part of it", "Cisco IOS Security Command Reference"}, trailing_blank},
    {{"undefined-keyring", "a keyring that is named but not defined", "Cisco IOS Security Command Reference"}, undefined_keyring},
    {{"undefined-name", "a profile, map, set or list that is named but not defined", "Cisco IOS Security Command Reference"}, undefined_name},
    {{"key-unusable", "a key that cannot be read", "Cisco IOS Security Command Reference"}, unusable_key},
    {{"mask-incomplete", "a netmask that is cut short", "-"}, mask_incomplete},
    {{"line-not-understood", "a line that may matter and is not understood", "-"}, not_understood},
};

} // namespace

std::string_view weight_name(Weight weight) {
    return weight == Weight::error ? "error" : weight == Weight::warning ? "warning" : "note";
}

std::vector<Lint> lint(const Router& router) {
    std::vector<Lint> out;
    for (const auto& check : checks) {
        Remarks found;
        check.run(router, found);
        for (auto& remark : found) {
            remark.id = std::string(check.kind.id);
            out.push_back(std::move(remark));
        }
    }
    std::ranges::stable_sort(out, {}, &Lint::line);
    return out;
}

std::vector<LintKind> lint_kinds() {
    std::vector<LintKind> out;
    for (const auto& check : checks) out.push_back(check.kind);
    return out;
}

} // namespace ikescope::ios
