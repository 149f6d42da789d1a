// IKE_INTERMEDIATE with an additional key exchange and session resumption: no daemon of the lab speaks them, so the
// messages are made here, under the keys of a capture, by the formulas of the RFCs.

#include "crypto/authenticate.hpp"
#include "tests/session/ikev2_made.hpp"

namespace ikescope::session::test { namespace {

constexpr auto prf_id = crypto::PrfId::hmac_sha256;
constexpr std::uint8_t idi = 35, idr = 36, auth = 39, nonce_type = 40, notify = 41, ke_type = 34;

class Ikev2Extras : public Ikev2Made {
protected:
    void SetUp() override {
        Ikev2Made::SetUp();
        nonce_[0] = nonce_of(packets_[0]);
        nonce_[1] = nonce_of(packets_[1]);
    }
    static Buffer nonce_of(const Packet& packet) {
        dissect::Message message;
        dissect::walk(packet.payload, 0, packet.payload.size(), message);
        const auto* found = message.find(nonce_type);
        return found ? Buffer(found->body.begin(), found->body.end()) : Buffer{};
    }
    crypto::ikev2::Inputs inputs() const { return {nonce_[0], nonce_[1], envelope_.initiator, envelope_.responder}; }

    /// RFC 9242 3.3.2: prf(SK_p, [before |] A | P), with lengths as if nothing were encrypted.
    Buffer link(const Envelope& envelope, const Keys& keys, std::uint8_t first, const Buffer& content,
                const Buffer& before) const {
        const bool from_initiator = (envelope.flags & initiator_flag) != 0;
        const auto a = Buffer{} + envelope.initiator + envelope.responder +
                       Buffer{sk, 0x20, envelope.exchange, envelope.flags} + number(envelope.message_id, 4) +
                       number(32 + content.size(), 4) + Buffer{first, 0} + number(4 + content.size(), 2);
        return crypto::prf(prf_id, (from_initiator ? keys.pi : keys.pr).reveal(), {before, a, content});
    }
    /// ID and AUTH of an end with the lab's key.
    Buffer proof(bool initiator, const Keys& keys, const Buffer& int_auth) const {
        const Buffer id = Buffer{2, 0, 0, 0} + bytes_of(initiator ? "one.example" : "two.example");
        const auto& init = packets_[initiator ? 0 : 1].payload;
        const auto octets = Buffer{} + init + nonce_[initiator ? 1 : 0] +
                            crypto::prf(prf_id, (initiator ? keys.pi : keys.pr).reveal(), {id}) + int_auth;
        const auto made =
            crypto::prf(prf_id, crypto::prf(prf_id, bytes_of("labpsk"), {bytes_of("Key Pad for IKEv2")}), {octets});
        return payload(auth, id) + payload(0, Buffer{2, 0, 0, 0} + made);
    }
    Buffer nonce_[2];
};

TEST_F(Ikev2Extras, AnAdditionalKeyExchangeChangesTheKeysAndAuthCoversIt) {
    const Secret additional(Buffer(32, 0x77));
    const auto later = crypto::ikev2::derive(
        prf_id, suite_.sizes(), crypto::ikev2::skeyseed_intermediate(prf_id, keys_.d, additional.reveal(), inputs()),
        inputs());
    const Buffer ask_content = payload(0, Buffer{0, 36, 0, 0} + Buffer(1184, 0x01)),
                 answer_content = payload(0, Buffer{0, 36, 0, 0} + Buffer(1088, 0x02));
    const Envelope ask{envelope_.initiator, envelope_.responder, 43, initiator_flag, 1},
        answer{envelope_.initiator, envelope_.responder, 43, response_flag, 1};
    const Envelope auth_ask{envelope_.initiator, envelope_.responder, 35, initiator_flag, 2},
        auth_answer{envelope_.initiator, envelope_.responder, 35, response_flag, 2};
    const auto int_auth =
        link(ask, keys_, ke_type, ask_content, {}) + link(answer, keys_, ke_type, answer_content, {}) + number(2, 4);
    for (const bool in_pieces : {false, true}) {
        std::vector<Packet> packets(packets_.begin(), packets_.begin() + 2);
        if (in_pieces) {
            const auto half = ask_content.size() / 2;
            packets.push_back(
                packet(3, seal(ask, keys_, 0, Bytes(ask_content).subspan(half), number(2, 2) + number(2, 2))));
            packets.push_back(
                packet(3, seal(ask, keys_, ke_type, Bytes(ask_content).first(half), number(1, 2) + number(2, 2))));
        } else {
            packets.push_back(packet(3, seal(ask, keys_, ke_type, ask_content)));
        }
        packets.push_back(packet(4, seal(answer, keys_, ke_type, answer_content), false));
        packets.push_back(packet(5, seal(auth_ask, later, idi, proof(true, later, int_auth))));
        packets.push_back(packet(6, seal(auth_answer, later, idr, proof(false, later, int_auth)), false));
        for (const bool given : {true, false}) {
            auto store = secrets_;
            store.ikev2_keys.clear();
            store.add_ikev2_extra(
                {secrets::Ikev2Extra::Form::additional, Secret(Buffer(32, 0x76)), {}, {}, {"stranger", true}});
            if (given)
                store.add_ikev2_extra({secrets::Ikev2Extra::Form::additional, additional, {}, {}, {"ML-KEM", true}});
            Sessions sessions(store);
            feed(sessions, packets);
            const auto sa = sessions.at(0);
            ASSERT_EQ(sa.messages.size(), 6U);
            EXPECT_TRUE(sa.messages[2].decrypted && sa.messages[3].decrypted);
            EXPECT_EQ(sa.messages[4].decrypted, given);
            EXPECT_EQ(sa.messages[5].decrypted, given);
            EXPECT_EQ(sa.authentication[0], given ? Proof::verified : Proof::unknown);
            EXPECT_EQ(sa.authentication[1], given ? Proof::verified : Proof::unknown);
        }
    }
}

TEST_F(Ikev2Extras, ATicketResumesASession) {
    const Buffer ticket(40, 0x54);
    const Spi spi_i{0xcc, 1, 2, 3, 4, 5, 6, 7}, spi_r{0xdd, 1, 2, 3, 4, 5, 6, 7};
    const Buffer nonce_i(32, 0x41), nonce_r(32, 0x42);
    const auto clear = [](const Spi& initiator, const Spi& responder, std::uint8_t flags, std::uint8_t first,
                          const Buffer& chain) {
        return Buffer{} + initiator + responder + Buffer{first, 0x20, 38, flags} + number(0, 4) +
               number(28 + chain.size(), 4) + chain;
    };
    const auto request = clear(spi_i, {}, initiator_flag, nonce_type,
                               payload(notify, nonce_i) + payload(0, Buffer{0, 0, 0x40, 0x1d} + ticket)); // 16413
    const auto response = clear(spi_i, spi_r, response_flag, nonce_type, payload(0, nonce_r));
    const crypto::ikev2::Inputs inputs{nonce_i, nonce_r, spi_i, spi_r};
    const auto seed = crypto::prf(prf_id, keys_.d.reveal(), {bytes_of("Resumption"), nonce_i, nonce_r});
    const auto keys = crypto::ikev2::derive(prf_id, suite_.sizes(), Secret(seed), inputs);
    const Buffer id = Buffer{2, 0, 0, 0} + bytes_of("one.example");
    const auto octets = request + nonce_r + crypto::prf(prf_id, keys.pi.reveal(), {id});
    const auto content =
        payload(auth, id) + payload(0, Buffer{2, 0, 0, 0} + crypto::prf(prf_id, keys.pi.reveal(), {octets}));
    // RFC 5723 4.2: the ticket came inside IKE_AUTH's response of the first SA.
    const Envelope grant{envelope_.initiator, envelope_.responder, 35, response_flag, 1};
    std::vector<Packet> packets(packets_.begin(), packets_.begin() + 3);
    packets.push_back(packet(4, seal(grant, keys_, notify, payload(0, Buffer{0, 0, 0x40, 0x19, 0, 0, 14, 16} + ticket)),
                             false)); // 16409
    packets.push_back(packet(5, request));
    packets.push_back(packet(6, response, false));
    packets.push_back(packet(7, seal({spi_i, spi_r, 35, initiator_flag, 1}, keys, idi, content)));
    Sessions sessions(secrets_);
    feed(sessions, packets);
    ASSERT_EQ(sessions.size(), 2U);
    const auto resumed = sessions.at(1);
    ASSERT_EQ(resumed.messages.size(), 3U);
    EXPECT_TRUE(resumed.messages[2].decrypted);
    EXPECT_EQ(resumed.identity[0], std::optional<std::string>("one.example"));
    EXPECT_EQ(resumed.authentication[0], Proof::verified);
    EXPECT_EQ(resumed.suite.encryption, 12U);

    auto given = secrets_; // the first SA is not in the capture, but its SK_d was given, and an SA of the same ends
                           // shows the suite
    given.add_ikev2_extra({secrets::Ikev2Extra::Form::old_d, keys_.d, {}, {}, {"SK_d", true}});
    given.dh.clear();
    given.ikev2_keys.clear();
    Sessions late(given);
    feed(late, packets);
    EXPECT_TRUE(late.at(1).messages[2].decrypted);
}

}} // namespace ikescope::session::test
