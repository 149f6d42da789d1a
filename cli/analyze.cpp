// ikescope analyze: the main job.

#include "cli/diagnosis.hpp"
#include "cli/same_file.hpp"
#include "cli/verdict.hpp"
#include "diagnose/predicted.hpp"
#include "present/analysis_html.hpp"
#include "present/analysis_json.hpp"
#include "present/analysis_text.hpp"

#include <fmt/format.h>

namespace ikescope::cli {

namespace {

struct Options {
    InputOptions input;
    SecretOptions secrets;
    std::string format = "text", output, fail_on;
};

constexpr auto footer = R"(Examples:
  ikescope analyze vpn.pcap
  ikescope analyze vpn.pcap --psk cisco --dh-secret 77c6992f...
  ikescope analyze r1.pcapng r2.pcapng --config R1.cfg --config R2@203.0.113.7=R2.cfg --secrets charon.log
  ikescope analyze vpn.pcap --config R1.cfg --router-log R1=r1-debug.txt
  ikescope analyze --router-log r1-debug.txt               no capture: what the log alone names
  ikescope analyze vpn.pcap --format json --fail-on error -o vpn.json
  ikescope analyze vpn.pcap --config R1.cfg --format html -o vpn.html

Exit status: 0 done, 1 wrong usage, 2 input unreadable or cut short (what could be read is printed),
3 --fail-on found something, 4 secrets were given and nothing could be decrypted.)";

void declare(CLI::App& app, Options& options) {
    app.footer(footer);
    add_input_options(app, options.input);
    app.get_option("FILE")->required(false);
    add_output_options(app, options.output, options.fail_on);
    add_format_option(app, options.format, {"text", "json", "html"}, "text, json, or html: one page to send to a colleague");
    app.add_option("-Y", options.input.display_filter, "analyse only packets that pass, in Wireshark's display filter language")
        ->type_name("FILTER");
    add_secret_options(app, options.secrets);
}

present::Reveal reveal_of(const Analysis& analysis, bool show) {
    if (!show) return {};
    return [&analysis](std::size_t index) {
        const auto& psks = analysis.material.store.psks;
        return index < psks.size() ? printable_key(psks[index].key) : std::string();
    };
}

/// Hands every SA with its findings to `tell`, then what belongs to none; true when one is severe enough.
template <class Tell, class TellRest>
bool each_sa(const Analysis& analysis, Severity fail_on, Tell tell, TellRest tell_rest) {
    diagnose::Predictions predictions;
    bool failed = false;
    diagnose_all(
        analysis,
        [&](const Diagnosed& one) {
            const auto compared = diagnose::compare_with_prediction(one.ends, predictions);
            present::AnalyzedSa analyzed{one.sa, one.findings, {}, one.logs, compared ? &*compared : nullptr};
            failed = failed || diagnose::any_of_severity(one.findings, fail_on);
            for (std::size_t side = 0; side < 2; ++side)
                if (one.ends.router[side]) analyzed.router[side] = one.ends.router[side]->name;
            tell(analyzed);
        },
        [&](const auto& findings, const auto& rest) {
            tell_rest(present::Rest{findings, analysis.sessions.loose_esp(), rest});
            failed = failed || diagnose::any_of_severity(findings, fail_on);
        });
    return failed;
}

/// A form that is written piece by piece: begin(files), add(sa)…, end(findings).
template <class Form>
bool print(Form form, const Analysis& analysis, Severity fail_on) {
    form.begin(analysis.files);
    return each_sa(
        analysis, fail_on, [&](const auto& sa) { form.add(sa); }, [&](const auto& rest) { form.end(rest); });
}

bool print(const Analysis& analysis, const Options& options, const present::Style& style, std::ostream& out) {
    const auto fail_on = options.fail_on == "warning" ? Severity::warning : Severity::error;
    const auto reveal = reveal_of(analysis, options.secrets.show);
    if (options.format == "json") return print(present::AnalysisJson(out, reveal), analysis, fail_on);
    if (options.format == "html") return print(present::AnalysisHtml(out, reveal), analysis, fail_on);
    present::AnalysisText text(style, reveal);
    out << text.head(analysis.files);
    return each_sa(
        analysis, fail_on, [&](const auto& sa) { out << text.sa(sa, analysis.files); },
        [&](const auto& rest) { out << text.foot(rest); });
}

} // namespace

Exit analyze(const Arguments& arguments, Terminal& terminal) {
    Options options;
    CLI::App app(
        "Every IKE SA in the captures: how far it came, what failed and why, what the router logs, what to do.",
        "analyze");
    declare(app, options);
    if (const auto leave = parse(app, arguments, terminal)) return *leave;
    if (overwrites_input(inputs_of(options.input, options.secrets), {{"-o", options.output}}, terminal)) return Exit::usage;
    auto loaded = load(options.secrets);
    if (const auto* failed = std::get_if<LoadError>(&loaded)) {
        complain(terminal, failed->sentence);
        return failed->exit;
    }
    Analysis analysis(std::move(std::get<Material>(loaded)));
    for (const auto& warning : analysis.material.warnings) complain(terminal, warning);
    for (const auto& remark : analysis.material.remarks) complain(terminal, remark);
    if (options.input.files.empty() && analysis.material.router_logs.empty()) {
        complain(terminal, "a capture is needed, or a log (--router-log)");
        return Exit::usage;
    }
    const bool captures = !options.input.files.empty();
    if (const auto read = captures ? read_captures(options.input, analysis) : Result<Done>(Done{}); !read) {
        complain(terminal, read.error().sentence);
        return Exit::usage;
    }
    Verdict verdict;
    const auto to = [&](std::ostream& out, const present::Style& style) { return print(analysis, options, style, out); };
    if (!captures || !analysis.files.empty()) deliver(options.output, options.fail_on, terminal, verdict, to);
    judge(analysis, terminal, verdict);
    return verdict.status();
}

} // namespace ikescope::cli
