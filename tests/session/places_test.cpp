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
                                        "N(COOKIE) must be the first payload (RFC 7296 2.6)"}));
}

} // namespace
} // namespace ikescope::session::test
