#include "present/log_report.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ikescope::present {

using diagnose::Agreement;
using diagnose::Compared;
using diagnose::LogPart;
using Json = nlohmann::ordered_json;

namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// "its clock is 2.113 s behind"
std::string clock_text(const LogPart& part) {
    if (!part.offset) return {};
    const auto span = seconds_text(std::abs(*part.offset), 3);
    if (std::abs(*part.offset) < one_second / 1000) return ", its clock agrees";
    return fmt::format(", its clock is {} s {}", span, *part.offset > 0 ? "behind" : "ahead");
}

std::string heading(const LogPart& part) {
    auto text = fmt::format("Log of {}", part.log->name);
    if (!part.log->source.empty() && part.log->source != part.log->name) text += fmt::format(" ({})", part.log->source);
    if (!part.how.empty()) text += fmt::format(", joined {}{}", part.how, clock_text(part));
    if (!part.majors_seen.empty())
        text +=
            fmt::format("; vendor IDs of its \"major\" lines are on the wire: {}", fmt::join(part.majors_seen, ", "));
    return text;
}

std::string progress(const LogPart& part) {
    const auto* n = part.negotiation;
    if (!n) return {};
    auto text = fmt::format("IKEv{}{}{}", n->version,
                            n->role == 'I'   ? ", initiator"
                            : n->role == 'R' ? ", responder"
                                             : "",
                            n->peer.empty() ? std::string() : ", peer " + n->peer.text());
    if (n->complete)
        text += ", phase 1 complete";
    else if (!n->stage.empty())
        text += ", came as far as " + n->stage;
    return text;
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

} // namespace

std::string log_part_text(const LogPart& part, const Style& style) {
    std::string out = "  " + paint(style, Tint::bold, harmless(heading(part))) + "\n";
    if (const auto text = progress(part); !text.empty()) out += "    " + harmless(text) + "\n";
    constexpr std::size_t most = 60;
    std::size_t shown = 0;
    for (const auto& line : part.lines) {
        if (++shown > most) break;
        const auto frame = line.frame ? fmt::format("frame {}", *line.frame) : std::string();
        auto head = fmt::format("    line {:>5}  {:<20}  {:<10} {:<4} ", line.entry->line,
                                line.entry->time ? line.entry->time->text() : "", frame, line.entry->label);
        out += paint(style, Tint::dim, head) +
               paint(style, line.text ? Tint::red : Tint::plain, harmless(first_line(line.entry->text))) + "\n";
    }
    if (part.lines.size() > most) out += fmt::format("    ({} more)\n", part.lines.size() - most);
    return out + "\n";
}

Json log_part_json(const LogPart& part) {
    auto json = Json::object(
        {{"router", part.log->name}, {"source", or_null(part.log->source)}, {"joined", or_null(part.how)}});
    json["clock_offset"] =
        part.offset ? Json(static_cast<double>(*part.offset) / static_cast<double>(one_second)) : Json(nullptr);
    if (const auto* n = part.negotiation) {
        json["version"] = n->version;
        json["role"] = n->role == 'I' ? Json("initiator") : n->role == 'R' ? Json("responder") : Json(nullptr);
        json["peer"] = n->peer.empty() ? Json(nullptr) : Json(n->peer.text());
        json["stage"] = or_null(n->stage);
        json["complete"] = n->complete;
        json["keyring"] = or_null(n->picked);
        json["profile"] = or_null(n->role == 'I' && n->profile.empty() ? n->requested_profile : n->profile);
        json["profile_keyring"] = or_null(n->profile_keyring);
        json["identity"] = or_null(n->identity);
        json["vendor_majors"] = n->majors;
        json["vendor_majors_seen"] = part.majors_seen;
    }
    json["timeline"] = Json::array();
    for (const auto& line : part.lines) {
        auto one = Json::object({{"line", line.entry->line}});
        one["log_time"] = line.entry->time ? Json(line.entry->time->text()) : Json(nullptr);
        one["frame"] = line.frame ? Json(*line.frame) : Json(nullptr);
        one["label"] = or_null(line.entry->label);
        one["text"] = line.entry->text;
        if (line.text) {
            one["finding"] = line.text->finding;
            one["meaning"] = line.text->meaning;
            one["vendor"] = line.text->vendor;
        }
        json["timeline"].push_back(std::move(one));
    }
    return json;
}

std::string compared_text(const Compared& compared, const Style& style) {
    std::string out = "  " + paint(style, Tint::bold, "Predicted against observed") + "  ";
    const auto tint = compared.agreement == Agreement::differs  ? Tint::red
                      : compared.agreement == Agreement::agrees ? Tint::green
                                                                : Tint::plain;
    std::string words;
    append_wrapped(words, style, harmless(compared.sentence), 30, 4);
    out += paint(style, tint, words);
    for (const auto& step : compared.steps) {
        const auto mark = step.agreement == Agreement::agrees ? "=" : step.agreement == Agreement::differs ? "!" : "?";
        out += paint(style, step.agreement == Agreement::differs ? Tint::red : Tint::plain,
                     fmt::format("    {} {:<5} ", mark, step.message));
        append_wrapped(out, style, harmless(fmt::format("{} | {}", step.observed, step.predicted)), 12, 12);
    }
    return out + "\n";
}

Json compared_json(const Compared& compared) {
    const auto& prediction = *compared.prediction;
    auto json = Json::object({{"outcome", ios::outcome_name(prediction.outcome)},
                              {"finding", or_null(prediction.finding)},
                              {"causes", prediction.causes}});
    json["sentence"] = prediction.sentence;
    json["agreement"] = diagnose::agreement_name(compared.agreement);
    json["text"] = compared.sentence;
    json["steps"] = Json::array();
    for (const auto& step : compared.steps)
        json["steps"].push_back(Json::object({{"message", step.message},
                                              {"router", step.router},
                                              {"predicted", step.predicted},
                                              {"observed", step.observed},
                                              {"frame", step.frame ? Json(*step.frame) : Json(nullptr)},
                                              {"agreement", diagnose::agreement_name(step.agreement)}}));
    return json;
}

} // namespace ikescope::present
