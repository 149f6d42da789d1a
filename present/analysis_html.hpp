#pragma once
// `analyze --format html`: one file to send to a colleague. No scripts, nothing loaded from elsewhere, every text from
// a packet escaped. Written SA by SA, so that a large capture needs no large memory.

#include "present/analysis_words.hpp"
#include "present/ladder.hpp"

#include <ostream>

namespace ikescope::present {

class AnalysisHtml {
public:
    AnalysisHtml(std::ostream& out, Reveal reveal) : out_(out), reveal_(std::move(reveal)) {}

    void begin(std::span<const AnalyzedFile> files);
    void add(const AnalyzedSa& analyzed);
    /// `loose`: ESP opened with given keys that belongs to none of the SAs.
    void end(std::span<const diagnose::Finding> findings, std::span<const session::Sessions::LooseEsp> loose = {});

private:
    void write_ladder(const AnalyzedSa& analyzed);
    void write_rung(const Rung& rung);
    void write_findings(std::span<const diagnose::Finding> findings);
    void write_finding(const diagnose::Finding& finding);
    void write_evidence(const diagnose::Finding& finding);
    void write_logs(const diagnose::Finding& finding);

    std::ostream& out_;
    Reveal reveal_;
    Tally tally_;
    std::vector<std::string> files_;
};

} // namespace ikescope::present
