// ikescope read: the packet list and details, in tshark's ways.

#include "capture/write.hpp"
#include "cli/diagnosis.hpp"
#include "cli/same_file.hpp"
#include "present/packet_report.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ikescope::cli {

namespace {

using present::ReportOptions;

struct Options {
    InputOptions input;
    SecretOptions secrets;
    std::string filter, format = "text", time = "r", output, output_format;
    std::vector<std::string> fields, field_words, opened, more_files;
    bool details = false, hex = false, twice = false, numeric = false, line_buffered = false, quiet = false, print = false;
    std::uint64_t most = 0;

    bool writes() const { return !output.empty(); }
    bool prints() const { return !writes() || print; }
};

/// What a list can remember in a few dozen megabytes. With secrets every SA stays: its keys open what comes later.
constexpr std::size_t most_sas = 40'000;

constexpr auto footer = R"(Examples:
  ikescope read vpn.pcap
  ikescope read vpn.pcap -Y 'isakmp.notify.msgtype == "NO_PROPOSAL_CHOSEN"' -V
  ikescope read vpn.pcap -T fields -e frame.number -e ike.label -e isakmp.ispi -E header=y
  ikescope read vpn.pcap --psk cisco --dh-secret 77c6992f... -T json
  ikescope read vpn.pcap -Y 'ip.addr == 192.0.2.0/24' -w some.pcapng

Filters and field names are Wireshark's, and ike.* of our own: ikescope-filter(7), docs/fields.md.
Exit status: 0 done, 1 wrong usage, 2 input unreadable or cut short (what could be read is printed),
4 secrets were given and nothing could be decrypted.)";

constexpr std::pair<std::string_view, ReportOptions::Format> formats[] = {
    {"text", ReportOptions::Format::list}, {"fields", ReportOptions::Format::fields}, {"json", ReportOptions::Format::json},
    {"ek", ReportOptions::Format::ek},     {"pdml", ReportOptions::Format::pdml},
};

/// Options of tshark that are none here, and what there is instead.
constexpr std::pair<std::string_view, std::string_view> foreign[] = {
    {"-a", "it stops live captures; -c stops after so many packets"},
    {"-b", "it splits live captures; editcap -c splits files"},
    {"-i", "nothing is captured live; pipe tcpdump's packets: tcpdump -U -w - | ikescope read -l -"},
    {"-K", "there is no Kerberos; keys of IKE and ESP come by --secrets"},
    {"-o", "there are no preferences; keys come by --secrets, ports by -d"},
    {"-R", "-Y with -2 is the filter for captures that are read twice"},
    {"-z", "statistics are those of ikescope analyze"},
};

void declare_foreign(CLI::App& app) {
    for (const auto& row : foreign) {
        const auto words = fmt::format("there is no {} here: {}", row.first, row.second);
        app.add_option_function<std::string>(std::string(row.first), [words](const std::string&) { throw CLI::ValidationError(words); })->group("");
    }
}

void declare(CLI::App& app, Options& options) {
    app.footer(footer);
    add_input_options(app, options.input);
    app.get_option("FILE")->required(false);
    app.add_option("-r", options.more_files, "the same as FILE")->type_name("FILE")->allow_extra_args(false);
    declare_foreign(app);
    app.add_option("-Y", options.filter, "only packets that pass, in Wireshark's display filter language")->type_name("FILTER");
    app.add_option("-T", options.format, "text, fields, json, ek or pdml")->type_name("FORMAT")->check([](const std::string& name) {
        const bool known = std::ranges::any_of(formats, [&](const auto& row) { return row.first == name; });
        return known ? std::string() : "there is no format '" + name + "': text, fields, json, ek or pdml";
    });
    app.add_option("-e", options.fields, "a field to print with -T fields, json or ek; repeat it for more")->type_name("FIELD")->allow_extra_args(false);
    app.add_option("-E", options.field_words, "bom=y|n header=y|n separator= quote=d|s|n occurrence=f|l|a aggregator=")->type_name("WORD")->allow_extra_args(false);
    app.add_flag("-V", options.details, "the details of every packet");
    app.add_option("-O", options.opened, "the details of these protocols only, as isakmp,ike; implies -V")->type_name("PROTOCOLS")->delimiter(',')->allow_extra_args(false);
    app.add_flag("-x", options.hex, "the bytes of every packet");
    app.add_option("-c", options.most, "stop after reading N packets")
        ->type_name("N")
        ->check([](const std::string& text) {
            return text.find_first_of("123456789") != text.npos && text.find_first_not_of("0123456789") == text.npos
                       ? std::string()
                       : fmt::format("\"{}\" is no number of packets; it is 1 or more", text);
        });
    app.add_option("-t", options.time, "time column: r a ad adoy d dd e u ud udoy")->type_name("FORM")->check([](const std::string& word) {
        return present::time_form(word) ? std::string() : "there is no time form '" + word + "': r a ad adoy d dd e u ud udoy";
    });
    app.add_option("-w", options.output, "write the packets to a capture file instead of printing them")->type_name("FILE");
    app.add_option("-F", options.output_format, "pcap or pcapng, for -w; otherwise the ending of its FILE decides")
        ->type_name("FORMAT")
        ->check([](const std::string& name) {
            return name == "pcap" || name == "pcapng" ? std::string() : "'" + name + "' cannot be written: pcap or pcapng";
        });
    app.add_flag("-P", options.print, "print the packets even with -w");
    app.add_flag("-q", options.quiet, "print no packets, for -w (as it does without)");
    app.add_flag("-2", options.twice, "read the captures twice, so that requests know their answers (ike.response_in)");
    app.add_flag("-n", options.numeric, "no name resolution (there is none)");
    app.add_flag("-l", options.line_buffered, "hand on every packet as soon as it is read");
    add_secret_options(app, options.secrets);
}

