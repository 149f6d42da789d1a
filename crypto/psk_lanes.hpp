#pragma once
// A vector of 32 bit words, one per candidate, at the width that the including file is compiled for. Everything here
// and in the other psk_*.hpp of the kernels has internal linkage: two widths must not share a function.

#include <cstdint>
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

// NOLINTBEGIN(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
// Indices stay far below 2^32, a key has four words or more, and everything here has internal linkage on purpose: one
// copy for every width.
namespace ikescope::crypto::psk { namespace {

#if defined(__AVX512F__)
constexpr unsigned lane_count = 16;
#elif defined(__AVX2__)
constexpr unsigned lane_count = 8;
#else
constexpr unsigned lane_count = 4;
#endif

struct Vec {
    using Raw = std::uint32_t __attribute__((vector_size(4 * lane_count)));
    static constexpr unsigned words = lane_count;
    Raw raw;
};

#define IKESCOPE_LANE [[gnu::always_inline]] inline

IKESCOPE_LANE Vec load(const std::uint32_t* from) {
    Vec made;
    std::memcpy(&made.raw, from, sizeof made.raw);
    return made;
}
IKESCOPE_LANE void store(std::uint32_t* to, const Vec& from) { std::memcpy(to, &from.raw, sizeof from.raw); }
IKESCOPE_LANE Vec splat(std::uint32_t word) { return {Vec::Raw{} + word}; }

IKESCOPE_LANE Vec operator+(const Vec& a, const Vec& b) { return {a.raw + b.raw}; }
IKESCOPE_LANE Vec operator^(const Vec& a, const Vec& b) { return {a.raw ^ b.raw}; }
IKESCOPE_LANE Vec operator&(const Vec& a, const Vec& b) { return {a.raw & b.raw}; }
IKESCOPE_LANE Vec operator|(const Vec& a, const Vec& b) { return {a.raw | b.raw}; }
IKESCOPE_LANE Vec operator~(const Vec& a) { return {~a.raw}; }
template <int bits>
IKESCOPE_LANE Vec shift_right(const Vec& a) {
    return {a.raw >> bits};
}
template <int bits>
IKESCOPE_LANE Vec shift_left(const Vec& a) {
    return {a.raw << bits};
}

#if defined(__AVX512F__)
IKESCOPE_LANE __m512i bits_of(const Vec& a) { return reinterpret_cast<__m512i>(a.raw); }
IKESCOPE_LANE Vec vec_of(__m512i a) { return {reinterpret_cast<Vec::Raw>(a)}; }
/// Any function of three bits: bit 4a + 2b + c of `table`.
template <int table>
IKESCOPE_LANE Vec ternary(const Vec& a, const Vec& b, const Vec& c) {
    return vec_of(_mm512_ternarylogic_epi32(bits_of(a), bits_of(b), bits_of(c), table));
}
template <int bits>
IKESCOPE_LANE Vec rotate(const Vec& a) {
    return vec_of(_mm512_rol_epi32(bits_of(a), bits));
}
IKESCOPE_LANE Vec swap_bytes(const Vec& a) {
    const auto order = _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
    return vec_of(_mm512_shuffle_epi8(bits_of(a), order));
}
IKESCOPE_LANE Vec choose(const Vec& x, const Vec& y, const Vec& z) { return ternary<0xCA>(x, y, z); }
IKESCOPE_LANE Vec majority(const Vec& x, const Vec& y, const Vec& z) { return ternary<0xE8>(x, y, z); }
IKESCOPE_LANE Vec parity(const Vec& x, const Vec& y, const Vec& z) { return ternary<0x96>(x, y, z); }
IKESCOPE_LANE Vec md5_i(const Vec& x, const Vec& y, const Vec& z) { return ternary<0x39>(x, y, z); }
#else
template <int bits>
IKESCOPE_LANE Vec rotate(const Vec& a) {
    return {(a.raw << bits) | (a.raw >> (32 - bits))};
}
IKESCOPE_LANE Vec swap_bytes(const Vec& a) {
    const auto halves = rotate<16>(a);
    return (shift_right<8>(halves) & splat(0x00ff00ff)) | (shift_left<8>(halves) & splat(0xff00ff00));
}
IKESCOPE_LANE Vec choose(const Vec& x, const Vec& y, const Vec& z) { return z ^ (x & (y ^ z)); }
IKESCOPE_LANE Vec majority(const Vec& x, const Vec& y, const Vec& z) { return (x & y) ^ (z & (x ^ y)); }
IKESCOPE_LANE Vec parity(const Vec& x, const Vec& y, const Vec& z) { return x ^ y ^ z; }
IKESCOPE_LANE Vec md5_i(const Vec& x, const Vec& y, const Vec& z) { return y ^ (x | ~z); }
#endif

/// Two that go through the same steps, so that one works while the other waits.
template <class Half>
struct Pair {
    static constexpr unsigned words = 2 * Half::words;
    Half a, b;
};
/// As many as the registers hold, of a hash whose steps wait for each other (MD5).
#if defined(__AVX512F__)
using Chained = Pair<Pair<Vec>>;
#else
using Chained = Pair<Vec>;
#endif

template <class V>
IKESCOPE_LANE Pair<V> operator+(const Pair<V>& x, const Pair<V>& y) { return {x.a + y.a, x.b + y.b}; }
template <class V>
IKESCOPE_LANE Pair<V> operator+(const Pair<V>& x, const Vec& y) { return {x.a + y, x.b + y}; }
template <class V>
IKESCOPE_LANE Pair<V> operator^(const Pair<V>& x, const Pair<V>& y) { return {x.a ^ y.a, x.b ^ y.b}; }
template <class V>
IKESCOPE_LANE Pair<V> choose(const Pair<V>& x, const Pair<V>& y, const Pair<V>& z) {
    return {choose(x.a, y.a, z.a), choose(x.b, y.b, z.b)};
}
template <class V>
IKESCOPE_LANE Pair<V> parity(const Pair<V>& x, const Pair<V>& y, const Pair<V>& z) {
    return {parity(x.a, y.a, z.a), parity(x.b, y.b, z.b)};
}
template <class V>
IKESCOPE_LANE Pair<V> md5_i(const Pair<V>& x, const Pair<V>& y, const Pair<V>& z) {
    return {md5_i(x.a, y.a, z.a), md5_i(x.b, y.b, z.b)};
}
template <int bits, class V>
IKESCOPE_LANE Pair<V> rotate(const Pair<V>& x) {
    return {rotate<bits>(x.a), rotate<bits>(x.b)};
}

}} // namespace ikescope::crypto::psk
// NOLINTEND(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
