#pragma once
// `analyze --format text`: for every SA who, what, how far, the ladder of its messages, and the findings.

#include "present/analysis_words.hpp"
#include "present/ladder.hpp"
#include "present/paint.hpp"
#include "session/sessions.hpp"

namespace ikescope::present {

class AnalysisText {
public:
    AnalysisText(Style style, Reveal reveal) : style_(style), reveal_(std::move(reveal)) {}

    /// "capture.pcap: 10 packets, 10 IKE, 0 ESP"
    std::string head(std::span<const AnalyzedFile> files);
    /// One SA in full.
    std::string sa(const AnalyzedSa& analyzed, std::span<const AnalyzedFile> files);
    /// Findings about the capture as a whole, then the count of everything.
    std::string foot(std::span<const diagnose::Finding> findings, std::span<const session::Sessions::LooseEsp> loose = {});

private:
    void append_fact(std::string& out, const Fact& fact) const;
    void append_ladder(std::string& out, const AnalyzedSa& analyzed) const;
    void append_mark(std::string& out, const Rung& rung, const std::string& content, std::size_t at,
                     std::size_t width) const;
    void append_findings(std::string& out, std::span<const diagnose::Finding> findings);

    Style style_;
    Reveal reveal_;
    Tally tally_;
};

/// A finding as people read it, with that advice.
void append_finding(std::string& out, const Style& style, const diagnose::Finding& finding, std::string_view advice);

} // namespace ikescope::present
