#include "base/clock.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace ikescope {

std::string rfc3339(Timestamp time) {
    auto seconds = static_cast<std::time_t>(time / one_second);
    auto fraction = time % one_second;
    if (fraction < 0) {
        fraction += one_second;
        --seconds;
    }
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%09lldZ", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<long long>(fraction));
    return text;
}

std::string seconds_text(Nanoseconds span, int digits) {
    const bool negative = span < 0;
    const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(span) : static_cast<std::uint64_t>(span);
    std::array<char, 48> text{'-'};
    auto* end = std::to_chars(text.data() + negative, text.data() + text.size(), magnitude / one_second).ptr;
    if (digits > 0) *end++ = '.';
    auto fraction = magnitude % one_second;
    for (auto place = 100'000'000U; digits > 0; --digits, fraction %= place, place /= 10)
        *end++ = static_cast<char>('0' + fraction / place);
    return {text.data(), end};
}

} // namespace ikescope
