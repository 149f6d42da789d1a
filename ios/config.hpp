#pragma once
// A Cisco IOS router as its configuration describes it: everything that decides about keys, profiles and proposals.
// Every element keeps its line; key material lives in Secret and is starred out of every text kept here.

#include "base/address.hpp"
#include "base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ikescope::ios {

/// A line of the configuration. `number` counts from 1; 0 means built in. `text` is safe to show: keys are starred out.
struct Line {
    std::size_t number = 0;
    std::string text;
};

/// Something the reader has to say about a line. `blocking`: the line decides something and could not be understood.
struct Remark {
    Line line;
    std::string what;
    bool blocking = false;
};

/// How a key stands in the configuration: `key [0|6|7] K`, IKEv2 also `hex K`.
enum class KeyForm : std::uint8_t { clear, type6, type7, hex };

/// A pre-shared key. Not usable when it is type 6 (the master key is never shown) or cannot be decoded.
struct KeyMaterial {
    Secret key; ///< clear, trailing blanks included
    KeyForm form = KeyForm::clear;
    std::string unusable; ///< why there is no clear key; empty when there is one
    bool trailing_blank = false;

    bool usable() const { return unusable.empty() && !key.empty(); }
};

/// `pre-shared-key {address A [M] | address ipv6 P/L | hostname H} key K`, or a global `crypto isakmp key`.
struct KeyEntry {
    Line line;
    std::optional<Prefix> prefix; ///< none: by host name, which never counts in the search by address
    std::string hostname;
    KeyMaterial key;
    bool no_xauth = false;
};

/// `local-address {A | IFACE} [VRF]`
struct LocalAddress {
    Line line;
    IpAddress address; ///< empty when an interface is named
    std::string interface;
    std::string vrf;
};

/// `crypto keyring NAME [vrf FVRF]`; the global keys form the keyring `default`.
struct Keyring {
    Line line;
    std::string name;
    std::string vrf; ///< front-door VRF; empty = default VRF
    std::vector<LocalAddress> local_addresses;
    std::vector<KeyEntry> entries;
    bool global = false;
    bool unreadable = false; ///< one of its lines could not be understood
};

/// `crypto isakmp policy PRIO`, absent lines filled with IOS's defaults. Values are spelled as in running-config.
struct Policy {
    Line line;
    unsigned priority = 0;
    std::string encryption = "des"; ///< des, 3des, aes
    unsigned key_bits = 0;          ///< of aes: 128, 192, 256; 0 for others
    std::string hash = "sha";
    std::string authentication = "rsa-sig";
    unsigned group = 1;
    std::uint32_t lifetime = 86400; ///< seconds
    bool built_in = false;
    bool unreadable = false; ///< one of its lines could not be understood
};

/// `match identity …`, IKEv1 and IKEv2 (`match identity remote …`).
struct IdentityMatch {
    enum class Kind : std::uint8_t { group, address, host, host_domain, user, user_domain, key_id, any };
    Line line;
    Kind kind = Kind::any;
    Prefix prefix;    ///< for address
    std::string text; ///< for the others
    std::string fvrf; ///< empty = default VRF
};

/// `self-identity …`, `identity local …`, `crypto isakmp identity …`
struct SelfIdentity {
    enum class Kind : std::uint8_t { address, fqdn, user_fqdn, dn, key_id, automatic };
    Line line;
    Kind kind = Kind::address;
    std::string text; ///< empty: the router's own
};

/// `crypto isakmp profile NAME`
struct IsakmpProfile {
    Line line;
    std::string name;
    std::vector<std::string> keyrings; ///< empty: the keyring `default`
    std::vector<IdentityMatch> matches;
    std::vector<std::string> certificate_maps;
    std::vector<std::string> trust_points;
    std::optional<SelfIdentity> self_identity;
    std::vector<LocalAddress> local_addresses;
    std::string vrf; ///< inside VRF
    bool initiate_aggressive = false;
    bool unreadable = false;
};

