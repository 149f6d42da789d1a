#pragma once
// Reading an SA's messages as a story: who waits for what, which copies there were, what was said in notifies.

#include "session/sa.hpp"

#include <span>

namespace ikescope::diagnose {

using session::MessageRecord;
using session::Sa;
using session::Side;

/// So much silence is no delay.
inline constexpr Nanoseconds long_enough = 5 * one_second;
/// No implementation repeats a message sooner.
inline constexpr Nanoseconds shortest_timer = one_second / 4;

/// A message for which an answer is still missing when the SA's messages end.
struct Waiting {
    const MessageRecord* first = nullptr;       ///< the message
    std::vector<const MessageRecord*> copies;   ///< its retransmissions
    std::vector<const MessageRecord*> replies;  ///< what the other side sent meanwhile (no answer among them)
    Timestamp last = 0;                         ///< when it was sent for the last time

    explicit operator bool() const { return first != nullptr; }
    std::vector<std::uint64_t> frames() const;
    /// Was it given enough time? Repeated by its sender's timer, or five seconds of capture behind it.
    bool in_vain(Timestamp capture_end) const;
    /// "10 s apart", "after 2.0, 4.0, 8.0 s"; empty without copies.
    std::string rhythm() const;
};

/// The last message of a negotiation (phase 1, Quick Mode, IKE_SA_INIT, IKE_AUTH, CREATE_CHILD_SA) that nobody answered.
/// Nothing when the SA is complete and silent, or when the last word was an answer.
Waiting waiting(const Sa& sa);

/// The first message with that label, retransmissions left out; nullptr when there is none.
const MessageRecord* find(const Sa& sa, std::string_view label);
/// The first message that carries a notify of that type, from `side` on or behind frame order `after`.
const MessageRecord* find_notify(const Sa& sa, std::uint16_t type, std::optional<Side> side = std::nullopt);
bool has_payload(const MessageRecord& message, std::string_view name);

/// Did phase 1 (IKEv1) or IKE_AUTH (IKEv2) come to its end?
bool phase1_complete(const Sa& sa);
/// Is there a suite at all? One cut by the snap length has no algorithms.
inline bool suite_known(const Sa& sa) { return sa.suite.known && sa.suite.encryption != 0; }
/// Did the responder answer with its choice? Before that, the suite is only an offer.
bool suite_agreed(const Sa& sa);
/// Authenticated by pre-shared keys, as far as the suite or the offers say.
bool by_psk(const Sa& sa);
/// Main Mode went as far as MM5 and no farther.
bool stalled_at_mm5(const Sa& sa);

/// "frame 5", "frames 5, 6 and 9", "frames 5 to 10"
std::string frames_text(std::span<const std::uint64_t> frames);

} // namespace ikescope::diagnose
