#pragma once
// The reliable part of an exchange: what was sent last, what came last, and when to send again.

#include "replay/actions.hpp"

#include <algorithm>

namespace ikescope::replay {

/// IOS repeats a message every 10 s, five times, and gives up 10 s later ("attempt 5 of 5").
struct Patience {
    Nanoseconds interval = 10 * one_second;
    unsigned repeats = 5;
};
/// A message that comes twice within that time of sending the answer, or of repeating it, is not answered again
/// ("retransmission skipped").
inline constexpr Nanoseconds duplicate_pause = one_second;

struct Exchange {
    Send last;              ///< empty message: nothing was sent yet
    std::string_view label; ///< of `last`: "MM1"
    Buffer received;        ///< the message that `last` answers
    bool waiting = false;   ///< for an answer to `last`
    unsigned repeats = 0;
    Timestamp sent_at = 0, due = 0;

    void transmit(Send what, std::string_view name, bool wait, Timestamp now, const Patience& patience, Actions& out) {
        last = std::move(what);
        label = name;
        waiting = wait;
        repeats = 0;
        due = now + patience.interval;
        again(now, out);
    }
    void again(Timestamp now, Actions& out) {
        sent_at = now;
        out.emplace_back(last);
    }
    bool is_duplicate(Bytes message) const { return !received.empty() && std::ranges::equal(received, message); }
    bool answers_duplicate(Timestamp now) const {
        return !last.message.empty() && now - sent_at >= duplicate_pause && !(waiting && due - now < duplicate_pause);
    }
    bool overdue(Timestamp now) const { return waiting && due <= now; }
};

} // namespace ikescope::replay
