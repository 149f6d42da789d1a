#pragma once
// The times that logs put before their lines.

#include "base/clock.hpp"

#include <optional>
#include <string_view>

namespace ikescope::secrets {

/// Reads what `text` begins with, in local time unless it has a zone:
///     Nov 23 16:59:54[.123456]                    no year: the latest one that is not behind `latest`
///     2026-11-23 17:00:02[.123], 2026-11-23T17:00:02.123456+01:00
///     17:30:58[.426]                              no date: the day of `latest`
///     1795453194000000                            microseconds (journal)
/// Brackets around it do not matter. Nothing when it is none of these.
std::optional<Timestamp> log_time(std::string_view text, Timestamp latest);

} // namespace ikescope::secrets
