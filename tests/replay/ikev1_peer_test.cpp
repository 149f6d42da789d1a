// Two of our own peers: both modes, PFS, suites, loss, failures. What the messages are worth is judged elsewhere, by
// charon.

#include "tests/replay/pair.hpp"

namespace ikescope::replay::test { namespace {

/// A negotiation between two plain policies.
struct Talk {
    ikev1::PlainSettings one = v1::plain("192.0.2.1"), two = v1::plain("192.0.2.2");
    ikev1::Settings settings{at("192.0.2.1"), at("192.0.2.2"), false, true, true, {}};
    std::function<bool(std::size_t)> drops = [](std::size_t) { return false; };
    Side left, right;
    std::vector<Outgoing> seen;
    Timestamp end = 0;

    Talk() {
        one.remote = two.local;
        two.remote = one.local;
    }
    void run() {
        auto random_one = seeded("one"), random_two = seeded("two");
        ikev1::PlainPolicy policy_one(one), policy_two(two);
        ikev1::Settings answering{at("192.0.2.2"), {}, false, true, true, settings.patience};
        ikev1::Peer initiator(settings, policy_one, random_one), responder(answering, policy_two, random_two);
        Wire wire(one_second / 1000);
        Dropping dropping(wire, drops);
        Recorder recorder(dropping);
        wire.set_way(recorder);
        const auto first = wire.join(settings.local.address, initiator, left.heed());
        wire.join(settings.remote.address, responder, right.heed());
        wire.start(first, start_time);
        end = wire.run(start_time + 1000 * one_second);
        seen = recorder.seen();
    }
    void expect_up() const {
        ASSERT_EQ(left.established.size(), 1U);
        ASSERT_EQ(right.established.size(), 1U);
        EXPECT_EQ(left.established[0].responder_spi, right.established[0].responder_spi);
        ASSERT_EQ(left.children.size(), 1U);
        ASSERT_EQ(right.children.size(), 1U);
        EXPECT_EQ(left.children[0].inbound_spi, right.children[0].outbound_spi);
        EXPECT_EQ(left.children[0].inbound_keys, right.children[0].outbound_keys);
        EXPECT_EQ(left.children[0].outbound_keys, right.children[0].inbound_keys);
        EXPECT_FALSE(left.children[0].inbound_keys.empty());
        EXPECT_EQ(left.shared, right.shared);
    }
};

TEST(Ikev1Peer, MainAndQuickModeComeUpInNineMessages) {
    Talk talk;
    talk.run();
    talk.expect_up();
    EXPECT_EQ(talk.seen.size(), 9U);
    EXPECT_EQ(talk.left.established[0].peer_identity, "192.0.2.2");
    EXPECT_EQ(talk.right.established[0].peer_identity, "192.0.2.1");
    EXPECT_FALSE(talk.left.children[0].udp_encapsulated);
    EXPECT_EQ(talk.left.children[0].inbound_keys.size(), 16U + 32U);
}

TEST(Ikev1Peer, AggressiveModeComesUpInThreeMessagesAndThree) {
    Talk talk;
    talk.settings.aggressive = true;
    talk.run();
    talk.expect_up();
    EXPECT_EQ(talk.seen.size(), 6U);
}

TEST(Ikev1Peer, EveryGroupAndCipherThatTheProgramComputes) {
    const session::Suite suites[] = {v1::suite(1, 0, 1, 1),    v1::suite(5, 0, 2, 5),    v1::suite(7, 128, 5, 19),
                                     v1::suite(7, 192, 6, 21), v1::suite(7, 256, 4, 31), v1::suite(8, 256, 2, 20)};
    for (const auto& suite : suites) {
        Talk talk;
        talk.one.suites = talk.two.suites = {suite};
        talk.one.esp = talk.two.esp = {v1::esp(20, 256, 0, 19)};
        talk.run();
        SCOPED_TRACE(testing::Message() << "encryption " << suite.encryption << " group " << suite.group);
        talk.expect_up();
        EXPECT_EQ(talk.left.shared.size(), 2U) << "PFS";
    }
}

TEST(Ikev1Peer, AnyOneLostMessageIsSentAgain) {
    for (std::size_t lost = 0; lost < 9; ++lost) {
        Talk talk;
        talk.drops = [lost](std::size_t number) { return number == lost; };
        talk.run();
        SCOPED_TRACE(testing::Message() << "message " << lost);
        talk.expect_up();
        EXPECT_TRUE(talk.left.failures.empty());
        EXPECT_LE(talk.end - start_time, 11 * one_second);
    }
}

TEST(Ikev1Peer, SilenceIsBorneFiveTimesTenSeconds) {
    Talk talk;
    talk.drops = [](std::size_t) { return true; };
    talk.run();
    ASSERT_EQ(talk.seen.size(), 6U);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(talk.seen[i].time - start_time, static_cast<Nanoseconds>(i) * 10 * one_second);
        EXPECT_EQ(talk.seen[i].what.message, talk.seen[0].what.message);
    }
    ASSERT_EQ(talk.left.failures.size(), 1U);
    EXPECT_EQ(talk.end - start_time, 60 * one_second);
}

TEST(Ikev1Peer, AnotherKeyEndsAfterMm5AndOnlyTheInitiatorRepeats) {
    Talk talk;
    talk.two.psk = Secret(bytes_of("other"));
    talk.run();
    EXPECT_TRUE(talk.left.established.empty());
    EXPECT_TRUE(talk.right.established.empty());
    std::size_t fifths = 0;
    for (const auto& each : talk.seen) fifths += each.what.message == talk.seen[4].what.message;
    EXPECT_EQ(fifths, 6U);
}

TEST(Ikev1Peer, NoCommonSuiteIsAnsweredWithNotify14) {
    Talk talk;
    talk.two.suites = {v1::suite(7, 128, 2, 2)};
    talk.run();
    ASSERT_GE(talk.seen.size(), 2U);
    dissect::Message answer;
    dissect::walk(talk.seen[1].what.message, 0, talk.seen[1].what.message.size(), answer);
    ASSERT_EQ(answer.payloads.size(), 1U);
    EXPECT_EQ(dissect::payload_name(dissect::Version::v1, answer.payloads[0]), "N(NO_PROPOSAL_CHOSEN)");
    EXPECT_TRUE(talk.left.established.empty());
}

TEST(Ikev1Peer, OtherTrafficIsRefusedInQuickMode) {
    Talk talk;
    talk.two.remote = {{*IpAddress::parse("198.51.100.0"), 24}, 0, 0};
    talk.run();
    EXPECT_EQ(talk.left.established.size(), 1U);
    EXPECT_TRUE(talk.left.children.empty());
    ASSERT_EQ(talk.left.failures.size(), 1U);
    EXPECT_NE(talk.left.failures[0].find("18"), std::string::npos) << talk.left.failures[0];
}

}} // namespace ikescope::replay::test
