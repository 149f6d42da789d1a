// Certificates are judged by the clock of the capture.

#include "crypto/certificate.hpp"
#include "session/certificates.hpp"
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

}} // namespace ikescope::session::test
