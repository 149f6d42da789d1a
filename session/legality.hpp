#pragma once
// The rules (rules.hpp) held against the messages that pass by.

#include "session/outcome.hpp"
#include "session/track.hpp"

namespace ikescope::session {

/// What a message breaks, by what is known of it: its payloads in the clear, or those of an opened message that is
/// authentic or not proved otherwise. Nothing for copies, malformed and cut messages, and those whose place is a guess.
/// `clear` is the message as walked, or as IKE fragments gave it.
std::vector<Violation> violations_of(const Record& record, const Outcome& seen, const dissect::Message& clear);

} // namespace ikescope::session
