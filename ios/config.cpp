#include "ios/config.hpp"

#include "ios/commands.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

template <class List>
auto by_name(const List& list, std::string_view name) -> decltype(list.data()) {
    for (const auto& element : list)
        if (element.name == name) return &element;
    return nullptr;
}

bool has(const Interface& interface, const IpAddress& address) {
    return std::ranges::any_of(interface.addresses, [&](const auto& own) { return own.address == address; });
}

void add_candidates(const Router& router, const Keyring& keyring, std::vector<CandidateKey>& out) {
    for (const auto& entry : keyring.entries)
        if (entry.key.usable())
            out.push_back({entry.key.key, keyring.name + " of " + router.name, entry.line, entry.prefix});
}

void add_candidates(const Router& router, const Ikev2Keyring& keyring, std::vector<CandidateKey>& out) {
    for (const auto& peer : keyring.peers) {
        const auto origin = keyring.name + " peer " + peer.name + " of " + router.name;
        if (peer.local && peer.local->usable()) out.push_back({peer.local->key, origin, peer.local_line, peer.prefix});
        if (peer.remote && peer.remote->usable() && !(peer.local && peer.local->key == peer.remote->key))
            out.push_back({peer.remote->key, origin, peer.remote_line, peer.prefix});
    }
}

} // namespace

bool Router::has_address(const IpAddress& address) const {
    return interface_of(address) != nullptr || std::ranges::find(given_addresses, address) != given_addresses.end();
}

bool Router::empty() const {
    return global_keys.entries.empty() && keyrings.empty() && policies.empty() && profiles.empty() && isakmp_peers.empty() &&
           ipsec_profiles.empty() && map_entries.empty() && interfaces.empty() && ikev2_keyrings.empty() &&
           ikev2_profiles.empty() && ikev2_proposals.empty() && transform_sets.empty();
}

const Interface* Router::interface_of(const IpAddress& address) const {
    for (const auto& interface : interfaces)
        if (has(interface, address)) return &interface;
    return nullptr;
}

const Interface* Router::find_interface(std::string_view written) const {
    const auto full = interface_name(written);
    for (const auto& interface : interfaces)
        if (same_word(interface.name, full)) return &interface;
    return nullptr;
}

std::string Router::vrf_of(const IpAddress& local) const {
    const auto* interface = interface_of(local);
    return interface ? interface->vrf : std::string();
}

const Keyring* Router::find_keyring(std::string_view keyring) const {
    return keyring == "default" ? &global_keys : by_name(keyrings, keyring);
}
const IsakmpProfile* Router::find_profile(std::string_view profile) const { return by_name(profiles, profile); }
const IpsecProfile* Router::find_ipsec_profile(std::string_view profile) const { return by_name(ipsec_profiles, profile); }
const TransformSet* Router::find_transform_set(std::string_view set) const { return by_name(transform_sets, set); }
const AccessList* Router::find_access_list(std::string_view acl) const { return by_name(access_lists, acl); }
const Ikev2Keyring* Router::find_ikev2_keyring(std::string_view keyring) const { return by_name(ikev2_keyrings, keyring); }
const Ikev2Profile* Router::find_ikev2_profile(std::string_view profile) const { return by_name(ikev2_profiles, profile); }
const Ikev2Proposal* Router::find_ikev2_proposal(std::string_view proposal) const { return by_name(ikev2_proposals, proposal); }

IpAddress Router::address_of(std::string_view address_or_interface) const {
    if (const auto address = IpAddress::parse(address_or_interface)) return *address;
    const auto* interface = find_interface(address_or_interface);
    return interface && !interface->addresses.empty() ? interface->addresses.front().address : IpAddress{};
}

std::vector<CandidateKey> candidate_keys(const Router& router) {
    std::vector<CandidateKey> out;
    add_candidates(router, router.global_keys, out);
    for (const auto& keyring : router.keyrings) add_candidates(router, keyring, out);
    for (const auto& peer : router.isakmp_peers) add_candidates(router, peer.password, out);
    for (const auto& keyring : router.ikev2_keyrings) add_candidates(router, keyring, out);
    for (const auto& profile : router.ikev2_profiles)
        for (const auto* key : {&profile.key_local, &profile.key_remote})
            if (*key && (*key)->usable()) out.push_back({(*key)->key, "profile " + profile.name + " of " + router.name, profile.line, {}});
    return out;
}

} // namespace ikescope::ios
