// Evidence is data: every pcaps/**/x.pcap (pcapng, .gz, .zst) with x.expect.json or x.expect.txt is analysed by the
// real command, in this process, with x.keys, every .cfg and the ca.pem of its folder. How expectations are read:
// pcaps/README.md.

#include "cli/command.hpp"
#include "diagnose/catalogue.hpp"
#include "tests/evidence/subset.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace ikescope { namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// x.pcap.gz -> x
std::string stem(fs::path name) {
    for (const auto* ending : {".gz", ".zst", ".pcap", ".pcapng", ".cap"})
        if (name.extension() == ending) name = name.stem();
    return name.string();
}

struct Evidence {
    fs::path capture;
    fs::path beside(const std::string& ending) const {
        return capture.parent_path() / (stem(capture.filename()) + ending);
    }
    /// x.R1.ios.log is the log of R1 that belongs to x.pcap.
    std::map<std::string, fs::path> router_logs() const {
        std::map<std::string, fs::path> found;
        const auto before = stem(capture.filename()) + ".";
        constexpr std::string_view behind = ".ios.log";
        for (const auto& entry : fs::directory_iterator(capture.parent_path())) {
            const auto file = entry.path().filename().string();
            if (file.starts_with(before) && file.ends_with(behind) && file.size() > before.size() + behind.size())
                found[file.substr(before.size(), file.size() - before.size() - behind.size())] = entry.path();
        }
        return found;
    }
    std::string name() const { return fs::relative(capture, fs::path(IKESCOPE_SOURCE_DIR) / "pcaps").string(); }
};

void PrintTo(const Evidence& evidence, std::ostream* out) { *out << evidence.name(); }

bool is_capture(const fs::path& path) {
    const auto name = path.filename().string();
    return name != stem(path.filename());
}

std::vector<Evidence> all_evidence() {
    std::vector<Evidence> found;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(IKESCOPE_SOURCE_DIR) / "pcaps")) {
        const Evidence evidence{entry.path()};
        if (entry.is_regular_file() && is_capture(entry.path()) &&
            (fs::exists(evidence.beside(".expect.json")) || fs::exists(evidence.beside(".expect.txt"))))
            found.push_back(evidence);
    }
    std::ranges::sort(found, {}, [](const auto& evidence) { return evidence.capture; });
    return found;
}

/// What waits for something that is not built yet: gated.txt has "path reason" lines.
std::map<std::string, std::string> gated() {
    std::map<std::string, std::string> reasons;
    std::ifstream in(fs::path(IKESCOPE_SOURCE_DIR) / "tests/evidence/gated.txt");
    for (std::string line; std::getline(in, line);) {
        const auto blank = line.find(' ');
        if (!line.empty() && line[0] != '#' && blank != std::string::npos)
            reasons[line.substr(0, blank)] = line.substr(blank + 1);
    }
    return reasons;
}

std::string analyze(const Evidence& evidence, const std::string& format, std::string& messages) {
    cli::Arguments arguments{"analyze", evidence.capture.string(), "--format", format};
    if (fs::exists(evidence.beside(".keys")))
        arguments.insert(arguments.end(), {"--secrets", evidence.beside(".keys").string()});
    if (const auto authority = evidence.capture.parent_path() / "ca.pem"; fs::exists(authority))
        arguments.insert(arguments.end(), {"--ca", authority.string()});
    std::set<fs::path> configurations;
    for (const auto& entry : fs::directory_iterator(evidence.capture.parent_path()))
        if (entry.path().extension() == ".cfg") configurations.insert(entry.path());
    for (const auto& path : configurations) arguments.insert(arguments.end(), {"--config", path.string()});
    for (const auto& [router, log] : evidence.router_logs())
        arguments.insert(arguments.end(), {"--router-log", router + "=" + log.string()});
    std::ostringstream out, err;
    cli::Terminal terminal{out, err};
    cli::run(arguments, terminal);
    messages = err.str();
    return out.str();
}

class EvidenceTest : public testing::TestWithParam<Evidence> {};

