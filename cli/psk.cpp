// ikescope psk: tests candidate pre-shared keys against everything in the captures that can prove one.

#include "cli/psk_checkpoint.hpp"
#include "cli/psk_report.hpp"
#include "cli/same_file.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <signal.h> // NOLINT(modernize-deprecated-headers): sigaction is POSIX's
#include <thread>
#include <unistd.h>

namespace ikescope::cli {
namespace {

using session::KeySearcher;

struct Options {
    InputOptions input;
    SecretOptions secrets;
    std::vector<std::string> word_lists, masks, rule_files;
    std::string sets[4], append, format = "text", session_file, engine;
    bool from_stdin = false, all = false, progress = false;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
};

constexpr auto footer =
    R"(Masks: ?l a-z ?u A-Z ?d 0-9 ?h ?H hexadecimal ?s punctuation ?a all of these ?b every byte ?1-?4 sets of -1 to -4.
Rules: a part of hashcat's language, see ikescope-psk(1).

Examples:
  ikescope psk aggressive.pcap --wordlist words.txt --rules best.rule
  ikescope psk main.pcap --dh-secret 77c6992f... --mask '?u?l?l?l?l?d?d' --session search.json
  ikescope psk ikev2.pcap --secrets charon.log --wordlist words.txt --append '?d?d?d?d' --show-secrets

Exit status: 0 at least one key was found, 1 wrong usage, 2 input unreadable or cut short (what could be read is
searched), 4 no key was found.)";

void declare(CLI::App& app, Options& options) {
    const auto candidates = "Candidates (all but --stdin and -1 to -4 repeatable)";
    app.footer(footer);
    add_input_options(app, options.input);
    const auto add = [&](const char* name, auto& into, const char* type, const char* text) {
        return app.add_option(name, into, text)->type_name(type)->allow_extra_args(false)->group(candidates);
    };
    add("--wordlist", options.word_lists, "FILE", "a word per line");
    add("--rules", options.rule_files, "FILE", "every word changed by each of these rules");
    add("--append", options.append, "MASK", "every word with each key of this mask at its end");
    add("--mask", options.masks, "MASK", "every key of this form");
    add("-1", options.sets[0], "SET", "what ?1 stands for in masks");
    add("-2", options.sets[1], "SET", "what ?2 stands for; may use ?1");
    add("-3", options.sets[2], "SET", "what ?3 stands for");
    add("-4", options.sets[3], "SET", "what ?4 stands for");
    app.add_flag("--stdin", options.from_stdin, "words from standard input")->group(candidates);
    app.add_flag("--all", options.all, "go on behind the first key of a side");
    app.add_option("--session", options.session_file, "go on where this file says, and keep it up to date")
        ->type_name("FILE");
    app.add_option("--jobs", options.jobs, "threads; as many as there are processors")
        ->type_name("N")
        ->check(CLI::Range(1, 1024));
    app.add_flag("--progress", options.progress, "show progress although standard error is no terminal");
    app.add_option("--engine", options.engine, "avx512, avx2 or portable; the widest that the processor has")
        ->type_name("NAME");
    app.add_option("--format", options.format, "text or json")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "json"}));
    add_secret_options(app, options.secrets);
}

/// "avx512" of "AVX-512"
std::string short_name(std::string_view name) {
    std::string made;
    for (const char letter : name)
        if (letter != '-') made += static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
    return made;
}

Result<const crypto::psk::Kernel*> engine_of(const Options& options) {
    std::string names;
    for (const auto* kernel : crypto::psk::kernels()) {
        if (options.engine.empty() || options.engine == short_name(kernel->name)) return kernel;
        names += (names.empty() ? "" : ", ") + short_name(kernel->name);
    }
    return Error{fmt::format("this processor has no engine '{}'; it has {}", options.engine, names)};
}

