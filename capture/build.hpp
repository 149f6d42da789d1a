#pragma once
// Frames that we make ourselves: for simulated negotiations and for captures of what was decrypted.

#include "base/address.hpp"
#include "base/result.hpp"

namespace ikescope::capture {

/// A UDP datagram to be put on a made-up Ethernet. Addresses must be of one family.
struct UdpFrame {
    Endpoint from, to;
    Bytes payload;
    bool non_esp_marker = false; ///< four zero bytes first (RFC 3948 2.2)
    std::uint16_t id = 0;        ///< IPv4 identification
    std::uint8_t hops = 64;      ///< TTL or hop limit
};

/// The longest payload one IP datagram holds: 65535 minus IPv4 and UDP headers.
inline constexpr std::size_t longest_udp_payload = 65507;

/// Replaces `out` with an Ethernet II frame, with right lengths and checksums. MAC addresses are locally administered ones
/// made from the last bytes of the IP addresses.
Result<Done> build_udp_frame(const UdpFrame& frame, Buffer& out);

} // namespace ikescope::capture
