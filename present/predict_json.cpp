#include "present/predict_report.hpp"

#include <nlohmann/json.hpp>

namespace ikescope::present {

using Json = nlohmann::ordered_json;

namespace {

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json step_json(const ios::Step& step) {
    auto json = Json::object({{"message", step.message}, {"router", step.router}, {"sends", step.sends}});
    json["keyring"] = or_null(step.keyring);
    json["key_rule"] = or_null(step.key_rule);
    json["supported"] = step.supported;
    json["profile"] = or_null(step.profile);
    json["text"] = step.text;
    json["log"] = step.log;
    auto detailed = Json::array(); // indices into log
    for (std::size_t i = 0; i < step.log.size(); ++i)
        if (ios::is_detail(step.log[i])) detailed.push_back(i);
    json["log_detail"] = detailed;
    return json;
}

Json direction_json(const ios::Prediction& direction) {
    auto json = Json::object({{"initiator", direction.initiator}, {"responder", direction.responder}});
    json["version"] = direction.version;
    json["outcome"] = ios::outcome_name(direction.outcome);
    json["finding"] = or_null(direction.finding);
    json["causes"] = direction.causes;
    json["router"] = or_null(direction.failing_router);
    json["sentence"] = direction.sentence;
    json["steps"] = Json::array();
    for (const auto& step : direction.steps) json["steps"].push_back(step_json(step));
    return json;
}

Json directions_json(const std::vector<ios::Prediction>& directions) {
    auto list = Json::array();
    for (const auto& direction : directions) list.push_back(direction_json(direction));
    return list;
}

Json lint_json(const std::string& router, const ios::Lint& lint) {
    return Json::object({{"router", router},
                         {"id", lint.id},
                         {"severity", ios::weight_name(lint.severity)},
                         {"line", lint.line},
                         {"text", lint.text},
                         {"advice", lint.advice}});
}

Json proposal_json(const std::optional<ios::Proposal>& proposal, bool show_secrets) {
    if (!proposal) return nullptr;
    auto json = Json::object({{"text", proposal->sentence}, {"diffs", Json::object()}});
    for (const auto& change : proposal->changes) json["diffs"][change.router] = change.diff(show_secrets);
    json["directions"] = directions_json(proposal->directions);
    return json;
}

Json outlook_json(const ios::Outlook& one) {
    auto json =
        Json::object({{"router", one.router}, {"path", one.path}, {"peer", or_null(one.peer)}, {"line", one.line}});
    json["as_initiator"] = {{"profile", or_null(one.initiator_profile)},
                            {"keyring", or_null(one.initiator_keyring)},
                            {"key_rule", or_null(one.initiator_rule)}};
    json["as_responder"] = {{"keyring", or_null(one.responder_keyring)},
                            {"key_rule", or_null(one.responder_rule)},
                            {"profile", or_null(one.responder_profile)}};
    json["supported"] = one.supported;
    json["text"] = one.sentence;
    return json;
}

} // namespace

std::string predict_json(const Predicted& predicted, const PredictOptions& options) {
    auto json = Json::object({{"format", "ikescope-predict/1"}});
    json["directions"] = directions_json(predicted.network.directions);
    json["one_way"] = predicted.network.one_way;
    json["lint"] = Json::array();
    for (const auto& [router, lint] : predicted.network.lint) json["lint"].push_back(lint_json(router, lint));
    json["proposal"] = proposal_json(predicted.network.proposal, options.show_secrets);
    if (!predicted.alone.empty()) json["paths"] = Json::array();
    for (const auto& one : predicted.alone) json["paths"].push_back(outlook_json(one));
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace ikescope::present
