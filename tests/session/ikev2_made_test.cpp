// What the lab's captures lack, made out of one of them under its own keys: fragments, a rekeyed IKE SA, forged messages.

#include "tests/session/support.hpp"

#include "crypto/dh.hpp"
#include "crypto/ikev2_suite.hpp"

namespace ikescope::session::test {
namespace {

using crypto::ikev2::Keys;
constexpr std::uint8_t initiator_flag = 0x08, response_flag = 0x20, sk = 46, skf = 53;

Buffer operator+(Buffer a, Bytes b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}
Buffer number(std::size_t value, std::size_t width) {
    Buffer bytes(width);
    for (std::size_t i = 0; i < width; ++i) bytes[width - 1 - i] = static_cast<Byte>(value >> (8 * i));
    return bytes;
}
/// RFC 7296 3.2: next payload, critical, length, body.
Buffer payload(std::uint8_t next, Bytes body) { return Buffer{next, 0} + number(body.size() + 4, 2) + body; }

/// RFC 7296 3.3: one proposal for an IKE SA with AES-CBC-128, HMAC-SHA2-256, Curve25519.
Buffer ike_proposal(const Spi& spi) {
    const Buffer transforms{3, 0, 0, 12, 1, 0, 0, 12, 0x80, 14, 0, 128, 3, 0, 0, 8, 2, 0, 0, 5, 3, 0, 0, 8, 3, 0, 0, 12, 0, 0, 0, 8, 4, 0, 0, 31};
    return Buffer{0, 0} + number(8 + 8 + transforms.size(), 2) + Buffer{1, 1, 8, 4} + spi + transforms;
}

struct Envelope {
    Spi initiator{}, responder{};
    std::uint8_t exchange = 0, flags = 0;
    std::uint32_t message_id = 0;
};

class Ikev2Made : public testing::Test {
protected:
    void SetUp() override {
        Sessions sessions(secrets_, {true, true});
        feed(sessions, packets_);
        const auto sa = sessions.at(0);
        keys_ = sessions.ikev2_keys(0).value();
        suite_ = *crypto::ikev2::suite_of({12, 128, 5, 12});
        envelope_ = {sa.initiator_spi, sa.responder_spi, 0, initiator_flag, 0};
        const auto plain = sessions.plain(0, 2);
        auth_.assign(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(crypto::content_size(plain).value()));
    }
    /// Seals a chain of payloads (or a piece of one) as RFC 7296 3.14 and RFC 7383 2.5 say.
    Buffer seal(const Envelope& envelope, const Keys& keys, std::uint8_t first, Bytes content, Bytes fragment = {}) {
        const auto padded = crypto::pad(*suite_.encryption, content);
        const Buffer iv(16, 0x5a);
        const auto length = 4 + fragment.size() + iv.size() + padded.size() + 16;
        const auto type = fragment.empty() ? sk : skf;
        const auto aad = Buffer{} + envelope.initiator + envelope.responder + Buffer{type, 0x20, envelope.exchange, envelope.flags} +
                         number(envelope.message_id, 4) + number(28 + length, 4) + Buffer{first, 0} + number(length, 2) + fragment;
        const auto made = crypto::seal(suite_.protection(keys, (envelope.flags & initiator_flag) != 0), {aad, iv, {}, {}, {}}, padded);
        EXPECT_TRUE(made);
        return aad + iv + made->ciphertext + made->icv;
    }
    Packet packet(std::uint64_t frame, Buffer bytes, bool from_initiator = true) const {
        auto made = packets_[from_initiator ? 2 : 3];
        made.frame.number = frame;
        made.datagram.declared = static_cast<std::uint32_t>(bytes.size());
        made.payload = std::move(bytes);
        return made;
    }
    /// IKE_AUTH's request in three fragments.
    std::vector<Packet> pieces() {
        std::vector<Packet> all;
        auto envelope = envelope_;
        envelope.exchange = 35;
        envelope.message_id = 1;
        const auto size = (auth_.size() + 2) / 3;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto content = Bytes(auth_).subspan(i * size, std::min(size, auth_.size() - i * size));
            all.push_back(packet(30 + i, seal(envelope, keys_, i == 0 ? 35 : 0, content, number(i + 1, 2) + number(3, 2))));
        }
        return all;
    }
    std::vector<Packet> packets_ = packets_of(lab("v2_ok", ".pcap"));
    secrets::Store secrets_ = store_of({lab("v2_ok", ".keys")});
    Keys keys_;
    crypto::ikev2::Suite suite_;
    Envelope envelope_;
    Buffer auth_;
};

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

TEST_F(Ikev2Made, MissingFragmentsAreNamed) {
    const auto made = pieces();
    std::vector<Packet> sent{packets_[0], packets_[1], made[0], made[2]};
    Sessions sessions(secrets_);
    feed(sessions, sent);
    const auto notes = sessions.at(0).notes;
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("first fragment in frame 30) is incomplete: fragment 2 of 3 is missing"), std::string::npos) << notes[0];
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
    const auto row = of(envelope_.initiator) + "," + of(envelope_.responder) + "," + of(keys_.ei.reveal()) + "," + of(keys_.er.reveal()) +
                     ",\"AES-CBC-128 [RFC3602]\"," + of(keys_.ai.reveal()) + "," + of(keys_.ar.reveal()) + ",\"HMAC_SHA2_256_128 [RFC4868]\"\n";
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
    const auto keys = crypto::ikev2::derive(crypto::PrfId::hmac_sha256, suite_.sizes(),
                                            crypto::ikev2::skeyseed_rekey(crypto::PrfId::hmac_sha256, keys_.d, shared.reveal(), inputs), inputs);
    const Buffer delete_ike{0, 0, 0, 8, 1, 0, 0, 0};
    auto packets = packets_;
    packets.push_back(packet(5, seal(ask, keys_, 33, chain(spi_i, nonce_i, ke_i))));
    packets.push_back(packet(6, seal(answer, keys_, 33, chain(spi_r, nonce_r, ke_r)), false));
    packets.push_back(packet(7, seal({envelope_.initiator, envelope_.responder, 37, initiator_flag, 3}, keys_, 42, delete_ike)));
    packets.push_back(packet(8, seal({spi_i, spi_r, 37, initiator_flag, 0}, keys, 0, {})));
    for (const bool as_private : {true, false}) {
        auto store = secrets_;
        if (as_private) store.add_dh({theirs, secrets::DhSecret::Form::private_value, {"rekeyed", true}, {}});
        else store.add_dh({shared, secrets::DhSecret::Form::shared, {"rekeyed", true}, {}});
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

} // namespace
} // namespace ikescope::session::test
