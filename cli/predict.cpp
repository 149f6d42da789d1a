// ikescope predict: what the routers will do, out of their configurations alone.

#include "cli/same_file.hpp"
#include "cli/verdict.hpp"
#include "present/predict_report.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::cli {

namespace {

struct Options {
    SecretOptions secrets;
    present::PredictOptions show;
    std::string format = "text", output, fail_on;
    bool no_log = false;
};

constexpr auto footer = R"(Examples:
  ikescope predict --config R1.cfg --config R2.cfg
  ikescope predict --config HUB=hub.cfg --config branch1.cfg --config branch2.cfg --no-log
  ikescope predict --config R1.cfg                         what one configuration says alone, and its lint
  ikescope predict --config R1.cfg --config R2.cfg --format json --fail-on error

Exit status: 0 done, 1 wrong usage, 2 a configuration is unreadable, 3 --fail-on found something.)";

void declare(CLI::App& app, Options& options) {
    app.footer(footer);
    app.add_flag("--detail", options.show.detail, "also the lines that only `debug crypto isakmp detail` prints");
    app.add_flag("--no-log", options.no_log, "no lines of the routers' debug");
    add_format_option(app, options.format, {"text", "json"}, "text or json");
    add_output_options(app, options.output, options.fail_on);
    add_config_options(app, options.secrets);
    app.get_option("--config")->required();
}

/// Files without anything about IKE have nothing to say; the others are predicted.
void drop_empty(std::vector<ios::Router>& routers, Verdict& verdict) {
    if (std::erase_if(routers, [](const auto& router) { return router.empty(); }) > 0) verdict.apply(Exit::input);
}

/// Two files of the same name: the second one gets a number.
void tell_apart(std::vector<ios::Router>& routers, Terminal& terminal) {
    for (std::size_t i = 1; i < routers.size(); ++i) {
        const auto before = std::span(routers).first(i);
        const auto taken = [&](const std::string& name) {
            return std::ranges::find(before, name, &ios::Router::name) != before.end();
        };
        if (!taken(routers[i].name)) continue;
        const auto name = routers[i].name;
        for (int number = 2; taken(routers[i].name); ++number) routers[i].name = fmt::format("{}-{}", name, number);
        complain(terminal,
                 fmt::format(
                     "two configurations are named {}; the second one is called {} here (--config NAME=FILE names it)",
                     name, routers[i].name));
    }
}

bool fails(const present::Predicted& predicted, std::string_view level) {
    const auto& network = predicted.network;
    if (std::ranges::any_of(network.directions, [](const auto& one) { return one.outcome != ios::Outcome::up; }))
        return true;
    const auto least = level == "warning" ? ios::Weight::warning : ios::Weight::error;
    return std::ranges::any_of(network.lint, [&](const auto& remark) { return remark.second.severity >= least; });
}

} // namespace

Exit predict(const Arguments& arguments, Terminal& terminal) {
    Options options;
    CLI::App app("Both directions between configured routers: which keyring and profile, by which rule, what comes of "
                 "it, what they log.",
                 "predict");
    declare(app, options);
    if (const auto leave = parse(app, arguments, terminal)) return *leave;
    if (overwrites_input(options.secrets.paths(), {{"-o", options.output}}, terminal)) return Exit::usage;
    options.show.log = !options.no_log;
    options.show.show_secrets = options.secrets.show;
    auto loaded = load(options.secrets);
    if (const auto* failed = std::get_if<LoadError>(&loaded)) {
        complain(terminal, failed->sentence);
        return failed->exit;
    }
    auto& material = std::get<Material>(loaded);
    for (const auto& warning : material.warnings) complain(terminal, warning);
    Verdict verdict;
    drop_empty(material.routers, verdict);
    if (material.routers.empty()) return Exit::input;
    tell_apart(material.routers, terminal);
    present::Predicted predicted{ios::predict_all(material.routers), {}};
    if (material.routers.size() == 1) predicted.alone = ios::outlook(material.routers.front());
    const auto print = [&](std::ostream& out, const present::Style& style) {
        out << (options.format == "json" ? predict_json(predicted, options.show)
                                         : predict_text(predicted, style, options.show));
        return fails(predicted, options.fail_on);
    };
    deliver(options.output, options.fail_on, terminal, verdict, print);
    return verdict.status();
}

} // namespace ikescope::cli
