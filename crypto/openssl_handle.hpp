#pragma once
// What every openssl_*.cpp shares: ownership of the library's objects and the library context they come from.
// This header includes nothing of OpenSSL, so that OpenSSL stays inside the openssl_*.cpp files.

#include "base/bytes.hpp"

#include <memory>
#include <string>

struct ossl_lib_ctx_st; // OSSL_LIB_CTX

namespace ikescope::crypto {

template <auto release> struct Release {
    template <class T> void operator()(T* object) const { release(object); }
};
/// Owns one OpenSSL object: Handle<BIGNUM, BN_clear_free>.
template <class T, auto release> using Handle = std::unique_ptr<T, Release<release>>;

/// The library context of this program, with the default provider and, where installed, the legacy one.
/// Made once, thread-safe, lives until the process ends.
ossl_lib_ctx_st* library();
/// Whether the legacy provider (DES, Blowfish, CAST) could be loaded.
bool has_legacy_provider();
/// What OpenSSL complains about, for the end of a sentence; empties its error queue.
std::string openssl_reason();

/// OpenSSL takes a null key for "keep the last one"; an empty key must not look like that.
inline const Byte* non_null(Bytes bytes) {
    static constexpr Byte nothing = 0;
    return bytes.empty() ? &nothing : bytes.data();
}

} // namespace ikescope::crypto
