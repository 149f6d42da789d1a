// Certificates are judged by the clock of the capture.

#include "crypto/certificate.hpp"
#include "session/certificates.hpp"
#include "session/payload_certificate.hpp"
#include "tests/session/support.hpp"

namespace ikescope::session::test { namespace {

TEST(Certificates, AreJudgedByTheTimeOfTheCapture) {
    const auto text = text_of_file(pcaps("lab/v2_rsa/ca.pem")); // valid from 2026-11-25 22:49:58 to 2046-11-20
    const auto authorities = *crypto::read_certificates(bytes_of(text));
    const auto& leaf = authorities.front();
    const auto at = [&](std::int64_t seconds) {
        return judge_certificate(leaf, {}, authorities, seconds * one_second);
    };
    const auto good = at(1'795'700'000), early = at(1'700'000'000), late = at(2'500'000'000);
    EXPECT_EQ(good.trusted, std::optional(true)) << good.why;
    EXPECT_EQ(early.trusted, std::optional(false));
    EXPECT_NE(early.why.find("not yet valid"), std::string::npos) << early.why;
    EXPECT_EQ(late.trusted, std::optional(false));
    EXPECT_NE(late.why.find("expired"), std::string::npos) << late.why;
    EXPECT_EQ(good.not_before, "2026-11-25T22:49:58Z");
    EXPECT_EQ(judge_certificate(leaf, {}, {}, 0).trusted, std::nullopt);
    EXPECT_EQ(judge_certificate(bytes_of("no certificate"), {}, authorities, 0).trusted, std::optional(false));
}

/// CN=test
const Buffer name{0x30, 0x0f, 0x31, 0x0d, 0x30, 0x0b, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x04, 't', 'e', 's', 't'};

dissect::PayloadRef payload_of(std::uint8_t type, const Buffer& body) {
    dissect::PayloadRef payload;
    payload.type = type;
    payload.body = body;
    return payload;
}
Buffer behind(Buffer head, const Buffer& rest) {
    head.insert(head.end(), rest.begin(), rest.end());
    return head;
}

TEST(Certificates, NamesOfPayloadsAreWords) { // RFC 2408 3.10, RFC 2407 4.6.2.10, RFC 7296 3.5
    constexpr auto v1 = dissect::Version::v1, v2 = dissect::Version::v2;
    EXPECT_EQ(name_in(v1, payload_of(7, behind({4}, name))), "CN=test");
    EXPECT_EQ(name_in(v1, payload_of(5, behind({9, 0, 0, 0}, name))), "CN=test");
    EXPECT_EQ(name_in(v2, payload_of(35, behind({9, 0, 0, 0}, name))), "CN=test");
    EXPECT_EQ(name_in(v2, payload_of(36, {10, 0, 0, 0, 0x82, 3, 'm', '.', 'x'})), "DNS:m.x");
    EXPECT_FALSE(name_in(v2, payload_of(38, behind({4}, name)))) << "hashes of keys, no names";
    EXPECT_FALSE(name_in(v1, payload_of(5, behind({11, 0, 0, 0}, name)))) << "a key ID is no name";
}

TEST(Certificates, WhatIsNoCertificateSaysSo) {
    const Buffer body{4, 0x30, 0x01, 0x00};
    const auto content = certificate_of(dissect::Version::v2, payload_of(37, body));
    ASSERT_TRUE(content);
    EXPECT_TRUE(content->certificates.empty());
    EXPECT_EQ(content->problem, "3 bytes that are no X.509 certificate in DER");
    EXPECT_FALSE(certificate_of(dissect::Version::v2, payload_of(37, {12, 1, 2, 3}))) << "hash and URL";
}

TEST(Certificates, RevocationListsOfBothKindsAreWords) { // RFC 2408 3.9, RFC 7296 3.6: 7 CRL, 8 ARL
    const auto list = *parse_hex(
        "3081a93051020101300a06082a8648ce3d0403023022310b30090603550406130243483113301106035504030c0a67772e6578616d706c65170d3233303130313030"
        "303030305a170d3234303130313030303030305a300a06082a8648ce3d040302034800304502204a63d567e0a13235b015fa7f2f1c2b07ad47711aa51e5bd26e9620"
        "d86e7914c1022100d33aac8aaf754434792dcd4379bc408c37f7be88200fe075c6e6f5f6951ccbf2");
    for (const auto encoding : {Byte{7}, Byte{8}}) {
        const auto body = behind({encoding}, list);
        const auto content = certificate_of(dissect::Version::v2, payload_of(37, body));
        ASSERT_TRUE(content && content->revocations) << int{encoding};
        EXPECT_EQ(content->revocations->issuer, "C=CH, CN=gw.example");
        EXPECT_TRUE(certificate_of(dissect::Version::v1, payload_of(6, body))->revocations);
    }
}

}} // namespace ikescope::session::test
