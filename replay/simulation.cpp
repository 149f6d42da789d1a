#include "replay/simulation.hpp"

#include "replay/ikev1_ios_policy.hpp"
#include "replay/ikev1_peer.hpp"
#include "replay/ikev2_ios_policy.hpp"
#include "replay/ikev2_peer.hpp"

#include <chrono>
#include <fmt/format.h>

namespace ikescope::replay {
namespace {

/// Longer than any router's patience: 6 times 10 s for phase 1 and again for Quick Mode.
constexpr Nanoseconds longest_wait = 600 * one_second;
constexpr std::uint16_t isakmp_port = 500;

/// What becomes of one end's actions.
struct Witness {
    std::size_t established = 0, children = 0;
    std::string failure;
};

/// Randomness of each part is its own, so that what one invents does not depend on how often another asks.
Random part_of(const Buffer& seed, std::string_view part) {
    if (seed.empty()) return Random::from_system();
    Buffer own = seed;
    own.insert(own.end(), part.begin(), part.end());
    return Random(own);
}

class Stage {
public:
    Stage(const SimulationOptions& options, Simulated& out)
        : options_(options), out_(out), chance_(part_of(options.seed, "wire")), wire_(options.delay),
          lossy_(wire_, options.loss, chance_), recorder_(lossy_) {
        wire_.set_way(recorder_);
    }

    void play(const IpAddress& first, Peer& initiator, const IpAddress& second, Peer& responder) {
        wire_.join(first, initiator, heed(0));
        wire_.join(second, responder, heed(1));
        wire_.start(0, options_.start);
        out_.end = std::max(options_.start, wire_.run(options_.start + longest_wait));
        out_.datagrams = recorder_.seen();
        out_.up = witnesses_[0].established > 0 && witnesses_[1].established > 0;
        out_.child = witnesses_[0].children > 0 && witnesses_[1].children > 0;
        for (const auto& witness : witnesses_)
            if (out_.failure.empty()) out_.failure = witness.failure;
    }

private:
    Wire::Heed heed(std::size_t end) {
        return [this, end](Timestamp time, const Action& action) {
            auto& witness = witnesses_[end];
            if (const auto* log = std::get_if<Log>(&action)) write(end, time, log->line);
            if (const auto* failed = std::get_if<Failed>(&action); failed && witness.failure.empty())
                witness.failure = failed->reason;
            if (const auto* keyed = std::get_if<Keyed>(&action)) keep(*keyed);
            witness.established += std::holds_alternative<Established>(action);
            witness.children += std::holds_alternative<ChildUp>(action);
        };
    }
    void write(std::size_t end, Timestamp time, const std::string& line) {
        if (options_.detail || !ios::is_detail(line)) out_.logs[end].push_back({time, line});
    }
    void keep(const Keyed& keyed) {
        secrets::DhSecret secret{
            keyed.shared, secrets::DhSecret::Form::shared, {"simulation", true}, keyed.initiator_spi};
        out_.secrets.add_dh(std::move(secret));
    }

    const SimulationOptions& options_;
    Simulated& out_;
    Random chance_;
    Wire wire_;
    Lossy lossy_;
    Recorder recorder_;
    Witness witnesses_[2];
};

/// The responder's word counts first: it is the one who refuses.
ios::Verdict verdict_of(const ios::Verdict& answers, const ios::Verdict& asks) {
    return answers.finding.empty() && answers.sentence.empty() ? asks : answers;
}

template <class IosPolicy, class OnePeer, class Settings>
void play(const ios::Router& initiator, const ios::Router& responder, const ios::Way& way,
          const SimulationOptions& options, const Settings& here, const Settings& there, Simulated& out) {
    IosPolicy asks(initiator, way, true), answers(responder, way, false);
    auto first = part_of(options.seed, "initiator"), second = part_of(options.seed, "responder");
    OnePeer one(here, asks, first), two(there, answers, second);
    Stage(options, out).play(here.local.address, one, there.local.address, two);
    out.verdict = verdict_of(answers.verdict(), asks.verdict());
}

} // namespace

Simulated simulate(const ios::Router& initiator, const ios::Router& responder, const SimulationOptions& options) {
    Simulated out;
    const auto way = ios::way_between(initiator, responder);
    out.end = options.start;
    if (!way.problem.empty()) {
        out.verdict = {ios::Outcome::phase1_failed, "cannot-initiate", initiator.name, {}, way.problem};
        return out;
    }
    const Endpoint here{way.initiator.local, isakmp_port}, there{way.initiator.peer, isakmp_port};
    if (way.asking.ikev2()) {
        out.version = 2;
        const ikev2::Settings first{here, there, false, true, {}}, second{there, here, false, true, {}};
        play<ikev2::IosPolicy, ikev2::Peer>(initiator, responder, way, options, first, second, out);
    } else {
        ios::Ikev1Decision begun;
        begun.way = way;
        ios::begin_ikev1(initiator, begun);
        const ikev1::Settings first{here, there, begun.aggressive, true, true, {}};
        const ikev1::Settings second{there, here, false, true, true, {}};
        play<ikev1::IosPolicy, ikev1::Peer>(initiator, responder, way, options, first, second, out);
    }
    return out;
}

std::string transcript(const std::vector<LogEntry>& log) {
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::string out;
    for (const auto& [time, line] : log) {
        if (!line.starts_with(' ')) {
            const auto day = std::chrono::sys_days(std::chrono::days(time / (86400 * one_second)));
            const std::chrono::year_month_day date(day);
            const auto ms = time % (86400 * one_second) / (one_second / 1000);
            out += fmt::format("*{} {:2} {:02}:{:02}:{:02}.{:03}: ", months[static_cast<unsigned>(date.month()) - 1],
                               static_cast<unsigned>(date.day()), ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60,
                               ms % 1000);
        }
        out += line + "\n";
    }
    return out;
}

} // namespace ikescope::replay
