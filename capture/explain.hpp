#pragma once
// The tree of everything below IKE: frame, link, IP, transport.

#include "base/tree.hpp"
#include "capture/datagram.hpp"

namespace ikescope::capture {

/// Times that relative ones are counted from; what is missing leaves its node out.
struct FrameTimes {
    std::optional<Timestamp> first, previous, displayed;
};

/// The `frame` heading and frame.*; buffer 0 becomes the frame when the tree has none yet. `datagram` is what the decoder
/// made of the frame, or nullptr when it found none.
void explain_frame(const Frame& frame, const Datagram* datagram, Tree& tree, const FrameTimes& times = {});

/// Everything from the link layer to UDP, TCP, ESP or AH, and the decoder's notes. A reassembled datagram gets a buffer of
/// its own. Afterwards the tree is directed to the buffer that Datagram::payload_offset counts in.
void explain_link(const Frame& frame, const Datagram* datagram, Tree& tree);

/// What stands between UDP or TCP and IKE or ESP: markers, lengths, trailers; and ESP's own header. A message that
/// several TCP segments brought gets a buffer of its own, to which the tree is directed afterwards. explain_link() does
/// it for the datagram it is given; this is for the further messages of its segment, with the tree directed to the
/// segment's buffer.
void explain_content(const Datagram& datagram, Tree& tree);

/// Both.
void explain(const Frame& frame, const Datagram* datagram, Tree& tree, const FrameTimes& times = {});
inline void explain(const Frame& frame, const Datagram& datagram, Tree& tree, const FrameTimes& times = {}) {
    explain(frame, &datagram, tree, times);
}

/// What an ESP packet held, from its IP or transport header to its end, in the buffer to which the tree is directed: the
/// packet of a tunnel, or what `outer` carries in transport mode. `protocol` is ESP's Next Header.
void explain_inner(Bytes bytes, std::uint8_t protocol, const Datagram& outer, Tree& tree);
/// The same for the memory: addresses, ports, protocol. False when no header could be read.
bool read_inner(Bytes bytes, std::uint8_t protocol, const Datagram& outer, Datagram& out);

/// frame.protocols as tshark writes it: "eth:ethertype:ip:udp:isakmp".
std::string protocols_of(const Frame& frame, const Datagram* datagram);

} // namespace ikescope::capture
