#pragma once
// What a command reads is evidence, or keys that exist once: no command writes over its own input.

#include "cli/analysis.hpp"

#include <string>
#include <vector>

namespace ikescope::cli {

/// A file that a command writes, and the option that names it. An empty path is none.
struct Output {
    std::string_view option;
    std::string path;
};

/// Every file that a command reads: its captures, what its options for secrets name, and `more` that it alone takes.
std::vector<std::string> inputs_of(const InputOptions& captures, const SecretOptions& secrets, std::vector<std::string> more = {});

/// Says so when an output is one of the inputs, by whatever name ("-" is standard input and output); the command then leaves
/// with Exit::usage and has written nothing. Only regular files count.
bool overwrites_input(const std::vector<std::string>& inputs, const std::vector<Output>& outputs, Terminal& terminal);

} // namespace ikescope::cli
