// What a command writes, and what it must never write over: anything that it reads, and files that are not of its making.

#include "tests/cli/program.hpp"

#include <nlohmann/json.hpp>

namespace ikescope::cli { namespace {

namespace fs = std::filesystem;

const std::string pcaps = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/";

std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A copy that may be written to.
std::string copy_of(const std::string& path) { return temporary(own(fs::path(path).filename().string()), content(path)); }

/// An empty folder.
std::string folder(const std::string& name) {
    const auto path = (fs::path(testing::TempDir()) / name).string();
    fs::remove_all(path);
    fs::create_directories(path);
    return path;
}

TEST(Outputs, NoCommandWritesOverWhatItReads) {
    const auto capture = copy_of(pcaps + "seed-s1/seed-s1.pcap"), keys = copy_of(pcaps + "seed-s1/seed-s1.keys"),
               r1 = copy_of(pcaps + "seed-s1/R1.cfg"), r2 = copy_of(pcaps + "seed-s1/R2.cfg"), log = copy_of(pcaps + "seed-s1/R1.l4.log"),
               words = temporary("words.new", "one\ntwo\n"), link = folder("links") + "/link";
    fs::create_symlink(r1, link);
    const Arguments commands[] = {
        {"analyze", capture, "-o", capture},
        {"analyze", capture, "--format", "json", "-o", capture},
        {"analyze", capture, "--format", "html", "-o", capture},
        {"analyze", capture, "--secrets", keys, "-o", keys},
        {"analyze", capture, "--config", r1, "-o", r1},
        {"analyze", capture, "--config", "EDGE@10.0.0.1=" + r1, "-o", r1},
        {"analyze", capture, "--config", r1, "-o", link},
        {"analyze", capture, "--router-log", "R1=" + log, "-o", log},
        {"analyze", "--router-log", log, "-o", log},
        {"analyze", capture, "--psk-file", words, "-o", words},
        {"analyze", capture, "--private-key", words, "-o", words},
        {"analyze", capture, "--ca", words, "-o", words},
        {"read", capture, "--secrets", keys, "-w", keys},
        {"decrypt", capture, "--secrets", keys, "-w", keys},
        {"decrypt", capture, "--config", "R1=" + r1, "-w", r1},
        {"import", log, "-w", log},
        {"predict", "--config", r1, "--config", "R2=" + r2, "-o", r2},
        {"simulate", "--config", "R1=" + r1, "--config", "R2=" + r2, "--initiator", "R1", "-w", r2},
        {"simulate", "--config", "R1=" + r1, "--config", "R2=" + r2, "--initiator", "R1", "-w", "-", "--secrets-out", r1},
        {"psk", capture, "--wordlist", words, "--session", words},
        {"psk", capture, "--wordlist", words, "--session", words.substr(0, words.size() - 4)}, // written as words.new first
        {"psk", capture, "--rules", words, "--wordlist", r1, "--session", r1},
    };
    const std::string inputs[] = {capture, keys, r1, r2, log, words};
    std::vector<std::string> before;
    for (const auto& path : inputs) before.push_back(content(path));
    for (const auto& command : commands) {
        const auto ran = ikescope(command);
        std::string line;
        for (const auto& word : command) line += word + " ";
        EXPECT_EQ(ran.status, 1) << line << ran.err;
        EXPECT_NE(ran.err.find("is never overwritten"), std::string::npos) << line << ran.err;
        for (std::size_t i = 0; i < before.size(); ++i) ASSERT_EQ(content(inputs[i]), before[i]) << line << inputs[i];
    }
}

TEST(Outputs, ALogOfASimulationIsNoConfiguration) {
    const auto logs = folder("simulated-logs"), r1 = logs + "/R1.log";
    fs::copy_file(pcaps + "seed-s1/R1.cfg", r1);
    const auto before = content(r1);
    const auto ran = ikescope({"simulate", "--config", "R1=" + r1, "--config", "R2=" + pcaps + "seed-s1/R2.cfg", "--initiator", "R1", "-w",
                               logs + "/new.pcapng", "--log-dir", logs});
    EXPECT_EQ(ran.status, 1) << ran.err;
    EXPECT_EQ(content(r1), before);
    EXPECT_FALSE(fs::exists(logs + "/new.pcapng"));
}

Ran export_to(const std::string& directory, const std::string& program = "wireshark", const std::string& scenario = "v2_ok") {
    const auto stem = pcaps + "lab/" + scenario + "/" + scenario;
    return ikescope({"keys", stem + ".pcap", "--secrets", stem + ".keys", "--export", program, "-o", directory});
}

TEST(Exported, FilesOfOthersStayAsTheyAre) {
    const auto profile = folder("profile");
    const std::string own = "# Configuration file for Wireshark 4.0.17.\ngui.column.format: x\n";
    std::ofstream(profile + "/preferences") << own;
    const auto ran = export_to(profile);
    EXPECT_EQ(ran.status, 2) << ran.err;
    EXPECT_NE(ran.err.find(profile + "/preferences is there already and not of ikescope's making"), std::string::npos) << ran.err;
    EXPECT_EQ(content(profile + "/preferences"), own);
    EXPECT_EQ(std::distance(fs::directory_iterator(profile), {}), 1) << "all files or none";
}

TEST(Exported, OurOwnAndEmptyFilesAreReplaced) {
    for (const std::string program : {"wireshark", "hashcat"}) {
        const auto profile = folder("again-" + program), scenario = program == "hashcat" ? std::string("v1am_ok") : std::string("v2_ok");
        std::ofstream(profile + "/README.txt").close();
        for (int i = 0; i < 2; ++i) EXPECT_EQ(export_to(profile, program, scenario).status, 0) << program << i;
    }
    EXPECT_NE(content((fs::path(testing::TempDir()) / "again-wireshark/ikev2_decryption_table").string()), "");
}

TEST(Exported, ATableWithoutCommentsIsOursWhenTheReadMeIs) {
    const auto crack = folder("crack");
    ASSERT_EQ(export_to(crack, "hashcat", "v1am_ok").status, 0);
    fs::remove(crack + "/README.txt");
    EXPECT_EQ(export_to(crack, "hashcat", "v1am_ok").status, 2);
}

TEST(Exported, LinksAreNotFollowed) {
    const auto profile = folder("linked"), target = temporary("elsewhere", "");
    fs::create_symlink(target, profile + "/esp_sa");
    const auto ran = export_to(profile);
    EXPECT_EQ(ran.status, 2);
    EXPECT_NE(ran.err.find("esp_sa is no plain file"), std::string::npos) << ran.err;
    EXPECT_EQ(std::distance(fs::directory_iterator(profile), {}), 1);
}

TEST(Exported, TheTableThatGivesTheKeysStays) {
    const auto profile = folder("keys-of-their-own");
    ASSERT_EQ(export_to(profile).status, 0);
    const auto table = profile + "/ikev2_decryption_table", before = content(table);
    const auto ran =
        ikescope({"keys", pcaps + "lab/v2_ok/v2_ok.pcap", "--secrets", table, "--export", "wireshark", "-o", profile});
    EXPECT_EQ(ran.status, 1) << ran.err;
    EXPECT_EQ(content(table), before);
}

TEST(Exported, HasNoFormat) {
    const auto ran = ikescope({"keys", pcaps + "lab/v1am_ok/v1am_ok.pcap", "--format", "json", "--export", "hashcat", "-o", folder("formatted")});
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("--format is for the list"), std::string::npos) << ran.err;
}

TEST(Psk, StandardInputIsOneThing) {
    const auto ran = ikescope({"psk", "-", "--stdin"});
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("standard input can be one thing only"), std::string::npos) << ran.err;
    const auto missing =
        ikescope({"psk", pcaps + "lab/v1am_ok/v1am_ok.pcap", "--wordlist", temporary("two.txt", "a\nb\n"), "--rules", "/no/such/rules"});
    EXPECT_EQ(missing.status, 2) << missing.err;
}

