#include "diagnose/finding.hpp"

namespace ikescope::diagnose {

std::string_view certainty_name(Certainty certainty) {
    switch (certainty) {
    case Certainty::proved: return "proved";
    case Certainty::predicted: return "predicted";
    case Certainty::likely: return "likely";
    }
    return "likely";
}

std::string_view severity_name(Severity severity) {
    switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
    case Severity::none: break;
    }
    return "note";
}

} // namespace ikescope::diagnose
