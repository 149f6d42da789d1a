#pragma once
// From SAs to findings.

#include "diagnose/finding.hpp"
#include "diagnose/material.hpp"

namespace ikescope::diagnose {

/// The same key may stand in several places. Names each side's key by the place that side would take it from: its own
/// configuration (the entry its rules pick, when known), otherwise what the user gave first.
void name_keys(session::Sa& sa, const Material& material);

/// Everything there is to say about one SA, the most important first.
std::vector<Finding> diagnose(const session::Sa& sa, const Material& material);

/// What concerns the capture, the secrets and the configurations as a whole.
std::vector<Finding> diagnose_capture(const session::Sessions& sessions, const Material& material);

/// Is there a finding at least that severe?
bool any_of_severity(const std::vector<Finding>& findings, Severity severity);

} // namespace ikescope::diagnose
