#include "capture/decoder.hpp"

#include "tests/capture/make_capture.hpp"

namespace ikescope::capture {
namespace {

using test::ipv4;
using test::isakmp;
using test::Maker;
using test::udp;

/// A UDP datagram on port 500 with 100 bytes: header and 28 bytes of ISAKMP, then counting bytes.
Buffer whole_datagram() {
    Buffer payload = isakmp();
    for (Byte i = 0; i < 64; ++i) payload.push_back(i);
    return udp(500, 500, payload);
}

class Fragments : public testing::Test {
protected:
    /// Feeds [begin, end) of `whole` as one fragment.
    bool feed(std::size_t begin, std::size_t end, bool more, Bytes bytes, unsigned id = 1) {
        const auto packet = ipv4(17, bytes.subspan(begin, end - begin), (more ? 0x2000u : 0u) | static_cast<unsigned>(begin / 8), id);
        Frame frame;
        frame.link_type = 101;
        frame.bytes = packet;
        frame.original_length = static_cast<std::uint32_t>(packet.size());
        frame.overall = ++number;
        frame.time = time;
        EXPECT_TRUE(decoder.decode(frame, datagram));
        return datagram.reassembled;
    }
    Decoder decoder;
    Datagram datagram;
    std::uint64_t number = 0;
    Timestamp time = 0;
    const Buffer whole = whole_datagram();
};

TEST_F(Fragments, AnyOrderGivesTheWhole) {
    const std::array<std::pair<std::size_t, std::size_t>, 3> pieces{{{0, 40}, {40, 80}, {80, 100}}};
    std::array<std::size_t, 3> order{0, 1, 2};
    do {
        const auto first = number + 1;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto [begin, end] = pieces[order[i]];
            EXPECT_EQ(feed(begin, end, end != 100, whole), i == 2);
        }
        EXPECT_EQ(datagram.content, Content::isakmp);
        EXPECT_EQ(hex(datagram.payload), hex(Bytes(whole).subspan(8)));
        EXPECT_EQ(datagram.payload_offset, 8U);
        EXPECT_EQ(hex(datagram.whole), hex(whole));
        EXPECT_EQ(datagram.fragment_frames, (std::vector<std::uint64_t>{first, first + 1, first + 2}));
        EXPECT_TRUE(datagram.notes.empty());
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(Fragments, EqualOverlapIsFineAndDifferentOneIsSaid) {
    feed(0, 48, true, whole);
    EXPECT_TRUE(feed(40, 100, false, whole));
    EXPECT_TRUE(datagram.notes.empty());
    EXPECT_FALSE(datagram.conflicting);
    auto other = whole;
    other[44] ^= 0xff;
    feed(0, 48, true, whole);
    EXPECT_TRUE(feed(40, 100, false, other));
    EXPECT_TRUE(datagram.conflicting);
    EXPECT_EQ(datagram.notes.size(), 2U);
    EXPECT_EQ(hex(datagram.whole), hex(whole)); // the first copy
}

TEST_F(Fragments, APieceOverSeveralGapsKeepsWhatWasThere) {
    feed(16, 32, true, whole);
    feed(48, 64, true, whole);
    EXPECT_FALSE(feed(8, 100, false, whole));
    EXPECT_TRUE(feed(0, 16, true, whole));
    EXPECT_EQ(hex(datagram.whole), hex(whole));
}

TEST_F(Fragments, DatagramsDoNotMix) {
    feed(0, 40, true, whole, 1);
    EXPECT_FALSE(feed(40, 100, false, whole, 2));
    EXPECT_TRUE(feed(40, 100, false, whole, 1));
}

TEST_F(Fragments, TheyExpireByTheClockOfTheCapture) {
    feed(0, 40, true, whole);
    time = fragment_lifetime + 1;
    EXPECT_FALSE(feed(40, 100, false, whole));
    const auto lost = decoder.take_lost();
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(lost[0].frames, std::vector<std::uint64_t>{1});
    EXPECT_EQ(hex(Bytes(lost[0].beginning).first(4)), "01f401f4"); // the ports are known
    decoder.finish();
    EXPECT_EQ(decoder.take_lost().size(), 1U);
}

TEST_F(Fragments, DisagreementAboutTheEnd) {
    feed(80, 100, false, whole);
    EXPECT_FALSE(feed(40, 80, false, whole)); // another last fragment
    EXPECT_EQ(datagram.notes.size(), 1U);
    Buffer longer = whole;
    longer.resize(200);
    EXPECT_FALSE(feed(96, 160, true, longer)); // beyond the end
    EXPECT_FALSE(feed(0, 40, true, whole));
    EXPECT_TRUE(feed(40, 80, true, whole));
    EXPECT_TRUE(datagram.conflicting);
}

TEST_F(Fragments, AFloodStaysWithinBounds) {
    const Buffer big(1400, 7);
    for (unsigned id = 0; id < 3 * most_fragmented; ++id) feed(0, 1400, true, big, id);
    const auto given_up = decoder.take_lost().size();
    EXPECT_EQ(given_up, most_lost);
    decoder.finish();
    EXPECT_EQ(decoder.take_lost().size(), most_fragmented);
    Frame frame; // the largest possible offset: 65528, which no datagram has room for
    const auto ping_of_death = ipv4(17, big, 0x1fff);
    frame.link_type = 101;
    frame.bytes = ping_of_death;
    frame.original_length = static_cast<std::uint32_t>(ping_of_death.size());
    EXPECT_TRUE(decoder.decode(frame, datagram));
    EXPECT_EQ(datagram.notes.size(), 1U);
}

TEST_F(Fragments, CutBySnapLengthShowsTheFirst) {
    const auto packet = ipv4(17, Bytes(whole).first(80), 0x2000);
    Frame frame;
    frame.link_type = 101;
    frame.bytes = Bytes(packet).first(64);
    frame.original_length = static_cast<std::uint32_t>(packet.size());
    EXPECT_TRUE(decoder.decode(frame, datagram));
    EXPECT_EQ(datagram.content, Content::isakmp);
    EXPECT_TRUE(datagram.snapped);
    EXPECT_EQ(datagram.declared, 92U); // the whole datagram's, as its UDP header says
    EXPECT_EQ(datagram.notes.size(), 1U);
}

} // namespace
} // namespace ikescope::capture
