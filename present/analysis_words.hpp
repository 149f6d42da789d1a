#pragma once
// The words of an analysis that its forms for people share: how far an SA came, who its ends are, the facts about it.

#include "present/analysis.hpp"
#include "session/sessions.hpp"

#include <set>
#include <string>
#include <vector>

namespace ikescope::present {

/// "1 packet", "2 packets"
std::string plural(std::uint64_t count, std::string_view what);

/// "IKEv1 Main Mode"
std::string mode_text(const session::Sa& sa);
/// How far it came: "complete: phase 1 and Quick Mode".
std::string stage_text(const session::Sa& sa);
bool failed(const AnalyzedSa& analyzed);
/// stage_text(), or "FAILED: keyring-mismatch (came as far as MM5)".
std::string verdict_text(const AnalyzedSa& analyzed);
/// "192.168.0.1:500 (R1)"
std::string end_text(const AnalyzedSa& analyzed, session::Side side);

struct Fact {
    std::string_view name; ///< "Suite"
    std::string text;      ///< without control characters
};
/// Cookies, time, suite, identities, keys, children, remarks; only what is known.
std::vector<Fact> facts(const AnalyzedSa& analyzed, const Reveal& reveal);
/// ESP that was opened with given keys and belongs to none of the SAs.
std::vector<Fact> facts(std::span<const session::Sessions::LooseEsp> loose);
inline constexpr std::string_view loose_esp_title = "ESP that none of the SAs above negotiated";

/// An evidence line with its certainty split off: {"proved", "MM5 opens …"}; an empty `how` when it has none.
struct Evidence {
    std::string_view how, what;
};
Evidence split_evidence(std::string_view item);

/// Counts what was told, and remembers which long advice was given already.
class Tally {
public:
    void add(std::span<const AnalyzedFile> files);
    void add(const AnalyzedSa& analyzed);
    void add(std::span<const diagnose::Finding> findings);
    /// The advice of a finding, or "As above." when the same long one was given before.
    std::string advice(const diagnose::Finding& finding);
    std::size_t sas() const { return sas_; }
    /// "2 SAs, 1 of them failed: 1 error, 3 warnings, 0 notes", or why there is none.
    std::string summary() const;

private:
    std::size_t sas_ = 0, failed_ = 0, errors_ = 0, warnings_ = 0, notes_ = 0;
    std::uint64_t ike_ = 0, esp_ = 0;
    std::set<std::string> told_;
};

} // namespace ikescope::present
