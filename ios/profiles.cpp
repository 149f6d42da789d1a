// Which ISAKMP profile an identity selects, and which identity a router sends.
// Source: Cisco document on ISAKMP profiles and keyrings (IOS 15.3T), profile selection order.

#include "ios/selection.hpp"
#include "ios/words.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

using Kind = IdentityMatch::Kind;

// Does a name lie in a domain: equal to it or ending in `.domain`?
bool in_domain(std::string_view name, std::string_view domain) {
    if (name.size() < domain.size() || !same_word(name.substr(name.size() - domain.size()), domain)) return false;
    return name.size() == domain.size() || domain.starts_with('.') || name[name.size() - domain.size() - 1] == '.';
}

std::string_view behind_at(std::string_view user) {
    const auto at = user.find('@');
    return at == std::string_view::npos ? std::string_view() : user.substr(at + 1);
}

// Names lie above every prefix length; among domains the longer one is more specific.
constexpr int whole_name = 10'000, domain_base = 1'000, group_base = 500;

int best(const IsakmpProfile& profile, const Identity& identity, std::string_view vrf, const IdentityMatch** match) {
    int found = -1;
    for (const auto& line : profile.matches)
        if (const auto how = specificity(line, identity, vrf); how > found) {
            found = how;
            *match = &line;
        }
    return found;
}

} // namespace

Identity Identity::of(const IpAddress& address) {
    return {address.family == 6 ? id_type::ipv6 : id_type::ipv4, address, address.text()};
}

Identity Identity::of(std::uint8_t type, std::string_view text) {
    Identity out{type, {}, std::string(text)};
    if (type == id_type::ipv4 || type == id_type::ipv6) out.address = IpAddress::parse(text).value_or(IpAddress{});
    return out;
}

std::string Identity::type_name() const {
    switch (type) { // RFC 2407 4.6.2.1
    case id_type::ipv4: return "ID_IPV4_ADDR";
    case id_type::fqdn: return "ID_FQDN";
    case id_type::user_fqdn: return "ID_USER_FQDN";
    case id_type::ipv6: return "ID_IPV6_ADDR";
    case id_type::dn: return "ID_DER_ASN1_DN";
    case id_type::key_id: return "ID_KEY_ID";
    default: return "ID type " + std::to_string(type);
    }
}

int specificity(const IdentityMatch& match, const Identity& identity, std::string_view vrf) {
    if (match.fvrf != vrf && match.kind != Kind::any && match.kind != Kind::group && match.kind != Kind::key_id) return -1;
    const auto domain = static_cast<int>(domain_base + std::min<std::size_t>(match.text.size(), 512));
    switch (match.kind) {
    case Kind::any: return 0;
    case Kind::address: return match.prefix.contains(identity.address) ? 1 + match.prefix.length : -1;
    case Kind::host: return identity.type == id_type::fqdn && same_word(match.text, identity.text) ? whole_name : -1;
    case Kind::host_domain: return identity.type == id_type::fqdn && in_domain(identity.text, match.text) ? domain : -1;
    case Kind::user: return identity.type == id_type::user_fqdn && same_word(match.text, identity.text) ? whole_name : -1;
    case Kind::user_domain:
        return identity.type == id_type::user_fqdn && in_domain(behind_at(identity.text), match.text) ? domain : -1;
    case Kind::key_id: return identity.type == id_type::key_id && match.text == identity.text ? whole_name : -1;
    case Kind::group:
        if (identity.type == id_type::key_id) return match.text == identity.text ? group_base : -1;
        return identity.type == id_type::dn && identity.text.find("OU=" + match.text) != std::string::npos ? group_base : -1;
    }
    return -1;
}

std::string_view rule_text(ProfileRule rule) {
    switch (rule) {
    case ProfileRule::none: return "no profile matches";
    case ProfileRule::configured: return "configured";
    case ProfileRule::only_match: return "only match";
    case ProfileRule::most_specific: return "most specific match";
    case ProfileRule::first_of_equal: return "first configured of equally specific matches";
    }
    return {};
}

