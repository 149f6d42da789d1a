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