Result<std::vector<Buffer>> own_sets(const Options& options) {
    std::vector<Buffer> sets(4);
    for (std::size_t i = 0; i < sets.size(); ++i) {
        auto set = secrets::read_set(options.sets[i], std::span(sets).first(i));
        if (!set) return Error{fmt::format("-{}: {}", i + 1, set.error().sentence)};
        sets[i] = std::move(*set);
    }
    return sets;
}

/// `status` is what an error means.
Result<secrets::Variations> variations_of(const Options& options, std::span<const Buffer> sets, Exit& status) {
    secrets::Variations made;
    for (const auto& path : options.rule_files) {
        std::ifstream in(path, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        if (!in) {
            status = Exit::input;
            return Error{fmt::format("{}: {}", path, std::generic_category().message(errno))};
        }
        auto rules = secrets::read_rules(text, path);
        if (!rules) return rules.error();
        std::ranges::move(*rules, std::back_inserter(made.rules));
    }
    if (!options.append.empty()) {
        auto mask = secrets::read_mask(options.append, sets);
        if (!mask) return Error{"--append: " + mask.error().sentence};
        made.append = std::move(*mask);
    }
    if (made.count() > 0xffffffff)
        return Error{"rules and --append together make more than 2^32 candidates of each word; use a shorter mask"};
    return made;
}

/// The sources in the order in which they are tried: what is known already comes first. `status` is what an error means.
Result<KeySearcher::Sources> sources_of(const Options& options, const secrets::Store& store, Exit& status) {
    status = Exit::usage;
    const auto sets = own_sets(options);
    if (!sets) return sets.error();
    const auto variations = variations_of(options, *sets, status);
    if (!variations) return variations.error();
    if (options.word_lists.empty() && !options.from_stdin && !(options.rule_files.empty() && options.append.empty()))
        return Error{"--rules and --append change words: give --wordlist or --stdin as well"};
    KeySearcher::Sources sources;
    if (!store.psks.empty()) sources.push_back(secrets::known_keys(store));
    for (const auto& path : options.word_lists) {
        auto words = secrets::word_list(path, *variations);
        if (!words) {
            status = Exit::input;
            return words.error();
        }
        sources.push_back(std::move(*words));
    }
    for (const auto& text : options.masks) {
        auto mask = secrets::read_mask(text, *sets);
        if (!mask) return Error{"--mask: " + mask.error().sentence};
        sources.push_back(secrets::mask_candidates(std::move(*mask)));
    }
    if (options.from_stdin) sources.push_back(secrets::word_stream(STDIN_FILENO, *variations));
    if (sources.empty())
        return Error{
            "there is nothing to try: give --wordlist, --mask, --stdin, or keys with --psk, --psk-file or --config"};
    return sources;
}

/// The first interrupt ends the search in good order, the second the program.
class Interrupt {
public:
    Interrupt() {
        seen = 0;
        struct sigaction action {};
        action.sa_handler = [](int) { seen = 1; };
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        sigaction(SIGINT, &action, &before_[0]);
        sigaction(SIGTERM, &action, &before_[1]);
    }
    ~Interrupt() {
        sigaction(SIGINT, &before_[0], nullptr);
        sigaction(SIGTERM, &before_[1], nullptr);
    }
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    static bool asked() { return seen != 0; }

private:
    static inline volatile std::sig_atomic_t seen = 0;
    struct sigaction before_[2]{};
};

/// The line that is written over and over on a terminal, or a line now and then elsewhere.
class ProgressLine {
public:
    ProgressLine(Terminal& terminal, bool wanted)
        : terminal_(terminal), on_terminal_(terminal.err.rdbuf() == std::cerr.rdbuf() && isatty(STDERR_FILENO)),
          shown_(wanted || on_terminal_) {}
    void show(const KeySearcher::Progress& progress, std::size_t targets) {
        if (!shown_ || (!on_terminal_ && progress.seconds < next_)) return;
        next_ = progress.seconds + 5;
        terminal_.err << (on_terminal_ ? "\r\x1b[K" : "") << describe_progress(progress, targets)
                      << (on_terminal_ ? "" : "\n") << std::flush;
    }
    void clear() {
        if (shown_ && on_terminal_) terminal_.err << "\r\x1b[K" << std::flush;
    }

private:
    Terminal& terminal_;
    bool on_terminal_, shown_;
    double next_ = 5;
};

/// One search from its checkpoint to its end.
class Search {
public:
    Search(const Options& options, const KeyReport& report, const crypto::psk::Kernel* kernel, Terminal& terminal)
        : options_(options), report_(report), kernel_(kernel), terminal_(terminal),
          identity_(identity_of(report.search, report.sources, options.all)) {}

    /// An error is one of usage.
    Result<Exit> run() {
        Checkpoint before;
        if (!options_.session_file.empty()) {
            auto checkpoint = read_checkpoint(options_.session_file, identity_);
            if (!checkpoint) return checkpoint.error();
            if (*checkpoint) before = **checkpoint;
            before.search = identity_; // written at once: a place that cannot be written to is no news for the end
            if (const auto written = write_checkpoint(options_.session_file, before); !written) {
                complain(terminal_, written.error().sentence + ": the session cannot be kept there");
                return Exit::input;
            }
        }
        KeySearcher searcher(report_.analysis.sessions, report_.search, report_.sources,
                             {options_.jobs, options_.all, kernel_, before.done_before});
        for (const auto& known : before.found)
            if (!searcher.recall(known.target, known.unit, known.id))
                complain(terminal_,
                         fmt::format("{}: a key that it says was found is not made again", options_.session_file));
        if (options_.format == "text") terminal_.out << describe_targets(report_) << std::flush;
        const bool complete = go(searcher, before);
        finish(searcher);
        if (!complete && !options_.session_file.empty())
            complain(terminal_, fmt::format("interrupted; the same command goes on from {}", options_.session_file));
        else if (!complete)
            complain(terminal_, "interrupted; with --session FILE it could be continued");
        else if (totals_.tested == 0)
            complain(terminal_, "there was no candidate to try: the word lists are empty");
        return searcher.found().empty() ? Exit::undecrypted : Exit::done;
    }

private:
    bool go(KeySearcher& searcher, const Checkpoint& before) {
        const Interrupt interrupt;
        ProgressLine line(terminal_, options_.progress);
        totals_ = {before.tested, before.seconds, before.complete};
        last_done_ = last_saved_ = before.done_before;
        const bool complete = searcher.run([&](const KeySearcher::Progress& progress) {
            totals_.tested = before.tested + static_cast<double>(progress.tested);
            totals_.seconds = before.seconds + progress.seconds;
            line.clear();
            tell(progress.found);
            line.show(progress, report_.search.targets.size());
            if (progress.seconds > next_checkpoint_ && progress.done_before > last_saved_) save(progress);
            last_done_ = progress.done_before;
            return !Interrupt::asked();
        });
        line.clear();
        totals_.complete = complete;
        return complete;
    }
    void tell(const std::vector<session::FoundKey>& found) {
        for (; told_ < found.size(); ++told_)
            if (options_.format == "text") terminal_.out << describe_found(report_, found[told_]) << std::flush;
    }
    void save(const KeySearcher::Progress& progress) {
        next_checkpoint_ = progress.seconds + 10;
        last_saved_ = progress.done_before;
        save(progress.done_before, progress.found);
    }
    void save(session::WorkUnit done_before, const std::vector<session::FoundKey>& found) {
        if (options_.session_file.empty()) return;
        Checkpoint checkpoint{identity_, done_before, totals_.tested, totals_.seconds, totals_.complete, {}};
        for (const auto& key : found) checkpoint.found.push_back({key.target, key.unit, key.id});
        if (const auto written = write_checkpoint(options_.session_file, checkpoint); !written)
            complain(terminal_, written.error().sentence);
    }
    void finish(const KeySearcher& searcher) {
        save(last_done_, searcher.found());
        terminal_.out << (options_.format == "json" ? report_json(report_, searcher.found(), totals_)
                                                    : describe_end(report_, searcher.found(), totals_));
    }

    const Options& options_;
    const KeyReport& report_;
    const crypto::psk::Kernel* kernel_;
    Terminal& terminal_;
    std::string identity_;
    SearchTotals totals_;
    std::size_t told_ = 0;
    double next_checkpoint_ = 1; ///< then as soon as a unit is done: nothing else is worth writing down
    session::WorkUnit last_done_, last_saved_;
};

Exit fail(Terminal& terminal, const Error& error, Exit status = Exit::usage) {
    complain(terminal, error.sentence);
    return status;
}

/// Word lists and rules.
std::vector<std::string> words_of(const Options& options) {
    auto files = options.word_lists;
    files.insert(files.end(), options.rule_files.begin(), options.rule_files.end());
    return files;
}

std::vector<Output> outputs_of(const Options& options) {
    if (options.session_file.empty()) return {};
    return {{"--session", options.session_file}, {"--session", fresh_checkpoint(options.session_file)}};
}

/// Why these options do not go together; empty when they do.
std::string contradiction(const Options& options, const std::vector<std::string>& inputs) {
    if (options.from_stdin && !options.session_file.empty())
        return "--session cannot go on in standard input: put the words into a file and give --wordlist";
    const auto from_standard_input = std::ranges::count(inputs, "-") + (options.from_stdin ? 1 : 0);
    if (from_standard_input > 1)
        return "standard input can be one thing only: captures, secrets or words; put the others into files and name these";
    return {};
}

/// Captures are read; now the search.
Exit search(const Options& options, Analysis& analysis, Terminal& terminal) {
    const auto kernel = engine_of(options);
    if (!kernel) return fail(terminal, kernel.error());
    Exit status = Exit::usage;
    const auto sources = sources_of(options, analysis.material.store, status);
    if (!sources) return fail(terminal, sources.error(), status);
    const auto keys = analysis.sessions.key_search();
    const KeyReport report{analysis, keys, *sources, options.secrets.show, (*kernel)->name, options.jobs};
    if (keys.targets.empty()) {
        terminal.out << (options.format == "json" ? report_json(report, {}, {0, 0, true}) : describe_targets(report));
        complain(terminal, "there is nothing in the capture that could prove a pre-shared key");
        return Exit::undecrypted;
    }
    const auto done = Search(options, report, *kernel, terminal).run();
    return done ? *done : fail(terminal, done.error());
}

} // namespace

