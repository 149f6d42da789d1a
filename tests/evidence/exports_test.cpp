// `ikescope keys --export` and the programs it is for. Everything that lab/ has goes into one capture; tshark with the
// exported profile must see in every message what we see, but where a warning says that it cannot.
// Skipped where a program is not installed.

#include "tests/evidence/lab.hpp"
#include "tests/evidence/subset.hpp"

#include <array>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace ikescope::tests { namespace {

namespace fs = std::filesystem;

class Exports : public LabTest {};

/// Frames of the SAs that warnings name ("SA 12: …").
std::set<std::size_t> excused(const std::string& warnings, const Json& analysis) {
    std::set<std::size_t> frames;
    for (const auto& line : lines_of(warnings)) {
        const auto at = line.find("SA ");
        if (at == std::string::npos || line.find("warning") == std::string::npos ||
            line.find("without checking") != std::string::npos)
            continue;
        const auto index = std::stoul(line.substr(at + 3)) - 1;
        for (const auto& message : analysis.at("sas").at(index).at("messages"))
            frames.insert(message.at("frame").get<std::size_t>());
    }
    return frames;
}

TEST_F(Exports, TsharkSeesWhatWeSee) {
    if (!installed("tshark")) GTEST_SKIP() << "tshark is not installed";
    const auto names = lab_names();
    const auto all = all_in_one();
    fs::create_directories(folder / "wireshark/profiles");
    const auto exported = run(with_lab_secrets(
        {"keys", all, "--export", "wireshark", "-o", (folder / "wireshark/profiles/ikescope").string()}, names));
    ASSERT_EQ(exported.status, cli::Exit::done) << exported.err;
    const auto frames =
        excused(exported.err, Json::parse(run(with_lab_secrets({"analyze", all, "--format", "json"}, names)).out));
    EXPECT_LT(frames.size(), 150U) << "most SAs are in reach of tshark";

    const std::array fields{"frame.number",         "isakmp.typepayload",   "isakmp.notify.msgtype",
                            "isakmp.ts.start_ipv4", "isakmp.tf.id.encr",    "isakmp.id.type",
                            "isakmp.auth.method",   "isakmp.cert.encoding", "isakmp.cfg.type"};
    cli::Arguments ours{"read", all, "-T", "fields"};
    std::string theirs = "XDG_CONFIG_HOME='" + folder.string() + "' tshark -C ikescope -r '" + all + "' -T fields";
    for (const auto* field : fields) {
        ours.insert(ours.end(), {"-e", field});
        theirs += std::string(" -e ") + field;
    }
    const auto left = lines_of(output_of(theirs + " 2>/dev/null")),
               right = lines_of(run(with_lab_secrets(ours, names)).out);
    ASSERT_EQ(left.size(), right.size());
    ASSERT_GT(left.size(), 700U);
    for (std::size_t i = 0; i < left.size(); ++i)
        EXPECT_TRUE(frames.contains(i + 1) || left[i] == right[i]) << "tshark: " << left[i] << "\nours:   " << right[i];
}

TEST_F(Exports, PskCrackFindsTheKey) {
    const auto made = run({"keys", lab_capture("v1am_ok").string(), "--export", "ike-scan", "-o", folder.string()});
    ASSERT_EQ(made.status, cli::Exit::done) << made.err;
    if (!installed("psk-crack")) GTEST_SKIP() << "psk-crack (package ike-scan) is not installed";
    std::ofstream(folder / "words") << "cisco\nlabpsk\n";
    const auto found =
        output_of("psk-crack -d '" + (folder / "words").string() + "' '" + (folder / "pskcrack.txt").string() + "'");
    EXPECT_NE(found.find("key \"labpsk\" matches"), std::string::npos) << found;
}

TEST_F(Exports, TcpdumpOpensIkev2) {
    if (!installed("tcpdump")) GTEST_SKIP() << "tcpdump is not installed";
    for (const std::string name : {"v2_3des", "v2_ok", "v2_ecdsa521"}) {
        const auto made = run(with_lab_secrets(
            {"keys", lab_capture(name).string(), "--export", "tcpdump", "-o", folder.string()}, {name}));
        ASSERT_EQ(made.status, cli::Exit::done) << made.err;
        const auto command = "tcpdump " + std::string(geteuid() == 0 ? "-Z root " : "") + "-nn -v -E 'file " +
                             (folder / "tcpdump.secrets").string() + "' -r '";
        EXPECT_NE(output_of(command + lab_capture(name).string() + "' 2>&1").find("(v2TSr: len=20)"), std::string::npos)
            << name;
    }
}

TEST_F(Exports, FilesAreForTheirOwnerOnlyAndSayWhatTheyAre) {
    fs::remove_all(folder);
    const auto made = run(with_lab_secrets(
        {"keys", lab_capture("v2_ok").string(), "--export", "wireshark", "-o", folder.string()}, {"v2_ok"}));
    ASSERT_EQ(made.status, cli::Exit::done) << made.err;
    struct stat facts {};
    ASSERT_EQ(stat(folder.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0700U);
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        ASSERT_EQ(stat(entry.path().c_str(), &facts), 0);
        EXPECT_EQ(facts.st_mode & 0777, 0600U) << entry.path();
        std::ifstream in(entry.path());
        std::string first;
        std::getline(in, first);
        EXPECT_NE(first.find("ikescope"), std::string::npos) << entry.path();
        ++files;
    }
    EXPECT_EQ(files, 5U);
}

}} // namespace ikescope::tests
