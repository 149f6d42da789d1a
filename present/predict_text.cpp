#include "present/predict_report.hpp"

#include <fmt/format.h>

namespace ikescope::present {

namespace {

using ios::Outcome;
using ios::Prediction;

constexpr std::size_t text_column = 22, log_column = 24;

std::string outcome_text(const Style& style, const Prediction& direction) {
    switch (direction.outcome) {
    case Outcome::up: return paint(style, Tint::green, "comes up");
    case Outcome::unpredictable: return paint(style, Tint::yellow, "cannot be predicted");
    default: break;
    }
    auto text =
        fmt::format("FAILS in phase {}: {}", direction.outcome == Outcome::phase1_failed ? 1 : 2, direction.finding);
    if (!direction.failing_router.empty()) text += fmt::format(" on {}", direction.failing_router);
    text = paint(style, Tint::red, harmless(text));
    if (!direction.causes.empty()) text += harmless(fmt::format(", because of {}", fmt::join(direction.causes, ", ")));
    return text;
}

std::string direction_text(const Style& style, const Prediction& direction) {
    return paint(style, Tint::bold, harmless(fmt::format("{} → {}", direction.initiator, direction.responder))) +
           fmt::format("  IKEv{}  ", direction.version) + outcome_text(style, direction) + "\n";
}

/// "keyring1 (first configured of equal masks; Cisco: unsupported), profile1"
std::string choice_text(const ios::Step& step) {
    std::string text;
    if (!step.keyring.empty()) text = "keyring " + step.keyring;
    if (!step.key_rule.empty()) text += fmt::format("{}({})", text.empty() ? "" : " ", step.key_rule);
    if (!step.profile.empty()) text += fmt::format("{}profile {}", text.empty() ? "" : ", ", step.profile);
    if (!step.supported) text += " - Cisco calls this unsupported, it may differ";
    return text;
}

void append_step(std::string& out, const Style& style, const ios::Step& step, const PredictOptions& options) {
    auto head = fmt::format("  {:<5} {} {}", step.message, harmless(step.router), step.sends ? "sends" : "gets");
    if (columns(head) + 2 > text_column)
        head += "  ";
    else
        head.append(text_column - columns(head), ' ');
    out += paint(style, step.sends ? Tint::cyan : Tint::magenta, head);
    append_wrapped(out, style, harmless(step.text), columns(head), text_column);
    if (const auto choice = choice_text(step); !choice.empty()) {
        out.append(text_column, ' ');
        std::string words;
        append_wrapped(words, style, harmless(choice), text_column, text_column);
        out += paint(style, step.supported ? Tint::plain : Tint::yellow, words);
    }
    if (!options.log) return;
    for (const auto& line : step.log)
        if (options.detail || !ios::is_detail(line))
            out += std::string(log_column, ' ') + paint(style, Tint::dim, harmless(line)) + "\n";
}

void append_direction(std::string& out, const Style& style, const Prediction& direction,
                      const PredictOptions& options) {
    out += direction_text(style, direction) + "  ";
    append_wrapped(out, style, harmless(direction.sentence), 2, 2);
    out += "\n";
    for (const auto& step : direction.steps) append_step(out, style, step, options);
    if (!direction.steps.empty()) out += "\n";
}

void append_lint(std::string& out, const Style& style, const std::vector<std::pair<std::string, ios::Lint>>& lint) {
    if (lint.empty()) return;
    out += paint(style, Tint::bold, "About the configurations") + "\n\n";
    for (const auto& [router, remark] : lint) {
        const auto tint = remark.severity == ios::Weight::error     ? Tint::red
                          : remark.severity == ios::Weight::warning ? Tint::yellow
                                                                    : Tint::cyan;
        const auto where = remark.line ? fmt::format("{} line {}", router, remark.line) : router;
        out += fmt::format("  {} {}  {}\n", paint(style, tint, fmt::format("{:<7}", ios::weight_name(remark.severity))),
                           paint(style, Tint::bold, harmless(where)), remark.id);
        out += "          ";
        append_wrapped(out, style, harmless(remark.text), 10, 10);
        out += "          ";
        append_wrapped(out, style, harmless(remark.advice), 10, 10);
    }
    out += "\n";
}

void append_proposal(std::string& out, const Style& style, const ios::Proposal& proposal, bool show_secrets) {
    out += paint(style, Tint::bold, "Proposed change") + "\n\n  ";
    append_wrapped(out, style, harmless(proposal.sentence), 2, 2);
    out += "\n";
    for (const auto& change : proposal.changes) {
        const auto diff = change.diff(show_secrets);
        for (std::size_t at = 0; at < diff.size();) {
            const auto end = std::min(diff.find('\n', at), diff.size());
            const auto line = diff.substr(at, end - at);
            const auto tint = line.starts_with('-') ? Tint::red : line.starts_with('+') ? Tint::green : Tint::plain;
            out += "  " + paint(style, tint, harmless(line)) + "\n";
            at = end + 1;
        }
    }
    out += "\n  Predicted again with the change:\n";
    for (const auto& direction : proposal.directions) out += "  " + direction_text(style, direction);
    out += "\n";
}

void append_outlook(std::string& out, const Style& style, const ios::Outlook& one) {
    out += paint(style, Tint::bold, harmless(fmt::format("{} line {}: {}", one.router, one.line, one.path))) +
           harmless(one.peer.empty() ? std::string(", any peer") : fmt::format(", peer {}", one.peer)) + "\n  ";
    append_wrapped(out, style, harmless(one.sentence), 2, 2);
    const auto choice = [&](std::string_view who, const std::string& keyring, const std::string& rule,
                            const std::string& profile) {
        if (keyring.empty() && rule.empty() && profile.empty()) return;
        out += fmt::format("  {:<13} ", who);
        append_wrapped(out, style, harmless(choice_text({{}, {}, false, keyring, rule, true, profile, {}, {}})), 16,
                       16);
    };
    choice("starting:", one.initiator_keyring, one.initiator_rule, one.initiator_profile);
    choice("answering:", one.responder_keyring, one.responder_rule, one.responder_profile);
    out += "\n";
}

} // namespace

std::string predict_text(const Predicted& predicted, const Style& style, const PredictOptions& options) {
    std::string out;
    const auto& network = predicted.network;
    for (const auto& direction : network.directions) out += direction_text(style, direction);
    for (const auto& sentence : network.one_way) append_wrapped(out, style, harmless(sentence), 0, 0);
    if (!out.empty()) out += "\n";
    for (const auto& direction : network.directions) append_direction(out, style, direction, options);
    for (const auto& one : predicted.alone) append_outlook(out, style, one);
    append_lint(out, style, network.lint);
    if (network.proposal) append_proposal(out, style, *network.proposal, options.show_secrets);
    if (network.directions.empty() && predicted.alone.empty())
        out += "No configured tunnel or crypto map entry leads from one of these routers to another.\n";
    return out;
}

} // namespace ikescope::present