std::string contradiction_of_output(const Options& options) {
    if (!options.writes() && !options.output_format.empty()) return "-F says what -w writes: add -w FILE";
    if (!options.writes() && options.quiet) return "-q prints nothing, which is of use with -w FILE only";
    if (options.quiet && options.print) return "-P prints the packets and -q does not: leave one of them out";
    if (options.output == "-" && options.print) return "-P prints to standard output, where -w - writes the capture: name a file";
    if (options.prints()) return {};
    if (options.format != "text" || !options.fields.empty())
        return "-w writes packets to a file instead of printing them: -T and -e do not go with it; add -P to print them, too";
    if (options.details || options.hex || !options.opened.empty())
        return "-w writes packets to a file instead of printing them: -V, -O and -x do not go with it; add -P to print them, too";
    return {};
}

/// Why these options do not go together; empty when they do.
std::string contradiction(const Options& options) {
    const bool picks = options.format == "fields" || options.format == "json" || options.format == "ek";
    if ((options.twice || !options.secrets.router_logs.empty()) &&
        std::ranges::find(options.input.files, "-") != options.input.files.end())
        return fmt::format("{} reads the captures twice, which standard input does not allow: name a file",
                           options.twice ? "-2" : "--router-log");
    if (const auto why = contradiction_of_output(options); !why.empty()) return why;
    if (options.format == "fields" && options.fields.empty()) return "-T fields needs at least one -e FIELD";
    if (!options.fields.empty() && !picks) return "-e prints fields with -T fields, json or ek only";
    if (options.details && options.format != "text" && options.format != "json" && options.format != "pdml")
        return "-V goes with -T text only";
    if (!options.opened.empty() && options.format != "text") return "-O goes with -T text only";
    if (options.hex && options.format != "text") return "-x goes with -T text only";
    return {};
}

Result<ReportOptions> report_options(const Options& options) {
    ReportOptions made;
    if (const auto why = contradiction(options); !why.empty()) return Error{why};
    for (const auto& [name, format] : formats)
        if (name == options.format) made.format = format;
    made.opened = options.opened;
    if ((options.details || !options.opened.empty()) && made.format == ReportOptions::Format::list) made.format = ReportOptions::Format::details;
    if (!options.prints()) made.format = ReportOptions::Format::none;
    made.hex = options.hex;
    made.show_secrets = options.secrets.show;
    made.rows.time = *present::time_form(options.time);
    made.fields = options.fields;
    for (const auto& word : options.field_words)
        if (auto set = made.field_options.set(word); !set) return set.error();
    if (!options.filter.empty()) {
        auto filter = present::Filter::compile(options.filter);
        if (!filter) return filter.error();
        made.filter = std::move(*filter);
    }
    return made;
}

/// Everything that one run needs, ready to go.
struct Run {
    const Options& options;
    Terminal& terminal;
    Material material;
    capture::Source source;
    capture::Decoder decoder;
    std::unique_ptr<present::PacketReport> report;
    present::Output& out;
    std::optional<std::variant<capture::PcapngWriter, capture::PcapWriter>> writer;
};

