#include "diagnose/log_daemons.hpp"

#include "diagnose/story.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>

namespace ikescope::diagnose {

namespace {

bool hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

/// What a line says about the SA that it belongs to.
struct Facts {
    std::string tag;
    std::vector<std::string> spis;     ///< 16 hexadecimal digits in lower case
    std::vector<IpAddress> addresses;  ///< in order; the sender's first in a line about a packet
    std::optional<std::uint32_t> size; ///< of the message in a line about a packet
    int version = 0;                   ///< of IKE; 0: the line does not say
};

/// charon: `05[NET] <lab|12> …`; libreswan: `"v1" #3: …`; FortiGate: `ike 0:name:14: …`, `ike V=root:0:name:14: …`
std::string tag_of(std::string_view text) {
    const auto between = [&](std::string_view open, std::string_view close) {
        const auto begin = text.find(open);
        if (begin > 40) return std::string_view();
        const auto inside = text.substr(begin + open.size());
        const auto end = inside.find(close);
        return end == std::string_view::npos ? std::string_view() : inside.substr(0, end);
    };
    if (const auto charon = between("] <", "> "); !charon.empty()) {
        const auto bar = charon.rfind('|');
        return "charon " + std::string(bar == std::string_view::npos ? charon : charon.substr(bar + 1));
    }
    if (text.starts_with("\"") || text.starts_with("| \"")) {
        const auto number = between("\" #", ":");
        if (!number.empty() && std::ranges::all_of(number, digit)) return "pluto " + std::string(number);
    }
    if (text.starts_with("ike ")) {
        const auto end = text.find(": ");
        const auto head = text.substr(0, end);
        const auto last = head.rfind(':');
        if (end != std::string_view::npos && last != std::string_view::npos && last + 1 < head.size() &&
            std::ranges::all_of(head.substr(last + 1), digit) && head.find(':') != last)
            return "ike " + std::string(head);
    }
    return {};
}

/// Words of digits, letters, dots and colons: SPIs and addresses are among them.
void read_words(std::string_view text, Facts& facts) {
    const auto part = [](char c) { return hex_digit(c) || c == '.' || c == ':'; };
    const auto letter = [](char c) { return (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z'); };
    for (std::size_t at = 0; at < text.size();) {
        if (!part(text[at])) {
            ++at;
            continue;
        }
        auto end = at;
        while (end < text.size() && part(text[end])) ++end;
        auto word = text.substr(at, end - at);
        const bool inside = (at > 0 && letter(text[at - 1])) || (end < text.size() && letter(text[end]));
        at = end;
        while (word.ends_with(':') || word.ends_with('.')) word.remove_suffix(1);
        while (word.starts_with(':') && !word.starts_with("::")) word.remove_prefix(1);
        if (inside || word.size() < 3) continue;
        // ci:cr of racoon are two words in one
        for (auto rest = word; rest.size() >= 16; rest.remove_prefix(std::min(rest.size(), rest.find(':') + 1))) {
            const auto one = rest.substr(0, rest.find(':'));
            if (one.size() == 16 && one.find('.') == std::string_view::npos) {
                facts.spis.emplace_back(one);
                for (auto& c : facts.spis.back())
                    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
            }
            if (rest.find(':') == std::string_view::npos) break;
        }
        auto address = IpAddress::parse(word);
        if (!address && word.find('.') != std::string_view::npos)
            address = IpAddress::parse(word.substr(0, word.find(':')));
        if (address && std::ranges::find(facts.addresses, *address) == facts.addresses.end())
            facts.addresses.push_back(*address);
    }
}

/// `(180 bytes)` of charon, `len=296` of FortiGate, `180 bytes message received from` of racoon.
std::optional<std::uint32_t> size_in(std::string_view text) {
    std::string_view digits;
    if (const auto at = text.find("len="); at != std::string_view::npos && text.find("IKE") != std::string_view::npos) {
        digits = text.substr(at + 4);
    } else if (const auto bytes = text.find(" bytes");
               bytes != std::string_view::npos && (text.find("packet: from ") != std::string_view::npos ||
                                                   text.find("message received from ") != std::string_view::npos)) {
        auto begin = bytes;
        while (begin > 0 && digit(text[begin - 1])) --begin;
        digits = text.substr(begin, bytes - begin);
    }
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end != digits.data() ? std::optional(value) : std::nullopt;
}

int version_in(std::string_view text) {
    constexpr std::string_view first[] = {"ID_PROT", "Main Mode", "AGGRESSIVE", "Aggressive Mode",
                                          "phase1",  "IKEv1",     "QUICK_MODE"};
    constexpr std::string_view second[] = {"IKE_SA_INIT", "IKE_AUTH", "IKEv2", "CREATE_CHILD_SA"};
    const auto in_text = [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; };
    return std::ranges::any_of(first, in_text) ? 1 : std::ranges::any_of(second, in_text) ? 2 : 0;
}

Facts facts_of(std::string_view text) {
    Facts facts;
    facts.version = version_in(text);
    facts.tag = tag_of(text);
    read_words(text, facts);
    facts.size = size_in(text);
    return facts;
}

/// Lines that speak of one SA, and what they say about it together.
struct Thread {
    std::vector<std::size_t> entries;
    std::vector<std::string> spis;
    std::vector<IpAddress> addresses;
    std::optional<ios::LogTime> first;
    bool tagged = false; ///< one exchange as a whole; otherwise lines that happen to say who they are about
    int version = 0;
    std::optional<std::size_t> sa;
    std::string how;
};

template <class T>
void add_new(std::vector<T>& to, const std::vector<T>& more) {
    constexpr std::size_t most = 64;
    for (const auto& one : more)
        if (to.size() < most && std::ranges::find(to, one) == to.end()) to.push_back(one);
}

std::string hex_of(const session::Spi& spi) { return hex(Bytes(spi.data(), spi.size())); }

/// Everything about an SA that a log line can name.
struct Known {
    std::size_t index;
    std::string spis[2];
    IpAddress addresses[2];
    Timestamp start, end;
    int version;
};

class Sorter {
public:
    Sorter(const ios::RouterLog& log, const session::Sessions& sessions) : log_(log), sessions_(sessions) {
        for (const auto sa : sessions)
            known_.push_back({sa.index,
                              {hex_of(sa.initiator_spi), hex_of(sa.responder_spi)},
                              {sa.initiator.address, sa.responder.address},
                              sa.start,
                              sa.end,
                              static_cast<int>(sa.version)});
    }

    std::vector<LogPart> sort() {
        thread_lines();
        for (auto& thread : threads_) join_by_spis(thread);
        join_by_addresses();
        return parts();
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1), most_threads = 10'000;

    /// A line without a tag and without anything to know an SA by goes with the line above, if that is of the same
    /// second.
    void thread_lines() {
        std::map<std::string, std::size_t> tags;
        std::size_t last = none;
        for (std::size_t i = 0; i < log_.entries.size(); ++i) {
            facts_.push_back(facts_of(log_.entries[i].text));
            const auto& facts = facts_.back();
            const bool bare = facts.tag.empty() && facts.spis.empty() && facts.addresses.empty();
            if (bare && last != none && !together(threads_[last], i)) last = none;
            auto thread = bare ? last : none;
            auto key = facts.tag;
            for (std::size_t spi = 0; facts.tag.empty() && spi < facts.spis.size(); ++spi) key += facts.spis[spi] + " ";
            const auto known = key.empty() ? tags.end() : tags.find(key);
            if (known != tags.end()) {
                thread = known->second;
            } else if (!bare && threads_.size() < most_threads) {
                thread = threads_.size();
                threads_.emplace_back();
                threads_.back().tagged = !facts.tag.empty();
                if (!key.empty()) tags[key] = thread;
            }
            if (thread == none) {
                loose_.push_back(i);
                continue;
            }
            take(threads_[thread], i);
            last = thread;
        }
    }
    bool together(const Thread& thread, std::size_t entry) const {
        const auto &before = log_.entries[thread.entries.back()].time, &now = log_.entries[entry].time;
        return before && now && std::abs(now->of_day - before->of_day) <= one_second;
    }
    void take(Thread& thread, std::size_t entry) {
        thread.entries.push_back(entry);
        add_new(thread.spis, facts_[entry].spis);
        add_new(thread.addresses, facts_[entry].addresses);
        if (!thread.first) thread.first = log_.entries[entry].time;
        if (thread.version == 0) thread.version = facts_[entry].version;
    }

    void join_by_spis(Thread& thread) const {
        for (const auto& known : known_)
            for (const auto& spi : known.spis)
                if (std::ranges::find(thread.spis, spi) != thread.spis.end()) {
                    thread.sa = known.index;
                    thread.how = "by SPIs";
                    return;
                }
    }

    std::vector<const Known*> of_the_addresses(const Thread& thread) const {
        std::vector<const Known*> both, one;
        for (const auto& known : known_) {
            if (thread.version != 0 && thread.version != known.version) continue;
            const auto named = [&](const IpAddress& address) {
                return std::ranges::find(thread.addresses, address) != thread.addresses.end();
            };
            if (named(known.addresses[0]) && named(known.addresses[1]))
                both.push_back(&known);
            else if (named(known.addresses[0]) || named(known.addresses[1]))
                one.push_back(&known);
        }
        return both.empty() ? one : both;
    }

    /// A thread and an SA of its addresses.
    struct Pair {
        Thread* thread;
        const Known* sa;
    };
    static constexpr Nanoseconds slack = 2 * one_second; // many logs have whole seconds
    static bool within(const Pair& pair, Nanoseconds offset, Nanoseconds behind) {
        const auto written = pair.thread->first->at(pair.sa->start - offset) + offset;
        return written >= pair.sa->start - slack && written <= pair.sa->end + behind;
    }
    static Nanoseconds distance(const Pair& pair, Nanoseconds offset) {
        return std::abs(pair.thread->first->at(pair.sa->start - offset) + offset - pair.sa->start);
    }

    /// The offset of the clocks with which most pairs agree; of equals the smallest.
    template <class Agrees>
    static std::optional<Nanoseconds> best_offset(const std::vector<Pair>& pairs,
                                                  const std::vector<Nanoseconds>& offsets, Agrees agrees) {
        std::optional<Nanoseconds> best;
        std::ptrdiff_t most = 0;
        for (const auto offset : offsets) {
            const auto votes = std::ranges::count_if(pairs, [&](const Pair& pair) { return agrees(pair, offset); });
            if (votes == 0 || votes < most || (votes == most && best && std::abs(*best) <= std::abs(offset))) continue;
            best = offset;
            most = votes;
        }
        return best;
    }

    void join_by_addresses() {
        constexpr std::size_t most_pairs = 2'000;
        std::vector<Pair> exchanges, lines;
        for (auto& thread : threads_) {
            if (thread.sa) continue;
            const auto fitting = of_the_addresses(thread);
            if (!thread.first && fitting.size() == 1 && (known_.size() == 1 || !thread.tagged))
                take_sa(thread, *fitting.front(), "by addresses");
            auto& pairs = thread.tagged ? exchanges : lines;
            for (const auto* known : fitting)
                if (thread.first && pairs.size() < most_pairs) pairs.push_back({&thread, known});
        }
        std::vector<Nanoseconds> offsets;
        offsets.reserve(exchanges.size());
        for (const auto& pair : exchanges) offsets.push_back(pair.sa->start - pair.thread->first->at(pair.sa->start));
        const auto begins = [](const Pair& pair, Nanoseconds offset) { return distance(pair, offset) <= slack; };
        const auto offset = best_offset(exchanges, offsets, begins);
        if (offset) join_exchanges(exchanges, *offset);
        // Lines of their own: the clock of the exchanges, else one that is off by a time zone.
        constexpr Nanoseconds half_hour = 1800 * one_second;
        offsets = {offset.value_or(0)};
        for (int zone = -28; zone <= 28 && !offset; ++zone) offsets.push_back(zone * half_hour);
        constexpr Nanoseconds patience = 35 * one_second; // a failure is logged when waiting is over
        const auto during = [](const Pair& pair, Nanoseconds clock) { return within(pair, clock, patience); };
        if (const auto clock = best_offset(lines, offsets, during)) join_lines(lines, *clock, patience);
    }
    static void take_sa(Thread& thread, const Known& known, std::string_view how) {
        thread.sa = known.index;
        thread.how = how;
    }
    /// The nearest first; an SA is one exchange of the log.
    static void join_exchanges(std::vector<Pair>& pairs, Nanoseconds offset) {
        std::ranges::stable_sort(pairs, {}, [&](const Pair& pair) { return distance(pair, offset); });
        std::vector<std::size_t> taken;
        for (const auto& pair : pairs) {
            if (pair.thread->sa || !within(pair, offset, slack) ||
                std::ranges::find(taken, pair.sa->index) != taken.end())
                continue;
            take_sa(*pair.thread, *pair.sa, "by addresses and time");
            taken.push_back(pair.sa->index);
        }
    }
    static void join_lines(std::vector<Pair>& pairs, Nanoseconds offset, Nanoseconds patience) {
        std::ranges::stable_sort(pairs, {}, [&](const Pair& pair) { return distance(pair, offset); });
        for (const auto& pair : pairs)
            if (!pair.thread->sa && within(pair, offset, patience))
                take_sa(*pair.thread, *pair.sa, "by addresses and time");
    }

    std::vector<LogPart> parts() const {
        std::map<std::size_t, std::vector<const Thread*>> by_sa;
        auto rest = loose_;
        for (const auto& thread : threads_)
            if (thread.sa)
                by_sa[*thread.sa].push_back(&thread);
            else
                rest.insert(rest.end(), thread.entries.begin(), thread.entries.end());
        std::vector<LogPart> out;
        for (const auto& [sa, threads] : by_sa) {
            std::vector<std::size_t> entries;
            LogPart part{&log_, nullptr, sa, {}, threads.front()->how, {}, {}};
            if (std::ranges::find(threads, "by SPIs", &Thread::how) != threads.end()) part.how = "by SPIs";
            for (const auto* thread : threads)
                entries.insert(entries.end(), thread->entries.begin(), thread->entries.end());
            std::ranges::sort(entries);
            add_lines(part, entries, sessions_.at(sa));
            if (!part.lines.empty()) out.push_back(std::move(part));
        }
        std::ranges::sort(rest);
        LogPart part{&log_, nullptr, {}, {}, {}, {}, {}};
        for (const auto index : rest) add_failure(part, index);
        if (!part.lines.empty() || out.empty()) out.push_back(std::move(part));
        return out;
    }

    static constexpr std::size_t most_lines = 200;

    bool add_failure(LogPart& part, std::size_t index) const {
        const auto* text = find_log_text(log_.entries[index].text, false);
        if (text && part.lines.size() < most_lines) part.lines.push_back({&log_.entries[index], text, {}});
        return text;
    }

    /// Failures, and the lines about packets with their frames: the k-th of a size and sender is the k-th such message.
    void add_lines(LogPart& part, const std::vector<std::size_t>& entries, const Sa& sa) const {
        std::vector<bool> used(sa.messages.size(), false);
        std::vector<Nanoseconds> offsets;
        for (const auto index : entries) {
            if (add_failure(part, index) || part.lines.size() >= most_lines) continue;
            const auto& facts = facts_[index];
            if (!facts.size || facts.addresses.size() < 2) continue;
            for (std::size_t i = 0; i < sa.messages.size(); ++i) {
                const auto& message = sa.messages[i];
                if (used[i] || message.size != *facts.size || message.source.address != facts.addresses.front())
                    continue;
                used[i] = true;
                part.lines.push_back({&log_.entries[index], nullptr, message.frame});
                if (const auto& time = log_.entries[index].time)
                    offsets.push_back(message.time - time->at(message.time));
                break;
            }
        }
        if (offsets.empty()) return;
        const auto middle = offsets.begin() + std::ssize(offsets) / 2;
        std::ranges::nth_element(offsets, middle);
        part.offset = *middle;
    }

    const ios::RouterLog& log_;
    const session::Sessions& sessions_;
    std::vector<Known> known_;
    std::vector<Facts> facts_; ///< of each entry
    std::vector<Thread> threads_;
    std::vector<std::size_t> loose_; ///< entries that belong to no thread
};

} // namespace

std::vector<LogPart> daemon_parts(const ios::RouterLog& log, const session::Sessions& sessions) {
    return Sorter(log, sessions).sort();
}

} // namespace ikescope::diagnose
