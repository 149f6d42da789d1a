// Cisco's IKE fragments, made of a captured exchange: payload 132 as strongSwan and libreswan describe it.

#include "tests/session/support.hpp"

#include "session/missing.hpp"
#include "session/track.hpp"

#include <map>

namespace ikescope::session::test {
namespace {

/// Cuts a packet into pieces: ISAKMP header with next payload 132, generic header, id (2), number (1), flags (1), data.
std::vector<Packet> cut(const Packet& packet, std::size_t pieces, std::uint16_t id) {
    std::vector<Packet> all;
    const auto size = (packet.payload.size() + pieces - 1) / pieces;
    for (std::size_t i = 0; i < pieces; ++i) {
        auto piece = packet;
        const auto from = std::min(i * size, packet.payload.size());
        const auto data = Bytes(packet.payload).subspan(from, std::min(size, packet.payload.size() - from));
        Buffer bytes(packet.payload.begin(), packet.payload.begin() + 28);
        bytes[16] = 132;
        bytes[19] = 0; // no flags: the pieces are not encrypted, the message in them is
        const auto length = data.size() + 8;
        for (const auto byte : {std::size_t{0}, std::size_t{0}, length >> 8, length & 0xff, std::size_t{id} >> 8, std::size_t{id} & 0xff, i + 1,
                                std::size_t{i + 1 == pieces}})
            bytes.push_back(static_cast<Byte>(byte));
        bytes.insert(bytes.end(), data.begin(), data.end());
        const auto total = bytes.size();
        for (std::size_t at = 0; at < 4; ++at) bytes[24 + at] = static_cast<Byte>(total >> (8 * (3 - at)));
        piece.payload = bytes;
        piece.datagram.declared = static_cast<std::uint32_t>(total);
        piece.frame.number = packet.frame.number * 10 + i;
        all.push_back(piece);
    }
    return all;
}

class Fragments : public testing::Test {
protected:
    /// The good case with MM5 in pieces that arrive in this order.
    Sa with_pieces(const std::vector<std::size_t>& order) {
        const auto packets = packets_of(lab("v1mm_ok", ".pcap"));
        const auto pieces = cut(packets[4], 3, 7);
        std::vector<Packet> sent(packets.begin(), packets.begin() + 4);
        for (const auto number : order) sent.push_back(pieces[number]);
        sent.insert(sent.end(), packets.begin() + 5, packets.end());
        Sessions sessions(secrets_);
        feed(sessions, sent);
        EXPECT_EQ(sessions.size(), 1U);
        return sessions.at(0);
    }
    secrets::Store secrets_ = store_of({lab("v1mm_ok", ".keys")});
};

TEST_F(Fragments, AnyOrderAndDuplicates) {
    for (const auto& order : {std::vector<std::size_t>{0, 1, 2}, {2, 0, 1}, {1, 1, 2, 2, 0}, {0, 1, 2, 2}, {0, 0, 1, 1, 2, 2}}) {
        const auto sa = with_pieces(order);
        ASSERT_EQ(sa.messages.size(), 9U);
        EXPECT_EQ(sa.messages[4].label, "MM5");
        EXPECT_TRUE(sa.messages[4].decrypted);
        EXPECT_EQ(sa.messages[4].fragments.size(), 3U);
        EXPECT_EQ(sa.messages[4].frame, 50 + order.back());
        EXPECT_EQ(stage_name(sa.stage), "QM_COMPLETE");
        EXPECT_TRUE(sa.notes.empty());
    }
}

TEST_F(Fragments, AWholeCopyIsARetransmissionAndAPartOfOneIsNothing) {
    const auto sa = with_pieces({0, 1, 2, 0, 1, 2, 1});
    ASSERT_EQ(sa.messages.size(), 10U);
    EXPECT_EQ(sa.messages[5].label, "MM5");
    EXPECT_EQ(sa.messages[5].retransmission_of, 52U);
    EXPECT_TRUE(sa.notes.empty());
}

TEST_F(Fragments, LateCopiesDoNotMixWithTheNextMessageUnderTheSameId) { // charon gives every message the id 1
    const auto packets = packets_of(lab("v1mm_ok", ".pcap"));
    const auto fifth = cut(packets[4], 3, 1), seventh = cut(packets[6], 3, 1);
    std::vector<Packet> sent(packets.begin(), packets.begin() + 4);
    sent.insert(sent.end(), {fifth[0], fifth[1], fifth[2], fifth[2], packets[5], seventh[0], fifth[1], seventh[1], seventh[2]});
    sent.insert(sent.end(), packets.begin() + 7, packets.end());
    Sessions sessions(secrets_);
    feed(sessions, sent);
    const auto sa = sessions.at(0);
    EXPECT_EQ(stage_name(sa.stage), "QM_COMPLETE");
    ASSERT_EQ(sa.messages.size(), 9U);
    EXPECT_TRUE(sa.messages[6].decrypted);
    EXPECT_TRUE(sa.notes.empty());
    sent.resize(12); // QM1 lacks its last piece
    Sessions cut_off(secrets_);
    feed(cut_off, sent);
    ASSERT_EQ(cut_off.at(0).notes.size(), 1U);
    EXPECT_NE(cut_off.at(0).notes[0].find("its last piece is missing"), std::string::npos) << cut_off.at(0).notes[0];
}

/// What every packet of a story is told: copies, and the notes in one line.
struct Told {
    std::vector<std::optional<std::uint64_t>> copy_of;
    std::vector<std::string> notes;
};
Told told_of(const secrets::Store& store, std::vector<Packet> sent) {
    Told told;
    Sessions sessions(store);
    feed(sessions, sent, [&](const Packet&, const Outcome& seen) {
        told.copy_of.push_back(seen.retransmission_of);
        auto& line = told.notes.emplace_back();
        for (const auto& note : seen.notes) line += note + "; ";
    });
    return told;
}
bool says(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

TEST_F(Fragments, CopiesAndContradictionsAreTold) {
    const auto packets = packets_of(lab("v1mm_ok", ".pcap"));
    const auto pieces = cut(packets[4], 3, 7);
    std::vector<Packet> sent(packets.begin(), packets.begin() + 4);
    auto other = pieces[0], beyond = pieces[1];
    other.payload.back() = static_cast<Byte>(other.payload.back() ^ 1);
    other.frame.number = 60;
    beyond.payload[34] = 5; // the piece's number
    beyond.frame.number = 61;
    sent.insert(sent.end(), {pieces[0], pieces[0], other, pieces[2], beyond, pieces[1], beyond});
    const auto told = told_of(secrets_, sent);
    EXPECT_EQ(told.copy_of[5], 50U);
    EXPECT_TRUE(says(told.notes[6], "frame 50 brought another piece 1 with other bytes")) << told.notes[6];
    EXPECT_EQ(told.copy_of[6], std::nullopt);
    EXPECT_TRUE(says(told.notes[8], "said that number 3 is the last")) << told.notes[8];
    for (const std::size_t good : {4U, 5U, 7U}) EXPECT_FALSE(says(told.notes[good], "frame")) << told.notes[good];
}

TEST_F(Fragments, TheLastOneMissingTellsWhereTheOthersAre) {
    const auto packets = packets_of(lab("v1mm_ok", ".pcap"));
    const auto pieces = cut(packets[4], 3, 7);
    std::vector<Packet> sent(packets.begin(), packets.begin() + 4);
    auto beyond = pieces[1];
    beyond.payload[34] = 5;
    sent.insert(sent.end(), {pieces[0], pieces[2], pieces[1], beyond});
    const auto told = told_of(secrets_, sent);
    EXPECT_TRUE(says(told.notes[6], "the other pieces came in frames 50, 52")) << told.notes[6];
    EXPECT_EQ(told.copy_of[6], std::nullopt);
    EXPECT_TRUE(says(told.notes[7], "was whole with 3 pieces in frame 51")) << told.notes[7];
}

TEST(EncryptedFragments, CopiesAndContradictionsAreTold) { // RFC 7383 2.6
    const auto packets = packets_of(lab("v2_rsa_frag", ".pcap"));
    const auto is_first = [](const Packet& packet) { return packet.payload[16] == 53 && big_endian(Bytes(packet.payload).subspan(32, 2)) == 1; };
    const auto first = std::ranges::find_if(packets, is_first);
    ASSERT_NE(first, packets.end());
    auto larger = *first, smaller = *first, other = *first;
    larger.payload[35] = static_cast<Byte>(larger.payload[35] + 1);
    other.payload.back() = static_cast<Byte>(other.payload.back() ^ 1);
    smaller.payload[33] = smaller.payload[35] = 1;
    const secrets::Store none;
    const auto told = told_of(none, {packets[0], packets[1], *first, *first, other, larger, smaller});
    EXPECT_EQ(told.copy_of[2], std::nullopt);
    EXPECT_EQ(told.copy_of[3], first->frame.number);
    EXPECT_TRUE(says(told.notes[4], "with other bytes")) << told.notes[4];
    EXPECT_TRUE(says(told.notes[5], "the larger total counts")) << told.notes[5];
    EXPECT_TRUE(says(told.notes[6], "one with a smaller total is dropped")) << told.notes[6];
    const auto good = told_of(none, packets);
    for (const auto& notes : good.notes) EXPECT_FALSE(says(notes, "dropped") || says(notes, "other bytes")) << notes;
    EXPECT_TRUE(std::ranges::any_of(good.notes, [](const auto& notes) { return says(notes, "it completes the message; the other fragment"); }));
}

/// A mirror port shows every packet twice; the captures of both ends together do so, too.
TEST(EncryptedFragments, CopiesOfACompleteMessageAreNoMessageOfTheirOwn) {
    const auto packets = packets_of(lab("v2_rsa_frag", ".pcap"));
    std::vector<Packet> doubled, last_twice = packets;
    for (const auto& packet : packets) doubled.insert(doubled.end(), 2, packet);
    last_twice.insert(last_twice.begin() + 5, packets[4]);
    const secrets::Store none;
    for (auto* sent : {&doubled, &last_twice}) {
        Sessions sessions(none);
        feed(sessions, *sent);
        ASSERT_EQ(sessions.size(), 1U);
        EXPECT_TRUE(sessions.at(0).notes.empty()) << sessions.at(0).notes.front();
    }
}

TEST_F(Fragments, MissingOnesAreNamed) {
    const auto sa = with_pieces({0, 2});
    ASSERT_EQ(sa.notes.size(), 1U);
    EXPECT_NE(sa.notes[0].find("id 7 (first piece in frame 50) is incomplete: piece 2 is missing"), std::string::npos) << sa.notes[0];
    EXPECT_NE(with_pieces({0, 1}).notes.at(0).find("its last piece is missing"), std::string::npos);
}

TEST_F(Fragments, PiecesBelongToAnAddressWhateverTheRoles) {
    // The capture begins with pieces of both ends, before anybody can know who the initiator is.
    const auto packets = packets_of(lab("v1mm_ok", ".pcap"));
    const auto third = cut(packets[2], 2, 7), fourth = cut(packets[3], 2, 7);
    std::vector<Packet> sent{fourth[0], third[0], fourth[1], third[1]};
    Sessions sessions(secrets_);
    std::size_t whole = 0;
    feed(sessions, sent, [&](const Packet&, const Outcome& seen) { whole += seen.whole != nullptr; });
    EXPECT_EQ(whole, 2U);
}

TEST(MissingText, IsRanges) {
    EXPECT_EQ(missing_text(std::map<unsigned, int>{{4, 0}, {5, 0}, {6, 0}}, 7), "1-3, 7");
    EXPECT_EQ(missing_text(std::map<unsigned, int>{{1, 0}}, 1), "");
    std::map<unsigned, int> sparse;
    for (unsigned i = 2; i <= 200; i += 2) sparse[i] = 0;
    EXPECT_TRUE(missing_text(sparse, 300).ends_with(", …"));
}

TEST(Memory, OfAnSaWithoutSecrets) {
    // One core and nine records, the usual life of an SA. The limit is that of the specification.
    EXPECT_LE(sizeof(Track) + 10 * sizeof(Record) + 2 * sizeof(Exchange) + 4 * sizeof(Route) + 16, 1024U)
        << sizeof(Track) << " " << sizeof(Record) << " " << sizeof(Route);
}

} // namespace
} // namespace ikescope::session::test
