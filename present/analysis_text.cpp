#include "present/analysis_text.hpp"

#include "diagnose/story.hpp"
#include "diagnose/suite_words.hpp"
#include "present/ladder.hpp"
#include "present/log_report.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::present {

using session::Proof;
using session::Sa;
using session::Side;
using session::Stage;
using session::Version;

namespace {

std::string plural(std::uint64_t count, std::string_view what) { return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"); }

std::string mode_text(const Sa& sa) {
    if (sa.version == Version::v2) return "IKEv2";
    switch (sa.mode) {
    case session::Mode::main: return "IKEv1 Main Mode";
    case session::Mode::aggressive: return "IKEv1 Aggressive Mode";
    case session::Mode::base: return "IKEv1 Base Mode";
    default: return sa.starts_in_the_middle ? "IKEv1, seen from the middle on" : "IKEv1";
    }
}

/// How far it came, in words.
std::string stage_text(const Sa& sa) {
    switch (sa.stage) {
    case Stage::unseen: return "nothing of its negotiation was seen";
    case Stage::qm3: return "all messages of phase 1 and Quick Mode are there, the encrypted ones unread";
    case Stage::qm_complete: return "complete: phase 1 and Quick Mode";
    case Stage::p1_complete:
    case Stage::mm6:
    case Stage::am3: return "phase 1 complete";
    case Stage::established: return "established";
    case Stage::deleted: return "deleted";
    default: return fmt::format("came as far as {}", session::stage_name(sa.stage));
    }
}

std::string failure_text(const AnalyzedSa& analyzed) {
    std::vector<std::string_view> ids;
    for (const auto& finding : analyzed.findings)
        if (finding.severity == Severity::error) ids.push_back(finding.id);
    return fmt::format("FAILED: {} ({})", fmt::join(ids, ", "), stage_text(analyzed.sa));
}

std::string end_text(const AnalyzedSa& analyzed, Side side) {
    const auto& end = side == Side::initiator ? analyzed.sa.initiator : analyzed.sa.responder;
    const auto& router = analyzed.router[static_cast<std::size_t>(side)];
    return router.empty() ? end.text() : fmt::format("{} ({})", end.text(), router);
}

/// "2026-11-23 22:28:23.206671 UTC, 50.007 s"
std::string time_text(const Sa& sa) {
    auto start = rfc3339(sa.start);
    start[10] = ' ';
    return fmt::format("{} UTC, {} s", start.substr(0, 26), seconds_text(sa.end - sa.start, 3));
}

std::string identity_text(const Sa& sa, Side side) {
    const auto index = static_cast<std::size_t>(side);
    auto text = harmless(sa.identity[index].value_or("unknown"));
    if (sa.authentication[index] == Proof::verified) text += " (verified)";
    if (sa.authentication[index] == Proof::failed) text += " (authentication WRONG)";
    return text;
}

std::string child_text(const session::Child& child) {
    auto text = fmt::format("{} {}", child.protocol == 2 ? "AH" : "ESP", child.suite.empty() ? "(suite unknown)" : child.suite);
    if (!child.ts_initiator.empty() || !child.ts_responder.empty())
        text += fmt::format(", {} to {}", fmt::join(child.ts_initiator, " + "), fmt::join(child.ts_responder, " + "));
    if (!child.initiator_spi.empty() || !child.responder_spi.empty())
        text += fmt::format(", SPIs {} / {}", child.initiator_spi.empty() ? "?" : hex(child.initiator_spi),
                            child.responder_spi.empty() ? "?" : hex(child.responder_spi));
    return text;
}

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
    std::string out;
    logs_only_ = files.empty();
    for (const auto& file : files) {
        ike_ += file.ike;
        esp_ += file.esp;
        out += fmt::format("{}: {}, {} IKE, {} ESP\n", paint(style_, Tint::bold, harmless(file.name)), plural(file.packets, "packet"), file.ike,
                           file.esp);
    }
    return logs_only_ ? out : out + "\n";
}

void AnalysisText::append_fact(std::string& out, std::string_view name, std::string_view text) const {
    out += "  " + paint(style_, Tint::dim, fmt::format("{:<12}", name));
    append_wrapped(out, style_, text, 14, 14);
}

std::string AnalysisText::keys_text(const session::KeyUse& keys) const {
    std::vector<std::string> parts;
    const auto psk = [&](std::size_t side) {
        auto text = harmless(*keys.psk[side]);
        if (reveal_ && keys.psk_index[side]) text += fmt::format(" = \"{}\"", reveal_(*keys.psk_index[side]));
        return text;
    };
    const bool same = keys.psk[0] && keys.psk[1] && keys.psk_index[0] == keys.psk_index[1];
    if (same && keys.psk[0] == keys.psk[1]) parts.push_back(fmt::format("both sides use {}", psk(0)));
    else {
        if (keys.psk[0]) parts.push_back(fmt::format("initiator {}", psk(0)));
        if (keys.psk[1]) parts.push_back(fmt::format("responder {}{}", psk(1), same ? " (the same key)" : ""));
    }
    if (keys.dh) parts.push_back(fmt::format("g^xy from {}", harmless(*keys.dh)));
    if (parts.empty()) return keys.available ? "known" : "none known: encrypted messages stay closed";
    return fmt::format("{}", fmt::join(parts, "; "));
}

void AnalysisText::append_facts(std::string& out, const AnalyzedSa& analyzed) const {
    const auto& sa = analyzed.sa;
    append_fact(out, "Cookies", fmt::format("{} / {}", hex(sa.initiator_spi), hex(sa.responder_spi)));
    if (sa.version == Version::v2) out.replace(out.rfind("Cookies"), 7, "SPIs   ");
    append_fact(out, "Time", time_text(sa));
    if (diagnose::suite_known(sa)) append_fact(out, diagnose::suite_agreed(sa) ? "Suite" : "Offered", diagnose::suite_text(sa.suite, sa.version));
    if (sa.identity[0] || sa.identity[1])
        append_fact(out, "Identities", fmt::format("initiator {}; responder {}", identity_text(sa, Side::initiator), identity_text(sa, Side::responder)));
    if (sa.encrypted_seen || sa.keys.dh || sa.keys.psk[0] || sa.keys.psk[1]) append_fact(out, "Keys", keys_text(sa.keys));
    for (const auto& child : sa.children)
        append_fact(out, child.refused ? "Refused" : "Protects", child_text(child));
    if (!sa.nat_note.empty()) append_fact(out, "NAT", harmless(sa.nat_note));
    for (const auto& note : sa.notes) append_fact(out, "Note", harmless(note));
    if (sa.rekey_of) append_fact(out, "Rekeys", fmt::format("SA {}", *sa.rekey_of + 1));
}

void AnalysisText::append_mark(std::string& out, const Rung& rung, const std::string& content, std::size_t at, std::size_t width) const {
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
        out += paint(style_, Tint::dim, line) + paint(style_, rung.from_initiator ? Tint::cyan : Tint::magenta, arrow) + "  ";
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
    count(analyzed.findings);
    const bool failed = std::ranges::any_of(analyzed.findings, [](const auto& f) { return f.severity == Severity::error; });
    ++sas_;
    failed_sas_ += failed;
    auto out = paint(style_, Tint::bold, fmt::format("SA {}  {} → {}", sas_, end_text(analyzed, Side::initiator), end_text(analyzed, Side::responder)));
    out += fmt::format("  {}", mode_text(analyzed.sa));
    if (files.size() > 1 && analyzed.sa.first_file < files.size()) out += fmt::format("  in {}", harmless(files[analyzed.sa.first_file].name));
    out += "\n  " + (failed ? paint(style_, Tint::red, failure_text(analyzed)) : paint(style_, Tint::green, stage_text(analyzed.sa))) + "\n";
    append_facts(out, analyzed);
    out += "\n";
    append_ladder(out, analyzed);
    out += "\n";
    if (analyzed.compared) out += compared_text(*analyzed.compared, style_);
    for (const auto* part : analyzed.logs) out += log_part_text(*part, style_);
    append_findings(out, analyzed.findings);
    return out;
}

/// Long advice that was given before is not repeated for every SA.
void AnalysisText::append_findings(std::string& out, std::span<const diagnose::Finding> findings) {
    for (const auto& finding : findings) {
        const bool known = finding.advice.size() > 60 && !told_.insert(finding.advice).second;
        if (!known) {
            append_finding(out, style_, finding);
            continue;
        }
        auto shorter = finding;
        shorter.advice = "As above.";
        append_finding(out, style_, shorter);
    }
}

void AnalysisText::count(std::span<const diagnose::Finding> findings) {
    for (const auto& finding : findings)
        ++(finding.severity == Severity::error ? errors_ : finding.severity == Severity::warning ? warnings_ : notes_);
}

std::string AnalysisText::foot(std::span<const diagnose::Finding> findings, std::span<const diagnose::LogPart* const> logs) {
    count(findings);
    std::string out;
    for (const auto* part : logs) out += log_part_text(*part, style_);
    if (logs_only_) {
        append_findings(out, findings);
        return out + fmt::format("{}, {}, {} in the logs\n", plural(errors_, "error"), plural(warnings_, "warning"), plural(notes_, "note"));
    }
    if (!findings.empty()) out += paint(style_, Tint::bold, "About the capture, the secrets and the configurations") + "\n\n";
    append_findings(out, findings);
    return out + summary();
}

std::string AnalysisText::none_text() const {
    if (ike_ > 0) return "No IKE exchange could be read.\n";
    if (esp_ > 0) return "No IKE in this capture, only ESP: its keys were negotiated before the capture began, or elsewhere.\n";
    return "No IKE in this capture.\n";
}

std::string AnalysisText::summary() const {
    if (sas_ == 0) return none_text();
    return fmt::format("{}{}: {}, {}, {}\n", plural(sas_, "SA"), failed_sas_ ? fmt::format(", {} of them failed", failed_sas_) : "",
                       plural(errors_, "error"), plural(warnings_, "warning"), plural(notes_, "note"));
}

} // namespace ikescope::present
