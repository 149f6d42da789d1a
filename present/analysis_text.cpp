#include "present/analysis_text.hpp"

#include "present/analysis_words.hpp"
#include "present/ladder.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::present {

using session::Side;

namespace {

Tint tint_of(Rung::Kind kind) {
    switch (kind) {
    case Rung::Kind::opened: return Tint::green;
    case Rung::Kind::sealed:
    case Rung::Kind::repeated: return Tint::dim;
    case Rung::Kind::bad: return Tint::red;
    case Rung::Kind::clear: break;
    }
    return Tint::plain;
}

std::size_t widest(const std::vector<Rung>& rungs, std::string Rung::*column, std::size_t least) {
    for (const auto& rung : rungs) least = std::max(least, columns(rung.*column));
    return least;
}

} // namespace

std::string AnalysisText::head(std::span<const AnalyzedFile> files) {
    tally_.add(files);
    std::string out;
    for (const auto& file : files) {
        out += fmt::format("{}: {}, {} IKE, {} ESP\n", paint(style_, Tint::bold, harmless(file.name)),
                           plural(file.packets, "packet"), file.ike, file.esp);
    }
    return out + "\n";
}

void AnalysisText::append_fact(std::string& out, const Fact& fact) const {
    out += "  " + paint(style_, Tint::dim, fmt::format("{:<12}", fact.name));
    append_wrapped(out, style_, fact.text, 14, 14);
}

void AnalysisText::append_mark(std::string& out, const Rung& rung, const std::string& content, std::size_t at,
                               std::size_t width) const {
    if (rung.mark.empty()) return;
    const auto line = content.rfind('\n');
    const auto used = line == std::string::npos ? columns(content) : columns(content.substr(line + 1)) - at;
    if (at + std::max(used, width) + 2 + columns(rung.mark) > style_.width && used > width) {
        out += "\n" + std::string(at, ' ');
    } else {
        out.append(used < width ? width - used + 2 : 2, ' ');
    }
    out += paint(style_, rung.kind == Rung::Kind::bad ? Tint::red : Tint::dim, rung.mark);
}

void AnalysisText::append_ladder(std::string& out, const AnalyzedSa& analyzed) const {
    const auto rungs = ladder(analyzed.sa);
    const auto frames = widest(rungs, &Rung::frames, 5), labels = widest(rungs, &Rung::label, 3);
    const auto times = rungs.empty() ? 0 : std::max<std::size_t>(11, seconds_text(rungs.back().since_start, 6).size());
    std::size_t contents = 0; // of rungs with a mark, for a column of marks
    for (const auto& rung : rungs)
        if (!rung.mark.empty()) contents = std::max(contents, columns(rung.content));
    contents = std::min<std::size_t>(contents, 40);
    for (const auto& rung : rungs) {
        const auto time = seconds_text(rung.since_start, 6);
        std::string line = "  " + std::string(times - std::min(times, time.size()), ' ') + time + "  ";
        line.append(frames - std::min(frames, columns(rung.frames)), ' ');
        line += rung.frames + "  ";
        append_padded(line, rung.label, labels);
        line += "  ";
        const auto arrow = rung.label.empty() ? " " : rung.from_initiator ? "→" : "←";
        const auto at = columns(line) + 3;
        out += paint(style_, Tint::dim, line) + paint(style_, rung.from_initiator ? Tint::cyan : Tint::magenta, arrow) +
               "  ";
        std::string content;
        append_wrapped(content, style_, harmless(rung.content), at, at);
        content.pop_back();
        out += paint(style_, tint_of(rung.kind), content);
        append_mark(out, rung, content, at, contents);
        out += "\n";
    }
    if (analyzed.sa.shed) out += "  (the messages of this SA were forgotten to save memory)\n";
}

std::string AnalysisText::sa(const AnalyzedSa& analyzed, std::span<const AnalyzedFile> files) {
    tally_.add(analyzed);
    auto out = paint(style_, Tint::bold,
                     fmt::format("SA {}  {} → {}", tally_.sas(), end_text(analyzed, Side::initiator),
                                 end_text(analyzed, Side::responder)));
    out += fmt::format("  {}", mode_text(analyzed.sa));
    if (files.size() > 1 && analyzed.sa.first_file < files.size())
        out += fmt::format("  in {}", harmless(files[analyzed.sa.first_file].name));
    out += "\n  " + paint(style_, failed(analyzed) ? Tint::red : Tint::green, verdict_text(analyzed)) + "\n";
    for (const auto& fact : facts(analyzed, reveal_)) append_fact(out, fact);
    out += "\n";
    append_ladder(out, analyzed);
    out += "\n";
    append_findings(out, analyzed.findings);
    return out;
}

void AnalysisText::append_findings(std::string& out, std::span<const diagnose::Finding> findings) {
    for (const auto& finding : findings) append_finding(out, style_, finding, tally_.advice(finding));
}

std::string AnalysisText::foot(std::span<const diagnose::Finding> findings, std::span<const session::Sessions::LooseEsp> loose) {
    tally_.add(findings);
    std::string out;
    if (!loose.empty()) out += paint(style_, Tint::bold, loose_esp_title) + "\n\n";
    for (const auto& fact : facts(loose)) append_fact(out, fact);
    if (!loose.empty()) out += '\n';
    if (!findings.empty())
        out += paint(style_, Tint::bold, "About the capture, the secrets and the configurations") + "\n\n";
    append_findings(out, findings);
    return out + tally_.summary() + "\n";
}

} // namespace ikescope::present
