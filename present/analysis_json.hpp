#pragma once
// `analyze --format json`: one document, written SA by SA so that a large capture needs no large memory.
// The keys are a contract (docs/json-format.md): they may be added to, never renamed.

#include "present/analysis.hpp"
#include "session/sessions.hpp"

#include <ostream>

namespace ikescope::present {

class AnalysisJson {
public:
    AnalysisJson(std::ostream& out, Reveal reveal) : out_(out), reveal_(std::move(reveal)) {}

    void begin(std::span<const AnalyzedFile> files);
    void add(const AnalyzedSa& analyzed);
    /// `loose`: ESP opened with given keys that belongs to none of the SAs.
    void end(std::span<const diagnose::Finding> findings, std::span<const session::Sessions::LooseEsp> loose = {});

private:
    std::ostream& out_;
    Reveal reveal_;
    bool several_files_ = false;
    bool first_ = true;
};

} // namespace ikescope::present
