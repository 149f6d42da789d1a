// How one router reaches the other: the tunnel or map entry, and addresses filled in where a fragment leaves them out.

#include "ios/decision.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

bool knows_its_addresses(const Router& router) {
    return !router.given_addresses.empty() ||
           std::ranges::any_of(router.interfaces, [](const auto& interface) { return !interface.addresses.empty(); });
}

// The first path of `from` that leads to `to`.
const Path* leading_to(const std::vector<Path>& paths, const Router& to) {
    for (const auto& path : paths)
        if (!path.any_peer && to.has_address(path.ends.peer)) return &path;
    if (knows_its_addresses(to)) return nullptr;
    for (const auto& path : paths)
        if (!path.any_peer) return &path;
    return nullptr;
}

// An address of `of` on the network of `near`, else its first one that is neither a loopback's nor a tunnel's.
IpAddress address_near(const Router& of, const Router& near) {
    IpAddress first;
    for (const auto& interface : of.interfaces) {
        if (interface.name.starts_with("Loopback") || interface.name.starts_with("Tunnel")) continue;
        for (const auto& own : interface.addresses) {
            if (first.empty()) first = own.address;
            for (const auto& other : near.interfaces)
                for (const auto& there : other.addresses)
                    if (!other.name.starts_with("Tunnel") && Prefix{own.address, own.length}.contains(there.address)) return own.address;
        }
    }
    return first.empty() && !of.given_addresses.empty() ? of.given_addresses.front() : first;
}

} // namespace

Way way_between(const Router& initiator, const Router& responder) {
    Way way;
    const auto own = paths_of(initiator), theirs = paths_of(responder);
    const auto* back = leading_to(theirs, initiator);
    if (const auto* path = leading_to(own, responder)) {
        way.asking = *path;
    } else {
        const bool elsewhere = std::ranges::any_of(own, [](const auto& some) { return !some.any_peer; });
        if (!own.empty())
            way.problem = elsewhere ? initiator.name + " has no tunnel or crypto map entry that leads to " + responder.name
                                    : initiator.name + " has only entries for any peer (dynamic map, multipoint): it answers but never starts";
        way.asking.name = initiator.name;
    }
    auto& ends = way.asking.ends;
    if (ends.peer.empty()) ends.peer = back && !back->ends.local.empty() ? back->ends.local : address_near(responder, initiator);
    if (ends.local.empty()) ends.local = back ? back->ends.peer : address_near(initiator, responder);
    for (auto& pair : way.asking.proxies) { // GRE between end points that only now are known
        if (pair.local.prefix.address.empty()) pair.local.prefix = {ends.local, 32};
        if (pair.remote.prefix.address.empty()) pair.remote.prefix = {ends.peer, 32};
    }
    way.initiator = ends;
    way.responder = ends_of(responder, ends.peer, ends.local);
    if (back && back->tunnel) way.responder.vrf = back->ends.vrf;
    if (way.problem.empty() && (ends.local.empty() || ends.peer.empty()))
        way.problem = "the configurations do not tell the addresses between which the routers speak";
    return way;
}

} // namespace ikescope::ios
