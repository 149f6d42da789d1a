#pragma once
// Pseudo-random functions of IKEv2 (RFC 7296 section 2.13) and the AES MACs behind two of them.

#include "crypto/algorithms.hpp"

#include <cstdint>

namespace ikescope::crypto {

enum class PrfId : std::uint8_t { hmac_md5, hmac_sha1, hmac_sha256, hmac_sha384, hmac_sha512, aes128_xcbc, aes128_cmac };

struct Prf {
    std::uint16_t number;  ///< IKEv2 transform ID of type 2
    PrfId id;
    std::string_view name;
    std::size_t size;      ///< bytes of output, and of the keys SK_d, SK_pi, SK_pr
};
/// The row of a transform ID, or nullptr when it is unknown or cannot be computed (HMAC_TIGER, STREEBOG).
const Prf* find_prf(std::uint16_t number);
const Prf& row_of(PrfId prf);

/// prf(key, parts…); any key length, as RFC 2104, RFC 4434 section 2 and RFC 4615 section 3 treat it.
Buffer prf(PrfId prf, Bytes key, std::initializer_list<Bytes> parts);
/// prf+(key, seed) cut to `size` bytes: T1 = prf(key, seed | 1), T2 = prf(key, T1 | seed | 2), … At most 255 rounds.
Secret prf_plus(PrfId prf, Bytes key, std::initializer_list<Bytes> seed, std::size_t size);

/// AES-XCBC-MAC of RFC 3566 (16 bytes, uncut); a 16 byte key.
Buffer aes_xcbc(Bytes key, std::initializer_list<Bytes> parts);
/// AES-CMAC of RFC 4493 (16 bytes, uncut); a key of 16, 24 or 32 bytes.
Buffer aes_cmac(Bytes key, std::initializer_list<Bytes> parts);

} // namespace ikescope::crypto
