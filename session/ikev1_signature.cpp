// SIG_I and SIG_R of phase 1: over HASH_I and HASH_R, by the key of the certificate that came with them. RFC 2409 5.1,
// RFC 4754; draft-ietf-ipsec-isakmp-hybrid-auth-05 for the responder's alone.

#include "crypto/signature.hpp"
#include "dissect/ikev1.hpp"
#include "session/certificates.hpp"
#include "session/ikev1_opener.hpp"

namespace ikescope::session::ikev1 {
namespace {

namespace payload = dissect::ikev1::payload;
using Verdict = crypto::SignatureCheck::Verdict;

constexpr std::uint8_t x509_signature = 4; ///< RFC 2408 3.9
constexpr std::size_t most_certificates = 10;

} // namespace

void Opener::learn_certificates(Track& track, Side from, const dissect::Message& message) {
    auto& kept = track.ikev1->certificates[index_of(from)];
    for (const auto& each : message.payloads) {
        if (each.type != payload::cert || kept.size() >= most_certificates) continue;
        const auto certificate = dissect::ikev1::parse<dissect::ikev1::Certificate>(each);
        if (certificate.encoding == x509_signature) kept.emplace_back(certificate.data.begin(), certificate.data.end());
    }
}

/// The end's own certificate is the one whose key fits; RFC 2408 does not say that it comes first.
Proof Opener::check_signature(Track& track, Side from, const Secret& skeyid, Bytes signature) {
    const auto& material = *track.ikev1;
    const auto side = index_of(from);
    const auto& shown = material.certificates[side];
    auto& rich = track.rich();
    if (!material.has_inputs() || material.sa_body.empty() || skeyid.empty() || material.id_body[side].empty())
        return Proof::unknown;
    const auto inputs = material.inputs(track);
    const auto hash = from == Side::initiator
                          ? crypto::ikev1::hash_i(*material.suite, skeyid, inputs, material.id_body[side])
                          : crypto::ikev1::hash_r(*material.suite, skeyid, inputs, material.id_body[side]);
    if (shown.empty()) {
        rich.authentication_how[side] = "not checked: the certificate was not sent along";
        return Proof::unknown;
    }
    auto proof = Proof::unknown;
    for (const auto& certificate : shown) {
        const auto check = crypto::ikev1::verify_signature(material.authentication, certificate, hash, signature);
        if (check.verdict == Verdict::unsupported) {
            if (proof == Proof::unknown) rich.authentication_how[side] = check.why;
            continue;
        }
        rich.authentication_how[side] = check.algorithm;
        proof = check.verdict == Verdict::right ? Proof::verified : Proof::failed;
        if (proof == Proof::failed) continue;
        rich.certificate[side] = judge_certificate(certificate, shown, store_.authorities, track.end);
        return proof;
    }
    rich.certificate[side] = judge_certificate(shown.front(), shown, store_.authorities, track.end);
    return proof;
}

/// Aggressive Mode signs in clear before anything encrypted shows which g^xy is right.
void Opener::settle_clear_signatures(Track& track, const Secret& skeyid) {
    auto& material = *track.ikev1;
    for (const auto from : {Side::initiator, Side::responder}) {
        auto& signature = material.clear_signature[index_of(from)];
        if (signature.empty()) continue;
        const auto proof = check_signature(track, from, skeyid, signature);
        if (proof != Proof::unknown) track.rich().authentication[index_of(from)] = proof;
        signature.clear();
    }
}

} // namespace ikescope::session::ikev1
