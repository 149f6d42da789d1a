// The AUTH payload of an end: by pre-shared key, or by the signature of the certificate that came with it. RFC 7296 2.15.

#include "crypto/authenticate.hpp"
#include "crypto/signature.hpp"
#include "dissect/numbers_ikev2.hpp"
#include "session/ikev2_opener.hpp"

namespace ikescope::session::ikev2 {
namespace {

namespace method = dissect::ikev2::auth_method;

Proof by_signature(const Ikev2Material& material, std::size_t side, Bytes octets) {
    if (material.certificate[side].empty()) return Proof::unknown;
    const auto check = crypto::ikev2::verify_signature(material.auth_method[side], material.certificate[side], octets, material.auth[side]);
    switch (check.verdict) {
    case crypto::SignatureCheck::Verdict::right: return Proof::verified;
    case crypto::SignatureCheck::Verdict::wrong: return Proof::failed;
    case crypto::SignatureCheck::Verdict::unsupported: break;
    }
    return Proof::unknown;
}

} // namespace

/// SignedOctets of a side; nothing while a part of them is unknown.
std::optional<Buffer> Opener::octets(const Track& track, Side from) const {
    const auto* material = track.ikev2.get();
    const auto side = index_of(from);
    if (!material || !material->keys || !material->suite->prf || material->intermediate) return std::nullopt;
    const auto& sk_p = from == Side::initiator ? material->keys->pi : material->keys->pr;
    if (sk_p.empty() || material->init[side].empty() || material->nonce[1 - side].empty() || material->id_body[side].empty())
        return std::nullopt;
    return crypto::ikev2::signed_octets(material->suite->prf->id,
                                        {material->init[side], material->nonce[1 - side], material->id_body[side], {}}, sk_p);
}

void Opener::check_psks(Track& track, Side side) {
    for (std::size_t i = 0; i < store_.psks.size(); ++i) {
        const auto proof = try_psk(track, side, store_.psks[i].key.reveal());
        if (proof != Proof::unknown) tally_.psk_tried[i] = true;
        if (proof != Proof::verified) continue;
        tally_.psk_used[i] = true;
        track.rich().psk[index_of(side)] = i;
        track.rich().authentication[index_of(side)] = Proof::verified;
        return;
    }
}

void Opener::authenticate(Track& track, Side from) {
    const auto side = index_of(from);
    if (track.ikev2->auth_method[side] == method::shared_key) return check_psks(track, from);
    if (const auto all = octets(track, from)) track.rich().authentication[side] = by_signature(*track.ikev2, side, *all);
}

Proof Opener::try_psk(const Track& track, Side from, Bytes psk) const {
    const auto side = index_of(from);
    if (!track.ikev2 || track.ikev2->auth_method[side] != method::shared_key) return Proof::unknown;
    const auto all = octets(track, from);
    if (!all) return Proof::unknown;
    const auto right = crypto::ikev2::shared_key_auth(track.ikev2->suite->prf->id, psk, *all);
    return right == track.ikev2->auth[side] ? Proof::verified : Proof::failed;
}

} // namespace ikescope::session::ikev2
