#pragma once
// Which message of an IKEv1 SA is this? From what it carries and who sends it, so that lost packets do not matter.

#include "session/core.hpp"

namespace ikescope::session::ikev1 {

struct Place {
    Label label = Label::none;
    std::uint8_t ordinal = 1;
    bool again = false; ///< this place was taken before, by other bytes
};

/// Who sent it. May correct the roles of an SA whose beginning was not captured.
Side side_of(Core& core, Track& track, const Arrival& arrival);

/// The place of a message that is no byte-identical repetition. Remembers message ids of phase 2. On UDP port 848, and where
/// the SA payload says DOI 2, the numbers of Quick and New Group Mode are GROUPKEY-PULL and -PUSH (RFC 6407 3.2, 4).
Place place_of(Core& core, Track& track, const Arrival& arrival, Side from);

} // namespace ikescope::session::ikev1
