#include "crypto/ikev1_keys.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace ikescope::crypto::ikev1 {
namespace {

std::array<Byte, 4> wire(std::uint32_t number) {
    return {static_cast<Byte>(number >> 24), static_cast<Byte>(number >> 16), static_cast<Byte>(number >> 8),
            static_cast<Byte>(number)};
}

Buffer first(Buffer bytes, std::size_t count) {
    assert(count <= bytes.size());
    bytes.resize(count);
    return bytes;
}

/// SKEYID_x = prf(SKEYID, [SKEYID_before |] g^xy | CKY-I | CKY-R | number), RFC 2409 section 5.
Secret branch(const Suite& suite, const Secret& skeyid, const Secret& before, Bytes shared, const Inputs& inputs, Byte number) {
    return Secret(hmac(suite.hash, skeyid.reveal(),
                       {before.reveal(), shared, inputs.initiator_cookie, inputs.responder_cookie, Bytes(&number, 1)}));
}

void append(Buffer& out, const Buffer& block) {
    out.insert(out.end(), block.begin(), block.end());
}

} // namespace

Secret skeyid_psk(const Suite& suite, Bytes psk, const Inputs& inputs) {
    return Secret(hmac(suite.hash, psk, {inputs.initiator_nonce, inputs.responder_nonce}));
}

Secret skeyid_signature(const Suite& suite, Bytes shared, const Inputs& inputs) {
    Buffer nonces(inputs.initiator_nonce.begin(), inputs.initiator_nonce.end());
    nonces.insert(nonces.end(), inputs.responder_nonce.begin(), inputs.responder_nonce.end());
    return Secret(hmac(suite.hash, nonces, {shared}));
}

Secret skeyid_encryption(const Suite& suite, const Inputs& inputs) {
    return Secret(hmac(suite.hash, digest(suite.hash, {inputs.initiator_nonce, inputs.responder_nonce}),
                       {inputs.initiator_cookie, inputs.responder_cookie}));
}

Keys derive(const Suite& suite, Secret skeyid, Bytes shared, const Inputs& inputs) {
    Keys keys;
    keys.skeyid = std::move(skeyid);
    keys.skeyid_d = branch(suite, keys.skeyid, {}, shared, inputs, 0);
    keys.skeyid_a = branch(suite, keys.skeyid, keys.skeyid_d, shared, inputs, 1);
    keys.skeyid_e = branch(suite, keys.skeyid, keys.skeyid_a, shared, inputs, 2);
    keys.ka = cipher_key(suite, keys.skeyid_e);
    keys.initial_iv = initial_iv(suite, inputs);
    return keys;
}

// Appendix B: Ka = K1 | K2 | K3 with K1 = prf(SKEYID_e, 0), K2 = prf(SKEYID_e, K1); the 0 is one octet.
Secret cipher_key(const Suite& suite, const Secret& skeyid_e) {
    const auto have = skeyid_e.reveal();
    if (suite.key_bytes <= have.size()) return Secret(have.first(suite.key_bytes));
    const Byte zero = 0;
    Buffer expanded;
    expanded.reserve(suite.key_bytes + digest_size(suite.hash)); // never moved: no unwiped copy stays behind
    auto block = hmac(suite.hash, have, {Bytes(&zero, 1)});
    append(expanded, block);
    while (expanded.size() < suite.key_bytes) {
        block = hmac(suite.hash, have, {block});
        append(expanded, block);
    }
    wipe(block);
    return Secret(first(std::move(expanded), suite.key_bytes));
}

