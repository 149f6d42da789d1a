// ikescope simulate: two configured routers negotiate, with real cryptography, on a simulated wire.

#include "base/writer.hpp"
#include "cli/private_file.hpp"
#include "cli/same_file.hpp"
#include "cli/version.hpp"
#include "ios/decision.hpp"
#include "replay/capture_sink.hpp"
#include "replay/simulation.hpp"
#include "secrets/read.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace ikescope::cli {

namespace {

struct Options {
    SecretOptions secrets;
    std::string initiator, output, log_directory, secrets_file;
    std::optional<std::uint64_t> seed;
    unsigned loss = 0, delay = 1;
    bool detail = false;
};

constexpr auto footer = R"(Examples:
  ikescope simulate --config R1.cfg --config R2.cfg --initiator R1 -w try.pcapng --secrets-out try.keys
  ikescope analyze try.pcapng --config R1.cfg --config R2.cfg --secrets try.keys
  ikescope simulate --config R1.cfg --config R2.cfg --initiator R2 -w try.pcapng --log-dir logs --detail --seed 7

Exit status: 0 done, whether the tunnel came up or not; 1 wrong usage, 2 a file cannot be read or written.)";

void declare(CLI::App& app, Options& options) {
    app.footer(footer);
    app.add_option("--config", options.secrets.configs, "a Cisco IOS configuration; two of them")
        ->type_name("[NAME[@ADDRESS]=]FILE")
        ->allow_extra_args(false)
        ->required();
    app.add_option("--initiator", options.initiator, "the router that starts")->type_name("NAME")->required();
    app.add_option("-w", options.output, "the capture, pcapng; - is standard output")->type_name("FILE")->required();
    app.add_option("--log-dir", options.log_directory, "where both routers' debug output goes: NAME.log")
        ->type_name("DIR");
    app.add_option("--secrets-out", options.secrets_file,
                   "the Diffie-Hellman secrets, for `analyze --secrets`; mode 0600")
        ->type_name("FILE");
    app.add_option("--seed", options.seed, "the same number gives the same bytes, and times from 2026-01-01 on")
        ->type_name("N");
    app.add_flag("--detail", options.detail, "logs as under `debug crypto isakmp detail`");
    app.add_option("--delay", options.delay, "milliseconds on the wire, each way")
        ->type_name("MS")
        ->check(CLI::Range(0U, 60'000U));
    app.add_option("--loss", options.loss, "percent of the datagrams that are lost")
        ->type_name("PERCENT")
        ->check(CLI::Range(0U, 100U));
}

struct Pair {
    const ios::Router *initiator = nullptr, *responder = nullptr;
};
Result<Pair> pair_of(const std::vector<ios::Router>& routers, const std::string& initiator) {
    if (routers.size() != 2)
        return Error{fmt::format("simulate needs two configurations, {} {} given: --config R1=FILE --config R2=FILE",
                                 routers.size(), routers.size() == 1 ? "is" : "are")};
    if (routers[0].name == routers[1].name)
        return Error{
            fmt::format("both configurations are of {}: give them names with --config NAME=FILE", routers[0].name)};
    for (std::size_t i = 0; i < 2; ++i)
        if (routers[i].name == initiator) return Pair{&routers[i], &routers[1 - i]};
    return Error{fmt::format("--initiator {}: the routers are {} and {}{}", initiator, routers[0].name, routers[1].name,
                             did_you_mean(initiator, {routers[0].name, routers[1].name}))};
}

replay::SimulationOptions simulation_of(const Options& options) {
    constexpr Timestamp new_year = 1'767'225'600 * one_second; // 2026-01-01T00:00:00Z
    replay::SimulationOptions out;
    if (options.seed) Writer(out.seed).number(*options.seed, 8);
    out.start =
        options.seed
            ? new_year
            : std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
                  .count();
    out.delay = static_cast<Nanoseconds>(options.delay) * (one_second / 1000);
    out.loss = options.loss;
    out.detail = options.detail;
    return out;
}

Error cannot_write(const std::string& path) {
    return {fmt::format("{}: {}", path, std::generic_category().message(errno))};
}

Result<Done> write_capture(const replay::Simulated& simulated, const std::string& path) {
    auto writer = capture::PcapngWriter::create(path, "simulated by ikescope " IKESCOPE_VERSION);
    if (!writer) return writer.error();
    replay::CaptureSink sink(*writer);
    for (const auto& datagram : simulated.datagrams) sink.send(datagram);
    if (sink.failure()) return *sink.failure();
    return writer->finish();
}

std::string log_path(const std::string& directory, const std::string& router) { return directory + "/" + router + ".log"; }

Result<Done> write_log(const std::vector<replay::LogEntry>& log, const std::string& directory,
                       const std::string& router) {
    std::error_code failed;
    std::filesystem::create_directories(directory, failed);
    const auto path = log_path(directory, router);
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << replay::transcript(log);
    out.flush();
    return out ? Result<Done>(Done{}) : cannot_write(path);
}

Result<Done> write_secrets(const secrets::Store& store, const std::filesystem::path& path) {
    const auto directory = path.parent_path();
    return write_private(directory.empty() ? "." : directory.string(), path.filename().string(),
                         secrets::write_toml(store));
}

Result<Done> write_all(const replay::Simulated& simulated, const Pair& pair, const Options& options) {
    if (auto done = write_capture(simulated, options.output); !done) return done;
    if (!options.secrets_file.empty())
        if (auto done = write_secrets(simulated.secrets, options.secrets_file); !done) return done;
    if (options.log_directory.empty()) return Done{};
    if (auto done = write_log(simulated.logs[0], options.log_directory, pair.initiator->name); !done) return done;
    return write_log(simulated.logs[1], options.log_directory, pair.responder->name);
}

std::vector<Output> outputs_of(const Options& options, const Pair& pair) {
    std::vector<Output> outputs{{"-w", options.output}, {"--secrets-out", options.secrets_file}};
    if (!options.log_directory.empty())
        for (const auto* router : {pair.initiator, pair.responder})
            outputs.push_back({"--log-dir", log_path(options.log_directory, router->name)});
    return outputs;
}

/// One sentence on how it ended.
std::string ending(const replay::Simulated& simulated) {
    const auto& verdict = simulated.verdict;
    if (!verdict.finding.empty()) return fmt::format("{}: {}", verdict.finding, verdict.sentence);
    if (!verdict.sentence.empty()) return verdict.sentence;
    if (simulated.up && simulated.child) return "the tunnel comes up";
    const auto why = simulated.failure.empty() ? std::string("nothing more was asked for") : simulated.failure;
    return simulated.up ? "phase 1 comes up, but no IPsec SA: " + why : "it does not come up: " + why;
}

} // namespace

Exit simulate(const Arguments& arguments, Terminal& terminal) {
    Options options;
    CLI::App app(
        "Two configured routers negotiate with real cryptography; a capture, their logs and the secrets come of it.",
        "simulate");
    declare(app, options);
    if (const auto leave = parse(app, arguments, terminal)) return *leave;
    auto loaded = load(options.secrets);
    if (const auto* failed = std::get_if<LoadError>(&loaded)) {
        complain(terminal, failed->sentence);
        return failed->exit;
    }
    const auto& material = std::get<Material>(loaded);
    for (const auto& warning : material.warnings) complain(terminal, warning);
    const auto pair = pair_of(material.routers, options.initiator);
    if (!pair) {
        complain(terminal, pair.error().sentence);
        return Exit::usage;
    }
    if (overwrites_input(options.secrets.paths(), outputs_of(options, *pair), terminal)) return Exit::usage;
    const auto settings = simulation_of(options);
    const auto simulated = replay::simulate(*pair->initiator, *pair->responder, settings);
    if (const auto written = write_all(simulated, *pair, options); !written) {
        complain(terminal, written.error().sentence);
        return Exit::input;
    }
    auto& out = options.output == "-" ? terminal.err : terminal.out;
    out << fmt::format("{} → {}, IKEv{}: {} datagrams in {} s; {}\n", pair->initiator->name, pair->responder->name,
                       simulated.version, simulated.datagrams.size(), seconds_text(simulated.end - settings.start, 3),
                       ending(simulated));
    return Exit::done;
}

} // namespace ikescope::cli
