#include "tests/evidence/lab.hpp"

#include <array>
#include <memory>
#include <sstream>
#include <unistd.h>

namespace ikescope::tests {

namespace fs = std::filesystem;

namespace {
const fs::path lab = fs::path(IKESCOPE_SOURCE_DIR) / "pcaps/lab";
}

Ran run(const cli::Arguments& arguments) {
    std::ostringstream out, err;
    cli::Terminal terminal{out, err};
    const auto status = cli::run(arguments, terminal);
    return {out.str(), err.str(), status};
}

std::string output_of(const std::string& command) {
    std::string text;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 65536> part{};
    for (std::size_t count = 1; pipe && count > 0; text.append(part.data(), count))
        count = fread(part.data(), 1, part.size(), pipe.get());
    return text;
}

bool installed(const std::string& program) { return !output_of("command -v " + program).empty(); }

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

fs::path lab_capture(const std::string& name) { return lab / name / (name + ".pcap"); }

std::vector<std::string> lab_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(lab))
        if (const auto name = entry.path().filename().string();
            entry.is_directory() && fs::exists(lab_capture(name)) && name.find("fragment_lost") == std::string::npos)
            names.push_back(name);
    return names;
}

cli::Arguments with_lab_secrets(cli::Arguments arguments, const std::vector<std::string>& names) {
    for (const auto& name : names)
        if (const auto keys = lab / name / (name + ".keys"); fs::exists(keys))
            arguments.insert(arguments.end(), {"--secrets", keys.string()});
    return arguments;
}

void LabTest::SetUp() {
    folder = fs::path(testing::TempDir()) / ("ikescope-lab-" + std::to_string(getpid()));
    fs::create_directories(folder);
}

void LabTest::TearDown() { fs::remove_all(folder); }

std::string LabTest::all_in_one() const {
    auto all = (folder / "all.pcapng").string();
    cli::Arguments merge{"read", "-w", all};
    for (const auto& name : lab_names()) merge.push_back(lab_capture(name).string());
    EXPECT_EQ(run(merge).status, cli::Exit::done);
    return all;
}

} // namespace ikescope::tests
