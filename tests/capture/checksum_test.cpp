// The sum of words, four at a time and one at a time. RFC 1071.

#include "capture/checksum.hpp"

#include <gtest/gtest.h>
#include <random>

namespace ikescope::capture { namespace {

std::uint16_t by_the_letter(Bytes bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        sum += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8 : bytes[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<std::uint16_t>(~sum);
}

TEST(Checksum, IsThatOfTheRfcForEveryLength) {
    const Byte example[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}; // RFC 1071 section 3: sum ddf2
    EXPECT_EQ(internet_checksum(add_words(example)), static_cast<std::uint16_t>(~0xddf2));
    std::mt19937 random(3);
    for (std::size_t size = 0; size < 200; ++size)
        for (const bool ones : {false, true}) {
            Buffer bytes(size);
            for (auto& byte : bytes) byte = ones ? Byte{0xff} : static_cast<Byte>(random());
            EXPECT_EQ(internet_checksum(add_words(bytes)), by_the_letter(bytes)) << size;
        }
}

TEST(Checksum, GoesOnFromAnEarlierPart) {
    Buffer bytes(90);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<Byte>(i * 31 + 200);
    const Bytes all(bytes);
    EXPECT_EQ(internet_checksum(add_words(all.subspan(26), add_words(all.first(26)))), by_the_letter(all));
}

}} // namespace ikescope::capture
