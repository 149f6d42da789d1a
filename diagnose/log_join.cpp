// Joining logs to packets: those of daemons in log_daemons.cpp; IKEv2 by SPIs, IKEv1 by addresses, the messages that both show, vendor IDs, and one clock
// offset per log that fits most of its negotiations.

#include "diagnose/log_daemons.hpp"
#include "diagnose/router_logs.hpp"
#include "diagnose/story.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace ikescope::diagnose {

namespace {

using ios::LogEvent;
using ios::LogNegotiation;
using ios::RouterLog;
using session::Version;

constexpr Nanoseconds close_enough = 2 * one_second;

/// A negotiation and an SA that may be the same.
struct Pair {
    std::size_t part, sa;
    bool exact = false;                ///< by SPIs
    std::optional<Nanoseconds> offset; ///< median over the messages that both show
    std::size_t shared = 0;            ///< how many those are
    std::vector<unsigned> majors;
};

bool from_router(const LogNegotiation& n, const MessageRecord& message, const Sa& sa) {
    const auto& peer = n.role == 'I' ? sa.responder.address : sa.initiator.address;
    return message.source.address != peer;
}

/// Frames of the log's packet lines: the k-th line of a label and direction is the k-th such message.
std::vector<std::pair<std::size_t, const MessageRecord*>> same_messages(const RouterLog& log, const LogNegotiation& n,
                                                                        const Sa& sa) {
    std::vector<std::pair<std::size_t, const MessageRecord*>> out;
    std::vector<bool> used(sa.messages.size(), false);
    for (const auto index : n.entries) {
        const auto& entry = log.entries[index];
        if (entry.event != LogEvent::packet || entry.label.empty()) continue;
        for (std::size_t i = 0; i < sa.messages.size(); ++i) {
            const auto& message = sa.messages[i];
            if (used[i] || message.label != entry.label || from_router(n, message, sa) != entry.sends) continue;
            used[i] = true;
            out.emplace_back(index, &message);
            break;
        }
    }
    return out;
}

std::optional<Nanoseconds> median_offset(const RouterLog& log,
                                         const std::vector<std::pair<std::size_t, const MessageRecord*>>& same) {
    std::vector<Nanoseconds> spans;
    for (const auto& [index, message] : same)
        if (const auto& time = log.entries[index].time) spans.push_back(message->time - time->at(message->time));
    if (spans.empty()) return std::nullopt;
    std::ranges::nth_element(spans, spans.begin() + static_cast<std::ptrdiff_t>(spans.size() / 2));
    return spans[spans.size() / 2];
}

std::string hex_of(const session::Spi& spi) { return hex(Bytes(spi.data(), spi.size())); }

bool addresses_fit(const LogNegotiation& n, const Sa& sa, const ios::Router* router) {
    const auto fits = [&](const IpAddress& own, const IpAddress& peer) {
        if (n.peer.empty() || n.peer != peer) return false;
        if (!n.local.empty()) return n.local == own;
        return !router || router->has_address(own);
    };
    const bool as_initiator = n.role != 'R' && fits(sa.initiator.address, sa.responder.address);
    const bool as_responder = n.role != 'I' && fits(sa.responder.address, sa.initiator.address);
    return as_initiator || as_responder;
}

class Joiner {
public:
    Joiner(std::vector<LogPart>& parts, const session::Sessions& sessions, const Material& material)
        : parts_(parts), sessions_(sessions), material_(material) {}

    void join() {
        for (std::size_t first = 0; first < parts_.size();) {
            auto last = first;
            while (last < parts_.size() && parts_[last].log == parts_[first].log) ++last;
            join_log(first, last);
            first = last;
        }
    }

private:
    void join_log(std::size_t first, std::size_t last) {
        auto pairs = pairs_of(first, last);
        const auto offset = common_offset(pairs);
        // The surest first: SPIs, then the common offset, then whoever shares most messages.
        const auto rank = [&](const Pair& pair) {
            const bool near = offset && pair.offset && std::abs(*pair.offset - *offset) < close_enough;
            return std::tuple(!pair.exact, !near, -static_cast<std::ptrdiff_t>(pair.shared),
                              -static_cast<std::ptrdiff_t>(pair.majors.size()), pair.part, pair.sa);
        };
        std::ranges::sort(pairs, {}, rank);
        std::vector<std::size_t> taken;
        for (const auto& pair : pairs) {
            auto& part = parts_[pair.part];
            if (part.sa || std::ranges::find(taken, pair.sa) != taken.end()) continue;
            if (!pair.exact && offset && pair.offset && std::abs(*pair.offset - *offset) >= close_enough) continue;
            taken.push_back(pair.sa);
            part.sa = pair.sa;
            part.offset = pair.offset;
            part.how = pair.exact ? "by SPIs" : "by addresses and states";
            part.majors_seen = pair.majors;
        }
    }

