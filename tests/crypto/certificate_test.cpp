#include "crypto/certificate.hpp"
#include "vectors.hpp"

namespace ikescope {
namespace {

using namespace crypto;
using tests::each_case;

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts) out += (out.empty() ? "" : ",") + text;
    return out;
}

TEST(Certificate, DescriptionOfPkits) {
    each_case("certificate.vec", "certificate", 5, [](const auto& one) {
        const auto text = describe_certificate(one.bytes("Der"));
        ASSERT_TRUE(text) << text.error().sentence;
        EXPECT_EQ(text->subject, one.text("Subject"));
        EXPECT_EQ(text->issuer, one.text("Issuer"));
        EXPECT_EQ(text->serial, one.text("Serial"));
        EXPECT_EQ(text->not_before, one.text("NotBefore"));
        EXPECT_EQ(text->not_after, one.text("NotAfter"));
        EXPECT_EQ(text->key, one.text("Key"));
        EXPECT_EQ(joined(text->alternative_names), one.text("Names"));
        EXPECT_EQ(text->is_authority, one.number("Authority") == 1);
        EXPECT_EQ(hex(text->sha1), one.text("Sha1"));
        EXPECT_EQ(hex(text->key_sha1), one.text("KeySha1"));
    });
}

TEST(Certificate, ChainsOfPkits) {
    each_case("certificate.vec", "chain", 5, [](const auto& one) {
        std::vector<Buffer> others;
        if (one.has("Other")) others.push_back(one.bytes("Other"));
        const std::vector<Buffer> authorities{one.bytes("Authority")};
        const auto verdict = check_chain(one.bytes("Leaf"), others, authorities, 1325376000); // 2012-01-01
        EXPECT_EQ(verdict.trusted, one.number("Trusted") == 1) << verdict.why;
        EXPECT_NE(verdict.why.find(one.text("Why")), std::string::npos) << verdict.why;
        EXPECT_EQ(verdict.why.empty(), verdict.trusted);
        EXPECT_GE(verdict.subjects.size(), 1U);
    });
}

TEST(Certificate, TheTimeAskedForDecides) {
    each_case("certificate.vec", "chain", 5, [](const auto& one) {
        if (one.number("Trusted") != 1) return;
        const std::vector<Buffer> others{one.bytes("Other")}, authorities{one.bytes("Authority")};
        EXPECT_FALSE(check_chain(one.bytes("Leaf"), others, authorities, 4102444800).trusted); // 2100-01-01
    });
}

TEST(Certificate, JunkIsNoCertificate) {
    EXPECT_FALSE(describe_certificate({}));
    EXPECT_FALSE(describe_certificate(Buffer(100, 0x30)));
    EXPECT_FALSE(check_chain(Buffer(10, 1), {}, {}).trusted);
    EXPECT_FALSE(read_certificates(bytes_of("nothing here")));
    EXPECT_FALSE(read_certificates({}));
}

TEST(Certificate, FilesInDer) {
    each_case("certificate.vec", "certificate", 5, [](const auto& one) {
        const auto read = read_certificates(one.bytes("Der"));
        ASSERT_TRUE(read);
        ASSERT_EQ(read->size(), 1U);
        EXPECT_EQ(hex(read->front()), one.text("Der"));
    });
}

} // namespace
} // namespace ikescope
