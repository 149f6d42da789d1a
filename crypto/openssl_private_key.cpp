// Private keys in PEM and DER; RSA decryption.

#include "crypto/openssl_handle.hpp"
#include "crypto/private_key.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace ikescope::crypto {
namespace {

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Memory = Handle<BIO, BIO_free_all>;

constexpr std::size_t most_keys = 64;

/// Asking for a passphrase would wait at a terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Key parsed(Bytes der) {
    const auto* at = der.data();
    return Key(d2i_AutoPrivateKey_ex(nullptr, &at, static_cast<long>(der.size()), library(), nullptr));
}

Secret der_of(const Key& key) {
    Byte* made = nullptr;
    const int size = i2d_PrivateKey(key.get(), &made);
    if (size <= 0) return {};
    Secret secret(Bytes(made, static_cast<std::size_t>(size)));
    OPENSSL_clear_free(made, static_cast<std::size_t>(size));
    return secret;
}

} // namespace

Result<std::vector<Secret>> read_private_keys(Bytes file) {
    std::vector<Secret> keys;
    if (!file.empty() && file[0] == 0x30)
        if (const auto key = parsed(file); key) keys.push_back(der_of(key));
    const Memory in(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
    while (keys.empty() || keys.size() < most_keys) {
        const Key key(in ? PEM_read_bio_PrivateKey_ex(in.get(), nullptr, no_passphrase, nullptr, library(), nullptr)
                         : nullptr);
        if (!key) break;
        keys.push_back(der_of(key));
    }
    openssl_reason();
    if (keys.empty())
        return Error{"there is no private key in it, neither PEM (-----BEGIN PRIVATE KEY-----) nor DER, or it needs a "
                     "passphrase: openssl pkey takes it away"};
    return keys;
}

Result<Secret> rsa_decrypt(const Secret& private_key, Bytes ciphertext) {
    const auto key = parsed(private_key.reveal());
    if (!key || EVP_PKEY_is_a(key.get(), "RSA") != 1) return Error{"the private key is no RSA key"};
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(library(), key.get(), nullptr));
    Buffer out(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())));
    auto size = out.size();
    const bool done = context && EVP_PKEY_decrypt_init(context.get()) == 1 &&
                      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                      (EVP_PKEY_CTX_ctrl_str(context.get(), "rsa_pkcs1_implicit_rejection", "0") != 0) &&
                      EVP_PKEY_decrypt(context.get(), out.data(), &size, ciphertext.data(), ciphertext.size()) == 1;
    const auto why = openssl_reason();
    if (!done) return Error{fmt::format("RSA cannot decrypt it: {}", why)};
    out.resize(size);
    return Secret(std::move(out));
}

} // namespace ikescope::crypto
