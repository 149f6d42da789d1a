// ikescope analyze: the main job.

#include "cli/analysis.hpp"
#include "present/analysis_html.hpp"
#include "present/analysis_json.hpp"
#include "present/analysis_text.hpp"

#include <fmt/format.h>
#include <fstream>

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
  ikescope analyze vpn.pcap --format json --fail-on error -o vpn.json
  ikescope analyze vpn.pcap --config R1.cfg --format html -o vpn.html

Exit status: 0 done, 1 wrong usage, 2 input unreadable or cut short (what could be read is printed),
3 --fail-on found something, 4 secrets were given and nothing could be decrypted.)";

void declare(CLI::App& app, Options& options) {
    app.footer(footer);
    add_input_options(app, options.input);
    app.add_option("--format", options.format, "text, json, or html: one page to send to a colleague")
        ->type_name("FORMAT")
        ->check([](const std::string& name) {
            return name == "text" || name == "json" || name == "html"
                       ? std::string()
                       : "there is no format '" + name + "': text, json or html";
        });
    app.add_option("-o", options.output, "where the result goes")->type_name("FILE");
    app.add_option("--fail-on", options.fail_on, "exit with status 3 when there is an error, or an error or warning")
        ->type_name("error|warning")
        ->check([](const std::string& level) {
            return level == "error" || level == "warning" ? std::string()
                                                          : "--fail-on takes error or warning, not '" + level + "'";
        });
    refuse(app, "-Y", "-Y is not built into this version of analyze: use -f with a capture filter");
    add_secret_options(app, options.secrets);
}

present::Reveal reveal_of(const Analysis& analysis, bool show) {
    if (!show) return {};
    return [&analysis](std::size_t index) {
        const auto& psks = analysis.material.store.psks;
        return index < psks.size() ? printable_key(psks[index].key) : std::string();
    };
}

/// Hands every SA with its findings to `tell`, then the findings about the whole; true when one is severe enough.
template <class Tell, class TellRest>
bool each_sa(const Analysis& analysis, Severity fail_on, Tell tell, TellRest tell_rest) {
    const auto material = analysis.for_diagnosis();
    bool failed = false;
    for (auto sa : analysis.sessions) {
        diagnose::name_keys(sa, material);
        const auto findings = diagnose::diagnose(sa, material);
        failed = failed || diagnose::any_of_severity(findings, fail_on);
        const diagnose::Case ends(sa, material);
        present::AnalyzedSa analyzed{sa, findings, {}};
        for (std::size_t side = 0; side < 2; ++side)
            if (ends.router[side]) analyzed.router[side] = ends.router[side]->name;
        tell(analyzed);
    }
    const auto findings = diagnose::diagnose_capture(analysis.sessions, material);
    tell_rest(findings);
    return failed || diagnose::any_of_severity(findings, fail_on);
}

/// A form that is written piece by piece: begin(files), add(sa)…, end(findings).
template <class Form>
bool print(Form form, const Analysis& analysis, Severity fail_on) {
    form.begin(analysis.files);
    return each_sa(
        analysis, fail_on, [&](const auto& sa) { form.add(sa); }, [&](const auto& rest) { form.end(rest, analysis.sessions.loose_esp()); });
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
        [&](const auto& rest) { out << text.foot(rest, analysis.sessions.loose_esp()); });
}

/// Prints to -o or to the terminal; complains and judges when the file cannot be written.
void deliver(const Analysis& analysis, const Options& options, Terminal& terminal, Verdict& verdict) {
    std::ofstream file;
    if (!options.output.empty()) file.open(options.output, std::ios::binary);
    auto& out = options.output.empty() ? terminal.out : file;
    const present::Style style{terminal.color && options.output.empty(), terminal.width};
    const bool found = out && print(analysis, options, style, out);
    out.flush();
    if (!out) {
        complain(terminal,
                 fmt::format("{} cannot be written", options.output.empty() ? "standard output" : options.output));
        verdict.apply(Exit::input);
    }
    if (found && !options.fail_on.empty()) verdict.apply(Exit::findings);
}

} // namespace

Exit analyze(const Arguments& arguments, Terminal& terminal) {
    Options options;
    CLI::App app(
        "Every IKE SA in the captures: how far it came, what failed and why, what the router logs, what to do.",
        "analyze");
    declare(app, options);
    if (const auto leave = parse(app, arguments, terminal)) return *leave;
    auto loaded = load(options.secrets);
    if (const auto* failed = std::get_if<LoadError>(&loaded)) {
        complain(terminal, failed->sentence);
        return failed->exit;
    }
    Analysis analysis(std::move(std::get<Material>(loaded)));
    for (const auto& warning : analysis.material.warnings) complain(terminal, warning);
    if (const auto read = read_captures(options.input, analysis); !read) {
        complain(terminal, read.error().sentence);
        return Exit::usage;
    }
    Verdict verdict;
    if (!analysis.files.empty()) deliver(analysis, options, terminal, verdict);
    judge(analysis, terminal, verdict);
    return verdict.status();
}

} // namespace ikescope::cli
