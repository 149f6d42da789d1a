// The search for a pre-shared key by the peer's address.
// Source: Cisco document on ISAKMP profiles and keyrings (IOS 15.3T), keyring selection order on initiator and responder.

#include "ios/selection.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

constexpr std::string_view by_host_name = "configured by host name; only keys by address count in this search";

// Why a keyring takes no part in the search; empty when it does.
std::string kept_out(const Router& router, const Keyring& keyring, const Ends& ends) {
    if (keyring.global) {
        if (ends.vrf.empty()) return {};
        return "global keys count only for packets of the default VRF; this one arrived in VRF " + ends.vrf;
    }
    const auto vrf_name = [](const std::string& vrf) { return vrf.empty() ? std::string("the default VRF") : "VRF " + vrf; };
    if (keyring.vrf != ends.vrf) return "the keyring is for " + vrf_name(keyring.vrf) + ", the packet is in " + vrf_name(ends.vrf);
    if (keyring.local_addresses.empty() || ends.local.empty()) return {};
    const auto fits = [&](const LocalAddress& local) {
        if (!local.address.empty()) return local.address == ends.local;
        const auto* interface = router.find_interface(local.interface);
        return interface && std::ranges::any_of(interface->addresses, [&](const auto& own) { return own.address == ends.local; });
    };
    if (std::ranges::any_of(keyring.local_addresses, fits)) return {};
    return "the keyring is restricted to another local address (line " +
           std::to_string(keyring.local_addresses.front().line.number) + ")";
}

// The entry of one keyring with the longest mask that holds the peer; the first of equals.
const KeyEntry* best_entry(const Keyring& keyring, const IpAddress& peer) {
    const KeyEntry* best = nullptr;
    for (const auto& entry : keyring.entries)
        if (entry.prefix && entry.prefix->contains(peer) && (!best || entry.prefix->length > best->prefix->length)) best = &entry;
    return best;
}

// Why an entry of a searched keyring was not taken.
std::string passed_over(const KeyEntry& entry, const Keyring& keyring, const KeyChoice& choice) {
    if (choice.rule == KeyRule::default_first && !keyring.global)
        return "the default keyring is searched first in the default VRF, and a hit there ends the search";
    if (entry.prefix->length < choice.entry->prefix->length)
        return "its mask /" + std::to_string(entry.prefix->length) + " is shorter than /" + std::to_string(choice.entry->prefix->length);
    return "same address and mask, but configured later (line " + std::to_string(entry.line.number) + " after line " +
           std::to_string(choice.entry->line.number) + ")";
}

void add_cause(KeyChoice& choice, std::string_view cause) {
    if (std::ranges::find(choice.causes, cause) == choice.causes.end()) choice.causes.emplace_back(cause);
}

void list_others(const Router& router, const Ends& ends, KeyChoice& choice) {
    const auto look_at = [&](const Keyring& keyring) {
        const auto out = kept_out(router, keyring, ends);
        for (const auto& entry : keyring.entries) {
            if (&entry == choice.entry) continue;
            if (!entry.prefix) choice.others.push_back({&keyring, &entry, std::string(by_host_name)});
            else if (!entry.prefix->contains(ends.peer)) continue;
            else if (!out.empty()) choice.others.push_back({&keyring, &entry, out});
            else if (choice.entry) choice.others.push_back({&keyring, &entry, passed_over(entry, keyring, choice)});
        }
    };
    look_at(router.global_keys);
    for (const auto& keyring : router.keyrings) look_at(keyring);
}

// Ends the search in one keyring after another; the longest mask wins, a host key ends it (`as final key`).
void search(const Keyring& keyring, const Ends& ends, KeyChoice& choice) {
    const auto* entry = best_entry(keyring, ends.peer);
    const bool better = entry && (!choice.entry || entry->prefix->length > choice.entry->prefix->length);
    const bool ended = choice.entry && choice.entry->prefix->length == choice.entry->prefix->address.bits();
    if (!ended) choice.search.push_back({&keyring, entry, better});
    if (!better) return;
    choice.keyring = &keyring;
    choice.entry = entry;
}

// How the winner relates to the entries of other keyrings that also fit.
void judge(const Router& router, const Ends& ends, KeyChoice& choice) {
    if (!choice) return;
    std::size_t fitting = 0;
    for (const auto& keyring : router.keyrings) {
        if (!kept_out(router, keyring, ends).empty()) continue;
        const auto* entry = best_entry(keyring, ends.peer);
        if (!entry) continue;
        if (choice.keyring->global) add_cause(choice, "default-keyring-shadows");
        else if (++fitting; entry != choice.entry && entry->prefix->length == choice.entry->prefix->length) {
            choice.supported = false;
            add_cause(choice, "duplicate-peer-key");
        }
    }
    choice.rule = choice.keyring->global ? KeyRule::default_first
                  : !choice.supported    ? KeyRule::first_of_equal
                  : fitting > 1          ? KeyRule::longest_mask
                                         : KeyRule::only_match;
}

} // namespace

