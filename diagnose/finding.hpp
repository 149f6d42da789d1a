#pragma once
// A finding: what failed or deserves attention, where, how sure we are, what the router says and what to do.
// Ids, severities and certainties are the contract of the JSON document.

#include "base/tree.hpp"

#include <map>
#include <string>
#include <vector>

namespace ikescope::diagnose {

enum class Certainty : std::uint8_t { proved, predicted, likely };
std::string_view certainty_name(Certainty certainty);
std::string_view severity_name(Severity severity);

struct Finding {
    std::string id;      ///< "keyring-mismatch"
    Severity severity = Severity::error;
    Certainty certainty = Certainty::proved;
    std::vector<std::string> causes;     ///< ids of what brought it about ("duplicate-peer-key")
    std::vector<std::uint64_t> frames;
    std::string title;
    std::string explanation;
    std::vector<std::string> evidence;   ///< bytes, configuration lines, computed values
    std::map<std::string, std::vector<std::string>> router_log; ///< router name -> lines it prints
    std::string advice;
    std::string source;                  ///< RFC section or vendor document
};

} // namespace ikescope::diagnose
