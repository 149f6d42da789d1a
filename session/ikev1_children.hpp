#pragma once
// Quick Modes as children of an SA: SPIs, the suite chosen, traffic selectors, refusals. RFC 2409 5.5, RFC 2407 4.6.

#include "session/core.hpp"

namespace ikescope::session::ikev1 {

/// Reads an opened QM1, QM2 or QM3 of `message.header.message_id`.
void read_quick(Core& core, std::uint32_t track, Label label, Side from, const dissect::Message& message);

/// An opened error notification may be the answer to a Quick Mode that the other side asked for.
void read_refusal(Track& track, Side from, std::uint16_t notify, std::uint8_t protocol, Bytes spi);

/// An opened Delete for AH or ESP.
void read_delete(Track& track, Bytes spi);

} // namespace ikescope::session::ikev1
