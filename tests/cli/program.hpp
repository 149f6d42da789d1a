#pragma once
// The program as tests run it: within this process, with strings in place of the terminal.

#include "cli/command.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace ikescope::cli {

struct Ran {
    int status;
    std::string out, err;
};
inline Ran ikescope(const Arguments& arguments) {
    std::ostringstream out, err;
    Terminal terminal{out, err};
    const auto status = run(arguments, terminal);
    return {static_cast<int>(status), out.str(), err.str()};
}
/// One command of it.
inline Ran ikescope(const std::string& command, Arguments arguments) {
    arguments.insert(arguments.begin(), command);
    return ikescope(arguments);
}

/// A file of that name and content that only its owner may read.
inline std::string temporary(const std::string& name, const std::string& content) {
    const auto path = (std::filesystem::path(testing::TempDir()) / name).string();
    std::ofstream(path, std::ios::binary) << content;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path;
}

/// A name that no other test uses: they run side by side.
inline std::string own(const std::string& name) {
    return std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "-" + name;
}

/// A log of the lab; the long ones are kept packed.
inline std::string lab_log(const std::string& scenario, const std::string& file) {
    const auto plain = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/lab/" + scenario + "/" + file;
    return std::filesystem::exists(plain) ? plain : plain + ".gz";
}

} // namespace ikescope::cli
