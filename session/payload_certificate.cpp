#include "session/payload_certificate.hpp"

#include "crypto/certificate.hpp"
#include "dissect/ikev1.hpp"
#include "dissect/ikev2.hpp"

namespace ikescope::session {

std::optional<CertificateWords> certificate_of(dissect::Version version, const dissect::PayloadRef& payload) {
    constexpr std::uint8_t first_x509 = 4, second_x509 = 5, attribute = 10; // signature, key exchange, attribute
    const auto wanted = version == dissect::Version::v2 ? dissect::ikev2::payload::cert : dissect::ikev1::payload::cert;
    if (payload.type != wanted || payload.body.size() < 2) return {};
    const auto encoding = payload.body[0];
    if (encoding != first_x509 && encoding != second_x509 && encoding != attribute) return {};
    auto read = crypto::describe_certificate(payload.body.subspan(1));
    if (!read) return {};
    CertificateWords words;
    words.subject = std::move(read->subject);
    words.issuer = std::move(read->issuer);
    words.serial = std::move(read->serial);
    words.not_before = std::move(read->not_before);
    words.not_after = std::move(read->not_after);
    words.key = std::move(read->key);
    words.signature_algorithm = std::move(read->signature_algorithm);
    words.alternative_names = std::move(read->alternative_names);
    words.is_authority = read->is_authority;
    words.offset = payload.body_offset() + 1;
    words.length = payload.body.size() - 1;
    return words;
}

} // namespace ikescope::session
