// ikescope keys: what was derived, for people and for other programs.

#include "cli/analysis.hpp"
#include "cli/private_file.hpp"
#include "cli/same_file.hpp"
#include "present/keys_report.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::cli {

namespace {

struct Options {
    InputOptions input;
    SecretOptions secrets;
    std::string format = "text", target, directory;
    bool formatted = false; ///< --format was given
};

constexpr auto footer = R"(Examples:
  ikescope keys vpn.pcap --psk cisco --dh-secret 77c6992f...
  ikescope keys vpn.pcap --secrets charon.log --export wireshark -o ~/.config/wireshark/profiles/vpn
  ikescope keys vpn.pcap --export hashcat -o crack        (Aggressive Mode; takes no secret)

Exit status: 0 done, 1 wrong usage, 2 input unreadable or cut short, or output that cannot be written,
4 secrets were given and nothing could be decrypted.)";

std::vector<std::string> target_names() {
    std::vector<std::string> names;
    for (const auto& format : secrets::export_formats) names.emplace_back(format.name);
    return names;
}

void declare(CLI::App& app, Options& options) {
    app.footer(footer);
    add_input_options(app, options.input);
    app.add_option("--export", options.target,
                   "write files for wireshark, tcpdump, hashcat, ike-scan or xfrm; needs -o")
        ->type_name("PROGRAM")
        ->check([](const std::string& name) {
            const auto names = target_names();
            if (std::ranges::find(names, name) != names.end()) return std::string();
            return fmt::format("--export does not know '{}'{}: it takes {}", name, did_you_mean(name, names),
                               fmt::join(names, ", "));
        });
    app.add_option("-o", options.directory, "the directory for these files; made when it is not there")
        ->type_name("DIR");
    app.add_option("--format", options.format, "of the list without --export: text or json")
        ->type_name("FORMAT")
        ->check([](const std::string& name) {
            return name == "text" || name == "json" ? std::string() : "there is no format '" + name + "': text or json";
        });
    add_secret_options(app, options.secrets);
}

/// Why these options do not go together; empty when they do.
std::string_view contradiction(const Options& options) {
    if (options.target.empty() && !options.directory.empty()) return "-o is for --export: say for which program";
    if (!options.target.empty() && options.directory.empty()) return "--export needs -o and a directory";
    if (!options.target.empty() && options.formatted) return "--format is for the list without --export: leave one of them out";
    return {};
}

const secrets::ExportFormat& target_of(const Options& options) {
    return *std::ranges::find(secrets::export_formats, options.target, &secrets::ExportFormat::name);
}

std::string read_me(const secrets::Export& made, std::string_view program, const InputOptions& input) {
    auto text = fmt::format("Written by ikescope for {}, from {}.\nThese files hold keys or what a key can be searched "
                            "with: keep them to yourself.\n\n{}\n",
                            program, fmt::join(input.files, ", "), made.usage);
    if (!made.warnings.empty()) text += "\nWhat will be missing there:\n";
    for (const auto& warning : made.warnings) text += "* " + warning + "\n";
    return text;
}

Exit hand_out(const Options& options, const secrets::Derived& derived, Terminal& terminal) {
    const auto& target = target_of(options);
    auto made = target.make(derived);
    for (const auto& warning : made.warnings) complain(terminal, "warning: " + warning);
    made.files.push_back({"README.txt", read_me(made, target.program, options.input)});
    std::vector<Output> outputs;
    for (const auto& file : made.files) outputs.push_back({"-o", options.directory + "/" + file.name});
    if (overwrites_input(inputs_of(options.input, options.secrets), outputs, terminal)) return Exit::usage;
    if (const auto written = write_export(options.directory, made.files); !written) {
        complain(terminal, written.error().sentence);
        return Exit::input;
    }
    terminal.out << fmt::format("{}: {} {} for {}\n  {}\n", options.directory, made.entries,
                                made.entries == 1 ? "entry" : "entries", target.program, made.usage);
    if (made.entries == 0)
        complain(terminal, fmt::format("warning: nothing in this capture is of use to {}", target.program));
    return Exit::done;
}

Exit print(const Options& options, const Analysis& analysis, const secrets::Derived& derived, Terminal& terminal) {
    const present::Style style{terminal.color, terminal.width};
    terminal.out << (options.format == "json"
                         ? present::keys_json(analysis.sessions, derived, options.secrets.show)
                         : present::keys_text(analysis.sessions, derived, style, options.secrets.show));
    return Exit::done;
}

} // namespace

Exit keys(const Arguments& arguments, Terminal& terminal) {
    Options options;
    CLI::App app("The keys of every SA: a list, or files for other programs.", "keys");
    declare(app, options);
    if (const auto leave = parse(app, arguments, terminal)) return *leave;
    options.formatted = app.count("--format") > 0;
    if (const auto why = contradiction(options); !why.empty()) {
        complain(terminal, why);
        return Exit::usage;
    }
    auto loaded = load(options.secrets);
    if (const auto* failed = std::get_if<LoadError>(&loaded)) {
        complain(terminal, failed->sentence);
        return failed->exit;
    }
    Analysis analysis(std::move(std::get<Material>(loaded)));
    for (const auto& warning : analysis.material.warnings) complain(terminal, warning);
    complain_of_keyless_logs(analysis.material, terminal);
    session::AggressiveProofs proofs;
    const auto read = read_captures(options.input, analysis, [&](const auto&, const auto*, const auto* outcome) {
        if (outcome) proofs.see(*outcome);
    });
    if (!read) {
        complain(terminal, read.error().sentence);
        return Exit::usage;
    }
    Verdict verdict;
    if (!analysis.files.empty()) {
        const auto derived = session::derived(analysis.sessions, proofs, analysis.material.store);
        verdict.apply(options.target.empty() ? print(options, analysis, derived, terminal)
                                             : hand_out(options, derived, terminal));
    }
    judge(analysis, terminal, verdict);
    return verdict.status();
}

} // namespace ikescope::cli
