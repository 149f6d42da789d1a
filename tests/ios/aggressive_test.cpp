// Aggressive Mode: the ID comes in AM1, so the responder knows profile and key before it answers [RFC 2409 5.4].

#include "tests/ios/support.hpp"

namespace ikescope::ios::test { namespace {

std::string swap(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return text;
}

const std::string initiator =
    swap(read_file("scenarios/s1-r2.cfg"), "  keyring keyring1\n", "  keyring keyring1\n  initiate mode aggressive\n");
const std::string responder = read_file("scenarios/s1-r1.cfg");

Prediction predicted(const std::string& from, const std::string& to) {
    return predict(read_config(from), read_config(to));
}

TEST(Aggressive, TheKeyringsThatFailMainModeDoNotMatter) {
    const auto p = predicted(initiator, responder);
    EXPECT_EQ(p.outcome, Outcome::up) << p.sentence;
    const auto* got = find_step(p, "AM1", "R1", false);
    ASSERT_NE(got, nullptr);
    EXPECT_EQ(got->profile, "profile2");
    EXPECT_EQ(got->keyring, "keyring2") << "the keyring of the profile, not the first one by address";
    ASSERT_NE(find_step(p, "AM3", "R2", true), nullptr);
    EXPECT_EQ(find_step(p, "MM1", "R2", true), nullptr);
    const auto log = log_of(p, "R2");
    EXPECT_NE(std::ranges::find(log, "ISAKMP:(0): beginning Aggressive Mode exchange"), log.end());
}

TEST(Aggressive, KeysByHostNameCount) {
    const auto named = swap(swap(initiator, "  initiate mode aggressive\n",
                                 "  initiate mode aggressive\n  self-identity fqdn r2.example.net\n"),
                            "hostname R2", "hostname R2");
    const auto by_name =
        swap(swap(responder, "keyring2\n pre-shared-key address 192.168.0.2 key cisco",
                  "keyring2\n pre-shared-key hostname r2.example.net key cisco"),
             "match identity address 192.168.0.2 255.255.255.255", "match identity host r2.example.net");
    const auto p = predicted(named, by_name);
    EXPECT_EQ(p.outcome, Outcome::up) << p.sentence;
    EXPECT_EQ(find_step(p, "AM1", "R1", false)->key_rule, "host name in the ID");
    const auto main = predicted(swap(named, "  initiate mode aggressive\n", ""), by_name);
    EXPECT_NE(main.outcome, Outcome::up) << "in Main Mode the host name is not known in time";
}

TEST(Aggressive, TheInitiatorSeesAWrongKey) {
    const auto p = predicted(initiator, swap(responder, "keyring2\n pre-shared-key address 192.168.0.2 key cisco",
                                             "keyring2\n pre-shared-key address 192.168.0.2 key other"));
    EXPECT_EQ(p.finding, "wrong-psk");
    const auto* seen = find_step(p, "AM2", "R2", false);
    ASSERT_NE(seen, nullptr);
    EXPECT_NE(seen->text.find("HASH_R is wrong"), std::string::npos);
    EXPECT_EQ(find_step(p, "AM3", "R2", true), nullptr);
}

TEST(Aggressive, AResponderMayRefuseIt) {
    const auto p = predicted(initiator, responder + "crypto isakmp aggressive-mode disable\n");
    EXPECT_EQ(p.outcome, Outcome::phase1_failed);
    EXPECT_EQ(p.causes, std::vector<std::string>{"aggressive-mode-disabled"});
    EXPECT_EQ(find_step(p, "AM2", "R1", true), nullptr);
}

TEST(Aggressive, OneGroupForAllOffers) {
    const auto two = "crypto isakmp policy 5\n encr aes\n authentication pre-share\n group 14\n";
    EXPECT_EQ(predicted(std::string(two) + initiator, responder).finding, "no-proposal-chosen")
        << "policy 10 is of another group than the first one";
    EXPECT_EQ(predicted(std::string(two) + swap(initiator, "  initiate mode aggressive\n", ""), responder).finding,
              "keyring-mismatch")
        << "Main Mode offers both";
}

TEST(Vrf, TheFrontDoorDecidesWhichKeyringsAreSearched) {
    const auto in_vrf = [](std::string text) {
        text = swap(text, "interface Ethernet0/0\n", "interface Ethernet0/0\n ip vrf forwarding RED\n");
        return swap(text, " tunnel source Ethernet0/0\n", " tunnel source Ethernet0/0\n tunnel vrf RED\n");
    };
    const auto red = swap(swap(in_vrf(responder), "crypto keyring keyring2\n", "crypto keyring keyring2 vrf RED\n"),
                          "192.168.0.2 255.255.255.255 !R2", "192.168.0.2 255.255.255.255 RED");
    const auto p = predicted(read_file("scenarios/s1-r2.cfg"), red + "crypto isakmp key global address 0.0.0.0\n");
    EXPECT_EQ(p.outcome, Outcome::up) << p.sentence;
    EXPECT_EQ(find_step(p, "MM3", "R1", false)->keyring, "keyring2");
    EXPECT_EQ(predicted(read_file("scenarios/s1-r2.cfg"), swap(red, " vrf RED\n", "\n")).finding, "no-key-for-peer");
}

}} // namespace ikescope::ios::test