Exit psk(const Arguments& arguments, Terminal& terminal) {
    Options options;
    CLI::App app("Tests candidate pre-shared keys against everything in the captures that can prove one.", "psk");
    declare(app, options);
    if (const auto leave = parse(app, arguments, terminal)) return *leave;
    const auto inputs = inputs_of(options.input, options.secrets, words_of(options));
    if (const auto why = contradiction(options, inputs); !why.empty()) return fail(terminal, {why});
    if (overwrites_input(inputs, outputs_of(options), terminal)) return Exit::usage;
    auto loaded = load(options.secrets);
    if (const auto* failed = std::get_if<LoadError>(&loaded)) return fail(terminal, {failed->sentence}, failed->exit);
    session::Options remember;
    remember.key_search = true;
    Analysis analysis(std::move(std::get<Material>(loaded)), remember);
    for (const auto& warning : analysis.material.warnings) complain(terminal, warning);
    complain_of_keyless_logs(analysis.material, terminal);
    if (const auto read = read_captures(options.input, analysis); !read) return fail(terminal, read.error());
    for (const auto& problem : analysis.problems) complain(terminal, problem.sentence);
    const auto status = analysis.files.empty() ? Exit::input : search(options, analysis, terminal);
    return status != Exit::usage && !analysis.problems.empty() ? Exit::input : status;
}

} // namespace ikescope::cli
