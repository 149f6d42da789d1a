#pragma once
// What the search kernels are given and what they give: plain numbers and pointers only. Each vector width is compiled
// in a file of its own with its own instruction set, so nothing that another file might share may be instantiated
// there.
//
// A batch is 32 vectors of `lanes` candidates. Wherever a kernel reads or writes `n` words per candidate, they lie as
//     [vector 0: word 0 of all lanes, word 1 of all lanes, … word n-1] [vector 1: …] … [vector 31: …]

#include <cstdint>

namespace ikescope::crypto::psk {

inline constexpr unsigned vectors_per_batch = 32;
inline constexpr unsigned block_words = 16;      ///< of a hash block
inline constexpr unsigned most_digest_words = 8; ///< SHA2-256
inline constexpr unsigned most_key_words = 8;    ///< AES-256
inline constexpr unsigned most_lanes = 16;

/// The hashes that have kernels, in the order of Kernel's tables.
inline constexpr unsigned md5 = 0, sha1 = 1, sha256 = 2, vector_hashes = 3;
inline constexpr unsigned digest_words[vector_hashes] = {4, 5, 8};
inline constexpr unsigned hash_steps[vector_hashes] = {64, 80, 64};

/// Message blocks that are the same for all candidates, as W[t] + K[t] of every step: padded, the key block counted in.
struct KnownBlocks {
    const std::uint32_t* schedule = nullptr;
    unsigned count = 0;
};

/// A message that begins with a digest of each candidate: its first block (the digest's words are left out), then known
/// blocks.
struct DigestFirst {
    std::uint32_t block[block_words] = {};
    KnownBlocks rest;
};

/// SKEYID_d, SKEYID_a, SKEYID_e and Ka (RFC 2409 section 5 and appendix B).
struct KeyChain {
    KnownBlocks d;          ///< g^xy | CKY-I | CKY-R | 0
    DigestFirst a, e;       ///< SKEYID_d or SKEYID_a | g^xy | CKY-I | CKY-R | number
    KnownBlocks zero;       ///< one octet of zero, from which K1 is made
    unsigned key_words = 0; ///< of Ka
};

/// One block of CBC under each candidate's key, and what its first four plaintext bytes must be; words in memory order.
struct BlockCheck {
    std::uint32_t iv = 0; ///< first four bytes
    std::uint8_t block[16] = {};
    std::uint32_t mask = 0, value = 0;
};

struct Kernel {
    const char* name;
    unsigned lanes;
    /// HMAC's inner and outer state (2 * digest_words) under each key; of each key `words` words are not zero.
    void (*pads[vector_hashes])(const std::uint32_t* keys, unsigned words, std::uint32_t* states);
    /// The states under key = HMAC(message).
    void (*derive[vector_hashes])(const std::uint32_t* states, const KnownBlocks& message, std::uint32_t* derived);
    /// Slots for which HMAC(message) begins with `expected`; returns how many.
    unsigned (*compare[vector_hashes])(const std::uint32_t* states, const KnownBlocks& message, std::uint32_t expected,
                                       std::uint16_t* slots);
    /// Ka under the states of SKEYID, `key_words` words in memory order.
    void (*keys[vector_hashes])(const std::uint32_t* states, const KeyChain& chain, std::uint32_t* ka);
    /// Slots whose Ka opens the block to what it must be.
    unsigned (*des)(const std::uint32_t* ka, unsigned key_words, const BlockCheck& check, std::uint16_t* slots);
    unsigned (*aes)(const std::uint32_t* ka, unsigned key_words, const BlockCheck& check, std::uint16_t* slots);
};

#if defined(__x86_64__)
extern const Kernel avx512_kernel, avx2_kernel;
/// Kernel::aes for processors with AVX-512 that have VAES as well.
unsigned vaes_check(const std::uint32_t* ka, unsigned key_words, const BlockCheck& check, std::uint16_t* slots);
#endif
extern const Kernel portable_kernel;

} // namespace ikescope::crypto::psk