bool weak_des_key(Bytes key) {
    // RFC 2409 appendix A; the lowest bit of each byte is parity and counts for nothing.
    static constexpr std::uint64_t weak[] = {
        0x0101010101010101, 0x1F1F1F1F0E0E0E0E, 0xE0E0E0E0F1F1F1F1, 0xFEFEFEFEFEFEFEFE, 0x01FE01FE01FE01FE, 0x1FE01FE00EF10EF1,
        0x01E001E001F101F1, 0x1FFE1FFE0EFE0EFE, 0x011F011F010E010E, 0xE0FEE0FEF1FEF1FE, 0xFE01FE01FE01FE01, 0xE01FE01FF10EF10E,
        0xE001E001F101F101, 0xFE1FFE1FFE0EFE0E, 0x1F011F010E010E01, 0xFEE0FEE0FEF1FEF1};
    constexpr std::uint64_t no_parity = 0xFEFEFEFEFEFEFEFE;
    if (key.size() != 8) return false;
    const auto value = big_endian(key) & no_parity;
    return std::ranges::any_of(weak, [&](std::uint64_t bad) { return (bad & no_parity) == value; });
}

Buffer initial_iv(const Suite& suite, const Inputs& inputs) {
    return first(digest(suite.hash, {inputs.initiator_public, inputs.responder_public}), block_size(suite.cipher));
}

Buffer message_iv(const Suite& suite, Bytes last_block, std::uint32_t message_id) {
    return first(digest(suite.hash, {last_block, wire(message_id)}), block_size(suite.cipher));
}

Buffer hash_i_octets(const Inputs& inputs, Bytes id_body) {
    return joined({inputs.initiator_public, inputs.responder_public, inputs.initiator_cookie, inputs.responder_cookie,
                   inputs.sa_body, id_body});
}

Buffer hash_r_octets(const Inputs& inputs, Bytes id_body) {
    return joined({inputs.responder_public, inputs.initiator_public, inputs.responder_cookie, inputs.initiator_cookie,
                   inputs.sa_body, id_body});
}

Buffer hash_i(const Suite& suite, const Secret& skeyid, const Inputs& inputs, Bytes id_body) {
    return hmac(suite.hash, skeyid.reveal(), {hash_i_octets(inputs, id_body)});
}

Buffer hash_r(const Suite& suite, const Secret& skeyid, const Inputs& inputs, Bytes id_body) {
    return hmac(suite.hash, skeyid.reveal(), {hash_r_octets(inputs, id_body)});
}

Buffer hash_1(const Suite& suite, const Secret& skeyid_a, std::uint32_t message_id, Bytes rest) {
    return hmac(suite.hash, skeyid_a.reveal(), {wire(message_id), rest});
}

Buffer hash_2(const Suite& suite, const Secret& skeyid_a, std::uint32_t message_id, Bytes initiator_nonce, Bytes rest) {
    return hmac(suite.hash, skeyid_a.reveal(), {wire(message_id), initiator_nonce, rest});
}

Buffer hash_3(const Suite& suite, const Secret& skeyid_a, std::uint32_t message_id, Bytes initiator_nonce,
              Bytes responder_nonce) {
    const Byte zero = 0;
    return hmac(suite.hash, skeyid_a.reveal(), {Bytes(&zero, 1), wire(message_id), initiator_nonce, responder_nonce});
}

// Section 5.5: K1 = prf(SKEYID_d, seed), K2 = prf(SKEYID_d, K1 | seed), … with seed = [g(qm)^xy |] protocol | SPI | Ni_b | Nr_b
Secret keymat(const Suite& suite, const Secret& skeyid_d, Bytes quick_shared, std::uint8_t protocol, Bytes spi,
              Bytes initiator_nonce, Bytes responder_nonce, std::size_t size) {
    Buffer made, block;
    made.reserve(size + digest_size(suite.hash));
    while (made.size() < size) {
        block = hmac(suite.hash, skeyid_d.reveal(),
                     {block, quick_shared, Bytes(&protocol, 1), spi, initiator_nonce, responder_nonce});
        append(made, block);
    }
    wipe(block);
    return Secret(first(std::move(made), size));
}

Result<Buffer> open(const Suite& suite, const Secret& ka, Bytes iv, Bytes ciphertext) {
    return cbc_decrypt(suite.cipher, ka.reveal(), iv, ciphertext);
}

Result<Buffer> seal(const Suite& suite, const Secret& ka, Bytes iv, Bytes padded) {
    return cbc_encrypt(suite.cipher, ka.reveal(), iv, padded);
}

} // namespace ikescope::crypto::ikev1
