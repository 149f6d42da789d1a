// Counter mode, GCM, CCM and ChaCha20-Poly1305.

#include "crypto/openssl_handle.hpp"
#include "crypto/stream.hpp"

#include <openssl/evp.h>

#include <fmt/format.h>

#include <array>

namespace ikescope::crypto {
namespace {

using Context = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::array names = {
    "AES-128-CTR", "AES-192-CTR", "AES-256-CTR", "CAMELLIA-128-CTR", "CAMELLIA-192-CTR", "CAMELLIA-256-CTR", "AES-128-GCM", "AES-192-GCM",
    "AES-256-GCM", "AES-128-CCM", "AES-192-CCM", "AES-256-CCM", "ChaCha20-Poly1305",
};
constexpr std::size_t aes_ctr = 0, camellia_ctr = 3, gcm = 6, ccm = 9, chacha = 12;

const EVP_CIPHER* fetched(std::size_t at) {
    static const auto all = [] {
        std::array<const EVP_CIPHER*, names.size()> made{};
        for (std::size_t i = 0; i < made.size(); ++i) made[i] = EVP_CIPHER_fetch(library(), names[i], nullptr);
        openssl_reason(); // those that are missing are told when they are asked for
        return made;
    }();
    return all[at];
}

/// The row of `first` for a key of 16, 24 or 32 bytes.
std::optional<std::size_t> sized(std::size_t first, std::size_t key_bytes) {
    if (key_bytes != 16 && key_bytes != 24 && key_bytes != 32) return std::nullopt;
    return first + (key_bytes - 16) / 8;
}

std::optional<std::size_t> row_of(AeadId aead, std::size_t key_bytes) {
    switch (aead) {
    case AeadId::aes_gcm: return sized(gcm, key_bytes);
    case AeadId::aes_ccm: return sized(ccm, key_bytes);
    case AeadId::chacha20_poly1305: break;
    }
    return key_bytes == 32 ? std::optional(chacha) : std::nullopt;
}

Error no_key(std::size_t bytes) {
    return {fmt::format("no cipher takes a key of {} bytes; check the key length that was negotiated or given", bytes)};
}
Error missing(std::size_t at) {
    return {fmt::format("{} cannot be computed: this OpenSSL library was built without it", names[at])};
}
Error failed(std::size_t at) { return {fmt::format("{} failed in OpenSSL: {}", names[at], openssl_reason())}; }

int length(Bytes bytes) { return static_cast<int>(bytes.size()); }

/// Key, nonce and tag length; for CCM also the length of the message, which it wants first.
bool begin(EVP_CIPHER_CTX* context, std::size_t at, bool encrypt, Bytes key, Bytes nonce, Byte* tag, int tag_size, int message_size) {
    const bool is_ccm = at >= ccm && at < chacha;
    int ignored = 0;
    return EVP_CipherInit_ex(context, fetched(at), nullptr, nullptr, nullptr, encrypt) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, length(nonce), nullptr) == 1 &&
           (!(is_ccm || !encrypt) || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, tag) == 1) &&
           EVP_CipherInit_ex(context, nullptr, nullptr, key.data(), nonce.data(), encrypt) == 1 &&
           (!is_ccm || EVP_CipherUpdate(context, nullptr, &ignored, nullptr, message_size) == 1);
}

bool add_aad(EVP_CIPHER_CTX* context, Bytes aad) {
    int ignored = 0;
    return aad.empty() || EVP_CipherUpdate(context, nullptr, &ignored, aad.data(), length(aad)) == 1;
}

} // namespace

Result<Buffer> ctr_crypt(CipherId cipher, Bytes key, Bytes counter, Bytes data) {
    const auto at = sized(cipher == CipherId::camellia_cbc ? camellia_ctr : aes_ctr, key.size());
    if (!at) return no_key(key.size());
    if (!fetched(*at)) return missing(*at);
    if (counter.size() != 16) return Error{fmt::format("a counter block has 16 bytes, not {}", counter.size())};
    const Context context(EVP_CIPHER_CTX_new());
    Buffer out(data.size());
    int written = 0;
    if (!context || EVP_CipherInit_ex(context.get(), fetched(*at), nullptr, key.data(), counter.data(), 1) != 1 ||
        EVP_CipherUpdate(context.get(), out.data(), &written, non_null(data), length(data)) != 1)
        return failed(*at);
    return out;
}

Result<std::optional<Buffer>> aead_open(AeadId aead, Bytes key, Bytes nonce, Bytes aad, Bytes ciphertext, Bytes tag) {
    const auto at = row_of(aead, key.size());
    if (!at) return no_key(key.size());
    if (!fetched(*at)) return missing(*at);
    const Context context(EVP_CIPHER_CTX_new());
    Buffer expected(tag.begin(), tag.end()), out(ciphertext.size() + 1);
    int written = 0;
    if (!context || !begin(context.get(), *at, false, key, nonce, expected.data(), length(tag), length(ciphertext)) || !add_aad(context.get(), aad))
        return failed(*at);
    // CCM checks the tag here and refuses, the others in the final call.
    const bool updated = EVP_CipherUpdate(context.get(), out.data(), &written, non_null(ciphertext), length(ciphertext)) == 1;
    const bool authentic = updated && (aead == AeadId::aes_ccm || EVP_CipherFinal_ex(context.get(), out.data() + written, &written) == 1);
    if (!authentic) {
        wipe(out); // what was decrypted is not known to be from the peer and must not be seen
        openssl_reason();
        return std::optional<Buffer>();
    }
    out.resize(ciphertext.size());
    return std::optional<Buffer>(std::move(out));
}

Result<AeadSealed> aead_seal(AeadId aead, Bytes key, Bytes nonce, Bytes aad, Bytes plaintext, std::size_t tag_size) {
    const auto at = row_of(aead, key.size());
    if (!at) return no_key(key.size());
    if (!fetched(*at)) return missing(*at);
    const Context context(EVP_CIPHER_CTX_new());
    AeadSealed sealed{Buffer(plaintext.size() + 1), Buffer(tag_size)};
    const int tag_length = static_cast<int>(tag_size);
    int written = 0, last = 0;
    if (!context || !begin(context.get(), *at, true, key, nonce, nullptr, tag_length, length(plaintext)) || !add_aad(context.get(), aad) ||
        EVP_CipherUpdate(context.get(), sealed.ciphertext.data(), &written, non_null(plaintext), length(plaintext)) != 1 ||
        EVP_CipherFinal_ex(context.get(), sealed.ciphertext.data() + written, &last) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_length, sealed.tag.data()) != 1)
        return failed(*at);
    sealed.ciphertext.resize(plaintext.size());
    return sealed;
}

} // namespace ikescope::crypto
