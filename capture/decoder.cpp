#include "capture/decoder.hpp"

#include "capture/cisco_tcp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace ikescope::capture {
namespace {

/// Fragments of fragments: tunnels through tunnels. More is not followed.
constexpr unsigned deepest_reassembly = 3;
/// Services whose answers may go to a client that happens to use port 500 or 4500: domain and NTP.
constexpr std::uint16_t domain_port = 53, ntp_port = 123;
constexpr std::uint16_t gdoi_port = 848; // RFC 6407 2.1

void reset(Datagram& out) {
    out.source_port = out.destination_port = 0;
    out.transport = Transport::none;
    out.content = Content::other;
    out.ip_protocol = 0;
    out.non_esp_marker = out.reassembled = out.snapped = out.conflicting = false;
    out.payload = {};
    out.whole = {};
    out.payload_offset = out.declared = out.esp_spi = 0;
    out.stream = Stream::none;
    out.streamed = false;
    out.unit = {};
    out.unit_offset = 0;
    out.segment_frames.clear();
    out.fragment_frames.clear();
    out.notes.clear();
}

bool either(const std::vector<std::uint16_t>& ports, const Datagram& datagram) {
    for (const auto port : ports)
        if (datagram.source_port == port || datagram.destination_port == port) return true;
    return false;
}

bool other_service(const Datagram& datagram) {
    return datagram.source_port == domain_port || datagram.destination_port == domain_port ||
           datagram.source_port == ntp_port || datagram.destination_port == ntp_port;
}

/// GDOI between its own ports. One port alone may be that of an RPC client (bindresvport takes 600 to 1023): there the content decides.
bool between_gdoi_ports(const Datagram& datagram) { return datagram.source_port == gdoi_port && datagram.destination_port == gdoi_port; }

void isakmp_behind_marker(Datagram& out) {
    out.content = Content::isakmp;
    out.non_esp_marker = true;
    out.payload = out.payload.subspan(4);
    out.payload_offset += 4;
    out.declared -= std::min<std::uint32_t>(4, out.declared);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

} // namespace

bool Decoder::decode(const Frame& frame, Datagram& out) {
    reset(out);
    streams_.rest();
    next_unit_ = 0;
    Walk walk(frame.bytes, frame.original_length, out);
    if (!walk.frame(frame.link_type)) return false;
    settle(frame, walk, out, 0);
    return true;
}

void Decoder::settle(const Frame& frame, Walk& walk, Datagram& out, unsigned depth) {
    if (walk.fragment())
        defragment(frame, walk, out, depth);
    else
        classify(frame, walk, out);
}

void Decoder::defragment(const Frame& frame, Walk& walk, Datagram& out, unsigned depth) {
    const auto piece = *walk.fragment();
    if (!piece.complete) { // what the first fragment shows is better than nothing
        walk.note("an IP fragment was cut by the snap length, so its datagram cannot be put together", walk.position());
        if (piece.offset == 0) walk.first_fragment();
        return classify(frame, walk, out);
    }
    const auto* whole = depth == deepest_reassembly
                            ? nullptr
                            : fragments_.add({out.source, out.destination, out.ip_protocol, piece.id}, piece, frame,
                                             walk.position(), out.notes);
    if (whole == nullptr) return classify(frame, walk, out);
    out.reassembled = true;
    out.fragment_frames.insert(out.fragment_frames.end(), whole->frames.begin(), whole->frames.end());
    out.conflicting |= whole->conflicting;
    if (whole->conflicting) walk.note("this datagram's IP fragments contradicted each other; the first copy of each byte is shown", 0);
    out.whole = whole->bytes;
    out.whole_protocol = out.ip_protocol;
    Walk inside(whole->bytes, whole->bytes.size(), out);
    inside.reassembled(out.ip_protocol, walk.datagrams());
    settle(frame, inside, out, depth + 1);
}

void Decoder::classify(const Frame& frame, const Walk& walk, Datagram& out) {
    const auto* transport = walk.transport();
    std::size_t begin = walk.position();
    if (transport) {
        const bool own_header = transport->kind == LayerKind::esp || transport->kind == LayerKind::ah;
        begin = transport->offset + (own_header ? 0u : transport->length);
    }
    const auto end = std::max(begin, walk.captured_end());
    out.payload = walk.bytes().subspan(begin, end - begin);
    out.payload_offset = static_cast<std::uint32_t>(begin);
    out.declared = static_cast<std::uint32_t>(std::max(begin, walk.claimed_end()) - begin);
    out.snapped = walk.cut_by_snap();
    if (out.transport == Transport::udp)
        classify_udp(out);
    else if (out.transport == Transport::tcp)
        classify_tcp(frame, walk, out);
    else if (out.transport == Transport::esp)
        out.content = Content::esp;
    else if (out.transport == Transport::ah)
        out.content = Content::ah;
}

/// RFC 3948 2: on the encapsulation port four zero bytes come before IKE, a single FF is a keepalive, the rest is ESP.
void Decoder::classify_udp(Datagram& out) const {
    const bool isakmp = either(options_.isakmp_ports, out) || between_gdoi_ports(out), encapsulated = either(options_.encapsulation_ports, out);
    if (!isakmp && !encapsulated) return classify_content(out);
    if (out.payload.empty() || other_service(out)) return;
    if (out.declared == 1) {
        if (out.payload[0] == 0xff) out.content = Content::nat_keepalive;
        else if (isakmp) out.content = Content::isakmp;
        return;
    }
    const bool marker = out.payload.size() >= 4 && big_endian(out.payload.first(4)) == 0;
    if (encapsulated && marker) {
        isakmp_behind_marker(out);
    } else if (isakmp) {
        out.content = Content::isakmp;
    } else if (out.payload.size() >= 4) {
        out.content = Content::esp;
        out.esp_spi = static_cast<std::uint32_t>(big_endian(out.payload.first(4)));
    }
}

void Decoder::classify_content(Datagram& out) const {
    if (!options_.by_content || out.payload.size() < 28) return;
    if (looks_like_isakmp(out.payload, out.declared)) out.content = Content::isakmp;
    else if (big_endian(out.payload.first(4)) == 0 && looks_like_isakmp(out.payload.subspan(4), out.declared - 4)) isakmp_behind_marker(out);
}

Stream Decoder::expected_stream(const Datagram& out) const {
    if (either(options_.tcp_ports, out)) return Stream::ike_tcp;
    return either(options_.tcp_isakmp_ports, out) ? Stream::isakmp : Stream::none;
}

/// A segment of Cisco's is a datagram of its own.
bool Decoder::classify_cisco(Datagram& out) const {
    const bool known = either(options_.cisco_ports, out) && has_cisco_trailer(out.payload);
    if (out.snapped || (!known && !(options_.by_content && looks_like_cisco_isakmp(out.payload)))) return false;
    out.stream = Stream::cisco;
    out.unit = out.payload;
    out.unit_offset = out.payload_offset;
    const bool isakmp = carries_cisco_udp(out.payload);
    const auto head = isakmp ? cisco_udp : 0;
    out.payload = out.payload.subspan(head, out.payload.size() - head - cisco_trailer);
    out.payload_offset += static_cast<std::uint32_t>(head);
    out.declared = static_cast<std::uint32_t>(out.payload.size());
    out.content = isakmp ? Content::isakmp : Content::esp;
    if (!isakmp) out.esp_spi = static_cast<std::uint32_t>(big_endian(out.payload.first(4)));
    return true;
}

void Decoder::classify_tcp(const Frame& frame, const Walk& walk, Datagram& out) {
    if (classify_cisco(out)) return;
    // RFC 9293 3.1: sequence number at 4, acknowledgment at 8.
    const auto header = walk.bytes().subspan(walk.transport()->offset, walk.transport()->length);
    const auto flags = out.tcp_flags;
    const bool fin = flags & 0x01, syn = flags & 0x02, rst = flags & 0x04, ack = flags & 0x10;
    const Segment segment{out.from(),
                          out.to(),
                          static_cast<std::uint32_t>(big_endian(header.subspan(4, 4))),
                          static_cast<std::uint32_t>(big_endian(header.subspan(8, 4))),
                          syn,
                          ack,
                          fin,
                          rst,
                          out.payload,
                          out.payload_offset,
                          std::max<std::size_t>(out.declared, out.payload.size()),
                          frame.overall};
    if (!streams_.take(segment, expected_stream(out), out.notes)) return;
    out.stream = streams_.framing();
    segment_offset_ = out.payload_offset;
    if (pending()) show_unit(out);
}

void Decoder::more(Datagram& out) {
    out.notes.clear();
    out.content = Content::other;
    out.non_esp_marker = out.streamed = out.snapped = false;
    out.esp_spi = 0;
    show_unit(out);
}

/// The next message of the stream takes the segment's place.
void Decoder::show_unit(Datagram& out) {
    const auto& unit = streams_.units()[next_unit_++];
    out.content = unit.content;
    out.streamed = !unit.place;
    out.unit = unit.bytes;
    out.unit_offset = static_cast<std::uint32_t>(unit.place.value_or(0));
    out.segment_frames = unit.frames;
    out.payload = unit.bytes.subspan(std::min<std::size_t>(unit.head, unit.bytes.size()));
    out.payload_offset = out.unit_offset + unit.head;
    out.declared = static_cast<std::uint32_t>(std::max(unit.declared, unit.bytes.size()) -
                                              (unit.bytes.size() - out.payload.size()));
    out.snapped = unit.declared > unit.bytes.size();
    out.non_esp_marker = unit.content == Content::isakmp && unit.head > 0;
    if (unit.content == Content::esp) out.esp_spi = static_cast<std::uint32_t>(big_endian(out.payload.first(4)));
}

namespace {

/// What -d may say: which list a port goes to.
struct DecodeRule {
    std::string_view selector, protocol;
    std::vector<std::uint16_t> DecodeOptions::*ports;
};
constexpr DecodeRule decode_rules[] = {
    {"udp.port", "isakmp", &DecodeOptions::isakmp_ports},
    {"udp.port", "udpencap", &DecodeOptions::encapsulation_ports},
    {"tcp.port", "isakmp", &DecodeOptions::tcp_ports},
    {"tcp.port", "tcpencap", &DecodeOptions::cisco_ports},
};

} // namespace

Result<Done> add_decode_as(std::string_view rule, DecodeOptions& options) {
    const auto wrong = [&](std::string_view why) {
        return Error{fmt::format(
            "-d {}: {}; write it like udp.port==501,isakmp, udp.port==10000,udpencap, tcp.port==4501,isakmp or "
            "tcp.port==10001,tcpencap",
            rule, why)};
    };
    const auto comma = rule.rfind(','), equals = rule.find("==");
    if (comma == std::string_view::npos || equals == std::string_view::npos || comma < equals)
        return wrong("this is no rule for ports");
    const auto selector = rule.substr(0, equals), protocol = rule.substr(comma + 1);
    if (selector != "udp.port" && selector != "tcp.port") return wrong("this is no rule for UDP or TCP ports");
    const auto ports = rule.substr(equals + 2, comma - equals - 2);
    const auto hyphen = ports.find('-');
    const auto first = parse_port(ports.substr(0, hyphen));
    const auto last = hyphen == std::string_view::npos ? first : parse_port(ports.substr(hyphen + 1));
    if (!first || !last || *last < *first || *last - *first > 64)
        return wrong("the port is not a number from 1 to 65535 or a short range");
    const auto* known = std::ranges::find_if(
        decode_rules, [&](const auto& row) { return row.selector == selector && row.protocol == protocol; });
    if (known == std::end(decode_rules))
        return wrong(selector == "udp.port" ? "the protocol is neither isakmp nor udpencap"
                                            : "the protocol is neither isakmp nor tcpencap");
    for (std::uint32_t port = *first; port <= *last; ++port)
        (options.*known->ports).push_back(static_cast<std::uint16_t>(port));
    return Done{};
}

} // namespace ikescope::capture
