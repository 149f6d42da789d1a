#pragma once
// MD5 (RFC 1321), SHA-1 and SHA2-256 (FIPS 180-4) over a vector of candidates. A known block comes as W[t] + K[t] of
// every step, a varying one as sixteen vectors of words in the hash's own byte order.

#include "crypto/psk_constants.hpp"
#include "crypto/psk_kernel.hpp"
#include "crypto/psk_lanes.hpp"

#include <utility>

// NOLINTBEGIN(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
// Indices stay far below 2^32, a key has four words or more, and everything here has internal linkage on purpose: one
// copy for every width.
namespace ikescope::crypto::psk { namespace {

/// Where the n-th of the `count` working variables stands at step t: they are renamed instead of moved.
constexpr unsigned turned(unsigned t, unsigned n, unsigned count) { return (n + count - t % count) % count; }

/// Calls `step` with every number below `count` as a compile-time constant.
template <unsigned count, class Step>
IKESCOPE_LANE void each(Step step) {
    [&]<unsigned... t>(std::integer_sequence<unsigned, t...>) __attribute__((always_inline)) {
        (step(std::integral_constant<unsigned, t>{}), ...);
    }
    (std::make_integer_sequence<unsigned, count>{});
}
#define IKESCOPE_EACH(t) [&](auto t) __attribute__((always_inline))

/// What the hashes have in common: working variables, feed-forward, and blocks as functions that are not inlined.
template <class Self, class V>
struct Hash {
    [[gnu::noinline]] static void known(V* state, const std::uint32_t* schedule) {
        compress(
            state, IKESCOPE_EACH(t) { return splat(schedule[t]); });
    }
    [[gnu::noinline]] static void varying(V* state, V* block) {
        compress(
            state, IKESCOPE_EACH(t) { return Self::template message<t>(block); });
    }

protected:
    template <class Word>
    IKESCOPE_LANE static void compress(V* state, Word word) {
        V working[Self::digest];
        each<Self::digest>(IKESCOPE_EACH(i) { working[i] = state[i]; });
        each<Self::steps>(IKESCOPE_EACH(t) { Self::template step<t>(working, word(t)); });
        each<Self::digest>(IKESCOPE_EACH(i) { state[i] = state[i] + working[i]; });
    }
};

struct Md5 : Hash<Md5, Chained> {
    using V = Chained;
    static constexpr unsigned number = md5, digest = 4, steps = 64;
    static constexpr const std::uint32_t* initial = md5_initial;
    static constexpr bool little = true;

    template <unsigned t>
    IKESCOPE_LANE static V message(const V* w) {
        return w[md5_word(t)] + splat(md5_constants[t]);
    }
    /// A block whose first `digest` words vary while the others are the same for all: `rest` holds W[t] + K[t] of those.
    [[gnu::noinline]] static void leading(V* state, V* words, const std::uint32_t* rest) {
        compress(
            state, IKESCOPE_EACH(t) {
                if constexpr (md5_word(t) < digest)
                    return message<t>(words);
                else
                    return splat(rest[t]);
            });
    }
    static constexpr void fold(const std::uint32_t* words, std::uint32_t* rest) {
        for (unsigned t = 0; t < steps; ++t) rest[t] = words[md5_word(t)] + md5_constants[t];
    }
    template <unsigned t, class Word>
    IKESCOPE_LANE static void step(V* s, const Word& word) {
        auto& a = s[turned(t, 0, 4)];
        const auto &b = s[turned(t, 1, 4)], &c = s[turned(t, 2, 4)], &d = s[turned(t, 3, 4)];
        a = rotate<md5_turn[t / 16][t % 4]>((a + word) + mixed<t>(b, c, d)) + b;
    }

private:
    template <unsigned t>
    IKESCOPE_LANE static V mixed(const V& b, const V& c, const V& d) {
        if constexpr (t < 16)
            return choose(b, c, d);
        else if constexpr (t < 32)
            return choose(d, b, c);
        else if constexpr (t < 48)
            return parity(b, c, d);
        else
            return md5_i(b, c, d);
    }
};

struct Sha1 : Hash<Sha1, Vec> {
    using V = Vec;
    static constexpr unsigned number = sha1, digest = 5, steps = 80;
    static constexpr const std::uint32_t* initial = sha1_initial;
    static constexpr bool little = false;

