#pragma once
// An SA's messages as a ladder: one row for each message, copies and keepalives folded.

#include "session/sa.hpp"

#include <string>
#include <vector>

namespace ikescope::present {

/// One rung.
struct Rung {
    Nanoseconds since_start = 0;
    std::string frames;  ///< "5", "6-10", "6,8,10"
    std::string label;   ///< "MM5"
    bool from_initiator = true;
    std::string content; ///< "ID HASH N(INITIAL_CONTACT)", "copy of frame 5, 5 times, 10.0 s apart"
    std::string mark;    ///< "decrypted, HASH_I verified"
    enum class Kind : std::uint8_t { clear, opened, sealed, repeated, bad } kind = Kind::clear;
};

/// The rungs of an SA. When there would be more than `limit`, the middle is left out and one rung says how many.
std::vector<Rung> ladder(const session::Sa& sa, std::size_t limit = 200);

/// "SA V V V" as "SA V×3".
std::string payloads_text(const std::vector<std::string>& payloads);

} // namespace ikescope::present
