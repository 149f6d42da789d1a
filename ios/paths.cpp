// What can ask for SAs: tunnels with protection and crypto map entries on interfaces, with their proxy identities.

#include "ios/selection.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

Selector host(const IpAddress& address, std::uint8_t protocol) {
    return {{address, static_cast<std::uint8_t>(address.bits())}, protocol, 0};
}

// GRE tunnels protect protocol 47 between their end points; `tunnel mode ipsec` protects everything.
ProxyPair tunnel_proxies(const Interface& tunnel, const Ends& ends) {
    if (tunnel.tunnel_mode.starts_with("ipsec")) {
        const bool six = tunnel.tunnel_mode.ends_with("ipv6");
        const Selector all{{six ? IpAddress::from(Buffer(16)) : IpAddress::v4(0), 0}, 0, 0};
        return {all, all};
    }
    constexpr std::uint8_t gre = 47, ipip = 4;
    const auto protocol = tunnel.tunnel_mode.starts_with("ipip") ? ipip : gre;
    return {host(ends.local, protocol), host(ends.peer, protocol)};
}

Path tunnel_path(const Router& router, const Interface& tunnel) {
    Path path;
    path.name = tunnel.name;
    path.line = tunnel.line;
    path.tunnel = true;
    path.ends.local = router.address_of(tunnel.tunnel_source);
    path.ends.vrf = tunnel.tunnel_vrf;
    const auto destination = IpAddress::parse(tunnel.tunnel_destination);
    path.any_peer = !destination;
    if (destination) path.ends.peer = *destination;
    if (const auto* profile = router.find_ipsec_profile(tunnel.tunnel_protection)) path.terms = static_cast<const IpsecTerms&>(*profile);
    else path.problems.push_back("IPsec profile " + tunnel.tunnel_protection + " is not defined");
    path.proxies.push_back(tunnel_proxies(tunnel, path.ends));
    return path;
}

const MapSettings* settings_of(const Router& router, std::string_view map) {
    for (const auto& settings : router.map_settings)
        if (settings.map == map) return &settings;
    return nullptr;
}

void add_entry(const Router& router, const MapEntry& entry, Path path, std::vector<Path>& out) {
    const auto* settings = settings_of(router, path.name);
    path.name = std::string(entry.dynamic ? "crypto dynamic-map " : "crypto map ") + entry.map + " " + std::to_string(entry.sequence);
    path.line = entry.line;
    path.terms = static_cast<const IpsecTerms&>(entry);
    if (path.terms.isakmp_profile.empty() && settings) path.terms.isakmp_profile = settings->isakmp_profile;
    if (settings && !settings->local_interface.empty())
        if (const auto local = router.address_of(settings->local_interface); !local.empty()) path.ends.local = local;
    if (const auto* list = router.find_access_list(entry.acl)) {
        for (const auto& line : list->entries)
            if (line.permit) path.proxies.push_back(line.pair);
    } else if (!entry.acl.empty()) {
        path.problems.push_back("access list " + entry.acl + " is not defined");
    }
    path.any_peer = entry.peers.empty();
    if (path.any_peer) return out.push_back(path);
    for (const auto& peer : entry.peers)
        if (const auto address = IpAddress::parse(peer)) {
            path.ends.peer = *address;
            out.push_back(path);
        }
}

void add_map(const Router& router, const std::string& map, const Ends& ends, std::vector<Path>& out) {
    std::vector<const MapEntry*> entries;
    for (const auto& entry : router.map_entries)
        if (entry.map == map && !entry.dynamic) entries.push_back(&entry);
    std::ranges::sort(entries, {}, &MapEntry::sequence);
    Path path;
    path.name = map;
    path.ends = ends;
    for (const auto* entry : entries) {
        if (entry->dynamic_map.empty()) {
            add_entry(router, *entry, path, out);
            continue;
        }
        for (const auto& dynamic : router.map_entries)
            if (dynamic.dynamic && dynamic.map == entry->dynamic_map) add_entry(router, dynamic, path, out);
    }
}

} // namespace

std::vector<Path> paths_of(const Router& router) {
    std::vector<Path> out;
    for (const auto& interface : router.interfaces) {
        if (interface.shut_down) continue;
        if (!interface.tunnel_protection.empty()) out.push_back(tunnel_path(router, interface));
        if (interface.crypto_map.empty()) continue;
        Ends ends;
        if (!interface.addresses.empty()) ends.local = interface.addresses.front().address;
        ends.vrf = interface.vrf;
        add_map(router, interface.crypto_map, ends, out);
    }
    // A fragment without interfaces: every map counts as applied.
    if (router.interfaces.empty()) {
        std::vector<std::string> seen;
        for (const auto& entry : router.map_entries) {
            if (entry.dynamic || std::ranges::find(seen, entry.map) != seen.end()) continue;
            seen.push_back(entry.map);
            add_map(router, entry.map, {}, out);
        }
    }
    return out;
}

std::vector<Path> paths_to(const Router& router, const IpAddress& peer) {
    std::vector<Path> out;
    for (auto& path : paths_of(router))
        if (!path.any_peer && path.ends.peer == peer) out.push_back(path);
    for (auto& path : paths_of(router))
        if (path.any_peer) out.push_back(path);
    return out;
}

} // namespace ikescope::ios
