#pragma once
// The first check that a router fails when it reads MM5 under the wrong key, in words, bytes and log lines.

#include "ios/log_lines.hpp"
#include "session/outcome.hpp"

namespace ikescope::diagnose {

/// "reserved not zero on ID payload"; for titles, in the words of IOS where it has some.
std::string check_name(const session::SanityCheck& check);
/// "byte 2, RESERVED of the ID payload's header, is 0x7f and must be 0"
std::string check_words(const session::SanityCheck& check);
/// The first decrypted bytes with the failing ones in brackets: "e3 [7f] 12 33 …".
std::string check_bytes(const session::SanityCheck& check);
/// What IOS prints.
ios::LogLines log_of_check(const session::SanityCheck& check, const ios::Ends& ends);

} // namespace ikescope::diagnose
