// Message schedules ahead of time, and what tests share.

#include "crypto/psk.hpp"
#include "crypto/psk_constants.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace ikescope::crypto::psk {
namespace {

constexpr std::size_t block_bytes = 64;

/// The kernel's number of a prf, or vector_hashes.
unsigned number_of(PrfId prf) {
    switch (prf) {
    case PrfId::hmac_md5: return md5;
    case PrfId::hmac_sha1: return sha1;
    case PrfId::hmac_sha256: return sha256;
    default: return vector_hashes;
    }
}
unsigned number_of(HashId hash) {
    const auto number = static_cast<unsigned>(hash);
    static_assert(static_cast<unsigned>(HashId::md5) == md5 && static_cast<unsigned>(HashId::sha256) == sha256);
    return number < vector_hashes ? number : vector_hashes;
}

std::uint32_t word_at(Bytes bytes, std::size_t at, bool little) {
    const auto four = bytes.subspan(at, 4);
    return static_cast<std::uint32_t>(little ? little_endian(four) : big_endian(four));
}

using Words = std::array<std::uint32_t, block_words>;
using Schedule = std::vector<std::uint32_t>;

void expand_md5(Words words, Schedule& out) {
    for (unsigned t = 0; t < 64; ++t) out.push_back(words[md5_word(t)] + md5_constants[t]);
}
void expand_sha1(Words words, Schedule& out) {
    for (unsigned t = 0; t < 80; ++t) {
        auto& word = words[t % 16];
        if (t >= 16) word = std::rotl(word ^ words[(t - 3) % 16] ^ words[(t - 8) % 16] ^ words[(t - 14) % 16], 1);
        out.push_back(word + sha1_constants[t / 20]);
    }
}
void expand_sha256(Words words, Schedule& out) {
    for (unsigned t = 0; t < 64; ++t) {
        auto& word = words[t % 16];
        if (t >= 16) {
            const auto early = words[(t - 15) % 16], late = words[(t - 2) % 16];
            word += (std::rotr(early, 7) ^ std::rotr(early, 18) ^ early >> 3) + words[(t - 7) % 16] +
                    (std::rotr(late, 17) ^ std::rotr(late, 19) ^ late >> 10);
        }
        out.push_back(word + sha256_constants[t]);
    }
}

Words words_of(unsigned hash, Bytes block) {
    Words words{};
    for (unsigned i = 0; i < block_words; ++i) words[i] = word_at(block, std::size_t{4} * i, hash == md5);
    return words;
}

/// The message with its padding; `before` bytes were hashed already (RFC 1321 section 3.1, FIPS 180-4 section 5.1.1).
Buffer padded(unsigned hash, Bytes message, std::size_t before) {
    Buffer bytes(message.begin(), message.end());
    bytes.push_back(0x80);
    while (bytes.size() % block_bytes != block_bytes - 8) bytes.push_back(0);
    const std::uint64_t bits = 8 * (before + message.size());
    for (unsigned i = 0; i < 8; ++i) bytes.push_back(static_cast<Byte>(bits >> (hash == md5 ? 8 * i : 56 - 8 * i)));
    return bytes;
}

bool same_keys(const CipherTest& a, const CipherTest& b) {
    return a.suite.cipher == b.suite.cipher && a.suite.key_bytes == b.suite.key_bytes && a.shared == b.shared &&
           a.cookies == b.cookies;
}

std::uint32_t in_memory_order(std::uint32_t wire) {
    return wire >> 24 | (wire >> 8 & 0xff00) | (wire << 8 & 0xff0000) | wire << 24;
}

BlockCheck check_of(const CipherTest& test) {
    BlockCheck check;
    check.iv = word_at(test.iv, 0, true);
    std::ranges::copy(test.block, check.block);
    check.mask = in_memory_order(test.mask);
    check.value = in_memory_order(test.value & test.mask);
    return check;
}

unsigned hash_of(const KeyTest& test) {
    if (const auto* mac = std::get_if<MacTest>(&test)) return number_of(mac->prf);
    const auto& suite = std::get<CipherTest>(test).suite;
    const bool has_kernel =
        suite.cipher == CipherId::des_cbc || suite.cipher == CipherId::des3_cbc || suite.cipher == CipherId::aes_cbc;
    return has_kernel ? number_of(suite.hash) : vector_hashes;
}

} // namespace

bool is_vectorized(const KeyTest& test) { return hash_of(test) < vector_hashes; }

Plan::Plan(std::vector<KeyTest> tests) : tests_(std::move(tests)) {
    for (std::size_t i = 0; i < tests_.size(); ++i) {
        const auto hash = hash_of(tests_[i]);
        if (hash == vector_hashes)
            scalar_.push_back(i);
        else if (const auto* mac = std::get_if<MacTest>(&tests_[i]))
            derivation(hash, mac->first)
                .macs.push_back({i, known(hash, mac->second, block_bytes), word_at(mac->expected, 0, hash == md5)});
        else {
            const auto& cipher = std::get<CipherTest>(tests_[i]);
            chain(derivation(hash, cipher.nonces), hash, cipher).blocks.push_back({i, check_of(cipher)});
        }
    }
}

Plan::~Plan() {
    for (auto& schedule : schedules_) wipe({reinterpret_cast<Byte*>(schedule.data()), 4 * schedule.size()}); // of g^xy
}

KnownBlocks Plan::schedule(unsigned hash, Bytes blocks) {
    constexpr decltype(&expand_md5) expand[vector_hashes] = {expand_md5, expand_sha1, expand_sha256};
    auto& words = schedules_.emplace_back();
    for (std::size_t at = 0; at < blocks.size(); at += block_bytes)
        expand[hash](words_of(hash, blocks.subspan(at, block_bytes)), words);
    return {words.data(), static_cast<unsigned>(blocks.size() / block_bytes)};
}

KnownBlocks Plan::known(unsigned hash, Bytes message, std::size_t before) {
    return schedule(hash, padded(hash, message, before));
}

DigestFirst Plan::digest_first(unsigned hash, Bytes tail) {
    const auto bytes = padded(hash, joined({Buffer(std::size_t{4} * digest_words[hash]), tail}), block_bytes);
    DigestFirst made;
    std::ranges::copy(words_of(hash, Bytes(bytes).first(block_bytes)), made.block);
    made.rest = schedule(hash, Bytes(bytes).subspan(block_bytes));
    return made;
}

Plan::Derivation& Plan::derivation(unsigned hash, Bytes message) {
    for (auto& known_one : derivations_[hash])
        if (std::ranges::equal(known_one.message, message)) return known_one;
    return derivations_[hash].emplace_back(Derivation{message, known(hash, message, block_bytes), {}, {}});
}

Plan::Chain& Plan::chain(Derivation& under, unsigned hash, const CipherTest& test) {
    for (auto& known_one : under.chains)
        if (same_keys(*known_one.like, test)) return known_one;
    const auto tail = [&](Byte number) { return joined({test.shared.reveal(), test.cookies, Bytes(&number, 1)}); };
    KeyChain keys{known(hash, tail(0), block_bytes), digest_first(hash, tail(1)), digest_first(hash, tail(2)),
                  known(hash, Buffer{0}, block_bytes), static_cast<unsigned>(test.suite.key_bytes / 4)};
    return under.chains.emplace_back(Chain{&test, keys, {}});
}

} // namespace ikescope::crypto::psk
