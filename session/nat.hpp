#pragma once
// NAT detection recomputed: NAT-D payloads (RFC 3947 3.2, also under the drafts' numbers) and IKEv2's notifications
// (RFC 7296 2.23), in the clear or inside SK (RFC 4555 3.8). HASH(SPIi | SPIr | address | port) of the destination, and
// of every address that the sender may use.

#include "capture/datagram.hpp"
#include "session/outcome.hpp"
#include "session/track.hpp"

namespace ikescope::session {

/// Marks the SA, fills Outcome::nat and says in a note which end is behind NAT; nothing when there is nothing to
/// compute.
void note_nat(Track& track, const dissect::Message& message, Side from, const capture::Datagram& datagram,
              Outcome& outcome);
/// All that was noted of an SA, in words.
std::string nat_words(const Track& track);

} // namespace ikescope::session
