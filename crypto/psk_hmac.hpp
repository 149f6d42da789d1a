#pragma once
// HMAC (RFC 2104) and what IKE makes of it, over a batch of candidates: Kernel's tables of functions per hash.

#include "crypto/psk_hash.hpp"

// NOLINTBEGIN(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
// Indices stay far below 2^32, a key has four words or more, and everything here has internal linkage on purpose: one
// copy for every width.
namespace ikescope::crypto::psk { namespace {

/// Words of a batch: those of a vector, or of several that go together.
template <class V>
struct Words {
    IKESCOPE_LANE static V get(const std::uint32_t* from, unsigned) { return load(from); }
    IKESCOPE_LANE static void put(std::uint32_t* to, unsigned, const V& value) { store(to, value); }
    IKESCOPE_LANE static V filled(std::uint32_t word) { return splat(word); }
};
template <class Half>
struct Words<Pair<Half>> {
    using Each = Words<Half>;
    IKESCOPE_LANE static Pair<Half> get(const std::uint32_t* from, unsigned per_candidate) {
        return {Each::get(from, per_candidate), Each::get(from + per_candidate * Half::words, per_candidate)};
    }
    IKESCOPE_LANE static void put(std::uint32_t* to, unsigned per_candidate, const Pair<Half>& value) {
        Each::put(to, per_candidate, value.a);
        Each::put(to + per_candidate * Half::words, per_candidate, value.b);
    }
    IKESCOPE_LANE static Pair<Half> filled(std::uint32_t word) { return {Each::filled(word), Each::filled(word)}; }
};
template <class V>
IKESCOPE_LANE V get(const std::uint32_t* words, unsigned per_candidate, unsigned vector, unsigned word) {
    return Words<V>::get(words + (vector * per_candidate + word) * Vec::words, per_candidate);
}
template <class V>
IKESCOPE_LANE void put(std::uint32_t* words, unsigned per_candidate, unsigned vector, unsigned word, const V& value) {
    Words<V>::put(words + (vector * per_candidate + word) * Vec::words, per_candidate, value);
}
template <class V>
IKESCOPE_LANE V filled(std::uint32_t word) {
    return Words<V>::filled(word);
}
/// Between the hash's byte order and the memory's.
template <class H>
IKESCOPE_LANE typename H::V reordered(const typename H::V& words) {
    if constexpr (H::little)
        return words;
    else
        return swap_bytes(words);
}

constexpr std::uint32_t inner_pad = 0x36363636, outer_pad = 0x5c5c5c5c;

/// What follows the words of a key or a digest in their block: HMAC's padding, or the end of a message of 64 + digest bytes.
enum class Rest : std::uint8_t { inner, outer, end };
template <class H, Rest rest>
constexpr std::uint32_t rest_word(unsigned i) {
    if constexpr (rest != Rest::end) return rest == Rest::inner ? inner_pad : outer_pad;
    if (i == H::digest) return H::little ? 0x80 : 0x80000000;
    return i == (H::little ? 14 : 15) ? 8 * (64 + 4 * H::digest) : 0;
}
/// What it gives to the hash's steps.
template <class H, Rest rest>
struct RestSchedule {
    std::uint32_t steps[H::steps] = {};
    constexpr RestSchedule() {
        std::uint32_t words[block_words] = {};
        for (unsigned i = H::digest; i < block_words; ++i) words[i] = rest_word<H, rest>(i);
        H::fold(words, steps);
    }
};
template <class H, Rest rest>
constexpr RestSchedule<H, rest> rest_schedule;
/// SHA2-256 expands such a block like any other: half of its words vary.
template <class H>
concept Folds = requires { H::leading; };

template <class H>
struct Hmac {
    using V = typename H::V;
    static constexpr unsigned digest = H::digest, vectors = V::words / Vec::words, states_words = 2 * digest;

    static void pads(const std::uint32_t* keys, unsigned words, std::uint32_t* states) {
        for (unsigned vector = 0; vector < vectors_per_batch; vector += vectors)
            pads_of(states, vector, words,
                    [&](unsigned i) { return reordered<H>(get<V>(keys, block_words, vector, i)); });
    }

    static void derive(const std::uint32_t* states, const KnownBlocks& message, std::uint32_t* derived) {
        for (unsigned vector = 0; vector < vectors_per_batch; vector += vectors) {
            V key[digest];
            of_known(states, vector, message, key);
            pads_of(derived, vector, digest, [&](unsigned i) { return key[i]; });
        }
    }

    static unsigned compare(const std::uint32_t* states, const KnownBlocks& message, std::uint32_t expected,
                            std::uint16_t* slots) {
        unsigned found = 0;
        for (unsigned vector = 0; vector < vectors_per_batch; vector += vectors) {
            V mac[digest];
            of_known(states, vector, message, mac);
            std::uint32_t first[V::words];
            put(first, 1, 0, 0, mac[0]);
            for (unsigned i = 0; i < V::words; ++i)
                if (first[i] == expected) slots[found++] = static_cast<std::uint16_t>(vector * Vec::words + i);
        }
        return found;
    }

