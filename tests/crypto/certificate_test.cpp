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

TEST(Certificate, NamesInDer) {
    each_case("certificate.vec", "certificate", 5, [](const auto& one) {
        const auto text = describe_certificate(one.bytes("Der"));
        ASSERT_TRUE(text);
        EXPECT_EQ(distinguished_name(text->subject_der), one.text("Subject"));
    });
    EXPECT_EQ(distinguished_name(*parse_hex("300f310d300b06035504030c0474657374")), "CN=test");
    EXPECT_FALSE(distinguished_name(*parse_hex("300f310d300b06035504030c047465737400"))) << "a byte is left over";
    EXPECT_FALSE(distinguished_name({}));
    EXPECT_EQ(general_name(*parse_hex("82036d2e78")), "DNS:m.x");
    EXPECT_EQ(general_name(*parse_hex("820301ff78")), "DNS:..x") << "what no terminal should get";
    EXPECT_EQ(general_name(*parse_hex("300b82036d2e7887040a000001")), "DNS:m.x, IP Address:10.0.0.1");
    EXPECT_FALSE(general_name(*parse_hex("82ff6d")));
}

TEST(Certificate, WhatElseCertPayloadsHold) {
    // Made with OpenSSL 3: `openssl ca -gencrl` with an Ed25519 key, and that key's public half.
    const auto list = describe_revocations(*parse_hex(
        "3081a9305d300506032b657030203111300f060355040a0c08696b6573636f7065310b300906035504030c026361170d"
        "3236303130313030303030305a170d3236303230313030303030305a30143012020101170d3235303130313030303030"
        "305a300506032b6570034100421810d974c82a889548845c34748327f5652a1a5d72cc46f1b0bd96d6250ba66c3d2794"
        "3ea8eb6da116cab5360a3bb80dc6c8e4e0e17ef00162574d69f7a50a"));
    ASSERT_TRUE(list) << list.error().sentence;
    EXPECT_EQ(list->issuer, "O=ikescope, CN=ca");
    EXPECT_EQ(list->this_update, "2026-01-01T00:00:00Z");
    EXPECT_EQ(list->next_update, "2026-02-01T00:00:00Z");
    EXPECT_EQ(list->revoked, 1U);
    EXPECT_FALSE(describe_revocations(Buffer(10, 0x30)));
    EXPECT_EQ(describe_public_key(*parse_hex("302a300506032b6570032100354d037c079e4f255e0747dc5a507e53c3b4f68b8c6245c81cffd690875d427b")),
              "ED25519 256 bits");
    EXPECT_EQ(describe_public_key(*parse_hex("3007020200c1020103")), "RSA 8 bits") << "RSAPublicKey";
    EXPECT_FALSE(describe_public_key(Buffer(10, 0x30)));
    EXPECT_TRUE(certificates_in_pkcs7(Buffer(10, 0x30)).empty());
    each_case("certificate.vec", "certificate", 5, [](const auto& one) {
        const auto der = one.bytes("Der");
        const auto wrapped = [](Byte tag, Bytes inside) {
            Buffer out{tag, 0x82, static_cast<Byte>(inside.size() >> 8), static_cast<Byte>(inside.size() & 0xff)};
            out.insert(out.end(), inside.begin(), inside.end());
            return out;
        };
        // RFC 2315 9.1: version 1, no digest algorithms, data without content, the certificate, no signers.
        auto inside = *parse_hex("0201013100300b06092a864886f70d010701");
        const auto certificates = wrapped(0xa0, der);
        inside.insert(inside.end(), certificates.begin(), certificates.end());
        inside.insert(inside.end(), {0x31, 0x00});
        auto content = *parse_hex("06092a864886f70d010702");
        const auto typed = wrapped(0xa0, wrapped(0x30, inside));
        content.insert(content.end(), typed.begin(), typed.end());
        const auto found = certificates_in_pkcs7(wrapped(0x30, content));
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(hex(found.front()), hex(der));
    });
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
