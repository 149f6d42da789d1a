#pragma once
// Times as tshark spells them: the forms of -t for the list, and frame.time for the details.

#include "base/clock.hpp"
#include "present/output.hpp"

#include <ctime>

namespace ikescope::present {

/// -t: what the Time column shows.
enum class TimeForm : std::uint8_t {
    relative,          ///< r: seconds since the first packet
    absolute,          ///< a: local time
    absolute_date,     ///< ad
    absolute_year_day, ///< adoy
    delta,             ///< d: since the packet before
    delta_displayed,   ///< dd: since the packet shown before
    epoch,             ///< e
    utc,               ///< u
    utc_date,          ///< ud
    utc_year_day,      ///< udoy
};
/// From tshark's word for it; nothing for any other word.
std::optional<TimeForm> time_form(std::string_view word);

/// What relative times are counted from.
struct TimeBase {
    Timestamp first = 0;     ///< of the first packet of the capture
    Timestamp before = 0;    ///< of the packet before this one
    Timestamp displayed = 0; ///< of the packet shown before this one
};

/// Writes times; remembers the last second's calendar, which is what makes it fast.
class TimeWriter {
public:
    void column(Output& out, TimeForm form, Timestamp time, const TimeBase& base, std::size_t digits);
    /// Nov 23, 2026 17:31:01.658757000 UTC, in the local time zone
    void calendar(Output& out, Timestamp time);
    /// 2026-11-23T17:31:01.658757000Z
    void iso(Output& out, Timestamp time);

private:
    const std::tm& split(Timestamp time, bool utc);
    std::time_t second_[2] = {-1, -1};
    std::tm parts_[2]{};
};

} // namespace ikescope::present
