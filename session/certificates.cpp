#include "session/certificates.hpp"

#include "crypto/certificate.hpp"
#include "dissect/ikev1.hpp"
#include "dissect/ikev2.hpp"

namespace ikescope::session {

EndCertificate judge_certificate(Bytes leaf, std::span<const Buffer> shown, std::span<const Buffer> authorities,
                                 Timestamp when) {
    EndCertificate made;
    const auto text = crypto::describe_certificate(leaf);
    if (!text) {
        made.why = text.error().sentence;
        if (!authorities.empty()) made.trusted = false;
        return made;
    }
    made.subject = text->subject;
    made.issuer = text->issuer;
    made.serial = text->serial;
    made.key = text->key;
    made.not_before = text->not_before;
    made.not_after = text->not_after;
    made.alternative_names = text->alternative_names;
    if (authorities.empty()) return made;
    auto verdict = crypto::check_chain(leaf, shown, authorities, when / one_second);
    made.trusted = verdict.trusted;
    made.why = std::move(verdict.why);
    made.chain = std::move(verdict.subjects);
    return made;
}

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
