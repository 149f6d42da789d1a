#include "crypto/prf.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace ikescope::crypto {
namespace {

// IANA "Transform Type 2 - Pseudorandom Function Transform IDs"
constexpr std::array prfs = {
    Prf{1, PrfId::hmac_md5, "PRF_HMAC_MD5", 16},         // RFC 2104
    Prf{2, PrfId::hmac_sha1, "PRF_HMAC_SHA1", 20},       // RFC 2104
    Prf{4, PrfId::aes128_xcbc, "PRF_AES128_XCBC", 16},   // RFC 4434
    Prf{5, PrfId::hmac_sha256, "PRF_HMAC_SHA2_256", 32}, // RFC 4868
    Prf{6, PrfId::hmac_sha384, "PRF_HMAC_SHA2_384", 48}, // RFC 4868
    Prf{7, PrfId::hmac_sha512, "PRF_HMAC_SHA2_512", 64}, // RFC 4868
    Prf{8, PrfId::aes128_cmac, "PRF_AES128_CMAC", 16},   // RFC 4615
};

constexpr std::size_t aes_block = 16;
using Block = std::array<Byte, aes_block>;

void mix(std::span<Byte> into, Bytes with) {
    for (std::size_t i = 0; i < with.size(); ++i) into[i] ^= with[i];
}

Buffer encrypt_block(Bytes key, const Block& block) {
    auto made = cbc_encrypt(CipherId::aes_cbc, key, Block{}, block);
    assert(made); // the callers bring keys of AES
    return made ? std::move(*made) : Buffer(aes_block);
}

/// CBC-MAC whose last block was mixed with `full` when it was complete, else padded with 10* and mixed with `padded`.
Buffer cbc_mac(Bytes key, Bytes full, Bytes padded, Buffer message) {
    const bool complete = !message.empty() && message.size() % aes_block == 0;
    if (!complete) {
        message.push_back(0x80);
        message.resize((message.size() + aes_block - 1) / aes_block * aes_block);
    }
    mix(std::span(message).last(aes_block), complete ? full : padded);
    auto chain = cbc_encrypt(CipherId::aes_cbc, key, Block{}, message);
    wipe(message);
    if (!chain) return Buffer(aes_block);
    return Buffer(chain->end() - aes_block, chain->end());
}

/// Multiplication by x in GF(2^128), RFC 4493 section 2.3.
Buffer doubled(Buffer block) {
    const bool carry = (block[0] & 0x80) != 0;
    for (std::size_t i = 0; i < block.size(); ++i)
        block[i] = static_cast<Byte>(block[i] << 1 | (i + 1 < block.size() ? block[i + 1] >> 7 : 0));
    if (carry) block.back() ^= 0x87;
    return block;
}

Buffer filled(Byte value) { return Buffer(aes_block, value); }

Block block_of(Byte value) {
    Block block;
    block.fill(value);
    return block;
}

// RFC 4434 section 2: short keys are padded with zeros, long ones replaced by their XCBC under a zero key.
Buffer xcbc_prf(Bytes key, std::initializer_list<Bytes> parts) {
    Buffer fitted(key.begin(), key.end());
    if (key.size() > aes_block) fitted = aes_xcbc(filled(0), {key});
    fitted.resize(aes_block);
    return aes_xcbc(fitted, parts);
}

// RFC 4615 section 3: any other length than 16 is replaced by its CMAC under a zero key.
Buffer cmac_prf(Bytes key, std::initializer_list<Bytes> parts) {
    if (key.size() == aes_block) return aes_cmac(key, parts);
    return aes_cmac(aes_cmac(filled(0), {key}), parts);
}

} // namespace

const Prf* find_prf(std::uint16_t number) {
    const auto row = std::ranges::find(prfs, number, &Prf::number);
    return row == prfs.end() ? nullptr : &*row;
}

const Prf& row_of(PrfId prf) { return *std::ranges::find(prfs, prf, &Prf::id); }

// RFC 3566 section 4: K1 = E(K, 0x01…), K2 = E(K, 0x02…), K3 = E(K, 0x03…)
Buffer aes_xcbc(Bytes key, std::initializer_list<Bytes> parts) {
    return cbc_mac(encrypt_block(key, block_of(1)), encrypt_block(key, block_of(2)), encrypt_block(key, block_of(3)), joined(parts));
}

Buffer aes_cmac(Bytes key, std::initializer_list<Bytes> parts) {
    const auto once = doubled(encrypt_block(key, Block{}));
    return cbc_mac(key, once, doubled(once), joined(parts));
}

Buffer prf(PrfId prf, Bytes key, std::initializer_list<Bytes> parts) {
    switch (prf) {
    case PrfId::hmac_md5: return hmac(HashId::md5, key, parts);
    case PrfId::hmac_sha1: return hmac(HashId::sha1, key, parts);
    case PrfId::hmac_sha256: return hmac(HashId::sha256, key, parts);
    case PrfId::hmac_sha384: return hmac(HashId::sha384, key, parts);
    case PrfId::hmac_sha512: return hmac(HashId::sha512, key, parts);
    case PrfId::aes128_xcbc: return xcbc_prf(key, parts);
    case PrfId::aes128_cmac: return cmac_prf(key, parts);
    }
    return {};
}

Secret prf_plus(PrfId id, Bytes key, std::initializer_list<Bytes> seed, std::size_t size) {
    assert(size <= 255 * row_of(id).size); // RFC 7296 section 2.13
    const auto whole_seed = joined(seed);
    Buffer made, block;
    made.reserve(size + row_of(id).size); // never moved: no unwiped copy stays behind
    for (Byte round = 1; made.size() < size && round != 0; ++round) {
        block = prf(id, key, {block, whole_seed, Bytes(&round, 1)});
        made.insert(made.end(), block.begin(), block.end());
    }
    wipe(block);
    made.resize(size);
    return Secret(std::move(made));
}

} // namespace ikescope::crypto
