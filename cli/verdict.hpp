#pragma once
// Where a command's result goes and with which status it leaves; the same for every command that prints one document.

#include "cli/arguments.hpp"
#include "present/paint.hpp"

#include <functional>
#include <ostream>

namespace ikescope::cli {

/// The smallest status that applies wins.
class Verdict {
public:
    void apply(Exit status) {
        if (status == Exit::done) return;
        if (lowest_ == Exit::done || status < lowest_) lowest_ = status;
    }
    Exit status() const { return lowest_; }

private:
    Exit lowest_ = Exit::done;
};

/// -o and --fail-on.
void add_output_options(CLI::App& app, std::string& output, std::string& fail_on);
/// --format, one of the names; `words` explains them.
void add_format_option(CLI::App& app, std::string& format, std::vector<std::string> names, const std::string& words);

/// Prints; true when something as severe as --fail-on asks for was found.
using Print = std::function<bool(std::ostream&, const present::Style&)>;

/// Prints to the file `output`, or to the terminal when it is empty; complains and judges when that cannot be written.
void deliver(const std::string& output, const std::string& fail_on, Terminal& terminal, Verdict& verdict,
             const Print& print);

} // namespace ikescope::cli
