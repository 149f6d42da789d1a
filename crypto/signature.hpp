#pragma once
// Verifying the signatures that authenticate an end. Keys are DER: an X.509 certificate or a SubjectPublicKeyInfo (raw public key).

#include "base/bytes.hpp"

#include <cstdint>
#include <string>

namespace ikescope::crypto {

struct SignatureCheck {
    enum class Verdict : std::uint8_t {
        right,
        wrong,      ///< another key, or other octets were signed
        unsupported ///< the method, key or encoding cannot be judged here
    };
    Verdict verdict = Verdict::unsupported;
    std::string algorithm; ///< "RSA PKCS#1 with SHA2-256", as far as it is known
    std::string why;       ///< one sentence; empty when right
};

namespace ikev1 {
/// SIG_I, SIG_R over HASH_I, HASH_R (RFC 2409 section 5.1; ECDSA: RFC 4754). `method` is the negotiated authentication
/// method: 1 or 2 DSS, 3 RSA, 9-11 ECDSA, and the XAUTH and hybrid variants 64221 … 65010 of RSA and DSS.
/// RSA signs the hash itself, without a DigestInfo.
SignatureCheck verify_signature(std::uint16_t method, Bytes key, Bytes hash, Bytes signature);
} // namespace ikev1

namespace ikev2 {
/// The data of an AUTH payload over SignedOctets: method 1 RSA, 3 DSS, 9-11 ECDSA (RFC 4754), 14 with an AlgorithmIdentifier
/// in front (RFC 7427, RFC 8420): PKCS#1 v1.5, PSS, ECDSA, DSA, Ed25519, Ed448.
SignatureCheck verify_signature(std::uint8_t method, Bytes key, Bytes signed_octets, Bytes auth_data);
} // namespace ikev2

} // namespace ikescope::crypto
