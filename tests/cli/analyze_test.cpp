// The contract of the command line: exit statuses, what goes where, what is refused.

#include "tests/cli/program.hpp"

#include <nlohmann/json.hpp>

namespace ikescope::cli {
namespace {

const std::string pcaps = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/";

TEST(ExitStatus, DoneIsZero) {
    const auto ran = ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.out.find("192.168.0.1:500"), std::string::npos);
}

TEST(Analyze, ADisplayFilterChoosesWhatIsAnalysed) {
    const auto capture = pcaps + "seed-s2/seed-s2.pcap";
    const auto first = nlohmann::json::parse(ikescope({"analyze", "-Y", "frame.number <= 5", capture, "--format", "json"}).out);
    EXPECT_EQ(first["sas"][0]["messages"].size(), 5U);
    const auto labelled = nlohmann::json::parse(ikescope({"analyze", "-Y", "ike.label == MM3", capture, "--format", "json"}).out);
    ASSERT_EQ(labelled["sas"][0]["messages"].size(), 1U);
    EXPECT_EQ(labelled["sas"][0]["messages"][0]["frame"], 3);
    EXPECT_NE(ikescope({"analyze", "-Y", "isakmp.exchangtype == 2", capture}).err.find("^~~~"), std::string::npos);
    EXPECT_NE(ikescope({"analyze", "-Y", "esp", capture}).out.find("No IKE in this capture"), std::string::npos);
}

/// `a` has "labpsk", `b` "wrongpsk". In IKEv1 charon logs SKEYID in place of the key; in IKEv2 `b` sends no AUTH of its own, but logs
/// with which key it checked that of `a`.
TEST(Analyze, TheLogsOfBothEndsNameBothKeys) {
    for (const auto* which : {"v1mm_badpsk", "v1am_badpsk", "v2_badpsk"}) {
        SCOPED_TRACE(which);
        const std::string scenario = which;
        const auto a = lab_log(scenario, "a.l4.log"), b = lab_log(scenario, "b.l4.log");
        const auto ran = ikescope({"analyze", pcaps + "lab/" + scenario + "/" + scenario + ".pcap", "--secrets", a, "--secrets", b, "--format",
                                   "json", "--show-secrets"});
        const auto report = nlohmann::json::parse(ran.out);
        ASSERT_EQ(report["sas"].size(), 1U);
        const auto& sa = report["sas"][0];
        const auto& finding = sa["findings"][0];
        EXPECT_EQ(finding["id"], "wrong-psk");
        EXPECT_EQ(finding["certainty"], "proved");
        const auto& psk = sa["keys"]["psk"];
        EXPECT_TRUE(psk["initiator"]["source"].get<std::string>().starts_with(a + " line "));
        EXPECT_TRUE(psk["responder"]["source"].get<std::string>().starts_with(b + " line "));
        if (scenario == "v2_badpsk") {
            EXPECT_EQ(psk["initiator"]["key"], "labpsk");
            EXPECT_EQ(psk["responder"]["key"], "wrongpsk");
        }
        EXPECT_EQ(ran.out.find("key-unusable"), std::string::npos);
        const auto text = ikescope({"analyze", pcaps + "lab/" + scenario + "/" + scenario + ".pcap", "--secrets", a, "--secrets", b}).out;
        EXPECT_EQ(text.find("the same key)"), std::string::npos);
    }
}

/// The IKE SA is open; what else went into the keys of its ESP SAs, or of what follows IKE_INTERMEDIATE, was not given.
TEST(Analyze, ASecondSecretThatIsMissingIsNamed) {
    const auto keys_without = [](const std::string& keys, const std::string& left_out) {
        std::ifstream in(pcaps + keys);
        std::string text{std::istreambuf_iterator<char>(in), {}};
        text.resize(text.find(left_out));
        return temporary("some.keys", text);
    };
    const auto findings = [&](const std::string& capture, const std::string& keys, const std::string& left_out) {
        const auto ran = ikescope({"analyze", pcaps + capture, "--secrets", keys_without(keys, left_out), "--format", "json"});
        const auto report = nlohmann::json::parse(ran.out);
        std::string titles;
        for (const auto& sa : report["sas"])
            for (const auto& finding : sa["findings"])
                if (finding["id"] == "dh-secret-missing") titles += finding["title"].get<std::string>() + "\n";
        return titles;
    };
    EXPECT_NE(findings("made/v2_mlkem.pcap", "made/v2_mlkem.keys", "[[addke]]").find("behind IKE_INTERMEDIATE: the result of the additional key exchange"),
              std::string::npos);
    EXPECT_NE(findings("lab/v1_rekey_pfs/v1_rekey_pfs.pcap", "lab/v1_rekey_pfs/v1_rekey_pfs.keys", "[[dh]]\nshared = \"29c1")
                  .find("Quick Mode had a Diffie-Hellman exchange of its own (PFS)"),
              std::string::npos);
    const auto ppk = ikescope({"analyze", pcaps + "lab/v2_ppk/v2_ppk.pcap", "--secrets", keys_without("lab/v2_ppk/v2_ppk.keys", "[[ppk]]")}).out;
    EXPECT_NE(ppk.find("AUTH depends on a post-quantum pre-shared key"), std::string::npos) << ppk;
}

/// Ka of a table opens MM5; whether its HASH is right takes the pre-shared key, but no g^xy.
TEST(Analyze, APskIsHeldAgainstHashesThatFinishedKeysOpened) {
    const auto table = std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/secrets/ikev1-table.v1mm_ok.txt";
    const auto told = [&](const std::string& psk) {
        return ikescope({"analyze", pcaps + "lab/v1mm_ok/v1mm_ok.pcap", "--secrets", table, "--psk", psk}).out;
    };
    EXPECT_NE(told("labpsk").find("HASH_I verified"), std::string::npos) << told("labpsk");
    const auto wrong = told("other");
    EXPECT_NE(wrong.find("HASH_I not checked"), std::string::npos) << wrong;
    EXPECT_NE(wrong.find("--psk #1 was of no use"), std::string::npos) << wrong;
}

TEST(ExitStatus, FourWhereNothingWasFoundInTheSecretsThatWereGiven) {
    const auto empty = temporary("comments.keys", "format = \"ikescope-secrets/1\"\n");
    for (const auto* command : {"analyze", "read"})
        EXPECT_EQ(ikescope({command, pcaps + "lab/v2_ok/v2_ok.pcap", "--secrets", empty}).status, 4) << command;
    EXPECT_EQ(ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap", "--config", pcaps + "seed-s1/R1.cfg"}).status, 0) << "no secrets were asked for";
}

TEST(Analyze, APackedLogThatWasCutSaysSo) {
    std::ifstream packed(lab_log("v2_badpsk", "a.l4.log"), std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(packed), {}};
    const auto cut = temporary("cut.log.gz", whole.substr(0, whole.size() / 2));
    const auto ran = ikescope({"analyze", pcaps + "lab/v2_badpsk/v2_badpsk.pcap", "--secrets", cut});
    EXPECT_EQ(ran.status, 2);
    EXPECT_NE(ran.err.find(cut + ": "), std::string::npos) << ran.err;
}

/// charon's `b` answers Aggressive Mode with another key: what its initiator sends back cannot be read without keys, or
/// with the responder's alone, but that it is no AM3 can be seen.
TEST(Analyze, AnInitiatorThatAnswersAm2WithAnErrorProbablyHasAnotherKey) {
    const auto lab = pcaps + "lab/v1am_badpsk/v1am_badpsk";
    for (const Arguments& more : {Arguments{}, Arguments{"--psk", "no such key"}}) {
        Arguments arguments{"analyze", lab + ".pcap", "--format", "json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto sas = nlohmann::json::parse(ikescope(arguments).out)["sas"];
        ASSERT_EQ(sas.size(), 1U);
        const auto& finding = sas[0]["findings"][0];
        EXPECT_EQ(finding["id"], "wrong-psk");
        EXPECT_EQ(finding["certainty"], "likely");
        EXPECT_EQ(finding["frames"], nlohmann::json({2, 3}));
    }
}

TEST(ExitStatus, WrongUsageIsOneAndNothingGoesToTheOutput) {
    for (const auto& arguments : std::vector<Arguments>{{},
                                                        {"analyse", "x"},
                                                        {"analyze"},
                                                        {"analyze", "--no-such", pcaps + "seed-s1/seed-s1.pcap"},
                                                        {"analyze", "--format", "xml", pcaps + "seed-s1/seed-s1.pcap"},
                                                        {"analyze", "--fail-on", "note", pcaps + "seed-s1/seed-s1.pcap"},
                                                        {"analyze", "--dh-secret", "xyz", pcaps + "seed-s1/seed-s1.pcap"},
                                                        {"analyze", "-f", "udp port port", pcaps + "seed-s1/seed-s1.pcap"},
                                                        {"analyze", "-d", "nonsense", pcaps + "seed-s1/seed-s1.pcap"},
                                                        {"analyze", "-Y", "isakmp.nonsense == 1", pcaps + "seed-s1/seed-s1.pcap"},
                                                        {"replay", "x"}}) {
        const auto ran = ikescope(arguments);
        const auto shown = testing::PrintToString(arguments);
        EXPECT_EQ(ran.status, 1) << shown;
        EXPECT_TRUE(ran.out.empty()) << shown << ran.out;
        EXPECT_FALSE(ran.err.empty()) << shown;
    }
}

TEST(ExitStatus, MessagesBeginWithTheProgramsName) {
    const auto ran = ikescope({"analyze", "--fromat", "json", "x.pcap"});
    EXPECT_TRUE(ran.err.starts_with("ikescope: ")) << ran.err;
    EXPECT_NE(ran.err.find("did you mean '--format'?"), std::string::npos) << ran.err;
}

TEST(ExitStatus, ABadFilterIsEchoedWithAMark) {
    const auto ran = ikescope({"analyze", "-f", "udp prt 500", pcaps + "seed-s1/seed-s1.pcap"});
    EXPECT_NE(ran.err.find("udp prt 500\n    ^~~"), std::string::npos) << ran.err;
}

TEST(ExitStatus, UnreadableInputIsTwo) {
    EXPECT_EQ(ikescope({"analyze", "/no/such/file"}).status, 2);
    EXPECT_EQ(ikescope({"analyze", temporary("no-capture", "this is no capture at all")}).status, 2);
    EXPECT_EQ(ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap", "--psk-file", "/no/such/file"}).status, 2);
    EXPECT_EQ(ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap", "--config", "/no/such/file"}).status, 2);
}

TEST(ExitStatus, ACaptureCutShortIsTwoAndWhatCouldBeReadIsPrinted) {
    const auto ran = ikescope({"analyze", pcaps + "crafted/truncated.pcap"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_NE(ran.out.find("MM5"), std::string::npos) << ran.out;
    EXPECT_TRUE(ran.err.starts_with("ikescope: ")) << ran.err;
}

TEST(ExitStatus, FailOnIsThree) {
    const auto capture = pcaps + "lab/v1mm_noprop/v1mm_noprop.pcap";
    EXPECT_EQ(ikescope({"analyze", capture}).status, 0) << "without --fail-on findings are no failure";
    EXPECT_EQ(ikescope({"analyze", capture, "--fail-on", "error"}).status, 3);
    const auto weak = pcaps + "seed-s1/seed-s1.pcap"; // 3DES and MD5: a warning
    EXPECT_EQ(ikescope({"analyze", weak, "--fail-on", "error"}).status, 0);
    EXPECT_EQ(ikescope({"analyze", weak, "--fail-on", "warning"}).status, 3);
}

TEST(ExitStatus, SecretsThatOpenNothingAreFour) {
    const auto capture = pcaps + "seed-s1/seed-s1.pcap";
    EXPECT_EQ(ikescope({"analyze", capture, "--psk", "cisco"}).status, 4);
    EXPECT_EQ(ikescope({"analyze", capture, "--config", pcaps + "seed-s1/R1.cfg"}).status, 0) << "keys of a configuration do not count";
    EXPECT_EQ(ikescope({"analyze", pcaps + "lab/v1mm_noprop/v1mm_noprop.pcap", "--psk", "x"}).status, 0) << "nothing was encrypted";
}

TEST(ExitStatus, TheSmallestWins) {
    EXPECT_EQ(ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap", "--psk", "cisco", "--fail-on", "warning"}).status, 3) << "3 and 4";
    EXPECT_EQ(ikescope({"analyze", pcaps + "crafted/truncated.pcap", "--psk", "x", "--fail-on", "warning"}).status, 2) << "2, 3 and 4";
}

TEST(Secrets, OriginsAreShownAndValuesOnlyOnRequest) {
    const Arguments plain{"analyze", pcaps + "seed-s1/seed-s1.pcap", "--secrets", pcaps + "seed-s1/seed-s1.keys", "--config", pcaps + "seed-s1/R1.cfg",
                          "--psk", "cisco"};
    for (const auto* format : {"text", "json"}) {
        auto arguments = plain;
        arguments.insert(arguments.end(), {"--format", format});
        const auto hidden = ikescope(arguments);
        EXPECT_NE(hidden.out.find("--psk #1"), std::string::npos) << hidden.out;
        EXPECT_EQ(hidden.out.find("cisco"), std::string::npos) << "the key's value";
        EXPECT_EQ(hidden.err.find("cisco"), std::string::npos);
        arguments.emplace_back("--show-secrets");
        EXPECT_NE(ikescope(arguments).out.find("cisco"), std::string::npos);
    }
}

TEST(Secrets, AFileThatOthersCanReadGetsAWarningOrIsRefused) {
    const auto path = temporary("keys.txt", "cisco\r\nother key \n");
    std::filesystem::permissions(path, std::filesystem::perms(0644));
    const Arguments arguments{"analyze", pcaps + "seed-s1/seed-s1.pcap", "--psk-file", path, "--secrets", pcaps + "seed-s1/seed-s1.keys"};
    const auto warned = ikescope(arguments);
    EXPECT_EQ(warned.status, 0) << warned.err;
    EXPECT_NE(warned.err.find("can be read by other users"), std::string::npos);
    EXPECT_NE(warned.out.find("psk-file line 1"), std::string::npos) << "the carriage return is no part of the key";
    auto strict = arguments;
    strict.emplace_back("--strict-secrets");
    EXPECT_EQ(ikescope(strict).status, 2);
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    EXPECT_EQ(ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap", "--psk-file", path, "--strict-secrets"}).err.find("can be read by other users"), std::string::npos);
}

TEST(Configurations, NamesAndAddressesBindByHand) {
    const auto ran = ikescope({"analyze", pcaps + "lab/v1mm_ok/v1mm_ok.pcap", "--config", "EDGE@10.77.0.2=" + pcaps + "seed-s1/R1.cfg"});
    EXPECT_NE(ran.out.find("EDGE"), std::string::npos) << ran.out;
    EXPECT_EQ(ikescope({"analyze", pcaps + "lab/v1mm_ok/v1mm_ok.pcap", "--config", "EDGE@nowhere=" + pcaps + "seed-s1/R1.cfg"}).status, 1);
}

TEST(Output, GoesToAFile) {
    const auto path = temporary("out.json", "");
    const auto ran = ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap", "--format", "json", "-o", path});
    EXPECT_EQ(ran.status, 0);
    EXPECT_TRUE(ran.out.empty());
    std::ifstream in(path);
    EXPECT_EQ(nlohmann::json::parse(in)["format"], "ikescope/1");
    EXPECT_EQ(ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap", "-o", "/no/such/folder/x"}).status, 2);
}

TEST(Output, SeveralFilesHaveAnIndex) {
    const auto ran = ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap", pcaps + "seed-s2/seed-s2.pcap", "--format", "json"});
    const auto document = nlohmann::json::parse(ran.out);
    ASSERT_EQ(document["files"].size(), 2U);
    ASSERT_EQ(document["sas"].size(), 2U);
    EXPECT_TRUE(document["sas"][0]["messages"][0].contains("file"));
    const auto single = nlohmann::json::parse(ikescope({"analyze", pcaps + "seed-s1/seed-s1.pcap", "--format", "json"}).out);
    EXPECT_FALSE(single["sas"][0]["messages"][0].contains("file"));
}

TEST(Help, IsOnTheOutputAndSucceeds) {
    for (const auto& arguments : std::vector<Arguments>{{"--help"}, {"--version"}, {"analyze", "--help"}}) {
        const auto ran = ikescope(arguments);
        EXPECT_EQ(ran.status, 0);
        EXPECT_FALSE(ran.out.empty());
    }
    const auto help = ikescope({"analyze", "--help"}).out;
    for (const auto* word : {"--psk", "--dh-secret", "--config", "--fail-on", "Examples", "Exit status"})
        EXPECT_NE(help.find(word), std::string::npos) << word;
}

} // namespace
} // namespace ikescope::cli
