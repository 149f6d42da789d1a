#include "crypto/protection.hpp"

#include "crypto/prf.hpp"
#include "crypto/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace ikescope::crypto {
namespace {

constexpr auto none = CipherId::null;
constexpr auto aes = CipherId::aes_cbc;
constexpr auto camellia = CipherId::camellia_cbc;

constexpr std::array encryptions = {
    // number, name, mode, cipher, key, salt, iv, icv, block
    Encryption{2, "ENCR_DES", Mode::cbc, CipherId::des_cbc, 8, 0, 8, 0, 8},                 // RFC 2405
    Encryption{3, "ENCR_3DES", Mode::cbc, CipherId::des3_cbc, 24, 0, 8, 0, 8},              // RFC 2451
    Encryption{6, "ENCR_CAST", Mode::cbc, CipherId::cast_cbc, 16, 0, 8, 0, 8},              // RFC 2451
    Encryption{7, "ENCR_BLOWFISH", Mode::cbc, CipherId::blowfish_cbc, 16, 0, 8, 0, 8},      // RFC 2451
    Encryption{11, "ENCR_NULL", Mode::null, none, 0, 0, 0, 0, 1},                           // RFC 2410
    Encryption{12, "ENCR_AES_CBC", Mode::cbc, aes, 16, 0, 16, 0, 16},                       // RFC 3602
    Encryption{13, "ENCR_AES_CTR", Mode::ctr, aes, 16, 4, 8, 0, 1},                         // RFC 3686, RFC 5930
    Encryption{14, "ENCR_AES_CCM_8", Mode::ccm, aes, 16, 3, 8, 8, 1},                       // RFC 4309, RFC 5282
    Encryption{15, "ENCR_AES_CCM_12", Mode::ccm, aes, 16, 3, 8, 12, 1},                     // RFC 4309, RFC 5282
    Encryption{16, "ENCR_AES_CCM_16", Mode::ccm, aes, 16, 3, 8, 16, 1},                     // RFC 4309, RFC 5282
    Encryption{18, "ENCR_AES_GCM_8", Mode::gcm, aes, 16, 4, 8, 8, 1},                       // RFC 4106, RFC 5282
    Encryption{19, "ENCR_AES_GCM_12", Mode::gcm, aes, 16, 4, 8, 12, 1},                     // RFC 4106, RFC 5282
    Encryption{20, "ENCR_AES_GCM_16", Mode::gcm, aes, 16, 4, 8, 16, 1},                     // RFC 4106, RFC 5282
    Encryption{21, "ENCR_NULL_AUTH_AES_GMAC", Mode::gmac, aes, 16, 4, 8, 16, 1},            // RFC 4543
    Encryption{23, "ENCR_CAMELLIA_CBC", Mode::cbc, camellia, 16, 0, 16, 0, 16},             // RFC 5529
    Encryption{24, "ENCR_CAMELLIA_CTR", Mode::ctr, camellia, 16, 4, 8, 0, 1},               // RFC 5529
    Encryption{28, "ENCR_CHACHA20_POLY1305", Mode::chacha20_poly1305, none, 32, 4, 8, 16, 1}, // RFC 7634
    // With an implicit IV (ESP only): the 8 bytes are the sequence number and are not sent.
    Encryption{29, "ENCR_AES_CCM_8_IIV", Mode::ccm, aes, 16, 3, 8, 8, 1},                   // RFC 8750
    Encryption{30, "ENCR_AES_GCM_16_IIV", Mode::gcm, aes, 16, 4, 8, 16, 1},                 // RFC 8750
    Encryption{31, "ENCR_CHACHA20_POLY1305_IIV", Mode::chacha20_poly1305, none, 32, 4, 8, 16, 1}, // RFC 8750
};

struct IntegrityRow {
    Integrity integrity;
    PrfId mac;
};
constexpr std::array integrities = {
    IntegrityRow{{1, "AUTH_HMAC_MD5_96", 16, 12}, PrfId::hmac_md5},              // RFC 2403
    IntegrityRow{{2, "AUTH_HMAC_SHA1_96", 20, 12}, PrfId::hmac_sha1},            // RFC 2404
    IntegrityRow{{5, "AUTH_AES_XCBC_96", 16, 12}, PrfId::aes128_xcbc},           // RFC 3566
    IntegrityRow{{6, "AUTH_HMAC_MD5_128", 16, 16}, PrfId::hmac_md5},             // RFC 4595
    IntegrityRow{{7, "AUTH_HMAC_SHA1_160", 20, 20}, PrfId::hmac_sha1},           // RFC 4595
    IntegrityRow{{8, "AUTH_AES_CMAC_96", 16, 12}, PrfId::aes128_cmac},           // RFC 4494
    IntegrityRow{{12, "AUTH_HMAC_SHA2_256_128", 32, 16}, PrfId::hmac_sha256},    // RFC 4868
    IntegrityRow{{13, "AUTH_HMAC_SHA2_384_192", 48, 24}, PrfId::hmac_sha384},    // RFC 4868
    IntegrityRow{{14, "AUTH_HMAC_SHA2_512_256", 64, 32}, PrfId::hmac_sha512},    // RFC 4868
    IntegrityRow{{1025, "AUTH_HMAC_SHA2_256_96", 32, 12}, PrfId::hmac_sha256},   // private use, draft-ietf-ipsec-ciph-sha-256-00
};

PrfId mac_of(const Integrity& integrity) {
    return std::ranges::find(integrities, integrity.number, [](const IntegrityRow& row) { return row.integrity.number; })->mac;
}

bool equal(Bytes left, Bytes right) {
    Byte difference = left.size() == right.size() ? 0 : 1; // no early end: the time says nothing about where they differ
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) difference |= static_cast<Byte>(left[i] ^ right[i]);
    return difference == 0;
}

