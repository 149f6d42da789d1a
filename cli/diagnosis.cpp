#include "cli/diagnosis.hpp"

#include <fmt/format.h>

namespace ikescope::cli {

void diagnose_all(const Analysis& analysis, const TellSa& tell, const TellRest& tell_rest) {
    const auto material = analysis.for_diagnosis();
    const auto logs = diagnose::join_logs(analysis.material.router_logs, analysis.sessions, material);
    for (auto sa : analysis.sessions) {
        diagnose::name_keys(sa, material);
        auto findings = diagnose::diagnose(sa, material);
        const diagnose::Case ends(sa, material);
        Diagnosed diagnosed{sa, ends, findings, {}};
        for (const auto& part : logs) {
            if (part.sa != sa.index) continue;
            diagnose::add_log_findings(part, ends, findings);
            diagnosed.logs.push_back(&part);
        }
        tell(diagnosed);
    }
    auto findings = diagnose::diagnose_capture(analysis.sessions, material);
    std::vector<const diagnose::LogPart*> rest;
    for (const auto& part : logs) {
        if (part.sa) continue;
        rest.push_back(&part);
        diagnose::add_unjoined(part, material.routers, findings);
    }
    tell_rest(findings, rest);
}

void complain_of_logs(const Analysis& analysis, Terminal& terminal) {
    if (analysis.material.router_logs.empty()) return;
    const auto material = analysis.for_diagnosis();
    for (const auto& part : diagnose::join_logs(analysis.material.router_logs, analysis.sessions, material)) {
        if (part.sa) continue;
        std::vector<diagnose::Finding> findings;
        diagnose::add_unjoined(part, material.routers, findings);
        for (const auto& finding : findings)
            complain(terminal, fmt::format("{}: {}: {}: {} (belongs to no SA of the capture)", part.log->source,
                                           diagnose::severity_name(finding.severity), finding.id, finding.title));
    }
}

} // namespace ikescope::cli
