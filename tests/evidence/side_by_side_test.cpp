// Every capture of pcaps/ against tshark itself: each field that both know has the same values in the same frames.
// Differences stand, with the reason why ours is right, in tests/data/read/side_by_side.tsv; one that is not in the
// table fails, and so does a row that no capture needs any more. Skipped where tshark is not installed.
//
// IKESCOPE_PCAPS=DIRECTORY compares other captures instead, prints every difference that no row explains and how many
// each row explains, and fails for none (docs/testing.md has such a run).

#include "tests/present/captures.hpp"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <memory>

namespace ikescope::present {
namespace {

namespace fs = std::filesystem;

/// Below ISAKMP these are compared too.
constexpr std::string_view link_fields[] = {
    "frame.len", "frame.cap_len", "frame.time", "frame.time_epoch", "frame.time_relative", "frame.protocols", "eth.src", "eth.dst",
    "ip.src", "ip.dst", "ip.ttl", "ip.id", "ip.len", "udp.srcport", "udp.dstport", "udp.length", "esp.spi", "esp.sequence"};
constexpr char separator = '\x1f', aggregator = '\x1e';

std::string output_of(const std::string& command) {
    std::string text;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 65536> part;
    while (pipe) {
        const auto count = fread(part.data(), 1, part.size(), pipe.get());
        if (count == 0) break;
        text.append(part.data(), count);
    }
    return text;
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (auto end = text.find(at); end != std::string::npos; begin = end + 1, end = text.find(at, begin))
        parts.push_back(text.substr(begin, end - begin));
    parts.push_back(text.substr(begin));
    return parts;
}

std::vector<std::string> compared_fields() {
    std::vector<std::string> fields{"frame.number"};
    for (const auto name : link_fields) fields.emplace_back(name);
    for (const auto& row : testing::table("read/wireshark_fields.tsv")) {
        const auto rows = FieldCatalog::get().find(row[0]);
        if (!rows.empty() && rows.front()->name == row[0]) fields.push_back(row[0]);
    }
    return fields;
}

class SideBySide {
public:
    std::size_t cells = 0, different = 0;
    std::map<std::string, std::size_t> used; ///< differences by the row that explains them

    void compare(const fs::path& capture, const std::string& name, bool strict) {
        std::string command = "TZ=UTC tshark -r '" + capture.string() + "' -T fields -E separator=" + separator + " -E aggregator=" + aggregator;
        for (const auto& field : fields_) command += " -e " + field;
        const auto theirs = split(output_of(command + " 2>/dev/null"), '\n');
        ReportOptions options;
        options.format = ReportOptions::Format::fields;
        options.fields = fields_;
        options.field_options.separator = separator;
        options.field_options.aggregator = aggregator;
        const auto ours = split(testing::report(capture.string(), std::move(options)), '\n');
        ASSERT_EQ(theirs.size(), ours.size()) << name;
        for (std::size_t i = 0; i < ours.size(); ++i) compare_packet(name, split(theirs[i], separator), split(ours[i], separator), strict);
    }

private:
    void compare_packet(const std::string& name, const std::vector<std::string>& theirs, const std::vector<std::string>& ours, bool strict) {
        if (ours.size() < 2) return;
        ASSERT_EQ(theirs.size(), ours.size()) << name;
        for (std::size_t i = 0; i < ours.size(); ++i) {
            cells += !theirs[i].empty() || !ours[i].empty();
            if (theirs[i] == ours[i]) continue;
            ++different;
            const auto words = fmt::format("{} frame {} {}: tshark \"{}\", ours \"{}\"", name, ours[0], fields_[i], theirs[i], ours[i]);
            if (is_known(name, fields_[i])) continue;
            if (strict) ADD_FAILURE() << words;
            else fmt::print("{}\n", words);
        }
    }
    bool is_known(const std::string& capture, const std::string& field) {
        for (const auto& row : known_) {
            const bool here = row[0] == "*" || capture.ends_with("/" + row[0]);
            if (!here || (row[1] != "*" && row[1] != field)) continue;
            ++used[row[0] + "\t" + row[1]];
            return true;
        }
        return false;
    }
    std::vector<std::string> fields_ = compared_fields();
    std::vector<std::vector<std::string>> known_ = testing::table("read/side_by_side.tsv");
};

std::vector<fs::path> captures(const fs::path& root) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const auto name = entry.path().filename().string();
        const bool capture = name.find(".pcap") != std::string::npos || name.ends_with(".cap");
        if (entry.is_regular_file() && capture) found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

TEST(SideBySide, FieldsHaveTsharksValues) {
    if (output_of("tshark --version 2>/dev/null").find("4.0.") == std::string::npos) GTEST_SKIP() << "tshark 4.0 is not installed";
    setenv("TZ", "UTC", 1);
    const char* other = std::getenv("IKESCOPE_PCAPS");
    const fs::path root = other ? fs::path(other) : fs::path(IKESCOPE_SOURCE_DIR) / "pcaps";
    SideBySide both;
    for (const auto& capture : captures(root)) both.compare(capture, "/" + fs::relative(capture, root).string(), !other);
    fmt::print("{} values compared, {} different\n", both.cells, both.different);
    for (const auto& [rule, count] : both.used) fmt::print("{}\t{}\n", count, rule);
    if (other) return;
    for (const auto& row : testing::table("read/side_by_side.tsv"))
        EXPECT_TRUE(both.used.contains(row[0] + "\t" + row[1])) << row[0] << " " << row[1] << ": no capture differs any more";
}

} // namespace
} // namespace ikescope::present
