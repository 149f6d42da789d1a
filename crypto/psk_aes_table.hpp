#pragma once
// AES (FIPS 197) without instructions for it: one candidate after the other, straight from the standard's definitions.

#include "crypto/psk_kernel.hpp"

#include <cstdint>
#include <cstring>

// NOLINTBEGIN(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
// For the reasons in psk_aes.hpp.
namespace ikescope::crypto::psk { namespace {

constexpr std::uint8_t times_x(std::uint8_t value) {
    return static_cast<std::uint8_t>(value << 1 ^ (value & 0x80 ? 0x1b : 0));
}
constexpr std::uint8_t times(std::uint8_t a, std::uint8_t b) {
    std::uint8_t product = 0;
    for (; b; b = static_cast<std::uint8_t>(b >> 1), a = times_x(a))
        if (b & 1) product = static_cast<std::uint8_t>(product ^ a);
    return product;
}

struct AesTables {
    std::uint8_t box[256], inverse[256];
    std::uint32_t unmixed[256]; ///< InvMixColumns of a byte in the first row; the others are its rotations
};
constexpr AesTables aes_tables = [] {
    AesTables made{};
    std::uint8_t power = 1, reciprocal = 1; // 3 generates the field, 0xf6 is its reciprocal
    do {
        power = times(power, 3);
        reciprocal = times(reciprocal, 0xf6);
        unsigned spread = 0;
        for (unsigned turn = 0; turn < 5; ++turn) spread ^= static_cast<unsigned>(reciprocal) << turn;
        made.box[power] = static_cast<std::uint8_t>((spread ^ spread >> 8) ^ 0x63);
    } while (power != 1);
    made.box[0] = 0x63;
    for (unsigned i = 0; i < 256; ++i) made.inverse[made.box[i]] = static_cast<std::uint8_t>(i);
    for (unsigned i = 0; i < 256; ++i) {
        const auto byte = static_cast<std::uint8_t>(i);
        made.unmixed[i] =
            static_cast<std::uint32_t>(times(byte, 14)) | static_cast<std::uint32_t>(times(byte, 9)) << 8 |
            static_cast<std::uint32_t>(times(byte, 13)) << 16 | static_cast<std::uint32_t>(times(byte, 11)) << 24;
    }
    return made;
}();

inline std::uint32_t byte_of(std::uint32_t word, unsigned index) { return word >> (8 * index) & 0xff; }
inline std::uint32_t turned_left(std::uint32_t word, unsigned bits) {
    return bits ? word << bits | word >> (32 - bits) : word;
}

inline std::uint32_t substituted_word(std::uint32_t word) {
    std::uint32_t made = 0;
    for (unsigned i = 0; i < 4; ++i) made |= static_cast<std::uint32_t>(aes_tables.box[byte_of(word, i)]) << (8 * i);
    return made;
}
inline std::uint32_t unmixed_word(std::uint32_t word) {
    std::uint32_t made = 0;
    for (unsigned i = 0; i < 4; ++i) made ^= turned_left(aes_tables.unmixed[byte_of(word, i)], 8 * i);
    return made;
}

/// The first word of the block's decryption; `words` holds the key and takes the schedule.
inline std::uint32_t aes_first_word(std::uint32_t* words, unsigned key_words, const std::uint8_t* block) {
    const auto rounds = key_words + 6;
    std::uint32_t rcon = 1;
    for (unsigned i = key_words; i < 4 * (rounds + 1); ++i) {
        auto word = words[i - 1];
        if (i % key_words == 0) {
            word = substituted_word(turned_left(word, 24)) ^ rcon;
            rcon = times_x(static_cast<std::uint8_t>(rcon));
        } else if (key_words == 8 && i % 8 == 4)
            word = substituted_word(word);
        words[i] = words[i - key_words] ^ word;
    }
    std::uint32_t state[4], next[4];
    std::memcpy(state, block, sizeof state);
    for (unsigned i = 0; i < 4; ++i) state[i] ^= words[4 * rounds + i];
    for (unsigned round = rounds; round-- > 0;) {
        for (unsigned column = 0; column < 4; ++column) {
            std::uint32_t made = 0;
            for (unsigned row = 0; row < 4; ++row) // InvShiftRows and InvSubBytes
                made |= static_cast<std::uint32_t>(aes_tables.inverse[byte_of(state[(column + 4 - row) % 4], row)])
                        << (8 * row);
            made ^= words[4 * round + column];
            next[column] = round > 0 ? unmixed_word(made) : made;
        }
        std::memcpy(state, next, sizeof state);
    }
    return state[0];
}

}} // namespace ikescope::crypto::psk
// NOLINTEND(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
