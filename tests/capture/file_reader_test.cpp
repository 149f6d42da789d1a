#include "capture/file_reader.hpp"

#include "tests/capture/make_capture.hpp"

#include <cstdio>
#include <fstream>

namespace ikescope::capture {
namespace {

using test::Maker;

struct Seen {
    std::uint64_t number;
    Timestamp time;
    std::uint32_t original;
    std::uint16_t link;
    std::string bytes, comment;
    friend bool operator==(const Seen&, const Seen&) = default;
};
struct Read {
    std::vector<Seen> frames;
    std::string problem;
    FileFacts facts;
};

/// Reads with a window that is smaller than any record, so that every border is crossed.
Read read(const Buffer& bytes, std::size_t window = 16) {
    Read out;
    auto reader = FileReader::from_memory(bytes, "x.pcap", 0, window);
    if (!reader) return {{}, reader.error().sentence, {}};
    Frame frame;
    while (reader->next(frame))
        out.frames.push_back({frame.number, frame.time, frame.original_length, frame.link_type, hex(frame.bytes), std::string(frame.comment)});
    if (reader->problem()) out.problem = reader->problem()->sentence;
    out.facts = reader->facts();
    return out;
}

const Buffer abc{'a', 'b', 'c'}, four{1, 2, 3, 4};

TEST(ClassicPcap, BothByteOrdersAndBothResolutions) {
    for (const bool big : {false, true}) {
        const auto micro = read(Maker(big).pcap_header().record(1, 2, abc, 60).record(3, 999'999, {}).bytes);
        ASSERT_EQ(micro.frames.size(), 2U) << micro.problem;
        EXPECT_EQ(micro.frames[0], (Seen{1, 1'000'002'000, 60, 1, "616263", ""}));
        EXPECT_EQ(micro.frames[1].time, 3'999'999'000);
        EXPECT_EQ(micro.problem, "");
        const auto nano = read(Maker(big).pcap_header(0xa1b23c4d, 101).record(1, 2, abc).bytes);
        ASSERT_EQ(nano.frames.size(), 1U);
        EXPECT_EQ(nano.frames[0].time, 1'000'000'002);
        EXPECT_EQ(nano.frames[0].link, 101);
    }
}

TEST(ClassicPcap, KuznetzovsRecordsAreEightBytesLonger) {
    const auto file = Maker(false).pcap_header(0xa1b2cd34).n(5, 4).n(6, 4).n(3, 4).n(3, 4).n(2, 4).n(0x800, 2).n(0, 2).raw(abc).bytes;
    const auto seen = read(file);
    ASSERT_EQ(seen.frames.size(), 1U) << seen.problem;
    EXPECT_EQ(seen.frames[0].bytes, "616263");
    EXPECT_EQ(seen.problem, "");
}

TEST(ClassicPcap, LinkTypeBehindTheCheckSequenceBits) {
    const auto seen = read(Maker(false).pcap_header(0xa1b2c3d4, 0x44000001).record(1, 0, abc).bytes);
    ASSERT_EQ(seen.frames.size(), 1U);
    EXPECT_EQ(seen.frames[0].link, 1);
}

TEST(ClassicPcap, EveryTruncationKeepsWhatWasWhole) {
    const auto file = Maker(false).pcap_header().record(1, 0, abc).record(2, 0, four).record(3, 0, abc).bytes;
    const std::vector<std::size_t> borders{24, 43, 63, 82};
    ASSERT_EQ(file.size(), borders.back());
    for (std::size_t size = 24; size <= file.size(); ++size) {
        const auto seen = read({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)});
        const auto whole = static_cast<std::size_t>(std::ranges::upper_bound(borders, size) - borders.begin()) - 1;
        EXPECT_EQ(seen.frames.size(), whole) << size;
        EXPECT_EQ(seen.problem.empty(), size == borders[whole]) << size << seen.problem;
    }
    EXPECT_NE(read({file.begin(), file.begin() + 50}).problem.find("x.pcap is cut short at byte 43 (after packet 1)"), std::string::npos);
}

TEST(ClassicPcap, ALyingLengthIsDamageAndNotMemory) {
    const auto seen = read(Maker(false).pcap_header().record(1, 0, abc).n(2, 4).n(0, 4).n(0x7fffffff, 4).n(60, 4).raw(abc).bytes);
    EXPECT_EQ(seen.frames.size(), 1U);
    EXPECT_NE(seen.problem.find("damaged at byte 43"), std::string::npos) << seen.problem;
}

TEST(Pcapng, SectionsOfEitherByteOrderWithTheirOwnInterfaces) {
    Maker file(false);
    file.section().interface(1, Maker(false)).interface(101, Maker(false).option(9, Buffer{9}).n(0, 4));
    file.packet(0, 1'000'002, abc, Maker(false)).packet(1, 5, four, Maker(false));
    Maker second(true);
    second.section().interface(113, Maker(true).option(9, Buffer{0x80 | 10}).option(14, test::from_hex("0000000000000064")).n(0, 4));
    second.packet(0, 1024 + 512, abc, Maker(true));
    file.raw(second.bytes);
    const auto seen = read(file.bytes);
    ASSERT_EQ(seen.frames.size(), 3U) << seen.problem;
    EXPECT_EQ(seen.frames[0], (Seen{1, 1'000'002'000, 3, 1, "616263", ""}));
    EXPECT_EQ(seen.frames[1], (Seen{2, 5, 4, 101, "01020304", ""}));
    EXPECT_EQ(seen.frames[2], (Seen{3, 101'500'000'000, 3, 113, "616263", ""})); // 1.5 s in units of 2^-10, offset 100 s
    EXPECT_EQ(seen.facts.interfaces.size(), 3U);
}

TEST(Pcapng, ResolutionsFinerAndCoarserThanNanoseconds) {
    struct Row {
        Byte resolution;
        std::uint64_t units;
        Timestamp time;
    };
    for (const auto& row : {Row{0, 7, 7'000'000'000}, Row{3, 7, 7'000'000}, Row{12, 7'999, 7}, Row{127, 1, 0}, Row{0x80, 7, 7'000'000'000},
                            Row{0x80 | 32, (7ULL << 32) | (1ULL << 31), 7'500'000'000}, Row{0x80 | 60, 3ULL << 59, 1'500'000'000}}) {
        const auto seen = read(Maker(true).section().interface(1, Maker(true).option(9, Buffer{row.resolution})).packet(0, row.units, abc, Maker(true)).bytes);
        ASSERT_EQ(seen.frames.size(), 1U);
        EXPECT_EQ(seen.frames[0].time, row.time) << int{row.resolution};
    }
}

TEST(Pcapng, SimpleAndObsoletePacketBlocks) {
    Maker file(false);
    file.section().interface(1, Maker(false), 4); // snap length 4
    file.block(2, Maker(false).n(0, 2).n(0, 2).n(0, 4).n(9, 4).n(3, 4).n(99, 4).padded(abc));
    file.block(3, Maker(false).n(6, 4).raw(four)); // six bytes on the wire, four kept
    const auto seen = read(file.bytes);
    ASSERT_EQ(seen.frames.size(), 2U) << seen.problem;
    EXPECT_EQ(seen.frames[0], (Seen{1, 9'000, 99, 1, "616263", ""}));
    EXPECT_EQ(seen.frames[1], (Seen{2, 9'000, 6, 1, "01020304", ""}));
}

TEST(Pcapng, CommentsNamesAndBlocksOfNoInterest) {
    Maker file(true);
    file.block(0x0a0d0d0a, Maker(true).n(0x1a2b3c4d, 4).n(1, 2).n(0, 2).n(~0ULL, 8).option(1, "of the section").option(4, "test").n(0, 4));
    file.interface(1, Maker(true).option(2, "eth0").n(0, 4));
    file.block(4, Maker(true).option(1, std::string_view("\xc0\xa8\x00\x01R1\0R1.example\0", 18)).n(0, 4));
    file.block(10, Maker(true).n(0x544c534b, 4).n(4, 4).raw(four)); // decryption secrets
    file.block(0x80000001, Maker(true).raw(Buffer(400)));           // local use
    file.packet(0, 1, abc, Maker(true).option(1, "first").option(2, four).option(1, "second").n(0, 4));
    const auto seen = read(file.bytes);
    ASSERT_EQ(seen.frames.size(), 1U) << seen.problem;
    EXPECT_EQ(seen.frames[0].comment, "first\nsecond");
    EXPECT_EQ(seen.facts.comments, std::vector<std::string>{"of the section"});
    EXPECT_EQ(seen.facts.application, "test");
    EXPECT_EQ(seen.facts.interfaces.at(0).name, "eth0");
    ASSERT_EQ(seen.facts.names.size(), 1U);
    EXPECT_EQ(seen.facts.names[0].first.text(), "192.168.0.1");
    EXPECT_EQ(seen.facts.names[0].second, "R1");
    EXPECT_EQ(seen.problem, "");
}

TEST(Pcapng, EveryTruncationKeepsWhatWasWhole) {
    Maker file(false);
    file.section().interface(1, Maker(false)).packet(0, 1, abc, Maker(false).option(1, "hello").n(0, 4)).packet(0, 2, four, Maker(false));
    const auto all = read(file.bytes);
    ASSERT_EQ(all.frames.size(), 2U);
    unsigned unbroken = 0;
    for (std::size_t size = 28; size <= file.bytes.size(); ++size) {
        const auto seen = read({file.bytes.begin(), file.bytes.begin() + static_cast<std::ptrdiff_t>(size)});
        ASSERT_LE(seen.frames.size(), 2U);
        EXPECT_TRUE(std::equal(seen.frames.begin(), seen.frames.end(), all.frames.begin()));
        unbroken += seen.problem.empty();
    }
    EXPECT_EQ(unbroken, 4U); // behind each of the four blocks
}

TEST(Pcapng, DamageIsSaidOnce) {
    const auto start = [] { return Maker(false).section().interface(1, Maker(false)).packet(0, 1, abc, Maker(false)); };
    const auto problem = [&](Maker file) {
        const auto seen = read(file.bytes);
        EXPECT_EQ(seen.frames.size(), 1U);
        return seen.problem;
    };
    EXPECT_NE(problem(start().packet(7, 1, abc, Maker(false))).find("interface 7"), std::string::npos);
    EXPECT_NE(problem(start().n(6, 4).n(8, 4).n(8, 4)).find("impossible length 8"), std::string::npos);
    EXPECT_NE(problem(start().n(6, 4).n(33, 4).raw(Buffer(40))).find("impossible length 33"), std::string::npos);
    EXPECT_NE(problem(start().n(99, 4).n(16, 4).n(0, 4).n(20, 4)).find("16 bytes long at its start and 20"), std::string::npos);
    EXPECT_NE(problem(start().n(6, 4).n(0xfffffffc, 4).raw(Buffer(40))).find("possible"), std::string::npos);
    const auto body = Maker(false).n(0, 4).n(0, 8).n(100, 4).n(100, 4).raw(abc).n(0, 1);
    EXPECT_NE(problem(start().block(6, body)).find("claims 100 captured bytes"), std::string::npos);
    EXPECT_NE(problem(start().block(0x0a0d0d0a, Maker(false).n(0x12345678, 4).n(1, 2).n(0, 2).n(0, 8))).find("byte-order"), std::string::npos);
}

TEST(FileReader, SaysWhatIsNotACapture) {
    const auto sentence = [](std::string_view content) { return read(Buffer(content.begin(), content.end())).problem; };
    EXPECT_NE(sentence("").find("is empty"), std::string::npos);
    EXPECT_NE(sentence("Nov 23 11:00:00 charon: 06[IKE]\n").find("is text"), std::string::npos);
    EXPECT_NE(sentence(std::string_view("snoop\0\0\0\0\0\0\2", 12)).find("snoop"), std::string::npos);
    EXPECT_NE(sentence("\x01\x02\x03\x04").find("neither pcap nor pcapng"), std::string::npos);
    EXPECT_NE(sentence("\xd4\xc3\xb2\xa1").find("cut short"), std::string::npos);
    EXPECT_NE(sentence("\x1f\x8b\x08").find("cannot be unpacked"), std::string::npos);
    EXPECT_NE(FileReader::open("/nonexistent/x.pcap").error().sentence.find("does not exist"), std::string::npos);
    EXPECT_NE(FileReader::open("/").error().sentence.find("is a directory"), std::string::npos);
}

Buffer content(const std::string& name) {
    std::ifstream file(std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/crafted/" + name, std::ios::binary);
    return Buffer(std::istreambuf_iterator<char>(file), {});
}

TEST(Compressed, TheSameFramesAndEveryTruncationIsSaid) {
    const auto plain = read(content("gzip.pcap.gz"));
    ASSERT_EQ(plain.frames.size(), 9U) << plain.problem;
    for (const auto* name : {"zstd-stored.pcap.zst", "zstd-level19.pcap.zst"}) {
        const auto packed = content(name);
        EXPECT_EQ(read(packed).frames, plain.frames) << name;
        for (std::size_t size = packed.size() / 2; size < packed.size(); size += 7)
            EXPECT_NE(read({packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size)}).problem, "") << name << size;
    }
    const auto packed = content("gzip.pcap.gz");
    for (std::size_t size = packed.size() / 2; size < packed.size(); size += 7) {
        const auto cut = read({packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size)});
        EXPECT_NE(cut.problem.find("cut short"), std::string::npos) << size << cut.problem;
        EXPECT_TRUE(std::equal(cut.frames.begin(), cut.frames.end(), plain.frames.begin()));
    }
}

TEST(Compressed, MembersOneAfterTheOther) { // RFC 1952 2.2
    auto twice = content("gzip.pcap.gz");
    const auto once = twice;
    twice.insert(twice.end(), once.begin(), once.end());
    const auto seen = read(twice);
    EXPECT_GT(seen.frames.size(), 9U); // a second file header stands where a record should, and passes for an empty one
    EXPECT_NE(seen.problem.find("of its unpacked content"), std::string::npos) << seen.problem;
}

} // namespace
} // namespace ikescope::capture