/// Reads, shows and writes until the end; an error is a file that cannot be written.
Result<session::Sessions::Totals> go(Run& run) {
    session::Options memory;
    memory.messages = false;
    memory.nat = run.report->needs_notes();
    memory.legality = run.report->needs_findings();
    if (run.material.store.empty()) memory.max_kept = most_sas;
    session::Sessions sessions(run.material.store, memory);
    const bool always = !run.material.store.empty();
    run.report->begin(run.options.input.files.front());
    capture::Frame frame;
    capture::Datagram datagram;
    for (std::uint64_t count = 0; (run.options.most == 0 || count < run.options.most) && run.source.next(frame); ++count) {
        const bool found = run.decoder.decode(frame, datagram);
        const auto see = [&] { return found && (always || run.report->needs_outcome(datagram)) ? &sessions.add(frame, datagram) : nullptr; };
        const session::Outcome* seen = see();
        for (; run.decoder.pending(); seen = see()) {
            run.report->hold(datagram, seen);
            run.decoder.more(datagram);
        }
        const bool shown = run.report->add(frame, found ? &datagram : nullptr, seen);
        if (shown && run.writer)
            if (auto written = std::visit([&](auto& writer) { return writer.copy(frame, run.source); }, *run.writer); !written) return written.error();
        if (run.options.line_buffered) {
            run.out.flush();
            run.terminal.out.flush();
        }
        if (!run.out.alive()) break;
    }
    run.report->end();
    run.out.flush();
    run.terminal.out.flush(); // a full disk shows at the end only
    if (!run.out.alive() || !run.terminal.out) return Error{"standard output cannot be written"};
    if (run.writer)
        if (auto finished = std::visit([](auto& writer) { return writer.finish(); }, *run.writer); !finished) return finished.error();
    sessions.finish();
    return sessions.totals();
}

Exit judge(const Run& run, const session::Sessions::Totals& totals) {
    auto status = Exit::done;
    for (const auto& sentence : not_as_captured(run.source)) complain(run.terminal, sentence);
    if (run.material.asked && totals.nothing_opened()) {
        complain(run.terminal, nothing_opened(totals));
        status = Exit::undecrypted;
    }
    for (const auto& problem : run.source.problems()) {
        complain(run.terminal, problem.sentence);
        status = Exit::input;
    }
    return status;
}

/// The first of two passes: what only later packets say.
void learn(Run& run, capture::Source source, capture::Decoder decoder) {
    session::Options memory;
    memory.messages = memory.nat = memory.legality = false;
    session::Sessions sessions(run.material.store, memory);
    capture::Frame frame;
    capture::Datagram datagram;
    for (std::uint64_t count = 0; (run.options.most == 0 || count < run.options.most) && source.next(frame); ++count) {
        if (!decoder.decode(frame, datagram)) continue;
        run.report->learn(frame, datagram, sessions.add(frame, datagram));
        while (decoder.pending()) {
            decoder.more(datagram);
            run.report->learn(frame, datagram, sessions.add(frame, datagram));
        }
    }
    run.report->second_pass();
}

/// With routers' logs the captures are read beforehand: which packet a log's line is about shows when all were seen.
Result<Done> learn_findings(Run& run) {
    Analysis analysis(run.material);
    if (const auto read = read_captures(run.options.input, analysis); !read) return read.error();
    const auto keep = [&](const diagnose::Finding& finding, std::uint64_t otherwise, std::uint32_t file) {
        if (finding.id == "illegal-message" || finding.id == "malformed") return; // the packets show them themselves
        auto frames = finding.frames;
        if (frames.empty()) frames.push_back(otherwise);
        for (const auto frame : frames)
            run.report->know(file, frame, {fmt::format("{}: {}", finding.id, finding.title), finding.severity});
    };
    diagnose_all(
        analysis,
        [&](const Diagnosed& one) {
            for (const auto& finding : one.findings)
                keep(finding, one.sa.first_frame, one.sa.messages.empty() ? 0 : one.sa.messages.front().file);
        },
        [](const auto&, const auto&) {});
    complain_of_logs(analysis, run.terminal);
    return Done{};
}

Result<capture::DecodeOptions> decode_options(const InputOptions& input) {
    capture::DecodeOptions decode;
    for (const auto& rule : input.decode_as)
        if (auto added = capture::add_decode_as(rule, decode); !added) return added.error();
    return decode;
}

Exit wrong(Terminal& terminal, const Error& why, Exit status = Exit::usage) {
    complain(terminal, why.sentence);
    return status;
}

/// Nanoseconds are shown where the capture has them.
std::size_t time_digits(const capture::Source& source) {
    std::size_t digits = 6;
    for (std::size_t file = 0; file < source.files(); ++file)
        for (const auto& interface : source.facts(file).interfaces)
            if (interface.resolution > 6) digits = 9;
    return digits;
}

/// What all captures say alike of where they were made; "" when they differ.
std::string_view common(const capture::Source& source, std::string capture::FileFacts::*fact) {
    const std::string_view first = source.facts(0).*fact;
    for (std::size_t file = 1; file < source.files(); ++file)
        if (source.facts(file).*fact != first) return {};
    return first;
}

