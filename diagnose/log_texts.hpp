#pragma once
// Failure texts of routers and daemons and what they mean on the wire: one row each. They stand here and not in ios,
// because a row translates a text into a finding of the catalogue; ios knows Cisco's own choices only.

#include "base/tree.hpp"

#include <span>
#include <string_view>

namespace ikescope::diagnose {

/// Rows are in the order of telling: an explanation stands above the symptom it explains.
struct LogText {
    std::string_view vendor;
    std::string_view first, second; ///< both stand in the record, in this order; `second` may be empty
    std::string_view finding;       ///< id in the catalogue
    Severity severity;
    bool certain;                   ///< false: typical, something else can give the same text
    std::string_view meaning;       ///< what it means on the wire, one or two sentences
    std::string_view source;
};
std::span<const LogText> log_texts();
/// The first row that fits a record; null when none does. `cisco`: only Cisco's rows, otherwise only the others'.
const LogText* find_log_text(std::string_view record, bool cisco);

} // namespace ikescope::diagnose