std::string_view rule_text(KeyRule rule) {
    switch (rule) {
    case KeyRule::none: return "no keyring has a key for the peer";
    case KeyRule::configured: return "keyring of the configured profile";
    case KeyRule::default_first: return "default keyring first";
    case KeyRule::only_match: return "only match";
    case KeyRule::longest_mask: return "longest netmask";
    case KeyRule::first_of_equal: return "first configured of equal masks";
    case KeyRule::by_identity: return "host name in the ID";
    case KeyRule::peer_password: return "aggressive-mode password of the peer";
    }
    return {};
}

Ends ends_of(const Router& router, const IpAddress& local, const IpAddress& peer) {
    return {local, peer, router.vrf_of(local)};
}

KeyChoice ikev1_key_by_address(const Router& router, const Ends& ends) {
    KeyChoice choice;
    if (ends.vrf.empty()) search(router.global_keys, ends, choice);
    if (!choice)
        for (const auto& keyring : router.keyrings)
            if (kept_out(router, keyring, ends).empty()) search(keyring, ends, choice);
    judge(router, ends, choice);
    list_others(router, ends, choice);
    return choice;
}

std::vector<const Keyring*> keyrings_of(const Router& router, const IsakmpProfile& profile) {
    if (profile.keyrings.empty()) return {&router.global_keys};
    std::vector<const Keyring*> out;
    for (const auto& name : profile.keyrings)
        if (const auto* keyring = router.find_keyring(name)) out.push_back(keyring);
    return out;
}

KeyChoice ikev1_key_of_profile(const Router& router, const IsakmpProfile* profile, const Ends& ends) {
    if (!profile) return ikev1_key_by_address(router, ends);
    KeyChoice choice;
    const auto keyrings = keyrings_of(router, *profile);
    const bool has_default = std::ranges::find(keyrings, &router.global_keys) != keyrings.end();
    // The detailed log shows the default keyring searched in vain before the profile's own.
    if (!has_default && ends.vrf.empty() && !best_entry(router.global_keys, ends.peer))
        choice.search.push_back({&router.global_keys, nullptr, false});
    for (const auto* keyring : keyrings)
        if (kept_out(router, *keyring, ends).empty()) search(*keyring, ends, choice);
    choice.rule = choice ? KeyRule::configured : KeyRule::none;
    for (const auto* keyring : keyrings)
        if (const auto out = kept_out(router, *keyring, ends); !out.empty())
            if (const auto* entry = best_entry(*keyring, ends.peer)) choice.others.push_back({keyring, entry, out});
    for (const auto* keyring : keyrings)
        for (const auto& entry : keyring->entries)
            if (!entry.prefix) choice.others.push_back({keyring, &entry, std::string(by_host_name)});
    return choice;
}

KeyChoice ikev1_key_by_identity(const Router& router, const IsakmpProfile* profile, const Identity& identity, const Ends& ends) {
    auto choice = ikev1_key_of_profile(router, profile, ends);
    if (identity.type != id_type::fqdn && identity.type != id_type::user_fqdn) return choice;
    std::vector<const Keyring*> keyrings;
    if (profile) {
        keyrings = keyrings_of(router, *profile);
    } else {
        keyrings.push_back(&router.global_keys);
        for (const auto& keyring : router.keyrings) keyrings.push_back(&keyring);
    }
    for (const auto* keyring : keyrings)
        for (const auto& entry : keyring->entries) {
            if (entry.prefix || !same_word(entry.hostname, identity.text) || !kept_out(router, *keyring, ends).empty()) continue;
            KeyChoice named;
            named.keyring = keyring;
            named.entry = &entry;
            named.rule = KeyRule::by_identity;
            if (choice) named.others.push_back({choice.keyring, choice.entry, "the key by the host name in the ID comes before keys by address"});
            return named;
        }
    return choice;
}

KeyringCheck ikev1_check_keyring(const Router& router, const KeyChoice& picked, const IsakmpProfile* profile, const Ends& ends) {
    KeyringCheck check;
    check.picked = picked.keyring;
    if (!profile) {
        check.rule = "no profile matches the ID: phase 1 goes on with the global configuration";
        return check;
    }
    const auto keyrings = keyrings_of(router, *profile);
    check.passed = picked.keyring && std::ranges::find(keyrings, picked.keyring) != keyrings.end();
    if (check.passed) {
        check.expected = picked.keyring;
        check.expected_entry = picked.entry;
        check.same_password = true;
        check.rule = "the key was picked from " + picked.keyring->name + ", a keyring of profile " + profile->name;
        return check;
    }
    const auto expected = ikev1_key_of_profile(router, profile, ends);
    check.expected = expected.keyring;
    check.expected_entry = expected.entry;
    check.same_password = expected && picked && expected.entry->key.usable() && expected.entry->key.key == picked.entry->key.key;
    check.rule = "the key was picked from " + picked.keyring_name() + ", but profile " + profile->name + " uses " +
                 (profile->keyrings.empty() ? "the default keyring, because it names none" : profile->keyrings.front()) +
                 "; the keyrings must be the same object, equal passwords do not help";
    check.causes = picked.causes;
    if (profile->keyrings.empty()) check.causes.emplace_back("profile-without-keyring");
    if (expected && picked && check.causes.empty()) check.causes.emplace_back("more-specific-key-elsewhere");
    return check;
}

} // namespace ikescope::ios
