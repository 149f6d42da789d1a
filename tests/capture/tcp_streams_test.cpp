// TCP streams: bounds, wrong lengths, what ends in the middle. Order, loss and overlap of whole captures: pcaps/tcp.

#include "capture/decoder.hpp"
#include "capture/tcp_streams.hpp"

#include <gtest/gtest.h>

namespace ikescope::capture { namespace {

const Endpoint client{*IpAddress::parse("192.0.2.1"), 40001}, server{*IpAddress::parse("192.0.2.2"), 4500};

/// The header of an empty IKEv2 INFORMATIONAL request, 28 bytes.
Buffer message(Byte id) {
    Buffer bytes{1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0x20, 37, 8};
    for (const Byte byte : {Byte{0}, Byte{0}, Byte{0}, id, Byte{0}, Byte{0}, Byte{0}, Byte{28}}) bytes.push_back(byte);
    return bytes;
}
Buffer unit(Bytes body) {
    const auto size = body.size() + 6;
    Buffer bytes{static_cast<Byte>(size >> 8), static_cast<Byte>(size), 0, 0, 0, 0};
    bytes.insert(bytes.end(), body.begin(), body.end());
    return bytes;
}
Buffer joined(std::initializer_list<Buffer> parts) {
    Buffer all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}
const Buffer prefix{'I', 'K', 'E', 'T', 'C', 'P'};

/// A stream under test: what it gives, and what it says.
struct Stage {
    TcpStreams streams;
    std::vector<LinkNote> notes;
    std::uint64_t frame = 0;
    std::vector<StreamUnit> got;

