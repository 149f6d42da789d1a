#pragma once
// The SAs by number. A number never changes; where memory is short the oldest SAs are forgotten for good.

#include "session/track.hpp"

#include <deque>

namespace ikescope::session {

class Tracks {
public:
    /// SAs there ever were; the next one gets this number.
    std::size_t size() const { return forgotten_ + kept_.size(); }
    std::size_t kept() const { return kept_.size(); }
    bool knows(std::size_t sa) const { return sa >= forgotten_ && sa < size(); }
    Track& operator[](std::size_t sa) { return kept_[sa - forgotten_]; }
    const Track& operator[](std::size_t sa) const { return kept_[sa - forgotten_]; }
    Track& emplace_back() { return kept_.emplace_back(); }
    auto begin() const { return kept_.begin(); }
    auto end() const { return kept_.end(); }
    void forget_oldest() {
        kept_.pop_front();
        ++forgotten_;
    }

private:
    std::deque<Track> kept_;
    std::size_t forgotten_ = 0;
};

} // namespace ikescope::session
