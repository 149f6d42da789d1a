#pragma once
// The program as a table of commands. Adding one is a row in commands() and a file with its function.

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ikescope::cli {

/// Where results and messages go; tests give strings.
struct Terminal {
    std::ostream& out;
    std::ostream& err;
    bool color = false;      ///< `out` is a terminal and nobody said NO_COLOR
    std::size_t width = 100; ///< columns of it
};

/// Exit statuses, the same for every command. If several apply, the smallest wins (docs/man/ikescope.1.scd).
enum class Exit : int { done = 0, usage = 1, input = 2, findings = 3, undecrypted = 4 };

using Arguments = std::vector<std::string>;

struct Command {
    std::string_view name;
    std::string_view summary; ///< one line for the overview
    Exit (*run)(const Arguments&, Terminal&);
};
std::span<const Command> commands();

/// The whole program: `arguments` without the program's name.
Exit run(const Arguments& arguments, Terminal& terminal);

/// `ikescope: sentence` on the error stream.
void complain(Terminal& terminal, std::string_view sentence);

Exit analyze(const Arguments& arguments, Terminal& terminal);
Exit read(const Arguments& arguments, Terminal& terminal);
Exit decrypt(const Arguments& arguments, Terminal& terminal);
Exit keys(const Arguments& arguments, Terminal& terminal);
Exit simulate(const Arguments& arguments, Terminal& terminal);

} // namespace ikescope::cli
