#pragma once
// An opened message written in clear, as a reader without keys can take it.

#include "session/outcome.hpp"

namespace ikescope::session {

/// IKEv1: header without the E flag, then the decrypted payloads without padding.
/// IKEv2: the payloads in front of SK or SKF, then those that were inside it, the next payload fields joined.
/// A message out of IKE fragments that was not encrypted comes as a whole, too. Nothing for what could not be opened,
/// and for what has to be changed in nothing.
std::optional<Buffer> clear_message(const Outcome& outcome);

} // namespace ikescope::session