/// `crypto isakmp peer {address A | hostname H} [vrf V]`: either `set` line makes the router begin Aggressive Mode.
struct IsakmpPeer {
    Line line;
    std::optional<Prefix> prefix; ///< none: by host name
    std::string vrf;
    std::optional<SelfIdentity> client_endpoint; ///< the ID to send
    Keyring password;                            ///< one entry; none without `set aggressive-mode password`

    bool wants_aggressive() const { return client_endpoint || !password.entries.empty(); }
};

/// `crypto ipsec transform-set NAME T1 [T2 [T3]]`
struct TransformSet {
    Line line;
    std::string name;
    std::vector<std::string> transforms; ///< running-config spelling, key size joined: "esp-aes 256"
    bool tunnel_mode = true;
};

/// What tunnels and crypto map entries say about the SAs they want.
struct IpsecTerms {
    std::vector<std::string> transform_sets;
    std::string isakmp_profile;
    std::string ikev2_profile;
    std::optional<unsigned> pfs_group;
    std::uint32_t lifetime_seconds = 3600;
    std::uint32_t lifetime_kilobytes = 4608000;
};

/// `crypto ipsec profile NAME`
struct IpsecProfile : IpsecTerms {
    Line line;
    std::string name;
};

/// One entry of `crypto map NAME SEQ ipsec-isakmp [dynamic D]` or `crypto dynamic-map NAME SEQ`.
struct MapEntry : IpsecTerms {
    Line line;
    std::string map;
    unsigned sequence = 0;
    std::vector<std::string> peers;
    std::string acl;
    std::string dynamic_map;
    bool dynamic = false; ///< belongs to a dynamic map
};

/// What holds for a crypto map as a whole: `crypto map NAME isakmp-profile P`, `crypto map NAME local-address IF`.
struct MapSettings {
    Line line;
    std::string map;
    std::string isakmp_profile;
    std::string local_interface;
};

/// One side of a proxy identity pair: addresses, protocol (0 = any) and port (0 = any).
struct Selector {
    Prefix prefix;
    std::uint8_t protocol = 0;
    std::uint16_t port = 0;
    friend bool operator==(const Selector&, const Selector&) = default;
};
struct ProxyPair {
    Selector local, remote;
    friend bool operator==(const ProxyPair&, const ProxyPair&) = default;
};

/// `access-list` entries as far as they give proxy identities.
struct AccessEntry {
    Line line;
    bool permit = true;
    ProxyPair pair; ///< local = source
};
struct AccessList {
    Line line;
    std::string name;
    std::vector<AccessEntry> entries;
};

struct InterfaceAddress {
    Line line;
    IpAddress address;
    std::uint8_t length = 0;
    bool secondary = false;
    bool mask_assumed = false; ///< the mask was cut short; `length` is a guess
};

struct Interface {
    Line line;
    std::string name; ///< written out: "Ethernet0/0"
    std::vector<InterfaceAddress> addresses;
    bool address_unknown = false; ///< dhcp, negotiated, unnumbered, or not understood
    std::string vrf;
    std::string crypto_map;
    std::string tunnel_source; ///< address or interface
    std::string tunnel_destination;
    std::string tunnel_mode = "gre ip";
    std::string tunnel_protection; ///< IPsec profile
    std::string tunnel_vrf;        ///< front-door VRF
    bool shut_down = false;
};

