#pragma once
// The rules (rules.hpp) held against the messages that pass by.

#include "session/outcome.hpp"
#include "session/track.hpp"

#include <unordered_set>

namespace ikescope::session {

class Legality {
public:
    struct Judged; ///< a message and what is known of its place

    /// What a message breaks, by what is known of it: its payloads in the clear, or those of an opened message that is
    /// authentic or not proved otherwise. Nothing for copies, malformed and cut messages, and those whose place is a guess.
    /// `clear` is the message as walked, or as IKE fragments gave it.
    std::vector<Violation> violations_of(const Record& record, const Outcome& seen, const dissect::Message& clear);

private:
    void judge_suites(const Judged& at, std::uint64_t place, std::vector<Violation>& found);
    std::vector<Violation> misplaced(const Record& record, const dissect::Message& chain, std::uint64_t place, std::uint8_t step);

    /// Places whose protection was right, and with the number of a list of payloads (Record::payloads) above them those where
    /// it may stand: most messages look like one before them.
    std::unordered_set<std::uint64_t> fitting_;
    /// SA payloads with all that their checks look at, where these found nothing.
    std::unordered_set<std::string> sound_suites_;
};

} // namespace ikescope::session