    bool send(std::uint32_t sequence, Bytes bytes, std::size_t declared = 0, bool fin = false) {
        Segment segment{
            client, server, sequence, 0, false, false, fin, false, bytes, 0, std::max(declared, bytes.size()), ++frame};
        const bool ours = streams.take(segment, Stream::ike_tcp, notes);
        for (const auto& one : streams.units()) got.push_back(one);
        return ours;
    }
    void syn(std::uint32_t sequence) {
        Segment segment;
        segment.from = client;
        segment.to = server;
        segment.sequence = sequence;
        segment.syn = true;
        segment.frame = ++frame;
        streams.take(segment, Stream::ike_tcp, notes);
    }
};

TEST(TcpStreams, AStreamMayComeByteByByte) {
    Stage stage;
    stage.syn(0xfffffff0);
    const auto bytes = joined({prefix, unit(message(1)), unit(message(2))});
    for (std::size_t i = 0; i < bytes.size(); ++i)
        EXPECT_TRUE(stage.send(0xfffffff1 + static_cast<std::uint32_t>(i), Bytes(bytes).subspan(i, 1)));
    ASSERT_EQ(stage.got.size(), 2U);
    EXPECT_EQ(stage.got[0].head, 12U) << "prefix, length, marker";
    EXPECT_EQ(stage.got[1].head, 6U);
    EXPECT_EQ(stage.got[1].frames.size(), 34U);
    EXPECT_TRUE(stage.notes.empty());
    stage.streams.finish();
    EXPECT_TRUE(stage.streams.take_lost().empty());
}

TEST(TcpStreams, SegmentsInAnyOrderGiveTheSameMessages) {
    const auto bytes = joined({prefix, unit(message(1)), unit(message(2)), unit(message(3))});
    const std::size_t third = bytes.size() / 3;
    std::array<std::size_t, 3> order{0, 1, 2};
    do {
        Stage stage;
        stage.syn(99);
        for (const auto i : order)
            stage.send(static_cast<std::uint32_t>(100 + i * third),
                       Bytes(bytes).subspan(i * third, i == 2 ? bytes.size() - 2 * third : third));
        EXPECT_EQ(stage.got.size(), 3U);
        EXPECT_TRUE(stage.notes.empty());
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(TcpStreams, ALengthThatIsNoneIsSaidAndReadingGoesOn) {
    Stage stage;
    stage.syn(0);
    auto bytes = joined({prefix, unit(message(1)), Buffer{0, 1, 0xaa, 0xbb}});
    stage.send(1, bytes);
    EXPECT_EQ(stage.got.size(), 1U);
    ASSERT_EQ(stage.notes.size(), 1U);
    EXPECT_NE(stage.notes[0].text.find("is no message's"), std::string::npos);
    stage.send(static_cast<std::uint32_t>(1 + bytes.size()), unit(message(2)));
    EXPECT_EQ(stage.got.size(), 2U);
}

TEST(TcpStreams, WhatTheSnapLengthCutIsAMessageCutShort) {
    Stage stage;
    stage.syn(0);
    const auto first = joined({prefix, unit(message(1))}), second = unit(message(2));
    stage.send(1, Bytes(first).first(20), first.size());
    ASSERT_EQ(stage.got.size(), 1U);
    EXPECT_EQ(stage.got[0].bytes.size(), 20U);
    EXPECT_EQ(stage.got[0].declared, first.size());
    stage.send(static_cast<std::uint32_t>(1 + first.size()), second);
    EXPECT_EQ(stage.got.size(), 2U) << "the next message begins where the cut one ended";
    EXPECT_TRUE(stage.notes.empty());
}

TEST(TcpStreams, AHoleEndsWithTheStreamOrAtTheBounds) {
    const auto bytes = unit(message(2));
    {
        Stage stage;
        stage.syn(0);
        stage.send(1000, bytes);
        EXPECT_TRUE(stage.got.empty()) << "what is before it may still come";
        stage.send(static_cast<std::uint32_t>(1000 + bytes.size()), {}, 0, true);
        EXPECT_EQ(stage.got.size(), 1U);
        EXPECT_EQ(stage.notes.size(), 1U);
    }
    Stage stage;
    stage.syn(0);
    for (std::size_t i = 0; i < most_waiting; ++i)
        stage.send(static_cast<std::uint32_t>(1000 + i * bytes.size()), bytes);
    EXPECT_EQ(stage.got.size(), most_waiting);
    EXPECT_EQ(stage.notes.size(), 1U);
}

TEST(TcpStreams, OtherProtocolsAreLeftAlone) {
    Stage stage;
    stage.syn(0);
    EXPECT_FALSE(stage.send(1, bytes_of("GET / HTTP/1.1\r\nHost: here\r\n\r\n")));
    EXPECT_TRUE(stage.got.empty() && stage.notes.empty());
    stage.syn(5000);
    EXPECT_FALSE(stage.send(5001, Buffer{0x16, 3, 1, 0, 200, 1, 0, 0, 196}));
    ASSERT_EQ(stage.notes.size(), 1U);
    EXPECT_NE(stage.notes[0].text.find("TLS"), std::string::npos);
}

/// Segments one behind the other on a port that nobody told us.
std::size_t messages_of(std::initializer_list<Buffer> parts, std::vector<LinkNote>& notes, std::size_t& lost) {
    TcpStreams streams;
    std::size_t count = 0;
    std::uint32_t sequence = 1;
    std::uint64_t frame = 0;
    for (const auto& part : parts) {
        Segment segment{client, {server.address, 443}, sequence, 77, false, true, false, false, part, 0, part.size(), ++frame};
        streams.take(segment, Stream::none, notes);
        count += streams.units().size();
        sequence += static_cast<std::uint32_t>(part.size());
    }
    streams.finish();
    lost = streams.take_lost().size();
    return count;
}

TEST(TcpStreams, OnAnyPortThePrefixMayComeInPieces) {
    const auto rest = joined({Buffer{'K', 'E', 'T', 'C', 'P'}, unit(message(1))});
    std::vector<LinkNote> notes;
    std::size_t lost = 0;
    EXPECT_EQ(messages_of({Buffer{'I'}, rest}, notes, lost), 1U);
    EXPECT_EQ(messages_of({Buffer{'I'}, Buffer{'K', 'E'}, Buffer{'T', 'C', 'P'}, unit(message(1)), unit(message(2))}, notes, lost), 2U);
    EXPECT_TRUE(notes.empty());
    EXPECT_EQ(messages_of({Buffer{'I'}, Buffer{'s'}, unit(message(1))}, notes, lost), 0U) << "somebody types";
    EXPECT_EQ(messages_of({Buffer{'I', 'K'}}, notes, lost), 0U);
    EXPECT_EQ(lost, 0U) << "nothing of ours is lost";
    EXPECT_TRUE(notes.empty());
}

TEST(TcpStreams, FromTheMiddleReadingBeginsWhereAMessageShowsItself) {
    const Buffer esp{0, 14, 0xc0, 0xff, 0xee, 1, 0, 0, 0, 1, 1, 2, 3, 4}, tail{9, 9, 9};
    {
        Stage stage;
        stage.send(1000, joined({esp, unit(message(1)), unit(message(2))}));
        ASSERT_EQ(stage.got.size(), 3U) << "the lengths lead from the segment's start to the message";
        EXPECT_EQ(stage.got[0].content, Content::esp);
    }
    Stage stage;
    stage.send(1000, joined({tail, unit(message(1))}));
    ASSERT_EQ(stage.got.size(), 1U);
    EXPECT_EQ(stage.got[0].content, Content::isakmp);
    EXPECT_TRUE(stage.notes.empty());
    Stage nothing;
    nothing.send(1000, joined({tail, esp}));
    EXPECT_TRUE(nothing.got.empty());
}

TEST(TcpStreams, WhatNeverBecameWholeIsTold) {
    Stage stage;
    stage.syn(0);
    const auto bytes = joined({prefix, unit(message(1))});
    stage.send(1, Bytes(bytes).first(30));
    stage.streams.finish();
    const auto lost = stage.streams.take_lost();
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(lost[0].frame, 2U);
    EXPECT_NE(lost[0].sentence.find("30 bytes"), std::string::npos);
}

TEST(TcpStreams, MemoryIsBounded) {
    TcpStreams streams;
    std::vector<LinkNote> notes;
    const Buffer half = {0xff, 0xff, 0, 0, 0, 0};
    for (std::uint32_t i = 0; i < 3 * most_streams; ++i) {
        Segment segment;
        segment.from = {IpAddress::v4(i), 1000};
        segment.to = server;
        segment.bytes = half;
        segment.declared = half.size();
        segment.frame = i + 1;
        streams.take(segment, Stream::ike_tcp, notes);
    }
    streams.finish();
    EXPECT_LE(streams.take_lost().size(), 1024U);
}

}} // namespace ikescope::capture
