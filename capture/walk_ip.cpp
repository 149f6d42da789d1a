// IP, what it tunnels, and the headers that carry IKE: RFC 791, RFC 8200, RFC 2784, RFC 2890, RFC 768, RFC 4302, RFC 4303.

#include "capture/walk.hpp"

#include <fmt/format.h>

#include <cstring>

namespace ikescope::capture {
namespace {

// IANA protocol numbers.
constexpr std::uint8_t hop_by_hop = 0, protocol_icmp = 1, ip_in_ip = 4, protocol_tcp = 6, protocol_udp = 17, ipv6_in_ip = 41, routing = 43,
                       fragment_header = 44, protocol_gre = 47, protocol_esp = 50, protocol_ah = 51, protocol_icmpv6 = 58, destination = 60,
                       mobility = 135, host_identity = 139, shim6 = 140;

/// In place: copying a whole IpAddress right after writing it in pieces stalls the pipeline, once per frame.
template <std::size_t Size>
void set_address(IpAddress& out, const Byte* at) {
    constexpr std::uint8_t family = Size == 4 ? 4 : 6;
    if (out.family != family) out.octets = {};
    out.family = family;
    std::memcpy(out.octets.data(), at, Size);
}

} // namespace

void Walk::note(std::string text, std::size_t offset) {
    out_.notes.push_back({std::move(text), static_cast<std::uint32_t>(offset)});
}

void Walk::run(Next next) {
    while (next.by != Next::By::done && count_ + 2 < most_layers) next = step(next);
}

Next Walk::step(Next next) {
    switch (next.by) {
    case Next::By::ether_type: return by_ether_type(next.value);
    case Next::By::ip_protocol: return by_ip_protocol(static_cast<std::uint8_t>(next.value));
    case Next::By::ip_version: return by_ip_version();
    case Next::By::ppp_protocol: // IANA PPP DLL Protocol Numbers
        return next.value == 0x21 ? ipv4() : next.value == 0x57 ? ipv6() : next.value == 0x281 ? mpls() : Next{};
    case Next::By::done: break;
    }
    return {};
}

void Walk::reassembled(std::uint8_t protocol, std::size_t datagrams) {
    datagrams_ = datagrams;
    run({Next::By::ip_protocol, protocol});
}

void Walk::first_fragment() {
    fragment_.reset();
    wire_end_ = std::max(wire_end_, at_ + 65535); // the headers inside count the whole datagram
    run({Next::By::ip_protocol, out_.ip_protocol});
}

Next Walk::by_ip_protocol(std::uint8_t protocol) {
    switch (protocol) {
    case protocol_udp: return udp();
    case protocol_tcp: return tcp();
    case protocol_esp: return esp();
    case protocol_ah: return ah();
    case protocol_gre: return gre();
    case protocol_icmp: return icmp(LayerKind::icmp);
    case protocol_icmpv6: return icmp(LayerKind::icmpv6);
    case ip_in_ip: return ipv4();   // RFC 2003
    case ipv6_in_ip: return ipv6(); // RFC 2473, RFC 4213
    case hop_by_hop:
    case routing:
    case destination:
    case mobility:
    case host_identity:
    case shim6: return out_.source.family == 6 ? ipv6_extension(protocol) : Next{};
    case fragment_header: return out_.source.family == 6 ? ipv6_fragment() : Next{};
    default: return {};
    }
}

Next Walk::by_ip_version() {
    if (!room(1)) return {};
    const auto version = bytes_[at_] >> 4;
    return version == 4 ? ipv4() : version == 6 ? ipv6() : Next{};
}

/// `length` is what a header claims for [start, start + length); padding behind it is ignored, and a claim beyond what
/// the wire had is a lie, while a claim beyond what was captured may be the snap length's doing.
void Walk::confine(std::size_t start, std::size_t length, std::string_view what) {
    if (length > wire_end_ - start)
        note(fmt::format("{} claims {} bytes, there were {} on the wire", what, length, wire_end_ - start), start);
    else
        wire_end_ = start + length;
    captured_end_ = std::min(captured_end_, wire_end_);
    claimed_end_ = start + length;
}

void Walk::enter_datagram(std::uint8_t protocol) {
    ++datagrams_;
    out_.ip_protocol = protocol;
    out_.transport = Transport::other;
    transport_ = most_layers;
}

//  0        1     2             4      6               8    9         10        12      16            20
//  |4| ihl | tos | total length | id   | flags, offset | ttl| protocol | checksum| source| destination | options
Next Walk::ipv4() {
    if (!room(20) || bytes_[at_] >> 4 != 4 || datagrams_ == most_datagrams) return {};
    const std::size_t header = std::size_t{4} * (bytes_[at_] & 15u);
    if (header < 20 || !room(header)) return {};
    // Total length 0 is what segmentation offload leaves in captures on the sending host.
    if (const std::size_t total = half(2); total >= header) confine(at_, total, "the IPv4 total length");
    else if (total != 0) note(fmt::format("the IPv4 total length {} is less than the header's {}", total, header), at_ + 2);
    const auto id = half(4), flags = half(6);
    const auto protocol = bytes_[at_ + 9];
    set_address<4>(out_.source, bytes_.data() + at_ + 12);
    set_address<4>(out_.destination, bytes_.data() + at_ + 16);
    layer(LayerKind::ipv4, header);
    enter_datagram(protocol);
    if (flags & 0x3fff) { // more fragments, or an offset
        fragment_ = FragmentPiece{id, (flags & 0x1fffu) * 8, (flags & 0x2000) != 0, !cut_by_snap(),
                                  bytes_.subspan(at_, captured_end_ - at_)};
        return {};
    }
    return {Next::By::ip_protocol, protocol};
}

//  0                        4                6             7           8        24            40
//  |6| class | flow label   | payload length | next header | hop limit | source | destination |
Next Walk::ipv6() {
    if (!room(40) || bytes_[at_] >> 4 != 6 || datagrams_ == most_datagrams) return {};
    // Payload length 0: a jumbogram (RFC 2675) or segmentation offload.
    if (const std::size_t length = half(4); length != 0) confine(at_, 40 + length, "the IPv6 payload length");
    const auto protocol = bytes_[at_ + 6];
    set_address<16>(out_.source, bytes_.data() + at_ + 8);
    set_address<16>(out_.destination, bytes_.data() + at_ + 24);
    layer(LayerKind::ipv6, 40);
    enter_datagram(protocol);
    return {Next::By::ip_protocol, protocol};
}

/// RFC 8200 4: next header, length in units of 8 bytes beyond the first 8.
Next Walk::ipv6_extension(std::uint8_t protocol) {
    if (!room(8)) return {};
    const auto next = bytes_[at_];
    const std::size_t length = std::size_t{8} * (bytes_[at_ + 1] + 1u);
    if (!room(length)) return {};
    layer(LayerKind::ipv6_extension, length, protocol);
    out_.ip_protocol = next;
    return {Next::By::ip_protocol, next};
}

/// RFC 8200 4.5: next header, reserved, offset and more bit, identification. An atomic fragment (RFC 6946) is whole.
Next Walk::ipv6_fragment() {
    if (!room(8)) return {};
    const auto next = bytes_[at_];
    const auto flags = half(2);
    const auto id = word(4);
    layer(LayerKind::ipv6_fragment, 8, fragment_header);
    out_.ip_protocol = next;
    if ((flags & 0xfff9) == 0) return {Next::By::ip_protocol, next};
    fragment_ = FragmentPiece{id, flags & 0xfff8u, (flags & 1) != 0, !cut_by_snap(), bytes_.subspan(at_, captured_end_ - at_)};
    return {};
}

/// RFC 2784 2.1 and RFC 2890: flags, protocol type, then checksum, key and sequence number as the flags say.
/// Routing (RFC 1701) and version 1 (RFC 2637) are not followed.
Next Walk::gre() {
    if (!room(4)) return {};
    const auto flags = half(0), type = half(2);
    if (flags & 0x4007) return {};
    const std::size_t length = 4u + (flags & 0x8000 ? 4u : 0u) + (flags & 0x2000 ? 4u : 0u) + (flags & 0x1000 ? 4u : 0u);
    if (!room(length)) return {};
    layer(LayerKind::gre, length);
    if (type == 0x88be && !(flags & 0x1000)) return ethernet(); // ERSPAN type I: no sequence number, no header
    return {Next::By::ether_type, type};
}

/// RFC 4302 2: next header, length in words minus 2, reserved, SPI, sequence number, integrity value.
Next Walk::ah() {
    if (!room(12)) return {};
    const auto next = bytes_[at_];
    const std::size_t length = std::size_t{4} * (bytes_[at_ + 1] + 2u);
    transport_ = count_;
    out_.transport = Transport::ah;
    out_.esp_spi = word(4);
    if (length < 12 || !room(length)) {
        layer(LayerKind::ah, 12);
        return {};
    }
    layer(LayerKind::ah, length);
    return {Next::By::ip_protocol, next};
}

/// RFC 4303 2: SPI, sequence number, then what only the keys open.
Next Walk::esp() {
    if (!room(4)) return {};
    transport_ = count_;
    out_.transport = Transport::esp;
    out_.esp_spi = word(0);
    layer(LayerKind::esp, std::min<std::size_t>(8, captured_end_ - at_));
    return {};
}

/// RFC 768: ports, length, checksum.
Next Walk::udp() {
    if (!room(8)) return {};
    transport_ = count_;
    out_.transport = Transport::udp;
    out_.source_port = half(0);
    out_.destination_port = half(2);
    const std::size_t length = half(4), start = at_;
    layer(LayerKind::udp, 8);
    if (length >= 8) confine(start, length, "the UDP length");
    else if (length != 0) note(fmt::format("the UDP length {} is less than the header's 8", length), start + 4);
    return {};
}

/// RFC 9293 3.1: ports, sequence numbers, data offset in words, …
Next Walk::tcp() {
    if (!room(20)) return {};
    const std::size_t length = std::size_t{4} * (bytes_[at_ + 12] >> 4);
    if (length < 20 || !room(length)) return {};
    transport_ = count_;
    out_.transport = Transport::tcp;
    out_.source_port = half(0);
    out_.destination_port = half(2);
    out_.tcp_flags = bytes_[at_ + 13];
    layer(LayerKind::tcp, length);
    return {};
}

/// RFC 792, RFC 4443: type, code, checksum. What caused an error message is inside it and is not followed.
Next Walk::icmp(LayerKind kind) {
    if (room(4)) layer(kind, 4);
    return {};
}

} // namespace ikescope::capture
