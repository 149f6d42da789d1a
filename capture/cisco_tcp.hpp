#pragma once
// IPsec over TCP of Cisco's VPN 3000 concentrators and ASA ("cTCP", port 10000). It is not published; what is here is
// what Wireshark's tcpencap knows. Each segment is a datagram, nothing is put in order or repeated:
//
//   | UDP header of ports 500 (8) and IKE message, or ESP packet | trailer |
//   trailer: | 0 (4) | sequence (2) | direction of IKE, or 0 (2) | magic (5) | 17 or 50 (1) | magic (2) |

#include "capture/recognise.hpp"

namespace ikescope::capture {

inline constexpr std::size_t cisco_trailer = 16, cisco_udp = 8;

/// Does a segment end with the trailer? `bytes` is its whole payload.
inline bool has_cisco_trailer(Bytes bytes) {
    if (bytes.size() <= cisco_trailer + cisco_udp) return false;
    const auto trailer = bytes.last(cisco_trailer);
    return big_endian(trailer.first(4)) == 0 && (big_endian(trailer.subspan(6, 2)) & 0x0fff) == 0 &&
           (trailer[13] == 17 || trailer[13] == 50);
}

/// Of a segment with the trailer: does it begin with the UDP header of IKE?
inline bool carries_cisco_udp(Bytes bytes) {
    constexpr std::uint32_t both_ports = 0x01f401f4; // 500 and 500
    if (big_endian(bytes.first(4)) == both_ports) return true;
    return bytes[bytes.size() - 3] == 17 && big_endian(bytes.subspan(4, 2)) == bytes.size() - cisco_trailer;
}

/// Strict enough for ports that nobody told us.
inline bool looks_like_cisco_isakmp(Bytes bytes) {
    if (!has_cisco_trailer(bytes) || !carries_cisco_udp(bytes)) return false;
    const auto message = bytes.subspan(cisco_udp, bytes.size() - cisco_udp - cisco_trailer);
    return looks_like_isakmp(message, message.size());
}

} // namespace ikescope::capture
