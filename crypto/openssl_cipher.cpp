// Block ciphers in CBC mode without padding.

#include "crypto/algorithms.hpp"
#include "crypto/openssl_handle.hpp"

#include <openssl/evp.h>

#include <fmt/format.h>

#include <array>

namespace ikescope::crypto {
namespace {

enum class Direction : int { decrypt = 0, encrypt = 1 };

// Which implementation serves a cipher with a key of that length; 0 takes any length.
struct Implementation {
    CipherId cipher;
    std::size_t key_bytes;
    const char* name;
    bool legacy;
};
constexpr std::array implementations = {
    Implementation{CipherId::des_cbc, 8, "DES-CBC", true},
    Implementation{CipherId::des3_cbc, 24, "DES-EDE3-CBC", false},
    Implementation{CipherId::aes_cbc, 16, "AES-128-CBC", false},
    Implementation{CipherId::aes_cbc, 24, "AES-192-CBC", false},
    Implementation{CipherId::aes_cbc, 32, "AES-256-CBC", false},
    Implementation{CipherId::blowfish_cbc, 0, "BF-CBC", true},
    Implementation{CipherId::cast_cbc, 0, "CAST5-CBC", true},
    Implementation{CipherId::camellia_cbc, 16, "CAMELLIA-128-CBC", false},
    Implementation{CipherId::camellia_cbc, 24, "CAMELLIA-192-CBC", false},
    Implementation{CipherId::camellia_cbc, 32, "CAMELLIA-256-CBC", false},
};

std::size_t implementation_of(CipherId cipher, std::size_t key_bytes) {
    std::size_t at = 0;
    while (implementations[at].cipher != cipher ||
           (implementations[at].key_bytes != 0 && implementations[at].key_bytes != key_bytes))
        ++at;
    return at;
}

const EVP_CIPHER* fetched(std::size_t at) {
    static const auto all = [] {
        std::array<const EVP_CIPHER*, implementations.size()> made{};
        for (std::size_t i = 0; i < made.size(); ++i) made[i] = EVP_CIPHER_fetch(library(), implementations[i].name, nullptr);
        openssl_reason(); // those that are missing are told when they are asked for
        return made;
    }();
    return all[at];
}

Error unavailable(const Implementation& wanted) {
    if (wanted.legacy && !has_legacy_provider())
        return {fmt::format("{} cannot be computed: OpenSSL's legacy provider (legacy.so) is not installed or not found; "
                            "install it or set OPENSSL_MODULES to its folder", cipher_name(wanted.cipher))};
    return {fmt::format("{} cannot be computed: this OpenSSL library was built without it", cipher_name(wanted.cipher))};
}

std::optional<Error> misfit(CipherId cipher, Bytes key, Bytes iv, Bytes data) {
    const auto block = block_size(cipher);
    if (!fits_key(cipher, key.size()))
        return Error{fmt::format("{} takes no key of {} bytes; check the key length that was negotiated or given",
                                 cipher_name(cipher), key.size())};
    if (iv.size() != block)
        return Error{fmt::format("{} needs an initialization vector of {} bytes, not {}", cipher_name(cipher), block, iv.size())};
    if (data.size() % block != 0)
        return Error{fmt::format("{} bytes are not whole {} blocks of {} bytes: the encrypted part is damaged, or cut",
                                 data.size(), cipher_name(cipher), block)};
    return std::nullopt;
}

Result<Buffer> run(Direction direction, CipherId cipher, Bytes key, Bytes iv, Bytes data) {
    if (cipher == CipherId::null) return Buffer(data.begin(), data.end());
    if (auto wrong = misfit(cipher, key, iv, data)) return *wrong;
    const auto at = implementation_of(cipher, key.size());
    if (!fetched(at)) return unavailable(implementations[at]);
    thread_local const Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
    auto* const use = context.get();
    const int encrypt = static_cast<int>(direction);
    Buffer out(data.size());
    int written = 0;
    const bool done = EVP_CipherInit_ex(use, fetched(at), nullptr, nullptr, nullptr, encrypt) == 1 &&
                      EVP_CIPHER_CTX_set_key_length(use, static_cast<int>(key.size())) == 1 &&
                      EVP_CipherInit_ex(use, nullptr, nullptr, key.data(), iv.data(), encrypt) == 1 &&
                      EVP_CIPHER_CTX_set_padding(use, 0) == 1 &&
                      EVP_CipherUpdate(use, out.data(), &written, data.data(), static_cast<int>(data.size())) == 1;
    EVP_CIPHER_CTX_reset(use); // wipes the key schedule
    if (!done) return Error{fmt::format("{} failed in OpenSSL: {}", cipher_name(cipher), openssl_reason())};
    return out;
}

} // namespace

Result<Buffer> cbc_decrypt(CipherId cipher, Bytes key, Bytes iv, Bytes data) {
    return run(Direction::decrypt, cipher, key, iv, data);
}
Result<Buffer> cbc_encrypt(CipherId cipher, Bytes key, Bytes iv, Bytes data) {
    return run(Direction::encrypt, cipher, key, iv, data);
}

} // namespace ikescope::crypto
