// Two of our own IKEv2 peers: the rounds of IKE_SA_INIT, AUTH, Child SAs, loss. What the messages are worth is judged
// by charon.

#include "capture/decoder.hpp"
#include "capture/file_reader.hpp"
#include "replay/capture_sink.hpp"
#include "replay/ikev2_peer.hpp"
#include "replay/ikev2_plain_policy.hpp"
#include "session/sessions.hpp"
#include "tests/replay/pair.hpp"

namespace ikescope::replay::test { namespace {

const ikev2::Proposal aes_cbc{{{12, 256}}, {12}, {5}, {14}};
const ikev2::Proposal aes_gcm{{{20, 256}}, {}, {5}, {19, 31}};
const ikev2::Proposal esp_aes{{{12, 128}}, {12}, {}, {}};

ikev2::PlainSettings plain(const char* address) {
    ikev2::PlainSettings out;
    out.psk = Secret(bytes_of("labkey"));
    out.own = ios::Identity::of(*IpAddress::parse(address));
    out.proposals = {aes_cbc};
    out.esp = {esp_aes};
    out.local = {{*IpAddress::parse(address), 32}, 0, 0};
    return out;
}

struct Talk {
    ikev2::PlainSettings one = plain("192.0.2.1"), two = plain("192.0.2.2");
    bool cookie = false;
    std::function<bool(std::size_t)> drops = [](std::size_t) { return false; };
    Side left, right;
    std::vector<Outgoing> seen;
    Timestamp end = 0;

