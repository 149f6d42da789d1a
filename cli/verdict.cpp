#include "cli/verdict.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>

namespace ikescope::cli {

void add_format_option(CLI::App& app, std::string& format, std::vector<std::string> names, const std::string& words) {
    app.add_option("--format", format, words)->type_name("FORMAT")->check([names = std::move(names)](const std::string& name) {
        if (std::ranges::find(names, name) != names.end()) return std::string();
        const auto last = fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
        return fmt::format("there is no format '{}': {}", name, last);
    });
}

void add_output_options(CLI::App& app, std::string& output, std::string& fail_on) {
    app.add_option("-o", output, "where the result goes; - is standard output")->type_name("FILE");
    app.add_option("--fail-on", fail_on, "exit with status 3 when there is an error, or an error or warning")
        ->type_name("error|warning")
        ->check([](const std::string& level) {
            return level == "error" || level == "warning" ? std::string()
                                                          : "--fail-on takes error or warning, not '" + level + "'";
        });
}

void deliver(const std::string& output, const std::string& fail_on, Terminal& terminal, Verdict& verdict,
             const Print& print) {
    const bool standard = output.empty() || output == "-";
    std::ofstream file;
    if (!standard) file.open(output, std::ios::binary);
    auto& out = standard ? terminal.out : file;
    const present::Style style{terminal.color && output.empty(), terminal.width};
    const bool found = out && print(out, style);
    out.flush();
    if (!out) {
        complain(terminal, fmt::format("{} cannot be written", standard ? "standard output" : output));
        verdict.apply(Exit::input);
    }
    if (found && !fail_on.empty()) verdict.apply(Exit::findings);
}

} // namespace ikescope::cli
