#pragma once
// Private keys of certificates, as far as they open something: the public key encryption modes of IKEv1 (RFC
// 2409 5.2, 5.3).

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <vector>

namespace ikescope::crypto {

/// The private keys of a file: PEM (any number, without a passphrase) or one in DER. They come back as DER.
Result<std::vector<Secret>> read_private_keys(Bytes file);
/// RSAES-PKCS1-v1_5 (RFC 2409 section 5.2). An Error when the key is no RSA key or what comes out has not the form.
Result<Secret> rsa_decrypt(const Secret& private_key, Bytes ciphertext);

} // namespace ikescope::crypto
