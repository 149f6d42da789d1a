#pragma once
// Logs of daemons beside the packets: which lines speak of which SA. Internal to diagnose.

#include "diagnose/router_logs.hpp"

namespace ikescope::diagnose {

/// The lines of a log that is not IOS's, one part per SA they belong to and one for the rest. A line belongs to an SA
/// by its SPIs, else by both addresses and the time; what it does not say itself is taken from the lines that carry the
/// same tag: `<lab|12>` of charon, `"v1" #3:` of libreswan, `ike 0:name:14:` of FortiGate.
std::vector<LogPart> daemon_parts(const ios::RouterLog& log, const session::Sessions& sessions);

} // namespace ikescope::diagnose
