#pragma once
// The records of FortiGate's `diagnose debug application ike -1`.

#include "secrets/text.hpp"

namespace ikescope::secrets {

/// "2026-11-23 17:00:01.123456 ike 0:p1:14: out 8F…": what stands before "ike", the name between the colons, the
/// message.
struct FortigateRecord {
    std::string_view time, name, text;
};
/// Nothing when the line begins no record.
std::optional<FortigateRecord> fortigate_record(std::string_view line);

} // namespace ikescope::secrets
