// ikescope simulate as a user runs it: files, reproducible bytes, what tshark and analyze say of them, refusals.

#include "tests/cli/program.hpp"

#include <nlohmann/json.hpp>

namespace ikescope::cli { namespace {

namespace fs = std::filesystem;

std::string config(const std::string& router, const std::string& scenario) {
    std::string lower = router == "R1" ? "r1" : "r2";
    return router + "=" + IKESCOPE_SOURCE_DIR "/tests/data/ios/scenarios/" + scenario + "-" + lower + ".cfg";
}
std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder of its own for each test.
struct Folder {
    Folder() : path(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    std::string file(const std::string& name) const { return (path / name).string(); }
    fs::path path;
};

Arguments simulation(const std::string& scenario, const std::string& initiator, const std::string& output,
                     Arguments more = {}) {
    Arguments out{
        "simulate", "--config", config("R1", scenario), "--config", config("R2", scenario), "--initiator", initiator,
        "-w",       output};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

TEST(Simulate, TheSeedGivesTheSameBytesAndAnotherSeedOthers) {
    const Folder folder;
    const auto once = [&](const std::string& name, const std::string& seed) {
        const auto ran = ikescope(
            simulation("s1", "R2", folder.file(name), {"--seed", seed, "--log-dir", folder.file(name + "-logs")}));
        EXPECT_EQ(ran.status, 0) << ran.err;
        return content(folder.file(name)) + content(folder.file(name + "-logs/R1.log"));
    };
    const auto first = once("a", "7");
    EXPECT_EQ(first, once("b", "7"));
    EXPECT_NE(first, once("c", "8"));
}

TEST(Simulate, WritesWhatAnalyzeNames) {
    const Folder folder;
    const auto capture = folder.file("x.pcapng"), keys = folder.file("x.keys");
    const auto ran =
        ikescope(simulation("s1", "R2", capture, {"--secrets-out", keys, "--log-dir", folder.file("logs")}));
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.out.find("keyring-mismatch"), std::string::npos) << ran.out;
    EXPECT_EQ(fs::status(keys).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_NE(content(folder.file("logs/R1.log")).find("Key not found in keyrings of profile , aborting exchange"),
              std::string::npos);
    const auto analyzed = ikescope({"analyze", capture, "--config", config("R1", "s1"), "--config", config("R2", "s1"),
                                    "--secrets", keys, "--format", "json"});
    EXPECT_EQ(analyzed.status, 0) << analyzed.err;
    const auto json = nlohmann::json::parse(analyzed.out);
    ASSERT_EQ(json["sas"].size(), 1U);
    EXPECT_EQ(json["sas"][0]["findings"][0]["id"], "keyring-mismatch");
    EXPECT_EQ(json["sas"][0]["authentication"]["initiator"], "verified");
}

TEST(Simulate, TsharkFindsNothingMalformed) {
    if (std::system("command -v tshark >/dev/null 2>&1") != 0) GTEST_SKIP() << "tshark is not installed";
    const Folder folder;
    for (const auto* scenario : {"s1", "s3", "s7", "s9"})
        for (const auto* initiator : {"R1", "R2"}) {
            const auto capture = folder.file("x.pcapng"), said = folder.file("said");
            ASSERT_EQ(ikescope(simulation(scenario, initiator, capture, {"--seed", "1"})).status, 0);
            const auto command =
                "tshark -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -r " + capture +
                " -Y '_ws.malformed or _ws.expert.severity == error or udp.checksum.bad or ip.checksum_bad.expert' >" +
                said + " 2>/dev/null";
            ASSERT_EQ(std::system(command.c_str()), 0);
            EXPECT_EQ(content(said), "") << scenario << " " << initiator;
        }
}

TEST(Simulate, ABadLineIsBorne) {
    const Folder folder;
    std::size_t up = 0;
    for (const auto* seed : {"1", "2", "3", "4", "5", "6", "7", "8"})
        up +=
            ikescope(simulation("s1", "R1", folder.file("x"), {"--seed", seed, "--loss", "20"})).out.find("comes up") !=
            std::string::npos;
    EXPECT_GE(up, 7U);
}

TEST(Simulate, RefusesWithASentence) {
    const Folder folder;
    const auto to = folder.file("x");
    const auto expect = [](const Ran& ran, int status, const std::string& words) {
        EXPECT_EQ(ran.status, status);
        EXPECT_NE(ran.err.find(words), std::string::npos) << ran.err;
    };
    expect(ikescope(simulation("s1", "R3", to)), 1, "the routers are R1 and R2");
    expect(ikescope(simulation("s1", "r1", to)), 1, "did you mean 'R1'");
    expect(ikescope({"simulate", "--config", config("R1", "s1"), "--initiator", "R1", "-w", to}), 1,
           "two configurations, 1 is given");
    expect(ikescope(simulation("s1", "R1", to, {"--loss", "101"})), 1, "101");
    expect(ikescope(simulation("s1", "R1", folder.file("none/x"))), 2, "No such file");
    expect(ikescope(simulation("s1", "R1", to, {"--secrets-out", "/proc/nothing/k"})), 2, "/proc/nothing");
    expect(ikescope(simulation("s1", "R1", to, {"--log-dir", "/proc/nothing"})), 2, "/proc/nothing");
}

TEST(Simulate, WithoutAKeyNothingIsSent) {
    const Folder folder;
    auto text = content(IKESCOPE_SOURCE_DIR "/tests/data/ios/scenarios/s5-r2.cfg");
    for (const std::string key = " pre-shared-key address 192.168.0.1 key cisco2\n";
         text.find(key) != std::string::npos;)
        text.erase(text.find(key), key.size());
    std::ofstream(folder.file("r2.cfg")) << text;
    const auto ran = ikescope({"simulate", "--config", config("R1", "s5"), "--config", "R2=" + folder.file("r2.cfg"),
                               "--initiator", "R2", "-w", folder.file("x"), "--log-dir", folder.file("logs")});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.out.find("0 datagrams"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("no-key-for-peer"), std::string::npos) << ran.out;
    EXPECT_NE(content(folder.file("logs/R2.log")).find("No pre-shared key with 192.168.0.1!"), std::string::npos);
}

}} // namespace ikescope::cli
