#pragma once
// Findings of a whole analysis: what the packets say, with what the routers' logs say joined to it.

#include "cli/analysis.hpp"
#include "diagnose/router_logs.hpp"

namespace ikescope::cli {

/// One SA with its findings; holds until the function that is told returns.
struct Diagnosed {
    const session::Sa& sa;
    const diagnose::Case& ends;
    std::vector<diagnose::Finding>& findings;
    std::vector<const diagnose::LogPart*> logs; ///< parts of logs that belong to it
};
using TellSa = std::function<void(Diagnosed&)>;
/// Findings of the capture as a whole, those of logs that belong to no SA among them, and these parts.
using TellRest = std::function<void(std::vector<diagnose::Finding>&, std::vector<const diagnose::LogPart*>&)>;

/// Every SA in order of its first frame, then what belongs to none.
void diagnose_all(const Analysis& analysis, const TellSa& tell, const TellRest& tell_rest);

/// For commands whose output is about packets: what the logs say that belongs to no packet goes to the error stream.
void complain_of_logs(const Analysis& analysis, Terminal& terminal);

} // namespace ikescope::cli
