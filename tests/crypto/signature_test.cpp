#include "crypto/signature.hpp"
#include "vectors.hpp"

namespace ikescope {
namespace {

using namespace crypto;
using tests::each_case;
using Verdict = SignatureCheck::Verdict;

TEST(Signature, Ikev2MethodsOverPublishedVectors) {
    each_case("signature.vec", "signature", 60, [](const auto& one) {
        const auto check = ikev2::verify_signature(static_cast<std::uint8_t>(one.number("Method")), one.bytes("Key"), one.bytes("Message"), one.bytes("Data"));
        EXPECT_EQ(check.verdict, one.number("Right") == 1 ? Verdict::right : Verdict::wrong) << check.algorithm << ": " << check.why;
        EXPECT_EQ(check.why.empty(), one.number("Right") == 1);
        EXPECT_FALSE(check.algorithm.empty());
    });
}

TEST(Signature, Ikev1RsaSignsTheBareHash) {
    each_case("signature.vec", "ikev1 signature", 2, [](const auto& one) {
        const auto check = ikev1::verify_signature(static_cast<std::uint16_t>(one.number("Method")), one.bytes("Key"), one.bytes("Message"), one.bytes("Data"));
        EXPECT_EQ(check.verdict, one.number("Right") == 1 ? Verdict::right : Verdict::wrong) << check.why;
    });
}

TEST(Signature, WhatCannotBeJudgedSaysWhy) {
    each_case("signature.vec", "ikev1 signature", 2, [](const auto& one) {
        const auto key = one.bytes("Key");
        const Buffer octets{1}, junk(64, 0x30);
        EXPECT_EQ(ikev2::verify_signature(9, key, octets, junk).verdict, Verdict::unsupported);        // an RSA key
        EXPECT_EQ(ikev2::verify_signature(2, key, octets, junk).verdict, Verdict::unsupported);        // no signature method
        EXPECT_EQ(ikev2::verify_signature(14, key, octets, {}).verdict, Verdict::unsupported);
        EXPECT_EQ(ikev2::verify_signature(14, key, octets, junk).verdict, Verdict::unsupported);       // length 0x30, then no DER
        EXPECT_EQ(ikev2::verify_signature(14, key, octets, Buffer{200, 1}).verdict, Verdict::unsupported);
        EXPECT_EQ(ikev2::verify_signature(1, junk, octets, junk).verdict, Verdict::unsupported);       // no key
        EXPECT_EQ(ikev2::verify_signature(1, key, octets, junk).verdict, Verdict::wrong);
        EXPECT_EQ(ikev2::verify_signature(1, key, octets, {}).verdict, Verdict::wrong);
        EXPECT_EQ(ikev1::verify_signature(1, key, octets, junk).verdict, Verdict::unsupported);        // pre-shared key
    });
}

} // namespace
} // namespace ikescope