TEST_P(EvidenceTest, ComesOutAsExpected) {
    const auto& evidence = GetParam();
    const auto reasons = gated();
    const auto gate = reasons.find(evidence.name());
    std::string messages;
    const auto expected_json = evidence.beside(".expect.json"), expected_text = evidence.beside(".expect.txt");
    std::vector<std::string> differences;
    if (fs::exists(expected_json)) {
        const auto actual = Json::parse(analyze(evidence, "json", messages), nullptr, false);
        if (actual.is_discarded())
            differences.push_back("the output is no JSON document; " + messages);
        else
            tests::compare(Json::parse(slurp(expected_json)), actual, "$", differences);
    }
    if (fs::exists(expected_text)) {
        const auto actual = analyze(evidence, "text", messages);
        std::istringstream lines(slurp(expected_text));
        for (std::string line; std::getline(lines, line);)
            if (!line.empty() && actual.find(line) == std::string::npos)
                differences.push_back("the text lacks: " + line);
    }
    if (gate != reasons.end()) {
        ASSERT_FALSE(differences.empty())
            << evidence.name() << " comes out as expected: take it out of tests/evidence/gated.txt";
        GTEST_SKIP() << gate->second << " (" << differences.size() << " differences, the first: " << differences.front()
                     << ")";
    }
    for (const auto& difference : differences) ADD_FAILURE() << evidence.name() << ": " << difference;
}

std::string test_name(const testing::TestParamInfo<Evidence>& info) {
    auto name = info.param.name();
    for (auto& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    return name;
}
INSTANTIATE_TEST_SUITE_P(Captures, EvidenceTest, testing::ValuesIn(all_evidence()), test_name);

/// "| `id` | capture |" rows behind "## Examples".
std::vector<std::pair<std::string, std::string>> documented_examples() {
    std::vector<std::pair<std::string, std::string>> rows;
    std::istringstream lines(slurp(fs::path(IKESCOPE_SOURCE_DIR) / "docs/findings.md"));
    bool there = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("## ")) there = line == "## Examples";
        const auto middle = line.find("` | "), end = line.rfind(" |");
        if (!there || !line.starts_with("| `") || middle == std::string::npos) continue;
        rows.emplace_back(line.substr(3, middle - 3), line.substr(middle + 4, end - middle - 4));
    }
    return rows;
}

bool shows(const Json& analysis, const std::string& id) {
    const auto in = [&](const Json& owner) {
        return std::ranges::any_of(owner.at("findings"), [&](const Json& finding) { return finding.at("id") == id; });
    };
    return in(analysis) || std::ranges::any_of(analysis.at("sas"), in);
}

TEST(Evidence, DocumentedExamplesShowTheirFinding) {
    const auto examples = documented_examples();
    EXPECT_GT(examples.size(), 20U);
    for (const auto& [id, capture] : examples) {
        const Evidence evidence{fs::path(IKESCOPE_SOURCE_DIR) / "pcaps" / capture};
        ASSERT_TRUE(fs::exists(evidence.capture)) << capture;
        std::string messages;
        const auto analysis = Json::parse(analyze(evidence, "json", messages), nullptr, false);
        ASSERT_FALSE(analysis.is_discarded()) << capture << messages;
        EXPECT_TRUE(shows(analysis, id)) << capture << " has no " << id;
    }
}

TEST(Evidence, EveryFindingOfTheCatalogueHasAnExample) {
    std::set<std::string> shown;
    for (const auto& [id, capture] : documented_examples()) shown.insert(id);
    for (const auto& row : diagnose::catalogue()) {
        EXPECT_TRUE(shown.contains(std::string(row.id))) << row.id << " in docs/findings.md, Examples";
    }
}

TEST(Evidence, EveryGateNamesACapture) {
    for (const auto& [path, reason] : gated()) {
        EXPECT_TRUE(fs::exists(fs::path(IKESCOPE_SOURCE_DIR) / "pcaps" / path)) << path;
        EXPECT_FALSE(reason.empty()) << path;
    }
}

}} // namespace ikescope