    std::vector<Pair> pairs_of(std::size_t first, std::size_t last) const {
        std::vector<Pair> pairs;
        constexpr std::size_t most = 20'000;
        for (const auto sa : sessions_)
            for (auto part = first; part < last && pairs.size() < most; ++part)
                if (auto pair = pair_of(part, sa)) pairs.push_back(std::move(*pair));
        return pairs;
    }

    std::optional<Pair> pair_of(std::size_t part, const Sa& sa) const {
        const auto* n = parts_[part].negotiation;
        if (!n || n->version != static_cast<int>(sa.version)) return std::nullopt;
        const bool spis = sa.version == Version::v2 && !n->initiator_spi.empty();
        const bool exact = spis && n->initiator_spi == hex_of(sa.initiator_spi);
        if (spis && !exact) return std::nullopt;
        if (!exact && !addresses_fit(*n, sa, router_of(parts_[part], material_.routers))) return std::nullopt;
        const auto same = same_messages(*parts_[part].log, *n, sa);
        Pair out{part, sa.index, exact, median_offset(*parts_[part].log, same), same.size(), {}};
        if (material_.observations)
            for (const auto major : n->majors)
                if (material_.observations->vendor_octet(sa.index, major) &&
                    std::ranges::find(out.majors, major) == out.majors.end())
                    out.majors.push_back(major);
        return out;
    }

    /// The offset that most negotiations of the log agree on.
    static std::optional<Nanoseconds> common_offset(const std::vector<Pair>& pairs) {
        std::optional<Nanoseconds> best;
        std::size_t most = 0;
        constexpr std::size_t enough = 50;
        for (std::size_t i = 0; i < pairs.size() && i < enough; ++i) {
            if (!pairs[i].offset) continue;
            std::set<std::size_t> agreeing;
            std::size_t shared = 0;
            for (const auto& other : pairs)
                if (other.offset && std::abs(*other.offset - *pairs[i].offset) < close_enough &&
                    agreeing.insert(other.part).second)
                    shared += other.shared + other.majors.size();
            if (shared <= most) continue;
            most = shared;
            best = pairs[i].offset;
        }
        return best;
    }

    std::vector<LogPart>& parts_;
    const session::Sessions& sessions_;
    const Material& material_;
};

bool worth_showing(const ios::LogEntry& entry) {
    constexpr LogEvent silent[] = {LogEvent::other,      LogEvent::attribute, LogEvent::vendor_major,
                                   LogEvent::transition, LogEvent::identity,  LogEvent::spis};
    return std::ranges::find(silent, entry.event) == std::end(silent);
}

void add_line(LogPart& part, const ios::LogEntry& entry) {
    constexpr std::size_t most = 200;
    const auto* text = find_log_text(entry.text, part.log->cisco);
    if ((text || worth_showing(entry)) && part.lines.size() < most) part.lines.push_back({&entry, text, {}});
}

void add_frames(LogPart& part, const Sa& sa) {
    for (const auto& [index, message] : same_messages(*part.log, *part.negotiation, sa))
        for (auto& line : part.lines)
            if (line.entry == &part.log->entries[index]) line.frame = message->frame;
}

} // namespace

const ios::Router* router_of(const LogPart& part, std::span<const ios::Router> routers) {
    for (const auto& router : routers)
        if (router.name == part.log->name) return &router;
    const auto* n = part.negotiation;
    if (!n) return nullptr;
    for (const auto& router : routers)
        if (!n->local.empty() && router.has_address(n->local)) return &router;
    // The only one that has a tunnel or map entry for the peer.
    const ios::Router* only = nullptr;
    for (const auto& router : routers) {
        const auto paths = ios::paths_of(router);
        if (n->peer.empty() ||
            std::ranges::find(paths, n->peer, [](const auto& path) { return path.ends.peer; }) == paths.end())
            continue;
        if (only) return nullptr;
        only = &router;
    }
    return only;
}

std::vector<LogPart> join_logs(std::span<const ios::RouterLog> logs, const session::Sessions& sessions,
                               const Material& material) {
    std::vector<LogPart> parts;
    for (const auto& log : logs) {
        for (const auto& n : log.negotiations) {
            parts.push_back({&log, &n, {}, {}, {}, {}, {}});
            for (const auto index : n.entries) add_line(parts.back(), log.entries[index]);
        }
        if (!log.cisco)
            for (auto& part : daemon_parts(log, sessions)) parts.push_back(std::move(part));
        if (!log.negotiations.empty() || !log.cisco) continue;
        parts.push_back({&log, nullptr, {}, {}, {}, {}, {}});
        for (const auto& entry : log.entries) add_line(parts.back(), entry);
    }
    Joiner(parts, sessions, material).join();
    for (auto& part : parts)
        if (part.sa && part.negotiation) add_frames(part, sessions.at(*part.sa));
    return parts;
}

} // namespace ikescope::diagnose
