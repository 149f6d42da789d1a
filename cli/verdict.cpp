#include "cli/verdict.hpp"

#include <fmt/format.h>
#include <fstream>

namespace ikescope::cli {

void add_output_options(CLI::App& app, std::string& format, std::string& output, std::string& fail_on) {
    app.add_option("--format", format, "text or json")->type_name("FORMAT")->check([](const std::string& name) {
        if (name == "html") return std::string("html is not built into this version: text or json");
        return name == "text" || name == "json" ? std::string() : "there is no format '" + name + "': text or json";
    });
    app.add_option("-o", output, "where the result goes")->type_name("FILE");
    app.add_option("--fail-on", fail_on, "exit with status 3 when there is an error, or an error or warning")
        ->type_name("error|warning")
        ->check([](const std::string& level) {
            return level == "error" || level == "warning" ? std::string()
                                                          : "--fail-on takes error or warning, not '" + level + "'";
        });
}

void deliver(const std::string& output, const std::string& fail_on, Terminal& terminal, Verdict& verdict,
             const Print& print) {
    std::ofstream file;
    if (!output.empty()) file.open(output, std::ios::binary);
    auto& out = output.empty() ? terminal.out : file;
    const present::Style style{terminal.color && output.empty(), terminal.width};
    const bool found = out && print(out, style);
    out.flush();
    if (!out) {
        complain(terminal, fmt::format("{} cannot be written", output.empty() ? "standard output" : output));
        verdict.apply(Exit::input);
    }
    if (found && !fail_on.empty()) verdict.apply(Exit::findings);
}

} // namespace ikescope::cli
