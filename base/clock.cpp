#include "base/clock.hpp"

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
    const auto magnitude = negative ? -static_cast<unsigned long long>(span) : static_cast<unsigned long long>(span);
    char text[48];
    const int written = std::snprintf(text, sizeof text, "%s%llu.%09llu", negative ? "-" : "",
                                      magnitude / one_second, magnitude % one_second);
    std::string out(text, static_cast<std::size_t>(written));
    out.resize(out.size() - 9 + static_cast<std::size_t>(digits));
    if (digits == 0) out.pop_back();
    return out;
}

} // namespace ikescope
