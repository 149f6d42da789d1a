#include "session/payload_certificate.hpp"

#include "crypto/certificate.hpp"
#include "dissect/ikev1.hpp"
#include "dissect/ikev2.hpp"
#include "dissect/numbers_ikev1.hpp"

#include <fmt/format.h>

namespace ikescope::session {

namespace {

/// RFC 2408 3.9, RFC 7296 3.6, RFC 7670 3. 10 is an attribute certificate, which is no X.509 certificate.
namespace encoding {
constexpr std::uint8_t pkcs7 = 1, x509 = 4, x509_key_exchange = 5, crl = 7, arl = 8, raw_rsa = 11, raw_key = 15;
}

CertificateWords words_of(crypto::CertificateText text) {
    CertificateWords words;
    words.subject = std::move(text.subject);
    words.issuer = std::move(text.issuer);
    words.serial = std::move(text.serial);
    words.not_before = std::move(text.not_before);
    words.not_after = std::move(text.not_after);
    words.key = std::move(text.key);
    words.signature_algorithm = std::move(text.signature_algorithm);
    words.alternative_names = std::move(text.alternative_names);
    words.is_authority = text.is_authority;
    return words;
}

void read_x509(Bytes der, CertificateContent& content) {
    auto read = crypto::describe_certificate(der);
    if (read) content.certificates.push_back(words_of(std::move(*read)));
    else content.problem = read.error().sentence;
}

void read_pkcs7(Bytes der, CertificateContent& content) {
    for (const auto& each : crypto::certificates_in_pkcs7(der)) read_x509(each, content);
    if (content.certificates.empty()) content.problem = fmt::format("{} bytes that are no PKCS #7 with certificates", der.size());
}

void read_revocations(Bytes der, CertificateContent& content) {
    auto read = crypto::describe_revocations(der);
    if (read) content.revocations = {std::move(read->issuer), std::move(read->this_update), std::move(read->next_update), read->revoked};
    else content.problem = read.error().sentence;
}

void read_key(Bytes der, CertificateContent& content) {
    if (auto key = crypto::describe_public_key(der)) content.key = std::move(*key);
    else content.problem = fmt::format("{} bytes that are no public key in DER", der.size());
}

} // namespace

std::optional<CertificateContent> certificate_of(dissect::Version version, const dissect::PayloadRef& payload) {
    const bool v2 = version == dissect::Version::v2;
    const auto wanted = v2 ? dissect::ikev2::payload::cert : dissect::ikev1::payload::cert;
    if (payload.type != wanted || payload.body.size() < 2) return {};
    const auto der = payload.body.subspan(1);
    CertificateContent content;
    switch (payload.body[0]) {
    case encoding::x509:
    case encoding::x509_key_exchange: read_x509(der, content); break;
    case encoding::pkcs7: read_pkcs7(der, content); break;
    case encoding::crl:
    case encoding::arl: read_revocations(der, content); break;
    case encoding::raw_rsa:
    case encoding::raw_key: read_key(der, content); break;
    default: return {};
    }
    return content;
}

std::optional<std::string> identity_name(std::uint8_t type, Bytes data) {
    namespace id = dissect::ikev2::id_type;
    static_assert(id::der_asn1_dn == dissect::ikev1::id::der_asn1_dn && id::der_asn1_gn == dissect::ikev1::id::der_asn1_gn);
    if (type == id::der_asn1_dn) return crypto::distinguished_name(data);
    return type == id::der_asn1_gn ? crypto::general_name(data) : std::nullopt;
}

std::optional<std::string> name_in(dissect::Version version, const dissect::PayloadRef& payload) {
    namespace one = dissect::ikev1;
    namespace two = dissect::ikev2;
    if (version == dissect::Version::v1 && payload.type == one::payload::certreq)
        return crypto::distinguished_name(one::parse<one::CertificateRequest>(payload).authority);
    if (version == dissect::Version::v1 && payload.type == one::payload::id) {
        const auto id = one::parse<one::Identification>(payload);
        return identity_name(id.type, id.data);
    }
    constexpr std::uint8_t id_of_group = 50; // RFC 9838
    if (version != dissect::Version::v2) return {};
    if (payload.type != two::payload::id_i && payload.type != two::payload::id_r && payload.type != id_of_group) return {};
    const auto id = two::parse<two::Identification>(payload);
    return identity_name(id.type, id.data);
}

} // namespace ikescope::session
