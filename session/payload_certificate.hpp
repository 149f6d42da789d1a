#pragma once
// What the DER in ID, CERT and CERTREQ payloads says, for those who show packets and identities (RFC 2408 3.9, RFC 7296
// 3.5 to 3.7).

#include "dissect/message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ikescope::session {

/// An X.509 certificate in words.
struct CertificateWords {
    std::string subject, issuer, serial, not_before, not_after, key, signature_algorithm;
    std::vector<std::string> alternative_names; ///< "DNS:moon.example"
    bool is_authority = false;
};

/// What a CERT payload of either version holds; which parts are filled depends on its encoding.
struct CertificateContent {
    std::vector<CertificateWords> certificates; ///< X.509: one; PKCS #7: those in the wrapper
    struct Revocations {
        std::string issuer, this_update, next_update;
        std::size_t revoked = 0; ///< how many certificates it names
    };
    std::optional<Revocations> revocations; ///< a CRL
    std::string key; ///< a raw public key: "RSA 2048 bits"
    std::string problem; ///< one sentence when the bytes are not what their encoding says
};

/// Nothing for other payloads and encodings without words here.
std::optional<CertificateContent> certificate_of(dissect::Version version, const dissect::PayloadRef& payload);

/// The words of an identity that is DER (ID_DER_ASN1_DN, ID_DER_ASN1_GN; the same numbers in both versions); nothing for
/// other types, and for what cannot be read.
std::optional<std::string> identity_name(std::uint8_t type, Bytes data);
/// The name in an ID payload of either version, or of the authority in IKEv1's CERTREQ.
std::optional<std::string> name_in(dissect::Version version, const dissect::PayloadRef& payload);

/// Identification::text() of either version, and names that are DER in words.
template <class Identification>
std::string identity_text(const Identification& id) {
    auto name = identity_name(id.type, id.data);
    return name ? std::move(*name) : id.text();
}

} // namespace ikescope::session
