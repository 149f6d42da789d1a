#pragma once
// AES (FIPS 197) with the processor's instructions: one block under a key of its own per lane. Key schedules are
// computed in vectors of words, one candidate per lane; the blocks of four candidates then lie side by side in 128 bit
// quarters.

#include "crypto/psk_kernel.hpp"
#include "crypto/psk_lanes.hpp"

// NOLINTBEGIN(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
// Indices stay far below 2^32, a key has four words or more, and everything here has internal linkage on purpose: one
// copy for every width.
namespace ikescope::crypto::psk { namespace {

constexpr std::uint8_t aes_rcon[10] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1b, 0x36};

#if defined(__AVX512F__)
#if defined(__VAES__)
IKESCOPE_LANE __m512i last_encryption(__m512i x) { return _mm512_aesenclast_epi128(x, _mm512_setzero_si512()); }
IKESCOPE_LANE __m512i decryption(__m512i x, __m512i key) { return _mm512_aesdec_epi128(x, key); }
IKESCOPE_LANE __m512i last_decryption(__m512i x, __m512i key) { return _mm512_aesdeclast_epi128(x, key); }
/// InvMixColumns, for which the wide instructions have no name of their own.
IKESCOPE_LANE __m512i unmixed(__m512i x) { return decryption(last_encryption(x), _mm512_setzero_si512()); }
#else
template <class Step>
IKESCOPE_LANE __m512i quartered(__m512i x, __m512i key, Step step) {
    x = _mm512_inserti32x4(x, step(_mm512_extracti32x4_epi32(x, 0), _mm512_extracti32x4_epi32(key, 0)), 0);
    x = _mm512_inserti32x4(x, step(_mm512_extracti32x4_epi32(x, 1), _mm512_extracti32x4_epi32(key, 1)), 1);
    x = _mm512_inserti32x4(x, step(_mm512_extracti32x4_epi32(x, 2), _mm512_extracti32x4_epi32(key, 2)), 2);
    return _mm512_inserti32x4(x, step(_mm512_extracti32x4_epi32(x, 3), _mm512_extracti32x4_epi32(key, 3)), 3);
}
IKESCOPE_LANE __m512i last_encryption(__m512i x) {
    return quartered(x, x, [](__m128i part, __m128i) { return _mm_aesenclast_si128(part, _mm_setzero_si128()); });
}
IKESCOPE_LANE __m512i decryption(__m512i x, __m512i key) {
    return quartered(x, key, [](__m128i part, __m128i key_part) { return _mm_aesdec_si128(part, key_part); });
}
IKESCOPE_LANE __m512i last_decryption(__m512i x, __m512i key) {
    return quartered(x, key, [](__m128i part, __m128i key_part) { return _mm_aesdeclast_si128(part, key_part); });
}
IKESCOPE_LANE __m512i unmixed(__m512i x) {
    return quartered(x, x, [](__m128i part, __m128i) { return _mm_aesimc_si128(part); });
}
#endif
using AesBlocks = __m512i;
IKESCOPE_LANE AesBlocks blocks_of(const Vec& words) { return bits_of(words); }
IKESCOPE_LANE Vec words_of(AesBlocks blocks) { return vec_of(blocks); }
IKESCOPE_LANE AesBlocks repeated(__m128i block) { return _mm512_broadcast_i32x4(block); }
IKESCOPE_LANE AesBlocks shuffled(AesBlocks x, AesBlocks order) { return _mm512_shuffle_epi8(x, order); }
IKESCOPE_LANE AesBlocks low_words(AesBlocks x, AesBlocks y) { return _mm512_unpacklo_epi32(x, y); }
IKESCOPE_LANE AesBlocks high_words(AesBlocks x, AesBlocks y) { return _mm512_unpackhi_epi32(x, y); }
IKESCOPE_LANE AesBlocks low_pairs(AesBlocks x, AesBlocks y) { return _mm512_unpacklo_epi64(x, y); }
IKESCOPE_LANE AesBlocks high_pairs(AesBlocks x, AesBlocks y) { return _mm512_unpackhi_epi64(x, y); }
IKESCOPE_LANE AesBlocks sum(AesBlocks x, AesBlocks y) { return _mm512_xor_si512(x, y); }
#else
using AesBlocks = __m256i;
template <class Step>
IKESCOPE_LANE __m256i halved(__m256i x, __m256i key, Step step) {
    return _mm256_set_m128i(step(_mm256_extracti128_si256(x, 1), _mm256_extracti128_si256(key, 1)),
                            step(_mm256_castsi256_si128(x), _mm256_castsi256_si128(key)));
}
IKESCOPE_LANE __m256i last_encryption(__m256i x) {
    return halved(x, x, [](__m128i part, __m128i) { return _mm_aesenclast_si128(part, _mm_setzero_si128()); });
}
IKESCOPE_LANE __m256i decryption(__m256i x, __m256i key) {
    return halved(x, key, [](__m128i part, __m128i key_part) { return _mm_aesdec_si128(part, key_part); });
}
IKESCOPE_LANE __m256i last_decryption(__m256i x, __m256i key) {
    return halved(x, key, [](__m128i part, __m128i key_part) { return _mm_aesdeclast_si128(part, key_part); });
}
IKESCOPE_LANE __m256i unmixed(__m256i x) {
    return halved(x, x, [](__m128i part, __m128i) { return _mm_aesimc_si128(part); });
}
IKESCOPE_LANE AesBlocks blocks_of(const Vec& words) { return reinterpret_cast<__m256i>(words.raw); }
IKESCOPE_LANE Vec words_of(AesBlocks blocks) { return {reinterpret_cast<Vec::Raw>(blocks)}; }
IKESCOPE_LANE AesBlocks repeated(__m128i block) { return _mm256_broadcastsi128_si256(block); }
IKESCOPE_LANE AesBlocks shuffled(AesBlocks x, AesBlocks order) { return _mm256_shuffle_epi8(x, order); }
IKESCOPE_LANE AesBlocks low_words(AesBlocks x, AesBlocks y) { return _mm256_unpacklo_epi32(x, y); }
IKESCOPE_LANE AesBlocks high_words(AesBlocks x, AesBlocks y) { return _mm256_unpackhi_epi32(x, y); }
IKESCOPE_LANE AesBlocks low_pairs(AesBlocks x, AesBlocks y) { return _mm256_unpacklo_epi64(x, y); }
IKESCOPE_LANE AesBlocks high_pairs(AesBlocks x, AesBlocks y) { return _mm256_unpackhi_epi64(x, y); }
IKESCOPE_LANE AesBlocks sum(AesBlocks x, AesBlocks y) { return _mm256_xor_si256(x, y); }
#endif

/// SubBytes of every byte: the instruction's ShiftRows is undone beforehand.
IKESCOPE_LANE Vec substituted(const Vec& words) {
    const auto unshifted = repeated(_mm_set_epi8(3, 6, 9, 12, 15, 2, 5, 8, 11, 14, 1, 4, 7, 10, 13, 0));
    return words_of(last_encryption(shuffled(blocks_of(words), unshifted)));
}

constexpr unsigned most_aes_words = 60;

/// FIPS 197 section 5.2, words in memory order: RotWord turns to the right here.
IKESCOPE_LANE void aes_schedule(Vec* words, unsigned key_words, unsigned count) {
    for (unsigned i = key_words; i < count; ++i) {
        auto word = words[i - 1];
        if (i % key_words == 0)
            word = substituted(rotate<24>(word)) ^ splat(aes_rcon[i / key_words - 1]);
        else if (key_words == 8 && i % 8 == 4)
            word = substituted(word);
        words[i] = words[i - key_words] ^ word;
    }
}

/// Four vectors of words become the blocks of candidates 4g + 0 … 4g + 3 in quarter g.
IKESCOPE_LANE void to_blocks(const Vec* words, AesBlocks* blocks) {
    const auto a = blocks_of(words[0]), b = blocks_of(words[1]), c = blocks_of(words[2]), d = blocks_of(words[3]);
    const auto ab = low_words(a, b), cd = low_words(c, d), ab_high = high_words(a, b), cd_high = high_words(c, d);
    blocks[0] = low_pairs(ab, cd);
    blocks[1] = high_pairs(ab, cd);
    blocks[2] = low_pairs(ab_high, cd_high);
    blocks[3] = high_pairs(ab_high, cd_high);
}

inline unsigned aes_check_with_instructions(const std::uint32_t* ka, unsigned key_words, const BlockCheck& check,
                                            std::uint16_t* slots) {
    const auto rounds = key_words + 6, count = 4 * (rounds + 1);
    __m128i ciphertext;
    std::memcpy(&ciphertext, check.block, sizeof ciphertext);
    const auto start = repeated(ciphertext);
    unsigned found = 0;
    for (unsigned vector = 0; vector < vectors_per_batch; ++vector) {
        Vec words[most_aes_words];
        for (unsigned i = 0; i < key_words; ++i) words[i] = load(ka + (vector * key_words + i) * Vec::words);
        aes_schedule(words, key_words, count);
        AesBlocks key[4], state[4];
        to_blocks(words + 4 * rounds, key);
        for (unsigned i = 0; i < 4; ++i) state[i] = sum(start, key[i]);
        for (unsigned round = rounds - 1; round > 0; --round) {
            to_blocks(words + 4 * round, key);
            for (unsigned i = 0; i < 4; ++i) state[i] = decryption(state[i], unmixed(key[i]));
        }
        to_blocks(words, key);
        std::uint32_t plain[4 * Vec::words];
        for (unsigned i = 0; i < 4; ++i) store(plain + i * Vec::words, words_of(last_decryption(state[i], key[i])));
        for (unsigned lane = 0; lane < Vec::words; ++lane)
            if (((plain[lane % 4 * Vec::words + lane / 4 * 4] ^ check.iv) & check.mask) == check.value)
                slots[found++] = static_cast<std::uint16_t>(vector * Vec::words + lane);
    }
    return found;
}

}} // namespace ikescope::crypto::psk
// NOLINTEND(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
