// The keyring scenarios of the Cisco document "ISAKMP profiles and keyrings" (IOS 15.3T), with the keys' answers made by
// hand. The same with real packets: tests/evidence.

#include "tests/diagnose/made.hpp"

#include "ios/reader.hpp"

#include <fstream>
#include <iterator>

namespace ikescope::diagnose::tests {
namespace {

using session::Proof;
using session::Stage;

std::string config(const std::string& path) {
    std::ifstream in(std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/" + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// R2 calls R1, MM5 is repeated five times.
Story r2_calls_r1() {
    Story story;
    story.sa.initiator = {ip("192.168.0.2"), 500};
    story.sa.responder = {ip("192.168.0.1"), 500};
    story.sa.suite = {5, 0, 1, 0, 0, 2, 1, 86400, true};
    story.up_to_mm4().message("MM5", Side::initiator, {"ID", "HASH"}).opened().again(5).stage(Stage::mm5);
    story.sa.identity[0] = "192.168.0.2";
    story.sa.identity_type[0] = 1;
    story.sa.identity_address[0] = ip("192.168.0.2");
    story.sa.authentication[0] = Proof::verified;
    story.sa.keys.available = true;
    story.sa.keys.dh = "a log";
    return story;
}

/// Messages of the initiator open with `right` and nothing else; under another key RESERVED of the ID payload is 0x7f.
KeyOracle oracle(std::string right) {
    const auto opens = [right](Bytes psk) { return std::ranges::equal(psk, bytes_of(right)); };
    return {[opens](const Sa&, Bytes psk) -> std::optional<session::SanityCheck> {
                if (opens(psk)) return session::SanityCheck{};
                return session::SanityCheck{session::SanityCheck::What::reserved, 5, 5, 1, 1, 0x7f, Buffer{0xe3, 0x7f, 0x12, 0x33}};
            },
            [opens](const Sa&, Side side, Bytes psk) {
                return side == Side::responder ? Proof::unknown : opens(psk) ? Proof::verified : Proof::failed;
            }};
}

struct Lab {
    explicit Lab(const std::string& folder)
        : routers{ios::read_config(config(folder + "/R1.cfg")), ios::read_config(config(folder + "/R2.cfg"))} {
        ios::repair_masks(routers[0], routers[1]);
    }
    Material material(KeyOracle keys = {}) const {
        Material made;
        made.routers = routers;
        made.keys = std::move(keys);
        return made;
    }
    std::vector<ios::Router> routers;
};

bool mentions(const std::vector<std::string>& lines, std::string_view text) {
    return std::ranges::any_of(lines, [&](const auto& line) { return line.find(text) != std::string::npos; });
}

TEST(Keyrings, S2NamesBothKeyringsAndSaysWhatIsProved) {
    const Lab lab("seed-s2");
    const auto story = r2_calls_r1();
    const auto findings = findings_of(story.sa, lab.material(oracle("cisco")));
    const auto* found = find_id(findings, "keyring-mismatch");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->severity, Severity::error);
    EXPECT_EQ(found->certainty, Certainty::predicted) << "the packets cannot show which of two equal keys was picked";
    EXPECT_TRUE(mentions(found->causes, "duplicate-peer-key"));
    EXPECT_NE(found->title.find("keyring1"), std::string::npos) << found->title;
    EXPECT_NE(found->title.find("keyring2"), std::string::npos) << found->title;
    EXPECT_TRUE(mentions(found->evidence, "proved: MM5 (frame 5) opens"));
    EXPECT_TRUE(mentions(found->evidence, "predicted: before MM4"));
    ASSERT_TRUE(found->router_log.contains("R1"));
    const auto& log = found->router_log.at("R1");
    EXPECT_TRUE(mentions(log, "peer matches profile2 profile"));
    EXPECT_TRUE(mentions(log, "Found ADDRESS key in keyring keyring2"));
    EXPECT_TRUE(mentions(log, "Key not found in keyrings of profile , aborting exchange"));
    EXPECT_TRUE(mentions(log, "FSM action returned error: 2"));
    for (const auto* id : {"wrong-psk", "no-response", "auth-failed"}) EXPECT_EQ(find_id(findings, id), nullptr) << id;
    for (const auto& line : found->evidence) EXPECT_EQ(line.find("key cisco"), std::string::npos) << "a key's value: " << line;
}

TEST(Keyrings, S2FromTheConfigurationsAloneIsStillPredicted) {
    const Lab lab("seed-s2");
    auto story = r2_calls_r1();
    for (auto& message : story.sa.messages) message.decrypted = false;
    story.sa.identity[0].reset();
    story.sa.identity_address[0].reset();
    story.sa.keys = {};
    const auto findings = findings_of(story.sa, lab.material());
    const auto* found = find_id(findings, "keyring-mismatch");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->certainty, Certainty::predicted);
    EXPECT_FALSE(mentions(found->evidence, "proved: MM5 (frame 5) opens"));
}

TEST(Keyrings, S3NamesTheByteThatFails) {
    const Lab lab("seed-s3");
    const auto story = r2_calls_r1();
    const auto findings = findings_of(story.sa, lab.material(oracle("cisco")));
    const auto* found = find_id(findings, "wrong-psk");
    ASSERT_TRUE(found);
    EXPECT_NE(found->title.find("reserved not zero on ID payload"), std::string::npos) << found->title;
    EXPECT_TRUE(mentions(found->evidence, "e3 [7f] 12 33"));
    ASSERT_TRUE(found->router_log.contains("R1"));
    EXPECT_TRUE(mentions(found->router_log.at("R1"), "reserved not zero on ID payload!"));
    EXPECT_EQ(find_id(findings, "keyring-mismatch"), nullptr);
}

std::string scenario(const std::string& name) {
    std::ifstream in(std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/ios/scenarios/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// S6: a global key is searched first, however unspecific, and shadows the right one.
TEST(Keyrings, S6TheGlobalKeyShadowsTheRightOne) {
    const std::vector<ios::Router> routers{ios::read_config(scenario("s6-r1.cfg")), ios::read_config(scenario("s6-r2.cfg"))};
    const auto story = r2_calls_r1();
    Material material;
    material.routers = routers;
    material.keys = oracle("cisco2");
    const auto findings = findings_of(story.sa, material);
    const auto* found = find_id(findings, "wrong-psk");
    ASSERT_TRUE(found);
    EXPECT_TRUE(mentions(found->causes, "default-keyring-shadows"));
    EXPECT_TRUE(mentions(found->evidence, "R1 picks default"));
    EXPECT_TRUE(mentions(found->evidence, "keyring2 (R1 line"));
}

/// S9: the ID selects profile2, the tunnel uses profile1: error 32, PROPOSAL_NOT_CHOSEN.
TEST(Keyrings, S9ARefusedQuickModeNamesTheProfile) {
    const std::vector<ios::Router> routers{ios::read_config(scenario("s9-r1.cfg")), ios::read_config(scenario("s9-r2.cfg"))};
    Story story;
    story.sa.initiator = {ip("192.168.0.1"), 500};
    story.sa.responder = {ip("192.168.0.2"), 500};
    story.up_to_mm4().message("MM5", Side::initiator, {"ID", "HASH"}).opened().message("MM6", Side::responder, {"ID", "HASH"}).opened()
        .message("QM1", Side::initiator, {"HASH", "SA", "No", "ID", "ID"}, 32).opened()
        .message("INFO", Side::responder, {"HASH", "N(NO_PROPOSAL_CHOSEN)"}, 5).opened().notify(14).stage(Stage::qm1);
    story.sa.identity[0] = "192.168.0.1";
    story.sa.identity_type[0] = 1;
    story.sa.identity_address[0] = ip("192.168.0.1");
    story.sa.keys.available = true;
    Material material;
    material.routers = routers;
    const auto findings = findings_of(story.sa, material);
    const auto* found = find_id(findings, "profile-mismatch");
    ASSERT_TRUE(found);
    EXPECT_NE(found->title.find("profile2"), std::string::npos) << found->title;
    ASSERT_TRUE(found->router_log.contains("R2"));
    EXPECT_TRUE(mentions(found->router_log.at("R2"), "IPSec policy invalidated proposal with error 32"));
    EXPECT_TRUE(mentions(found->router_log.at("R2"), "map_db_check_isakmp_profile profile did not match"));
    EXPECT_EQ(find_id(findings, "child-no-proposal"), nullptr) << "the explanation makes the symptom superfluous";
}

TEST(Keyrings, AResponderWithoutAKeyForThePeerSaysSo) {
    const std::vector<ios::Router> routers{ios::read_config("hostname R1\ncrypto keyring k\n pre-shared-key address 203.0.113.9 key x\n"
                                                            "interface Ethernet0/0\n ip address 192.0.2.2 255.255.255.0\n")};
    const auto story = Story().message("MM1", Side::initiator).message("MM2", Side::responder).message("MM3", Side::initiator).again(4).stage(Stage::mm3);
    Material material;
    material.routers = routers;
    const auto findings = findings_of(story.sa, material);
    const auto* found = find_id(findings, "no-key-for-peer");
    ASSERT_TRUE(found);
    EXPECT_TRUE(mentions(found->router_log.at("R1"), "No pre-shared key with 192.0.2.1!"));
}

TEST(Proposals, AnOfferIsComparedWithThePoliciesOfTheResponder) {
    const std::vector<ios::Router> routers{
        ios::read_config("hostname R1\ncrypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"
                         "interface Ethernet0/0\n ip address 192.0.2.2 255.255.255.0\n")};
    auto story = Story().message("MM1", Side::initiator, {"SA"}).message("INFO", Side::responder, {"N(NO_PROPOSAL_CHOSEN)"}, 5).notify(14).stage(Stage::mm1);
    story.sa.suite = {};
    story.sa.offers = {{1, {5, 0, 1, 0, 0, 2, 1, 86400, true}}}; // 3DES, MD5, group 2
    Material material;
    material.routers = routers;
    const auto findings = findings_of(story.sa, material);
    const auto* found = find_id(findings, "no-proposal-chosen");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->certainty, Certainty::proved);
    EXPECT_TRUE(mentions(found->evidence, "the encryption differs"));
    ASSERT_TRUE(found->router_log.contains("R1"));
    EXPECT_TRUE(mentions(found->router_log.at("R1"), "Encryption algorithm offered does not match policy!"));
}

} // namespace
} // namespace ikescope::diagnose::tests
