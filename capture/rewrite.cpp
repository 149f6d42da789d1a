#include "capture/rewrite.hpp"

#include "base/writer.hpp"
#include "capture/build.hpp"
#include "capture/checksum.hpp"
#include "capture/walk.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::capture {
namespace {

constexpr std::uint8_t udp_protocol = 17;
constexpr std::size_t longest_ip_packet = 65535;

void store(Buffer& out, std::size_t at, std::size_t value) {
    out[at] = static_cast<Byte>(value >> 8);
    out[at + 1] = static_cast<Byte>(value);
}

/// Headers whose lengths and checksums can be set right here.
bool can_keep(const Layer& layer, Bytes frame) {
    switch (layer.kind) {
    case LayerKind::ethernet: {
        constexpr std::size_t type = 12, least_type = 0x600; // below: an 802.3 length
        return big_endian(frame.subspan(layer.offset + type, 2)) >= least_type;
    }
    case LayerKind::gre: return (frame[layer.offset] & 0x80) == 0; // RFC 2784 2.1: no checksum
    case LayerKind::llc:
    case LayerKind::pppoe:
    case LayerKind::ipv6_fragment:
    case LayerKind::ah:
    case LayerKind::esp:
    case LayerKind::tcp: return false;
    default: return true;
    }
}

/// RFC 791 3.1: total length, then the header's checksum.
void fit_ipv4(const Layer& layer, Buffer& out) {
    store(out, layer.offset + 2, out.size() - layer.offset);
    store(out, layer.offset + 10, 0);
    store(out, layer.offset + 10, internet_checksum(add_words(Bytes(out).subspan(layer.offset, layer.length))));
}

/// RFC 768; over IPv6 the checksum is needed, and zero means none.
void fit_udp(const Layer& layer, const Datagram& datagram, Buffer& out) {
    const auto size = out.size() - layer.offset;
    store(out, layer.offset, datagram.source_port);
    store(out, layer.offset + 2, datagram.destination_port);
    store(out, layer.offset + 4, size);
    store(out, layer.offset + 6, 0);
    const auto pseudo = pseudo_header(datagram.source.bytes(), datagram.destination.bytes(), udp_protocol, size);
    const auto sum = internet_checksum(add_words(Bytes(out).subspan(layer.offset), pseudo));
    store(out, layer.offset + 6, sum == 0 ? 0xffff : sum);
}

void fit(const Layer& layer, const Datagram& datagram, Buffer& out) {
    constexpr std::size_t ipv6_header = 40;
    if (layer.kind == LayerKind::ipv4) fit_ipv4(layer, out);
    if (layer.kind == LayerKind::ipv6) store(out, layer.offset + 4, out.size() - layer.offset - ipv6_header);
    if (layer.kind == LayerKind::udp) fit_udp(layer, datagram, out);
}

/// Inner headers first: what is outside sums over them.
std::optional<Buffer> in_place(const Frame& frame, const Datagram& datagram, Bytes payload) {
    Datagram scratch;
    Walk walk(frame.bytes, frame.original_length, scratch);
    if (datagram.reassembled || !walk.frame(frame.link_type) || datagram.payload_offset > frame.bytes.size()) return {};
    const auto layers = walk.layers();
    const auto tunnels = std::ranges::count(layers, LayerKind::udp, &Layer::kind);
    if (tunnels != 1 || !std::ranges::all_of(layers, [&](const Layer& layer) { return can_keep(layer, frame.bytes); }))
        return {};
    Buffer out(frame.bytes.begin(), frame.bytes.begin() + datagram.payload_offset);
    out.insert(out.end(), payload.begin(), payload.end());
    if (out.size() > longest_ip_packet) return {};
    std::for_each(layers.rbegin(), layers.rend(), [&](const Layer& layer) { fit(layer, datagram, out); });
    return out;
}

std::uint16_t ike_port(const Datagram& datagram) { return datagram.non_esp_marker ? 4500 : 500; }
bool is_on(const Datagram& datagram, std::uint16_t port) { return datagram.source_port == port || datagram.destination_port == port; }

} // namespace

Result<Rewritten> replace_payload(const Frame& frame, const Datagram& datagram, Bytes payload) {
    if (auto kept = in_place(frame, datagram, payload)) return Rewritten{std::move(*kept), frame.link_type, false};
    Rewritten made{{}, link_type_ethernet, true};
    const UdpFrame wanted{datagram.from(), datagram.to(), payload, datagram.non_esp_marker};
    if (auto built = build_udp_frame(wanted, made.bytes); !built) return built.error();
    return made;
}

bool has_ike_ports(const Datagram& datagram) { return datagram.transport == Transport::udp && is_on(datagram, ike_port(datagram)); }

Datagram on_ike_ports(const Datagram& datagram) {
    auto made = datagram;
    const auto port = ike_port(datagram);
    if (!is_on(datagram, port)) made.source_port = made.destination_port = port;
    return made;
}

Result<Buffer> build_raw_packet(const IpAddress& from, const IpAddress& to, std::uint8_t protocol, Bytes payload) {
    const bool v4 = from.family == 4;
    if (from.empty() || from.family != to.family || payload.size() + 40 > longest_ip_packet)
        return Error{fmt::format("no IP packet can be made from {} to {} with {} bytes", from.text(), to.text(),
                                 payload.size())};
    constexpr std::uint8_t hops = 64;
    Buffer out;
    Writer writer(out);
    writer.number(v4 ? 0x45000000U : 0x60000000U, 4);
    if (v4) {
        writer.number(0x00004000, 4); // don't fragment
        writer.number(hops, 1);
        writer.number(protocol, 1);
        writer.number(0, 2);
    } else {
        writer.number(payload.size(), 2);
        writer.number(protocol, 1);
        writer.number(hops, 1);
    }
    writer.bytes(from.bytes());
    writer.bytes(to.bytes());
    writer.bytes(payload);
    if (v4) fit_ipv4({LayerKind::ipv4, 0, 20, 0}, out);
    return out;
}

} // namespace ikescope::capture
