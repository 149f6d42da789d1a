// Another payload in the frames of every capture there is: what is decoded again is the new payload between the same
// ends.

#include "capture/checksum.hpp"
#include "capture/decoder.hpp"
#include "capture/rewrite.hpp"
#include "capture/source.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ikescope::capture { namespace {

namespace fs = std::filesystem;

struct Count {
    std::size_t kept = 0, anew = 0;
};

void try_frame(const Frame& frame, const Datagram& datagram, std::size_t size, const std::string& name, Count& count) {
    Buffer payload(datagram.payload.begin(), datagram.payload.end());
    payload.resize(size, 0x5a);
    auto made = replace_payload(frame, datagram, payload);
    ASSERT_TRUE(made) << name;
    ++(made->made_anew ? count.anew : count.kept);
    auto changed = frame;
    changed.bytes = made->bytes;
    changed.original_length = static_cast<std::uint32_t>(made->bytes.size());
    changed.link_type = made->link_type;
    DecodeOptions options;
    options.isakmp_ports.push_back(501);
    Decoder decoder(options);
    Datagram again;
    ASSERT_TRUE(decoder.decode(changed, again)) << name;
    EXPECT_EQ(again.from(), datagram.from()) << name;
    EXPECT_EQ(again.to(), datagram.to()) << name;
    EXPECT_EQ(again.non_esp_marker, datagram.non_esp_marker) << name;
    EXPECT_EQ(Buffer(again.payload.begin(), again.payload.end()), payload) << name;
    EXPECT_TRUE(again.notes.empty()) << name << ": " << again.notes.front().text;
    const auto udp = Bytes(made->bytes).last(8 + (again.non_esp_marker ? 4 : 0) + payload.size());
    const auto sum = add_words(udp, pseudo_header(again.source.bytes(), again.destination.bytes(), 17, udp.size()));
    EXPECT_EQ(internet_checksum(sum), 0) << name << ": UDP checksum";
}

Count try_capture(const fs::path& path) {
    Count count;
    const std::string names[] = {path.string()};
    auto source = Source::open(names);
    if (!source) return count;
    DecodeOptions options;
    options.isakmp_ports.push_back(501);
    Decoder decoder(options);
    Frame frame;
    Datagram datagram;
    while (source->next(frame)) {
        if (!decoder.decode(frame, datagram) || datagram.content != Content::isakmp || datagram.snapped) continue;
        for (const auto size : {datagram.payload.size() / 2 + 14, datagram.payload.size() + 33})
            try_frame(frame, datagram, size, fmt::format("{} frame {}", path.filename().string(), frame.number), count);
    }
    return count;
}

TEST(Rewrite, EveryLinkTypeAndTunnel) {
    const auto root = fs::path(IKESCOPE_SOURCE_DIR) / "pcaps/crafted";
    for (const auto* name : {"sll.pcap", "sll2.pcap", "null.pcap", "raw.pcap", "vlan.pcap", "qinq.pcap", "mpls.pcap",
                             "gre.pcap"}) {
        const auto count = try_capture(root / name);
        EXPECT_GT(count.kept, 8U) << name << ": headers are kept";
        EXPECT_EQ(count.anew, 0U) << name;
    }
    for (const auto* name : {"frag-inorder.pcap", "pppoe.pcap", "ipv6-ext.pcap"})
        EXPECT_GT(try_capture(root / name).anew, 0U) << name << ": frames are made anew";
}

TEST(Rewrite, PortsThatEveryProgramKnows) {
    const std::string names[] = {std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/crafted/port501.pcap"};
    auto source = Source::open(names);
    ASSERT_TRUE(source);
    Decoder decoder;
    Frame frame;
    Datagram datagram, again;
    std::size_t count = 0;
    for (; source->next(frame) && decoder.decode(frame, datagram); ++count) {
        EXPECT_FALSE(has_ike_ports(datagram));
        const auto moved = on_ike_ports(datagram);
        const auto made = replace_payload(frame, moved, datagram.payload);
        ASSERT_TRUE(made);
        EXPECT_FALSE(made->made_anew);
        auto changed = frame;
        changed.bytes = made->bytes;
        Decoder strict;
        ASSERT_TRUE(strict.decode(changed, again));
        EXPECT_EQ(again.source_port, 500);
        EXPECT_EQ(again.destination_port, 500);
        EXPECT_EQ(again.from().address, datagram.source);
        const auto udp = Bytes(made->bytes).last(8 + again.payload.size());
        EXPECT_EQ(internet_checksum(add_words(udp, pseudo_header(again.source.bytes(), again.destination.bytes(), 17, udp.size()))), 0);
    }
    EXPECT_EQ(count, 9U);
    Datagram marked;
    marked.transport = Transport::udp;
    marked.source_port = 4500;
    marked.destination_port = 1024;
    EXPECT_FALSE(has_ike_ports(marked)) << "without a marker it would be ESP there";
    marked.non_esp_marker = true;
    EXPECT_TRUE(has_ike_ports(marked));
    EXPECT_EQ(on_ike_ports(marked).to().port, 1024);
}

TEST(Rewrite, RawPackets) {
    const auto a = IpAddress::parse("10.0.0.1"), b = IpAddress::parse("10.0.0.2");
    const Byte content[] = {1, 2, 3};
    const auto packet = build_raw_packet(*a, *b, 47, content);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->size(), 23U);
    EXPECT_EQ(internet_checksum(add_words(Bytes(*packet).first(20))), 0);
    EXPECT_EQ((*packet)[9], 47);
    const auto six = build_raw_packet(*IpAddress::parse("fd00::1"), *IpAddress::parse("fd00::2"), 58, content);
    ASSERT_TRUE(six);
    EXPECT_EQ(six->size(), 43U);
    EXPECT_EQ((*six)[6], 58);
    EXPECT_FALSE(build_raw_packet(*a, *IpAddress::parse("fd00::2"), 58, content));
}

}} // namespace ikescope::capture
