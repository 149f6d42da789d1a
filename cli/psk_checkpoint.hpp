#pragma once
// The file that lets a key search go on later. It holds places, never keys: found ones are made and proved again.

#include "session/key_searcher.hpp"

namespace ikescope::cli {

struct Checkpoint {
    std::string search; ///< what is searched in what, as a hash: see identity_of()
    session::WorkUnit done_before;
    double tested = 0, seconds = 0;
    bool complete = false;
    struct Found {
        std::size_t target = 0;
        session::WorkUnit unit;
        secrets::CandidateId id;
    };
    std::vector<Found> found;
};

/// Changes with the tests (so with captures and secrets), the sources (names, sizes, times, rules, masks) and --all.
std::string identity_of(const session::KeySearch& search, const session::KeySearcher::Sources& sources, bool all);

/// Nothing when there is no such file; an error when it is none of ours, cannot be read, or belongs to another search.
Result<std::optional<Checkpoint>> read_checkpoint(const std::string& path, const std::string& identity);
/// Where the next one is written before it takes the place of the file.
std::string fresh_checkpoint(const std::string& path);
/// Replaces the file as a whole: a search that is killed leaves the last one.
Result<Done> write_checkpoint(const std::string& path, const Checkpoint& checkpoint);

} // namespace ikescope::cli