struct KeyAndSalt {
    Bytes key, salt;
};
KeyAndSalt split(const Protection& protection) {
    const auto whole = protection.encryption_key.reveal();
    const auto key = whole.size() - std::min(whole.size(), protection.encryption->salt);
    return {whole.first(key), whole.subspan(key)};
}

// The extended half of the sequence number is in the AAD of an AEAD, between SPI and low half (RFC 4106 section 5).
Buffer aead_aad(const Parts& parts) {
    if (parts.extended.empty()) return joined({parts.aad});
    const auto spi = std::min<std::size_t>(4, parts.aad.size());
    return joined({parts.aad.first(spi), parts.extended, parts.aad.subspan(spi)});
}

AeadId aead_of(Mode mode) {
    return mode == Mode::ccm ? AeadId::aes_ccm : mode == Mode::chacha20_poly1305 ? AeadId::chacha20_poly1305 : AeadId::aes_gcm;
}

std::optional<std::string> misfit(const Protection& protection, const Parts& parts, Bytes text) {
    const auto& encryption = *protection.encryption;
    if (protection.encryption_key.size() < encryption.salt)
        return fmt::format("a key of {} bytes is too short for {}", protection.encryption_key.size(), encryption.name);
    if (parts.iv.size() != encryption.iv)
        return fmt::format("{} has an initialization vector of {} bytes, the message brings {}", encryption.name, encryption.iv, parts.iv.size());
    if (text.size() % encryption.block != 0)
        return fmt::format("{} encrypted bytes are not whole {} blocks of {} bytes: the message is damaged, or cut", text.size(),
                           encryption.name, encryption.block);
    return std::nullopt;
}

// RFC 3686 section 4: nonce | IV | block counter, which begins with 1
Buffer counter_block(Bytes salt, Bytes iv) { return joined({salt, iv, std::array<Byte, 4>{0, 0, 0, 1}}); }

Result<Buffer> cipher(const Protection& protection, Bytes iv, Bytes data, bool encrypt) {
    const auto [key, salt] = split(protection);
    const auto& encryption = *protection.encryption;
    if (encryption.mode == Mode::ctr) return ctr_crypt(encryption.cipher, key, counter_block(salt, iv), data);
    return encrypt ? cbc_encrypt(encryption.cipher, key, iv, data) : cbc_decrypt(encryption.cipher, key, iv, data);
}

} // namespace

const Encryption* find_encryption(std::uint16_t number) {
    const auto row = std::ranges::find(encryptions, number, &Encryption::number);
    return row == encryptions.end() ? nullptr : &*row;
}

const Integrity* find_integrity(std::uint16_t number) {
    const auto row = std::ranges::find(integrities, number, [](const IntegrityRow& one) { return one.integrity.number; });
    return row == integrities.end() ? nullptr : &row->integrity;
}

Buffer integrity_value(const Integrity& integrity, Bytes key, std::initializer_list<Bytes> parts) {
    auto mac = prf(mac_of(integrity), key, parts);
    mac.resize(integrity.icv);
    return mac;
}

/// The one place that may fill an Opened.
class Opener {
public:
    explicit Opener(const Protection& protection, const Parts& parts) : protection_(protection), parts_(parts) {}

    Opened open() const {
        if (auto wrong = misfit(protection_, parts_, parts_.ciphertext)) return refused(Opened::Verdict::malformed, *wrong);
        if (parts_.icv.size() != protection_.icv_size())
            return refused(Opened::Verdict::malformed,
                           fmt::format("an integrity check value of {} bytes, not {}", parts_.icv.size(), protection_.icv_size()));
        if (protection_.encryption->mode == Mode::gmac) return open_gmac();
        if (protection_.encryption->is_aead()) return open_aead();
        if (!protection_.integrity)
            return refused(Opened::Verdict::unsupported, "without an integrity transform nothing says that the plaintext is the peer's");
        return open_composed();
    }

private:
    static Opened refused(Opened::Verdict verdict, std::string why) {
        Opened opened;
        opened.verdict_ = verdict;
        opened.why_ = std::move(why);
        return opened;
    }
    static Opened wrong_icv() {
        return refused(Opened::Verdict::wrong_icv, "the integrity check value is wrong: other keys, or the message was changed on its way");
    }
    static Opened authentic(Buffer bytes) {
        Opened opened;
        opened.verdict_ = Opened::Verdict::authentic;
        opened.bytes_ = std::move(bytes);
        return opened;
    }

