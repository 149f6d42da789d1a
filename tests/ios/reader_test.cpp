#include "tests/ios/support.hpp"

#include "ios/words.hpp"

namespace ikescope::ios::test {
namespace {

std::string clear(const KeyMaterial& key) { return std::string(text_of(key.key.reveal())); }
std::string clear(const Secret& key) { return std::string(text_of(key.reveal())); }

TEST(Type7, KnownVectors) {
    EXPECT_EQ(clear(*decode_type7("060506324F41")), "cisco"); // published vector
    EXPECT_EQ(clear(*decode_type7("02050D480809")), "cisco"); // the example of many Cisco documents
    EXPECT_FALSE(decode_type7("06050632 4F41"));
    EXPECT_FALSE(decode_type7("0605063"));
    EXPECT_FALSE(decode_type7("99050632"));
    EXPECT_FALSE(decode_type7("cisco"));
}

TEST(Keywords, AbbreviateAsPeopleTypeThem) {
    const auto router = read_config("cry isa pol 10\n encr aes 256\n has sha256\n auth pre\n gr 14\n lif 3600\n"
                                    "cry isa key cisco addr 10.0.0.1\n"
                                    "int gi0/1\n ip addr 10.0.0.2 255.255.255.252\n ip addr 10.0.1.2 255.255.255.0 sec\n"
                                    "cry keyr K\n pre addr 10.0.0.3 key abc\n");
    ASSERT_EQ(router.policies.size(), 1U);
    EXPECT_EQ(router.policies[0].encryption, "aes");
    EXPECT_EQ(router.policies[0].key_bits, 256U);
    EXPECT_EQ(router.policies[0].hash, "sha256");
    EXPECT_EQ(router.policies[0].authentication, "pre-share");
    EXPECT_EQ(router.policies[0].group, 14U);
    EXPECT_EQ(router.policies[0].lifetime, 3600U);
    ASSERT_EQ(router.global_keys.entries.size(), 1U);
    EXPECT_EQ(router.global_keys.entries[0].prefix->text(), "10.0.0.1/32");
    ASSERT_EQ(router.interfaces.size(), 1U);
    EXPECT_EQ(router.interfaces[0].name, "GigabitEthernet0/1");
    ASSERT_EQ(router.interfaces[0].addresses.size(), 2U);
    EXPECT_TRUE(router.interfaces[0].addresses[1].secondary);
    ASSERT_EQ(router.keyrings.size(), 1U);
    EXPECT_EQ(clear(router.keyrings[0].entries.at(0).key), "abc");
    EXPECT_TRUE(router.remarks.empty());
}

TEST(Policy, AbsentLinesMeanTheDefaultsThatIosPrints) {
    const auto router = read_config("crypto isakmp policy 20\n");
    const auto& policy = router.policies.at(0);
    EXPECT_EQ(policy.encryption, "des");
    EXPECT_EQ(policy.hash, "sha");
    EXPECT_EQ(policy.authentication, "rsa-sig");
    EXPECT_EQ(policy.group, 1U);
    EXPECT_EQ(policy.lifetime, 86400U);
}

TEST(Key, FormsAndTrailingBlank) {
    const auto router = read_config("crypto keyring K vrf OUT\n"
                                    " pre-shared-key address 10.0.0.0 255.255.0.0 key 7 060506324F41 \n"
                                    " pre-shared-key address 10.0.0.1 key 0 se!cret  \n"
                                    " pre-shared-key address 10.0.0.2 key 6 AbCdEf\n"
                                    " pre-shared-key address ipv6 2001:DB8::/32 key six\n"
                                    " pre-shared-key hostname r3.example.net key three\n"
                                    " pre-shared-key address 10.0.0.4 key four !the fourth\n"
                                    " pre-shared-key address 0.0.0.0 key !any\n"
                                    "crypto isakmp key 6 address 10.0.0.9\n"
                                    "crypto isakmp key 7 02050D480809 hostname r9.example.net\n"
                                    "crypto isakmp key c address 10.1.0.0 255.255.0.0 no-xauth\n");
    const auto& ring = router.keyrings.at(0);
    EXPECT_EQ(ring.vrf, "OUT");
    ASSERT_EQ(ring.entries.size(), 7U);
    EXPECT_EQ(clear(ring.entries[0].key), "cisco");
    EXPECT_FALSE(ring.entries[0].key.trailing_blank);
    EXPECT_EQ(clear(ring.entries[1].key), "se!cret  ");
    EXPECT_TRUE(ring.entries[1].key.trailing_blank);
    EXPECT_FALSE(ring.entries[2].key.usable());
    EXPECT_NE(ring.entries[2].key.unusable.find("master key"), std::string::npos);
    EXPECT_EQ(ring.entries[3].prefix->text(), "2001:db8::/32");
    EXPECT_EQ(ring.entries[4].hostname, "r3.example.net");
    EXPECT_FALSE(ring.entries[4].prefix);
    EXPECT_EQ(clear(ring.entries[5].key), "four");
    EXPECT_FALSE(ring.entries[5].key.trailing_blank);
    EXPECT_EQ(clear(ring.entries[6].key), "!any");
    EXPECT_EQ(ring.entries[6].prefix->length, 0);
    ASSERT_EQ(router.global_keys.entries.size(), 3U);
    EXPECT_EQ(clear(router.global_keys.entries[0].key), "6");
    EXPECT_EQ(clear(router.global_keys.entries[1].key), "cisco");
    EXPECT_EQ(router.global_keys.entries[2].prefix->length, 16);
    EXPECT_TRUE(router.global_keys.entries[2].no_xauth);
}

TEST(Key, NeverStandsInATextThatIsShown) {
    for (const auto* line : {" pre-shared-key address 10.0.0.1 key sesame", " pre-shared-key address 10.0.0.1 255.255.255.0 key 0 sesame ",
                             "crypto isakmp key sesame address 10.0.0.1", "no crypto isakmp key 0 sesame address 10.0.0.1", "  pre-shared-key local sesame",
                             "R1(config-keyring)# pre-shared-key hostname h key sesame", " pre-shared-key hex 736573616d65sesame", "enable secret 9 sesame",
                             "username u privilege 15 secret 5 sesame", " authentication local pre-share key sesame", "cry isa key sesame addr 1.1.1.1"}) {
        EXPECT_EQ(without_keys(line).find("sesame"), std::string::npos) << line;
        EXPECT_NE(without_keys(line).find("*****"), std::string::npos) << line;
    }
    EXPECT_EQ(without_keys(" keyring keyring1"), " keyring keyring1");
}

TEST(Profile, AllFormsOfIdentity) {
    const auto router = read_config("crypto isakmp profile P\r\n"
                                    "   description all of them\r\n"
                                    "   keyring K1\r\n"
                                    "   keyring default\r\n"
                                    "   self-identity fqdn me.example.net\r\n"
                                    "   match identity group sales\r\n"
                                    "   match identity address 10.0.0.1 255.255.255.255 OUTSIDE\r\n"
                                    "   match identity address 0.0.0.0 OUTSIDE\r\n"
                                    "   match identity address 10.0.0.7\r\n"
                                    "   match identity address ipv6 2001:db8::1/128\r\n"
                                    "   match identity host r2.example.net\r\n"
                                    "   match identity host domain example.net\r\n"
                                    "   match identity user me@example.net\r\n"
                                    "   match identity user domain example.net\r\n"
                                    "   match certificate CMAP\r\n"
                                    "   ca trust-point TP\r\n"
                                    "   initiate mode aggressive\r\n"
                                    "   local-address GigabitEthernet0/0 OUTSIDE\r\n"
                                    "   vrf INSIDE\r\n");
    const auto& profile = router.profiles.at(0);
    EXPECT_EQ(profile.keyrings, (std::vector<std::string>{"K1", "default"}));
    using Kind = IdentityMatch::Kind;
    std::vector<Kind> kinds;
    for (const auto& match : profile.matches) kinds.push_back(match.kind);
    EXPECT_EQ(kinds, (std::vector<Kind>{Kind::group, Kind::address, Kind::address, Kind::address, Kind::address, Kind::host, Kind::host_domain, Kind::user, Kind::user_domain}));
    EXPECT_EQ(profile.matches[1].fvrf, "OUTSIDE");
    EXPECT_EQ(profile.matches[2].fvrf, "OUTSIDE");
    EXPECT_EQ(profile.matches[2].prefix.length, 0);
    EXPECT_EQ(profile.matches[3].prefix.length, 32);
    EXPECT_EQ(profile.matches[3].line.number, 9U);
    EXPECT_EQ(profile.trust_points, std::vector<std::string>{"TP"});
    EXPECT_TRUE(profile.initiate_aggressive);
    EXPECT_EQ(profile.vrf, "INSIDE");
    EXPECT_EQ(profile.local_addresses.at(0).interface, "GigabitEthernet0/0");
    EXPECT_EQ(profile.self_identity->text, "me.example.net");
    EXPECT_TRUE(router.remarks.empty());
}

TEST(Session, PromptsTellTheModeAndTheName) {
    const auto router = read_config("R1>enable\nR1#configure terminal\n"
                                    "R1(config)#crypto keyring K\nR1(config-keyring)#pre-shared-key address 10.0.0.2 key abc\n"
                                    "R1(config-keyring)# exit\n"
                                    "R1(config)#crypto isakmp policy 10\nR1(config-isakmp)#authentication pre-share\nR1(config-isakmp)#end\n"
                                    "R1#show crypto isakmp sa\n");
    EXPECT_EQ(router.name, "R1");
    EXPECT_EQ(router.keyrings.at(0).entries.size(), 1U);
    EXPECT_EQ(router.policies.at(0).authentication, "pre-share");
    EXPECT_TRUE(router.remarks.empty());
}

TEST(Fragment, WithoutIndentationAndWithBlankLines) {
    const auto router = read_config("crypto keyring keyring1\n\npre-shared-key address 192.168.0.0 255.255.0.0 key cisco\n\n"
                                    "crypto isakmp profile P\n\nkeyring keyring1\nmatch identity address 192.168.0.2 255.255.255.255\n\n"
                                    "interface Ethernet0/0\nip address 10.0.0.1 255.255.255.0\ncrypto map CM\n",
                                    "office");
    EXPECT_EQ(router.name, "office");
    EXPECT_EQ(router.keyrings.at(0).entries.size(), 1U);
    EXPECT_EQ(router.profiles.at(0).keyrings.at(0), "keyring1");
    EXPECT_EQ(router.profiles.at(0).matches.size(), 1U);
    EXPECT_EQ(router.interfaces.at(0).crypto_map, "CM");
    EXPECT_TRUE(router.has_address(*IpAddress::parse("10.0.0.1")));
}

TEST(Noise, OfARunningConfigurationIsIgnored) {
    const auto router = read_config("Building configuration...\n\nCurrent configuration : 3312 bytes\n!\nversion 15.3\nservice timestamps debug datetime msec\n"
                                    "hostname edge\n!\nboot-start-marker\n!\nbanner motd ^C\ncrypto keyring FAKE\n pre-shared-key address 1.1.1.1 key x\n^C\n!\n"
                                    "crypto pki certificate chain TP\n certificate 01\n  30820122 3081CDA0\n  \tquit\n!\n"
                                    "line vty 0 4\n password 7 02050D480809\n login\n!\nntp server 10.0.0.1\nend\n");
    EXPECT_EQ(router.name, "edge");
    EXPECT_TRUE(router.keyrings.empty());
    EXPECT_TRUE(router.remarks.empty());
}

TEST(Remark, ForALineThatMattersAndIsNotUnderstood) {
    const auto router = read_config("crypto keyring K\n pre-shared-key address 10.0.0.x key abc\n frobnicate\n"
                                    "crypto isakmp policy 10\n hash whirlpool\n"
                                    "crypto isakmp frobnicate\n");
    ASSERT_EQ(router.remarks.size(), 4U);
    EXPECT_TRUE(router.remarks[0].blocking);
    EXPECT_EQ(router.remarks[0].line.number, 2U);
    EXPECT_EQ(router.remarks[0].line.text, "pre-shared-key address 10.0.0.x key *****");
    EXPECT_FALSE(router.remarks[1].blocking);
    EXPECT_TRUE(router.remarks[2].blocking);
    EXPECT_TRUE(router.keyrings[0].unreadable);
    EXPECT_TRUE(router.policies[0].unreadable);
}

TEST(Map, EntriesListsAndInterfaces) {
    const auto router = read_config("crypto ipsec transform-set TS esp-aes 256 esp-sha-hmac \n mode transport\n"
                                    "crypto dynamic-map DYN 10\n set transform-set TS \n set isakmp-profile REMOTE\n"
                                    "crypto map CM local-address Loopback0\ncrypto map CM isakmp-profile ALL\n"
                                    "crypto map CM 10 ipsec-isakmp \n description branch\n set peer 10.0.0.2 default\n set peer 10.0.0.3\n set transform-set TS \n"
                                    " set pfs group14\n set isakmp-profile P\n match address 101\n"
                                    "crypto map CM 65535 ipsec-isakmp dynamic DYN \n"
                                    "interface Loopback0\n ip address 1.1.1.1 255.255.255.255\n"
                                    "interface FastEthernet0/0\n ip vrf forwarding OUT\n ip address 10.0.0.1 255.255.255.0\n crypto map CM\n"
                                    "access-list 101 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\naccess-list 101 deny ip any any\n");
    ASSERT_EQ(router.transform_sets.at(0).transforms, (std::vector<std::string>{"esp-aes 256", "esp-sha-hmac"}));
    EXPECT_FALSE(router.transform_sets[0].tunnel_mode);
    const auto paths = paths_of(router);
    ASSERT_EQ(paths.size(), 3U);
    EXPECT_EQ(paths[0].name, "crypto map CM 10");
    EXPECT_EQ(paths[0].ends.local.text(), "1.1.1.1");
    EXPECT_EQ(paths[0].ends.peer.text(), "10.0.0.2");
    EXPECT_EQ(paths[0].ends.vrf, "OUT");
    EXPECT_EQ(paths[0].terms.pfs_group, 14U);
    EXPECT_EQ(paths[0].terms.isakmp_profile, "P");
    ASSERT_EQ(paths[0].proxies.size(), 1U);
    EXPECT_EQ(paths[0].proxies[0].remote.prefix.text(), "10.2.0.0/16");
    EXPECT_EQ(paths[1].ends.peer.text(), "10.0.0.3");
    EXPECT_TRUE(paths[2].any_peer);
    EXPECT_EQ(paths[2].terms.isakmp_profile, "REMOTE");
    EXPECT_TRUE(router.remarks.empty());
}

TEST(Ikev2, KeyringsAndProfiles) {
    const auto router = read_config("crypto ikev2 proposal PROP \n encryption aes-cbc-256 aes-cbc-128\n integrity sha256\n group 14 19\n"
                                    "crypto ikev2 policy POL \n match fvrf any\n proposal PROP\n"
                                    "crypto ikev2 keyring KR\n peer A\n  address 10.0.0.2 255.255.255.0\n  pre-shared-key local one\n  pre-shared-key remote two\n !\n"
                                    " peer B\n  identity fqdn b.example.net\n  pre-shared-key hex 616263\n !\n!\n"
                                    "crypto ikev2 profile PR\n match fvrf any\n match identity remote fqdn domain example.net\n identity local email me@example.net\n"
                                    " authentication remote pre-share\n authentication local pre-share key self\n keyring local KR\n dpd 10 2 periodic\n pki trustpoint TP\n");
    EXPECT_EQ(router.ikev2_proposals.at(0).groups, (std::vector<unsigned>{14, 19}));
    EXPECT_EQ(router.ikev2_policies.at(0).fvrf, "any");
    const auto& ring = router.ikev2_keyrings.at(0);
    ASSERT_EQ(ring.peers.size(), 2U);
    EXPECT_EQ(clear(*ring.peers[0].local), "one");
    EXPECT_EQ(clear(*ring.peers[0].remote), "two");
    EXPECT_EQ(clear(*ring.peers[1].local), "abc");
    const auto& profile = router.ikev2_profiles.at(0);
    EXPECT_EQ(profile.keyring, "KR");
    EXPECT_EQ(clear(*profile.key_local), "self");
    EXPECT_EQ(profile.matches.at(0).kind, IdentityMatch::Kind::host_domain);
    EXPECT_TRUE(router.remarks.empty());
    const auto keys = candidate_keys(router);
    ASSERT_EQ(keys.size(), 4U);
    EXPECT_EQ(keys[0].origin, "KR peer A of router");
}

} // namespace
} // namespace ikescope::ios::test
