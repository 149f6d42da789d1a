#pragma once
// Runs candidates from all sources over all trials of a KeySearch, on several threads, and proves every hit in full.

#include "secrets/candidates.hpp"
#include "session/sessions.hpp"

#include <condition_variable>
#include <mutex>
#include <set>

namespace ikescope::session {

/// A unit of a source. Ordered as the work is given out.
struct WorkUnit {
    std::size_t source = 0;
    std::uint64_t unit = 0;
    auto operator<=>(const WorkUnit&) const = default;
};

/// A key that was proved, and the candidate that it was.
struct FoundKey {
    std::size_t target = 0;
    Secret key;
    WorkUnit unit;
    secrets::CandidateId id;
};

class KeySearcher {
public:
    using Sources = std::vector<std::unique_ptr<secrets::Candidates>>;
    struct Options {
        unsigned jobs = 1;
        bool all = false;                            ///< go on behind the first key of a target
        const crypto::psk::Kernel* kernel = nullptr; ///< nothing: the widest
        WorkUnit start;                              ///< what comes before it was searched already
    };
    /// All must outlive the searcher.
    KeySearcher(const Sessions& sessions, const KeySearch& search, const Sources& sources, Options options);

    struct Progress {
        std::uint64_t tested = 0;   ///< candidates, in this run
        double seconds = 0;         ///< since the start of this run
        std::optional<double> left; ///< about how many candidates there are still; nothing with a stream
        WorkUnit done_before;       ///< everything before it is searched
        const std::vector<FoundKey>& found;
    };
    /// Searches until everything is found or tried. `watch` is called a few times a second and at the end, on this
    /// thread; it may end the search by returning false. True: the search came to its end.
    bool run(const std::function<bool(const Progress&)>& watch);

    /// A key that an earlier run found: made again from its place and proved again. False when that fails.
    bool recall(std::size_t target, WorkUnit unit, secrets::CandidateId id);
    const std::vector<FoundKey>& found() const { return found_; }

private:
    void work();
    std::optional<WorkUnit> take();
    void finish(WorkUnit unit, bool exists);
    void test(crypto::psk::Worker& worker, crypto::psk::Batch& batch, WorkUnit unit);
    void prove(const crypto::psk::Hit& hit, const crypto::psk::Batch& batch, WorkUnit unit);
    void keep(FoundKey key);
    Progress progress(double seconds) const;
    std::uint64_t units_of(std::size_t source) const;

    const Sessions& sessions_;
    const KeySearch& search_;
    const Sources& sources_;
    Options options_;
    crypto::psk::Plan plan_;
    std::vector<std::atomic<bool>> done_; ///< per trial
    std::atomic<bool> stop_ = false;
    std::atomic<std::uint64_t> tested_ = 0;

    mutable std::mutex mutex_; ///< guards what follows
    std::condition_variable changed_;
    WorkUnit next_;
    std::set<WorkUnit> under_way_;
    std::vector<bool> exhausted_; ///< per source
    std::vector<FoundKey> found_;
    unsigned working_ = 0;
};

} // namespace ikescope::session
