// `ikescope predict`: the contract of its JSON, the scenarios of the Cisco document through the command, its exits.

#include "tests/cli/program.hpp"
#include "tests/ios/published.hpp"

#include <nlohmann/json.hpp>

namespace ikescope::cli { namespace {

using Json = nlohmann::json;
const std::string scenarios = std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/ios/scenarios/";

Ran predict_with(Arguments arguments) { return ikescope("predict", std::move(arguments)); }

Json predicted(const std::string& scenario, Arguments more = {}) {
    Arguments arguments{"--config", "R1=" + scenarios + scenario + "-r1.cfg",
                        "--config", "R2=" + scenarios + scenario + "-r2.cfg",
                        "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Json::parse(predict_with(arguments).out);
}

Json direction(const Json& document, const std::string& initiator) {
    for (const auto& one : document["directions"])
        if (one["initiator"] == initiator) return one;
    return {};
}

std::vector<std::string> log_of(const Json& direction, const std::string& router) {
    std::vector<std::string> out;
    for (const auto& step : direction["steps"])
        if (step["router"] == router)
            for (const auto& line : step["log"]) out.push_back(line);
    return out;
}

struct Stated {
    std::string scenario, initiator, outcome;
    Json finding, causes;
    std::string published, logging_router; ///< debug lines of the document that must appear in their order
};

class Scenarios : public testing::TestWithParam<Stated> {};

TEST_P(Scenarios, EndAsTheDocumentSays) {
    const auto& stated = GetParam();
    const auto one = direction(predicted(stated.scenario), stated.initiator);
    EXPECT_EQ(one["outcome"], stated.outcome) << one["sentence"];
    EXPECT_EQ(one["finding"], stated.finding);
    for (const auto& cause : stated.causes)
        EXPECT_NE(std::ranges::find(one["causes"], cause), one["causes"].end()) << cause;
    if (stated.published.empty()) return;
    EXPECT_EQ(ios::test::missing_in_order(ios::test::published(stated.published, stated.logging_router),
                                          log_of(one, stated.logging_router)),
              "");
}

INSTANTIATE_TEST_SUITE_P(
    OfTheDocument, Scenarios,
    testing::Values(Stated{"s1", "R1", "up", nullptr, Json::array(), "s1", "R1"},
                    Stated{"s1", "R1", "up", nullptr, Json::array(), "s1", "R2"},
                    Stated{"s1", "R2", "phase1-failed", "keyring-mismatch", {"duplicate-peer-key"}, "s2", "R1"},
                    Stated{"s1", "R2", "phase1-failed", "keyring-mismatch", {"duplicate-peer-key"}, "s2", "R2"},
                    Stated{"s3", "R2", "phase1-failed", "wrong-psk", {"duplicate-peer-key"}, "s3", "R1"},
                    Stated{"s4", "R1", "up", nullptr, Json::array(), "s4", "R1"},
                    Stated{"s5", "R2", "up", nullptr, Json::array(), "s5", "R1"},
                    Stated{"s6", "R2", "phase1-failed", "wrong-psk", {"default-keyring-shadows"}, "", ""},
                    Stated{"s7", "R1", "up", nullptr, Json::array(), "", ""},
                    Stated{"s7", "R2", "up", nullptr, Json::array(), "", ""},
                    Stated{"s8", "R1", "up", nullptr, Json::array(), "s8", "R1"},
                    Stated{"s9", "R1", "phase2-failed", "profile-mismatch", Json::array(), "s9", "R2"}),
    [](const auto& row) {
        return row.param.scenario + "_" + row.param.initiator + "_" + std::to_string(row.index);
    });

TEST(Predict, TheDocumentKeepsToTheContract) {
    const auto document = predicted("s1");
    EXPECT_EQ(document["format"], "ikescope-predict/1");
    ASSERT_EQ(document["directions"].size(), 2U);
    for (const auto& one : document["directions"]) {
        for (const auto* key : {"initiator", "responder", "outcome", "finding", "causes", "steps"})
            EXPECT_TRUE(one.contains(key)) << key;
        for (const auto& step : one["steps"])
            for (const auto* key : {"message", "router", "keyring", "key_rule", "supported", "profile", "log"})
                EXPECT_TRUE(step.contains(key)) << key;
    }
    const auto steps = direction(document, "R2")["steps"];
    const auto pick = std::ranges::find_if(
        steps, [](const Json& step) { return step["message"] == "MM3" && step["router"] == "R1"; });
    ASSERT_NE(pick, steps.end());
    EXPECT_EQ((*pick)["keyring"], "keyring1");
    EXPECT_EQ((*pick)["key_rule"], "first configured of equal masks");
    EXPECT_EQ((*pick)["supported"], false);
    EXPECT_EQ((*pick)["profile"], nullptr);
    EXPECT_EQ(document["one_way"],
              Json({"The tunnel comes up only when R1 starts it; when R2 starts, it fails (keyring-mismatch on R1)."}));
    bool duplicate = false;
    for (const auto& remark : document["lint"]) {
        for (const auto* key : {"router", "id", "severity", "line", "text", "advice"})
            EXPECT_TRUE(remark.contains(key)) << key;
        duplicate =
            duplicate || (remark["router"] == "R1" && remark["id"] == "duplicate-peer-key" && remark["line"] == 6);
    }
    EXPECT_TRUE(duplicate) << document["lint"].dump(1);
    EXPECT_NE(document["proposal"]["diffs"]["R1"].get<std::string>().find("-crypto keyring keyring1"),
              std::string::npos);
    for (const auto& again : document["proposal"]["directions"]) EXPECT_EQ(again["outcome"], "up");
    EXPECT_EQ(predicted("s4")["proposal"], nullptr);
}

TEST(Predict, KeysAreShownOnRequestOnly) {
    const Arguments plain{"--config", scenarios + "s1-r1.cfg", "--config", scenarios + "s1-r2.cfg"};
    for (const auto* format : {"text", "json"}) {
        auto arguments = plain;
        arguments.insert(arguments.end(), {"--format", format});
        EXPECT_EQ(predict_with(arguments).out.find("key cisco"), std::string::npos);
        arguments.emplace_back("--show-secrets");
        EXPECT_NE(predict_with(arguments).out.find("key cisco"), std::string::npos);
    }
}

TEST(Predict, TextTellsStepsRulesLintAndTheDiff) {
    const Arguments plain{"--config", scenarios + "s1-r1.cfg", "--config", scenarios + "s1-r2.cfg"};
    const auto ran = predict_with(plain);
    EXPECT_EQ(ran.status, 0) << ran.err;
    for (const auto* words :
         {"R2 → R1  IKEv1  FAILS in phase 1: keyring-mismatch on R1", "The tunnel comes up only when R1 starts it",
          "keyring keyring1 (first configured of equal masks)", "unsupported, it may differ", "R1 line 6",
          "duplicate-peer-key", "@@ ", "+  keyring keyring2",
          "ISAKMP:(1001):Key not found in keyrings of profile , aborting exchange"})
        EXPECT_NE(ran.out.find(words), std::string::npos) << words << "\n" << ran.out;
    const auto detailed = [&](const char* option) {
        auto arguments = plain;
        arguments.emplace_back(option);
        return predict_with(arguments).out;
    };
    EXPECT_EQ(ran.out.find("found in keyring1"), std::string::npos);
    EXPECT_NE(detailed("--detail").find("ISAKMP:(0):key for 192.168.0.1 found in keyring1"), std::string::npos);
    EXPECT_EQ(detailed("--no-log").find("ISAKMP:("), std::string::npos);
}

TEST(Predict, OneConfigurationAloneSaysWhatItCan) {
    const auto ran = predict_with({"--config", scenarios + "s1-r1.cfg"});
    EXPECT_EQ(ran.status, 0);
    EXPECT_NE(ran.out.find("R1 line 30: Tunnel1, peer 192.168.0.2"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("can start, but as responder it aborts after MM5"), std::string::npos) << ran.out;
    const auto document = Json::parse(predict_with({"--config", scenarios + "s1-r1.cfg", "--format", "json"}).out);
    EXPECT_TRUE(document["directions"].empty());
    EXPECT_EQ(document["paths"][0]["as_responder"]["keyring"], "keyring1");
    EXPECT_EQ(document["paths"][0]["as_initiator"]["keyring"], "keyring2");
}

std::string plain_router(const std::string& name, const std::string& own, const std::vector<std::string>& peers,
                         const std::string& key) {
    std::string text = "hostname " + name +
                       "\ncrypto isakmp policy 10\n encr aes\n authentication pre-share\n group 14\ncrypto keyring K\n";
    for (const auto& peer : peers) text += " pre-shared-key address " + peer + " key " + key + "\n";
    text += "crypto ipsec transform-set TS esp-aes esp-sha-hmac\ncrypto ipsec profile P\n set transform-set TS\n";
    for (std::size_t i = 0; i < peers.size(); ++i)
        text += "interface Tunnel" + std::to_string(i) + "\n tunnel source Ethernet0\n tunnel destination " + peers[i] +
                "\n tunnel protection ipsec profile P\n";
    return text + "interface Ethernet0\n ip address " + own + " 255.255.255.0\n";
}

TEST(Predict, OfManyRoutersEveryPairThatReachesEachOther) {
    const auto hub = temporary("hub.cfg", plain_router("HUB", "10.0.0.1", {"10.0.0.2", "10.0.0.3"}, "one"));
    const auto good = temporary("b1.cfg", plain_router("B1", "10.0.0.2", {"10.0.0.1"}, "one"));
    const auto bad = temporary("b2.cfg", plain_router("B2", "10.0.0.3", {"10.0.0.1"}, "two"));
    const auto document =
        Json::parse(predict_with({"--config", hub, "--config", good, "--config", bad, "--format", "json"}).out);
    ASSERT_EQ(document["directions"].size(), 4U) << "B1 and B2 do not know each other";
    EXPECT_EQ(direction(document, "B1")["outcome"], "up");
    EXPECT_EQ(direction(document, "B2")["finding"], "wrong-psk");
    ASSERT_EQ(document["proposal"]["directions"].size(), 4U);
    for (const auto& again : document["proposal"]["directions"]) EXPECT_EQ(again["outcome"], "up");
}

TEST(Predict, ExitStatuses) {
    const Arguments plain{"--config", scenarios + "s1-r1.cfg", "--config", scenarios + "s1-r2.cfg"};
    const auto with = [&](Arguments more) {
        auto arguments = plain;
        arguments.insert(arguments.end(), more.begin(), more.end());
        return predict_with(arguments).status;
    };
    EXPECT_EQ(with({}), 0);
    EXPECT_EQ(with({"--fail-on", "error"}), 3);
    EXPECT_EQ(with({"--format", "xml"}), 1);
    EXPECT_EQ(with({"-o", "/no/such/folder/x"}), 2);
    EXPECT_EQ(with({"--config", "/no/such/file"}), 2);
    EXPECT_EQ(with({"--config", temporary("noise.cfg", "this is no configuration\n")}), 2)
        << "the others are still predicted";
    EXPECT_EQ(predict_with({}).status, 1);
    const auto twice = predict_with({"--config", scenarios + "s1-r1.cfg", "--config", scenarios + "s1-r1.cfg"});
    EXPECT_NE(twice.err.find("called R1-2"), std::string::npos) << twice.err;
    const auto path = temporary("predicted.json", "");
    EXPECT_EQ(with({"--format", "json", "-o", path}), 0);
    std::ifstream in(path);
    EXPECT_EQ(Json::parse(in)["format"], "ikescope-predict/1");
}

}} // namespace ikescope::cli
