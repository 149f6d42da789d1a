#include "ios/proposals.hpp"

#include "ios/words.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

// IOS's default policies, as `show crypto isakmp default policy` lists them (IOS 12.4(20)T and later).
struct BuiltIn {
    unsigned priority;
    std::string_view encryption, hash, authentication;
    unsigned group;
};
constexpr BuiltIn built_in[] = {
    {65507, "aes", "sha", "rsa-sig", 5},  {65508, "aes", "sha", "pre-share", 5},
    {65509, "aes", "md5", "rsa-sig", 5},  {65510, "aes", "md5", "pre-share", 5},
    {65511, "3des", "sha", "rsa-sig", 2}, {65512, "3des", "sha", "pre-share", 2},
    {65513, "3des", "md5", "rsa-sig", 2}, {65514, "3des", "md5", "pre-share", 2},
};

// Set names written out to comparable transforms: `esp-aes` is `esp-aes 128`.
std::vector<std::string> normal(const TransformSet& set) {
    auto out = set.transforms;
    for (auto& transform : out)
        if (transform == "esp-aes" || transform == "ah-aes" || transform == "esp-gcm" || transform == "esp-gmac") transform += " 128";
    std::ranges::sort(out);
    return out;
}

// `mode transport` is only asked for when the proxy identities are the peers themselves.
bool host_to_host(const Path& path) {
    return !path.proxies.empty() && path.proxies.front().local.prefix == Prefix{path.ends.local, 32} &&
           path.proxies.front().remote.prefix == Prefix{path.ends.peer, 32};
}

std::string common_transform(const Router& initiator, const Path& asking, const Router& responder, const Path& own) {
    for (const auto& offered : asking.terms.transform_sets) {
        const auto* offer = initiator.find_transform_set(offered);
        if (!offer) continue;
        for (const auto& accepted : own.terms.transform_sets) {
            const auto* mine = responder.find_transform_set(accepted);
            if (!mine || normal(*offer) != normal(*mine)) continue;
            if (host_to_host(asking) && offer->tunnel_mode != mine->tunnel_mode) continue;
            std::string text;
            for (const auto& part : offer->transforms) text += (text.empty() ? "" : " ") + part;
            return text;
        }
    }
    return {};
}

bool inside(const Selector& small, const Selector& big) {
    return big.prefix.length <= small.prefix.length && big.prefix.contains(small.prefix.address) &&
           (big.protocol == 0 || big.protocol == small.protocol) && (big.port == 0 || big.port == small.port);
}

// Do the responder's proxy identities mirror what is asked for? A dynamic map without a list takes any.
bool proxies_fit(const Path& own, const Path& asking) {
    if (asking.proxies.empty()) return true; // the initiator's configuration does not say
    if (own.proxies.empty()) return own.any_peer;
    const auto& wanted = asking.proxies.front();
    return std::ranges::any_of(own.proxies, [&](ProxyPair pair) {
        if (own.tunnel && own.any_peer) pair.remote = wanted.local; // multipoint: the far end is learnt
        return inside(wanted.local, pair.remote) && inside(wanted.remote, pair.local);
    });
}

bool peers_fit(const Path& own, const Path& asking) {
    if (!own.any_peer && !asking.ends.local.empty() && own.ends.peer != asking.ends.local) return false;
    return own.ends.local.empty() || asking.ends.peer.empty() || own.ends.local == asking.ends.peer;
}

} // namespace

std::vector<Policy> effective_policies(const Router& router) {
    auto out = router.policies;
    if (out.empty() && router.default_policies)
        for (const auto& row : built_in) {
            Policy policy;
            policy.line.text = "default policy " + std::to_string(row.priority);
            policy.priority = row.priority;
            policy.encryption = std::string(row.encryption);
            policy.key_bits = row.encryption == "aes" ? 128 : 0;
            policy.hash = std::string(row.hash);
            policy.authentication = std::string(row.authentication);
            policy.group = row.group;
            policy.built_in = true;
            out.push_back(policy);
        }
    std::ranges::sort(out, {}, &Policy::priority);
    return out;
}

PolicyFault compare(const Policy& offer, const Policy& own) {
    if (offer.encryption != own.encryption) return PolicyFault::encryption;
    if (offer.key_bits != own.key_bits) return PolicyFault::key_length;
    if (offer.hash != own.hash) return PolicyFault::hash;
    if (offer.authentication != own.authentication) return PolicyFault::authentication;
    if (offer.group != own.group) return PolicyFault::group;
    // Cisco: the offered lifetime must be shorter than or equal to one's own; the shorter one is used.
    return offer.lifetime > own.lifetime ? PolicyFault::lifetime : PolicyFault::none;
}

