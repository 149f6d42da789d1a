#include "crypto/prf.hpp"
#include "vectors.hpp"

namespace ikescope {
namespace {

using namespace crypto;
using tests::each_case;

TEST(AesMac, XcbcOfRfc3566AndCmacOfNist) {
    each_case("mac.vec", "xcbc", 7, [](const auto& one) {
        EXPECT_EQ(hex(aes_xcbc(one.bytes("Key"), {one.bytes("Message")})), one.text("Mac"));
    });
    each_case("mac.vec", "cmac", 12, [](const auto& one) {
        EXPECT_EQ(hex(aes_cmac(one.bytes("Key"), {one.bytes("Message")})), one.text("Mac"));
    });
}

TEST(Prf, KeysOfOtherLengthsOfTheAesPrfs) {
    each_case("mac.vec", "prf", 6, [](const auto& one) {
        const auto* row = find_prf(static_cast<std::uint16_t>(one.number("Prf")));
        ASSERT_NE(row, nullptr);
        EXPECT_EQ(hex(prf(row->id, one.bytes("Key"), {one.bytes("Message")})), one.text("Mac"));
    });
}

TEST(Prf, UnknownTransformsHaveNoRow) {
    EXPECT_EQ(find_prf(3), nullptr); // PRF_HMAC_TIGER
    EXPECT_EQ(find_prf(9), nullptr); // PRF_HMAC_STREEBOG_512
}

} // namespace
} // namespace ikescope
