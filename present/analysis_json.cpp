#include "present/analysis_json.hpp"

#include "capture/field_table.hpp"
#include "diagnose/story.hpp"
#include "diagnose/suite_words.hpp"
#include "present/log_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ikescope::present {

using Json = nlohmann::ordered_json;
using session::Sa;
using session::Side;

namespace {

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

Json endpoint_json(const Endpoint& end) { return {{"address", end.address.text()}, {"port", end.port}}; }

Json suite_json(const Sa& sa) {
    if (!diagnose::suite_known(sa)) return nullptr;
    const auto words = diagnose::words_of(sa.suite, sa.version);
    auto suite = Json::object({{"encryption", words.encryption}});
    suite["key_bits"] = words.key_bits ? Json(words.key_bits) : Json(nullptr);
    suite["hash"] = or_null(words.hash);
    suite["prf"] = or_null(words.prf);
    suite["integrity"] = or_null(words.integrity);
    suite["group"] = sa.suite.group ? Json(sa.suite.group) : Json(nullptr);
    suite["authentication"] = or_null(words.authentication);
    return suite;
}

Json psk_json(const session::KeyUse& keys, Side side, const Reveal& reveal) {
    const auto index = static_cast<std::size_t>(side);
    if (!keys.psk[index]) return nullptr;
    auto psk = Json::object({{"source", *keys.psk[index]}});
    if (reveal && keys.psk_index[index]) psk["key"] = reveal(*keys.psk_index[index]);
    return psk;
}

Json keys_json(const session::KeyUse& keys, const Reveal& reveal) {
    auto json = Json::object({{"available", keys.available}});
    json["psk"] = {{"initiator", psk_json(keys, Side::initiator, reveal)}, {"responder", psk_json(keys, Side::responder, reveal)}};
    json["dh"] = keys.dh ? Json::object({{"source", *keys.dh}}) : Json(nullptr);
    return json;
}

Json message_json(const session::MessageRecord& message, bool several_files) {
    auto json = Json::object({{"frame", message.frame}});
    if (several_files) json["file"] = message.file;
    json["time"] = rfc3339(message.time);
    json["label"] = message.label;
    json["from"] = session::side_name(message.from);
    json["source"] = endpoint_json(message.source);
    json["destination"] = endpoint_json(message.destination);
    json["length"] = message.size;
    json["message_id"] = message.message_id;
    json["encrypted"] = message.encrypted;
    json["decrypted"] = message.decrypted;
    json["hash"] = session::proof_name(message.hash);
    json["payloads"] = message.payloads;
    json["retransmission_of"] = message.retransmission_of ? Json(*message.retransmission_of) : Json(nullptr);
    if (!message.fragments.empty()) json["fragments"] = message.fragments;
    if (!message.note.empty()) json["note"] = message.note;
    return json;
}

std::string protocol_text(std::uint8_t protocol) {
    const auto name = name_of(capture::ip_protocols, protocol);
    return name.empty() ? std::to_string(protocol) : std::string(name);
}

Json flow_json(const session::EspFlow& flow) {
    auto json = Json::object({{"source", flow.source.text()}, {"destination", flow.destination.text()}, {"protocol", protocol_text(flow.protocol)}});
    if (flow.source_port != 0 || flow.destination_port != 0) {
        json["source_port"] = flow.source_port;
        json["destination_port"] = flow.destination_port;
    }
    json["packets"] = flow.packets;
    json["bytes"] = flow.bytes;
    return json;
}

Json traffic_json(const std::optional<session::EspTraffic>& traffic) {
    if (!traffic) return nullptr;
    auto json = Json::object({{"packets", traffic->packets}, {"opened", traffic->opened}, {"unverified", traffic->unverified},
                              {"failed", traffic->failed}, {"wrong_icv", traffic->wrong_icv}, {"bytes", traffic->bytes}, {"extended_sequence", traffic->extended}});
    if (!traffic->keys.empty()) json["keys"] = traffic->keys;
    json["flows"] = Json::array();
    for (const auto& flow : traffic->flows) json["flows"].push_back(flow_json(flow));
    if (traffic->in_other_flows != 0) json["in_other_flows"] = traffic->in_other_flows;
    return json;
}

Json loose_json(std::span<const session::Sessions::LooseEsp> loose) {
    auto list = Json::array();
    for (const auto& one : loose) {
        auto json = traffic_json(one.traffic);
        json["spi"] = fmt::format("{:08x}", one.spi);
        list.push_back(std::move(json));
    }
    return list;
}

Json certificate_json(const std::optional<session::EndCertificate>& certificate) {
    if (!certificate) return nullptr;
    auto json = Json::object({{"subject", certificate->subject}, {"issuer", certificate->issuer}, {"serial", certificate->serial},
                              {"key", certificate->key}, {"not_before", certificate->not_before}, {"not_after", certificate->not_after},
                              {"alternative_names", certificate->alternative_names}});
    json["trusted"] = certificate->trusted ? Json(*certificate->trusted) : Json(nullptr);
    json["why"] = or_null(certificate->why);
    json["chain"] = certificate->chain;
    return json;
}

Json child_json(const session::Child& child) {
    auto json = Json::object({{"protocol", child.protocol == 2 ? "AH" : child.protocol == 3 ? "ESP" : ""}});
    json["initiator_spi"] = child.initiator_spi.empty() ? Json(nullptr) : Json(hex(child.initiator_spi));
    json["responder_spi"] = child.responder_spi.empty() ? Json(nullptr) : Json(hex(child.responder_spi));
    json["suite"] = or_null(child.suite);
    json["ts_initiator"] = child.ts_initiator;
    json["ts_responder"] = child.ts_responder;
    json["keys"] = child.keys;
    if (child.traffic[0] || child.traffic[1])
        json["esp"] = {{"initiator", traffic_json(child.traffic[0])}, {"responder", traffic_json(child.traffic[1])}};
    return json;
}

Json finding_json(const diagnose::Finding& finding) {
    Json json{{"id", finding.id},
              {"severity", diagnose::severity_name(finding.severity)},
              {"certainty", diagnose::certainty_name(finding.certainty)}};
    json["causes"] = finding.causes;
    json["frames"] = finding.frames;
    json["title"] = finding.title;
    json["explanation"] = finding.explanation;
    json["evidence"] = finding.evidence;
    json["router_log"] = Json::object();
    for (const auto& [router, lines] : finding.router_log) json["router_log"][router] = lines;
    json["advice"] = finding.advice;
    json["source"] = finding.source;
    return json;
}

Json findings_json(std::span<const diagnose::Finding> findings) {
    auto list = Json::array();
    for (const auto& finding : findings) list.push_back(finding_json(finding));
    return list;
}

Json logs_json(std::span<const diagnose::LogPart* const> logs) {
    auto list = Json::array();
    for (const auto* part : logs) list.push_back(log_part_json(*part));
    return list;
}

Json sa_json(const AnalyzedSa& analyzed, const Reveal& reveal, bool several_files) {
    const auto& sa = analyzed.sa;
    auto json = Json::object({{"version", static_cast<int>(sa.version)}});
    json["initiator"] = endpoint_json(sa.initiator);
    json["responder"] = endpoint_json(sa.responder);
    for (const auto side : {Side::initiator, Side::responder})
        if (const auto& router = analyzed.router[static_cast<std::size_t>(side)]; !router.empty())
            json[std::string(session::side_name(side))]["router"] = router;
    json["initiator_spi"] = hex(sa.initiator_spi);
    json["responder_spi"] = hex(sa.responder_spi);
    json["mode"] = session::mode_name(sa.mode);
    if (several_files) json["file"] = sa.first_file;
    json["first_frame"] = sa.first_frame;
    json["last_frame"] = sa.last_frame;
    json["start"] = rfc3339(sa.start);
    json["end"] = rfc3339(sa.end);
    json["rekey_of"] = sa.rekey_of ? Json(*sa.rekey_of) : Json(nullptr);
    json["stage"] = session::stage_name(sa.stage);
    json["suite"] = suite_json(sa);
    json["keys"] = keys_json(sa.keys, reveal);
    json["messages"] = Json::array();
    for (const auto& message : sa.messages) json["messages"].push_back(message_json(message, several_files));
    json["identities"] = {{"initiator", or_null(sa.identity[0])}, {"responder", or_null(sa.identity[1])}};
    json["authentication"] = {{"initiator", session::proof_name(sa.authentication[0])},
                              {"responder", session::proof_name(sa.authentication[1])}};
    if (sa.certificate[0] || sa.certificate[1])
        json["certificate"] = {{"initiator", certificate_json(sa.certificate[0])}, {"responder", certificate_json(sa.certificate[1])}};
    if (!sa.authentication_how[0].empty() || !sa.authentication_how[1].empty())
        json["authentication_how"] = {{"initiator", or_null(sa.authentication_how[0])}, {"responder", or_null(sa.authentication_how[1])}};
    json["children"] = Json::array();
    for (const auto& child : sa.children)
        if (!child.refused) json["children"].push_back(child_json(child));
    if (!sa.notes.empty()) json["notes"] = sa.notes;
    if (!sa.nat_note.empty()) json["nat"] = sa.nat_note;
    if (analyzed.compared) json["predicted"] = compared_json(*analyzed.compared);
    if (!analyzed.logs.empty()) json["router_logs"] = logs_json(analyzed.logs);
    json["findings"] = findings_json(analyzed.findings);
    return json;
}

} // namespace

void AnalysisJson::begin(std::span<const AnalyzedFile> files) {
    several_files_ = files.size() > 1;
    auto list = Json::array();
    for (const auto& file : files)
        list.push_back(Json{{"name", file.name}, {"packets", file.packets}, {"ike", file.ike}, {"esp", file.esp}});
    out_ << "{\"format\":\"ikescope/1\",\n\"files\":" << text_of(list) << ",\n\"sas\":[";
}

void AnalysisJson::add(const AnalyzedSa& analyzed) {
    out_ << (first_ ? "\n" : ",\n") << text_of(sa_json(analyzed, reveal_, several_files_));
    first_ = false;
}

void AnalysisJson::end(const Rest& rest) {
    const auto findings = rest.findings;
    out_ << (first_ ? "" : "\n") << "],\n";
    if (!rest.esp.empty()) out_ << "\"esp\":" << text_of(loose_json(rest.esp)) << ",\n";
    if (!rest.logs.empty()) out_ << "\"router_logs\":" << text_of(logs_json(rest.logs)) << ",\n";
    out_ << "\"findings\":" << text_of(findings_json(findings)) << "}\n";
}

} // namespace ikescope::present
