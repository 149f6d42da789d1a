// The scenarios of the Cisco document on ISAKMP profiles and keyrings, played out: what is predicted happens, the
// capture shows it to the analysis, and the routers' logs have the document's lines in its order.

#include "capture/decoder.hpp"
#include "capture/file_reader.hpp"
#include "diagnose/diagnose.hpp"
#include "replay/capture_sink.hpp"
#include "replay/simulation.hpp"
#include "session/sessions.hpp"
#include "tests/ios/support.hpp"

namespace ikescope::replay::test { namespace {

using ios::test::missing_in_order;
using ios::test::published;

struct Scenario {
    std::string name;    ///< of the configurations
    std::string log;     ///< of the published lines; empty: none
    bool backwards;      ///< R2 starts
    std::string finding; ///< of the prediction, the simulation and the analysis; empty: the tunnel comes up
};
void PrintTo(const Scenario& scenario, std::ostream* out) {
    *out << scenario.name << (scenario.backwards ? " R2" : " R1");
}

struct Pair {
    explicit Pair(const std::string& name)
        : r1(ios::test::router_file(name + "-r1")), r2(ios::test::router_file(name + "-r2")) {
        ios::repair_masks(r1, r2);
        ios::repair_masks(r2, r1);
    }
    ios::Router r1, r2;
};

Simulated play(const ios::Router& from, const ios::Router& to, std::string_view seed = "7", unsigned loss = 0) {
    SimulationOptions options;
    options.seed.assign(seed.begin(), seed.end());
    options.start = 1'700'000'000 * one_second;
    options.detail = true;
    options.loss = loss;
    return simulate(from, to, options);
}

std::vector<std::string> lines_of(const std::vector<LogEntry>& log) {
    std::vector<std::string> out;
    for (const auto& entry : log) out.push_back(entry.line);
    return out;
}

Buffer capture_of(const Simulated& simulated) {
    auto writer = capture::PcapngWriter::in_memory();
    CaptureSink sink(writer);
    for (const auto& each : simulated.datagrams) sink.send(each);
    EXPECT_FALSE(sink.failure());
    return writer.contents();
}

/// The ids of the errors that the analysis finds in the capture, with both configurations and the secrets file.
std::vector<std::string> analyzed(const Simulated& simulated, const Pair& pair) {
    auto store = simulated.secrets;
    const ios::Router routers[] = {pair.r1, pair.r2};
    for (const auto& router : routers)
        for (const auto& key : ios::candidate_keys(router)) store.add_psk({key.key, {key.origin, false}});
    session::Sessions sessions(store);
    capture::Decoder decoder{capture::DecodeOptions{}};
    const auto file = capture_of(simulated);
    auto source = capture::FileReader::from_memory(file, "memory");
    capture::Frame frame;
    capture::Datagram datagram;
    diagnose::Observations observations;
    while (source->next(frame))
        if (decoder.decode(frame, datagram)) observations.see(frame.number, sessions.add(frame, datagram));
    sessions.finish();
    diagnose::Material material{
        routers, diagnose::oracle_of(sessions), &observations, simulated.end, {}, store.psks.size(), store.dh.size()};
    for (const auto& psk : store.psks) material.key_names.push_back({psk.origin.text});
    std::vector<std::string> out;
    for (auto sa : sessions)
        for (const auto& finding : diagnose::diagnose(sa, material))
            if (finding.severity == Severity::error) out.push_back(finding.id);
    return out;
}

class Scenarios : public testing::TestWithParam<Scenario> {};

TEST_P(Scenarios, ArePredictedSimulatedAndAnalyzedAlike) {
    const auto& scenario = GetParam();
    const Pair pair(scenario.name);
    const auto& from = scenario.backwards ? pair.r2 : pair.r1;
    const auto& to = scenario.backwards ? pair.r1 : pair.r2;
    const auto predicted = ios::predict(from, to);
    EXPECT_EQ(predicted.finding, scenario.finding);
    const auto simulated = play(from, to);
    EXPECT_EQ(simulated.verdict.finding, scenario.finding) << simulated.verdict.sentence << simulated.failure;
    EXPECT_EQ(simulated.child, scenario.finding.empty());
    EXPECT_EQ(analyzed(simulated, pair),
              scenario.finding.empty() ? std::vector<std::string>{} : std::vector{scenario.finding});
    if (scenario.log.empty()) return;
    const auto at = [&](const char* router) { return lines_of(simulated.logs[(router == from.name) ? 0 : 1]); };
    for (const auto* router : {"R1", "R2"})
        EXPECT_EQ(missing_in_order(published(scenario.log, router), at(router)), "") << router;
}

INSTANTIATE_TEST_SUITE_P(Keyrings, Scenarios,
                         testing::Values(Scenario{"s1", "s1", false, ""},
                                         Scenario{"s1", "s2", true, "keyring-mismatch"},
                                         Scenario{"s3", "s3", true, "wrong-psk"}, Scenario{"s4", "s4", false, ""},
                                         Scenario{"s5", "s5", true, ""}, Scenario{"s6", "", true, "wrong-psk"},
                                         Scenario{"s8", "s8", false, ""},
                                         Scenario{"s9", "s9", false, "profile-mismatch"}));

}} // namespace ikescope::replay::test
