// Between transport and IKE: RFC 3948 2, RFC 9329 3, Cisco's trailer, and the header of ESP (RFC 4303 2).

#include "capture/cisco_tcp.hpp"
#include "capture/explain.hpp"
#include "capture/field_table.hpp"
#include "capture/tcp_framing.hpp"

namespace ikescope::capture {
namespace {

void explain_udp(const Datagram& datagram, Tree& tree) {
    const std::size_t start = datagram.payload_offset;
    if (datagram.non_esp_marker || datagram.content == Content::nat_keepalive) {
        const bool marker = datagram.non_esp_marker;
        const auto begin = marker ? start - marker_size : start;
        const std::size_t length = marker ? marker_size : 1;
        tree.add(*field("udpencap"), begin, length);
        const TreeLevel level(&tree);
        tree.add(marker ? *field("udpencap.non_esp_marker") : *field("udpencap.nat_keepalive"), begin, length);
    } else if (datagram.content == Content::esp) {
        tree.add(*field("udpencap"), start, 0);
    }
}

void explain_segments(const Datagram& datagram, Tree& tree) {
    {
        const TreeLevel level(&tree);
        for (const auto number : datagram.segment_frames) tree.add_generated(*field("tcp.segment"), number);
        tree.add_generated(*field("tcp.segment.count"), datagram.segment_frames.size());
        tree.add_generated(*field("tcp.reassembled.length"), datagram.unit.size());
    }
    tree.use_buffer("Reassembled TCP", datagram.unit);
}

void explain_framed(const Datagram& datagram, Tree& tree) {
    const std::size_t start = datagram.unit_offset, head = datagram.payload_offset - start;
    const std::size_t marker = datagram.non_esp_marker ? marker_size : 0;
    if (head < marker + unit_length_size || datagram.unit.size() < head) return;
    tree.add(*field("ike.tcp"), start, head);
    const TreeLevel level(&tree);
    const auto prefix = head - marker - unit_length_size;
    if (prefix > 0) tree.add(*field("ike.tcp.prefix"), start, prefix);
    tree.add(*field("ike.tcp.length"), start + prefix, unit_length_size,
             big_endian(datagram.unit.subspan(prefix, unit_length_size)));
    if (marker > 0) tree.add(*field("udpencap.non_esp_marker"), start + prefix + unit_length_size, marker);
    if (datagram.content == Content::nat_keepalive)
        tree.add(*field("udpencap.nat_keepalive"), datagram.payload_offset, 1);
}

void explain_trailer(const Datagram& datagram, Tree& tree) {
    const auto unit = datagram.unit;
    const auto end = unit.size() - cisco_trailer;
    const auto number = [&](const Field& row, std::size_t at, std::size_t width) {
        tree.add(row, datagram.unit_offset + end + at, width, big_endian(unit.subspan(end + at, width)));
    };
    const auto bytes = [&](const Field& row, std::size_t at, std::size_t width) {
        tree.add(row, datagram.unit_offset + end + at, width);
    };
    tree.add(*field("tcpencap"), datagram.unit_offset, unit.size());
    const TreeLevel level(&tree);
    bytes(*field("tcpencap.unknown"), 0, cisco_trailer);
    const TreeLevel inside(&tree);
    bytes(*field("tcpencap.zero"), 0, 4);
    number(*field("tcpencap.seq"), 4, 2);
    number(datagram.content == Content::isakmp ? *field("tcpencap.ikedirection") : *field("tcpencap.espzero"), 6, 2);
    bytes(*field("tcpencap.magic"), 8, 5);
    number(*field("tcpencap.proto"), 13, 1);
    bytes(*field("tcpencap.magic2"), 14, 2);
}

void explain_cisco(const Datagram& datagram, Tree& tree) {
    explain_trailer(datagram, tree);
    if (datagram.content != Content::isakmp) return;
    const std::size_t start = datagram.unit_offset;
    const auto number = [&](const Field& row, std::size_t at) {
        tree.add(row, start + at, 2, big_endian(datagram.unit.subspan(at, 2)));
    };
    tree.add(*field("udp"), start, cisco_udp);
    const TreeLevel level(&tree);
    number(*field("udp.srcport"), 0);
    number(*field("udp.dstport"), 2);
    number(*field("udp.length"), 4);
    number(*field("udp.checksum"), 6);
}

void explain_esp(const Datagram& datagram, Tree& tree) {
    const std::size_t start = datagram.payload_offset;
    const auto payload = datagram.payload;
    if (datagram.content != Content::esp || payload.size() < 4) return;
    tree.add(*field("esp"), start, payload.size());
    const TreeLevel level(&tree);
    tree.add(*field("esp.spi"), start, 4, datagram.esp_spi);
    if (payload.size() >= 8) tree.add(*field("esp.sequence"), start + 4, 4, big_endian(payload.subspan(4, 4)));
    if (payload.size() > 8) tree.add(*field("esp.encrypted_data"), start + 8, payload.size() - 8);
}

} // namespace

void explain_content(const Datagram& datagram, Tree& tree) {
    if (datagram.transport == Transport::udp) explain_udp(datagram, tree);
    if (datagram.streamed) explain_segments(datagram, tree);
    if (datagram.stream == Stream::ike_tcp && !datagram.unit.empty()) explain_framed(datagram, tree);
    if (datagram.stream == Stream::cisco) explain_cisco(datagram, tree);
    if (datagram.transport == Transport::udp || datagram.stream != Stream::none) explain_esp(datagram, tree);
}

} // namespace ikescope::capture
