// `analyze --router-log`: logs alone name the finding; beside a capture they are joined to its packets and held against
// what those prove and what the configurations predict.

#include "tests/cli/program.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

namespace ikescope::cli { namespace {

using Json = nlohmann::json;
const std::string root = std::string(IKESCOPE_SOURCE_DIR) + "/";
const std::string transcripts = root + "tests/data/ios/transcripts/", pcaps = root + "pcaps/",
                  scenarios = root + "tests/data/ios/scenarios/";

Ran analyze_with(Arguments arguments) { return ikescope("analyze", std::move(arguments)); }

Json analyzed(Arguments arguments) {
    arguments.insert(arguments.end(), {"--format", "json"});
    const auto ran = analyze_with(std::move(arguments));
    EXPECT_EQ(ran.status, 0) << ran.err;
    return Json::parse(ran.out);
}
const Json* find(const Json& findings, const std::string& id) {
    for (const auto& finding : findings)
        if (finding["id"] == id) return &finding;
    return nullptr;
}
struct Named {
    std::string transcript, finding, words;
};
class Transcripts : public testing::TestWithParam<Named> {};

TEST_P(Transcripts, AreNamedWithoutACapture) {
    const auto& named = GetParam();
    const Arguments arguments{"--router-log", transcripts + named.transcript + ".txt"};
    const auto text = analyze_with(arguments);
    EXPECT_EQ(text.status, 0) << text.err;
    const auto document = analyzed(arguments);
    EXPECT_EQ(document["format"], "ikescope/1");
    EXPECT_TRUE(document["sas"].empty());
    ASSERT_EQ(document["router_logs"].size(), 1U);
    if (named.finding.empty()) {
        EXPECT_TRUE(document["findings"].empty()) << document["findings"].dump(1);
        return;
    }
    const auto* finding = find(document["findings"], named.finding);
    ASSERT_NE(finding, nullptr) << document["findings"].dump(1);
    EXPECT_EQ(document["findings"].size(), 1U) << document["findings"].dump(1);
    EXPECT_EQ((*finding)["certainty"], named.finding == "no-response" ? "likely" : "proved");
    EXPECT_NE((*finding)["title"].get<std::string>().find(named.words), std::string::npos) << (*finding)["title"];
    EXPECT_NE(text.out.find(named.finding), std::string::npos);
    EXPECT_NE(text.out.find(named.words), std::string::npos) << text.out;
}

INSTANTIATE_TEST_SUITE_P(OfTheDocument, Transcripts,
                         testing::Values(Named{"r1-initiates-R1", "", ""}, Named{"r1-initiates-R2", "", ""},
                                         Named{"r2-initiates-R2", "no-response", "sent MM5 to 192.168.0.1"},
                                         Named{"r2-initiates-R1", "keyring-mismatch",
                                               "the ID selects profile2 with keyring2"},
                                         Named{"different-psk-R1", "wrong-psk", "reserved not zero on ID payload"},
                                         Named{"phase2-R2", "profile-mismatch", "another ISAKMP profile"},
                                         Named{"initiator-order-R1", "", ""}, Named{"responder-order-R1", "", ""}),
                         [](const auto& one) {
                             auto name = one.param.transcript;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(RouterLog, WhatTheRouterChoseIsInTheDocument) {
    const auto log = analyzed({"--router-log", transcripts + "r2-initiates-R1.txt"})["router_logs"][0];
    EXPECT_EQ(log["role"], "responder");
    EXPECT_EQ(log["peer"], "192.168.0.2");
    EXPECT_EQ(log["stage"], "MM5");
    EXPECT_EQ(log["profile"], "profile2");
    EXPECT_EQ(log["profile_keyring"], "keyring2");
    EXPECT_EQ(log["identity"], "192.168.0.2");
}

struct Daemon {
    std::string name, line, finding;
};
class Daemons : public testing::TestWithParam<Daemon> {};
TEST_P(Daemons, AreTranslated) {
    const auto document = analyzed({"--router-log", temporary(GetParam().name + ".log", GetParam().line + "\n")});
    const auto* finding = find(document["findings"], GetParam().finding);
    ASSERT_NE(finding, nullptr) << document.dump(1);
    EXPECT_FALSE((*finding)["explanation"].get<std::string>().empty());
}
INSTANTIATE_TEST_SUITE_P(
    OfOtherVendors, Daemons,
    testing::Values(
        Daemon{"charon", "Nov 23 16:59:54 14[ENC] <6> invalid ID_V1 payload length, decryption failed?", "wrong-psk"},
        Daemon{"charon_ts",
               "Nov 23 16:59:54 14[IKE] <lab|6> traffic selectors 10.1.0.0/24 === 10.9.0.0/24 unacceptable",
               "ts-unacceptable"},
        Daemon{"charon_id", "Nov 23 16:59:54 14[IKE] <lab|6> IDir 'b.example.net' does not match to '10.77.0.2'",
               "id-mismatch"},
        Daemon{"libreswan",
               "Nov 23 16:59:54.123456: \"v1\" #1: 33803-byte length of ISAKMP Identification Payload is larger than "
               "can fit",
               "wrong-psk"},
        Daemon{
            "libreswan_psk",
            "Nov 23 16:59:54.123456: \"v1\" #1: Can't authenticate: no preshared key found for `@b' and `10.77.0.1'.",
            "no-key-for-peer"},
        Daemon{"racoon", "2023-01-13 11:39:21: ERROR: failed to get sainfo.", "ts-unacceptable"},
        Daemon{"mikrotik", "17:36:01 ipsec,error 10.0.0.2 parsing packet failed, possible cause: wrong password",
               "wrong-psk"},
        Daemon{"fortigate", "ike 0:p1:14: probable pre-shared secret mismatch", "wrong-psk"},
        Daemon{"asa",
               "Nov 23 16:59:54 [IKEv1]Group = 10.0.0.2, IP = 10.0.0.2, Session is being torn down. Reason: crypto map "
               "policy not found",
               "ts-unacceptable"},
        Daemon{"ios_policy",
               "*Nov 23 16:59:54.100: ISAKMP:(0): phase 1 SA policy not acceptable! (local 10.0.0.1 remote 10.0.0.2)",
               "no-proposal-chosen"},
        Daemon{"ios_no_key", "*Nov 23 16:59:54.100: ISAKMP:(0):No pre-shared key with 10.0.0.2!", "no-key-for-peer"},
        Daemon{
            "ios_ikev2",
            "*Nov 23 16:59:54.100: IKEv2:(SESSION ID = 1,SA ID = 1):Verification of peer's authentication data FAILED",
            "auth-failed"}),
    [](const auto& one) { return one.param.name; });

// R1's log of the capture in pcaps/seed-s2, as IOS would write it, 100 s behind the capture's clock.
std::string log_for_s2(const std::string& last_lines, const std::string& keyring = "keyring1") {
    const auto document = analyzed({pcaps + "seed-s2/seed-s2.pcap"});
    const auto& messages = document["sas"][0]["messages"];
    const auto stamp = [&](std::size_t message) {
        const auto time = messages[message]["time"].get<std::string>(); // 2026-11-23T22:28:23.206671000Z
        const auto minute = std::stoi(time.substr(14, 2)) - 2, second = std::stoi(time.substr(17, 2)) + 20;
        char text[64];
        std::snprintf(text, sizeof text, "*Nov %s %s:%02d:%02d.%s: ", time.substr(8, 2).c_str(),
                      time.substr(11, 2).c_str(), minute + second / 60, second % 60, time.substr(20, 3).c_str());
        return std::string(text);
    };
    std::string log = stamp(0) + "ISAKMP (0): received packet from 192.168.0.2 dport 500 sport 500 Global (N) NEW SA\n";
    log += stamp(1) + "ISAKMP:(0): sending packet to 192.168.0.2 my_port 500 peer_port 500 (R) MM_SA_SETUP\n";
    log += stamp(2) + "ISAKMP (0): received packet from 192.168.0.2 dport 500 sport 500 Global (R) MM_SA_SETUP\n";
    log += stamp(2) + "ISAKMP:(0):key for 192.168.0.2 found in " + keyring + "\n";
    log += stamp(2) + "ISAKMP:(0):ISAKMP: Selecting  192.168.0.2,255.255.255.255 as final key\n";
    log += stamp(3) + "ISAKMP:(1001): sending packet to 192.168.0.2 my_port 500 peer_port 500 (R) MM_KEY_EXCH\n";
    log += stamp(4) + "ISAKMP (1001): received packet from 192.168.0.2 dport 500 sport 500 Global (R) MM_KEY_EXCH\n";
    std::istringstream in(last_lines);
    for (std::string line; std::getline(in, line);) log += stamp(4) + line + "\n";
    return temporary("s2-r1.log", log);
}
const Arguments s2{pcaps + "seed-s2/seed-s2.pcap", "--secrets", pcaps + "seed-s2/seed-s2.keys", "--config",
                   pcaps + "seed-s2/R1.cfg",       "--config",  pcaps + "seed-s2/R2.cfg"};

Json with_log(const std::string& path) {
    auto arguments = s2;
    arguments.insert(arguments.end(), {"--router-log", "R1=" + path});
    return analyzed(arguments);
}
constexpr auto abort_lines =
    "ISAKMP:(0):: peer matches profile2 profile\nISAKMP:(1001):Found ADDRESS key in keyring keyring2\n"
    "ISAKMP:(1001):Key not found in keyrings of profile , aborting exchange\nISAKMP (1001): FSM action returned error: "
    "2";

TEST(Joined, FramesClockAndTheRoutersOwnWords) {
    const auto document = with_log(log_for_s2(abort_lines));
    const auto& sa = document["sas"][0];
    ASSERT_EQ(sa["router_logs"].size(), 1U) << document.dump(1);
    const auto& log = sa["router_logs"][0];
    EXPECT_EQ(log["joined"], "by addresses and states");
    EXPECT_NEAR(log["clock_offset"].get<double>(), 100.0, 0.01);
    std::vector<std::pair<std::string, int>> frames;
    for (const auto& line : log["timeline"])
        if (!line["frame"].is_null()) frames.emplace_back(line["label"], line["frame"]);
    EXPECT_EQ(frames,
              (std::vector<std::pair<std::string, int>>{{"MM1", 1}, {"MM2", 2}, {"MM3", 3}, {"MM4", 4}, {"MM5", 5}}));
    const auto* finding = find(sa["findings"], "keyring-mismatch");
    ASSERT_NE(finding, nullptr);
    EXPECT_EQ((*finding)["certainty"], "proved") << "the router says so itself";
    EXPECT_EQ(find(sa["findings"], "log-contradicts-capture"), nullptr) << sa["findings"].dump(1);
    EXPECT_EQ(find(sa["findings"], "config-contradicts-log"), nullptr) << sa["findings"].dump(1);
}

TEST(Joined, AConfigurationThatDidNotRun) {
    const auto document = with_log(log_for_s2(abort_lines, "keyring2"));
    const auto* finding = find(document["sas"][0]["findings"], "config-contradicts-log");
    ASSERT_NE(finding, nullptr);
    EXPECT_NE((*finding)["title"].get<std::string>().find("the configuration on file is not what ran"),
              std::string::npos);
}

TEST(Joined, ALogThatTheCaptureDisproves) {
    const auto document = with_log(log_for_s2("ISAKMP:(1001):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE"));
    ASSERT_NE(find(document["sas"][0]["findings"], "log-contradicts-capture"), nullptr)
        << document["sas"][0]["findings"].dump(1);
    const auto wrong = with_log(log_for_s2("ISAKMP: reserved not zero on ID payload!"));
    const auto* finding = find(wrong["sas"][0]["findings"], "log-contradicts-capture");
    ASSERT_NE(finding, nullptr) << wrong["sas"][0]["findings"].dump(1);
    EXPECT_NE(finding->dump().find("MM5 opens with that key"), std::string::npos) << finding->dump(1);
}

// --- logs of other vendors, joined to the SA that their lines speak of

const std::string lab = pcaps + "lab/";

TEST(DaemonsJoined, CharonsLogOfItsOwnCapture) {
    const auto document =
        analyzed({lab + "v1mm_badpsk/v1mm_badpsk.pcap", "--router-log", lab + "v1mm_badpsk/b.l1.log"});
    const auto& sa = document["sas"][0];
    ASSERT_EQ(sa["router_logs"].size(), 1U) << document["router_logs"].dump(1);
    const auto& log = sa["router_logs"][0];
    EXPECT_EQ(log["joined"], "by addresses and time");
    std::vector<std::pair<int, int>>
        frames; // line of the log, frame: what charon counts as bytes is the ISAKMP message
    for (const auto& line : log["timeline"])
        if (!line["frame"].is_null() && frames.size() < 5) frames.emplace_back(line["line"], line["frame"]);
    EXPECT_EQ(frames, (std::vector<std::pair<int, int>>{{1, 1}, {11, 2}, {12, 3}, {16, 4}, {17, 5}}));
    const auto* finding = find(sa["findings"], "wrong-psk");
    ASSERT_NE(finding, nullptr) << sa["findings"].dump(1);
    EXPECT_EQ((*finding)["certainty"], "proved") << "charon says so itself";
    EXPECT_NE((*finding)["router_log"]["b.l1"].dump().find("decryption failed?"), std::string::npos);
    EXPECT_EQ(find(document["findings"], "wrong-psk"), nullptr) << "it belongs to the SA";
}

/// Two captures of the same pair of addresses, minutes apart: the clock tells which of them the log is about.
TEST(DaemonsJoined, TheTimeTellsSAsOfTheSameAddressesApart) {
    for (const auto* which : {"v1mm_badpsk", "v1mm_noprop"}) {
        const auto own = lab + which + "/", first = lab + "v1mm_badpsk/v1mm_badpsk.pcap",
                   second = lab + "v1mm_noprop/v1mm_noprop.pcap";
        const auto document = analyzed({first, second, "--router-log", own + "b.l1.log"});
        std::size_t joined = 0;
        for (const auto& sa : document["sas"]) {
            if (!sa.contains("router_logs")) continue;
            ++joined;
            EXPECT_EQ(sa["router_logs"][0]["joined"], "by addresses and time");
            EXPECT_EQ(sa["findings"][0]["id"], which == std::string("v1mm_badpsk") ? "wrong-psk" : "no-proposal-chosen")
                << sa["findings"].dump(1);
        }
        EXPECT_EQ(joined, 1U) << which;
    }
}

struct Vendor {
    std::string name, joined;
    std::size_t failures;
};
class VendorsJoined : public testing::TestWithParam<Vendor> {};
TEST_P(VendorsJoined, BySpisOrAddresses) {
    const auto& vendor = GetParam();
    const auto document = analyzed({lab + "v1mm_badpsk/v1mm_badpsk.pcap", lab + "v2_badpsk/v2_badpsk.pcap",
                                    "--router-log", root + "tests/fuzz/corpus/vendor_log/" + vendor.name});
    std::size_t joined = 0;
    for (const auto& sa : document["sas"]) {
        if (!sa.contains("router_logs")) continue;
        ++joined;
        EXPECT_EQ(sa["initiator_spi"], "8794c52c4a87bb42") << sa["router_logs"].dump(1);
        EXPECT_EQ(sa["router_logs"][0]["joined"], vendor.joined);
        std::size_t failures = 0;
        for (const auto& line : sa["router_logs"][0]["timeline"]) failures += line.contains("finding");
        EXPECT_EQ(failures, vendor.failures) << sa["router_logs"].dump(1);
        EXPECT_NE(find(sa["findings"], "wrong-psk"), nullptr);
    }
    EXPECT_EQ(joined, 1U) << document["router_logs"].dump(1);
}
INSTANTIATE_TEST_SUITE_P(OfTheTable, VendorsJoined,
                         testing::Values(Vendor{"mikrotik", "by SPIs", 2}, Vendor{"fortigate", "by SPIs", 1},
                                         Vendor{"libreswan", "by SPIs", 1}),
                         [](const auto& one) { return one.param.name; });

TEST(DaemonsJoined, WhatNamesNoSaStandsByItself) {
    const auto document =
        analyzed({lab + "v1mm_badpsk/v1mm_badpsk.pcap", "--router-log",
                  temporary("other.log", "17:00:06 ipsec,error 192.0.2.9 parsing packet failed, possible "
                                         "cause: wrong password\n")});
    EXPECT_FALSE(document["sas"][0].contains("router_logs"));
    EXPECT_NE(find(document["findings"], "wrong-psk"), nullptr) << document["findings"].dump(1);
}

// --- IKEv2 of IOS-XE: `debug crypto ikev2` and `debug crypto ikev2 internal`, as published; joined by SPIs

/// What the responder of a lab capture would log: its packets, then `last_lines`.
std::string ikev2_log(const std::string& capture, const std::string& last_lines) {
    const auto sa = analyzed({capture})["sas"][0];
    const auto upper = [](std::string text) {
        std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        return text;
    };
    const auto ours = upper(sa["initiator_spi"]), theirs = upper(sa["responder_spi"]);
    const std::string stamp = "*Nov 23 16:00:00.100: ", peer = sa["initiator"]["address"],
                      own = sa["responder"]["address"];
    std::string log = stamp + "IKEv2:Received Packet [From " + peer + ":500/To " + own + ":500/VRF i0:f0] \n";
    log += "Initiator SPI : " + ours + " - Responder SPI : 0000000000000000 Message id: 0\n";
    log += "IKEv2 IKE_SA_INIT Exchange REQUEST \nPayload contents: \n SA KE N VID VID NOTIFY(NAT_DETECTION_SOURCE_IP) "
           "\n\n";
    log += stamp + "IKEv2:(SESSION ID = 31,SA ID = 1):Sending Packet [To " + peer + ":500/From " + own +
           ":500/VRF i0:f0] \n";
    log += "Initiator SPI : " + ours + " - Responder SPI : " + theirs + " Message id: 0\n";
    log += "IKEv2 IKE_SA_INIT Exchange RESPONSE \nPayload contents: \n SA KE N VID \n\n";
    log += stamp + "IKEv2:(SESSION ID = 31,SA ID = 1):Received Packet [From " + peer + ":500/To " + own +
           ":500/VRF i0:f0] \n";
    log += "Initiator SPI : " + ours + " - Responder SPI : " + theirs + " Message id: 1\n";
    log += "IKEv2 IKE_AUTH Exchange REQUEST \nPayload contents: \n VID IDi AUTH SA TSi TSr \n\n";
    log += stamp + "IKEv2:(SESSION ID = 31,SA ID = 1):SM Trace-> SA: I_SPI=" + ours + " R_SPI=" + theirs +
           " (R) MsgID = 1 CurState: R_WAIT_AUTH Event: EV_RECV_AUTH\n";
    std::istringstream in(last_lines);
    for (std::string line; std::getline(in, line);) log += stamp + line + "\n";
    return temporary("ikev2.log", log);
}
constexpr auto refused = "IKEv2:(SESSION ID = 31,SA ID = 1):Verification of peer's authentication data FAILED\n"
                         "IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):: Failed to authenticate the IKE SA\n"
                         "IKEv2:(SESSION ID = 31,SA ID = 1):Auth exchange failed";
constexpr auto accepted =
    "IKEv2:(SESSION ID = 31,SA ID = 1):Verification of peer's authentication data PASSED\n"
    "IKEv2:(SESSION ID = 31,SA ID = 1):IKEV2 SA created; inserting SA into database. SA lifetime timer "
    "(86400 sec) started\n"
    "IKEv2:(SESSION ID = 31,SA ID = 1):Session with IKE ID PAIR (10.77.0.1, 10.77.0.2) is UP";

TEST(Ikev2Joined, BySpisWithFramesAndTheRoutersWords) {
    const auto capture = lab + "v2_badpsk/v2_badpsk.pcap";
    const auto document = analyzed({capture, "--router-log", "R2=" + ikev2_log(capture, refused)});
    const auto& sa = document["sas"][0];
    ASSERT_EQ(sa["router_logs"].size(), 1U) << document["router_logs"].dump(1);
    const auto& log = sa["router_logs"][0];
    EXPECT_EQ(log["joined"], "by SPIs");
    EXPECT_EQ(log["role"], "responder");
    EXPECT_EQ(log["complete"], false);
    std::vector<std::pair<std::string, int>> frames;
    for (const auto& line : log["timeline"])
        if (!line["frame"].is_null()) frames.emplace_back(line["label"], line["frame"]);
    EXPECT_EQ(frames, (std::vector<std::pair<std::string, int>>{
                          {"IKE_SA_INIT request", 1}, {"IKE_SA_INIT response", 2}, {"IKE_AUTH request", 3}}));
    const auto* finding = find(sa["findings"], "auth-failed");
    ASSERT_NE(finding, nullptr) << sa["findings"].dump(1);
    EXPECT_NE((*finding)["router_log"]["R2"].dump().find("authentication data FAILED"), std::string::npos)
        << finding->dump(1);
    EXPECT_EQ(find(sa["findings"], "log-contradicts-capture"), nullptr);
}

TEST(Ikev2Joined, ALogThatTheCaptureDisproves) {
    const auto bad = lab + "v2_badpsk/v2_badpsk.pcap", good = lab + "v2_ok/v2_ok.pcap";
    const auto held_against = [](const std::string& capture, const char* lines) {
        const auto keys = capture.substr(0, capture.size() - 5) + ".keys"; // the refusal is encrypted
        return analyzed({capture, "--secrets", keys, "--router-log", "R2=" + ikev2_log(capture, lines)})["sas"][0];
    };
    const auto up = held_against(bad, accepted);
    EXPECT_EQ(up["router_logs"][0]["complete"], true);
    const auto* finding = find(up["findings"], "log-contradicts-capture");
    ASSERT_NE(finding, nullptr) << up["findings"].dump(1);
    EXPECT_NE(finding->dump().find("refuses it with AUTHENTICATION_FAILED"), std::string::npos) << finding->dump(1);
    const auto down = held_against(good, refused);
    finding = find(down["findings"], "log-contradicts-capture");
    ASSERT_NE(finding, nullptr) << down["findings"].dump(1);
    EXPECT_NE(finding->dump().find("the IKE SA comes up"), std::string::npos) << finding->dump(1);
    const auto fine = held_against(good, accepted);
    EXPECT_EQ(find(fine["findings"], "log-contradicts-capture"), nullptr) << fine["findings"].dump(1);
}

TEST(Predicted, IsHeldAgainstWhatTheCaptureShows) {
    const auto sa = analyzed(s2)["sas"][0];
    EXPECT_EQ(sa["predicted"]["finding"], "keyring-mismatch");
    EXPECT_EQ(sa["predicted"]["agreement"], "agrees") << sa["predicted"].dump(1);
    ASSERT_EQ(sa["predicted"]["steps"].size(), 5U);
    EXPECT_EQ(sa["predicted"]["steps"][4]["message"], "MM5");
    EXPECT_NE(sa["predicted"]["steps"][4]["observed"].get<std::string>().find("opened with keyring1"),
              std::string::npos)
        << sa["predicted"].dump(1);
    // The working direction's capture with configurations by which it fails.
    const auto other = analyzed(
        {pcaps + "seed-s1/seed-s1.pcap", "--secrets", pcaps + "seed-s1/seed-s1.keys", "--config",
         "R1=" + scenarios + "s1-r1.cfg", "--config",
         "R2=" + temporary(
                     "r2-swapped.cfg",
                     "hostname R2\ncrypto keyring keyring0\n pre-shared-key address 192.168.0.1 key cisco\n" + [] {
                         std::ifstream in(scenarios + "s1-r2.cfg");
                         return std::string(std::istreambuf_iterator<char>(in), {});
                     }())});
    EXPECT_EQ(other["sas"][0]["predicted"]["agreement"], "differs") << other["sas"][0]["predicted"].dump(1);
    EXPECT_NE(other["sas"][0]["predicted"]["text"].get<std::string>().find("the configuration on file is not what ran"),
              std::string::npos);
}

/// What a simulated router logs is read like a real one's: what it repeats after "retransmitting phase 1" is no new
/// step.
TEST(RouterLog, SimulatedRoutersSayTheSame) {
    const auto folder = std::filesystem::path(testing::TempDir()) / "router_log_simulated";
    std::filesystem::create_directories(folder);
    const auto seed = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/seed-s2/";
    const auto simulated =
        ikescope({"simulate", "--config", seed + "R1.cfg", "--config", seed + "R2.cfg", "--initiator", "R2", "-w",
                  (folder / "s2.pcapng").string(), "--log-dir", folder.string(), "--seed", "7"});
    ASSERT_EQ(simulated.status, 0) << simulated.err;
    const auto document = analyzed({"--router-log", (folder / "R1.log").string()});
    EXPECT_EQ(document["router_logs"][0]["stage"], "MM5");
    EXPECT_NE(find(document["findings"], "keyring-mismatch"), nullptr);
    const auto asker = analyzed({"--router-log", (folder / "R2.log").string()});
    EXPECT_EQ(asker["router_logs"][0]["stage"], "MM5");
    EXPECT_NE(find(asker["findings"], "no-response"), nullptr);
}

// Commands about packets show the log's findings at the packets; what belongs to none is said on the error stream.
TEST(RouterLog, ReadShowsItAtThePacket) {
    const auto log = "R1=" + log_for_s2(abort_lines);
    Arguments arguments{
        "read", pcaps + "seed-s2/seed-s2.pcap", "-T", "fields", "-e", "frame.number", "-e", "ike.finding"};
    EXPECT_EQ(ikescope(arguments).out.find("keyring-mismatch"), std::string::npos);
    arguments.insert(arguments.end(), {"--router-log", log, "-Y", "ike.finding contains \"keyring-mismatch\""});
    const auto ran = ikescope(arguments);
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_TRUE(ran.out.starts_with("5\tkeyring-mismatch: ")) << ran.out;
    EXPECT_EQ(ran.err.find("belongs to no SA"), std::string::npos) << ran.err;

    const auto other = ikescope({"read", pcaps + "lab/v2_ok/v2_ok.pcap", "--router-log", log});
    EXPECT_NE(other.err.find("keyring-mismatch"), std::string::npos) << other.err;
    EXPECT_NE(other.err.find("belongs to no SA of the capture"), std::string::npos) << other.err;
    EXPECT_EQ(ikescope({"read", "-", "--router-log", log}).status, 1);
}

TEST(RouterLog, DecryptWritesItIntoTheComments) {
    const auto written = (std::filesystem::path(testing::TempDir()) / "s2-log.pcapng").string();
    const auto ran = ikescope({"decrypt", pcaps + "seed-s2/seed-s2.pcap", "--router-log", "R1=" + log_for_s2(abort_lines), "-w", written});
    EXPECT_EQ(ran.status, 0) << ran.err;
    std::ifstream in(written, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    EXPECT_NE(bytes.find("ikescope error: keyring-mismatch: "), std::string::npos);
    EXPECT_NE(bytes.find("R1 logs: "), std::string::npos);
}

TEST(RouterLog, CommandsAboutKeysSayThatALogGivesNone) {
    const auto log = "R1=" + log_for_s2(abort_lines);
    for (const auto* command : {"keys", "psk"}) {
        Arguments arguments{command, pcaps + "seed-s2/seed-s2.pcap", "--router-log", log};
        if (std::string(command) == "psk") arguments.insert(arguments.end(), {"--wordlist", temporary("one-word.txt", "one\n")});
        EXPECT_NE(ikescope(arguments).err.find("--router-log gives no keys"), std::string::npos) << command;
    }
}

TEST(RouterLog, ExitStatuses) {
    EXPECT_EQ(analyze_with({}).status, 1);
    EXPECT_EQ(analyze_with({"--router-log", "/no/such/file"}).status, 2);
    EXPECT_EQ(analyze_with({"--router-log", transcripts + "r2-initiates-R1.txt", "--fail-on", "error"}).status, 3);
    EXPECT_EQ(analyze_with({"--router-log", transcripts + "r1-initiates-R1.txt", "--fail-on", "error"}).status, 0);
    EXPECT_NE(analyze_with({"--router-log", temporary("empty.log", "")}).err.find("holds no line of a log"),
              std::string::npos);
}

}} // namespace ikescope::cli
