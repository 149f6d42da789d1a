#pragma once
// Names for what can be computed, free of any protocol's numbers, and the plain operations on them.
// Errors: an algorithm that the library lacks gives an Error that names it; wrong sizes are our own mistake (assert).

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <initializer_list>
#include <string_view>

namespace ikescope::crypto {

enum class HashId : std::uint8_t { md5, sha1, sha256, sha384, sha512 };
enum class CipherId : std::uint8_t { des_cbc, des3_cbc, aes_cbc, blowfish_cbc, cast_cbc, camellia_cbc, null };

inline constexpr std::size_t hash_count = 5, cipher_count = 7;

std::size_t digest_size(HashId hash);  ///< bytes
std::size_t block_size(CipherId cipher); ///< bytes; 1 for null
std::string_view hash_name(HashId hash); ///< "MD5", "SHA1", "SHA2-256" …

std::string_view cipher_name(CipherId cipher); ///< "DES-CBC", "3DES-CBC", "AES-CBC" …
/// Whether the cipher takes keys of that many bytes.
bool fits_key(CipherId cipher, std::size_t key_bytes);

/// One behind the other.
Buffer joined(std::initializer_list<Bytes> parts);
/// Message digest of the concatenation of `parts`.
Buffer digest(HashId hash, std::initializer_list<Bytes> parts);
/// HMAC (RFC 2104) over the concatenation of `parts`.
Buffer hmac(HashId hash, Bytes key, std::initializer_list<Bytes> parts);

/// Raw CBC without padding; `null` copies. `data` must be whole blocks and `iv` one block.
/// An Error when a length does not fit the cipher or the library cannot do the cipher.
/// DES, Blowfish and CAST come from OpenSSL's legacy provider; where that is missing, the Error says so.
Result<Buffer> cbc_decrypt(CipherId cipher, Bytes key, Bytes iv, Bytes data);
Result<Buffer> cbc_encrypt(CipherId cipher, Bytes key, Bytes iv, Bytes data);

} // namespace ikescope::crypto
