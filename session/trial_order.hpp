#pragma once
// In which order secrets are tried on an SA, so that thousands of them against thousands of SAs stay fast: first those
// that name the SA, found by hash; then those that no SA has taken yet; then the last ones that were taken.

#include "base/bytes.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

namespace ikescope::session {

/// For the SA whose search ended early.
inline constexpr std::string_view not_all_tried =
    "not all secrets were tried on this SA, because ten million trials were made before: give the secret with its SPI";

class TrialOrder {
public:
    using Spi = std::array<Byte, 8>;

    /// A secret by its index; `spi` when its source names the initiator's.
    void add(std::size_t index, const Spi* spi) {
        if (spi)
            named_[std::string(text_of(*spi))].push_back(index);
        else
            fresh_.push_back(index);
        if (taken_.size() <= index) taken_.resize(index + 1);
    }
    /// Calls visit(index) with those that name the SA until it returns true.
    template <class Visit>
    bool named(Bytes spi, Visit visit) const {
        if (named_.empty()) return false;
        const auto at = named_.find(std::string(text_of(spi)));
        if (at == named_.end()) return false;
        for (const auto index : at->second)
            if (visit(index)) return true;
        return false;
    }
    /// The same with those that name none. Ends also when there were too many trials in all, see exhausted().
    template <class Visit>
    bool unnamed(Visit visit) {
        if (stale_ > fresh_.size() / 8) {
            std::erase_if(fresh_, [&](std::size_t index) { return taken_[index]; });
            stale_ = 0;
        }
        for (const auto index : fresh_) {
            if (taken_[index]) continue;
            if (exhausted()) return false;
            ++trials_;
            if (visit(index)) return true;
        }
        const auto from = recent_.size() - std::min(recent_.size(), most_recent);
        for (auto i = recent_.size(); i-- > from;)
            if (visit(recent_[i])) return true;
        return false;
    }
    /// Do so few secrets name the SA that every message may be tried with them?
    bool few_named(Bytes spi) const {
        const auto at = named_.find(std::string(text_of(spi)));
        return at == named_.end() || at->second.size() <= few;
    }
    /// This secret is proved for an SA; it will hardly fit another.
    void take(std::size_t index) {
        if (index >= taken_.size() || taken_[index]) return;
        taken_[index] = true;
        recent_.push_back(index);
        ++stale_;
    }
    /// How often one direction of an SA may be searched: with many secrets once must do, with few `most` is allowed, as where
    /// forged messages may come before the true one.
    std::uint8_t repeats(std::uint8_t most = 3) const { return fresh_.size() > many ? 1 : fresh_.size() > few ? 3 : most; }
    /// Some secrets were not tried any more.
    bool exhausted() const { return trials_ >= most_trials; }
    /// A visit that meant many trials, as with many pre-shared keys, says so.
    void spend(std::size_t trials) { trials_ += trials; }

private:
    static constexpr std::size_t few = 16, many = 256, most_recent = 64;
    static constexpr std::size_t most_trials = 10'000'000; ///< about a minute

    std::unordered_map<std::string, std::vector<std::size_t>> named_;
    std::vector<std::size_t> fresh_, recent_;
    std::vector<bool> taken_;
    std::size_t stale_ = 0, trials_ = 0;
};

/// The numbers below a count, those that were of use lately first: in a site with many SAs few pre-shared keys are new.
class RecentFirst {
public:
    explicit RecentFirst(std::size_t count = 0) : count_(count) {}
    /// Calls visit(index) with each until it returns true.
    template <class Visit>
    bool each(Visit visit) const {
        for (const auto index : recent_)
            if (visit(index)) return true;
        for (std::size_t index = 0; index < count_; ++index)
            if (std::ranges::find(recent_, index) == recent_.end() && visit(index)) return true;
        return false;
    }
    void use(std::size_t index) {
        std::erase(recent_, index);
        recent_.insert(recent_.begin(), index);
        if (recent_.size() > most) recent_.pop_back();
    }

private:
    static constexpr std::size_t most = 16;
    std::size_t count_;
    std::vector<std::size_t> recent_;
};

} // namespace ikescope::session
