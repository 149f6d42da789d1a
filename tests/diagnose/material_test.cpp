// What is missing or of no use among the secrets: each finding names what is missing.

#include "tests/diagnose/made.hpp"

#include <gtest/gtest.h>

namespace ikescope::diagnose::tests {
namespace {

using session::Stage;

Story sealed_main_mode() { return Story().up_to_mm4().message("MM5", Side::initiator).sealed().stage(Stage::mm5); }

TEST(MissingSecrets, ADhSecretWithoutAKeyMissesTheKey) {
    const auto story = sealed_main_mode();
    Material material;
    material.dh_given = 1;
    auto findings = findings_of(story.sa, material);
    EXPECT_EQ(find_id(findings, "dh-secret-missing"), nullptr);
    const auto* found = find_id(findings, "psk-missing");
    ASSERT_TRUE(found);
    EXPECT_NE(found->title.find("a Diffie-Hellman secret was given, but no pre-shared key"), std::string::npos) << found->title;
    material.psks_given = 1;
    findings = findings_of(story.sa, material);
    EXPECT_EQ(find_id(findings, "psk-missing"), nullptr);
    EXPECT_TRUE(find_id(findings, "dh-secret-missing")) << "either of the two may be wrong";
    findings = findings_of(story.sa);
    EXPECT_EQ(find_id(findings, "psk-missing"), nullptr);
    EXPECT_TRUE(find_id(findings, "dh-secret-missing"));
}

TEST(MissingSecrets, PublicKeyEncryptionAsksForThePrivateKeys) {
    auto story = sealed_main_mode();
    story.sa.suite.authentication = 4; // RSA encryption, RFC 2409 appendix A
    Material material;
    material.dh_given = 1;
    auto findings = findings_of(story.sa, material);
    const auto* found = find_id(findings, "dh-secret-missing");
    ASSERT_TRUE(found);
    EXPECT_NE(found->title.find("the private keys of both ends are needed"), std::string::npos) << found->title;
    EXPECT_NE(found->advice.find("--private-key"), std::string::npos) << found->advice;
    story.sa.identity[0] = "one.example";
    story.sa.identity[1] = "two.example";
    findings = findings_of(story.sa, material);
    found = find_id(findings, "dh-secret-missing");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->title.find("private keys"), std::string::npos) << found->title;
}

TEST(MissingSecrets, OfMessagesThatAreCutNoSecretIsBlamed) {
    const auto story = sealed_main_mode();
    Observations observations;
    dissect::Message message;
    message.snapped = true;
    session::Outcome outcome;
    outcome.isakmp = true;
    outcome.sa = 0;
    outcome.message = &message;
    observations.see(3, outcome); // MM3
    Material material;
    material.observations = &observations;
    material.dh_given = 1;
    const auto findings = findings_of(story.sa, material);
    EXPECT_EQ(find_id(findings, "psk-missing"), nullptr);
    const auto* found = find_id(findings, "dh-secret-missing");
    ASSERT_TRUE(found);
    EXPECT_NE(found->title.find("cut by the capture's snap length"), std::string::npos) << found->title;
}

/// Thousands of secrets that fit nothing for one reason are one finding, with their number.
TEST(UselessSecrets, ManyOfOneKindAndReasonAreToldTogether) {
    const auto titles_of = [](std::size_t count) {
        secrets::Store store;
        for (std::size_t i = 0; i < count; ++i)
            store.add_dh({Secret(Buffer(128, static_cast<Byte>(i + 1))), secrets::DhSecret::Form::shared, {fmt::format("list line {}", i + 1), true}, {}});
        const session::Sessions sessions(store);
        std::vector<std::string> titles;
        for (const auto& finding : diagnose_capture(sessions, {})) titles.push_back(finding.title);
        return titles;
    };
    EXPECT_EQ(titles_of(3).size(), 3U);
    const auto titles = titles_of(200);
    ASSERT_EQ(titles.size(), 1U);
    EXPECT_TRUE(titles.front().starts_with("200 Diffie-Hellman secrets were of no use, all for the same reason; that from list line 1: ")) << titles.front();
}

/// TCP segments are no IP fragments: each has its own words and advice.
TEST(BelowIke, LostSegmentsAreNoLostFragments) {
    const auto from = IpAddress::v4(0xc0000201), to = IpAddress::v4(0xc6336402);
    const Buffer header{1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 28};
    capture::Frame frame;
    frame.number = 1;
    capture::Datagram datagram;
    datagram.source = from;
    datagram.destination = to;
    datagram.source_port = datagram.destination_port = 500;
    datagram.content = capture::Content::isakmp;
    datagram.payload = header;
    datagram.declared = 28;
    const secrets::Store store;
    session::Sessions sessions(store);
    sessions.add(frame, datagram);
    Observations observations;
    observations.link_note(5, from, to, "60 bytes of the TCP stream from 192.0.2.1:40000 to 198.51.100.2:4500 are not in the capture");
    Material material;
    material.observations = &observations;
    auto findings = diagnose_capture(sessions, material);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].id, "fragment-loss");
    EXPECT_TRUE(findings[0].title.starts_with("TCP segments that carry IKE are missing")) << findings[0].title;
    EXPECT_EQ(findings[0].advice.find("fragment"), std::string::npos) << findings[0].advice;
    observations.link_note(6, from, to, "a fragmented UDP datagram from 192.0.2.1 to 198.51.100.2 never became whole (1 of its fragments is here)");
    findings = diagnose_capture(sessions, material);
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_TRUE(findings[1].title.starts_with("IP fragments are missing")) << findings[1].title;
}

} // namespace
} // namespace ikescope::diagnose::tests
