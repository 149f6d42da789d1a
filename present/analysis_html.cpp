#include "present/analysis_html.hpp"

#include "present/escape.hpp"
#include "present/html_style.hpp"

#include <fmt/format.h>

namespace ikescope::present {

namespace {

std::string escaped(std::string_view text) {
    StringSink sink;
    {
        Output out(sink);
        append_escaped(out, text, Escape::xml);
    }
    return std::move(sink.content);
}

std::string element(std::string_view tag, std::string_view text, std::string_view css = {}) {
    return fmt::format("<{}{}>{}</{}>", tag, css.empty() ? "" : fmt::format(" class=\"{}\"", css), escaped(text), tag);
}

/// Lines as they stand: a router's log, a piece of configuration.
std::string quoted(std::string_view text) {
    std::string made = "<pre>";
    for (std::size_t end = 0; end != std::string_view::npos;
         text.remove_prefix(end == std::string_view::npos ? 0 : end + 1)) {
        end = text.find('\n');
        made += escaped(text.substr(0, end)) + (end == std::string_view::npos ? "" : "\n");
    }
    return made + "</pre>";
}

std::string_view css_of(Rung::Kind kind) {
    switch (kind) {
    case Rung::Kind::opened: return "opened";
    case Rung::Kind::sealed: return "sealed";
    case Rung::Kind::repeated: return "repeated";
    case Rung::Kind::bad: return "bad";
    case Rung::Kind::clear: break;
    }
    return "clear";
}

/// Advice and explanations: a sentence, then lines of configuration as they are.
std::string prose(std::string_view text) {
    const auto end = text.find('\n');
    auto made = element("p", text.substr(0, end));
    return end == std::string_view::npos ? made : made + quoted(text.substr(end + 1));
}

} // namespace

void AnalysisHtml::begin(std::span<const AnalyzedFile> files) {
    tally_.add(files);
    out_ << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
         << escaped(files.empty() ? "ikescope" : "ikescope: " + files.front().name) << "</title>\n<style>" << html_style
         << "</style>\n</head>\n<body>\n<h1>IKE analysis</h1>\n<ul class=\"files\">\n";
    for (const auto& file : files) {
        files_.push_back(file.name);
        out_ << "<li>" << element("b", file.name)
             << escaped(fmt::format(": {}, {} IKE, {} ESP", plural(file.packets, "packet"), file.ike, file.esp))
             << "</li>\n";
    }
    out_ << "</ul>\n";
}

void AnalysisHtml::write_rung(const Rung& rung) {
    const auto lane = rung.label.empty() ? "" : rung.from_initiator ? "right" : "left";
    out_ << "<tr class=\"" << css_of(rung.kind) << "\">" << element("td", seconds_text(rung.since_start, 6), "time")
         << element("td", rung.frames, "frame") << "<td class=\"lane " << lane << "\"><span class=\"label\">"
         << escaped(rung.label) << "</span></td><td>" << element("span", rung.content, "content")
         << element("span", rung.mark, "mark") << "</td></tr>\n";
}

void AnalysisHtml::write_ladder(const AnalyzedSa& analyzed) {
    out_ << "<table class=\"ladder\">\n<tr><th class=\"time\">s</th><th class=\"frame\">frame</th><th "
            "class=\"ends\"><span>"
         << escaped(end_text(analyzed, session::Side::initiator)) << "</span><span>"
         << escaped(end_text(analyzed, session::Side::responder)) << "</span></th><th>payloads</th></tr>\n";
    for (const auto& rung : ladder(analyzed.sa)) write_rung(rung);
    out_ << "</table>\n";
    if (analyzed.sa.shed) out_ << element("p", "The messages of this SA were forgotten to save memory.") << "\n";
}

void AnalysisHtml::add(const AnalyzedSa& analyzed) {
    tally_.add(analyzed);
    out_ << "<section id=\"sa" << tally_.sas() << "\">\n<h2>"
         << escaped(fmt::format("SA {}: {} → {}", tally_.sas(), end_text(analyzed, session::Side::initiator),
                                end_text(analyzed, session::Side::responder)))
         << element("small", mode_text(analyzed.sa)) << "</h2>\n"
         << element("p", verdict_text(analyzed), failed(analyzed) ? "verdict error" : "verdict good") << "\n<dl>\n";
    if (files_.size() > 1 && analyzed.sa.first_file < files_.size())
        out_ << element("dt", "File") << element("dd", files_[analyzed.sa.first_file]) << "\n";
    for (const auto& fact : facts(analyzed, reveal_))
        out_ << element("dt", fact.name) << element("dd", fact.text) << "\n";
    out_ << "</dl>\n";
    write_ladder(analyzed);
    write_findings(analyzed.findings);
    out_ << "</section>\n";
}

void AnalysisHtml::write_findings(std::span<const diagnose::Finding> findings) {
    for (const auto& finding : findings) write_finding(finding);
}

void AnalysisHtml::write_evidence(const diagnose::Finding& finding) {
    if (finding.evidence.empty()) return;
    out_ << "<h4>Evidence</h4>\n<ul class=\"evidence\">\n";
    for (const auto& item : finding.evidence) {
        const auto [how, what] = split_evidence(item);
        out_ << "<li>" << (how.empty() ? std::string() : element("span", how, how)) << escaped(what) << "</li>\n";
    }
    out_ << "</ul>\n";
}

void AnalysisHtml::write_logs(const diagnose::Finding& finding) {
    for (const auto& [router, lines] : finding.router_log)
        if (!lines.empty())
            out_ << element("h4", router + " logs") << quoted(fmt::format("{}", fmt::join(lines, "\n"))) << "\n";
}

void AnalysisHtml::write_finding(const diagnose::Finding& finding) {
    const auto severity = diagnose::severity_name(finding.severity);
    out_ << "<article class=\"" << severity << "\">\n<h3>" << element("span", severity, "severity") << " "
         << element("code", finding.id) << element("small", diagnose::certainty_name(finding.certainty)) << "</h3>\n"
         << element("p", finding.title, "title") << "\n";
    if (!finding.explanation.empty()) out_ << prose(finding.explanation) << "\n";
    if (!finding.causes.empty())
        out_ << element("p", fmt::format("Caused by {}", fmt::join(finding.causes, ", "))) << "\n";
    write_evidence(finding);
    write_logs(finding);
    if (const auto advice = tally_.advice(finding); !advice.empty())
        out_ << "<h4>Advice</h4>\n" << prose(advice) << "\n";
    if (!finding.source.empty()) out_ << element("p", "Source: " + finding.source, "source") << "\n";
    out_ << "</article>\n";
}

void AnalysisHtml::end(std::span<const diagnose::Finding> findings, std::span<const session::Sessions::LooseEsp> loose) {
    tally_.add(findings);
    if (!loose.empty()) {
        out_ << "<section>\n<h2>" << loose_esp_title << "</h2>\n<dl>\n";
        for (const auto& fact : facts(loose)) out_ << element("dt", fact.name) << element("dd", fact.text) << "\n";
        out_ << "</dl>\n</section>\n";
    }
    if (!findings.empty()) {
        out_ << "<section>\n<h2>About the capture, the secrets and the configurations</h2>\n";
        write_findings(findings);
        out_ << "</section>\n";
    }
    out_ << element("p", tally_.summary(), "summary") << "\n</body>\n</html>\n";
}

} // namespace ikescope::present
