#include "present/time_text.hpp"

#include <utility>

namespace ikescope::present {

namespace {

constexpr std::pair<std::string_view, TimeForm> words[] = {
    {"r", TimeForm::relative},  {"a", TimeForm::absolute},         {"ad", TimeForm::absolute_date},
    {"d", TimeForm::delta},     {"dd", TimeForm::delta_displayed}, {"adoy", TimeForm::absolute_year_day},
    {"e", TimeForm::epoch},     {"u", TimeForm::utc},              {"ud", TimeForm::utc_date},
    {"udoy", TimeForm::utc_year_day},
};
constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Seconds rounded down and what is left of them; times before 1970 too.
std::pair<std::int64_t, std::uint64_t> whole_seconds(Timestamp time) {
    auto seconds = time / one_second, rest = time % one_second;
    if (rest < 0) rest += one_second, --seconds;
    return {seconds, static_cast<std::uint64_t>(rest)};
}

void append_fraction(Output& out, Timestamp time, std::size_t digits) {
    auto rest = whole_seconds(time).second;
    for (std::size_t i = digits; i < 9; ++i) rest /= 10;
    out.put('.');
    out.decimal(rest, digits, '0');
}

void append_clock(Output& out, const std::tm& parts, Timestamp time, std::size_t digits) {
    out.decimal(static_cast<std::uint64_t>(parts.tm_hour), 2, '0');
    out.put(':');
    out.decimal(static_cast<std::uint64_t>(parts.tm_min), 2, '0');
    out.put(':');
    out.decimal(static_cast<std::uint64_t>(parts.tm_sec), 2, '0');
    append_fraction(out, time, digits);
}

void append_date(Output& out, const std::tm& parts, char separator) {
    out.signed_decimal(parts.tm_year + 1900);
    out.put(separator);
    out.decimal(static_cast<std::uint64_t>(parts.tm_mon) + 1, 2, '0');
    out.put(separator);
    out.decimal(static_cast<std::uint64_t>(parts.tm_mday), 2, '0');
}

void append_year_day(Output& out, const std::tm& parts) {
    out.signed_decimal(parts.tm_year + 1900);
    out.put('/');
    out.decimal(static_cast<std::uint64_t>(parts.tm_yday) + 1, 3, '0');
}

} // namespace

std::optional<TimeForm> time_form(std::string_view word) {
    for (const auto& [known, form] : words)
        if (known == word) return form;
    return {};
}

const std::tm& TimeWriter::split(Timestamp time, bool utc) {
    const auto second = static_cast<std::time_t>(whole_seconds(time).first);
    if (second_[utc] != second) {
        second_[utc] = second;
        utc ? gmtime_r(&second, &parts_[utc]) : localtime_r(&second, &parts_[utc]);
    }
    return parts_[utc];
}

void TimeWriter::column(Output& out, TimeForm form, Timestamp time, const TimeBase& base, std::size_t digits) {
    const bool utc = form == TimeForm::utc || form == TimeForm::utc_date || form == TimeForm::utc_year_day;
    switch (form) {
    case TimeForm::relative: return out.seconds(time - base.first, digits);
    case TimeForm::delta: return out.seconds(time - base.before, digits);
    case TimeForm::delta_displayed: return out.seconds(time - base.displayed, digits);
    case TimeForm::epoch: return out.seconds(time, digits);
    case TimeForm::absolute:
    case TimeForm::utc: return append_clock(out, split(time, utc), time, digits);
    case TimeForm::absolute_date:
    case TimeForm::utc_date: append_date(out, split(time, utc), '-'); break;
    case TimeForm::absolute_year_day:
    case TimeForm::utc_year_day: append_year_day(out, split(time, utc)); break;
    }
    out.put(' ');
    append_clock(out, split(time, utc), time, digits);
}

void TimeWriter::calendar(Output& out, Timestamp time) {
    const auto& parts = split(time, false);
    out.text(months[static_cast<std::size_t>(parts.tm_mon) % 12]);
    out.put(' ');
    out.decimal(static_cast<std::uint64_t>(parts.tm_mday), 2, ' ');
    out.text(", ");
    out.signed_decimal(parts.tm_year + 1900);
    out.put(' ');
    append_clock(out, parts, time, 9);
    out.put(' ');
    out.text(parts.tm_zone ? parts.tm_zone : "UTC");
}

void TimeWriter::iso(Output& out, Timestamp time) {
    const auto& parts = split(time, true);
    append_date(out, parts, '-');
    out.put('T');
    append_clock(out, parts, time, 9);
    out.put('Z');
}

} // namespace ikescope::present
