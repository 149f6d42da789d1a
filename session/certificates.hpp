#pragma once
// What certificates say: of an end, judged by the given authorities (RFC 4945, RFC 5280), and of a CERT payload, for those
// who show packets (RFC 2408 3.9, RFC 7296 3.6).

#include "dissect/message.hpp"
#include "session/sa.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ikescope::session {

/// `shown` are all certificates that came with it; `when` is the time of the message: whether a certificate has expired
/// is judged by the capture's clock, not by today's. Without authorities nothing is judged.
EndCertificate judge_certificate(Bytes leaf, std::span<const Buffer> shown, std::span<const Buffer> authorities,
                                 Timestamp when);

/// An X.509 certificate in words.
struct CertificateWords {
    std::string subject, issuer, serial, not_before, not_after, key, signature_algorithm;
    std::vector<std::string> alternative_names; ///< "DNS:moon.example"
    bool is_authority = false;
    std::size_t offset = 0, length = 0; ///< of the DER, in the coordinates of the payload
};

/// The certificate of a CERT payload of either version; nothing when it holds something else, or nothing that is readable.
std::optional<CertificateWords> certificate_of(dissect::Version version, const dissect::PayloadRef& payload);

} // namespace ikescope::session
