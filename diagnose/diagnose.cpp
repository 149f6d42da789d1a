#include "diagnose/diagnose.hpp"

#include "diagnose/catalogue.hpp"

#include <algorithm>

namespace ikescope::diagnose {

namespace {

/// What the row says of every finding; filled in only now because most rules find nothing.
void complete(Finding& finding, const Row& row) {
    finding.id = row.id;
    if (finding.title.empty()) finding.title = row.title;
    if (finding.source.empty()) finding.source = row.source;
}

} // namespace

std::vector<Finding> diagnose(const session::Sa& sa, const Material& material) {
    const Case examined(sa, material);
    std::vector<Finding> findings;
    bool told[3] = {false, false, false};
    for (const auto& row : catalogue()) {
        auto& explained = told[static_cast<std::size_t>(row.concern)];
        if (!row.rule || (row.concern != Concern::always && explained)) continue;
        Finding draft;
        draft.severity = row.severity;
        if (auto finding = row.rule(examined, std::move(draft))) {
            explained = true;
            complete(*finding, row);
            findings.push_back(std::move(*finding));
        }
    }
    std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
    return findings;
}

bool any_of_severity(const std::vector<Finding>& findings, Severity severity) {
    return std::ranges::any_of(findings, [&](const auto& finding) { return finding.severity >= severity; });
}

} // namespace ikescope::diagnose
