// The scenarios of the Cisco document on ISAKMP profiles and keyrings (IOS 15.3T): outcome, choices, and the debug
// lines that the document prints, in its order.

#include "tests/ios/support.hpp"

namespace ikescope::ios::test {
namespace {

struct Scenario {
    Router r1, r2;
};
Scenario scenario(const std::string& name) {
    Scenario out{router_file(name + "-r1"), router_file(name + "-r2")};
    repair_masks(out.r1, out.r2);
    return out;
}

#define EXPECT_PUBLISHED(name, router, prediction) EXPECT_EQ(missing_in_order(published(name, router), log_of(prediction, router)), "")

TEST(Scenario, S1_ComesUpBecauseTheFirstKeyringIsTheRightOne) {
    const auto s = scenario("s1");
    const auto p = predict(s.r1, s.r2);
    EXPECT_EQ(p.outcome, Outcome::up);
    EXPECT_EQ(p.finding, "");
    const auto* mm3 = find_step(p, "MM3", "R2", false);
    ASSERT_NE(mm3, nullptr);
    EXPECT_EQ(mm3->keyring, "keyring1");
    EXPECT_EQ(mm3->key_rule, "first configured of equal masks");
    EXPECT_FALSE(mm3->supported);
    EXPECT_EQ(find_step(p, "MM5", "R2", false)->profile, "profile1");
    EXPECT_EQ(find_step(p, "MM1", "R1", true)->keyring, "keyring2");
    EXPECT_PUBLISHED("s1", "R1", p);
    EXPECT_PUBLISHED("s1", "R2", p);
    // Its profile was certain from the start: no matching again at MM6.
    for (const auto& line : log_of(p, "R1")) EXPECT_EQ(line.find("peer matches"), std::string::npos) << line;
}

TEST(Scenario, S2_TheOtherDirectionFailsAlthoughThePasswordsAreEqual) {
    const auto s = scenario("s1");
    const auto p = predict(s.r2, s.r1);
    EXPECT_EQ(p.outcome, Outcome::phase1_failed);
    EXPECT_EQ(p.finding, "keyring-mismatch");
    EXPECT_EQ(p.failing_router, "R1");
    EXPECT_EQ(p.causes, std::vector<std::string>{"duplicate-peer-key"});
    EXPECT_EQ(find_step(p, "MM3", "R1", false)->keyring, "keyring1");
    EXPECT_EQ(find_step(p, "MM5", "R1", false)->profile, "profile2");
    EXPECT_EQ(find_step(p, "MM6", "R1", true), nullptr);
    auto log = published("s2", "R1"), own = published("s2", "R2");
    EXPECT_EQ(missing_in_order(log, log_of(p, "R1")), "");
    EXPECT_EQ(missing_in_order(own, log_of(p, "R2")), "");
}

TEST(Scenario, S3_DifferentKeysShowAsReservedNotZero) {
    const auto s = scenario("s3");
    const auto p = predict(s.r2, s.r1);
    EXPECT_EQ(p.outcome, Outcome::phase1_failed);
    EXPECT_EQ(p.finding, "wrong-psk");
    EXPECT_EQ(p.causes, std::vector<std::string>{"duplicate-peer-key"});
    EXPECT_NE(p.sentence.find("reserved not zero"), std::string::npos);
    EXPECT_PUBLISHED("s3", "R1", p);
    EXPECT_EQ(predict(s.r1, s.r2).outcome, Outcome::up);
}

TEST(Scenario, S4_InitiatorWithoutProfilePicksTheMostSpecificKey) {
    const auto s = scenario("s4");
    const auto p = predict(s.r1, s.r2);
    EXPECT_EQ(p.outcome, Outcome::up);
    const auto* mm1 = find_step(p, "MM1", "R1", true);
    EXPECT_EQ(mm1->keyring, "keyring2");
    EXPECT_EQ(mm1->key_rule, "longest netmask");
    EXPECT_TRUE(mm1->supported);
    EXPECT_EQ(mm1->profile, "");
    EXPECT_PUBLISHED("s4", "R1", p);
}

TEST(Scenario, S5_ResponderPicksTheLongestMask) {
    const auto s = scenario("s5");
    const auto p = predict(s.r2, s.r1);
    EXPECT_EQ(p.outcome, Outcome::up);
    EXPECT_EQ(find_step(p, "MM3", "R1", false)->keyring, "keyring2");
    EXPECT_PUBLISHED("s5", "R1", p);
    const auto log = log_of(p, "R1");
    EXPECT_NE(std::ranges::find(log, "ISAKMP:(0):ISAKMP: Selecting  192.168.0.0,255.255.0.0 as  key"), log.end());
}

TEST(Scenario, S6_TheGlobalKeyIsFoundFirstThoughLastAndLeastSpecific) {
    const auto s = scenario("s6");
    const auto p = predict(s.r2, s.r1);
    EXPECT_EQ(p.outcome, Outcome::phase1_failed);
    EXPECT_EQ(p.finding, "wrong-psk");
    EXPECT_EQ(p.causes, std::vector<std::string>{"default-keyring-shadows"});
    const auto* mm3 = find_step(p, "MM3", "R1", false);
    EXPECT_EQ(mm3->keyring, "default");
    EXPECT_EQ(mm3->key_rule, "default keyring first");
    const auto log = log_of(p, "R1");
    EXPECT_NE(std::ranges::find(log, "ISAKMP:(0):key for 192.168.0.2 found in default"), log.end());
}

TEST(Scenario, S7_Ikev2HasNoKeyringTrouble) {
    const auto s = scenario("s7");
    for (const auto& p : {predict(s.r1, s.r2), predict(s.r2, s.r1)}) {
        EXPECT_EQ(p.version, 2);
        EXPECT_EQ(p.outcome, Outcome::up) << p.sentence;
    }
    const auto p = predict(s.r2, s.r1);
    EXPECT_EQ(find_step(p, "IKE_AUTH request", "R1", false)->profile, "profile2");
    EXPECT_EQ(find_step(p, "IKE_AUTH request", "R1", false)->keyring, "keyring2");
}

TEST(Scenario, S8_InitiatorWithoutProfileTakesTheMostSpecificOne) {
    const auto s = scenario("s8");
    const auto p = predict(s.r1, s.r2);
    EXPECT_EQ(p.outcome, Outcome::up);
    EXPECT_PUBLISHED("s8", "R1", p);
    EXPECT_EQ(find_step(p, "MM1", "R1", true)->profile, "profile2");
}

TEST(Scenario, S9_PhaseTwoIsRefusedWithError32) {
    const auto s = scenario("s9");
    const auto p = predict(s.r1, s.r2);
    EXPECT_EQ(p.outcome, Outcome::phase2_failed);
    EXPECT_EQ(p.finding, "profile-mismatch");
    EXPECT_EQ(p.failing_router, "R2");
    EXPECT_EQ(find_step(p, "QM1", "R2", false)->profile, "profile2");
    EXPECT_PUBLISHED("s9", "R2", p);
}

TEST(Pair, SaysThatTheTunnelWorksInOneDirectionAndProposesWhatHelps) {
    const auto s = scenario("s1");
    const auto pair = predict_pair(s.r1, s.r2);
    ASSERT_EQ(pair.directions.size(), 2U);
    EXPECT_EQ(pair.one_way, "The tunnel comes up only when R1 starts it; when R2 starts, it fails (keyring-mismatch on R1).");
    ASSERT_TRUE(pair.proposal);
    ASSERT_EQ(pair.proposal->changes.size(), 1U);
    EXPECT_EQ(pair.proposal->changes[0].router, "R1");
    for (const auto& again : pair.proposal->directions) EXPECT_EQ(again.outcome, Outcome::up) << again.sentence;
    const auto diff = pair.proposal->changes[0].diff();
    EXPECT_NE(diff.find("-crypto keyring keyring1\n- pre-shared-key address 192.168.0.2 key *****\n"), std::string::npos) << diff;
    EXPECT_NE(diff.find("-  keyring keyring1\n+  keyring keyring2\n"), std::string::npos) << diff;
    EXPECT_EQ(diff.find("cisco"), std::string::npos) << "keys are starred out";
}

TEST(Pair, ProposesForEveryFailingScenario) {
    for (const auto* name : {"s3", "s6", "s9"}) {
        const auto s = scenario(name);
        const auto pair = predict_pair(s.r1, s.r2);
        ASSERT_TRUE(pair.proposal) << name;
        for (const auto& again : pair.proposal->directions) EXPECT_EQ(again.outcome, Outcome::up) << name << ": " << again.sentence;
    }
}

TEST(Reading, CompletesTheMaskFromTheOtherRouter) {
    auto r1 = router_file("s1-r1");
    const auto r2 = router_file("s1-r2");
    ASSERT_EQ(r1.remarks.size(), 1U);
    EXPECT_NE(r1.remarks[0].what.find("cut short"), std::string::npos);
    EXPECT_TRUE(r1.find_interface("Ethernet0/0")->addresses[0].mask_assumed);
    repair_masks(r1, r2);
    EXPECT_FALSE(r1.find_interface("Ethernet0/0")->addresses[0].mask_assumed);
    EXPECT_EQ(r1.find_interface("e0/0")->addresses[0].length, 24);
}

} // namespace
} // namespace ikescope::ios::test
