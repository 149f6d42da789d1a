#include "crypto/esp.hpp"
#include "vectors.hpp"

namespace ikescope {
namespace {

using namespace crypto;
using tests::each_case;
using tests::VectorCase;
using Verdict = Opened::Verdict;

Protection protection_of(const VectorCase& one) {
    Protection protection;
    protection.encryption = find_encryption(static_cast<std::uint16_t>(one.number("Encryption")));
    protection.encryption_key = Secret(one.bytes("Key"));
    if (one.has("Integrity")) protection.integrity = find_integrity(static_cast<std::uint16_t>(one.number("Integrity")));
    if (one.has("IntegrityKey")) protection.integrity_key = Secret(one.bytes("IntegrityKey"));
    return protection;
}

std::optional<std::uint32_t> high_of(const VectorCase& one) {
    if (!one.has("High")) return std::nullopt;
    return static_cast<std::uint32_t>(big_endian(one.bytes("High")));
}

TEST(Esp, PublishedAndCapturedPackets) {
    each_case("esp.vec", "esp", 7, [](const auto& one) {
        const auto protection = protection_of(one);
        auto packet = one.bytes("Packet");
        const auto opened = open_esp(protection, packet, high_of(one));
        ASSERT_TRUE(opened) << opened.why();
        const auto trailer = esp_trailer(*opened.plaintext());
        ASSERT_TRUE(trailer);
        EXPECT_EQ(hex(Bytes(*opened.plaintext()).first(trailer->content)), one.text("Plain"));
        EXPECT_EQ(trailer->next_header, one.number("Next"));
        EXPECT_TRUE(trailer->counts_up);
        packet.back() ^= 1;
        EXPECT_EQ(open_esp(protection, packet, high_of(one)).verdict(), Verdict::wrong_icv);
    });
}

TEST(Esp, TheHighHalfOfTheSequenceNumberCounts) {
    each_case("esp.vec", "esp", 7, [](const auto& one) {
        const auto other = high_of(one) ? std::nullopt : std::optional<std::uint32_t>(1);
        EXPECT_EQ(open_esp(protection_of(one), one.bytes("Packet"), other).verdict(), Verdict::wrong_icv);
    });
}

TEST(Esp, CutPacketsAreNeverOpened) {
    each_case("esp.vec", "esp", 7, [](const auto& one) {
        const auto packet = one.bytes("Packet");
        for (std::size_t size = 0; size < packet.size(); ++size)
            EXPECT_FALSE(open_esp(protection_of(one), Bytes(packet).first(size), high_of(one))) << size;
    });
}

/// Every encryption transform with and without extended sequence numbers comes back as it went.
TEST(Esp, EveryTransformThereAndBack) {
    const Buffer padded(62, 7);
    for (std::uint16_t number = 1; number < 40; ++number) {
        const auto* encryption = find_encryption(number);
        if (!encryption) continue;
        SCOPED_TRACE(encryption->name);
        Protection protection{encryption, encryption->is_aead() ? nullptr : find_integrity(12),
                              Secret(Buffer(encryption->material(encryption->default_key), 3)), Secret(Buffer(32, 4))};
        auto text = padded;
        text.insert(text.end(), {0, 4});
        for (auto high : {std::optional<std::uint32_t>(), std::optional<std::uint32_t>(9)}) {
            const Buffer iv(encryption->iv, 5);
            const auto packet = seal_esp(protection, 0x12345678, 77, iv, text, high);
            ASSERT_TRUE(packet) << packet.error().sentence;
            EXPECT_EQ(packet->size(), 8 + (encryption->has_implicit_iv() ? 0 : iv.size()) + text.size() + protection.icv_size());
            const auto opened = open_esp(protection, *packet, high);
            ASSERT_TRUE(opened) << opened.why();
            EXPECT_EQ(*opened.plaintext(), text);
        }
    }
}

TEST(Esp, TrailersThatLie) {
    EXPECT_FALSE(esp_trailer({}));
    EXPECT_FALSE(esp_trailer(Buffer{4}));
    EXPECT_FALSE(esp_trailer(Buffer{3, 4}));
    EXPECT_EQ(esp_trailer(Buffer{0, 59})->content, 0U);
    EXPECT_FALSE(esp_trailer(Buffer{9, 9, 1, 3, 2, 4})->counts_up);
}

} // namespace
} // namespace ikescope