    template <unsigned t>
    IKESCOPE_LANE static V message(V* w) {
        if constexpr (t >= 16)
            w[t % 16] = rotate<1>(parity(w[(t - 3) % 16], w[(t - 8) % 16], w[(t - 14) % 16]) ^ w[t % 16]);
        return w[t % 16] + splat(sha1_constants[t / 20]);
    }
    /// A block whose first `digest` words vary while the others are the same for all. `rest` holds what these give to a
    /// step: W[t] + K[t] while they stand in the block, and behind it their part of what W[t] is the rotation of.
    [[gnu::noinline]] static void leading(V* state, V* words, const std::uint32_t* rest) {
        compress(
            state, IKESCOPE_EACH(t) {
                if constexpr (t < digest || t >= 2 * block_words)
                    return message<t>(words);
                else if constexpr (t < block_words)
                    return splat(rest[t]);
                else {
                    words[t % 16] = rotate<1>(varying_part<t>(words, splat(rest[t])));
                    return words[t % 16] + splat(sha1_constants[t / 20]);
                }
            });
    }
    static constexpr void fold(const std::uint32_t* words, std::uint32_t* rest) {
        for (unsigned t = 0; t < block_words; ++t) rest[t] = words[t] + sha1_constants[0];
        for (unsigned t = block_words; t < 2 * block_words; ++t)
            for (const auto back : terms)
                if (is_same(t - back)) rest[t] ^= words[t - back];
    }
    template <unsigned t>
    IKESCOPE_LANE static void step(V* s, const V& word) {
        const auto& a = s[turned(t, 0, 5)];
        auto& b = s[turned(t, 1, 5)];
        const auto &c = s[turned(t, 2, 5)], &d = s[turned(t, 3, 5)];
        auto& e = s[turned(t, 4, 5)];
        e = ((e + word) + mixed<t>(b, c, d)) + rotate<5>(a);
        b = rotate<30>(b);
    }

private:
    static constexpr unsigned terms[] = {3, 8, 14, 16}; ///< how far back the words stand of which W[t] is made
    static constexpr bool is_same(unsigned t) { return t >= digest && t < block_words; }
    /// The XOR of the terms that vary and of `same`.
    template <unsigned t, unsigned first = 0>
    IKESCOPE_LANE static V varying_part(const V* w, const V& same) {
        constexpr auto next = [](unsigned i) {
            while (i < 4 && is_same(t - terms[i])) ++i;
            return i;
        };
        constexpr auto one = next(first), two = next(one + 1);
        if constexpr (one >= 4)
            return same;
        else if constexpr (two >= 4)
            return w[(t - terms[one]) % 16] ^ same;
        else
            return varying_part<t, two + 1>(w, parity(w[(t - terms[one]) % 16], w[(t - terms[two]) % 16], same));
    }
    template <unsigned t>
    IKESCOPE_LANE static V mixed(const V& b, const V& c, const V& d) {
        if constexpr (t < 20)
            return choose(b, c, d);
        else if constexpr (t >= 40 && t < 60)
            return majority(b, c, d);
        else
            return parity(b, c, d);
    }
};

struct Sha256 : Hash<Sha256, Vec> {
    using V = Vec;
    static constexpr unsigned number = sha256, digest = 8, steps = 64;
    static constexpr const std::uint32_t* initial = sha256_initial;
    static constexpr bool little = false;

    template <unsigned t>
    IKESCOPE_LANE static V message(V* w) {
        if constexpr (t >= 16) {
            const auto early = w[(t - 15) % 16], late = w[(t - 2) % 16];
            w[t % 16] = (w[t % 16] + parity(rotate<25>(early), rotate<14>(early), shift_right<3>(early))) +
                        (w[(t - 7) % 16] + parity(rotate<15>(late), rotate<13>(late), shift_right<10>(late)));
        }
        return w[t % 16] + splat(sha256_constants[t]);
    }
    template <unsigned t>
    IKESCOPE_LANE static void step(V* s, const V& word) {
        const auto &a = s[turned(t, 0, 8)], &b = s[turned(t, 1, 8)], &c = s[turned(t, 2, 8)];
        auto& d = s[turned(t, 3, 8)];
        const auto &e = s[turned(t, 4, 8)], &f = s[turned(t, 5, 8)], &g = s[turned(t, 6, 8)];
        auto& h = s[turned(t, 7, 8)];
        const auto first = ((h + word) + choose(e, f, g)) + parity(rotate<26>(e), rotate<21>(e), rotate<7>(e));
        d = d + first;
        h = (first + majority(a, b, c)) + parity(rotate<30>(a), rotate<19>(a), rotate<10>(a));
    }
};

}} // namespace ikescope::crypto::psk
// NOLINTEND(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
