#pragma once
// IKEv2 messages made out of a capture of the lab, under its own keys.

#include "crypto/dh.hpp"
#include "crypto/ikev2_suite.hpp"
#include "tests/session/support.hpp"

namespace ikescope::session::test {

using crypto::ikev2::Keys;
inline constexpr std::uint8_t initiator_flag = 0x08, response_flag = 0x20, sk = 46, skf = 53;

inline Buffer operator+(Buffer a, Bytes b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}
inline Buffer number(std::size_t value, std::size_t width) {
    Buffer bytes(width);
    for (std::size_t i = 0; i < width; ++i) bytes[width - 1 - i] = static_cast<Byte>(value >> (8 * i));
    return bytes;
}
/// RFC 7296 3.2: next payload, critical, length, body.
inline Buffer payload(std::uint8_t next, Bytes body) { return Buffer{next, 0} + number(body.size() + 4, 2) + body; }

/// RFC 7296 3.3: one proposal for an IKE SA with AES-CBC-128, HMAC-SHA2-256, Curve25519.
inline Buffer ike_proposal(const Spi& spi) {
    const Buffer transforms{3, 0, 0, 12, 1, 0, 0, 12, 0x80, 14, 0, 128, 3, 0, 0, 8, 2, 0,
                            0, 5, 3, 0,  0, 8, 3, 0,  0,    12, 0, 0,   0, 8, 4, 0, 0, 31};
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
        const auto aad = Buffer{} + envelope.initiator + envelope.responder +
                         Buffer{type, 0x20, envelope.exchange, envelope.flags} + number(envelope.message_id, 4) +
                         number(28 + length, 4) + Buffer{first, 0} + number(length, 2) + fragment;
        const auto made = crypto::seal(suite_.protection(keys, (envelope.flags & initiator_flag) != 0),
                                       {aad, iv, {}, {}, {}}, padded);
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
            all.push_back(
                packet(30 + i, seal(envelope, keys_, i == 0 ? 35 : 0, content, number(i + 1, 2) + number(3, 2))));
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

} // namespace ikescope::session::test
