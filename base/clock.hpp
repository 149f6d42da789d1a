#pragma once
// Time as captures have it: nanoseconds since the epoch, and its text forms.

#include <cstdint>
#include <string>

namespace ikescope {

using Nanoseconds = std::int64_t;
/// Nanoseconds since 1970-01-01T00:00:00Z.
using Timestamp = std::int64_t;

inline constexpr Nanoseconds one_second = 1'000'000'000;

/// RFC 3339 in UTC with nanoseconds: 2026-11-23T17:00:06.123456789Z
std::string rfc3339(Timestamp time);
/// Seconds with `digits` decimals: 1.000042
std::string seconds_text(Nanoseconds span, int digits = 6);

/// A clock that tests can wind by hand.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;
    virtual void sleep_until(Timestamp due) = 0;
};

} // namespace ikescope
