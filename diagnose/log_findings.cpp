// What a router's log says failed, told without a packet: the router's own words, their meaning on the wire, and the
// choices that the log shows around them.

#include "diagnose/catalogue.hpp"
#include "diagnose/router_logs.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose {

namespace {

using ios::LogNegotiation;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string place(const LogPart& part, const ios::LogEntry& entry) {
    const auto time = entry.time ? ", " + entry.time->text() : std::string();
    return fmt::format("{} line {}{}", part.log->source.empty() ? part.log->name : part.log->source, entry.line, time);
}

Concern concern_of(std::string_view id) {
    const auto* row = find_row(id);
    return row ? row->concern : Concern::always;
}

/// The best row of a concern: errors before the rest, then the order of the table.
std::vector<const LogText*> telling_rows(const LogPart& part) {
    std::vector<const LogText*> rows;
    for (const auto& line : part.lines)
        if (line.text && std::ranges::find(rows, line.text) == rows.end()) rows.push_back(line.text);
    std::ranges::sort(rows, {}, [](const LogText* row) { return std::pair(row->severity != Severity::error, row); });
    std::vector<const LogText*> out;
    for (const auto* row : rows) {
        const auto same = [&](const LogText* other) {
            return part.negotiation ? concern_of(other->finding) == concern_of(row->finding)
                                    : other->finding == row->finding;
        };
        // Phase 2 is only reached when phase 1 is through: what a complete phase 1 complained about before is no
        // failure.
        const bool behind =
            part.negotiation && part.negotiation->complete && concern_of(row->finding) == Concern::phase1;
        const bool child_told = std::ranges::any_of(
            rows, [](const LogText* other) { return concern_of(other->finding) == Concern::child; });
        if ((behind && child_told) || std::ranges::any_of(out, same)) continue;
        out.push_back(row);
    }
    return out;
}

std::string role_words(const LogNegotiation& n) {
    return n.role == 'I' ? "as initiator" : n.role == 'R' ? "as responder" : "in a role that the log does not show";
}

/// "picked keyring1 (by the peer's address), ID 192.168.0.2, profile profile2, then keyring2"
std::string choices_text(const LogNegotiation& n) {
    std::vector<std::string> parts;
    if (!n.requested_profile.empty()) parts.push_back(fmt::format("starts with profile {}", n.requested_profile));
    if (!n.picked.empty()) parts.push_back(fmt::format("took the key of {}", n.picked));
    if (!n.identity.empty()) parts.push_back(fmt::format("read the ID {}", n.identity));
    if (!n.profile.empty()) parts.push_back(fmt::format("selected {} by it", n.profile));
    if (n.no_profile) parts.emplace_back("found no profile for it");
    if (!n.profile_keyring.empty())
        parts.push_back(fmt::format("found a key in {} behind that profile", n.profile_keyring));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string title_of(const LogPart& part, const LogText& row, const ios::LogEntry& entry) {
    const auto* n = part.negotiation;
    const auto peer = n && !n->peer.empty()   ? n->peer.text()
                      : entry.address.empty() ? std::string()
                                              : entry.address.text();
    const auto with = peer.empty() ? std::string() : " with " + peer;
    if (row.finding == "keyring-mismatch" && n)
        return fmt::format(
            "{} aborts after MM5{}: the ID selects {}{}, but the key in use since MM4 is of another keyring{}",
            part.log->name, with, n->profile.empty() ? "a profile" : n->profile,
            n->profile_keyring.empty() ? "" : " with " + n->profile_keyring, n->picked.empty() ? "" : ", " + n->picked);
    if (row.finding == "wrong-psk" && row.vendor == "IOS" && row.first.starts_with("reserved not zero"))
        return fmt::format("{} opens MM5{} with a key that is not the peer's: reserved not zero on ID payload",
                           part.log->name, with);
    const auto* known = find_row(row.finding);
    return fmt::format("{}{}: {}", part.log->name, with, known ? std::string(known->title) : std::string(row.finding));
}

/// What to do without a configuration at hand.
std::string_view advice_of(std::string_view id) {
    struct Row {
        std::string_view id, advice;
    };
    static constexpr Row rows[] = {
        {"keyring-mismatch",
         "On the router that wrote the log let the search by the peer's address end in a keyring of the profile that "
         "its ID selects: one keyring with one entry "
         "per peer, never the same address in two keyrings, no global key beside keyrings; or use IKEv2."},
        {"wrong-psk", "Enter the same key on both sides. On a Cisco responder look which keyring the peer's address "
                      "picks first: global keys before keyrings, then the longest mask, "
                      "then the first configured."},
        {"profile-mismatch", "Let the peer's ID match one profile only, the one that the tunnel's IPsec profile or the "
                             "crypto map entry names."},
        {"no-key-for-peer", "Add a key for the peer's address; keys by host name do not count in Main Mode."},
        {"no-proposal-chosen", "Give both sides a common suite: encryption, hash, authentication, group."},
        {"ts-unacceptable", "Let the protected networks of both sides mirror each other."},
        {"child-no-proposal", "Give both sides a common transform set, mode and PFS group."},
    };
    const auto found = std::ranges::find(rows, id, &Row::id);
    return found == std::end(rows)
               ? "Give the router's configuration (--config) and a capture of the exchange to see what brings it about."
               : found->advice;
}

/// The configuration's own account of the failure, when it predicts the same.
void add_configured(const LogPart& part, std::span<const ios::Router> routers, Finding& finding) {
    const auto* router = router_of(part, routers);
    const auto* n = part.negotiation;
    if (!router || !n || n->peer.empty() || n->version != 1) return;
    const auto ends = ios::ends_of(*router, n->local, n->peer);
    const auto pick = ios::ikev1_key_by_address(*router, ends);
    if (!pick) return;
    predict(finding.evidence,
            fmt::format("by its configuration {} takes {} for {}: {}", router->name,
                        key_place(*router, *pick.keyring, *pick.entry), n->peer.text(), ios::rule_text(pick.rule)));
    for (const auto& cause : pick.causes) finding.causes.push_back(cause);
    const auto advice = ios::advise(finding.id, *router, ends, pick, router->find_profile(n->profile));
    if (!advice.text.empty()) finding.advice = advice_text(advice);
}

Finding finding_of(const LogPart& part, const LogText& row, std::span<const ios::Router> routers) {
    auto finding = draft_of(row.finding);
    finding.severity = row.severity;
    finding.certainty = row.certain ? Certainty::proved : Certainty::likely;
    finding.source = row.source;
    finding.explanation = row.meaning;
    auto& quoted = finding.router_log[part.log->name];
    for (const auto& line : part.lines) {
        if (line.text && line.text->finding == row.finding && quoted.size() < 20)
            quoted.push_back(first_line(line.entry->text));
        if (line.text != &row) continue;
        if (finding.evidence.empty()) {
            finding.title = title_of(part, row, *line.entry);
            prove(finding.evidence, fmt::format("{}: {}", place(part, *line.entry), first_line(line.entry->text)));
        }
        if (line.frame) finding.frames.push_back(*line.frame);
    }
    if (part.negotiation) {
        if (const auto choices = choices_text(*part.negotiation); !choices.empty())
            prove(finding.evidence, fmt::format("{} {} {}", part.log->name, role_words(*part.negotiation), choices));
        add_configured(part, routers, finding);
    }
    if (finding.advice.empty()) finding.advice = advice_of(finding.id);
    return finding;
}

/// The log ends with a message of this router that nothing came back to.
std::optional<Finding> unanswered(const LogPart& part) {
    const auto* n = part.negotiation;
    if (!n || n->complete) return std::nullopt;
    const LogLine* last = nullptr;
    for (const auto& line : part.lines)
        if (line.entry->event == ios::LogEvent::packet && !line.entry->label.empty()) last = &line;
    if (!last || !last->entry->sends) return std::nullopt;
    auto finding = draft_of("no-response");
    finding.severity = Severity::warning;
    finding.certainty = Certainty::likely;
    finding.title = fmt::format("{} sent {} to {}, and its log shows no answer", part.log->name, last->entry->label,
                                n->peer.text());
    finding.explanation = last->entry->label == "MM5"
                              ? "What stops a responder behind MM5: it picked another key (reserved not zero), or a "
                                "keyring that is not in the profile that the ID selects. Only its own log tells which. "
                                "Or the log ends early."
                              : "The peer refused silently, packets are lost, or the log ends early.";
    prove(finding.evidence, fmt::format("{}: {}", place(part, *last->entry), first_line(last->entry->text)));
    if (const auto choices = choices_text(*n); !choices.empty())
        prove(finding.evidence, fmt::format("{} {} {}", part.log->name, role_words(*n), choices));
    if (last->frame) finding.frames.push_back(*last->frame);
    finding.advice = "Look at the log of the other side, or give a capture and both configurations.";
    return finding;
}

/// Findings that say that something failed, and not why.
bool symptom(const Finding& finding) { return finding.id == "no-response" || finding.certainty == Certainty::likely; }

void confirm(Finding& finding, const Finding& logged) {
    if (logged.certainty == Certainty::proved) finding.certainty = Certainty::proved;
    finding.evidence.insert(finding.evidence.end(), logged.evidence.begin(), logged.evidence.end());
    for (const auto& [router, lines] : logged.router_log) finding.router_log[router] = lines;
}

void merge(Finding logged, const Sa& sa, std::vector<Finding>& findings) {
    const auto same = std::ranges::find(findings, logged.id, &Finding::id);
    if (same != findings.end()) return confirm(*same, logged);
    const auto concern = concern_of(logged.id);
    const auto rival = std::ranges::find_if(findings, [&](const Finding& finding) {
        return finding.severity == Severity::error && concern_of(finding.id) == concern;
    });
    if (rival == findings.end()) {
        // A failure that these packets do not show is a contradiction, told as such.
        if (concern == Concern::phase1 && phase1_complete(sa)) return;
        return findings.push_back(std::move(logged));
    }
    if (symptom(logged) || !symptom(*rival)) return;
    logged.frames = rival->frames;
    logged.evidence.insert(logged.evidence.end(), rival->evidence.begin(), rival->evidence.end());
    *rival = std::move(logged);
}

} // namespace

void add_log_findings(const LogPart& part, const Case& at, std::vector<Finding>& findings) {
    for (auto& logged : findings_of_log(part, at.material.routers)) merge(std::move(logged), at.sa, findings);
    if (auto finding = log_against_capture(part, at)) findings.push_back(std::move(*finding));
    if (auto finding = log_against_configuration(part, at.material.routers)) findings.push_back(std::move(*finding));
    std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
}

void add_unjoined(const LogPart& part, std::span<const ios::Router> routers, std::vector<Finding>& findings) {
    for (auto& finding : findings_of_log(part, routers)) findings.push_back(std::move(finding));
    if (auto finding = log_against_configuration(part, routers)) findings.push_back(std::move(*finding));
    std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
}

std::vector<Finding> findings_of_log(const LogPart& part, std::span<const ios::Router> routers) {
    std::vector<Finding> findings;
    for (const auto* row : telling_rows(part)) findings.push_back(finding_of(part, *row, routers));
    if (findings.empty())
        if (auto finding = unanswered(part)) findings.push_back(std::move(*finding));
    return findings;
}

} // namespace ikescope::diagnose
