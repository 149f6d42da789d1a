// The same captures with packets lost, repeated, altered, cut off; and with wrong secrets.

#include "tests/session/support.hpp"

#include "crypto/ikev1_keys.hpp"

namespace ikescope::session::test {
namespace {

std::vector<Packet> only(std::vector<Packet> packets, const std::function<bool(const Packet&)>& keep) {
    std::erase_if(packets, [&](const Packet& packet) { return !keep(packet); });
    return packets;
}
std::vector<Packet> without(std::vector<Packet> packets, std::uint64_t frame) {
    return only(std::move(packets), [&](const Packet& packet) { return packet.frame.number != frame; });
}
secrets::Store psk_store(std::string_view key, std::string origin = "test") {
    secrets::Store store;
    store.add_psk({Secret(bytes_of(key)), {std::move(origin), true}});
    return store;
}

class Variants : public testing::Test {
protected:
    std::vector<Packet> good_ = packets_of(lab("v1mm_ok", ".pcap"));
    secrets::Store secrets_ = store_of({lab("v1mm_ok", ".keys")});
};

TEST_F(Variants, RepeatedPacketsChangeNothing) {
    std::vector<Packet> doubled;
    for (const auto& packet : good_)
        for (int copy = 0; copy < 2; ++copy) doubled.push_back(packet);
    Sessions sessions(secrets_);
    feed(sessions, doubled, [](const Packet& packet, const Outcome& outcome) {
        EXPECT_TRUE(!outcome.encrypted || outcome.opened) << packet.frame.number;
    });
    const auto sa = sessions.at(0);
    ASSERT_EQ(sa.messages.size(), 18U);
    EXPECT_EQ(stage_name(sa.stage), "QM_COMPLETE");
    for (std::size_t i = 0; i < sa.messages.size(); ++i) {
        EXPECT_EQ(sa.messages[i].retransmission_of.has_value(), i % 2 == 1);
        EXPECT_EQ(sa.messages[i].label, sa.messages[i / 2 * 2].label);
        EXPECT_EQ(sa.messages[i].payloads, sa.messages[i / 2 * 2].payloads);
        EXPECT_EQ(sa.messages[i].decrypted, sa.messages[i].encrypted);
    }
}

TEST_F(Variants, AnyLostPacketOfPhase2LeavesTheOthersReadable) {
    for (const std::uint64_t lost : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U}) {
        auto packets = without(good_, lost);
        Sessions sessions(secrets_);
        feed(sessions, packets);
        ASSERT_EQ(sessions.size(), 1U);
        const auto sa = sessions.at(0);
        ASSERT_EQ(sa.messages.size(), 8U) << lost;
        for (const auto& message : sa.messages) {
            static const char* labels[] = {"MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "QM1", "QM2", "QM3"};
            if (lost == 7) continue; // without QM1 the first message of the exchange is not known as the second
            EXPECT_EQ(message.label, labels[message.frame - 1]) << "lost " << lost;
        }
    }
    auto packets = without(good_, 9);
    Sessions sessions(secrets_);
    feed(sessions, packets);
    EXPECT_EQ(sessions.totals().decrypted, 4U);
    EXPECT_EQ(stage_name(sessions.at(0).stage), "QM2");
}

TEST_F(Variants, StartsInTheMiddle) {
    auto packets = only(good_, [](const Packet& packet) { return packet.frame.number >= 5; });
    Sessions sessions(secrets_);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    EXPECT_TRUE(sa.starts_in_the_middle);
    EXPECT_FALSE(sa.roles_known);
    EXPECT_FALSE(sa.keys.available);
    EXPECT_EQ(sa.messages.front().label, "MM5"); // the guess: whoever is seen first began
    EXPECT_EQ(sessions.totals().decrypted, 0U);
}

TEST_F(Variants, AnAnswerToAnUnseenOfferBetraysTheRoles) {
    auto packets = without(good_, 1);
    Sessions sessions(secrets_);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    EXPECT_TRUE(sa.roles_known);
    EXPECT_EQ(sa.initiator.address.text(), "10.77.0.1");
    EXPECT_EQ(sa.responder.address.text(), "10.77.0.2");
    EXPECT_EQ(sa.suite.group, 2U);
}

TEST_F(Variants, OneDirectionOnly) {
    for (const char* address : {"10.77.0.1", "10.77.0.2"}) {
        auto packets = only(good_, [&](const Packet& packet) { return packet.datagram.source.text() == address; });
        Sessions sessions(secrets_);
        feed(sessions, packets);
        ASSERT_EQ(sessions.size(), 1U);
        const auto sa = sessions.at(0);
        EXPECT_TRUE(sa.one_direction);
        EXPECT_TRUE(sa.roles_known);
        for (const auto& message : sa.messages) EXPECT_EQ(message.from == Side::initiator, std::string(address) == "10.77.0.1");
        EXPECT_EQ(sessions.totals().decrypted, 0U);
    }
}

TEST_F(Variants, RepetitionEncryptedAnew) {
    // RFC 2408 lets a sender build a retransmission anew: same content, other padding, so other bytes.
    Sessions first(secrets_, {.plain = true});
    auto packets = good_;
    feed(first, packets);
    const auto keys = first.ikev1_keys(0, Side::initiator);
    ASSERT_TRUE(keys);
    const crypto::ikev1::Suite suite{crypto::CipherId::aes_cbc, 16, crypto::HashId::sha1};
    Buffer plain(first.plain(0, 4).begin(), first.plain(0, 4).end());
    ASSERT_FALSE(plain.empty());
    plain.back() = static_cast<Byte>(plain.back() ^ 0x5a); // padding
    const auto sealed = crypto::ikev1::seal(suite, keys->ka, keys->initial_iv, plain);
    ASSERT_TRUE(sealed);
    auto again = good_[4];
    again.frame.number = 100;
    std::copy(sealed->begin(), sealed->end(), again.payload.begin() + 28);
    packets = good_;
    packets.insert(packets.begin() + 5, again);
    Sessions sessions(secrets_);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    EXPECT_EQ(sa.messages[5].label, "MM5");
    EXPECT_EQ(sa.messages[5].retransmission_of, 5U);
    EXPECT_TRUE(sa.messages[5].re_encrypted);
    EXPECT_TRUE(sa.messages[5].decrypted);
    EXPECT_EQ(stage_name(sa.stage), "QM_COMPLETE");
    EXPECT_EQ(sessions.totals().decrypted, sessions.totals().encrypted);
}

TEST_F(Variants, TwoAnswersToOneOfferAreTwoSas) {
    auto packets = good_;
    auto second = good_[1];
    second.payload[15] = static_cast<Byte>(second.payload[15] ^ 1);
    second.frame.number = 200;
    packets.insert(packets.begin() + 2, second);
    Sessions sessions(secrets_);
    feed(sessions, packets);
    ASSERT_EQ(sessions.size(), 2U);
    EXPECT_EQ(stage_name(sessions.at(0).stage), "QM_COMPLETE");
    const auto twin = sessions.at(1);
    EXPECT_EQ(stage_name(twin.stage), "MM2");
    EXPECT_EQ(twin.messages.at(0).label, "MM1");
    EXPECT_EQ(twin.messages.at(1).frame, 200U);
}

TEST_F(Variants, WithoutSecretsEverythingIsTrackedAndLittleIsKept) {
    const secrets::Store none;
    Sessions sessions(none);
    auto packets = good_;
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    EXPECT_EQ(stage_name(sa.stage), "QM3");
    EXPECT_EQ(sa.messages.size(), 9U);
    EXPECT_TRUE(sa.has_ke[0] && sa.has_ke[1]);
    EXPECT_FALSE(sa.first_sealed);
    EXPECT_FALSE(sa.keys.available);
}

TEST_F(Variants, FlippedCiphertextIsNotBelieved) {
    auto packets = good_;
    packets[4].payload[30] = static_cast<Byte>(packets[4].payload[30] ^ 1);
    Sessions sessions(secrets_);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    EXPECT_FALSE(sa.messages[4].decrypted);
    EXPECT_EQ(sa.authentication[0], Proof::unknown);
    EXPECT_TRUE(sa.messages[5].decrypted);
}

TEST_F(Variants, WrongSecretsAreNamed) {
    auto store = psk_store("labpsl", "wrong key");
    const auto wrong = store_of({lab("v1mm_badpsk", ".keys")}).dh.front();
    store.add_dh({wrong.value, wrong.form, {"secret of another SA", true}, {}});
    store.add_dh({Secret(Buffer(100, 1)), secrets::DhSecret::Form::shared, {"short secret", true}, {}});
    store.add_dh({Secret(Buffer(20, 7)), secrets::DhSecret::Form::private_value, {"private value", true}, {}});
    store.add_ikev1_key({{1, 2, 3, 4, 5, 6, 7, 8}, false, secrets::Ikev1Key::Form::ka, Secret(Buffer(16, 1)), {"stranger", true}});
    store.add_ikev1_key({{}, true, secrets::Ikev1Key::Form::ka, Secret(Buffer(24, 1)), {"long Ka", true}});
    Sessions sessions(store);
    auto packets = good_;
    feed(sessions, packets);
    EXPECT_EQ(sessions.totals().decrypted, 0U);
    using Reason = UnusableSecret::Reason;
    const std::map<std::string, Reason> expected{{"wrong key", Reason::opens_nothing}, {"secret of another SA", Reason::opens_nothing},
                                                 {"short secret", Reason::wrong_length}, {"private value", Reason::matches_no_ke},
                                                 {"stranger", Reason::unknown_cookie}, {"long Ka", Reason::wrong_length}};
    std::map<std::string, Reason> found;
    for (const auto& one : sessions.unusable()) found[one.origin.text] = one.reason;
    EXPECT_EQ(found, expected);
}

TEST_F(Variants, GoodSecretsAmongManyOthers) {
    secrets::Store store;
    for (int i = 0; i < 50; ++i) store.add_psk({Secret(bytes_of("guess" + std::to_string(i))), {"guess", true}});
    for (int i = 0; i < 20; ++i) store.add_dh({Secret(Buffer(128, static_cast<Byte>(i))), secrets::DhSecret::Form::shared, {"other", true}, {}});
    store.add_psk(secrets_.psks.front());
    for (const auto& dh : secrets_.dh) store.add_dh(dh);
    Sessions sessions(store);
    auto packets = good_;
    feed(sessions, packets);
    EXPECT_EQ(sessions.totals().decrypted, 5U);
    EXPECT_EQ(sessions.at(0).keys.psk_index[0], 50U);
}

/// HASH_I and HASH_R cover SAi_b of MM1; keys and IVs do not depend on it.
TEST(Keys, WithoutMm1MessagesOpenButNoHashCanBeChecked) {
    for (const auto* scenario : {"v1mm_ok", "v1mm_nopfs_ok", "v1mm_3des_md5_ok"}) {
        SCOPED_TRACE(scenario);
        auto packets = packets_of(lab(scenario, ".pcap"));
        packets.erase(packets.begin());
        for (const bool right : {true, false}) {
            auto store = store_of({lab(scenario, ".keys")});
            if (!right) store.psks = {{Secret(bytes_of("another key")), {"guess", true}}};
            Sessions sessions(store);
            auto copies = packets;
            feed(sessions, copies);
            const auto sa = sessions.at(0);
            for (const auto& message : sa.messages) {
                if (message.label != "MM5" && message.label != "MM6") continue;
                EXPECT_EQ(message.decrypted, right) << message.label;
                EXPECT_EQ(message.hash, Proof::unknown);
            }
            EXPECT_EQ(sa.identity[0].has_value(), right);
            EXPECT_NE(sa.authentication[0], Proof::verified);
        }
    }
}

TEST(Keys, EachDirectionHasItsOwnPsk) {
    const auto store = store_of({lab("v1mm_badpsk", ".keys")});
    auto packets = packets_of(lab("v1mm_badpsk", ".pcap"));
    Sessions sessions(store);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    EXPECT_EQ(sa.keys.psk[0], "key of a");
    EXPECT_EQ(sa.keys.psk[1], "key of b");
    EXPECT_TRUE(sa.keys.dh_proved);
    EXPECT_EQ(sessions.try_psk(sa, Side::initiator, bytes_of("labpsk")), Proof::verified);
    EXPECT_EQ(sessions.try_psk(sa, Side::initiator, bytes_of("wrongpsk")), Proof::failed);
    EXPECT_EQ(sessions.try_psk(sa, Side::responder, bytes_of("wrongpsk")), Proof::verified);
    EXPECT_EQ(sessions.try_psk(sa, Side::responder, bytes_of("labpsk")), Proof::failed);
    EXPECT_TRUE(sessions.unusable().empty());
}

TEST(Keys, AggressiveModeProvesAPskWithoutDhSecret) {
    const auto store = store_of({lab("vpnc-am-xauth", ".keys")});
    auto packets = packets_of(lab("vpnc-am-xauth", ".pcap"));
    Sessions sessions(store);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    EXPECT_EQ(sa.authentication[1], Proof::verified);
    EXPECT_EQ(sa.authentication[0], Proof::unknown);
    EXPECT_EQ(sa.keys.psk[1], "group");
    EXPECT_FALSE(sa.keys.available);
    EXPECT_EQ(sa.messages[2].label, "AM3");
    EXPECT_EQ(sa.messages[9].label, "QM1");
    EXPECT_EQ(sa.messages[11].label, "QM3");
}

TEST(Keys, TheFirstCheckThatARouterFails) {
    // The responder of this capture, charon, logged at MM5: "invalid ID_V1 payload length, decryption failed?"
    const auto store = store_of({lab("v1mm_badpsk", ".keys")});
    auto packets = packets_of(lab("v1mm_badpsk", ".pcap"));
    Sessions sessions(store);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    const auto right = sessions.first_failed_check(sa, bytes_of("labpsk"));
    ASSERT_TRUE(right);
    EXPECT_EQ(right->what, SanityCheck::What::passed);
    EXPECT_EQ(hex(right->first_bytes).substr(0, 24), "0800000c010000000a4d0001"); // ID payload of 10.77.0.1
    const auto wrong = sessions.first_failed_check(sa, bytes_of("wrongpsk"));
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->frame, 5U);
    EXPECT_EQ(wrong->what, SanityCheck::What::reserved);
    EXPECT_EQ(wrong->offset, 1U);
    EXPECT_EQ(wrong->value, wrong->first_bytes.at(1));
    EXPECT_NE(wrong->value, 0U);
}

TEST(Keys, SeedS3WithTheRespondersKeyOnly) {
    auto store = store_of({pcaps("seed-s3/seed-s3.keys")});
    ASSERT_TRUE(store.psks.empty());
    auto packets = packets_of(pcaps("seed-s3/seed-s3.pcap"));
    Sessions sessions(store);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    const auto check = sessions.first_failed_check(sa, bytes_of("no such key"));
    ASSERT_TRUE(check) << "the only DH secret that fits is taken";
    EXPECT_NE(check->what, SanityCheck::What::passed);
}

TEST(Nat, CharonForcesItByAWrongSourceHash) {
    // Its log: "remote host is behind NAT" on both ends.
    const secrets::Store none;
    auto packets = packets_of(lab("v1mm_ok", ".pcap"));
    Sessions sessions(none);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    EXPECT_TRUE(sa.nat_seen);
    EXPECT_NE(sa.nat_note.find("the initiator is behind NAT"), std::string::npos);
    EXPECT_NE(sa.nat_note.find("the responder is behind NAT"), std::string::npos);
}

TEST(Children, OfTheLogs) {
    const auto store = store_of({lab("v1mm_ok", ".keys")});
    auto packets = packets_of(lab("v1mm_ok", ".pcap"));
    Sessions sessions(store);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    ASSERT_EQ(sa.children.size(), 1U);
    EXPECT_EQ(hex(sa.children[0].initiator_spi), "7c1098ca");
    EXPECT_EQ(hex(sa.children[0].responder_spi), "b3672715");
    EXPECT_EQ(sa.children[0].ts_initiator, std::vector<std::string>{"192.168.1.0/24"});
    EXPECT_EQ(sa.children[0].ts_responder, std::vector<std::string>{"192.168.2.0/24"});
    EXPECT_EQ(sa.identity[0], "10.77.0.1");
}

TEST(Children, RefusedOnes) {
    const std::pair<const char*, std::uint16_t> refusals[] = {{"v1qm_badts", 18}, {"v1qm_noprop", 14}, {"v1qm_pfs_mismatch", 14}};
    for (const auto& [scenario, notify] : refusals) {
        const auto store = store_of({lab(scenario, ".keys")});
        auto packets = packets_of(lab(scenario, ".pcap"));
        Sessions sessions(store);
        feed(sessions, packets);
        const auto sa = sessions.at(0);
        ASSERT_EQ(sa.children.size(), 1U) << scenario;
        EXPECT_TRUE(sa.children[0].refused) << scenario;
        EXPECT_EQ(sa.children[0].refusal, notify) << scenario;
    }
}

} // namespace
} // namespace ikescope::session::test
