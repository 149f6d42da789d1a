// Every line of the grammar of keys, profiles and proposals, one case each: it is understood (no remark), and what it
// says is in the model. Grammar: Cisco IOS Security Command Reference.

#include "tests/ios/support.hpp"

#include <functional>

namespace ikescope::ios::test { namespace {

using Kind = IdentityMatch::Kind;

struct Line_ {
    std::string name, text;
    std::function<bool(const Router&)> understood;
};

std::string clear(const KeyMaterial& key) { return std::string(text_of(key.key.reveal())); }
const KeyEntry& entry(const Router& r) { return r.keyrings.at(0).entries.at(0); }
const KeyEntry& global(const Router& r) { return r.global_keys.entries.at(0); }
const IdentityMatch& match(const Router& r) { return r.profiles.at(0).matches.at(0); }
const IdentityMatch& match2(const Router& r) { return r.ikev2_profiles.at(0).matches.at(0); }
const Interface& tunnel(const Router& r) { return r.interfaces.at(0); }
bool nothing(const Router&) { return true; }

const std::string ring = "crypto keyring K\n ", profile = "crypto isakmp profile P\n  ",
                  policy = "crypto isakmp policy 10\n ", tunnel0 = "interface Tunnel0\n ",
                  map10 = "crypto map M 10 ipsec-isakmp\n ", ipsec = "crypto ipsec profile I\n ",
                  peer2 = "crypto ikev2 keyring K\n peer P\n  ", profile2 = "crypto ikev2 profile P\n ";

const std::vector<Line_> lines = {
    {"keyring", "crypto keyring K\n",
     [](auto& r) { return r.keyrings.at(0).name == "K" && r.keyrings[0].vrf.empty(); }},
    {"keyring_vrf", "crypto keyring K vrf OUT\n", [](auto& r) { return r.keyrings.at(0).vrf == "OUT"; }},
    {"keyring_local_address", ring + "local-address 10.0.0.1\n",
     [](auto& r) { return r.keyrings.at(0).local_addresses.at(0).address.text() == "10.0.0.1"; }},
    {"keyring_local_interface", ring + "local-address GigabitEthernet0/0 OUT\n",
     [](auto& r) {
         return r.keyrings.at(0).local_addresses.at(0).interface == "GigabitEthernet0/0" &&
                r.keyrings[0].local_addresses[0].vrf == "OUT";
     }},
    {"key_host", ring + "pre-shared-key address 10.0.0.2 key abc\n",
     [](auto& r) { return entry(r).prefix->length == 32 && clear(entry(r).key) == "abc"; }},
    {"key_mask", ring + "pre-shared-key address 10.0.0.0 255.255.255.0 key abc\n",
     [](auto& r) { return entry(r).prefix->text() == "10.0.0.0/24"; }},
    {"key_any", ring + "pre-shared-key address 0.0.0.0 0.0.0.0 key abc\n",
     [](auto& r) { return entry(r).prefix->length == 0; }},
    {"key_type0", ring + "pre-shared-key address 10.0.0.2 key 0 abc\n",
     [](auto& r) { return clear(entry(r).key) == "abc"; }},
    {"key_type7", ring + "pre-shared-key address 10.0.0.2 key 7 060506324F41\n",
     [](auto& r) { return clear(entry(r).key) == "cisco"; }},
    {"key_ipv6", ring + "pre-shared-key address ipv6 2001:db8::/32 key abc\n",
     [](auto& r) { return entry(r).prefix->text() == "2001:db8::/32"; }},
    {"key_hostname", ring + "pre-shared-key hostname r2.example.net key abc\n",
     [](auto& r) { return entry(r).hostname == "r2.example.net" && !entry(r).prefix; }},
    {"key_rsa",
     ring + "rsa-pubkey address 10.0.0.9 encryption\n  address 10.0.0.9\n  key-string\n   30820122 300D0609\n   quit\n "
            "pre-shared-key address 10.0.0.2 key abc\n",
     [](auto& r) { return entry(r).prefix->address.text() == "10.0.0.2"; }},
    {"key_rsa_name", ring + "rsa-pubkey name r9.example.net signature\n  key-string\n   30820122\n   quit\n", nothing},
    {"keyring_description", ring + "description for the branches\n", nothing},
    {"global_address", "crypto isakmp key abc address 10.0.0.2\n",
     [](auto& r) { return global(r).prefix->text() == "10.0.0.2/32" && clear(global(r).key) == "abc"; }},
    {"global_mask", "crypto isakmp key abc address 10.0.0.0 255.0.0.0\n",
     [](auto& r) { return global(r).prefix->length == 8; }},
    {"global_any", "crypto isakmp key abc address 0.0.0.0\n", [](auto& r) { return global(r).prefix->length == 0; }},
    {"global_type0", "crypto isakmp key 0 abc address 10.0.0.2 no-xauth\n",
     [](auto& r) { return global(r).no_xauth && clear(global(r).key) == "abc"; }},
    {"global_type7", "crypto isakmp key 7 060506324F41 address 10.0.0.2\n",
     [](auto& r) { return clear(global(r).key) == "cisco"; }},
    {"global_ipv6", "crypto isakmp key abc address ipv6 2001:db8::1/128\n",
     [](auto& r) { return global(r).prefix->address.family == 6; }},
    {"global_ipv6_short", "crypto isakmp key abc ipv6 2001:db8::1/128\n",
     [](auto& r) { return global(r).prefix->length == 128; }},
    {"global_hostname", "crypto isakmp key abc hostname r2\n", [](auto& r) { return global(r).hostname == "r2"; }},
    {"policy_des", policy + "encr des\n", [](auto& r) { return r.policies.at(0).encryption == "des"; }},
    {"policy_3des", policy + "encryption 3des\n", [](auto& r) { return r.policies.at(0).encryption == "3des"; }},
    {"policy_aes", policy + "encr aes\n", [](auto& r) { return r.policies.at(0).key_bits == 128; }},
    {"policy_aes192", policy + "encr aes 192\n", [](auto& r) { return r.policies.at(0).key_bits == 192; }},
    {"policy_hash", policy + "hash sha384\n", [](auto& r) { return r.policies.at(0).hash == "sha384"; }},
    {"policy_rsa", policy + "authentication rsa-encr\n",
     [](auto& r) { return r.policies.at(0).authentication == "rsa-encr"; }},
    {"policy_ecdsa", policy + "authentication ecdsa-sig\n",
     [](auto& r) { return r.policies.at(0).authentication == "ecdsa-sig"; }},
    {"policy_group", policy + "group 21\n", [](auto& r) { return r.policies.at(0).group == 21; }},
    {"policy_lifetime", policy + "lifetime 3600\n", [](auto& r) { return r.policies.at(0).lifetime == 3600; }},
    {"profile_description", profile + "description branch\n", nothing},
    {"profile_vrf", profile + "vrf IN\n", [](auto& r) { return r.profiles.at(0).vrf == "IN"; }},
    {"profile_keyrings", profile + "keyring A\n  keyring default\n",
     [](auto& r) {
         return r.profiles.at(0).keyrings == std::vector<std::string>{"A", "default"};
     }},
    {"self_address", profile + "self-identity address\n",
     [](auto& r) { return r.profiles.at(0).self_identity->kind == SelfIdentity::Kind::address; }},
    {"self_address6", profile + "self-identity address ipv6\n",
     [](auto& r) { return r.profiles.at(0).self_identity->kind == SelfIdentity::Kind::address; }},
    {"self_fqdn", profile + "self-identity fqdn\n",
     [](auto& r) { return r.profiles.at(0).self_identity->kind == SelfIdentity::Kind::fqdn; }},
    {"self_fqdn_name", profile + "self-identity fqdn r1.example.net\n",
     [](auto& r) { return r.profiles.at(0).self_identity->text == "r1.example.net"; }},
    {"self_user", profile + "self-identity user-fqdn me@example.net\n",
     [](auto& r) { return r.profiles.at(0).self_identity->kind == SelfIdentity::Kind::user_fqdn; }},
    {"match_group", profile + "match identity group SALES\n",
     [](auto& r) { return match(r).kind == Kind::group && match(r).text == "SALES"; }},
    {"match_address", profile + "match identity address 10.0.0.2\n",
     [](auto& r) { return match(r).prefix.length == 32; }},
    {"match_mask_vrf", profile + "match identity address 10.0.0.0 255.255.255.0 OUT\n",
     [](auto& r) { return match(r).prefix.length == 24 && match(r).fvrf == "OUT"; }},
    {"match_any_vrf", profile + "match identity address 0.0.0.0 OUTSIDE\n",
     [](auto& r) { return match(r).prefix.length == 0 && match(r).fvrf == "OUTSIDE"; }},
    {"match_any", profile + "match identity address 0.0.0.0\n",
     [](auto& r) { return match(r).prefix.length == 0 && match(r).fvrf.empty(); }},
    {"match_ipv6", profile + "match identity address ipv6 2001:db8::/64 OUT\n",
     [](auto& r) { return match(r).prefix.length == 64 && match(r).fvrf == "OUT"; }},
    {"match_host", profile + "match identity host r2.example.net\n",
     [](auto& r) { return match(r).kind == Kind::host; }},
    {"match_host_domain", profile + "match identity host domain example.net\n",
     [](auto& r) { return match(r).kind == Kind::host_domain && match(r).text == "example.net"; }},
    {"match_user", profile + "match identity user me@example.net\n",
     [](auto& r) { return match(r).kind == Kind::user; }},
    {"match_user_domain", profile + "match identity user domain example.net\n",
     [](auto& r) { return match(r).kind == Kind::user_domain; }},
    {"match_certificate", profile + "match certificate CMAP\n",
     [](auto& r) { return r.profiles.at(0).certificate_maps.at(0) == "CMAP"; }},
    {"trust_point", profile + "ca trust-point TP\n",
     [](auto& r) { return r.profiles.at(0).trust_points.at(0) == "TP"; }},
    {"profile_client",
     profile + "client authentication list L\n  isakmp authorization list L\n  client configuration address respond\n",
     nothing},
    {"profile_keepalive", profile + "keepalive 10 retry 3\n  accounting L\n  qos-group 1\n  virtual-template 1\n",
     nothing},
    {"profile_aggressive", profile + "initiate mode aggressive\n",
     [](auto& r) { return r.profiles.at(0).initiate_aggressive; }},
    {"profile_local_address", profile + "local-address Loopback0\n",
     [](auto& r) { return r.profiles.at(0).local_addresses.at(0).interface == "Loopback0"; }},
    {"identity_address", "crypto isakmp identity address\n",
     [](auto& r) { return r.identity.kind == SelfIdentity::Kind::address; }},
    {"identity_hostname", "crypto isakmp identity hostname\n",
     [](auto& r) { return r.identity.kind == SelfIdentity::Kind::fqdn; }},
    {"identity_dn", "crypto isakmp identity dn\n", [](auto& r) { return r.identity.kind == SelfIdentity::Kind::dn; }},
    {"identity_auto", "crypto isakmp identity auto\n",
     [](auto& r) { return r.identity.kind == SelfIdentity::Kind::automatic; }},
    {"aggressive_disable", "crypto isakmp aggressive-mode disable\n",
     [](auto& r) { return r.aggressive_mode_disabled; }},
    {"isakmp_rest",
     "crypto isakmp keepalive 10 periodic\ncrypto isakmp nat keepalive 20\ncrypto isakmp fragmentation\ncrypto isakmp "
     "invalid-spi-recovery\n",
     nothing},
    {"aggressive_peer",
     "crypto isakmp peer address 10.0.0.2\n set aggressive-mode password abc\n set aggressive-mode client-endpoint "
     "fqdn r1.example.net\n",
     [](auto& r) {
         const auto& peer = r.isakmp_peers.at(0);
         return peer.prefix->text() == "10.0.0.2/32" && clear(peer.password.entries.at(0).key) == "abc" &&
                peer.client_endpoint->kind == SelfIdentity::Kind::fqdn && peer.client_endpoint->text == "r1.example.net";
     }},
    {"aggressive_peer_abbreviated",
     "crypto isakmp peer add 10.0.0.2 vrf OUT\n set aggr client user-fqdn a@example.net\n set aggressive-mode passw 7 "
     "060506324F41\n",
     [](auto& r) {
         const auto& peer = r.isakmp_peers.at(0);
         return peer.vrf == "OUT" && peer.client_endpoint->kind == SelfIdentity::Kind::user_fqdn &&
                clear(peer.password.entries.at(0).key) == "cisco";
     }},
    {"aggressive_peer_older", "crypto isakmp peer ip-address 10.0.0.2\n set aggressive-mode client-endpoint ipv4-address 10.9.9.9\n",
     [](auto& r) { return r.isakmp_peers.at(0).client_endpoint->kind == SelfIdentity::Kind::address; }},
    {"aggressive_peer_hostname", "crypto isakmp peer hostname hub.example.net\n set aggressive-mode password abc\n",
     [](auto& r) { return !r.isakmp_peers.at(0).prefix && r.isakmp_peers[0].wants_aggressive(); }},
    {"transform_set", "crypto ipsec transform-set T esp-aes 256 esp-sha256-hmac\n mode transport\n",
     [](auto& r) { return r.transform_sets.at(0).transforms.size() == 2 && !r.transform_sets[0].tunnel_mode; }},
    {"ipsec_profile", ipsec + "set transform-set A B\n",
     [](auto& r) { return r.ipsec_profiles.at(0).transform_sets.size() == 2; }},
    {"ipsec_isakmp", ipsec + "set isakmp-profile P\n",
     [](auto& r) { return r.ipsec_profiles.at(0).isakmp_profile == "P"; }},
    {"ipsec_ikev2", ipsec + "set ikev2-profile P\n",
     [](auto& r) { return r.ipsec_profiles.at(0).ikev2_profile == "P"; }},
    {"ipsec_pfs", ipsec + "set pfs group14\n", [](auto& r) { return r.ipsec_profiles.at(0).pfs_group == 14U; }},
    {"ipsec_pfs_default", ipsec + "set pfs\n", [](auto& r) { return r.ipsec_profiles.at(0).pfs_group == 1U; }},
    {"ipsec_life",
     ipsec + "set security-association lifetime seconds 900\n set security-association lifetime kilobytes 5000\n",
     [](auto& r) {
         return r.ipsec_profiles.at(0).lifetime_seconds == 900 && r.ipsec_profiles[0].lifetime_kilobytes == 5000;
     }},
    {"dynamic_map", "crypto dynamic-map D 10\n set isakmp-profile P\n set transform-set T\n match address 101\n",
     [](auto& r) {
         return r.map_entries.at(0).dynamic && r.map_entries[0].acl == "101" && r.map_entries[0].isakmp_profile == "P";
     }},
    {"map_peer", map10 + "set peer 10.0.0.2 default\n set peer 10.0.0.3\n",
     [](auto& r) { return r.map_entries.at(0).peers.size() == 2; }},
    {"map_terms", map10 + "set transform-set T\n set isakmp-profile P\n set pfs group2\n match address VPN\n",
     [](auto& r) { return r.map_entries.at(0).acl == "VPN"; }},
    {"map_dynamic", "crypto map M 20 ipsec-isakmp dynamic D\n",
     [](auto& r) { return r.map_entries.at(0).dynamic_map == "D"; }},
    {"map_isakmp_profile", "crypto map M isakmp-profile P\n",
     [](auto& r) { return r.map_settings.at(0).isakmp_profile == "P"; }},
    {"map_local_address", "crypto map M local-address Loopback0\n",
     [](auto& r) { return r.map_settings.at(0).local_interface == "Loopback0"; }},
    {"map_client", "crypto map M client authentication list L\ncrypto map M isakmp authorization list L\n", nothing},
    {"tunnel_source", tunnel0 + "tunnel source GigabitEthernet0/1\n tunnel destination 10.0.0.2\n",
     [](auto& r) {
         return tunnel(r).tunnel_source == "GigabitEthernet0/1" && tunnel(r).tunnel_destination == "10.0.0.2";
     }},
    {"tunnel_gre", tunnel0 + "tunnel mode gre ip\n", [](auto& r) { return tunnel(r).tunnel_mode == "gre ip"; }},
    {"tunnel_multipoint", tunnel0 + "tunnel mode gre multipoint\n",
     [](auto& r) { return tunnel(r).tunnel_mode == "gre multipoint"; }},
    {"tunnel_vti", tunnel0 + "tunnel mode ipsec ipv4\n", [](auto& r) { return tunnel(r).tunnel_mode == "ipsec ipv4"; }},
    {"tunnel_vti6", tunnel0 + "tunnel mode ipsec ipv6\n",
     [](auto& r) { return tunnel(r).tunnel_mode == "ipsec ipv6"; }},
    {"tunnel_protection", tunnel0 + "tunnel protection ipsec profile I shared\n",
     [](auto& r) { return tunnel(r).tunnel_protection == "I"; }},
    {"tunnel_vrf", tunnel0 + "tunnel vrf OUT\n vrf forwarding IN\n",
     [](auto& r) { return tunnel(r).tunnel_vrf == "OUT" && tunnel(r).vrf == "IN"; }},
    {"vrf_old", "ip vrf OUT\n rd 1:1\n", [](auto& r) { return r.vrfs.at(0) == "OUT"; }},
    {"vrf_new", "vrf definition OUT\n rd 1:1\n address-family ipv4\n", [](auto& r) { return r.vrfs.at(0) == "OUT"; }},
    {"list_numbered", "access-list 101 permit ip 10.1.0.0 0.0.255.255 host 10.2.0.1\n",
     [](auto& r) { return r.access_lists.at(0).entries.at(0).pair.remote.prefix.text() == "10.2.0.1/32"; }},
    {"list_named", "ip access-list extended VPN\n 10 permit tcp any any eq 443\n deny ip any any\n",
     [](auto& r) {
         return r.access_lists.at(0).entries.at(0).pair.remote.port == 443 && !r.access_lists[0].entries.at(1).permit;
     }},
    {"ikev2_proposal", "crypto ikev2 proposal P\n encryption aes-gcm-256 aes-gcm-128\n prf sha512\n group 19 20\n",
     [](auto& r) { return r.ikev2_proposals.at(0).prf.at(0) == "sha512" && r.ikev2_proposals[0].groups.size() == 2; }},
    {"ikev2_policy", "crypto ikev2 policy P\n match fvrf OUT\n match address local 10.0.0.1\n proposal A\n",
     [](auto& r) { return r.ikev2_policies.at(0).fvrf == "OUT" && r.ikev2_policies[0].local_addresses.size() == 1; }},
    {"peer_address", peer2 + "address 10.0.0.0 255.255.255.0\n",
     [](auto& r) { return r.ikev2_keyrings.at(0).peers.at(0).prefix->length == 24; }},
    {"peer_ipv6", peer2 + "address 2001:db8::1/128\n",
     [](auto& r) { return r.ikev2_keyrings.at(0).peers.at(0).prefix->address.family == 6; }},
    {"peer_hostname", peer2 + "hostname r2\n",
     [](auto& r) { return r.ikev2_keyrings.at(0).peers.at(0).hostname == "r2"; }},
    {"peer_identities",
     peer2 + "identity fqdn domain example.net\n  identity email me@example.net\n  identity key-id K1\n  identity "
             "address 10.0.0.2\n",
     [](auto& r) { return r.ikev2_keyrings.at(0).peers.at(0).identities.size() == 4; }},
    {"peer_key", peer2 + "pre-shared-key 0 abc\n",
     [](auto& r) { return clear(*r.ikev2_keyrings.at(0).peers.at(0).remote) == "abc"; }},
    {"peer_key_local", peer2 + "pre-shared-key local abc\n  pre-shared-key remote hex 616263\n",
     [](auto& r) { return clear(*r.ikev2_keyrings.at(0).peers.at(0).remote) == "abc"; }},
    {"v2_match_address", profile2 + "match identity remote address 10.0.0.2 255.255.255.255\n",
     [](auto& r) { return match2(r).prefix.length == 32; }},
    {"v2_match_fqdn", profile2 + "match identity remote fqdn r2.example.net\n",
     [](auto& r) { return match2(r).kind == Kind::host; }},
    {"v2_match_domain", profile2 + "match identity remote fqdn domain example.net\n",
     [](auto& r) { return match2(r).kind == Kind::host_domain; }},
    {"v2_match_email", profile2 + "match identity remote email me@example.net\n",
     [](auto& r) { return match2(r).kind == Kind::user; }},
    {"v2_match_email_domain", profile2 + "match identity remote email domain example.net\n",
     [](auto& r) { return match2(r).kind == Kind::user_domain; }},
    {"v2_match_key_id", profile2 + "match identity remote key-id K1\n",
     [](auto& r) { return match2(r).kind == Kind::key_id; }},
    {"v2_match_any", profile2 + "match identity remote any\n", [](auto& r) { return match2(r).kind == Kind::any; }},
    {"v2_match_local",
     profile2 + "match address local interface GigabitEthernet0/0\n match address local 10.0.0.1\n match certificate "
                "CMAP\n match fvrf any\n",
     [](auto& r) { return r.ikev2_profiles.at(0).local_addresses.size() == 2 && r.ikev2_profiles[0].fvrf == "any"; }},
    {"v2_identity", profile2 + "identity local fqdn r1.example.net\n",
     [](auto& r) { return r.ikev2_profiles.at(0).identity->text == "r1.example.net"; }},
    {"v2_authentication", profile2 + "authentication local rsa-sig\n authentication remote pre-share key abc\n",
     [](auto& r) {
         return r.ikev2_profiles.at(0).authentication_local == "rsa-sig" &&
                clear(*r.ikev2_profiles[0].key_remote) == "abc";
     }},
    {"v2_keyring", profile2 + "keyring local K\n dpd 10 3 on-demand\n lifetime 3600\n pki trustpoint TP sign\n",
     [](auto& r) { return r.ikev2_profiles.at(0).keyring == "K" && r.ikev2_profiles[0].trust_points.size() == 1; }},
    {"v2_keyring_aaa", profile2 + "keyring aaa LIST\n", [](auto& r) { return r.ikev2_profiles.at(0).keyring_aaa; }},
    {"encryption_of_keys",
     "service password-encryption\npassword encryption aes\nkey config-key password-encrypt secret\n", nothing},
};

class Grammar : public testing::TestWithParam<Line_> {};

TEST_P(Grammar, IsUnderstood) {
    const auto router = read_config(GetParam().text);
    for (const auto& remark : router.remarks) ADD_FAILURE() << "line " << remark.line.number << ": " << remark.what;
    EXPECT_TRUE(GetParam().understood(router)) << GetParam().text;
}

TEST_P(Grammar, IsUnderstoodWithWindowsLineEndsTabsAndRemarks) {
    std::string text;
    for (const char c : GetParam().text) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
    EXPECT_TRUE(GetParam().understood(read_config("Building configuration...\r\n!\r\n" + text + "!\r\nend\r\n")))
        << GetParam().text;
}

TEST_P(Grammar,
       IsUnderstoodOutOfADocument) { // blank lines between all lines, no-break spaces for blanks at their start
    std::string text;
    bool start = true;
    for (const char c : GetParam().text) {
        text += c == '\n' ? std::string("\n\n") : start && c == ' ' ? std::string("\xc2\xa0") : std::string(1, c);
        start = c == '\n' || (start && c == ' ');
    }
    EXPECT_TRUE(GetParam().understood(read_config(text))) << text;
}

INSTANTIATE_TEST_SUITE_P(OfIos, Grammar, testing::ValuesIn(lines), [](const auto& line) { return line.param.name; });

TEST(Type6, NeedsTheMasterKeyAndSaysSo) {
    const auto router = read_config("crypto keyring K\n pre-shared-key address 10.0.0.2 key 6 AbCdEfGh\n");
    ASSERT_EQ(router.remarks.size(), 1U);
    EXPECT_EQ(router.remarks[0].line.number, 2U);
    EXPECT_NE(router.remarks[0].what.find("master key"), std::string::npos);
}

TEST(Unreadable, LinesThatMatterAreReportedWithTheirNumber) {
    for (const auto* text :
         {"crypto keyring K\n pre-shared-key address 10.0.0. key abc\n", "crypto isakmp policy 10\n encr rot13\n",
          "crypto isakmp policy 10\n group five\n", "crypto isakmp profile P\n match identity adress 10.0.0.2\n",
          "crypto ipsec profile I\n set pfs groupX\n", "crypto isakmp profile P\n self-identity nobody\n",
          "crypto ikev2 profile P\n match identity remote planet mars\n",
          "interface Tunnel0\n tunnel destination 10.0.0\n"}) {
        const auto router = read_config(text);
        ASSERT_EQ(router.remarks.size(), 1U) << text;
        EXPECT_EQ(router.remarks[0].line.number, 2U) << text;
        EXPECT_TRUE(router.remarks[0].blocking) << text;
    }
}

}} // namespace ikescope::ios::test
