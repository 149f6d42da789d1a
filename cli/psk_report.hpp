#pragma once
// What `ikescope psk` says: what is tested, how far it is, what was found; as text while it runs, as JSON at its end.

#include "cli/analysis.hpp"
#include "session/key_searcher.hpp"

namespace ikescope::cli {

/// Everything a report is made of.
struct KeyReport {
    const Analysis& analysis;
    const session::KeySearch& search;
    const session::KeySearcher::Sources& sources;
    bool show = false; ///< key values
    std::string engine;
    unsigned jobs = 1;

    /// "SA 1 192.0.2.1:500 > 192.0.2.2:500 (main mode), key of the initiator"
    std::string name(std::size_t target) const;
    /// Where a key came from, and the key where it may be shown.
    std::string origin(const session::FoundKey& key) const;
};

/// How a search went, over all its runs.
struct SearchTotals {
    double tested = 0, seconds = 0;
    bool complete = false; ///< every candidate was tried, or every key found
};

/// What is tested, and what is not and why.
std::string describe_targets(const KeyReport& report);
std::string describe_found(const KeyReport& report, const session::FoundKey& key);
/// The targets without a key, and the totals.
std::string describe_end(const KeyReport& report, const std::vector<session::FoundKey>& found,
                         const SearchTotals& totals);
/// One line: tested, rate, time left.
std::string describe_progress(const session::KeySearcher::Progress& progress, std::size_t targets);
std::string report_json(const KeyReport& report, const std::vector<session::FoundKey>& found,
                        const SearchTotals& totals);

} // namespace ikescope::cli
