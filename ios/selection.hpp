#pragma once
// Which key, profile and policy a router takes, by which rule, what else could have been taken and why it was not.
// Pure functions over one router's configuration. Pointers in the results point into that Router: keep it alive and still.
// Source of the rules: Cisco document on ISAKMP profiles and keyrings (IOS 15.3T).

#include "ios/config.hpp"

namespace ikescope::ios {

/// The two ends as this router sees them, and the front-door VRF (empty = default VRF).
struct Ends {
    IpAddress local;
    IpAddress peer;
    std::string vrf;
};
/// Ends with the VRF taken from the interface that has the local address.
Ends ends_of(const Router& router, const IpAddress& local, const IpAddress& peer);

/// An IKE identity as in the ID payload. `type` is the number of RFC 2407 4.6.2.1 / RFC 7296 3.5.
struct Identity {
    std::uint8_t type = 0;
    IpAddress address; ///< types 1 and 5
    std::string text;  ///< any type, as people read it

    static Identity of(const IpAddress& address);
    static Identity of(std::uint8_t type, std::string_view text);
    std::string type_name() const; ///< "ID_IPV4_ADDR"
};
namespace id_type {
inline constexpr std::uint8_t ipv4 = 1, fqdn = 2, user_fqdn = 3, ipv6 = 5, dn = 9, key_id = 11;
}

enum class KeyRule : std::uint8_t {
    none,           ///< no keyring has an entry
    configured,     ///< the profile is known from the configuration, so is its keyring
    default_first,  ///< global keys are searched first in the default VRF; a hit ends the search
    only_match,     ///< one entry fits
    longest_mask,   ///< several fit, the most specific wins
    first_of_equal, ///< several equally specific: the first configured; Cisco: unsupported
    by_identity,    ///< Aggressive Mode: the ID came in AM1, so keys by host name count
    peer_password,  ///< initiator of Aggressive Mode: `set aggressive-mode password` of the peer
};
/// The rule in words, as in `predict --format json`: "first configured of equal masks".
std::string_view rule_text(KeyRule rule);

struct KeyCandidate {
    const Keyring* keyring = nullptr;
    const KeyEntry* entry = nullptr;
    std::string why_not;
};

/// A line of thought of the search, in IOS's order, for the log lines of `debug crypto isakmp detail`.
struct SearchStep {
    const Keyring* keyring = nullptr;
    const KeyEntry* entry = nullptr; ///< null: no key for the peer in this keyring
    bool better = false;             ///< longer mask than what was found before
};

struct KeyChoice {
    const Keyring* keyring = nullptr; ///< null: no key
    const KeyEntry* entry = nullptr;
    KeyRule rule = KeyRule::none;
    bool supported = true;            ///< false where Cisco calls the configuration unsupported
    std::vector<std::string> causes;  ///< duplicate-peer-key, default-keyring-shadows
    std::vector<KeyCandidate> others; ///< every other entry that fits the peer or was meant to
    std::vector<SearchStep> search;

    explicit operator bool() const { return entry != nullptr; }
    std::string keyring_name() const { return keyring ? keyring->name : std::string(); }
};

/// The key a responder takes before MM4, from addresses alone; also an initiator's without a profile.
KeyChoice ikev1_key_by_address(const Router& router, const Ends& ends);
/// The key among the keyrings of a profile (null: all, by the rules above).
KeyChoice ikev1_key_of_profile(const Router& router, const IsakmpProfile* profile, const Ends& ends);
/// Aggressive Mode, responder: the ID is known. Keyrings of the profile that it selects (null: all); in them the host name
/// of an ID_FQDN or ID_USER_FQDN first, then the address.
KeyChoice ikev1_key_by_identity(const Router& router, const IsakmpProfile* profile, const Identity& identity, const Ends& ends);
/// The keyrings a profile names; the default keyring when it names none.
std::vector<const Keyring*> keyrings_of(const Router& router, const IsakmpProfile& profile);

enum class ProfileRule : std::uint8_t { none, configured, only_match, most_specific, first_of_equal };
std::string_view rule_text(ProfileRule rule);

struct ProfileCandidate {
    const IsakmpProfile* profile = nullptr;
    std::string why_not;
};
struct ProfileChoice {
    const IsakmpProfile* profile = nullptr; ///< null: none of the profiles
    const IdentityMatch* match = nullptr;
    ProfileRule rule = ProfileRule::none;
    bool supported = true; ///< false when more than one profile matches: Cisco calls that invalid
    std::vector<std::string> causes; ///< ambiguous-profile
    std::vector<ProfileCandidate> others;

    explicit operator bool() const { return profile != nullptr; }
    std::string name() const { return profile ? profile->name : std::string(); }
};
/// The profile that an IKE ID selects (after MM5, or at MM6 when the initiator has none).
ProfileChoice ikev1_profile_by_identity(const Router& router, const Identity& identity, std::string_view vrf = {});

/// Does an identity fit a match line, and how specifically? Negative: no.
int specificity(const IdentityMatch& match, const Identity& identity, std::string_view vrf);

/// After MM5: the keyring picked by address must be one of the profile's, as an object; equal passwords do not help.
struct KeyringCheck {
    bool passed = true;
    const Keyring* picked = nullptr;
    const Keyring* expected = nullptr;    ///< the profile's keyring with a key for the peer; null: none has one
    const KeyEntry* expected_entry = nullptr;
    bool same_password = false;           ///< both keys are known and equal
    std::string rule;                     ///< one sentence
    std::vector<std::string> causes;
};
KeyringCheck ikev1_check_keyring(const Router& router, const KeyChoice& picked, const IsakmpProfile* profile,
                                 const Ends& ends);

/// What can ask for SAs: a tunnel with protection, or a crypto map entry on an interface.
struct Path {
    std::string name; ///< "Tunnel1", "crypto map CM 10"
    Line line;
    Ends ends;        ///< peer is empty when any peer may come (dynamic map, multipoint)
    IpsecTerms terms;
    std::vector<ProxyPair> proxies;
    bool any_peer = false;
    bool tunnel = false;
    std::vector<std::string> problems; ///< names that are not defined and the like

    bool ikev2() const { return !terms.ikev2_profile.empty(); }
};
std::vector<Path> paths_of(const Router& router);
/// The paths over which an initiator can reach a peer; exact peers before those for any peer.
std::vector<Path> paths_to(const Router& router, const IpAddress& peer);

/// The initiator's profile: the path's own; otherwise the most specific `match identity address` for the peer.
ProfileChoice ikev1_initiator_profile(const Router& router, const Path& path);
/// The initiator's key: the peer's password; of the configured profile's keyrings; otherwise by address.
KeyChoice ikev1_initiator_key(const Router& router, const Path& path);
/// Does the initiator begin Aggressive Mode: `initiate mode aggressive` in the profile in use, or `set aggressive-mode …` of
/// the peer; never with `crypto isakmp aggressive-mode disable`.
bool ikev1_begins_aggressive(const Router& router, const IsakmpProfile* profile, const Ends& ends);
/// The ID an initiator sends: the peer's `client-endpoint`, else its own.
Identity ikev1_initiator_identity(const Router& router, const IsakmpProfile* profile, const Ends& ends);
/// The ID a router sends: self-identity of the profile in use, else `crypto isakmp identity`, else its address.
Identity ikev1_own_identity(const Router& router, const IsakmpProfile* profile, const Ends& ends);

} // namespace ikescope::ios
