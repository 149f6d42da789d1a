#pragma once
// CLI11 with our exit statuses and our wording.

#include "cli/command.hpp"

#include <CLI/CLI.hpp>
#include <optional>

namespace ikescope::cli {

/// Parses; the exit status to leave with when the command is not to be run (help: 0, wrong usage: 1).
std::optional<Exit> parse(CLI::App& app, const Arguments& arguments, Terminal& terminal);

/// "; did you mean 'analyze'?" when one of the names is close, otherwise nothing.
std::string did_you_mean(std::string_view given, const std::vector<std::string>& names);


} // namespace ikescope::cli
