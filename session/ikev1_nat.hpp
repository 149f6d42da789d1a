#pragma once
// NAT-D payloads recomputed: RFC 3947 section 3.2. HASH(CKY-I | CKY-R | IP | Port) of the destination first, then of
// every address that the sender may use.

#include "capture/datagram.hpp"
#include "session/track.hpp"

namespace ikescope::session::ikev1 {

/// Marks the SA and says in a sentence which end is behind NAT; empty when the hashes fit or cannot be computed.
std::string note_nat(Track& track, const dissect::Message& message, Side from, const capture::Datagram& datagram);
/// All that was noted of an SA, in words.
std::string nat_words(const Track& track);

} // namespace ikescope::session::ikev1
