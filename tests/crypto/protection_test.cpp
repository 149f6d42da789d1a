#include "crypto/protection.hpp"
#include "vectors.hpp"

#include <type_traits>

namespace ikescope {
namespace {

using namespace crypto;
using tests::each_case;
using tests::VectorCase;
using Verdict = Opened::Verdict;

// Nobody but open() can make an opened message that has a plaintext.
static_assert(!std::is_constructible_v<Opened, Buffer> && !std::is_convertible_v<Unverified, Buffer>);

Protection protection_of(const VectorCase& one) {
    Protection protection;
    protection.encryption = find_encryption(static_cast<std::uint16_t>(one.number("Encryption")));
    if (one.has("Integrity")) protection.integrity = find_integrity(static_cast<std::uint16_t>(one.number("Integrity")));
    protection.encryption_key = Secret(one.bytes(one.has("Key") ? "Key" : "SK_e"));
    if (one.has("SK_a")) protection.integrity_key = Secret(one.bytes("SK_a"));
    return protection;
}

/// The parts of a case with the buffers they point into.
struct Held {
    explicit Held(const VectorCase& one)
        : aad(one.bytes_if("Aad")), iv(one.bytes("Iv")), text(one.bytes("Encrypted")), icv(one.bytes_if("Icv")), parts{aad, iv, text, icv, {}} {}
    Buffer aad, iv, text, icv;
    Parts parts;
};

void expect_opens_and_seals(const VectorCase& one) {
    const auto protection = protection_of(one);
    const Held held(one);
    const auto opened = open(protection, held.parts);
    ASSERT_TRUE(opened) << opened.why();
    EXPECT_EQ(hex(*opened.plaintext()), one.text("Plain"));
    const auto sealed = seal(protection, held.parts, one.bytes("Plain"));
    ASSERT_TRUE(sealed) << sealed.error().sentence;
    EXPECT_EQ(hex(sealed->ciphertext), one.text("Encrypted"));
    EXPECT_EQ(hex(sealed->icv), one.text("Icv"));
}

/// Every single changed part makes the plaintext unavailable.
void expect_tampering_is_seen(const VectorCase& one) {
    const auto protection = protection_of(one);
    for (auto part : {&Held::aad, &Held::iv, &Held::text, &Held::icv}) {
        Held held(one);
        if ((held.*part).empty()) continue;
        (held.*part).back() ^= 1;
        const auto opened = open(protection, held.parts);
        EXPECT_EQ(opened.verdict(), Verdict::wrong_icv);
        EXPECT_EQ(opened.plaintext(), nullptr);
    }
}

TEST(Protection, MessagesOfADaemonOpenSealAndResistTampering) {
    each_case("ikev2_strongswan.vec", "ikev2 message", 20, [](const auto& one) {
        expect_opens_and_seals(one);
        expect_tampering_is_seen(one);
    });
}

TEST(Protection, AeadsOfNistAndRfc7634) {
    each_case("aead.vec", "aead", 40, [](const auto& one) {
        if (one.number("Right") == 1) {
            expect_opens_and_seals(one);
            expect_tampering_is_seen(one);
            return;
        }
        const Held held(one);
        const auto opened = open(protection_of(one), held.parts);
        EXPECT_EQ(opened.verdict(), Verdict::wrong_icv) << opened.why();
        EXPECT_EQ(opened.plaintext(), nullptr);
    });
}

TEST(Protection, DecryptingWithoutCheckingGivesTheSameBytes) {
    each_case("aead.vec", "aead", 40, [](const auto& one) {
        const auto protection = protection_of(one);
        if (one.number("Right") != 1 || protection.encryption->mode == Mode::chacha20_poly1305) return;
        const Held held(one);
        EXPECT_EQ(hex(decrypt_without_checking(protection, held.parts)->bytes), one.text("Plain"));
    });
}

TEST(Protection, CounterModeOfRfc3686AndRfc5528) {
    each_case("aead.vec", "ctr", 14, [](const auto& one) {
        auto protection = protection_of(one);
        Held held(one);
        EXPECT_EQ(hex(decrypt_without_checking(protection, held.parts)->bytes), one.text("Plain"));
        EXPECT_EQ(open(protection, held.parts).verdict(), Verdict::unsupported); // no integrity, no plaintext
        protection.integrity = find_integrity(12);
        protection.integrity_key = Secret(Buffer(32, 1));
        held.icv = seal(protection, held.parts, one.bytes("Plain"))->icv;
        held.parts.icv = held.icv;
        EXPECT_TRUE(open(protection, held.parts));
    });
}

TEST(Protection, IntegrityValues) {
    each_case("mac.vec", "integrity", 9, [](const auto& one) {
        const auto* integrity = find_integrity(static_cast<std::uint16_t>(one.number("Integrity")));
        ASSERT_NE(integrity, nullptr);
        EXPECT_EQ(hex(integrity_value(*integrity, one.bytes("Key"), {one.bytes("Message")})), one.text("Mac"));
    });
}

TEST(Protection, WrongLengthsAreMalformedAndNotWrongKeys) {
    Protection protection{find_encryption(12), find_integrity(2), Secret(Buffer(16)), Secret(Buffer(20))};
    const Buffer bytes(64);
    const Bytes all = bytes;
    EXPECT_EQ(open(protection, {all, all.first(8), all, all.first(12), {}}).verdict(), Verdict::malformed);
    EXPECT_EQ(open(protection, {all, all.first(16), all.first(63), all.first(12), {}}).verdict(), Verdict::malformed);
    EXPECT_EQ(open(protection, {all, all.first(16), all, all.first(11), {}}).verdict(), Verdict::malformed);
    protection.encryption = find_encryption(20);
    protection.encryption_key = Secret(Buffer(17)); // 13 bytes and a salt: no key of AES
    EXPECT_EQ(open(protection, {all, all.first(8), all, all.first(16), {}}).verdict(), Verdict::unsupported);
    protection.encryption_key = Secret(Buffer(3));
    EXPECT_EQ(open(protection, {all, all.first(8), all, all.first(16), {}}).verdict(), Verdict::malformed);
}

TEST(Protection, PaddingOfIkev2) {
    EXPECT_EQ(content_size(Buffer{1, 2, 0, 0, 2}), 2U);
    EXPECT_EQ(content_size(Buffer{0}), 0U);
    EXPECT_FALSE(content_size(Buffer{1, 2, 3}));
    EXPECT_FALSE(content_size({}));
    EXPECT_EQ(pad(*find_encryption(12), Buffer(16, 9)).size(), 32U);
    EXPECT_EQ(pad(*find_encryption(12), Buffer(15, 9)).size(), 16U);
    EXPECT_EQ(pad(*find_encryption(20), Buffer(15, 9)).size(), 16U);
    EXPECT_EQ(content_size(pad(*find_encryption(3), Buffer(5, 9))), 5U);
}

} // namespace
} // namespace ikescope
