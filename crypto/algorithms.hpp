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

std::size_t digest_size(HashId hash);  ///< bytes
std::size_t block_size(CipherId cipher); ///< bytes; 1 for null
std::string_view hash_name(HashId hash); ///< "MD5", "SHA1", "SHA2-256" …

/// Message digest of the concatenation of `parts`.
Buffer digest(HashId hash, std::initializer_list<Bytes> parts);
/// HMAC (RFC 2104) over the concatenation of `parts`.
Buffer hmac(HashId hash, Bytes key, std::initializer_list<Bytes> parts);

/// Raw CBC without padding. `data` must be a multiple of the block size and `iv` one block.
/// An Error when the key length does not fit the cipher or the library cannot do the cipher.
Result<Buffer> cbc_decrypt(CipherId cipher, Bytes key, Bytes iv, Bytes data);
Result<Buffer> cbc_encrypt(CipherId cipher, Bytes key, Bytes iv, Bytes data);

} // namespace ikescope::crypto
