#pragma once
// DES and 3DES (FIPS 46-3) bit by bit: 32 vectors of keys are turned so that a vector holds one key bit of every
// candidate of the batch, and the S-boxes become logic (Biham, "A Fast New DES Implementation in Software", 1997).

#include "crypto/psk_hash.hpp"
#include "crypto/psk_kernel.hpp"

// NOLINTBEGIN(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
// Indices stay far below 2^32, a key has four words or more, and everything here has internal linkage on purpose: one
// copy for every width.
namespace ikescope::crypto::psk { namespace {

constexpr std::uint8_t des_boxes[8][4][16] = {{{14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7},
                                               {0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8},
                                               {4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0},
                                               {15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13}},
                                              {{15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10},
                                               {3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5},
                                               {0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15},
                                               {13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9}},
                                              {{10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8},
                                               {13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1},
                                               {13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7},
                                               {1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12}},
                                              {{7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15},
                                               {13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9},
                                               {10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4},
                                               {3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14}},
                                              {{2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9},
                                               {14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6},
                                               {4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14},
                                               {11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3}},
                                              {{12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11},
                                               {10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8},
                                               {9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6},
                                               {4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13}},
                                              {{4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1},
                                               {13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6},
                                               {1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2},
                                               {6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12}},
                                              {{13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7},
                                               {1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2},
                                               {7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8},
                                               {2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11}}};

// The permutations as the standard prints them: bits are counted from 1, the most significant first.
constexpr std::uint8_t des_p[32] = {16, 7, 20, 21, 29, 12, 28, 17, 1,  15, 23, 26, 5,  18, 31, 10,
                                    2,  8, 24, 14, 32, 27, 3,  9,  19, 13, 30, 6,  22, 11, 4,  25};
constexpr std::uint8_t des_pc1[56] = {57, 49, 41, 33, 25, 17, 9,  1,  58, 50, 42, 34, 26, 18, 10, 2,  59, 51, 43,
                                      35, 27, 19, 11, 3,  60, 52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7,  62, 54,
                                      46, 38, 30, 22, 14, 6,  61, 53, 45, 37, 29, 21, 13, 5,  28, 20, 12, 4};
constexpr std::uint8_t des_pc2[48] = {14, 17, 11, 24, 1,  5,  3,  28, 15, 6,  21, 10, 23, 19, 12, 4,
                                      26, 8,  16, 7,  27, 20, 13, 2,  41, 52, 31, 37, 47, 55, 30, 40,
                                      51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32};
constexpr std::uint8_t des_shifts[16] = {1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1};

/// IP, counted from 0: where bit i comes from.
constexpr unsigned des_ip(unsigned i) {
    const auto row = i / 8, column = i % 8;
    return 8 * (7 - column) + (row < 4 ? 2 * row + 1 : 2 * (row - 4));
}
/// Where a bit that the standard counts stands in a little-endian word of its bytes.
constexpr unsigned in_memory(unsigned bit) { return 8 * (bit / 8) + 7 - bit % 8; }

/// For each round and each bit that enters the S-boxes: the bit of the 64 bit key, as in_memory() counts.
struct DesSchedule {
    std::uint8_t bit[16][48];
};
constexpr DesSchedule des_schedule = [] {
    DesSchedule made{};
    unsigned shift = 0;
    for (unsigned round = 0; round < 16; ++round) {
        shift += des_shifts[round];
        for (unsigned i = 0; i < 48; ++i) {
            const unsigned at = des_pc2[i] - 1U, half = at / 28 * 28;
            made.bit[round][i] = static_cast<std::uint8_t>(in_memory(des_pc1[half + (at - half + shift) % 28] - 1U));
        }
    }
    return made;
}();
/// Where the bits of f go: the inverse of P.
struct DesOutput {
    std::uint8_t to[32];
};
constexpr DesOutput des_output = [] {
    DesOutput made{};
    for (unsigned i = 0; i < 32; ++i) made.to[des_p[i] - 1] = static_cast<std::uint8_t>(i);
    return made;
}();

/// An output bit of an S-box as a truth table: input bit k of the standard's six is bit k of the index.
constexpr std::uint64_t des_table(unsigned box, unsigned output) {
    std::uint64_t table = 0;
    for (unsigned index = 0; index < 64; ++index) {
        const auto in = [&](unsigned k) { return index >> k & 1; };
        const auto value = des_boxes[box][2 * in(0) + in(5)][8 * in(1) + 4 * in(2) + 2 * in(3) + in(4)];
        table |= static_cast<std::uint64_t>(value >> (3 - output) & 1) << index;
    }
    return table;
}

/// Any function of `inputs` bits, as a tree of choices; equal branches are computed once.
template <unsigned inputs, std::uint64_t table>
IKESCOPE_LANE Vec evaluate(const Vec* x) {
    constexpr auto half = 1U << (inputs - 1);
    constexpr auto all = ~std::uint64_t{0} >> (64 - half), low = table & all, high = table >> half;
#if defined(__AVX512F__)
    if constexpr (inputs == 3) return ternary<static_cast<int>(table)>(x[2], x[1], x[0]);
#endif
    const auto& by = x[inputs - 1];
    if constexpr (inputs == 1)
        return low == high ? splat(low ? ~0U : 0U) : low ? ~by : by;
    else if constexpr (low == high)
        return evaluate<inputs - 1, low>(x);
    else if constexpr (low == (high ^ all))
        return by ^ evaluate<inputs - 1, low>(x);
    else if constexpr (low == 0)
        return by & evaluate<inputs - 1, high>(x);
    else if constexpr (high == 0)
        return ~by & evaluate<inputs - 1, low>(x);
    else if constexpr (low == all)
        return ~by | evaluate<inputs - 1, high>(x);
    else if constexpr (high == all)
        return by | evaluate<inputs - 1, low>(x);
    else
        return choose(by, evaluate<inputs - 1, high>(x), evaluate<inputs - 1, low>(x));
}

/// left ^= f(right, round key); `key` are the 64 sliced bits of a DES key.
[[gnu::noinline]] inline void des_round(Vec* left, const Vec* right, const Vec* key, const std::uint8_t* bits) {
    each<8>(IKESCOPE_EACH(box) {
        Vec in[6];
        each<6>(IKESCOPE_EACH(i) { in[i] = right[(4 * box + i + 31) % 32] ^ key[bits[6 * box + i]]; });
        each<4>(IKESCOPE_EACH(output) {
            constexpr auto to = des_output.to[4 * box + output];
            left[to] = left[to] ^ evaluate<6, des_table(box, output)>(in);
        });
    });
}

/// Between IP and its inverse: sixteen rounds and the exchange of the halves.
inline void des_rounds(Vec*& left, Vec*& right, const Vec* key, bool decrypt) {
    for (unsigned round = 0; round < 16; ++round) {
        des_round(left, right, key, des_schedule.bit[decrypt ? 15 - round : round]);
        std::swap(left, right);
    }
    std::swap(left, right);
}

/// Turns 32 vectors of words: bit b of vector v becomes bit v of vector b, in each lane.
template <unsigned step = 16>
IKESCOPE_LANE void turn(Vec* rows) {
    constexpr std::uint32_t masks[] = {0, 0x55555555, 0x33333333, 0, 0x0f0f0f0f, 0, 0, 0,         0x00ff00ff,
                                       0, 0,          0,          0, 0,          0, 0, 0x0000ffff};
    const auto mask = splat(masks[step]);
    for (unsigned row = 0; row < 32; row = (row + step + 1) & ~step) {
        const auto differing = (shift_right<step>(rows[row]) ^ rows[row + step]) & mask;
        rows[row + step] = rows[row + step] ^ differing;
        rows[row] = rows[row] ^ shift_left<step>(differing);
    }
    if constexpr (step > 1) turn<step / 2>(rows);
}

inline unsigned des_check(const std::uint32_t* ka, unsigned key_words, const BlockCheck& check, std::uint16_t* slots) {
    Vec key[6 * 32], halves[2][32];
    for (unsigned word = 0; word < key_words; ++word) {
        for (unsigned vector = 0; vector < 32; ++vector)
            key[32 * word + vector] = load(ka + (vector * key_words + word) * Vec::words);
        turn(key + 32 * word);
    }
    const auto bit_of = [&](unsigned bit) { return check.block[bit / 8] >> (7 - bit % 8) & 1; };
    for (unsigned i = 0; i < 64; ++i) halves[i / 32][i % 32] = splat(bit_of(des_ip(i)) ? ~0U : 0U);
    auto *left = halves[0], *right = halves[1];
    if (key_words == 6) {
        des_rounds(left, right, key + 128, true);
        des_rounds(left, right, key + 64, false);
    }
    des_rounds(left, right, key, true);
    auto wrong = splat(0);
    for (unsigned i = 0; i < 64; ++i) {
        const auto bit = des_ip(i);
        if (bit >= 32 || !(check.mask >> in_memory(bit) & 1)) continue;
        const auto wanted = splat((check.value ^ check.iv) >> in_memory(bit) & 1 ? ~0U : 0U);
        wrong = wrong | ((i < 32 ? left[i] : right[i - 32]) ^ wanted);
    }
    std::uint32_t lanes[Vec::words];
    store(lanes, wrong);
    unsigned found = 0;
    for (unsigned lane = 0; lane < Vec::words; ++lane)
        for (auto hits = ~lanes[lane]; hits; hits &= hits - 1)
            slots[found++] = static_cast<std::uint16_t>(static_cast<unsigned>(__builtin_ctz(hits)) * Vec::words + lane);
    return found;
}

}} // namespace ikescope::crypto::psk
// NOLINTEND(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
