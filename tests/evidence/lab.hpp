#pragma once
// Commands run in this process and others beside it, over the captures of pcaps/lab.

#include "cli/command.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ikescope::tests {

struct Ran {
    std::string out, err;
    cli::Exit status;
};
/// ikescope itself.
Ran run(const cli::Arguments& arguments);
/// Standard output of a shell command.
std::string output_of(const std::string& command);
bool installed(const std::string& program);
std::vector<std::string> lines_of(const std::string& text);

/// pcaps/lab/NAME/NAME.pcap
std::filesystem::path lab_capture(const std::string& name);
/// All of lab/ that may be put into one capture: fragments that never become whole would wait for those of the next
/// exchange between the same addresses.
std::vector<std::string> lab_names();
/// The arguments with --secrets for the .keys of these captures.
cli::Arguments with_lab_secrets(cli::Arguments arguments, const std::vector<std::string>& names);

/// A folder that is gone afterwards.
class LabTest : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;
    /// All of lab_names() in one capture in the folder.
    std::string all_in_one() const;
    std::filesystem::path folder;
};

} // namespace ikescope::tests
