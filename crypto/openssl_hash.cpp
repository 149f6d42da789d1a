// Digests and HMAC. Algorithms are fetched from the provider once per process, contexts are made once per thread.

#include "crypto/algorithms.hpp"
#include "crypto/openssl_handle.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace ikescope::crypto {
namespace {

constexpr std::array<const char*, hash_count> provider_names = {"MD5", "SHA1", "SHA2-256", "SHA2-384", "SHA2-512"};

// Every OpenSSL 3 has these in its default provider; without one of them no IKE can be computed at all.
template <class T> T* required(T* object, const char* name) {
    if (object) return object;
    std::fprintf(stderr, "ikescope: this OpenSSL library has no %s (%s); install its default provider\n", name,
                 openssl_reason().c_str());
    std::abort();
}

const EVP_MD* fetched_digest(HashId hash) {
    static const auto all = [] {
        std::array<EVP_MD*, hash_count> made{};
        for (std::size_t i = 0; i < hash_count; ++i)
            made[i] = required(EVP_MD_fetch(library(), provider_names[i], nullptr), provider_names[i]);
        return made;
    }();
    return all[static_cast<std::size_t>(hash)];
}

using MacContext = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;

MacContext make_hmac(HashId hash) {
    static EVP_MAC* const fetched = required(EVP_MAC_fetch(library(), "HMAC", nullptr), "HMAC");
    MacContext context(required(EVP_MAC_CTX_new(fetched), "HMAC"));
    std::string name = provider_names[static_cast<std::size_t>(hash)];
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), name.size()),
                                     OSSL_PARAM_construct_end()};
    if (EVP_MAC_CTX_set_params(context.get(), parameters) != 1) required<void>(nullptr, name.c_str());
    return context;
}

EVP_MAC_CTX* hmac_context(HashId hash) {
    thread_local std::array<MacContext, hash_count> contexts;
    auto& context = contexts[static_cast<std::size_t>(hash)];
    if (!context) context = make_hmac(hash);
    return context.get();
}

} // namespace

Buffer digest(HashId hash, std::initializer_list<Bytes> parts) {
    thread_local const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(required(EVP_MD_CTX_new(), "digest context"));
    Buffer out(digest_size(hash));
    bool done = EVP_DigestInit_ex2(context.get(), fetched_digest(hash), nullptr) == 1;
    for (auto part : parts) done = done && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    done = done && EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1;
    required(done ? &out : nullptr, provider_names[static_cast<std::size_t>(hash)]);
    return out;
}

Buffer hmac(HashId hash, Bytes key, std::initializer_list<Bytes> parts) {
    auto* context = hmac_context(hash);
    Buffer out(digest_size(hash));
    bool done = EVP_MAC_init(context, non_null(key), key.size(), nullptr) == 1;
    for (auto part : parts) done = done && EVP_MAC_update(context, part.data(), part.size()) == 1;
    done = done && EVP_MAC_final(context, out.data(), nullptr, out.size()) == 1;
    required(done ? &out : nullptr, "HMAC");
    return out;
}

} // namespace ikescope::crypto
