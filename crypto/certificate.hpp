#pragma once
// What an X.509 certificate says, and whether it leads to an authority that is trusted (RFC 5280, profile RFC 4945).

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ikescope::crypto {

struct CertificateText {
    std::string subject, issuer;        ///< "C=CH, O=strongSwan, CN=moon.strongswan.org"
    std::string serial;                 ///< hexadecimal digits
    std::string not_before, not_after;  ///< "2026-11-23T16:59:54Z"
    std::string key;                    ///< "RSA 2048 bits", "EC prime256v1", "ED25519"
    std::string signature_algorithm;    ///< "sha256WithRSAEncryption"
    std::vector<std::string> alternative_names; ///< "DNS:moon.example", "IP:10.0.0.1", "email:…"
    bool is_authority = false;
    Buffer sha1;      ///< of the DER, as "hash and URL" (RFC 7296 section 3.6) names a certificate
    Buffer key_sha1;  ///< of the SubjectPublicKeyInfo, as an IKEv2 CERTREQ names an authority (RFC 7296 section 3.7)
    Buffer subject_der; ///< as an ID_DER_ASN1_DN payload or an IKEv1 CERTREQ carries it
};
/// An Error when the bytes are no certificate.
Result<CertificateText> describe_certificate(Bytes der);

/// The words of a Name in DER (RFC 5280 4.1.2.4), spelled like CertificateText::subject; nothing when it is none, or empty.
std::optional<std::string> distinguished_name(Bytes der);
/// The words of a GeneralName, or of several, in DER (RFC 5280 4.2.1.6): "DNS:moon.example"; nothing when it is none.
std::optional<std::string> general_name(Bytes der);

/// "RSA 2048 bits", as CertificateText::key; of a SubjectPublicKeyInfo (RFC 5280 4.1) or an RSAPublicKey (RFC 8017 A.1.1).
std::optional<std::string> describe_public_key(Bytes der);

/// A list of revoked certificates (RFC 5280 5.1).
struct RevocationText {
    std::string issuer, this_update, next_update; ///< dates as in CertificateText; next_update may be empty
    std::size_t revoked = 0; ///< how many certificates it names
};
/// An Error when the bytes are no CRL.
Result<RevocationText> describe_revocations(Bytes der);

/// The certificates of a PKCS #7 wrapper (RFC 2315) in DER, each in DER; nothing when it holds none.
std::vector<Buffer> certificates_in_pkcs7(Bytes der);

/// The certificates of a file: PEM (any number; other things in it are skipped) or one in DER.
Result<std::vector<Buffer>> read_certificates(Bytes file);

struct ChainVerdict {
    bool trusted = false;
    std::string why; ///< one sentence; empty when trusted
    std::vector<std::string> subjects; ///< from the end's certificate up to the last one found
};
/// Whether `leaf` leads over `others` (untrusted, from the wire) to one of `authorities` at `unix_seconds` (now, if not given).
ChainVerdict check_chain(Bytes leaf, std::span<const Buffer> others, std::span<const Buffer> authorities,
                         std::optional<std::int64_t> unix_seconds = std::nullopt);

} // namespace ikescope::crypto
