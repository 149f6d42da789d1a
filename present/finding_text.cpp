#include "present/analysis_text.hpp"

#include <fmt/format.h>

namespace ikescope::present {

using diagnose::Certainty;
using diagnose::Finding;

namespace {

constexpr std::size_t margin = 4, text_column = 15;

Tint tint_of(Severity severity) {
    return severity == Severity::error ? Tint::red : severity == Severity::warning ? Tint::yellow : Tint::cyan;
}

std::string heading(const Style& style, const Finding& finding) {
    std::string word(diagnose::severity_name(finding.severity));
    for (auto& c : word) c = static_cast<char>(c & ~0x20);
    auto text = "  " + paint(style, tint_of(finding.severity), fmt::format("{:<7}", word)) + " " +
                paint(style, Tint::bold, finding.id);
    text += paint(style, Tint::dim, fmt::format("  ({})", diagnose::certainty_name(finding.certainty)));
    return text + "\n";
}

void append_named(std::string& out, const Style& style, std::string_view name, std::string_view text) {
    if (text.empty()) return;
    out.append(margin, ' ');
    out += paint(style, Tint::dim, fmt::format("{:<{}}", name, text_column - margin));
    append_wrapped(out, style,
                   harmless(text.substr(0, text.find('\n'))) +
                       std::string(text.find('\n') == text.npos ? "" : text.substr(text.find('\n'))),
                   text_column, text_column);
}

/// The word an evidence line begins with becomes a column.
void append_evidence(std::string& out, const Style& style, const Finding& finding) {
    bool first = true;
    for (const auto& item : finding.evidence) {
        const auto [how, what] = split_evidence(item);
        out.append(margin, ' ');
        out += paint(style, Tint::dim, fmt::format("{:<{}}", first ? "Evidence" : "", text_column - margin));
        out += paint(style, how == "proved" ? Tint::green : Tint::yellow, fmt::format("{:<11}", how));
        append_wrapped(out, style, harmless(what), text_column + 11, text_column + 11);
        first = false;
    }
}

void append_logs(std::string& out, const Style& style, const Finding& finding) {
    for (const auto& [router, lines] : finding.router_log) {
        if (lines.empty()) continue;
        out.append(margin, ' ');
        out += paint(style, Tint::dim, fmt::format("{} logs", router)) + "\n";
        for (const auto& line : lines) out += std::string(margin + 4, ' ') + harmless(line) + "\n";
    }
}

} // namespace

void append_finding(std::string& out, const Style& style, const Finding& finding, std::string_view advice) {
    out += heading(style, finding);
    out.append(margin, ' ');
    append_wrapped(out, style, harmless(finding.title), margin, margin);
    if (finding.severity != Severity::note) append_named(out, style, "Why", finding.explanation);
    if (!finding.causes.empty())
        append_named(out, style, "Caused by", fmt::format("{}", fmt::join(finding.causes, ", ")));
    append_evidence(out, style, finding);
    append_logs(out, style, finding);
    append_named(out, style, "Advice", advice);
    if (finding.severity == Severity::error) append_named(out, style, "Source", finding.source);
    out += "\n";
}

} // namespace ikescope::present
