// What the lab's captures lack, made out of one of them under its own keys: fragments, a rekeyed IKE SA, forged
// messages.

#include "tests/session/ikev2_made.hpp"

namespace ikescope::session::test { namespace {

TEST_F(Ikev2Made, FragmentsInAnyOrder) {
    const auto made = pieces();
    for (const auto& order : {std::vector<std::size_t>{0, 1, 2}, {2, 0, 1}, {1, 1, 2, 2, 0}}) {
        std::vector<Packet> sent(packets_.begin(), packets_.begin() + 2);
        for (const auto piece : order) sent.push_back(made[piece]);
        sent.push_back(packets_[3]);
        Sessions sessions(secrets_);
        feed(sessions, sent);
        const auto sa = sessions.at(0);
        ASSERT_EQ(sa.messages.size(), 4U);
        EXPECT_TRUE(sa.messages[2].decrypted);
        EXPECT_EQ(sa.messages[2].frame, 30 + order.back());
        EXPECT_EQ(sa.messages[2].fragments, (std::vector<std::uint64_t>{30, 31, 32}));
        EXPECT_EQ(sa.messages[2].payloads.front(), "IDi");
        EXPECT_EQ(sa.messages[2].payloads.size(), 12U);
        EXPECT_EQ(sa.authentication[0], Proof::verified);
        EXPECT_EQ(stage_name(sa.stage), "ESTABLISHED");
        EXPECT_TRUE(sa.notes.empty());
    }
}

TEST_F(Ikev2Made, AForgedFragmentDoesNotReplaceTheTrueOne) {
    const auto made = pieces();
    auto forged = made[1];
    forged.payload[60] = static_cast<Byte>(forged.payload[60] ^ 1);
    std::vector<Packet> sent{packets_[0], packets_[1], made[0], forged, made[1], made[2]};
    Sessions sessions(secrets_);
    feed(sessions, sent);
    ASSERT_EQ(sessions.at(0).messages.size(), 3U);
    EXPECT_TRUE(sessions.at(0).messages[2].decrypted);
}

TEST_F(Ikev2Made, ForgedMessagesDoNotUseUpTheSearchForKeys) {
    std::vector<Packet> sent(packets_.begin(), packets_.begin() + 2);
    for (int i = 0; i < 20; ++i) {
        sent.push_back(packets_[2]);
        sent.back().payload.back() = static_cast<Byte>(sent.back().payload.back() ^ (i < 10 ? 1 : i)); // copies, and others
    }
    sent.push_back(packets_[2]);
    sent.push_back(packets_[3]);
    // Keys that name the SA are tried at any time, also among so many others that a search is dear.
    secrets::Store named;
    named.add_ikev2_key({envelope_.initiator, envelope_.responder, false, {}, keys_.ai, keys_.ar, keys_.ei, keys_.er, {}, {}, {"named", true}, 12, 128, 12});
    for (std::size_t i = 0; i < 300; ++i)
        named.add_ikev2_key({{}, {}, true, {}, Secret(Buffer(32, 1)), Secret(Buffer(32, 2)), Secret(Buffer(8, 3) + number(i, 8)), Secret(Buffer(16, 4)), {}, {}, {"stranger", true}});
    for (const auto* store : {&secrets_, &named}) {
        Sessions sessions(*store);
        feed(sessions, sent);
        EXPECT_TRUE(sessions.at(0).messages[22].decrypted);
        EXPECT_TRUE(sessions.at(0).messages[23].decrypted);
    }
}

TEST_F(Ikev2Made, MissingFragmentsAreNamed) {
    const auto made = pieces();
    std::vector<Packet> sent{packets_[0], packets_[1], made[0], made[2]};
    Sessions sessions(secrets_);
    feed(sessions, sent);
    const auto notes = sessions.at(0).notes;
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("first fragment in frame 30) is incomplete: fragment 2 of 3 is missing"), std::string::npos)
        << notes[0];
}

TEST_F(Ikev2Made, WhatFailsItsIcvIsNeverShown) {
    for (std::size_t at = 28; at < packets_[2].payload.size(); at += 7) {
        auto packets = packets_;
        packets[2].payload[at] = static_cast<Byte>(packets[2].payload[at] ^ 0x10);
        Sessions sessions(secrets_);
        feed(sessions, packets, [](const Packet& packet, const Outcome& outcome) {
            EXPECT_TRUE(packet.frame.number != 3 || outcome.opened == nullptr);
        });
        EXPECT_FALSE(sessions.at(0).messages[2].decrypted);
        EXPECT_FALSE(sessions.at(0).identity[0]);
        EXPECT_TRUE(sessions.at(0).messages[3].decrypted);
    }
}

TEST_F(Ikev2Made, WrongSecretsAreNamed) {
    auto store = secrets_;
    store.psks = {{Secret(bytes_of("labpsl")), {"wrong key", true}}};
    store.add_ikev2_key({{1}, {2}, false, {}, {}, {}, Secret(Buffer(16, 1)), {}, {}, {}, {"stranger", true}});
    Sessions sessions(store);
    feed(sessions, packets_);
    const auto sa = sessions.at(0);
    EXPECT_EQ(sa.authentication[0], Proof::unknown);
    EXPECT_EQ(sessions.try_psk(sa, Side::initiator, bytes_of("labpsk")), Proof::verified);
    EXPECT_EQ(sessions.try_psk(sa, Side::responder, bytes_of("labpsl")), Proof::failed);
    const auto unusable = sessions.unusable();
    ASSERT_EQ(unusable.size(), 2U);
    EXPECT_EQ(unusable[0].origin.text, "wrong key");
    EXPECT_EQ(unusable[0].reason, UnusableSecret::Reason::opens_nothing);
    EXPECT_EQ(unusable[1].reason, UnusableSecret::Reason::unknown_cookie);
}

TEST_F(Ikev2Made, OpensUnderWiresharksTable) {
    const auto of = [](Bytes bytes) { return hex(bytes); };
    const auto row = of(envelope_.initiator) + "," + of(envelope_.responder) + "," + of(keys_.ei.reveal()) + "," +
                     of(keys_.er.reveal()) + ",\"AES-CBC-128 [RFC3602]\"," + of(keys_.ai.reveal()) + "," +
                     of(keys_.ar.reveal()) + ",\"HMAC_SHA2_256_128 [RFC4868]\"\n";
    secrets::Store store;
    ASSERT_TRUE(secrets::read_secrets(row, "ikev2_decryption_table", store));
    Sessions sessions(store);
    feed(sessions, packets_);
    const auto sa = sessions.at(0);
    EXPECT_EQ(sessions.totals().decrypted, 2U);
    EXPECT_EQ(sa.keys.finished, std::optional<std::string>("ikev2_decryption_table line 1"));
    EXPECT_EQ(sa.authentication[0], Proof::unknown); // no SK_p, no AUTH
    EXPECT_EQ(stage_name(sa.stage), "ESTABLISHED");
    EXPECT_TRUE(sessions.unusable().empty());
    // The table names the algorithms, so the beginning of the SA need not be in the capture.
    std::vector<Packet> late(packets_.begin() + 2, packets_.end());
    Sessions middle(store);
    feed(middle, late);
    EXPECT_EQ(middle.totals().decrypted, 2U);
    EXPECT_EQ(middle.at(0).identity[0], std::optional<std::string>("10.77.0.1"));
}

/// RFC 7296 2.18: SKEYSEED = prf(SK_d (old), g^ir (new) | Ni | Nr), the SPIs are those of the new SA.
TEST_F(Ikev2Made, ARekeyedIkeSaIsFollowed) {
    const Secret mine(Buffer(32, 0x11)), theirs(Buffer(32, 0x22));
    const auto& group = *crypto::find_group(31);
    const auto ke_i = *crypto::public_value(group, mine), ke_r = *crypto::public_value(group, theirs);
    const auto shared = *crypto::shared_secret(group, mine, ke_r);
    const Spi spi_i{0xaa, 1, 2, 3, 4, 5, 6, 7}, spi_r{0xbb, 1, 2, 3, 4, 5, 6, 7};
    const Buffer nonce_i(32, 0x31), nonce_r(32, 0x32);
    const auto chain = [](const Spi& spi, Bytes nonce, Bytes ke) {
        return payload(40, ike_proposal(spi)) + payload(34, nonce) + payload(0, Buffer{0, 31, 0, 0} + ke);
    };
    auto ask = envelope_;
    ask.exchange = 36;
    ask.message_id = 2;
    auto answer = ask;
    answer.flags = response_flag;
    const crypto::ikev2::Inputs inputs{nonce_i, nonce_r, spi_i, spi_r};
    const auto keys = crypto::ikev2::derive(
        crypto::PrfId::hmac_sha256, suite_.sizes(),
        crypto::ikev2::skeyseed_rekey(crypto::PrfId::hmac_sha256, keys_.d, shared.reveal(), inputs), inputs);
    const Buffer delete_ike{0, 0, 0, 8, 1, 0, 0, 0};
    auto packets = packets_;
    packets.push_back(packet(5, seal(ask, keys_, 33, chain(spi_i, nonce_i, ke_i))));
    packets.push_back(packet(6, seal(answer, keys_, 33, chain(spi_r, nonce_r, ke_r)), false));
    packets.push_back(
        packet(7, seal({envelope_.initiator, envelope_.responder, 37, initiator_flag, 3}, keys_, 42, delete_ike)));
    packets.push_back(packet(8, seal({spi_i, spi_r, 37, initiator_flag, 0}, keys, 0, {})));
    for (const bool as_private : {true, false}) {
        auto store = secrets_;
        if (as_private)
            store.add_dh({theirs, secrets::DhSecret::Form::private_value, {"rekeyed", true}, {}});
        else
            store.add_dh({shared, secrets::DhSecret::Form::shared, {"rekeyed", true}, {}});
        Sessions sessions(store);
        feed(sessions, packets);
        ASSERT_EQ(sessions.size(), 2U);
        const auto old = sessions.at(0), fresh = sessions.at(1);
        EXPECT_EQ(stage_name(old.stage), "DELETED");
        EXPECT_EQ(old.messages[4].payloads, (std::vector<std::string>{"SA", "No", "KE"}));
        EXPECT_EQ(old.children.size(), 1U);
        EXPECT_EQ(fresh.rekey_of, std::optional<std::size_t>(0));
        EXPECT_EQ(stage_name(fresh.stage), "ESTABLISHED");
        EXPECT_EQ(fresh.suite.group, 31U);
        EXPECT_EQ(fresh.keys.dh, std::optional<std::string>("rekeyed"));
        ASSERT_EQ(fresh.messages.size(), 1U);
        EXPECT_TRUE(fresh.messages[0].decrypted);
        EXPECT_TRUE(fresh.messages[0].payloads.empty());
        EXPECT_EQ(sessions.ikev2_keys(1)->pr, keys.pr);
    }
}

TEST(Ikev2Offers, AreTheCombinationsOfAProposal) {
    auto packets = packets_of(lab("v2_ok", ".pcap"));
    const secrets::Store none;
    Sessions sessions(none);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    ASSERT_EQ(sa.offers.size(), 1U); // charon was configured with one of each
    EXPECT_EQ(sa.offers[0].suite.encryption, sa.suite.encryption);
    EXPECT_EQ(sa.offers[0].suite.group, sa.suite.group);
}

}} // namespace ikescope::session::test