    static void keys(const std::uint32_t* states, const KeyChain& chain, std::uint32_t* ka) {
        for (unsigned vector = 0; vector < vectors_per_batch; vector += vectors) {
            V mac[digest];
            of_known(states, vector, chain.d, mac);
            of_digest(states, vector, chain.a, mac);
            of_digest(states, vector, chain.e, mac);
            if (chain.key_words > digest)
                expand(chain, vector, mac, ka);
            else
                give(ka, chain.key_words, vector, 0, mac);
        }
    }

private:
    /// K1 = prf(SKEYID_e, 0), K2 = prf(SKEYID_e, K1), …
    static void expand(const KeyChain& chain, unsigned vector, V* mac, std::uint32_t* ka) {
        std::uint32_t states[2 * most_digest_words * V::words];
        pads_of(states, 0, digest, [&](unsigned i) { return mac[i]; });
        of_known(states, 0, chain.zero, mac);
        give(ka, chain.key_words, vector, 0, mac);
        for (unsigned done = digest; done < chain.key_words; done += digest) {
            end_with(states, 0, 0, mac);
            finish(states, 0, mac);
            give(ka, chain.key_words, vector, done, mac);
        }
    }
    static void give(std::uint32_t* ka, unsigned key_words, unsigned vector, unsigned done, const V* mac) {
        for (unsigned i = 0; i < digest && done + i < key_words; ++i)
            put(ka, key_words, vector, done + i, reordered<H>(mac[i]));
    }

    /// A block of `digest` words, which may be changed, and a rest.
    template <Rest rest>
    IKESCOPE_LANE static void last(V* state, V* words) {
        if constexpr (Folds<H>)
            H::leading(state, words, rest_schedule<H, rest>.steps);
        else {
            V block[block_words];
            for (unsigned i = 0; i < block_words; ++i) block[i] = i < digest ? words[i] : filled<V>(rest_word<H, rest>(i));
            H::varying(state, block);
        }
    }
    template <class Key>
    IKESCOPE_LANE static void pads_of(std::uint32_t* states, unsigned vector, unsigned words, Key key) {
        pad_of<Rest::inner>(states, vector, words, key);
        pad_of<Rest::outer>(states, vector, words, key);
    }
    template <Rest rest, class Key>
    IKESCOPE_LANE static void pad_of(std::uint32_t* states, unsigned vector, unsigned words, Key key) {
        const auto padding = filled<V>(rest_word<H, rest>(0));
        V block[block_words], state[digest];
        const auto fill = [&](unsigned count) __attribute__((always_inline)) {
            for (unsigned i = 0; i < count; ++i) block[i] = i < words ? key(i) ^ padding : padding;
        };
        for (unsigned i = 0; i < digest; ++i) state[i] = filled<V>(H::initial[i]);
        if (Folds<H> && words <= digest) {
            fill(digest);
            last<rest>(state, block);
        } else {
            fill(block_words);
            H::varying(state, block);
        }
        for (unsigned i = 0; i < digest; ++i) put(states, states_words, vector, (rest == Rest::outer) * digest + i, state[i]);
    }
    IKESCOPE_LANE static void begin(const std::uint32_t* states, unsigned vector, unsigned outer, V* state) {
        for (unsigned i = 0; i < digest; ++i) state[i] = get<V>(states, states_words, vector, outer * digest + i);
    }
    IKESCOPE_LANE static void go_on(const KnownBlocks& blocks, V* state) {
        for (unsigned i = 0; i < blocks.count; ++i) H::known(state, blocks.schedule + i * H::steps);
    }
    /// The inner or outer hash of a digest, which it replaces.
    IKESCOPE_LANE static void end_with(const std::uint32_t* states, unsigned vector, unsigned outer, V* mac) {
        V words[block_words];
        for (unsigned i = 0; i < digest; ++i) words[i] = mac[i];
        begin(states, vector, outer, mac);
        last<Rest::end>(mac, words);
    }
    IKESCOPE_LANE static void finish(const std::uint32_t* states, unsigned vector, V* mac) { end_with(states, vector, 1, mac); }
    IKESCOPE_LANE static void of_known(const std::uint32_t* states, unsigned vector, const KnownBlocks& message,
                                       V* mac) {
        begin(states, vector, 0, mac);
        go_on(message, mac);
        finish(states, vector, mac);
    }
    /// HMAC of a message that begins with `mac`, which it replaces.
    IKESCOPE_LANE static void of_digest(const std::uint32_t* states, unsigned vector, const DigestFirst& message,
                                        V* mac) {
        V block[block_words];
        for (unsigned i = 0; i < block_words; ++i) block[i] = i < digest ? mac[i] : filled<V>(message.block[i]);
        begin(states, vector, 0, mac);
        H::varying(mac, block);
        go_on(message.rest, mac);
        finish(states, vector, mac);
    }
};

}} // namespace ikescope::crypto::psk
// NOLINTEND(bugprone-implicit-widening-of-multiplication-result,bugprone-macro-parentheses,misc-definitions-in-headers,clang-analyzer-core.*)
