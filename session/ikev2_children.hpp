#pragma once
// What IKE_AUTH and CREATE_CHILD_SA negotiate inside: Child SAs, rekeyed IKE SAs. RFC 7296 sections 1.2, 1.3, 2.17, 2.18.

#include "session/core.hpp"

namespace ikescope::session::ikev2 {

/// Reads an opened message of IKE_AUTH or CREATE_CHILD_SA. A rekeyed IKE SA becomes a track of its own.
void read_negotiation(Core& core, std::uint32_t track, const Record& record, const dissect::Message& message);
/// An opened Delete for AH or ESP, with the SPI of whoever sends it.
void read_delete(Track& track, Bytes spi);

} // namespace ikescope::session::ikev2
