// What a message is by its place and numbers: NAT detection of the first draft, GDOI, what needs no history to be judged.

#include "session/legality.hpp"
#include "tests/session/support.hpp"

namespace ikescope::session::test {
namespace {

/// Gives the payloads of one type in a clear chain another number.
void retype(Packet& packet, std::uint8_t from, std::uint8_t into) {
    auto& bytes = packet.payload;
    std::size_t link = 16;
    for (std::size_t at = dissect::header_size; bytes[link] != 0 && at + 4 <= bytes.size();) {
        if (bytes[link] == from) bytes[link] = into;
        link = at;
        at += static_cast<std::size_t>(bytes[at + 2]) << 8 | bytes[at + 3];
    }
}

TEST(Places, NatDetectionOfTheFirstDraftIsJudged) { // draft-ietf-ipsec-nat-t-ike-00 3.2: payload type 15
    constexpr std::uint8_t nat_d = 20, draft_nat_d = 15;
    auto packets = packets_of(lab("v1mm_ok", ".pcap"));
    retype(packets.at(2), nat_d, draft_nat_d);
    std::size_t checks = 0, fit = 0;
    const secrets::Store nothing;
    Sessions sessions(nothing);
    feed(sessions, packets, [&](const Packet& packet, const Outcome& seen) {
        if (packet.frame.number != packets[2].frame.number) return;
        checks = seen.nat.size();
        for (const auto& each : seen.nat) fit += each.fits;
        EXPECT_TRUE(seen.violations.empty());
    });
    EXPECT_EQ(checks, 2U);
    EXPECT_EQ(fit, 1U) << "charon was told to force encapsulation: the hash of its own address is made up";
}

/// A message of the lab's first packet's ends with another inside.
Packet made(Packet packet, std::uint64_t frame, Buffer bytes) {
    packet.frame.number = frame;
    packet.datagram.declared = static_cast<std::uint32_t>(bytes.size());
    packet.payload = std::move(bytes);
    return packet;
}
Buffer message(std::uint8_t version, std::uint8_t exchange, std::uint8_t flags, std::uint8_t message_id, std::uint8_t first, Bytes chain) {
    Buffer bytes{1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, first, version, exchange, flags, 0, 0, 0, message_id, 0, 0, 0, 0};
    bytes.insert(bytes.end(), chain.begin(), chain.end());
    bytes[26] = static_cast<Byte>(bytes.size() >> 8);
    bytes[27] = static_cast<Byte>(bytes.size() & 0xff);
    return bytes;
}
struct Seen {
    std::string label;
    std::vector<std::string> violations;
};
Seen seen_of(const Buffer& bytes, std::uint16_t port = 500) {
    auto first = packets_of(lab("v2_ok", ".pcap")).at(0);
    first.datagram.source_port = first.datagram.destination_port = port;
    std::vector<Packet> packets{made(first, 1, bytes)};
    const secrets::Store nothing;
    Sessions sessions(nothing);
    Seen seen;
    feed(sessions, packets, [&](const Packet&, const Outcome& outcome) {
        seen.label = outcome.label;
        for (const auto& each : outcome.violations) seen.violations.push_back(each.text + " (" + std::string(each.source) + ")");
    });
    return seen;
}

TEST(Places, GroupKeysAreNoQuickMode) { // RFC 6407 3.2, 4
    const Buffer sa{0, 0, 0, 16, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0}; // DOI 2
    EXPECT_EQ(seen_of(message(0x10, 32, 0, 9, 1, sa)).label, "GROUPKEY-PULL");
    EXPECT_EQ(seen_of(message(0x10, 33, 0, 9, 1, sa)).label, "GROUPKEY-PUSH");
    const Buffer sealed(64, 0x5a);
    EXPECT_EQ(seen_of(message(0x10, 32, 1, 9, 8, sealed), 848).label, "GROUPKEY-PULL");
    EXPECT_EQ(seen_of(message(0x10, 32, 1, 9, 8, sealed)).label, "QM1");
}

TEST(Places, ExchangesOfGIkev2HaveNamesAndMustBeEncrypted) {
    const Buffer notify{0, 0, 0, 8, 0, 0, 0x40, 0};
    const auto seen = seen_of(message(0x20, 39, 0x08, 1, 41, notify));
    EXPECT_EQ(seen.label, "GSA_AUTH request");
    EXPECT_EQ(seen.violations, std::vector<std::string>{"this message must be encrypted (RFC 9838 2.3)"});
}

TEST(Places, Ikev2NeedsNoHistory) {
    const Buffer eap{0, 0, 0, 8, 1, 1, 0, 4};
    EXPECT_EQ(seen_of(message(0x20, 35, 0x08, 2, 48, eap)).violations,
              std::vector<std::string>{"this message must be encrypted (RFC 7296 1.2)"});
}

TEST(Places, IkeSaInitCountsFromZeroAndBeginsWithTheCookie) { // RFC 7296 2.2, 2.6, 2.10
    const Buffer chain{34, 0, 0, 4, 40, 0, 0, 8, 0, 31, 0, 0, 41, 0, 0, 8, 1, 2, 3, 4, 0, 0, 0, 9, 0, 0, 0x40, 6, 7}; // SA KE No N(COOKIE)
    auto bytes = message(0x20, 34, 0x08, 1, 33, chain);
    std::fill_n(bytes.begin() + 8, 8, Byte{0});
    EXPECT_EQ(seen_of(bytes).violations,
              (std::vector<std::string>{"the nonce has 4 bytes, 16 to 256 are allowed (RFC 7296 2.10, 3.9)",
                                        "the Message ID of IKE_SA_INIT is 1, not 0 (RFC 7296 2.2)",
                                        "N(COOKIE) must be the first payload (RFC 7296 2.6)",
                                        "SA has no proposal (RFC 7296 3.3)",
                                        "KE has 0 bytes, a public value of Curve25519 has 32 (RFC 7296 3.4)"}));
}

TEST(Places, EvenAnEmptyMessageIsEncryptedInIkev2) { // RFC 7296 1.4, 3.14
    EXPECT_EQ(seen_of(message(0x20, 37, 0x20, 5, 0, {})).violations, std::vector<std::string>{"this message must be encrypted (RFC 7296 1.4, 2.4)"});
    EXPECT_EQ(seen_of(message(0x20, 36, 0x08, 5, 0, {})).violations.size(), 1U);
    const Buffer gone{0, 0, 0, 8, 1, 0, 0, 0};
    EXPECT_EQ(seen_of(message(0x20, 37, 0x08, 5, 42, gone)).violations, std::vector<std::string>{"this message must be encrypted (RFC 7296 1.4, 2.4)"});
    const Buffer unknown_spi{0, 0, 0, 8, 0, 0, 0, 4};
    EXPECT_TRUE(seen_of(message(0x20, 37, 0x20, 5, 41, unknown_spi)).violations.empty()) << "RFC 7296 1.5";
}

TEST(Places, FlagsAndSpisOfTheFirstExchange) { // RFC 7296 3.1
    const Buffer refusal{0, 0, 0, 8, 0, 0, 0, 14};
    EXPECT_EQ(seen_of(message(0x20, 34, 0xe8, 0, 41, refusal)).violations,
              (std::vector<std::string>{"the flags have bits set that must be clear: 0xc0 (RFC 7296 3.1)",
                                        "the Initiator flag is set in the response (RFC 7296 3.1)"}));
    EXPECT_TRUE(seen_of(message(0x20, 34, 0x20, 0, 41, refusal)).violations.empty());
    const Buffer critical{0, 0x80, 0, 8, 0, 0, 0, 14};
    EXPECT_EQ(seen_of(message(0x20, 34, 0x20, 0, 41, critical)).violations,
              std::vector<std::string>{"the critical bit is set in N, which every implementation knows (RFC 7296 3.2)"});
}

TEST(Places, WhatReceiversMustIgnoreIsMarked) { // RFC 7296 3.1, 3.2: so it explains no failure
    auto packets = packets_of(lab("v2_ok", ".pcap"));
    packets.at(0).payload[29] = 0x80; // the critical bit of SA
    packets.at(1).payload[19] |= 0x40; // a reserved flag
    packets.at(1).payload[16] = 48;    // EAP in place of SA
    const secrets::Store nothing;
    Sessions sessions(nothing);
    const auto first = packets[0].frame.number;
    feed(sessions, packets, [&](const Packet& packet, const Outcome& seen) {
        for (const auto& each : seen.violations)
            EXPECT_EQ(each.ignored, each.text.find("critical bit") != std::string::npos || each.text.find("flags have bits") != std::string::npos) << each.text;
        EXPECT_TRUE(packet.frame.number != first || seen.violations.size() == 1U);
    });
    Options blind;
    blind.legality = false;
    Sessions others(nothing, blind);
    feed(others, packets, [](const Packet&, const Outcome& seen) { EXPECT_TRUE(seen.violations.empty()); });
}

/// The labels and violations of the lab's Main Mode with one more message, made of its last one's header.
std::vector<Seen> after_main_mode(std::size_t count, std::uint8_t exchange, std::uint8_t first, const Buffer& chain) {
    auto packets = packets_of(lab("v1mm_ok", ".pcap"));
    packets.resize(count);
    auto bytes = message(0x10, exchange, 0, exchange == 2 ? 0 : 9, first, chain);
    std::copy_n(packets.back().payload.begin(), 16, bytes.begin());
    packets.push_back(made(packets.at(count - 2), count + 1, bytes));
    const secrets::Store nothing;
    Sessions sessions(nothing);
    std::vector<Seen> all;
    feed(sessions, packets, [&](const Packet&, const Outcome& outcome) {
        all.push_back({std::string(outcome.label), {}});
        for (const auto& each : outcome.violations) all.back().violations.push_back(each.text + " (" + std::string(each.source) + ")");
    });
    return all;
}

TEST(Places, AnIdentityInTheClearIsMm5) { // RFC 2409 5.4
    const Buffer identity{8, 0, 0, 12, 1, 0, 0, 0, 10, 0, 0, 1, 0, 0, 0, 8, 1, 2, 3, 4};
    const auto last = after_main_mode(4, 2, 5, identity).back();
    EXPECT_EQ(last.label, "MM5");
    EXPECT_EQ(last.violations, std::vector<std::string>{"this message must be encrypted (RFC 2409 5.1, 5.4)"});
}

TEST(Places, DeletesAreEncryptedOnceThereAreKeys) { // RFC 2409 5.7
    const Buffer gone{0, 0, 0, 28, 0, 0, 0, 1, 1, 16, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2};
    EXPECT_EQ(after_main_mode(6, 5, 12, gone).back().violations,
              std::vector<std::string>{"this message must be encrypted: both ends have keys by now (RFC 2409 5.7)"});
    EXPECT_TRUE(after_main_mode(4, 5, 12, gone).back().violations.empty()) << "before there are keys";
    Buffer hashed{12, 0, 0, 8, 1, 2, 3, 4};
    hashed.insert(hashed.end(), gone.begin(), gone.end());
    EXPECT_EQ(after_main_mode(6, 5, 8, hashed).back().violations.front(), "this message must be encrypted (RFC 2409 5.7)");
}

} // namespace
} // namespace ikescope::session::test
