#pragma once
// A frame whose UDP datagram gets another payload, for captures of what was decrypted.

#include "base/result.hpp"
#include "capture/datagram.hpp"

namespace ikescope::capture {

/// LINKTYPE_RAW: frames that begin with an IPv4 or IPv6 header.
inline constexpr std::uint16_t link_type_raw = 101, link_type_ethernet = 1;

struct Rewritten {
    Buffer bytes;
    std::uint16_t link_type = 0;
    bool made_anew = false; ///< its headers are not the original's, see replace_payload()
};
/// The frame with `payload` in place of the datagram's, from and to the datagram's ports; a non-ESP marker stays. All headers are
/// kept and their lengths and checksums set right. Where that cannot be done (IP fragments put together, TCP, AH, checksummed GRE,
/// 802.3 lengths) the frame is made anew: an Ethernet frame with the datagram's addresses and ports.
Result<Rewritten> replace_payload(const Frame& frame, const Datagram& datagram, Bytes payload);

/// UDP, and one of the ports is that of IKE: 500, or 4500 with a non-ESP marker. Every program takes it for IKE then.
bool has_ike_ports(const Datagram& datagram);
/// With these ports on both sides where neither is.
Datagram on_ike_ports(const Datagram& datagram);

/// An IP packet for LINKTYPE_RAW around what a transport mode SA carried.
Result<Buffer> build_raw_packet(const IpAddress& from, const IpAddress& to, std::uint8_t protocol, Bytes payload);

} // namespace ikescope::capture
