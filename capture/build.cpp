#include "capture/build.hpp"

#include "base/writer.hpp"
#include "capture/checksum.hpp"

#include <fmt/format.h>

namespace ikescope::capture {
namespace {

constexpr std::uint8_t udp_protocol = 17;
constexpr std::size_t ethernet_header = 14;

void hardware_address(Writer& out, const IpAddress& address) {
    out.number(0x0200, 2); // locally administered, unicast
    out.bytes(address.bytes().last(4));
}

/// RFC 791 3.1, don't fragment.
void ipv4_header(Writer& out, const UdpFrame& frame, std::size_t length, Buffer& bytes) {
    const auto start = out.size();
    out.number(0x4500, 2);
    out.number(20 + length, 2);
    out.number(frame.id, 2);
    out.number(0x4000, 2);
    out.number(frame.hops, 1);
    out.number(udp_protocol, 1);
    const auto checksum = out.placeholder(2);
    out.bytes(frame.from.address.bytes());
    out.bytes(frame.to.address.bytes());
    out.patch(checksum, internet_checksum(add_words(Bytes(bytes).subspan(start, 20))), 2);
}

/// RFC 8200 3.
void ipv6_header(Writer& out, const UdpFrame& frame, std::size_t length) {
    out.number(0x60000000, 4);
    out.number(length, 2);
    out.number(udp_protocol, 1);
    out.number(frame.hops, 1);
    out.bytes(frame.from.address.bytes());
    out.bytes(frame.to.address.bytes());
}

} // namespace

Result<Done> build_udp_frame(const UdpFrame& frame, Buffer& out) {
    const auto& source = frame.from.address;
    const auto& destination = frame.to.address;
    if (source.empty() || source.family != destination.family)
        return Error{fmt::format("no frame can be made from {} to {}: the addresses are not of one family", frame.from.text(), frame.to.text())};
    const std::size_t payload = frame.payload.size() + (frame.non_esp_marker ? 4 : 0), length = 8 + payload;
    if (payload > longest_udp_payload)
        return Error{fmt::format("a UDP datagram cannot carry {} bytes, {} is the most", payload, longest_udp_payload)};
    out.clear();
    out.reserve(ethernet_header + 40 + length);
    Writer writer(out);
    hardware_address(writer, destination);
    hardware_address(writer, source);
    writer.number(source.family == 4 ? 0x0800 : 0x86dd, 2);
    if (source.family == 4) ipv4_header(writer, frame, length, out);
    else ipv6_header(writer, frame, length);
    const auto start = writer.size();
    writer.number(frame.from.port, 2);
    writer.number(frame.to.port, 2);
    writer.number(length, 2);
    const auto checksum = writer.placeholder(2);
    if (frame.non_esp_marker) writer.zeros(4);
    writer.bytes(frame.payload);
    const auto sum = add_words(Bytes(out).subspan(start), pseudo_header(source.bytes(), destination.bytes(), udp_protocol, length));
    const auto value = internet_checksum(sum);
    writer.patch(checksum, value == 0 ? 0xffff : value, 2); // RFC 768: zero means no checksum
    return Done{};
}

} // namespace ikescope::capture