ProfileChoice ikev1_profile_by_identity(const Router& router, const Identity& identity, std::string_view vrf) {
    ProfileChoice choice;
    int top = -1;
    std::size_t matching = 0, equal = 0;
    for (const auto& profile : router.profiles) {
        const IdentityMatch* match = nullptr;
        const int how = best(profile, identity, vrf, &match);
        if (how < 0) continue;
        ++matching;
        equal = how > top ? 1 : equal + (how == top ? 1U : 0U);
        if (how <= top) continue;
        top = how;
        choice.profile = &profile;
        choice.match = match;
    }
    for (const auto& profile : router.profiles) {
        if (&profile == choice.profile) continue;
        const IdentityMatch* match = nullptr;
        const int how = best(profile, identity, vrf, &match);
        choice.others.push_back({&profile, how < 0      ? "none of its match lines fits the ID"
                                           : how == top ? "matches as specifically, but is configured later"
                                                        : "matches less specifically"});
    }
    if (!choice) return choice;
    choice.rule = matching == 1 ? ProfileRule::only_match : equal > 1 ? ProfileRule::first_of_equal : ProfileRule::most_specific;
    if (matching > 1) { // one peer ID must match one profile only
        choice.supported = false;
        choice.causes.emplace_back("ambiguous-profile");
    }
    return choice;
}

ProfileChoice ikev1_initiator_profile(const Router& router, const Path& path) {
    if (path.terms.isakmp_profile.empty()) return ikev1_profile_by_identity(router, Identity::of(path.ends.peer), path.ends.vrf);
    ProfileChoice choice;
    choice.profile = router.find_profile(path.terms.isakmp_profile);
    if (choice) choice.rule = ProfileRule::configured;
    for (const auto& profile : router.profiles)
        if (&profile != choice.profile) choice.others.push_back({&profile, path.name + " names profile " + path.terms.isakmp_profile});
    return choice;
}

namespace {

/// The most specific `crypto isakmp peer` that makes the router begin Aggressive Mode; null: none.
const IsakmpPeer* aggressive_peer(const Router& router, const Ends& ends) {
    const IsakmpPeer* best = nullptr;
    if (router.aggressive_mode_disabled) return nullptr;
    for (const auto& peer : router.isakmp_peers) {
        const bool fits = peer.prefix && peer.prefix->contains(ends.peer) && peer.vrf == ends.vrf;
        if (fits && peer.wants_aggressive() && (!best || peer.prefix->length > best->prefix->length)) best = &peer;
    }
    return best;
}

} // namespace

bool ikev1_begins_aggressive(const Router& router, const IsakmpProfile* profile, const Ends& ends) {
    if (router.aggressive_mode_disabled) return false;
    return (profile && profile->initiate_aggressive) || aggressive_peer(router, ends);
}

Identity ikev1_initiator_identity(const Router& router, const IsakmpProfile* profile, const Ends& ends) {
    const auto* peer = aggressive_peer(router, ends);
    if (!peer || !peer->client_endpoint) return ikev1_own_identity(router, profile, ends);
    const auto& endpoint = *peer->client_endpoint;
    if (endpoint.kind == SelfIdentity::Kind::address) return Identity::of(IpAddress::parse(endpoint.text).value_or(ends.local));
    return Identity::of(endpoint.kind == SelfIdentity::Kind::fqdn ? id_type::fqdn : id_type::user_fqdn, endpoint.text);
}

KeyChoice ikev1_initiator_key(const Router& router, const Path& path) {
    if (const auto* peer = aggressive_peer(router, path.ends); peer && !peer->password.entries.empty()) {
        KeyChoice choice;
        choice.keyring = &peer->password;
        choice.entry = &peer->password.entries.front();
        choice.rule = KeyRule::peer_password;
        return choice;
    }
    const auto* profile = router.find_profile(path.terms.isakmp_profile);
    return profile ? ikev1_key_of_profile(router, profile, path.ends) : ikev1_key_by_address(router, path.ends);
}

Identity ikev1_own_identity(const Router& router, const IsakmpProfile* profile, const Ends& ends) {
    const auto& self = profile && profile->self_identity ? *profile->self_identity : router.identity;
    const auto full_name = router.domain_name.empty() ? router.name : router.name + "." + router.domain_name;
    switch (self.kind) {
    case SelfIdentity::Kind::fqdn: return Identity::of(id_type::fqdn, self.text.empty() ? full_name : self.text);
    case SelfIdentity::Kind::user_fqdn: return Identity::of(id_type::user_fqdn, self.text);
    case SelfIdentity::Kind::key_id: return Identity::of(id_type::key_id, self.text);
    case SelfIdentity::Kind::dn:        // with pre-shared keys there is no certificate to take a name from
    case SelfIdentity::Kind::automatic:
    case SelfIdentity::Kind::address: return Identity::of(ends.local);
    }
    return Identity::of(ends.local);
}

} // namespace ikescope::ios
