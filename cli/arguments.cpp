#include "cli/arguments.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace ikescope::cli {

namespace {

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto change = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::vector<std::string> option_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
        for (const auto& name : option->get_snames()) names.push_back("-" + name);
    }
    return names;
}

/// CLI11 names an unknown option only inside its sentence; find it again among the arguments.
std::string unknown_option(const CLI::App& app, const Arguments& arguments) {
    const auto names = option_names(app);
    for (const auto& argument : arguments) {
        const auto name = argument.substr(0, argument.find('='));
        if (name.size() > 1 && name[0] == '-' && std::ranges::find(names, name) == names.end()) // every letter is close to every other
            return fmt::format("there is no option '{}'{}", name, name.size() > 2 ? did_you_mean(name, names) : "");
    }
    return {};
}

/// CLI11 says "-Y: At Most 1 required but received 2" of an option that stands twice.
std::string mismatch(std::string_view words) {
    const auto colon = words.find(": At Most 1 required");
    if (colon == words.npos) return std::string(words);
    return fmt::format("{} stands more than once: leave all but one out", words.substr(0, colon));
}

} // namespace

std::string did_you_mean(std::string_view given, const std::vector<std::string>& names) {
    const auto best = std::ranges::min_element(names, {}, [&](const auto& name) { return distance(given, name); });
    if (best == names.end() || distance(given, *best) > std::max<std::size_t>(1, given.size() / 3)) return {};
    return fmt::format("; did you mean '{}'?", *best);
}

std::optional<Exit> parse(CLI::App& app, const Arguments& arguments, Terminal& terminal) {
    app.name("ikescope " + app.get_name()); // as it is typed, in the help text
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend())); // CLI11 takes them backwards
        return std::nullopt;
    } catch (const CLI::CallForHelp&) {
        terminal.out << app.help();
        return Exit::done;
    } catch (const CLI::ExtrasError& error) {
        const auto unknown = unknown_option(app, arguments);
        complain(terminal, unknown.empty() ? error.what() : unknown);
    } catch (const CLI::ArgumentMismatch& error) {
        complain(terminal, mismatch(error.what()));
    } catch (const CLI::ParseError& error) {
        complain(terminal, error.what());
    }
    terminal.err << "See `" << app.get_name() << " --help`.\n";
    return Exit::usage;
}

} // namespace ikescope::cli
