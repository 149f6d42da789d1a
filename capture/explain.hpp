#pragma once
// The tree of everything below IKE: frame, link, IP, transport.

#include "base/tree.hpp"
#include "capture/datagram.hpp"

namespace ikescope::capture {

/// Times that relative ones are counted from; what is missing leaves its node out.
struct FrameTimes {
    std::optional<Timestamp> first, previous;
};

/// Appends nodes for the frame and its headers. `datagram` is what the decoder made of it, or nullptr when it found none.
/// Buffer 0 becomes the frame; the buffer of a reassembled datagram comes next. Afterwards the tree is directed to the
/// buffer that Datagram::payload_offset counts in.
void explain(const Frame& frame, const Datagram* datagram, Tree& tree, const FrameTimes& times = {});
inline void explain(const Frame& frame, const Datagram& datagram, Tree& tree, const FrameTimes& times = {}) {
    explain(frame, &datagram, tree, times);
}

} // namespace ikescope::capture
