#include "secrets/log_time.hpp"

#include "secrets/text.hpp"

#include <ctime>

namespace ikescope::secrets {
namespace {

constexpr Nanoseconds one_day = 86'400 * one_second;

/// Reads numbers off a text, straight down; `good` remembers.
struct Scanner {
    std::string_view rest;
    bool good = true;

    int digits(std::size_t least, std::size_t most) {
        std::size_t count = 0;
        int value = 0;
        while (count < most && count < rest.size() && is_digit(rest[count])) value = 10 * value + (rest[count++] - '0');
        good = good && count >= least;
        rest.remove_prefix(count);
        return value;
    }
    bool skip(char c) {
        if (!rest.starts_with(c)) return false;
        rest.remove_prefix(1);
        return true;
    }
    void want(char c) { good = skip(c) && good; }
};

/// "16:59:54[.123456]"
Nanoseconds clock(Scanner& in, std::tm& time) {
    time.tm_hour = in.digits(2, 2);
    in.want(':');
    time.tm_min = in.digits(2, 2);
    in.want(':');
    time.tm_sec = in.digits(2, 2);
    if (!in.skip('.')) return 0;
    const auto before = in.rest.size();
    Nanoseconds fraction = in.digits(1, 9);
    for (auto digits = before - in.rest.size(); digits < 9; ++digits) fraction *= 10;
    return fraction;
}

/// "+01:00", "Z": seconds east of Greenwich.
std::optional<int> zone(Scanner& in) {
    if (in.skip('Z')) return 0;
    const bool west = in.rest.starts_with('-');
    if (!west && !in.rest.starts_with('+')) return std::nullopt;
    in.rest.remove_prefix(1);
    const int hours = in.digits(2, 2);
    in.skip(':');
    const int seconds = 3'600 * hours + 60 * in.digits(2, 2);
    return west ? -seconds : seconds;
}

std::tm local(Timestamp time) {
    const auto seconds = static_cast<std::time_t>(time / one_second);
    std::tm fields{};
    localtime_r(&seconds, &fields);
    return fields;
}

Timestamp of_local(std::tm fields) {
    fields.tm_isdst = -1;
    return static_cast<Timestamp>(std::mktime(&fields)) * one_second;
}

std::optional<Timestamp> with_year(Scanner in) {
    std::tm time{};
    time.tm_year = in.digits(4, 4) - 1900;
    in.want('-');
    time.tm_mon = in.digits(2, 2) - 1;
    in.want('-');
    time.tm_mday = in.digits(2, 2);
    if (!in.skip('T')) in.want(' ');
    const auto fraction = clock(in, time);
    if (!in.good) return std::nullopt;
    const auto east = zone(in);
    return (east ? (static_cast<Timestamp>(timegm(&time)) - *east) * one_second : of_local(time)) + fraction;
}

std::optional<Timestamp> with_month(Scanner in, Timestamp latest) {
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto month = std::ranges::find(months, in.rest.substr(0, 3));
    if (month == std::end(months)) return std::nullopt;
    in.rest.remove_prefix(3);
    in.want(' ');
    in.skip(' ');
    std::tm time{};
    time.tm_mon = static_cast<int>(month - std::begin(months));
    time.tm_mday = in.digits(1, 2);
    in.want(' ');
    const auto fraction = clock(in, time);
    if (!in.good) return std::nullopt;
    time.tm_year = local(latest).tm_year;
    if (of_local(time) > latest + one_day) --time.tm_year;
    return of_local(time) + fraction;
}

std::optional<Timestamp> of_day(Scanner in, Timestamp latest) {
    auto time = local(latest);
    const auto fraction = clock(in, time);
    if (!in.good) return std::nullopt;
    return of_local(time) + fraction;
}

} // namespace

std::optional<Timestamp> log_time(std::string_view text, Timestamp latest) {
    text = trimmed(text);
    while (text.starts_with('[') || text.starts_with('*')) text.remove_prefix(1);
    const auto run = std::min(text.find_first_not_of("0123456789"), text.size());
    constexpr std::size_t microseconds = 16;
    if (run == microseconds)
        if (const auto value = number<std::int64_t>(text.substr(0, run))) return *value * 1'000;
    if (run == 4) return with_year({text});
    if (run == 2) return of_day({text}, latest);
    return with_month({text}, latest);
}

} // namespace ikescope::secrets
