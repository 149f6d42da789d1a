// Failures beside the nine scenarios, lint, and proposals.

#include "tests/ios/support.hpp"

#include "ios/advice.hpp"

#include <set>

namespace ikescope::ios::test {
namespace {

std::string swap(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return text;
}

// Two plain routers with one keyring, one profile and one tunnel each.
const std::string left = read_file("scenarios/s9-r1.cfg"), right = read_file("scenarios/s4-r2.cfg");

Prediction predict_text(const std::string& initiator, const std::string& responder) { return predict(read_config(initiator), read_config(responder)); }

TEST(Predict, PlainPairComesUp) { EXPECT_EQ(predict_text(left, right).outcome, Outcome::up); }

TEST(Predict, NoKeyAtTheInitiatorSendsNothing) {
    const auto p = predict_text(swap(left, "address 192.168.0.2 key", "address 192.168.0.77 key"), right);
    EXPECT_EQ(p.finding, "no-key-for-peer");
    EXPECT_EQ(p.failing_router, "R1");
    ASSERT_EQ(p.steps.size(), 1U);
    EXPECT_FALSE(p.steps[0].sends);
    EXPECT_EQ(missing_in_order({"ISAKMP:(0):No pre-shared key with 192.168.0.2!"}, log_of(p, "R1")), "");
}

TEST(Predict, AKeyByHostNameDoesNotStartMainModeEither) {
    const auto p = predict_text(swap(left, "address 192.168.0.2 key", "hostname r2 key"), right);
    EXPECT_EQ(p.finding, "no-key-for-peer");
    EXPECT_EQ(p.causes, std::vector<std::string>{"hostname-key-in-main-mode"});
    EXPECT_EQ(p.steps.size(), 1U);
}

TEST(Predict, NoKeyAtTheResponderGivesNoMm4) {
    const auto p = predict_text(left, swap(right, "address 192.168.0.1 key", "hostname r1 key"));
    EXPECT_EQ(p.finding, "no-key-for-peer");
    EXPECT_EQ(p.failing_router, "R2");
    EXPECT_EQ(p.causes, std::vector<std::string>{"hostname-key-in-main-mode"});
    EXPECT_EQ(find_step(p, "MM4", "R2", true), nullptr);
}

TEST(Predict, PoliciesThatDiffer) {
    const auto p = predict_text(left, swap(right, " hash md5", " hash sha256"));
    EXPECT_EQ(p.finding, "no-proposal-chosen");
    EXPECT_EQ(missing_in_order({"ISAKMP:(0):Checking ISAKMP transform 1 against priority 10 policy", "ISAKMP:(0):Hash algorithm offered does not match policy!",
                                "ISAKMP:(0):atts are not acceptable. Next payload is 0", "ISAKMP:(0):no offers accepted!",
                                "ISAKMP:(0): phase 1 SA policy not acceptable! (local 192.168.0.2 remote 192.168.0.1)"},
                               log_of(p, "R2")),
              "");
}

TEST(Predict, UnreadableLineThatIsNeeded) {
    EXPECT_EQ(predict_text(left, swap(right, " hash md5", " hash frob")).outcome, Outcome::unpredictable);
    EXPECT_EQ(predict_text(left, swap(right, "key cisco", "key 6 XXXX")).outcome, Outcome::unpredictable);
    EXPECT_EQ(predict_text(left, right + "crypto isakmp policy 99\n hash frob\n").outcome, Outcome::up) << "a line that is not needed does no harm";
}

TEST(Predict, TransformSetsAndPfs) {
    EXPECT_EQ(predict_text(left, swap(right, "esp-aes esp-sha256-hmac", "esp-3des esp-sha256-hmac")).finding, "child-no-proposal");
    const auto pfs = predict_text(left, swap(right, " set transform-set TS\n", " set transform-set TS\n set pfs group14\n"));
    EXPECT_EQ(pfs.finding, "child-no-proposal");
    EXPECT_EQ(pfs.causes, std::vector<std::string>{"pfs-differs"});
    EXPECT_EQ(predict_text(swap(left, " set transform-set TS\n", " set transform-set TS\n set pfs group14\n"), right).outcome, Outcome::up);
}

TEST(Predict, TrustPointsWithCertificates) {
    const auto certificates = [](std::string text, std::string_view point) {
        text = swap(text, " authentication pre-share\n", "");
        return swap(text, "  keyring keyring1\n", "  ca trust-point " + std::string(point) + "\n");
    };
    EXPECT_EQ(predict_text(certificates(left, "A"), certificates(right, "A")).outcome, Outcome::up);
    EXPECT_EQ(predict_text(certificates(left, "A"), certificates(right, "B")).finding, "trust-point-mismatch");
}

TEST(Predict, CryptoMapsMustMirror) {
    const auto map = [](int own, int peer, std::string_view list) {
        return "hostname R" + std::to_string(own) + "\ncrypto isakmp policy 10\n authentication pre-share\ncrypto isakmp key k address 10.0.0." + std::to_string(peer) +
               "\ncrypto ipsec transform-set TS esp-aes esp-sha-hmac\ncrypto map CM 10 ipsec-isakmp\n set peer 10.0.0." + std::to_string(peer) +
               "\n set transform-set TS\n match address 101\ninterface Ethernet0/0\n ip address 10.0.0." + std::to_string(own) +
               " 255.255.255.0\n crypto map CM\naccess-list 101 permit ip " + std::string(list) + "\n";
    };
    const auto one = map(1, 2, "10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255");
    EXPECT_EQ(predict_text(one, map(2, 1, "10.2.0.0 0.0.255.255 10.1.0.0 0.0.255.255")).outcome, Outcome::up);
    const auto bad = predict_text(one, map(2, 1, "10.3.0.0 0.0.255.255 10.1.0.0 0.0.255.255"));
    EXPECT_EQ(bad.outcome, Outcome::phase2_failed);
    EXPECT_EQ(bad.finding, "ts-unacceptable");
}

TEST(Predict, Ikev2KeysAndIdentities) {
    const auto one = read_file("scenarios/s7-r1.cfg"), two = read_file("scenarios/s7-r2.cfg");
    EXPECT_EQ(predict_text(swap(one, "key cisco\n !\n!\ncrypto ikev2 keyring keyring2\n peer other\n  address 192.168.0.2\n  pre-shared-key cisco",
                                "key cisco\n !\n!\ncrypto ikev2 keyring keyring2\n peer other\n  address 192.168.0.2\n  pre-shared-key other"),
                           two)
                  .finding,
              "wrong-psk");
    EXPECT_EQ(predict_text(one, swap(two, "remote address 192.168.0.1 ", "remote address 192.168.0.99 ")).finding, "auth-failed");
}

TEST(Propose, ForMissingKeysAndPolicies) {
    for (const auto& [from, to] : {std::pair(" hash md5", " hash sha256"), std::pair("address 192.168.0.1 key", "address 192.168.0.77 key"), std::pair("key cisco", "key other")}) {
        const auto pair = predict_pair(read_config(left), read_config(swap(right, from, to)));
        ASSERT_TRUE(pair.proposal) << to;
        for (const auto& again : pair.proposal->directions) EXPECT_EQ(again.outcome, Outcome::up) << to << ": " << again.sentence;
    }
    EXPECT_FALSE(predict_pair(read_config(left), read_config(right)).proposal);
}

TEST(Diff, IsUnifiedWithContext) {
    EXPECT_EQ(unified_diff("x", "a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\nE\nf\ng\nh\n", true), "--- a/x\n+++ b/x\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n");
    EXPECT_EQ(unified_diff("x", "a\n", "a\n", true), "");
    EXPECT_EQ(unified_diff("x", "", "a\n", true), "--- a/x\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n");
}

std::set<std::string> ids(const std::string& config) {
    std::set<std::string> out;
    for (const auto& remark : lint(read_config(config))) {
        out.insert(remark.id);
        EXPECT_FALSE(remark.advice.empty()) << remark.id;
        EXPECT_EQ(remark.text.find("s3same"), std::string::npos) << remark.text;
    }
    return out;
}

TEST(Lint, NamesWhatIsDangerous) {
    struct Case {
        std::string_view id;
        std::string config;
    };
    const Case cases[] = {
        {"duplicate-peer-key", "crypto keyring a\n pre-shared-key address 1.1.1.1 key s3same\ncrypto keyring b\n pre-shared-key address 1.1.1.1 key s3same\n"},
        {"default-keyring-shadows", "crypto keyring a\n pre-shared-key address 1.1.1.1 key s3same\ncrypto isakmp key s3same address 0.0.0.0\n"},
        {"ambiguous-profile", "crypto isakmp profile a\n match identity address 1.1.0.0 255.255.0.0\ncrypto isakmp profile b\n match identity address 1.1.1.1\n"},
        {"profile-without-keyring", "crypto keyring a\n pre-shared-key address 1.1.1.1 key s3same\ncrypto isakmp profile a\n match identity address 1.1.0.0 255.255.0.0\n"},
        {"unreachable-profile", "crypto isakmp profile a\n keyring k\n"},
        {"hostname-key-in-main-mode", "crypto isakmp key s3same hostname r2\n"},
        {"policy-never-matches", "crypto isakmp key s3same address 1.1.1.1\ncrypto isakmp policy 10\n encr aes\n"},
        {"weak-crypto", "crypto isakmp policy 10\n encr 3des\n"},
        {"aggressive-enabled", "crypto isakmp key s3same address 1.1.1.1\n"},
        {"trailing-blank-in-key", "crypto keyring a\n pre-shared-key address 1.1.1.1 key s3same \n"},
        {"undefined-keyring", "crypto isakmp profile a\n keyring nowhere\n match identity host x\n"},
        {"undefined-name", "crypto ipsec profile a\n set isakmp-profile nowhere\n"},
        {"mask-incomplete", "interface Ethernet0/0\n ip address 1.1.1.1 255.255.255.\n"},
        {"key-unusable", "crypto keyring a\n pre-shared-key address 1.1.1.1 key 6 s3same\n"},
        {"line-not-understood", "crypto keyring a\n pre-shared-key address 1.1.1 key s3same\n"},
        {"one-way-tunnel", read_file("scenarios/s1-r1.cfg")},
        {"no-key-for-peer", swap(left, "address 192.168.0.2 key", "address 192.168.0.77 key")},
    };
    std::set<std::string> covered;
    for (const auto& [id, config] : cases) {
        EXPECT_TRUE(ids(config).contains(std::string(id))) << id;
        covered.emplace(id);
    }
    for (const auto& kind : lint_kinds()) EXPECT_TRUE(covered.contains(std::string(kind.id))) << kind.id;
}

TEST(Lint, SaysNothingAboutASoundConfiguration) {
    EXPECT_EQ(ids("crypto keyring a\n pre-shared-key address 1.1.1.1 key s3same\n pre-shared-key address 1.1.1.2 key s3same\n"
                  "crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"
                  "crypto isakmp profile p\n keyring a\n match identity address 1.1.1.0 255.255.255.0\ncrypto isakmp aggressive-mode disable\n"),
              std::set<std::string>{});
}

TEST(Advice, NamesKeyringAndLine) {
    const auto r1 = router_file("s1-r1");
    const Ends ends{*IpAddress::parse("192.168.0.1"), *IpAddress::parse("192.168.0.2"), {}};
    const auto advice = advise("keyring-mismatch", r1, ends, ikev1_key_by_address(r1, ends), r1.find_profile("profile2"));
    EXPECT_NE(advice.text.find("keep the key for 192.168.0.2 in keyring keyring2 only and remove it from keyring1 (line 4)"), std::string::npos) << advice.text;
    EXPECT_EQ(advice.snippet, "crypto keyring keyring1\n no pre-shared-key address 192.168.0.2 key *****\n");
}

} // namespace
} // namespace ikescope::ios::test
