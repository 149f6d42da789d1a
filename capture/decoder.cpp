#include "capture/decoder.hpp"

#include "capture/recognise.hpp"

#include <fmt/format.h>

#include <charconv>

namespace ikescope::capture {
namespace {

/// Fragments of fragments: tunnels through tunnels. More is not followed.
constexpr unsigned deepest_reassembly = 3;
/// Services whose answers may go to a client that happens to use port 500 or 4500: domain and NTP.
constexpr std::uint16_t domain_port = 53, ntp_port = 123;

void reset(Datagram& out) {
    out.source_port = out.destination_port = 0;
    out.transport = Transport::none;
    out.content = Content::other;
    out.ip_protocol = 0;
    out.non_esp_marker = out.reassembled = out.snapped = out.conflicting = false;
    out.payload = {};
    out.whole = {};
    out.payload_offset = out.declared = out.esp_spi = 0;
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
    Walk walk(frame.bytes, frame.original_length, out);
    if (!walk.frame(frame.link_type)) return false;
    settle(frame, walk, out, 0);
    return true;
}

void Decoder::settle(const Frame& frame, Walk& walk, Datagram& out, unsigned depth) {
    if (walk.fragment()) defragment(frame, walk, out, depth);
    else classify(walk, out);
}

void Decoder::defragment(const Frame& frame, Walk& walk, Datagram& out, unsigned depth) {
    const auto piece = *walk.fragment();
    if (!piece.complete) { // what the first fragment shows is better than nothing
        walk.note("an IP fragment was cut by the snap length, so its datagram cannot be put together", walk.position());
        if (piece.offset == 0) walk.first_fragment();
        return classify(walk, out);
    }
    const auto* whole = depth == deepest_reassembly ? nullptr
                            : fragments_.add({out.source, out.destination, out.ip_protocol, piece.id}, piece, frame, walk.position(), out.notes);
    if (whole == nullptr) return classify(walk, out);
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

void Decoder::classify(const Walk& walk, Datagram& out) const {
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
    if (out.transport == Transport::udp) classify_udp(out);
    else if (out.transport == Transport::esp) out.content = Content::esp;
    else if (out.transport == Transport::ah) out.content = Content::ah;
}

/// RFC 3948 2: on the encapsulation port four zero bytes come before IKE, a single FF is a keepalive, the rest is ESP.
void Decoder::classify_udp(Datagram& out) const {
    const bool isakmp = either(options_.isakmp_ports, out), encapsulated = either(options_.encapsulation_ports, out);
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

Result<Done> add_decode_as(std::string_view rule, DecodeOptions& options) {
    const auto wrong = [&](std::string_view why) {
        return Error{fmt::format("-d {}: {}; write it like udp.port==501,isakmp or udp.port==10000,udpencap", rule, why)};
    };
    const auto comma = rule.rfind(',');
    constexpr std::string_view selector = "udp.port==";
    if (comma == std::string_view::npos || !rule.starts_with(selector)) return wrong("this is no rule for UDP ports");
    const auto protocol = rule.substr(comma + 1);
    const auto ports = rule.substr(selector.size(), comma - selector.size());
    const auto hyphen = ports.find('-');
    const auto first = parse_port(ports.substr(0, hyphen));
    const auto last = hyphen == std::string_view::npos ? first : parse_port(ports.substr(hyphen + 1));
    if (!first || !last || *last < *first || *last - *first > 64) return wrong("the port is not a number from 1 to 65535 or a short range");
    if (protocol != "isakmp" && protocol != "udpencap") return wrong("the protocol is neither isakmp nor udpencap");
    auto& list = protocol == "isakmp" ? options.isakmp_ports : options.encapsulation_ports;
    for (std::uint32_t port = *first; port <= *last; ++port) list.push_back(static_cast<std::uint16_t>(port));
    return Done{};
}

} // namespace ikescope::capture
