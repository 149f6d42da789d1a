#pragma once
// What the certificate of a CERT payload says, for those who show packets (RFC 2408 3.9, RFC 7296 3.6).

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
    std::size_t offset = 0, length = 0; ///< of the DER, in the coordinates of the payload
};

/// The certificate of a CERT payload of either version; nothing when it holds something else, or nothing that is
/// readable.
std::optional<CertificateWords> certificate_of(dissect::Version version, const dissect::PayloadRef& payload);

} // namespace ikescope::session
