#include "crypto/openssl_handle.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>

namespace ikescope::crypto {
namespace {

// Never freed: contexts of threads that end late still refer to it.
struct Library {
    OSSL_LIB_CTX* context = OSSL_LIB_CTX_new();
    OSSL_PROVIDER* standard = OSSL_PROVIDER_load(context, "default");
    OSSL_PROVIDER* legacy = OSSL_PROVIDER_load(context, "legacy");
    Library() { ERR_clear_error(); } // a missing legacy provider is told when it is needed
};

const Library& loaded() {
    static const auto* const once = new Library;
    return *once;
}

} // namespace

ossl_lib_ctx_st* library() { return loaded().context; }

bool has_legacy_provider() { return loaded().legacy != nullptr; }

std::string openssl_reason() {
    const auto code = ERR_peek_last_error();
    const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
    std::string text = reason ? reason : "no reason given";
    ERR_clear_error();
    return text;
}

} // namespace ikescope::crypto