struct Ikev2Proposal {
    Line line;
    std::string name;
    std::vector<std::string> encryption, integrity, prf;
    std::vector<unsigned> groups;
    bool built_in = false;
};
struct Ikev2Policy {
    Line line;
    std::string name;
    std::optional<std::string> fvrf; ///< "any" or a VRF; none = default VRF
    std::vector<IpAddress> local_addresses;
    std::vector<std::string> proposals;
    bool built_in = false;
};
struct Ikev2Peer {
    Line line;
    std::string name;
    std::optional<Prefix> prefix;
    std::string hostname;
    std::vector<IdentityMatch> identities;
    std::optional<KeyMaterial> local, remote; ///< both set by a key without direction
    Line local_line, remote_line;
};
struct Ikev2Keyring {
    Line line;
    std::string name;
    std::vector<Ikev2Peer> peers;
};
struct Ikev2Profile {
    Line line;
    std::string name;
    std::optional<std::string> fvrf; ///< "any" or a VRF; none = default VRF
    std::vector<IdentityMatch> matches;
    std::vector<std::string> certificate_maps;
    std::vector<LocalAddress> local_addresses;
    std::optional<SelfIdentity> identity;
    std::string authentication_local;
    std::vector<std::string> authentication_remote;
    std::optional<KeyMaterial> key_local, key_remote; ///< written in the profile itself
    std::string keyring;
    bool keyring_aaa = false;
    std::vector<std::string> trust_points;
};

/// Everything read from one configuration.
struct Router {
    std::string name; ///< hostname, else the prompt's, else what the caller gave
    std::vector<std::string> lines; ///< as read, keys included: for making changes, never for showing
    std::vector<Remark> remarks;

    Keyring global_keys; ///< the keyring `default`
    std::vector<Keyring> keyrings;
    std::vector<Policy> policies; ///< as configured; see effective_policies
    bool default_policies = true; ///< `no crypto isakmp default policy` clears it
    std::vector<IsakmpProfile> profiles;
    std::vector<IsakmpPeer> isakmp_peers;
    SelfIdentity identity; ///< `crypto isakmp identity`
    bool aggressive_mode_disabled = false;
    std::string domain_name;

    std::vector<TransformSet> transform_sets;
    std::vector<IpsecProfile> ipsec_profiles;
    std::vector<MapEntry> map_entries;
    std::vector<MapSettings> map_settings;
    std::vector<AccessList> access_lists;
    std::vector<Interface> interfaces;
    std::vector<std::string> vrfs;
    std::vector<IpAddress> given_addresses; ///< bound by the user (NAME@ADDRESS)

    std::vector<Ikev2Proposal> ikev2_proposals;
    std::vector<Ikev2Policy> ikev2_policies;
    std::vector<Ikev2Keyring> ikev2_keyrings;
    std::vector<Ikev2Profile> ikev2_profiles;

    bool has_address(const IpAddress& address) const;
    /// Does the configuration hold anything about IKE at all? Otherwise the file is probably no router configuration.
    bool empty() const;

    const Interface* interface_of(const IpAddress& address) const;
    const Interface* find_interface(std::string_view written) const;
    /// The VRF in which packets to that address arrive; empty = default VRF.
    std::string vrf_of(const IpAddress& local) const;
    /// `default` gives the global keys. Null when not defined.
    const Keyring* find_keyring(std::string_view keyring) const;
    const IsakmpProfile* find_profile(std::string_view profile) const;
    const IpsecProfile* find_ipsec_profile(std::string_view profile) const;
    const TransformSet* find_transform_set(std::string_view set) const;
    const AccessList* find_access_list(std::string_view acl) const;
    const Ikev2Keyring* find_ikev2_keyring(std::string_view keyring) const;
    const Ikev2Profile* find_ikev2_profile(std::string_view profile) const;
    const Ikev2Proposal* find_ikev2_proposal(std::string_view proposal) const;
    /// The address that a word names: an address, or the primary address of an interface. Empty when neither.
    IpAddress address_of(std::string_view address_or_interface) const;
};

/// A key of the configuration that could have been used, for trying on captures. `origin`: "keyring2 of R1".
struct CandidateKey {
    Secret key;
    std::string origin;
    Line line;
    std::optional<Prefix> peer;
};
/// All usable keys: default keyring, keyrings, IKEv2 keyrings and profiles, each with its origin.
std::vector<CandidateKey> candidate_keys(const Router& router);

/// Case-insensitive comparison of names where IOS ignores case (interfaces, keywords).
bool same_word(std::string_view a, std::string_view b);

} // namespace ikescope::ios
