// From lines to records: time stamps, lines that a terminal has wrapped, fields on lines of their own.

#include "ios/commands.hpp"
#include "ios/router_log.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>

namespace ikescope::ios {
namespace {

constexpr std::size_t most_lines = 2'000'000, longest_record = 16'384;
constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool digit(char c) { return c >= '0' && c <= '9'; }

/// Reads on while the text has the form that is asked for; what is taken is gone from `text`.
struct Taker {
    std::string_view text;

    bool take(std::string_view what) {
        if (!text.starts_with(what)) return false;
        text.remove_prefix(what.size());
        return true;
    }
    void blanks() { text.remove_prefix(std::min(text.find_first_not_of(' '), text.size())); }
    /// At most `most` digits.
    std::optional<unsigned> number(std::size_t most) {
        std::size_t size = 0;
        while (size < most && size < text.size() && digit(text[size])) ++size;
        const auto value = number_of(text.substr(0, size));
        if (value) text.remove_prefix(size);
        return value;
    }
    /// 10:04:24 or 10:04:24.826
    bool clock(LogTime& time) {
        const auto hours = number(2);
        if (!hours || !take(":")) return false;
        const auto minutes = number(2);
        if (!minutes || !take(":")) return false;
        const auto seconds = number(2);
        if (!seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return false;
        time.of_day = ((*hours * 60LL + *minutes) * 60 + *seconds) * one_second;
        if (text.size() > 1 && (text[0] == '.' || text[0] == ',') && digit(text[1])) {
            text.remove_prefix(1);
            auto scale = one_second / 10;
            for (; !text.empty() && digit(text[0]); text.remove_prefix(1), scale /= 10)
                time.of_day += (text[0] - '0') * scale;
        }
        return true;
    }
    /// `Jun 19 [2015 ]10:04:24.826`
    bool named_date(LogTime& time) {
        const auto month = std::ranges::find(months, text.substr(0, 3));
        if (month == std::end(months)) return false;
        time.month = static_cast<unsigned>(month - std::begin(months)) + 1;
        text.remove_prefix(3);
        blanks();
        const auto day = number(2);
        if (!day || *day == 0 || *day > 31) return false;
        time.day = *day;
        blanks();
        const auto before = text;
        if (const auto year = number(4); year && *year > 1970 && text.starts_with(' ')) {
            time.year = static_cast<int>(*year);
            blanks();
        } else {
            text = before;
        }
        return clock(time);
    }
    /// `2023-01-13 11:39:21`, `2023-01-13T11:39:21`
    bool iso_date(LogTime& time) {
        const auto year = number(4);
        if (!year || !take("-")) return false;
        const auto month = number(2);
        if (!month || *month == 0 || *month > 12 || !take("-")) return false;
        const auto day = number(2);
        if (!day || *day == 0 || *day > 31 || (!take(" ") && !take("T"))) return false;
        time.year = static_cast<int>(*year);
        time.month = *month;
        time.day = *day;
        return clock(time);
    }
};

/// The stamp at the start of a line and what stands behind it. A syslog server's own stamp, host and sequence number
/// may stand in front of the router's; the router's counts.
std::optional<LogTime> take_stamp(std::string_view& line) {
    std::optional<LogTime> found;
    constexpr std::size_t furthest = 80; // syslog: stamp, host, sequence number
    auto behind = line;
    for (std::size_t at = 0; at < std::min(line.size(), furthest); ++at) {
        const bool start = at == 0 || line[at - 1] == ' ' || line[at - 1] == '*' || line[at - 1] == '.' ||
                           line[at - 1] == '[' || line[at - 1] == ':';
        if (!start) continue;
        LogTime time;
        Taker taker{line.substr(at)};
        const auto letter = line[at];
        const bool named = letter >= 'A' && letter <= 'S' && taker.named_date(time);
        const bool iso = !named && digit(letter) && (taker.text = line.substr(at), taker.iso_date(time));
        const bool bare =
            !named && !iso && at == 0 && digit(letter) && (taker.text = line, time = {}, taker.clock(time));
        if (!named && !iso && !bare) continue;
        found = time;
        behind = taker.text;
        at = line.size() - behind.size();
        if (behind.starts_with("ISAKMP") || behind.starts_with("IPSEC")) break;
    }
    if (!found) return found;
    // A time zone may follow (`10:04:24.826 UTC:`), then a colon or a bracket.
    Taker rest{behind};
    rest.blanks();
    const auto colon = rest.text.find(':');
    if (colon <= 5 &&
        std::ranges::all_of(rest.text.substr(0, colon), [](char c) { return c >= 'A' && c <= 'Z'; }) &&
        !rest.text.starts_with("IPSEC") && !rest.text.starts_with("IKE"))
        rest.text.remove_prefix(colon + 1);
    (void)(rest.take("]") || rest.take(":"));
    rest.blanks();
    line = rest.text;
    return found;
}

/// Records of IOS without stamps begin with one of these.
bool begins_record(std::string_view line) {
    constexpr std::string_view starts[] = {"ISAKMP",       "IPSEC(",          "IPSec(", "%CRYPTO", "%PKI",
                                           "%ASA",         "%IKEV2",          "IKEv2:", "IKEv2-",  "CRYPTO_", "map_db_",
                                           "Crypto mapdb", "(key eng. msg.)", "[IKEv1", "ike 0",   "ike V="};
    return std::ranges::any_of(starts, [&](std::string_view start) { return line.starts_with(start); });
}

/// `R1#`, `R1#ping …`, `edge-1>`: the host's name; empty when the line is no prompt.
std::string_view prompt_of(std::string_view line) {
    std::size_t size = 0;
    const auto letter = [](char c) {
        return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
    };
    while (size < line.size() && letter(line[size])) ++size;
    const bool prompt = size > 0 && size < line.size() && (line[size] == '#' || line[size] == '>');
    return prompt ? line.substr(0, size) : std::string_view();
}

/// IOS-XE prints what a packet holds on lines of their own, without blanks in front.
bool field_of_ikev2(std::string_view line) {
    constexpr std::string_view starts[] = {"Initiator SPI", "IKEv2 ", "Payload contents"};
    return std::ranges::any_of(starts, [&](std::string_view start) { return line.starts_with(start); });
}

// Prose around a log that was copied out of a document: another script, the number of a step.
bool foreign(std::string_view line) {
    return std::ranges::any_of(line, [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}
bool step_number(std::string_view line) { return line.size() < 4 && line.ends_with('.') && digit(line[0]); }

class Joiner {
public:
    explicit Joiner(LogRecords& out) : out_(out) {}

    void line(std::size_t number, std::string_view whole) {
        auto text = whole;
        while (!text.empty() && (text.back() == '\r' || text.back() == '\f')) text.remove_suffix(1);
        while (!text.empty() && text.front() == '\f') text.remove_prefix(1);
        if (text.find_first_not_of(" \t") == std::string_view::npos || step_number(text)) return;
        const auto size = text.size();
        const auto time = take_stamp(text);
        if (!time && foreign(text)) return close();
        if (const auto host = time ? std::string_view() : prompt_of(text); !host.empty()) {
            if (out_.prompt.empty()) out_.prompt = std::string(host);
            return close();
        }
        const auto first = std::min(text.find_first_not_of(" \t"), text.size());
        if (time || begins_record(text.substr(first)) || (first == 0 && !open_ && out_.records.empty()))
            return begin(number, time, text.substr(first), size);
        if (open_) return go_on(number, text, first, size);
        if (!stamped_) begin(number, time, text, size); // a log without any stamps: every line stands alone
    }

private:
    void begin(std::size_t number, std::optional<LogTime> time, std::string_view text, std::size_t size) {
        if (time)
            stamped_ = true;
        else if (!out_.records.empty() && open_)
            time = out_.records.back().time; // printed in one go with the line above
        out_.records.push_back({number, time, std::string(text.substr(0, longest_record))});
        open_ = true;
        last_size_ = size;
    }

    // Indented: a field of its own. Otherwise the terminal has wrapped the line: at a blank, or in a word when it was
    // full.
    void go_on(std::size_t number, std::string_view text, std::size_t first, std::size_t size) {
        auto& record = out_.records.back().text;
        if (record.size() + size > longest_record) return;
        constexpr std::size_t shortest_wrapped = 40, narrow = 80, wide = 132;
        if (first > 0 || (record.starts_with("IKEv2") && field_of_ikev2(text))) {
            record += "\n";
        } else if (!stamped_) {
            return begin(number, std::nullopt, text, size);
        } else if (last_size_ < shortest_wrapped) {
            return close();
        } else if (last_size_ != narrow && last_size_ != wide && !record.ends_with(' ')) {
            record += " ";
        }
        record += text.substr(first);
        last_size_ = size;
    }

    void close() { open_ = false; }

    LogRecords& out_;
    bool open_ = false, stamped_ = false;
    std::size_t last_size_ = 0;
};

} // namespace

Timestamp LogTime::at(Timestamp near) const {
    namespace chrono = std::chrono;
    const auto day_of = [&](chrono::year in) {
        return chrono::sys_days(in / chrono::month(month) / chrono::day(day)).time_since_epoch().count();
    };
    // Logs may claim year 2426. From 1970 to 2105, as in captures, no difference of two times overflows.
    constexpr std::int64_t last_day = 49'672;
    const auto stamp = [&](std::int64_t days) {
        return std::clamp<std::int64_t>(days, 0, last_day) * 86'400 * one_second + of_day;
    };
    const auto nearest = [&](std::array<std::int64_t, 3> days) {
        return stamp(*std::ranges::min_element(days, {}, [&](auto one) { return std::abs(stamp(one) - near); }));
    };
    if (year != 0) return stamp(day_of(chrono::year(year)));
    const auto today = chrono::floor<chrono::days>(chrono::sys_time<chrono::nanoseconds>(chrono::nanoseconds(near)));
    const std::int64_t here = today.time_since_epoch().count();
    if (month == 0) return nearest({here, here - 1, here + 1});
    const auto y = chrono::year_month_day(today).year();
    return nearest({day_of(y), day_of(y - chrono::years(1)), day_of(y + chrono::years(1))});
}

std::string LogTime::text() const {
    const auto ms = of_day / 1'000'000;
    auto clock =
        fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
    if (month == 0) return clock;
    return fmt::format("{} {}{} {}", months[month - 1], day, year ? fmt::format(" {}", year) : "", clock);
}

LogRecords read_log_records(std::string_view text) {
    LogRecords out;
    Joiner joiner(out);
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    for (std::size_t number = 1; !text.empty(); ++number) {
        if (number > most_lines) {
            out.cut = true;
            break;
        }
        const auto end = std::min(text.find('\n'), text.size());
        joiner.line(number, plain_blanks(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

} // namespace ikescope::ios
