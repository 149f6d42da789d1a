// The AUTH payload of an end: by pre-shared key, by the signature of the certificate that came with it, or by what EAP
// left. RFC 7296 2.15, 2.16.

#include "crypto/authenticate.hpp"
#include "crypto/signature.hpp"
#include "dissect/numbers_ikev2.hpp"
#include "session/certificates.hpp"
#include "session/ikev2_opener.hpp"

#include <fmt/format.h>

namespace ikescope::session::ikev2 {
namespace {

namespace method = dissect::ikev2::auth_method;
using Form = secrets::Ikev2Extra::Form;

} // namespace

/// SignedOctets of a side under these keys; nothing while a part of them is unknown.
std::optional<Buffer> Opener::octets(const Track& track, Side from, const Keys& keys) const {
    const auto& material = *track.ikev2;
    const auto side = index_of(from);
    const auto& sk_p = from == Side::initiator ? keys.pi : keys.pr;
    if (!material.suite->prf || sk_p.empty() || material.init[side].empty() || material.nonce[1 - side].empty() ||
        material.id_body[side].empty())
        return std::nullopt;
    Buffer intermediate;
    if (material.intermediate) {
        if (material.intermediate_lost || material.link[0].empty() || material.link[1].empty()) return std::nullopt;
        intermediate = crypto::ikev2::intermediate_auth(material.link[0], material.link[1], material.auth_id);
    }
    return crypto::ikev2::signed_octets(
        material.suite->prf->id, {material.init[side], material.nonce[1 - side], material.id_body[side], intermediate},
        sk_p);
}

bool Opener::makes_auth(const Track& track, Side side, Bytes secret, Bytes octets) const {
    const auto& material = *track.ikev2;
    return crypto::ikev2::shared_key_auth(material.suite->prf->id, secret, octets) == material.auth[index_of(side)];
}

/// A pre-shared key; behind EAP its MSK or, where the method makes none, SK_p; in a resumed session SK_p (RFC
/// 5723 5.1).
Proof Opener::judge_shared(Track& track, Side from, const Keys& keys, Bytes octets) {
    const auto side = index_of(from);
    auto& how = track.rich().authentication_how[side];
    const auto by_psk = [&](std::size_t i) {
        tally_.psk_tried[i] = true;
        if (!makes_auth(track, from, store_.psks[i].key.reveal(), octets)) return false;
        tally_.psk_used[i] = true;
        track.rich().psk[side] = i;
        return true;
    };
    if (tally_.psk_order.each(by_psk)) {
        tally_.psk_order.use(*track.rich().psk[side]);
        return Proof::verified;
    }
    const auto& material = *track.ikev2;
    if (!material.eap && !material.resumed) return Proof::unknown;
    const auto by_msk = [&](std::size_t i) {
        const auto& extra = store_.ikev2_extras[i];
        tally_.extra_tried[i] = true;
        if (!makes_auth(track, from, extra.value.reveal(), octets)) return false;
        tally_.extra_used[i] = true;
        how = fmt::format("EAP's master session key from {}", extra.origin.text);
        return true;
    };
    if (each_extra(Form::msk, track, by_msk)) return Proof::verified;
    const auto& sk_p = from == Side::initiator ? keys.pi : keys.pr;
    const bool bare =
        material.resumed && crypto::prf(material.suite->prf->id, sk_p.reveal(), {octets}) == material.auth[side];
    if (!bare && !makes_auth(track, from, sk_p.reveal(), octets)) return Proof::unknown;
    how = material.resumed ? "the resumed session's keys"
                           : "an EAP method that makes no key: AUTH proves the Diffie-Hellman exchange only";
    return Proof::verified;
}

Proof Opener::judge_signature(Track& track, Side from, Bytes octets) {
    const auto& material = *track.ikev2;
    const auto side = index_of(from);
    auto& how = track.rich().authentication_how[side];
    if (material.certificates[side].empty()) {
        how = "not checked: the certificate was not sent along";
        return Proof::unknown;
    }
    const auto check = crypto::ikev2::verify_signature(material.auth_method[side], material.certificates[side].front(),
                                                       octets, material.auth[side]);
    how = check.verdict == crypto::SignatureCheck::Verdict::unsupported ? check.why : check.algorithm;
    switch (check.verdict) {
    case crypto::SignatureCheck::Verdict::right: return Proof::verified;
    case crypto::SignatureCheck::Verdict::wrong: return Proof::failed;
    case crypto::SignatureCheck::Verdict::unsupported: break;
    }
    return Proof::unknown;
}

Proof Opener::judge_auth(Track& track, Side from, const Keys& keys) {
    const auto all = octets(track, from, keys);
    if (!all) return Proof::unknown;
    const bool shared = track.ikev2->auth_method[index_of(from)] == method::shared_key;
    return shared ? judge_shared(track, from, keys, *all) : judge_signature(track, from, *all);
}

void Opener::authenticate(Track& track, Side from) {
    auto& material = *track.ikev2;
    const auto side = index_of(from);
    if (!material.keys || material.auth[side].empty()) return;
    if (const auto& shown = material.certificates[side]; !shown.empty() && !track.rich().certificate[side])
        track.rich().certificate[side] = judge_certificate(shown.front(), shown, store_.authorities, track.end);
    auto proof = Proof::unknown;
    if (material.ppk_id) {
        const auto by_ppk = [&](std::size_t i) {
            if (!material.suite->prf) return false;
            tally_.extra_tried[i] = true;
            auto mixed = crypto::ikev2::with_ppk(material.suite->prf->id, *material.keys, store_.ikev2_extras[i].value);
            proof = judge_auth(track, from, mixed);
            if (proof != Proof::verified) return false;
            tally_.extra_used[i] = true;
            material.mixed = std::move(mixed);
            return true;
        };
        for (const auto& id : {*material.ppk_id, std::string()})
            if (const auto known = ppks_.find(id); known != ppks_.end() && std::ranges::any_of(known->second, by_ppk)) break;
        if (proof != Proof::verified) {
            proof = Proof::unknown; // without the right PPK nothing can be said
            track.note("AUTH depends on a post-quantum pre-shared key (RFC 8784), and none that was given fits: [[ppk]] in a file of --secrets");
        }
    } else {
        proof = judge_auth(track, from, *material.keys);
    }
    if (proof != Proof::unknown) track.rich().authentication[side] = proof;
}

Proof Opener::try_psk(const Track& track, Side from, Bytes psk) const {
    const auto side = index_of(from);
    if (!track.ikev2 || !track.ikev2->keys || track.ikev2->auth_method[side] != method::shared_key)
        return Proof::unknown;
    const auto all = octets(track, from, track.ikev2->mixed ? *track.ikev2->mixed : *track.ikev2->keys);
    if (!all || (track.ikev2->ppk_id && !track.ikev2->mixed)) return Proof::unknown;
    return makes_auth(track, from, psk, *all) ? Proof::verified : Proof::failed;
}

} // namespace ikescope::session::ikev2