    Talk() {
        one.remote = two.local;
        two.remote = one.local;
    }
    using Then = std::function<Actions(ikev2::Peer&, Timestamp)>;
    /// Each of `steps` makes the initiator go on once all is quiet.
    template <class... Step>
    void run(Step... steps) {
        auto random_one = seeded("one"), random_two = seeded("two");
        ikev2::PlainPolicy policy_one(one), policy_two(two);
        const auto here = at("192.0.2.1"), there = at("192.0.2.2");
        ikev2::Peer initiator({here, there, false, true, {}}, policy_one, random_one);
        ikev2::Peer responder({there, {}, cookie, true, {}}, policy_two, random_two);
        Wire wire(one_second / 1000);
        Dropping dropping(wire, drops);
        Recorder recorder(dropping);
        wire.set_way(recorder);
        const auto first = wire.join(here.address, initiator, left.heed());
        wire.join(there.address, responder, right.heed());
        wire.start(first, start_time);
        end = wire.run(start_time + 1000 * one_second);
        for (const Then& then : std::initializer_list<Then>{steps...}) {
            wire.act(first, end + one_second, then(initiator, end + one_second));
            end = wire.run(end + 1000 * one_second);
        }
        seen = recorder.seen();
    }
    void expect_up(std::size_t children = 1) const {
        ASSERT_EQ(left.established.size(), 1U);
        ASSERT_EQ(right.established.size(), 1U);
        EXPECT_EQ(left.shared[0], right.shared[0]);
        ASSERT_EQ(left.children.size(), children);
        ASSERT_EQ(right.children.size(), children);
        for (std::size_t i = 0; i < children; ++i) {
            EXPECT_EQ(left.children[i].inbound_spi, right.children[i].outbound_spi);
            EXPECT_EQ(left.children[i].inbound_keys, right.children[i].outbound_keys);
            EXPECT_EQ(left.children[i].outbound_keys, right.children[i].inbound_keys);
            EXPECT_FALSE(left.children[i].inbound_keys.empty());
        }
    }
};

TEST(Ikev2Peer, ComesUpInFourMessages) {
    Talk talk;
    talk.run();
    talk.expect_up();
    EXPECT_EQ(talk.seen.size(), 4U);
    EXPECT_EQ(talk.left.established[0].peer_identity, "192.0.2.2");
}

TEST(Ikev2Peer, AnAeadNeedsNoIntegrity) {
    Talk talk;
    talk.one.proposals = talk.two.proposals = {aes_gcm};
    talk.one.esp = talk.two.esp = {{{{20, 128}}, {}, {}, {}}};
    talk.run();
    talk.expect_up();
    EXPECT_EQ(talk.left.children[0].inbound_keys.size(), 16U + 4U);
}

TEST(Ikev2Peer, ACookieAndAnotherGroupCostARoundEach) {
    Talk talk;
    talk.cookie = true;
    talk.one.proposals = {{{{12, 256}}, {12}, {5}, {31, 14}}};
    talk.run();
    talk.expect_up();
    EXPECT_EQ(talk.seen.size(), 8U) << "COOKIE, INVALID_KE_PAYLOAD, then as always";
}

TEST(Ikev2Peer, AnyOneLostMessageIsSentAgain) {
    for (std::size_t lost = 0; lost < 4; ++lost) {
        Talk talk;
        talk.drops = [lost](std::size_t number) { return number == lost; };
        talk.run();
        SCOPED_TRACE(testing::Message() << "message " << lost);
        talk.expect_up();
    }
}

TEST(Ikev2Peer, AnotherKeyIsAuthenticationFailed) {
    Talk talk;
    talk.two.psk = Secret(bytes_of("other"));
    talk.run();
    EXPECT_TRUE(talk.left.established.empty());
    ASSERT_EQ(talk.left.failures.size(), 1U);
    EXPECT_NE(talk.left.failures[0].find("24"), std::string::npos);
}

TEST(Ikev2Peer, NothingInCommonIsNoProposalChosen) {
    Talk talk;
    talk.two.proposals = {aes_gcm};
    talk.run();
    ASSERT_EQ(talk.left.failures.size(), 1U);
    EXPECT_NE(talk.left.failures[0].find("14"), std::string::npos);
    EXPECT_EQ(talk.seen.size(), 2U);
}

TEST(Ikev2Peer, OtherTrafficLeavesAnIkeSaWithoutChild) {
    Talk talk;
    talk.two.remote = {{*IpAddress::parse("198.51.100.0"), 24}, 0, 0};
    talk.run();
    EXPECT_EQ(talk.left.established.size(), 1U);
    EXPECT_TRUE(talk.left.children.empty());
    ASSERT_EQ(talk.left.failures.size(), 1U);
    EXPECT_NE(talk.left.failures[0].find("38"), std::string::npos);
}

TEST(Ikev2Peer, MakesAnotherChildWithAKeyExchangeOfItsOwn) {
    Talk talk;
    talk.one.esp = talk.two.esp = {{{{12, 128}}, {12}, {}, {19}}};
    talk.run([](ikev2::Peer& peer, Timestamp now) { return peer.create_child(now, true); });
    talk.expect_up(2);
    EXPECT_EQ(talk.seen.size(), 8U) << "with a delete of the old one";
    EXPECT_NE(talk.left.children[0].inbound_keys, talk.left.children[1].inbound_keys);
}

TEST(Ikev2Peer, ProbesAreAnsweredAndADeleteEndsBoth) {
    Talk alive;
    alive.run([](ikev2::Peer& peer, Timestamp now) { return peer.probe(now); });
    EXPECT_EQ(alive.seen.size(), 6U);
    Talk over;
    over.run([](ikev2::Peer& peer, Timestamp now) { return peer.close(now); });
    EXPECT_EQ(over.left.closed, 1U);
    EXPECT_EQ(over.right.closed, 1U);
}

/// RFC 7296 1.3.2, 2.18. That the keys are right, our own analysis of the capture says (the next test) and charon (live).
TEST(Ikev2Peer, ANewIkeSaTakesOverWithFreshKeysAndNumbers) {
    Talk talk;
    talk.run([](ikev2::Peer& peer, Timestamp now) { return peer.rekey_ike(now); });
    EXPECT_EQ(talk.seen.size(), 8U) << "CREATE_CHILD_SA, then the delete of the old one";
    ASSERT_EQ(talk.left.established.size(), 2U);
    ASSERT_EQ(talk.right.established.size(), 2U);
    EXPECT_EQ(talk.left.established[1].initiator_spi, talk.right.established[1].initiator_spi);
    EXPECT_EQ(talk.left.established[1].responder_spi, talk.right.established[1].responder_spi);
    EXPECT_NE(talk.left.established[1].initiator_spi, talk.left.established[0].initiator_spi);
    EXPECT_EQ(talk.left.established[1].peer_identity, "192.0.2.2");
    ASSERT_EQ(talk.left.shared.size(), 2U);
    EXPECT_NE(talk.left.shared[0], talk.left.shared[1]);
    EXPECT_EQ(talk.left.shared, talk.right.shared);
    EXPECT_TRUE(talk.left.failures.empty() && talk.right.failures.empty());
    EXPECT_EQ(talk.left.closed + talk.right.closed, 0U);
}

TEST(Ikev2Peer, ANewIkeSaSurvivesTheLossOfAnyMessage) {
    for (std::size_t lost = 4; lost < 8; ++lost) {
        Talk talk;
        talk.drops = [lost](std::size_t number) { return number == lost; };
        talk.run([](ikev2::Peer& peer, Timestamp now) { return peer.rekey_ike(now); });
        SCOPED_TRACE(testing::Message() << "message " << lost);
        EXPECT_EQ(talk.left.established.size(), 2U);
        EXPECT_EQ(talk.right.established.size(), 2U);
    }
}

/// What the analysis makes of a capture of it, with nothing but the Diffie-Hellman secrets and the key.
TEST(Ikev2Peer, TheAnalysisOpensTheNewIkeSaAndItsChildren) {
    Talk talk;
    talk.run([](ikev2::Peer& peer, Timestamp now) { return peer.rekey_ike(now); },
             [](ikev2::Peer& peer, Timestamp now) { return peer.create_child(now, false); },
             [](ikev2::Peer& peer, Timestamp now) { return peer.close(now); });
    ASSERT_EQ(talk.left.children.size(), 2U);
    EXPECT_EQ(talk.left.children[1].inbound_keys, talk.right.children[1].outbound_keys);
    EXPECT_EQ(talk.left.closed, 1U);
    EXPECT_EQ(talk.right.closed, 1U);
    secrets::Store store;
    store.add_psk({Secret(bytes_of("labkey")), {"lab", true}});
    for (const auto& shared : talk.left.shared) store.add_dh({shared, secrets::DhSecret::Form::shared, {"peer", true}, {}});
    session::Sessions sessions(store);
    auto writer = capture::PcapngWriter::in_memory();
    CaptureSink sink(writer);
    for (const auto& each : talk.seen) sink.send(each);
    const auto file = writer.contents();
    auto source = capture::FileReader::from_memory(file, "memory");
    capture::Decoder decoder{capture::DecodeOptions{}};
    capture::Frame frame;
    capture::Datagram datagram;
    while (source->next(frame))
        if (decoder.decode(frame, datagram)) sessions.add(frame, datagram);
    sessions.finish();
    ASSERT_EQ(sessions.size(), 2U);
    EXPECT_EQ(sessions.at(1).rekey_of, std::optional<std::size_t>(0));
    for (const auto sa : sessions)
        for (const auto& message : sa.messages)
            EXPECT_TRUE(!message.encrypted || message.decrypted) << message.label << " of SA " << sa.index;
    EXPECT_EQ(sessions.at(1).messages.size(), 4U) << "CREATE_CHILD_SA and the delete of the new one";
}

}} // namespace ikescope::replay::test