std::string policy_text(const Policy& policy) {
    return policy.encryption + (policy.key_bits != 0 ? " " + std::to_string(policy.key_bits) : "") + ", " + policy.hash + ", " +
           policy.authentication + ", group " + std::to_string(policy.group) + ", " + std::to_string(policy.lifetime) + " s";
}

PolicyChoice ikev1_choose_policy(const std::vector<Policy>& offers, const std::vector<Policy>& own) {
    PolicyChoice choice;
    for (std::size_t i = 0; i < offers.size(); ++i)
        for (const auto& mine : own) {
            choice.tried.push_back({i + 1, offers[i], mine, compare(offers[i], mine)});
            if (choice.tried.back().fault != PolicyFault::none) continue;
            choice.offer = offers[i];
            choice.own = mine;
            return choice;
        }
    return choice;
}

namespace {

// The paths of one version that fit peers and proxies and are bound to the profile in use, or to none.
Phase2Choice choose_path(const Router& responder, const std::vector<Path>& paths, const std::string& used, const Router& initiator,
                         const Path& asking, bool ikev2, std::string IpsecTerms::*bound) {
    Phase2Choice choice;
    choice.fault = Phase2Fault::no_path;
    const Path* fitting = nullptr;
    for (const auto& path : paths) {
        if (path.ikev2() != ikev2 || !peers_fit(path, asking)) continue;
        if (!proxies_fit(path, asking)) {
            if (choice.fault == Phase2Fault::no_path) choice.fault = Phase2Fault::proxies;
            choice.path = choice.path ? choice.path : &path;
        } else if (!(path.terms.*bound).empty() && path.terms.*bound != used) {
            choice.fault = Phase2Fault::profile;
            choice.path = &path;
            ++choice.profile_mismatches;
        } else if (!fitting) {
            fitting = &path;
        }
    }
    if (!fitting) {
        choice.sentence =
            choice.fault == Phase2Fault::profile
                ? choice.path->name + " of " + responder.name + " takes only SAs of profile " + choice.path->terms.*bound +
                      "; phase 1 ended in " + (used.empty() ? "no profile" : "profile " + used)
            : choice.fault == Phase2Fault::proxies ? choice.path->name + " of " + responder.name + " protects other traffic than " + asking.name + " asks for"
                                                   : responder.name + " has no tunnel or crypto map entry for this peer";
        return choice;
    }
    choice.path = fitting;
    choice.transform = common_transform(initiator, asking, responder, *fitting);
    const auto pfs = fitting->terms.pfs_group;
    if (choice.transform.empty() && !asking.terms.transform_sets.empty() && !fitting->terms.transform_sets.empty()) {
        choice.fault = Phase2Fault::transforms;
        choice.sentence = "no transform set of " + asking.name + " equals one of " + fitting->name + " of " + responder.name;
    } else if (pfs && asking.terms.pfs_group != pfs) {
        choice.fault = Phase2Fault::pfs;
        choice.sentence = fitting->name + " of " + responder.name + " wants PFS group " + std::to_string(*pfs) + ", " + asking.name + " offers " +
                          (asking.terms.pfs_group ? "group " + std::to_string(*asking.terms.pfs_group) : std::string("none"));
    } else {
        choice.fault = Phase2Fault::none;
        choice.sentence = fitting->name + " of " + responder.name + " takes the offer" + (choice.transform.empty() ? "" : " (" + choice.transform + ")");
    }
    return choice;
}

} // namespace

Phase2Choice ikev1_choose_path(const Router& responder, const std::vector<Path>& paths, const IsakmpProfile* in_use,
                               const Router& initiator, const Path& asking) {
    return choose_path(responder, paths, in_use ? in_use->name : std::string(), initiator, asking, false, &IpsecTerms::isakmp_profile);
}

Phase2Choice ikev2_choose_path(const Router& responder, const std::vector<Path>& paths, const Ikev2Profile* in_use,
                               const Router& initiator, const Path& asking) {
    return choose_path(responder, paths, in_use ? in_use->name : std::string(), initiator, asking, true, &IpsecTerms::ikev2_profile);
}

} // namespace ikescope::ios