template <class Writer>
std::optional<Error> keep_writer(Run& run, Result<Writer> writer) {
    if (!writer) return writer.error();
    run.writer.emplace(std::in_place_type<Writer>, std::move(*writer));
    return {};
}
std::optional<Error> open_pcapng(Run& run) {
    capture::Section section;
    section.hardware = common(run.source, &capture::FileFacts::hardware);
    section.system = common(run.source, &capture::FileFacts::system);
    if (const auto program = common(run.source, &capture::FileFacts::application); !program.empty()) section.application = program;
    std::vector<std::string> comments;
    for (std::size_t file = 0; file < run.source.files(); ++file)
        for (const auto& comment : run.source.facts(file).comments) comments.push_back(comment);
    section.comments = comments;
    return keep_writer(run, capture::PcapngWriter::create(run.options.output, section));
}
/// Without -F the ending of the name decides the format.
std::optional<Error> open_writer(Run& run) {
    const bool classic = run.options.output_format.empty() ? run.options.output.ends_with(".pcap") : run.options.output_format == "pcap";
    return classic ? keep_writer(run, capture::PcapWriter::create(run.options.output)) : open_pcapng(run);
}

/// The captures with their filter; an error, with the status that it means.
std::variant<capture::Source, std::pair<Error, Exit>> open_source(const InputOptions& input) {
    auto filter = compile_capture_filter(input);
    if (!filter) return std::pair(filter.error(), Exit::usage);
    auto source = capture::Source::open(input.files);
    if (!source) return std::pair(source.error(), Exit::input);
    if (*filter) source->set_filter(std::move(**filter));
    return std::move(*source);
}

Exit run_with(const Options& options, ReportOptions report_with, Material material, Terminal& terminal) {
    auto decode = decode_options(options.input);
    if (!decode) return wrong(terminal, decode.error());
    auto opened = open_source(options.input);
    if (const auto* failed = std::get_if<1>(&opened)) return wrong(terminal, failed->first, failed->second);
    auto& source = std::get<0>(opened);
    report_with.rows.time_digits = time_digits(source);
    present::StreamSink sink(terminal.out);
    present::Output out(sink);
    if (const auto words = present::never_filled(options.fields); !words.empty()) complain(terminal, words);
    auto report = present::PacketReport::make(std::move(report_with), out);
    if (!report) return wrong(terminal, report.error());
    if (const auto field = (*report)->second_pass_field(); !options.twice && !field.empty())
        complain(terminal, fmt::format("{} is known only when the captures are read twice: add -2", field));
    Run run{options, terminal, std::move(material), std::move(source), capture::Decoder(*decode), std::move(*report), out, {}};
    if (options.writes()) {
        if (const auto failed = open_writer(run)) return wrong(terminal, *failed, Exit::input);
    }
    if (options.twice) {
        auto again = open_source(options.input);
        if (const auto* failed = std::get_if<1>(&again)) return wrong(terminal, failed->first, failed->second);
        learn(run, std::move(std::get<0>(again)), capture::Decoder(*decode));
    }
    if (!run.material.router_logs.empty())
        if (const auto learned = learn_findings(run); !learned) return wrong(terminal, learned.error());
    const auto totals = go(run);
    if (!totals) return wrong(terminal, totals.error(), Exit::input);
    return judge(run, *totals);
}

/// The captures of -r stand before the others. An error where there is none, or where a filter stands in place of one.
Result<Done> settle_files(Options& options) {
    auto& files = options.input.files;
    files.insert(files.begin(), options.more_files.begin(), options.more_files.end());
    if (files.empty()) return Error{"FILE is required: name a capture, or - for standard input"};
    for (const auto& file : files)
        if (file != "-" && ::access(file.c_str(), F_OK) != 0 && present::Filter::compile(file))
            return Error{fmt::format("there is no file '{0}', but it is a display filter; did you mean -Y '{0}'?", file)};
    return Done{};
}

} // namespace

Exit read(const Arguments& arguments, Terminal& terminal) {
    Options options;
    CLI::App app("The packets of captures: a list, details, chosen fields, JSON.", "read");
    declare(app, options);
    if (const auto leave = parse(app, arguments, terminal)) return *leave;
    if (const auto settled = settle_files(options); !settled) return wrong(terminal, settled.error());
    auto report = report_options(options);
    if (!report) return wrong(terminal, report.error());
    if (overwrites_input(inputs_of(options.input, options.secrets), {{"-w", options.output}}, terminal)) return Exit::usage;
    auto loaded = load(options.secrets);
    if (const auto* failed = std::get_if<LoadError>(&loaded)) return wrong(terminal, {failed->sentence}, failed->exit);
    auto& material = std::get<Material>(loaded);
    for (const auto& warning : material.warnings) complain(terminal, warning);
    for (const auto& remark : material.remarks) complain(terminal, remark);
    return run_with(options, std::move(*report), std::move(material), terminal);
}

} // namespace ikescope::cli
