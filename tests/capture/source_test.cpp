#include "capture/source.hpp"

#include "capture/build.hpp"
#include "capture/decoder.hpp"
#include "capture/write.hpp"
#include "tests/capture/make_capture.hpp"

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace ikescope::capture {
namespace {

using test::Maker;

class Sources : public testing::Test {
protected:
    void SetUp() override {
        folder = std::filesystem::temp_directory_path() / ("ikescope-capture-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
    std::string save(const std::string& name, const Buffer& bytes) {
        const auto path = (folder / name).string();
        std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path;
    }
    std::filesystem::path folder;
};

std::string order(Source& source) {
    std::string out;
    Frame frame;
    std::uint64_t last = 0;
    while (source.next(frame)) {
        EXPECT_GT(frame.overall, last);
        last = frame.overall;
        out += std::to_string(frame.file) + ":" + std::to_string(frame.number) + " ";
    }
    return out;
}

TEST_F(Sources, MergesByTimeAndKeepsEachFilesOrder) {
    const Buffer data{1, 2, 3};
    const std::vector<std::string> paths{
        save("a.pcap", Maker(false).pcap_header().record(1, 0, data).record(5, 0, data).record(4, 0, data).bytes),
        save("b.pcap", Maker(true).pcap_header().record(1, 0, data).record(2, 0, data).record(9, 0, data).bytes),
        save("empty.pcap", Maker(true).pcap_header().bytes)};
    auto source = Source::open(paths);
    ASSERT_TRUE(source);
    EXPECT_EQ(order(*source), "0:1 1:1 1:2 0:2 0:3 1:3 ");
    EXPECT_TRUE(source->problems().empty());
    EXPECT_EQ(source->facts(2).packets, 0U);
}

TEST_F(Sources, OneBadFileDoesNotHideTheOthers) {
    const Buffer data{1, 2, 3};
    const std::vector<std::string> paths{(folder / "missing.pcap").string(), save("a.pcap", Maker(false).pcap_header().record(1, 0, data).n(1, 3).bytes)};
    auto source = Source::open(paths);
    ASSERT_TRUE(source);
    EXPECT_EQ(order(*source), "1:1 ");
    EXPECT_EQ(source->problems().size(), 2U);
    EXPECT_EQ(source->facts(0).name, paths[0]);
    EXPECT_FALSE(Source::open(std::span(paths).first(1)));
}

TEST_F(Sources, FilterLeavesNumbersAlone) {
    Buffer ike, other;
    ASSERT_TRUE(build_udp_frame({{IpAddress::v4(1), 500}, {IpAddress::v4(2), 500}, test::isakmp()}, ike));
    ASSERT_TRUE(build_udp_frame({{IpAddress::v4(1), 53}, {IpAddress::v4(2), 53}, test::isakmp()}, other));
    const std::vector<std::string> paths{save("a.pcap", Maker(false).pcap_header().record(1, 0, other).record(2, 0, ike).bytes)};
    auto source = Source::open(paths);
    auto filter = PacketFilter::compile("udp port 500");
    ASSERT_TRUE(filter);
    source->set_filter(std::move(*filter));
    EXPECT_EQ(order(*source), "0:2 ");
    const auto bad = PacketFilter::compile("udp prt 500");
    ASSERT_FALSE(bad);
    EXPECT_NE(bad.error().sentence.find("capture filter 'udp prt 500': "), std::string::npos) << bad.error().sentence;
}

TEST(Filter, WorksOnOtherLinkTypesAndSaysWhereItHasNoMeaning) {
    const auto packet = test::ipv4(17, test::udp(500, 500, test::isakmp()));
    Frame frame;
    frame.link_type = 101;
    frame.bytes = packet;
    frame.original_length = static_cast<std::uint32_t>(packet.size());
    auto ports = PacketFilter::compile("udp port 500");
    ASSERT_TRUE(ports);
    EXPECT_TRUE(ports->matches(frame));
    auto vlan = PacketFilter::compile("vlan 100");
    ASSERT_TRUE(vlan);
    EXPECT_FALSE(vlan->matches(frame));
    ASSERT_TRUE(vlan->problem());
    EXPECT_NE(link_type_name(1).find("Ethernet"), std::string::npos);
    EXPECT_EQ(link_type_name(60000), "link type 60000");
}

TEST(Writer, WhatIsWrittenIsReadAgain) {
    Buffer v4, v6;
    const auto ike = test::isakmp();
    ASSERT_TRUE(build_udp_frame({{IpAddress::v4(0xc0a80001), 4500}, {IpAddress::v4(0xc0a80002), 4500}, ike, true}, v4));
    ASSERT_TRUE(build_udp_frame({{*IpAddress::parse("2001:db8::1"), 500}, {*IpAddress::parse("2001:db8::2"), 500}, ike}, v6));
    auto writer = PcapngWriter::in_memory("made by a test");
    Frame frame;
    frame.link_type = 1;
    frame.time = 1'795'472'901'622'234'567;
    frame.bytes = v4;
    frame.comment = "its own";
    const std::vector<std::string> comments{"a finding"};
    ASSERT_TRUE(writer.write(frame, comments));
    const auto raw = Bytes(v6).subspan(14);
    frame = {};
    frame.link_type = 101;
    frame.bytes = raw;
    ASSERT_TRUE(writer.write(frame));
    const auto bytes = writer.contents();
    auto reader = FileReader::from_memory(bytes, "memory");
    ASSERT_TRUE(reader) << reader.error().sentence;
    Decoder decoder;
    Datagram datagram;
    ASSERT_TRUE(reader->next(frame));
    EXPECT_EQ(frame.time, 1'795'472'901'622'234'567);
    EXPECT_EQ(frame.comment, "its own\na finding");
    ASSERT_TRUE(decoder.decode(frame, datagram));
    EXPECT_TRUE(datagram.non_esp_marker);
    EXPECT_EQ(hex(datagram.payload), hex(ike));
    ASSERT_TRUE(reader->next(frame));
    EXPECT_EQ(frame.link_type, 101);
    ASSERT_TRUE(decoder.decode(frame, datagram));
    EXPECT_EQ(datagram.from().text(), "[2001:db8::1]:500");
    EXPECT_FALSE(reader->next(frame));
    EXPECT_FALSE(reader->problem());
    EXPECT_EQ(reader->facts().comments, std::vector<std::string>{"made by a test"});
}

TEST(Writer, ClassicPcapHoldsOneLinkType) {
    auto writer = PcapWriter::in_memory();
    Frame frame;
    frame.link_type = 101;
    frame.time = 1'795'472'901'622'234'567;
    const auto packet = test::ipv4(17, test::udp(500, 500, test::isakmp()));
    frame.bytes = packet;
    frame.original_length = 999;
    ASSERT_TRUE(writer.write(frame));
    frame.link_type = 1;
    EXPECT_NE(writer.write(frame).error().sentence.find("pcapng"), std::string::npos);
    ASSERT_TRUE(writer.finish());
    const auto bytes = writer.contents();
    auto reader = FileReader::from_memory(bytes, "memory");
    ASSERT_TRUE(reader) << reader.error().sentence;
    ASSERT_TRUE(reader->next(frame));
    EXPECT_EQ(frame.time, 1'795'472'901'622'234'567);
    EXPECT_EQ(frame.link_type, 101);
    EXPECT_EQ(frame.original_length, 999U);
    EXPECT_EQ(hex(frame.bytes), hex(packet));
    EXPECT_FALSE(reader->next(frame));
    EXPECT_FALSE(reader->problem());
}

TEST_F(Sources, ClassicPcapKeepsMicrosecondsAndTheLargestSnapLength) {
    const Buffer data{1, 2, 3};
    Maker other(false);
    other.section().interface(1, Maker(false), 100'000).packet(0, 2'000'000, data, Maker(false));
    other.interface(1, Maker(false).option(9, Buffer{9}).n(0, 4)).packet(1, 3'000'000'001, data, Maker(false));
    const std::vector<std::string> paths{save("a.pcap", Maker(true).pcap_header().record(1, 5, data).bytes), save("b.pcapng", other.bytes)};
    auto source = Source::open(paths);
    ASSERT_TRUE(source);
    auto writer = PcapWriter::in_memory();
    Frame frame;
    for (int frames = 0; frames < 2; ++frames) {
        ASSERT_TRUE(source->next(frame));
        ASSERT_TRUE(writer.copy(frame, *source));
    }
    ASSERT_TRUE(source->next(frame));
    EXPECT_NE(writer.copy(frame, *source).error().sentence.find("packet 3 has nanoseconds; write pcapng"), std::string::npos);
    ASSERT_TRUE(writer.finish());
    const auto bytes = writer.contents();
    const auto reader = FileReader::from_memory(bytes, "memory");
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->facts().interfaces.at(0).resolution, 6);
    EXPECT_EQ(reader->facts().interfaces.at(0).snap_length, 100'000U);
}

TEST_F(Sources, PcapngKeepsWhatFilesSayOfInterfaces) {
    const Buffer data{1, 2, 3};
    const auto named = [](std::string_view name) { return Maker(false).option(2, name).option(3, "of a test").n(0, 4); };
    Maker both(false);
    both.section().interface(1, named("eth0"), 96).interface(1, named("eth1")).packet(1, 1'000'001, data, Maker(false)).packet(0, 3'000'000, data, Maker(false));
    const std::vector<std::string> paths{save("both.pcapng", both.bytes), save("c.pcap", Maker(false).pcap_header().record(2, 0, data).bytes)};
    auto source = Source::open(paths);
    ASSERT_TRUE(source);
    auto writer = PcapngWriter::in_memory();
    Frame frame;
    while (source->next(frame)) ASSERT_TRUE(writer.copy(frame, *source));
    const auto bytes = writer.contents();
    auto reader = FileReader::from_memory(bytes, "memory");
    ASSERT_TRUE(reader);
    std::string seen;
    while (reader->next(frame)) seen += std::to_string(frame.interface) + "@" + std::to_string(frame.time) + " ";
    EXPECT_EQ(seen, "1@1000001000 2@2000000000 0@3000000000 ");
    const auto& interfaces = reader->facts().interfaces;
    ASSERT_EQ(interfaces.size(), 3U);
    EXPECT_EQ(interfaces[0].name, "eth0");
    EXPECT_EQ(interfaces[0].snap_length, 96U);
    EXPECT_EQ(interfaces[1].name, "eth1");
    EXPECT_EQ(interfaces[1].description, "of a test");
    EXPECT_EQ(interfaces[1].resolution, 6);
    EXPECT_EQ(interfaces[2].snap_length, 65535U);
}

TEST(Writer, AFullOrForbiddenPlaceIsSaid) {
    EXPECT_FALSE(PcapngWriter::create("/nonexistent/x.pcapng"));
    auto full = PcapngWriter::create("/dev/full");
    if (!full) GTEST_SKIP() << "no /dev/full here";
    EXPECT_FALSE(full->finish());
}

TEST(Build, ChecksumsAreThoseOfRecordedPackets) {
    // The IPv4 header of frame 1 of pcaps/seed-s1 (checksum 6039 as charon's kernel sent it) and its UDP header.
    auto source = FileReader::open(std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/seed-s1/seed-s1.pcap");
    ASSERT_TRUE(source);
    Frame frame;
    Decoder decoder;
    Datagram datagram;
    Buffer built;
    for (int frames = 0; source->next(frame); ++frames) {
        ASSERT_TRUE(decoder.decode(frame, datagram));
        const auto id = static_cast<std::uint16_t>(big_endian(frame.bytes.subspan(18, 2)));
        ASSERT_TRUE(build_udp_frame({datagram.from(), datagram.to(), datagram.payload, datagram.non_esp_marker, id}, built));
        EXPECT_EQ(hex(Bytes(built).subspan(14, 28)), hex(frame.bytes.subspan(14, 28))) << frames;
    }
    EXPECT_FALSE(build_udp_frame({{IpAddress::v4(1), 1}, {*IpAddress::parse("::1"), 1}, {}}, built));
    EXPECT_FALSE(build_udp_frame({{IpAddress::v4(1), 1}, {IpAddress::v4(2), 1}, Buffer(65508)}, built));
}

} // namespace
} // namespace ikescope::capture