    Opened open_aead() const {
        const auto [key, salt] = split(protection_);
        auto opened = aead_open(aead_of(protection_.encryption->mode), key, joined({salt, parts_.iv}), aead_aad(parts_), parts_.ciphertext, parts_.icv);
        if (!opened) return refused(Opened::Verdict::unsupported, opened.error().sentence);
        return *opened ? authentic(std::move(**opened)) : wrong_icv();
    }
    // RFC 4543: nothing is encrypted; AAD | IV | plaintext are authenticated.
    Opened open_gmac() const {
        const auto [key, salt] = split(protection_);
        const auto aad = joined({aead_aad(parts_), parts_.iv, parts_.ciphertext});
        auto opened = aead_open(AeadId::aes_gcm, key, joined({salt, parts_.iv}), aad, {}, parts_.icv);
        if (!opened) return refused(Opened::Verdict::unsupported, opened.error().sentence);
        return *opened ? authentic(joined({parts_.ciphertext})) : wrong_icv();
    }
    // Encrypt-then-MAC: RFC 7296 section 3.14, RFC 4303 section 2.8
    Opened open_composed() const {
        const auto expected = integrity_value(*protection_.integrity, protection_.integrity_key.reveal(),
                                              {parts_.aad, parts_.iv, parts_.ciphertext, parts_.extended});
        if (!equal(expected, parts_.icv)) return wrong_icv();
        auto plain = cipher(protection_, parts_.iv, parts_.ciphertext, false);
        return plain ? authentic(std::move(*plain)) : refused(Opened::Verdict::unsupported, plain.error().sentence);
    }

    const Protection& protection_;
    const Parts& parts_;
};

Opened open(const Protection& protection, const Parts& parts) {
    assert(protection.encryption);
    return Opener(protection, parts).open();
}

Result<Unverified> decrypt_without_checking(const Protection& protection, const Parts& parts) {
    if (auto wrong = misfit(protection, parts, parts.ciphertext)) return Error{*wrong};
    const auto [key, salt] = split(protection);
    Result<Buffer> plain = Error{};
    switch (protection.encryption->mode) {
    case Mode::null:
    case Mode::gmac: plain = joined({parts.ciphertext}); break;
    case Mode::cbc:
    case Mode::ctr: plain = cipher(protection, parts.iv, parts.ciphertext, false); break;
    // SP 800-38D section 7.1: GCM is counter mode whose first block has the counter 2.
    case Mode::gcm: plain = ctr_crypt(CipherId::aes_cbc, key, joined({salt, parts.iv, std::array<Byte, 4>{0, 0, 0, 2}}), parts.ciphertext); break;
    // SP 800-38C appendix A.3: flags (length field of 4 bytes), nonce, counter 1
    case Mode::ccm: plain = ctr_crypt(CipherId::aes_cbc, key, joined({std::array<Byte, 1>{3}, salt, parts.iv, std::array<Byte, 4>{0, 0, 0, 1}}), parts.ciphertext); break;
    case Mode::chacha20_poly1305: plain = Error{"ChaCha20-Poly1305 is only opened together with its integrity check value"}; break;
    }
    if (!plain) return plain.error();
    return Unverified{std::move(*plain)};
}

Result<Sealed> seal(const Protection& protection, const Parts& parts, Bytes padded) {
    if (auto wrong = misfit(protection, parts, padded)) return Error{*wrong};
    const auto& encryption = *protection.encryption;
    const auto [key, salt] = split(protection);
    if (encryption.is_aead()) {
        const bool gmac = encryption.mode == Mode::gmac;
        const auto aad = gmac ? joined({aead_aad(parts), parts.iv, padded}) : aead_aad(parts);
        auto sealed = aead_seal(aead_of(encryption.mode), key, joined({salt, parts.iv}), aad, gmac ? Bytes() : padded, encryption.icv);
        if (!sealed) return sealed.error();
        return Sealed{gmac ? joined({padded}) : std::move(sealed->ciphertext), std::move(sealed->tag)};
    }
    auto encrypted = cipher(protection, parts.iv, padded, true);
    if (!encrypted) return encrypted.error();
    Buffer icv;
    if (protection.integrity)
        icv = integrity_value(*protection.integrity, protection.integrity_key.reveal(), {parts.aad, parts.iv, *encrypted, parts.extended});
    return Sealed{std::move(*encrypted), std::move(icv)};
}

std::optional<std::size_t> content_size(Bytes plaintext) {
    if (plaintext.empty() || plaintext.back() + std::size_t{1} > plaintext.size()) return std::nullopt;
    return plaintext.size() - plaintext.back() - 1;
}

Buffer pad(const Encryption& encryption, Bytes content) {
    Buffer out(content.begin(), content.end());
    const auto block = encryption.block;
    const auto zeros = (block - (content.size() + 1) % block) % block;
    out.resize(out.size() + zeros);
    out.push_back(static_cast<Byte>(zeros));
    return out;
}

} // namespace ikescope::crypto
