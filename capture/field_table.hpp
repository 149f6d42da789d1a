#pragma once
// The rows behind all_fields(), found by name at compile time: field<"ip.src">.

#include "base/field.hpp"

#include <array>

namespace ikescope::capture {

inline constexpr Named ether_types[] = { // IANA IEEE 802 Numbers
    {0x0800, "IPv4", "RFC 894"},          {0x0806, "ARP", "RFC 826"},
    {0x6558, "Transparent Ethernet bridging", "RFC 1701"},
    {0x8100, "802.1Q Virtual LAN", "IEEE 802.1Q"},
    {0x86dd, "IPv6", "RFC 2464"},         {0x8847, "MPLS label switched packet", "RFC 3032 5"},
    {0x8848, "MPLS multicast", "RFC 3032 5"}, {0x8863, "PPPoE Discovery", "RFC 2516 4"},
    {0x8864, "PPPoE Session", "RFC 2516 4"},  {0x88a8, "802.1ad Provider Bridge (Q-in-Q)", "IEEE 802.1ad"},
    {0x88be, "ERSPAN", "draft-foschiano-erspan"}, {0x9100, "QinQ: old non-standard 802.1ad", "vendors"},
};
inline constexpr Named ip_protocols[] = { // IANA Assigned Internet Protocol Numbers
    {0, "IPv6 Hop-by-Hop Option", "RFC 8200"}, {1, "ICMP", "RFC 792"},
    {4, "IPIP", "RFC 2003"},                   {6, "TCP", "RFC 9293"},
    {17, "UDP", "RFC 768"},                    {41, "IPv6", "RFC 2473"},
    {43, "Routing Header for IPv6", "RFC 8200"}, {44, "Fragment Header for IPv6", "RFC 8200"},
    {47, "Generic Routing Encapsulation", "RFC 2784"},
    {50, "Encap Security Payload", "RFC 4303"}, {51, "Authentication Header", "RFC 4302"},
    {58, "ICMPv6", "RFC 4443"},                {59, "No Next Header for IPv6", "RFC 8200"},
    {60, "Destination Options for IPv6", "RFC 8200"}, {89, "OSPF IGP", "RFC 2328"},
};
inline constexpr Named checksum_states[] = { // as tshark numbers them
    {0, "Bad", "epan/proto.h"}, {1, "Good", "epan/proto.h"}, {2, "Unverified", "epan/proto.h"}, {3, "Not present", "epan/proto.h"},
};
inline constexpr Named ppp_protocols[] = { // IANA PPP DLL Protocol Numbers
    {0x0021, "Internet Protocol version 4", "RFC 1332"}, {0x0057, "Internet Protocol version 6", "RFC 5072"},
    {0x0281, "MPLS Unicast", "RFC 3032"}, {0xc021, "Link Control Protocol", "RFC 1661"},
};
inline constexpr Named null_families[] = { // AF_INET is 2 everywhere, AF_INET6 is the system's
    {2, "IP", "sys/socket.h"},
    {10, "IPv6", "Linux sys/socket.h"},
    {24, "IPv6", "NetBSD, OpenBSD sys/socket.h"},
    {28, "IPv6", "FreeBSD sys/socket.h"},
    {30, "IPv6", "macOS sys/socket.h"},
};
static_assert(is_registry(null_families));
inline constexpr Named cisco_directions[] = {{0x0000, "Server to client", "Wireshark tcpencap"},
                                             {0x4000, "Client to server", "Wireshark tcpencap"}};
inline constexpr Named cisco_protocols[] = {{17, "ISAKMP", "Wireshark tcpencap"}, {50, "ESP", "Wireshark tcpencap"}};
static_assert(is_registry(cisco_directions) && is_registry(cisco_protocols));
inline constexpr Named arp_operations[] = {{1, "request", "RFC 826"}, {2, "reply", "RFC 826"}};
static_assert(is_registry(arp_operations));
static_assert(is_registry(ether_types) && is_registry(ip_protocols) && is_registry(checksum_states) && is_registry(ppp_protocols));

constexpr Field heading(std::string_view name, std::string_view label) { return {name, label}; }
constexpr Field decimal(std::string_view name, std::string_view label, std::uint8_t width, std::uint64_t mask = 0, Registry names = {}) {
    return {name, label, Kind::number, width, Display::decimal, names, mask};
}
constexpr Field hexadecimal(std::string_view name, std::string_view label, std::uint8_t width, std::uint64_t mask = 0, Registry names = {}) {
    return {name, label, Kind::number, width, Display::hexadecimal, names, mask};
}
constexpr Field scaled(Field field, std::uint8_t scale) { return field.scale = scale, field; }
constexpr Field flag(std::string_view name, std::string_view label, std::uint8_t width, std::uint64_t mask) {
    return {name, label, Kind::boolean, width, Display::decimal, {}, mask};
}
constexpr Field of_kind(Kind kind, std::string_view name, std::string_view label) { return {name, label, kind}; }

inline constexpr auto link_fields = std::to_array<Field>({
    heading("frame", "Frame"),
    decimal("frame.interface_id", "Interface id", 4),
    of_kind(Kind::absolute_time, "frame.time", "Arrival Time"),
    of_kind(Kind::relative_time, "frame.time_epoch", "Epoch Time"),
    of_kind(Kind::relative_time, "frame.time_delta", "Time delta from previous captured frame"),
    of_kind(Kind::relative_time, "frame.time_delta_displayed", "Time delta from previous displayed frame"),
    of_kind(Kind::relative_time, "frame.time_relative", "Time since reference or first frame"),
    of_kind(Kind::frame_number, "frame.number", "Frame Number"),
    decimal("frame.len", "Frame Length", 4),
    decimal("frame.cap_len", "Capture Length", 4),
    of_kind(Kind::text, "frame.protocols", "Protocols in frame"),
    of_kind(Kind::text, "frame.comment", "Comment"),
    of_kind(Kind::text, "ike.link_note", "Note"),

    heading("eth", "Ethernet II"),
    of_kind(Kind::ether, "eth.dst", "Destination"),
    flag("eth.dst.lg", "LG bit", 3, 0x020000),
    flag("eth.dst.ig", "IG bit", 3, 0x010000),
    of_kind(Kind::ether, "eth.src", "Source"),
    flag("eth.src.lg", "LG bit", 3, 0x020000),
    flag("eth.src.ig", "IG bit", 3, 0x010000),
    hexadecimal("eth.type", "Type", 2, 0, ether_types),
    decimal("eth.len", "Length", 2),
    of_kind(Kind::bytes, "eth.padding", "Padding"),
    of_kind(Kind::bytes, "eth.trailer", "Trailer"),
    heading("llc", "Logical-Link Control"),
    hexadecimal("llc.type", "Type", 2, 0, ether_types),
    heading("vlan", "802.1Q Virtual LAN"),
    decimal("vlan.priority", "Priority", 2, 0xe000),
    flag("vlan.dei", "DEI", 2, 0x1000),
    decimal("vlan.id", "ID", 2, 0x0fff),
    hexadecimal("vlan.etype", "Type", 2, 0, ether_types),
    heading("ieee8021ad", "IEEE 802.1ad"),
    decimal("ieee8021ad.priority", "Priority", 1, 0xe0),
    flag("ieee8021ad.dei", "DEI", 1, 0x10),
    decimal("ieee8021ad.id", "ID", 2, 0x0fff),
    heading("mpls", "MultiProtocol Label Switching Header"),
    decimal("mpls.label", "MPLS Label", 4, 0xfffff000),
    decimal("mpls.exp", "MPLS Experimental Bits", 4, 0xe00),
    decimal("mpls.bottom", "MPLS Bottom Of Label Stack", 4, 0x100),
    decimal("mpls.ttl", "MPLS TTL", 4, 0xff),
    heading("pppoe", "PPP-over-Ethernet Session"),
    decimal("pppoe.version", "Version", 1, 0xf0),
    decimal("pppoe.type", "Type", 1, 0x0f),
    hexadecimal("pppoe.code", "Code", 1),
    hexadecimal("pppoe.session_id", "Session ID", 2),
    decimal("pppoe.payload_length", "Payload Length", 2),
    heading("ppp", "Point-to-Point Protocol"),
    hexadecimal("ppp.protocol", "Protocol", 2, 0, ppp_protocols),
    heading("chdlc", "Cisco HDLC"),
    hexadecimal("chdlc.protocol", "Protocol", 2, 0, ether_types),
    heading("sll", "Linux cooked capture"),
    decimal("sll.pkttype", "Packet type", 2),
    decimal("sll.hatype", "Link-layer address type", 2),
    decimal("sll.halen", "Link-layer address length", 2),
    of_kind(Kind::ether, "sll.src.eth", "Source"),
    hexadecimal("sll.etype", "Protocol", 2, 0, ether_types),
    decimal("sll.ifindex", "Interface index", 4),
    heading("null", "Null/Loopback"),
    decimal("null.family", "Family", 4, 0, null_families),
    heading("arp", "Address Resolution Protocol"),
    decimal("arp.opcode", "Opcode", 2, 0, arp_operations),
    of_kind(Kind::ether, "arp.src.hw_mac", "Sender MAC address"),
    of_kind(Kind::ipv4, "arp.src.proto_ipv4", "Sender IP address"),
    of_kind(Kind::ether, "arp.dst.hw_mac", "Target MAC address"),
    of_kind(Kind::ipv4, "arp.dst.proto_ipv4", "Target IP address"),
    heading("gre", "Generic Routing Encapsulation"),
    hexadecimal("gre.flags_and_version", "Flags and Version", 2),
    flag("gre.flags.checksum", "Checksum Bit", 2, 0x8000),
    flag("gre.flags.routing", "Routing Bit", 2, 0x4000),
    flag("gre.flags.key", "Key Bit", 2, 0x2000),
    flag("gre.flags.sequence_number", "Sequence Number Bit", 2, 0x1000),
    decimal("gre.flags.version", "Version", 2, 0x7),
    hexadecimal("gre.proto", "Protocol Type", 2, 0, ether_types),
    hexadecimal("gre.checksum", "Checksum", 2),
    hexadecimal("gre.key", "Key", 4),
    decimal("gre.sequence_number", "Sequence Number", 4),
    heading("erspan", "Encapsulated Remote Switch Packet ANalysis"),
    decimal("erspan.version", "Version", 2, 0xf000),
    decimal("erspan.vlan", "Vlan", 2, 0x0fff),
    decimal("erspan.cos", "COS", 2, 0xe000),
    decimal("erspan.spanid", "SpanID", 2, 0x03ff),

    heading("ip", "Internet Protocol Version 4"),
    decimal("ip.version", "Version", 1, 0xf0),
    scaled(decimal("ip.hdr_len", "Header Length", 1, 0x0f), 4),
    hexadecimal("ip.dsfield", "Differentiated Services Field", 1),
    decimal("ip.dsfield.dscp", "Differentiated Services Codepoint", 1, 0xfc),
    decimal("ip.dsfield.ecn", "Explicit Congestion Notification", 1, 0x03),
    decimal("ip.len", "Total Length", 2),
    hexadecimal("ip.id", "Identification", 2),
    hexadecimal("ip.flags", "Flags", 1, 0xe0),
    flag("ip.flags.rb", "Reserved bit", 1, 0x80),
    flag("ip.flags.df", "Don't fragment", 1, 0x40),
    flag("ip.flags.mf", "More fragments", 1, 0x20),
    decimal("ip.frag_offset", "Fragment Offset", 2, 0x1fff),
    decimal("ip.ttl", "Time to Live", 1),
    decimal("ip.proto", "Protocol", 1, 0, ip_protocols),
    hexadecimal("ip.checksum", "Header Checksum", 2),
    decimal("ip.checksum.status", "Header checksum status", 1, 0, checksum_states),
    of_kind(Kind::ipv4, "ip.src", "Source Address"),
    of_kind(Kind::ipv4, "ip.dst", "Destination Address"),
    of_kind(Kind::frame_number, "ip.fragment", "IPv4 Fragment"),
    decimal("ip.fragment.count", "Fragment count", 4),
    flag("ip.fragment.overlap.conflict", "Conflicting data in fragment overlap", 1, 0),
    decimal("ip.reassembled.length", "Reassembled IPv4 length", 4),

    heading("ipv6", "Internet Protocol Version 6"),
    decimal("ipv6.version", "Version", 1, 0xf0),
    hexadecimal("ipv6.tclass", "Traffic Class", 4, 0x0ff00000),
    hexadecimal("ipv6.flow", "Flow Label", 3, 0x0fffff),
    decimal("ipv6.plen", "Payload Length", 2),
    decimal("ipv6.nxt", "Next Header", 1, 0, ip_protocols),
    decimal("ipv6.hlim", "Hop Limit", 1),
    of_kind(Kind::ipv6, "ipv6.src", "Source Address"),
    of_kind(Kind::ipv6, "ipv6.dst", "Destination Address"),
    heading("ipv6.hopopts", "IPv6 Hop-by-Hop Option"),
    decimal("ipv6.hopopts.nxt", "Next Header", 1, 0, ip_protocols),
    decimal("ipv6.hopopts.len", "Length", 1),
    heading("ipv6.routing", "Routing Header for IPv6"),
    decimal("ipv6.routing.nxt", "Next Header", 1, 0, ip_protocols),
    decimal("ipv6.routing.len", "Length", 1),
    decimal("ipv6.routing.type", "Type", 1),
    decimal("ipv6.routing.segleft", "Segments Left", 1),
    heading("ipv6.dstopts", "Destination Options for IPv6"),
    decimal("ipv6.dstopts.nxt", "Next Header", 1, 0, ip_protocols),
    decimal("ipv6.dstopts.len", "Length", 1),
    heading("ipv6.fraghdr", "Fragment Header for IPv6"),
    decimal("ipv6.fraghdr.nxt", "Next header", 1, 0, ip_protocols),
    decimal("ipv6.fraghdr.offset", "Offset", 2, 0xfff8),
    flag("ipv6.fraghdr.more", "More Fragments", 2, 0x0001),
    hexadecimal("ipv6.fraghdr.ident", "Identification", 4),
    of_kind(Kind::frame_number, "ipv6.fragment", "IPv6 Fragment"),
    decimal("ipv6.fragment.count", "Fragment count", 4),
    flag("ipv6.fragment.overlap.conflict", "Conflicting data in fragment overlap", 1, 0),
    decimal("ipv6.reassembled.length", "Reassembled IPv6 length", 4),

    heading("udp", "User Datagram Protocol"),
    decimal("udp.srcport", "Source Port", 2),
    decimal("udp.dstport", "Destination Port", 2),
    decimal("udp.length", "Length", 2),
    hexadecimal("udp.checksum", "Checksum", 2),
    decimal("udp.checksum.status", "Checksum Status", 1, 0, checksum_states),
    of_kind(Kind::bytes, "udp.payload", "Payload"),
    heading("tcp", "Transmission Control Protocol"),
    decimal("tcp.srcport", "Source Port", 2),
    decimal("tcp.dstport", "Destination Port", 2),
    decimal("tcp.seq_raw", "Sequence Number (raw)", 4),
    decimal("tcp.ack_raw", "Acknowledgment number (raw)", 4),
    scaled(decimal("tcp.hdr_len", "Header Length", 1, 0xf0), 4),
    hexadecimal("tcp.flags", "Flags", 2, 0x0fff),
    flag("tcp.flags.res", "Reserved", 2, 0x0e00),
    flag("tcp.flags.ae", "Accurate ECN", 2, 0x0100),
    flag("tcp.flags.cwr", "Congestion Window Reduced", 2, 0x0080),
    flag("tcp.flags.ece", "ECN-Echo", 2, 0x0040),
    flag("tcp.flags.urg", "Urgent", 2, 0x0020),
    flag("tcp.flags.ack", "Acknowledgment", 2, 0x0010),
    flag("tcp.flags.push", "Push", 2, 0x0008),
    flag("tcp.flags.reset", "Reset", 2, 0x0004),
    flag("tcp.flags.syn", "Syn", 2, 0x0002),
    flag("tcp.flags.fin", "Fin", 2, 0x0001),
    decimal("tcp.window_size_value", "Window", 2),
    hexadecimal("tcp.checksum", "Checksum", 2),
    decimal("tcp.urgent_pointer", "Urgent Pointer", 2),
    decimal("tcp.len", "TCP Segment Len", 4),
    of_kind(Kind::frame_number, "tcp.segment", "TCP Segment"),
    decimal("tcp.segment.count", "Segment count", 4),
    decimal("tcp.reassembled.length", "Reassembled TCP length", 4),
    heading("ike.tcp", "IKE over TCP (RFC 9329)"),
    of_kind(Kind::text, "ike.tcp.prefix", "Stream prefix"),
    decimal("ike.tcp.length", "Length", 2),
    heading("tcpencap", "TCP Encapsulation of IPsec Packets"),
    of_kind(Kind::bytes, "tcpencap.unknown", "Unknown trailer"),
    of_kind(Kind::bytes, "tcpencap.zero", "All zero"),
    hexadecimal("tcpencap.seq", "Sequence number", 2),
    hexadecimal("tcpencap.espzero", "ESP zero", 2),
    hexadecimal("tcpencap.ikedirection", "ISAKMP traffic direction", 2, 0, cisco_directions),
    of_kind(Kind::bytes, "tcpencap.magic", "Magic number"),
    hexadecimal("tcpencap.proto", "Protocol", 1, 0, cisco_protocols),
    of_kind(Kind::bytes, "tcpencap.magic2", "Magic 2"),

    heading("icmp", "Internet Control Message Protocol"),
    decimal("icmp.type", "Type", 1),
    decimal("icmp.code", "Code", 1),
    hexadecimal("icmp.checksum", "Checksum", 2),
    heading("icmpv6", "Internet Control Message Protocol v6"),
    decimal("icmpv6.type", "Type", 1),
    decimal("icmpv6.code", "Code", 1),
    hexadecimal("icmpv6.checksum", "Checksum", 2),

    heading("udpencap", "UDP Encapsulation of IPsec Packets"),
    heading("udpencap.nat_keepalive", "NAT-keepalive packet"),
    heading("udpencap.non_esp_marker", "Non-ESP Marker"),
    heading("esp", "Encapsulating Security Payload"),
    hexadecimal("esp.spi", "ESP SPI", 4),
    decimal("esp.sequence", "ESP Sequence", 4),
    of_kind(Kind::bytes, "esp.encrypted_data", "ESP Encrypted Data"),
    of_kind(Kind::bytes, "esp.iv", "ESP IV"),
    of_kind(Kind::bytes, "esp.icv", "ESP ICV"),
    flag("esp.icv_good", "ESP ICV good", 1, 0),
    flag("esp.icv_bad", "ESP ICV bad", 1, 0),
    of_kind(Kind::bytes, "esp.decrypted_data", "ESP Decrypted Data"),
    of_kind(Kind::bytes, "esp.contained_data", "ESP Contained Data"),
    of_kind(Kind::bytes, "esp.pad", "ESP Pad"),
    decimal("esp.pad_len", "ESP Pad Length", 1),
    hexadecimal("esp.protocol", "ESP Next Header", 1, 0, ip_protocols),
    heading("ah", "Authentication Header"),
    decimal("ah.next_header", "Next header", 1, 0, ip_protocols),
    decimal("ah.length", "Length", 1),
    of_kind(Kind::bytes, "ah.reserved", "Reserved"),
    hexadecimal("ah.spi", "AH SPI", 4),
    decimal("ah.sequence", "AH Sequence", 4),
    of_kind(Kind::bytes, "ah.icv", "AH ICV"),
});

/// The row of a name; a misspelt name does not compile.
consteval const Field* field(std::string_view name) {
    for (const auto& row : link_fields)
        if (row.name == name) return &row;
    throw "no such field";
}

} // namespace ikescope::capture