TEST(Permissions, ConfigurationsAndLogsWithKeysAreSecretsFiles) {
    const auto capture = pcaps + "lab/v1mm_ok/v1mm_ok.pcap";
    const auto ask = [&](const std::string& option, const std::string& path) {
        return ikescope({"analyze", capture, option, path, "--strict-secrets"}).status;
    };
    const auto open = [](const std::string& path) {
        fs::permissions(path, fs::perms(0644));
        return path;
    };
    const auto with_key = temporary("key.cfg", "hostname R1\ncrypto isakmp key labpsk address 10.77.0.2\n"),
               without = temporary("plain.cfg", "hostname R1\ncrypto isakmp policy 10\n encryption aes\n"),
               log = copy_of(std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/secrets/racoon.v1mm_ok.log");
    EXPECT_EQ(ask("--config", with_key), 0);
    EXPECT_EQ(ask("--config", open(with_key)), 2);
    EXPECT_EQ(ask("--config", "R1=" + with_key), 2);
    EXPECT_EQ(ask("--config", open(without)), 0);
    EXPECT_EQ(ask("--router-log", log), 0);
    EXPECT_EQ(ask("--router-log", open(log)), 2);
    const auto warned = ikescope({"analyze", capture, "--router-log", log, "--secrets", log}).err;
    EXPECT_NE(warned.find("can be read by other users"), std::string::npos) << warned;
    EXPECT_EQ(warned.find("can be read by other users"), warned.rfind("can be read by other users")) << "said once";
}

}} // namespace ikescope::cli
