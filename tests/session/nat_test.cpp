// NAT detection where hashes are missing or are none: messages of the lab with other payloads.

#include "tests/session/support.hpp"

namespace ikescope::session::test {
namespace {

struct Part {
    std::uint8_t type = 0;
    Buffer body;
};
constexpr std::uint8_t nat_d = 20, notify = 41;

std::vector<Part> parts_of(const Packet& packet) {
    dissect::Message message;
    dissect::walk(packet.payload, 0, packet.payload.size(), message);
    std::vector<Part> parts;
    for (const auto& each : message.payloads) parts.push_back({each.type, Buffer(each.body.begin(), each.body.end())});
    return parts;
}
void put(Packet& packet, const std::vector<Part>& parts) {
    Buffer bytes(packet.payload.begin(), packet.payload.begin() + dissect::header_size);
    bytes[16] = parts.front().type;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto size = parts[i].body.size() + dissect::generic_header_size;
        const auto next = i + 1 < parts.size() ? parts[i + 1].type : std::uint8_t{0};
        bytes.insert(bytes.end(), {next, Byte{0}, static_cast<Byte>(size >> 8), static_cast<Byte>(size & 0xff)});
        bytes.insert(bytes.end(), parts[i].body.begin(), parts[i].body.end());
    }
    bytes[26] = static_cast<Byte>(bytes.size() >> 8);
    bytes[27] = static_cast<Byte>(bytes.size() & 0xff);
    packet.datagram.declared = static_cast<std::uint32_t>(bytes.size());
    packet.payload = std::move(bytes);
}

struct Judged {
    std::size_t checks = 0;           ///< of the last message
    std::vector<std::string> notes;   ///< of the last message
    std::vector<std::string> of_sa;
    std::string nat;
};
/// Of packets first to last of a scenario; `change` gets the payloads of the last.
Judged judged(const char* scenario, std::ptrdiff_t first, std::ptrdiff_t last, const std::function<void(std::vector<Part>&)>& change = {}) {
    const auto all = packets_of(lab(scenario, ".pcap"));
    std::vector<Packet> packets(all.begin() + first, all.begin() + last + 1);
    if (change) {
        auto parts = parts_of(packets.back());
        change(parts);
        put(packets.back(), parts);
    }
    const secrets::Store nothing;
    Sessions sessions(nothing);
    Judged made;
    feed(sessions, packets, [&](const Packet&, const Outcome& seen) {
        made.checks = seen.nat.size();
        made.notes = seen.notes;
    });
    made.of_sa = sessions.at(0).notes;
    made.nat = sessions.at(0).nat_note;
    return made;
}
bool says(const std::vector<std::string>& sentences, std::string_view words) {
    return std::ranges::any_of(sentences, [&](const std::string& each) { return each.find(words) != std::string::npos; });
}
/// The payload with this number among those of a type.
Part& part(std::vector<Part>& parts, std::uint8_t type, std::size_t number) {
    for (auto& each : parts)
        if (each.type == type && number-- == 0) return each;
    ADD_FAILURE() << "no such payload";
    return parts.front();
}
constexpr std::string_view initiator_behind = "the initiator is behind NAT", responder_behind = "the responder is behind NAT";

TEST(Nat, AHashOfAnotherLengthIsMalformedAndNoVerdict) { // RFC 3947 3.2
    const auto made = judged("v1mm_ok", 0, 2, [](auto& parts) { part(parts, nat_d, 0).body.resize(12); });
    constexpr std::string_view words = "the initiator's NAT-D payload of the destination has 12 bytes where SHA1 has 20 (RFC 3947 3.2)";
    EXPECT_TRUE(says(made.notes, words)) << testing::PrintToString(made.notes);
    EXPECT_TRUE(says(made.of_sa, words));
    EXPECT_EQ(made.nat.find(responder_behind), std::string::npos) << made.nat;
    EXPECT_NE(made.nat.find(initiator_behind), std::string::npos) << "charon makes up the hash of its own address";
    EXPECT_EQ(made.checks, 2U);
}

TEST(Nat, OfIkev2TooIsSha1Only) { // RFC 7296 2.23
    constexpr Byte detection = 0x40, source = 0x04; // 16388
    const auto made = judged("v2_ok", 0, 0, [](auto& parts) {
        for (auto& each : parts)
            if (each.type == notify && each.body.size() > 16 && each.body[2] == detection && each.body[3] == source) each.body.resize(16);
    });
    EXPECT_TRUE(says(made.notes, "NAT_DETECTION_SOURCE_IP has 12 bytes where SHA1 has 20 (RFC 7296 2.23)")) << testing::PrintToString(made.notes);
    EXPECT_TRUE(made.nat.empty()) << made.nat;
}

TEST(Nat, TheLengthTellsTheHashOfACaptureThatBeginsLate) {
    const auto late = judged("v1mm_ok", 2, 2);
    EXPECT_EQ(late.checks, 2U);
    EXPECT_TRUE(says(late.notes, initiator_behind)) << testing::PrintToString(late.notes);
    EXPECT_FALSE(says(late.notes, responder_behind));
    // What fits nowhere may be another hash of that length.
    const auto strange = judged("v1mm_ok", 2, 2, [](auto& parts) {
        for (const std::size_t number : {0U, 1U}) part(parts, nat_d, number).body.assign(32, 7);
    });
    EXPECT_EQ(strange.checks, 0U);
    EXPECT_TRUE(strange.notes.empty()) << testing::PrintToString(strange.notes);
}

TEST(Nat, OnePayloadIsTooFew) { // RFC 3947 3.2
    const auto made = judged("v1mm_ok", 0, 2, [](auto& parts) { parts.pop_back(); });
    EXPECT_TRUE(says(made.of_sa, "the initiator sends only one NAT-D payload")) << testing::PrintToString(made.of_sa);
    EXPECT_TRUE(made.nat.empty()) << made.nat;
    for (const auto* scenario : {"v1mm_ok", "v1am_ok", "v1_xauth_main", "v1_ipv6"}) {
        const auto good = judged(scenario, 0, 2);
        EXPECT_FALSE(says(good.of_sa, "NAT-D")) << scenario << ' ' << testing::PrintToString(good.of_sa);
    }
}

} // namespace
} // namespace ikescope::session::test
