#pragma once
// Counter mode and the AEADs, as the library offers them. Behind protection.hpp; nobody else should need it.

#include "crypto/algorithms.hpp"

#include <optional>

namespace ikescope::crypto {

enum class AeadId : std::uint8_t { aes_gcm, aes_ccm, chacha20_poly1305 };

/// AES or Camellia in counter mode; the same both ways. `counter` is the first 16 byte counter block.
Result<Buffer> ctr_crypt(CipherId cipher, Bytes key, Bytes counter, Bytes data);

/// The plaintext when the tag is right, nothing when it is wrong, an Error when it cannot be computed.
Result<std::optional<Buffer>> aead_open(AeadId aead, Bytes key, Bytes nonce, Bytes aad, Bytes ciphertext, Bytes tag);

struct AeadSealed {
    Buffer ciphertext, tag;
};
Result<AeadSealed> aead_seal(AeadId aead, Bytes key, Bytes nonce, Bytes aad, Bytes plaintext, std::size_t tag_size);

} // namespace ikescope::crypto
