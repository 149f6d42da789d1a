#pragma once
// What an IKEv2 SA payload chooses, in wire numbers.

#include "session/track.hpp"

namespace ikescope::session::ikev2 {

/// The suite of an IKE_SA_INIT response, which holds one proposal with one transform of each type (RFC 7296 2.7, 3.3).
/// Not known when the payload cannot be read.
CompactSuite chosen_suite(const dissect::PayloadRef& sa);

} // namespace ikescope::session::ikev2
