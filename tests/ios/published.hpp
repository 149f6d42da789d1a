#pragma once
// Debug output that the Cisco document prints (tests/data/ios/debug), and how it is compared with ours.

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

namespace ikescope::ios::test {

inline std::string read_file(const std::string& name) {
    std::ifstream in(std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/ios/" + name, std::ios::binary);
    EXPECT_TRUE(in) << name;
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

/// The lines of a router in a .log file, without those whose values differ from run to run.
inline std::vector<std::string> published(const std::string& name, const std::string& router) {
    std::istringstream in(read_file("debug/" + name + ".log"));
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(router + " ")) out.push_back(line.substr(router.size() + 1));
    return out;
}

/// Connection numbers count up over a router's life: (1011), (1012), (1004) are all the first one here. Continuation
/// lines are indented by one blank more or less from image to image.
inline std::string comparable(std::string line) {
    for (const auto* number : {"(1011)", "(1012)", "(1004)", "(1003)", "(1005)"})
        if (const auto at = line.find(number); at != std::string::npos) line.replace(at, 6, "(1001)");
    if (line.starts_with("    ")) line.erase(0, line.find_first_not_of(' '));
    return line;
}

/// The first expected line that does not stand in the log in its order; empty when all do.
inline std::string missing_in_order(const std::vector<std::string>& expected, const std::vector<std::string>& log) {
    std::size_t at = 0;
    for (const auto& line : expected) {
        while (at < log.size() && comparable(log[at]) != comparable(line)) ++at;
        if (at == log.size()) return line;
        ++at;
    }
    return {};
}

} // namespace ikescope::ios::test
