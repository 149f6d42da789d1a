#include "capture/decoder.hpp"

#include "tests/capture/make_capture.hpp"

namespace ikescope::capture {
namespace {

using test::ethernet;
using test::from_hex;
using test::ipv4;
using test::ipv6;
using test::isakmp;
using test::Maker;
using test::udp;

Frame frame_of(Bytes bytes, std::uint16_t link = 1, std::uint32_t original = 0) {
    Frame frame;
    frame.link_type = link;
    frame.bytes = bytes;
    frame.original_length = original ? original : static_cast<std::uint32_t>(bytes.size());
    return frame;
}

const Buffer ike_packet = ipv4(17, udp(500, 500, isakmp()));

struct Link {
    std::string_view what;
    std::uint16_t type;
    Buffer header;
    Buffer tail;
};

TEST(LinkLayers, AllLeadToTheDatagram) {
    const auto hdlc = from_hex("0f000800");
    const Link links[] = {
        {"Ethernet", 1, from_hex("020000000002 020000000001 0800"), from_hex("0000")},
        {"802.3 with LLC and SNAP", 1, from_hex("020000000002 020000000001 0040 aaaa03 000000 0800"), {}},
        {"802.1Q", 1, from_hex("020000000002 020000000001 8100 0064 0800"), {}},
        {"802.1ad", 1, from_hex("020000000002 020000000001 88a8 00c8 8100 0064 0800"), {}},
        {"QinQ 9100", 1, from_hex("020000000002 020000000001 9100 00c8 8100 0064 0800"), {}},
        {"MPLS", 1, from_hex("020000000002 020000000001 8847 00010040 00020140"), {}},
        {"PPPoE", 1, from_hex("020000000002 020000000001 8864 1100 0001 0040 0021"), {}},
        {"raw", 101, {}, {}},
        {"raw 12", 12, {}, {}},
        {"raw 14", 14, {}, {}},
        {"IPv4", 228, {}, {}},
        {"null little-endian", 0, from_hex("02000000"), {}},
        {"null big-endian", 0, from_hex("00000002"), {}},
        {"loop", 108, from_hex("00000002"), {}},
        {"PPP", 9, from_hex("0021"), {}},
        {"PPP with address and control", 9, from_hex("ff030021"), {}},
        {"PPP with a short protocol", 9, from_hex("21"), {}},
        {"PPP_HDLC", 50, from_hex("ff030021"), {}},
        {"Cisco HDLC", 104, hdlc, {}},
        {"cooked", 113, from_hex("0000 0001 0006 0200000000010000 0800"), {}},
        {"cooked 2", 276, from_hex("0800 0000 00000001 0001 00 06 0200000000010000"), {}},
        {"GRE", 101, ipv4(47, from_hex("00000800")), {}},
        {"GRE with everything", 101, ipv4(47, from_hex("b0000800 00000000 0000002a 00000001")), {}},
        {"ERSPAN I", 101, ipv4(47, from_hex("000088be 020000000002 020000000001 0800")), {}},
        {"ERSPAN II", 101, ipv4(47, from_hex("100088be 00000001 1001000100000000 020000000002 020000000001 0800")), {}},
        {"ERSPAN III", 101, ipv4(47, from_hex("100022eb 00000001 200100010000000000000000 020000000002 020000000001 0800")), {}},
        {"ERSPAN III with subheader", 101, ipv4(47, from_hex("100022eb 00000001 200100010000000000000001 0000000000000000 020000000002 020000000001 0800")), {}},
        {"IP in IP", 101, ipv4(4, {}), {}},
        {"IP in IPv6", 101, ipv6(4, {}), {}},
        {"NVGRE", 101, ipv4(47, from_hex("20006558 00000100 020000000002 020000000001 0800")), {}},
    };
    for (const auto& link : links) {
        auto bytes = Maker(true).raw(link.header).raw(ike_packet).raw(link.tail).bytes;
        const bool tunnel = link.type == 101 && !link.header.empty();
        if (tunnel && bytes[0] == 0x45) bytes[3] = static_cast<Byte>(bytes.size()); // total length of the outer datagram
        if (tunnel && bytes[0] == 0x60) bytes[5] = static_cast<Byte>(bytes.size() - 40);
        Decoder decoder;
        Datagram datagram;
        ASSERT_TRUE(decoder.decode(frame_of(bytes, link.type), datagram)) << link.what;
        EXPECT_EQ(datagram.content, Content::isakmp) << link.what;
        EXPECT_EQ(datagram.from().text(), "192.168.0.1:500") << link.what;
        EXPECT_EQ(hex(datagram.payload), hex(isakmp())) << link.what;
        EXPECT_EQ(datagram.payload_offset, link.header.size() + 28) << link.what;
        EXPECT_EQ(datagram.declared, 28U) << link.what;
        EXPECT_TRUE(datagram.notes.empty()) << link.what << datagram.notes[0].text;
    }
}

TEST(LinkLayers, NestingIsBounded) {
    Buffer bytes = ike_packet;
    for (int depth = 0; depth < 100; ++depth) bytes = ipv4(4, bytes);
    Datagram datagram;
    EXPECT_TRUE(Decoder().decode(frame_of(bytes, 101), datagram));
    EXPECT_EQ(datagram.content, Content::other);
    bytes = from_hex("020000000002 020000000001 8100");
    for (int depth = 0; depth < 1000; ++depth) bytes = Maker(true).raw(bytes).n(0x00648100, 4).bytes;
    EXPECT_FALSE(Decoder().decode(frame_of(bytes), datagram));
}

TEST(Ipv6, ExtensionHeadersAndAtomicFragment) {
    const auto payload = Maker(true).raw(from_hex("3c00010400000000 2b000104 00000000 2c00000000000000 1100000012345678")).raw(udp(500, 4711, isakmp())).bytes;
    const auto packet = ipv6(0, payload);
    Datagram datagram;
    ASSERT_TRUE(Decoder().decode(frame_of(packet, 229), datagram));
    EXPECT_EQ(datagram.content, Content::isakmp);
    EXPECT_EQ(datagram.to().text(), "[2001:db8::2]:4711");
    EXPECT_EQ(datagram.ip_protocol, 17);
}

TEST(Udp, EncapsulationPort) { // RFC 3948 2
    struct Row {
        Buffer payload;
        Content content;
        bool marker;
        std::size_t length;
    };
    const Row rows[] = {{Maker(true).n(0, 4).raw(isakmp()).bytes, Content::isakmp, true, 28},
                        {from_hex("ff"), Content::nat_keepalive, false, 1},
                        {from_hex("c0ffee01 00000001 aabb"), Content::esp, false, 10},
                        {from_hex("0000"), Content::other, false, 2},
                        {{}, Content::other, false, 0}};
    for (const auto& row : rows) {
        Datagram datagram;
        const auto packet = ipv4(17, udp(4500, 1024, row.payload));
        ASSERT_TRUE(Decoder().decode(frame_of(packet, 101), datagram));
        EXPECT_EQ(datagram.content, row.content);
        EXPECT_EQ(datagram.non_esp_marker, row.marker);
        EXPECT_EQ(datagram.payload.size(), row.length);
        EXPECT_EQ(datagram.esp_spi, row.content == Content::esp ? 0xc0ffee01U : 0U);
    }
}

TEST(Udp, OtherPortsByRuleAndByContent) {
    DecodeOptions options;
    options.by_content = false;
    EXPECT_TRUE(add_decode_as("udp.port==501,isakmp", options));
    EXPECT_TRUE(add_decode_as("udp.port==10000-10001,udpencap", options));
    EXPECT_TRUE(add_decode_as("tcp.port==4501,isakmp", options));
    EXPECT_TRUE(add_decode_as("tcp.port==10001,tcpencap", options));
    for (const auto* wrong : {"udp.port==501", "tcp.port==501,udpencap", "ip.proto==17,isakmp", "udp.port==0,isakmp", "udp.port==501,dns", "udp.port==70000,isakmp", ""})
        EXPECT_FALSE(add_decode_as(wrong, options)) << wrong;
    const auto content = [](const DecodeOptions& how, unsigned port, Bytes payload) {
        Datagram datagram;
        const auto packet = ipv4(17, udp(port, 40000, payload));
        EXPECT_TRUE(Decoder(how).decode(frame_of(packet, 101), datagram));
        return datagram.content;
    };
    const auto esp = from_hex("c0ffee01 00000001");
    EXPECT_EQ(content(options, 501, esp), Content::isakmp);
    EXPECT_EQ(content(options, 10001, esp), Content::esp);
    EXPECT_EQ(content(options, 502, isakmp()), Content::other);
    EXPECT_EQ(content({}, 502, isakmp()), Content::isakmp);
    EXPECT_EQ(content({}, 502, Maker(true).n(0, 4).raw(isakmp()).bytes), Content::isakmp);
    auto lying = isakmp();
    lying[27] = 29;
    EXPECT_EQ(content({}, 502, lying), Content::other);
}

TEST(Udp, GdoiOnItsPortAndByContent) { // RFC 6407 4: a GROUPKEY-PUSH begins with SEQ (18), behind the header encrypted
    auto push = isakmp();
    push[16] = 18;
    push[17] = 0x10;
    push[18] = 33;
    push[19] = 1;
    const auto content = [](unsigned source, unsigned destination, Bytes payload) {
        Datagram datagram;
        const auto packet = ipv4(17, udp(source, destination, payload));
        EXPECT_TRUE(Decoder().decode(frame_of(packet, 101), datagram));
        return datagram.content;
    };
    EXPECT_EQ(content(848, 848, push), Content::isakmp);
    EXPECT_EQ(content(848, 40000, push), Content::isakmp);
    EXPECT_EQ(content(40001, 40000, push), Content::isakmp);
    for (const Byte next : {Byte{17}, Byte{19}, Byte{22}}) {
        push[16] = next;
        EXPECT_EQ(content(40001, 40000, push), Content::isakmp) << unsigned{next};
    }
    push[27] = 29; // a wrong length
    EXPECT_EQ(content(848, 848, push), Content::isakmp);
    EXPECT_EQ(content(848, 2049, push), Content::other) << "an RPC client may have port 848";
}

TEST(Udp, SnapLengthIsNoLie) {
    const auto whole = ethernet(0x0800, ipv4(17, udp(500, 500, Maker(true).raw(isakmp()).raw(Buffer(100)).bytes)));
    Datagram datagram;
    ASSERT_TRUE(Decoder().decode(frame_of(Bytes(whole).first(80), 1, static_cast<std::uint32_t>(whole.size())), datagram));
    EXPECT_TRUE(datagram.snapped);
    EXPECT_EQ(datagram.payload.size(), 38U);
    EXPECT_EQ(datagram.declared, 128U);
    EXPECT_TRUE(datagram.notes.empty());
    ASSERT_TRUE(Decoder().decode(frame_of(Bytes(whole).first(80)), datagram)); // the same bytes, and there were no more
    EXPECT_FALSE(datagram.snapped);
    EXPECT_EQ(datagram.declared, 128U);
    EXPECT_EQ(datagram.notes.size(), 2U); // IP and UDP length both claim too much
}

TEST(Udp, EthernetPaddingAndSegmentationOffload) {
    auto padded = ethernet(0x0800, ipv4(17, udp(4500, 4500, from_hex("ff"))));
    padded.resize(60);
    Datagram datagram;
    ASSERT_TRUE(Decoder().decode(frame_of(padded), datagram));
    EXPECT_EQ(datagram.content, Content::nat_keepalive);
    auto offloaded = ike_packet;
    offloaded[2] = offloaded[3] = 0;
    ASSERT_TRUE(Decoder().decode(frame_of(offloaded, 101), datagram));
    EXPECT_EQ(datagram.content, Content::isakmp);
    EXPECT_TRUE(datagram.notes.empty());
}

TEST(Esp, AloneAndBehindAh) {
    const auto esp = from_hex("c0ffee01 00000007 00112233");
    const auto alone = ipv4(50, esp);
    Datagram datagram;
    ASSERT_TRUE(Decoder().decode(frame_of(alone, 101), datagram));
    EXPECT_EQ(datagram.content, Content::esp);
    EXPECT_EQ(datagram.esp_spi, 0xc0ffee01U);
    EXPECT_EQ(hex(datagram.payload), hex(esp));
    const auto ah = from_hex("06 04 0000 deadbeef 00000001 000000000000000000000000");
    const auto only_ah = ipv4(51, ah);
    ASSERT_TRUE(Decoder().decode(frame_of(only_ah, 101), datagram));
    EXPECT_EQ(datagram.content, Content::ah);
    EXPECT_EQ(datagram.esp_spi, 0xdeadbeefU);
    EXPECT_EQ(hex(datagram.payload), hex(ah));
    auto both = ah;
    both[0] = 50;
    const auto ah_and_esp = ipv4(51, Maker(true).raw(both).raw(esp).bytes);
    ASSERT_TRUE(Decoder().decode(frame_of(ah_and_esp, 101), datagram));
    EXPECT_EQ(datagram.content, Content::esp);
    EXPECT_EQ(datagram.esp_spi, 0xc0ffee01U);
}

TEST(Decoder, SaysNoWithoutIp) {
    Datagram datagram;
    EXPECT_FALSE(Decoder().decode(frame_of(ethernet(0x0806, Buffer(28))), datagram));
    EXPECT_FALSE(Decoder().decode(frame_of(Bytes(ike_packet).first(19), 101), datagram));
    EXPECT_FALSE(Decoder().decode(frame_of(ike_packet, 105), datagram)); // IEEE 802.11
    EXPECT_FALSE(Decoder().decode(frame_of({}), datagram));
}

} // namespace
} // namespace ikescope::capture
