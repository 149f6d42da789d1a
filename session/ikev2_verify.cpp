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
using crypto::ikev2::Keys;

constexpr std::string_view no_ppk_auth = "NO_PPK_AUTH";

/// SK_e stays the same with a post-quantum pre-shared key: are these the keys that have SK_p as well?
bool is_source_of(const Keys& keys, const Keys& known) {
    return !keys.pi.empty() && !keys.pr.empty() && keys.ei == known.ei && keys.er == known.er;
}

/// The set of finished keys that opened the SA, where it has SK_p.
std::optional<Keys> given_before_ppk(const secrets::Store& store, const Track& track) {
    if (!track.rich_part || track.rich_part->keys_words.empty()) return std::nullopt;
    for (const auto& key : store.ikev2_keys) {
        if (key.origin.text != track.rich_part->keys_words) continue;
        if (Keys keys{key.d, key.ai, key.ar, key.ei, key.er, key.pi, key.pr}; is_source_of(keys, *track.ikev2->keys)) return keys;
    }
    return std::nullopt;
}

/// Why none of the post-quantum pre-shared keys is proved: where AUTH is made with a pre-shared key, too, both must be there.
std::string_view why_no_ppk(const secrets::Store& store, std::uint8_t way) {
    const bool given = std::ranges::any_of(store.ikev2_extras, [](const auto& extra) { return extra.form == Form::ppk; });
    if (!given) return "none was given: [[ppk]] in a file of --secrets";
    if (way == method::shared_key && store.psks.empty()) return "without the pre-shared key those that were given cannot be judged: --psk or --config";
    return "none that was given fits: [[ppk]] in a file of --secrets";
}

/// The keys under one given g^ir, without what later exchanges mix in.
std::optional<Keys> keys_of_dh(const secrets::Store& store, DhSecrets& dh, const Track& track) {
    const auto& material = *track.ikev2;
    if (!track.rich_part || !track.rich_part->dh || !material.has_inputs() || material.parent) return std::nullopt;
    const auto index = *track.rich_part->dh;
    Secret shared;
    if (store.dh[index].form == secrets::DhSecret::Form::shared)
        shared = dh.padded(index, material.group);
    else if (auto computed = dh.computed(material.group, material.public_value[0], material.public_value[1]))
        shared = std::move(computed->shared);
    if (shared.empty()) return std::nullopt;
    const crypto::ikev2::Inputs inputs{material.nonce[0], material.nonce[1], track.initiator_spi, track.responder_spi};
    const auto prf = material.suite->prf->id;
    return crypto::ikev2::derive(prf, material.suite->sizes(), crypto::ikev2::skeyseed(prf, shared.reveal(), inputs), inputs);
}

} // namespace

/// settle_ppk() forgets SK_d and SK_p where no key that was given can be the one that is mixed in; their source has them.
bool lacks_ppk(const secrets::Store& store, const Track& track) {
    const auto* material = track.ikev2.get();
    if (!material || !material->keys || !material->suite || !material->suite->prf || material->mixed) return false;
    if (material->ppk_id) return true;
    if (!material->keys->pi.empty() || material->intermediate) return false;
    return (track.rich_part && track.rich_part->dh) || given_before_ppk(store, track);
}

std::optional<Keys> keys_before_ppk(const secrets::Store& store, DhSecrets& dh, const Track& track) {
    if (!lacks_ppk(store, track)) return std::nullopt;
    const auto& known = *track.ikev2->keys;
    if (!known.pi.empty()) return known;
    if (auto given = given_before_ppk(store, track)) return given;
    auto keys = keys_of_dh(store, dh, track);
    return keys && is_source_of(*keys, known) ? std::move(keys) : std::nullopt;
}

std::vector<AuthChoice> auth_choices(const secrets::Store& store, DhSecrets& dh, const Track& track, Side side) {
    constexpr std::size_t most = 64;
    const auto& material = *track.ikev2;
    const auto& auth = material.auth[index_of(side)];
    std::vector<AuthChoice> choices;
    if (const auto before = keys_before_ppk(store, dh, track)) {
        for (const auto& extra : store.ikev2_extras)
            if (extra.form == Form::ppk && choices.size() < most)
                choices.push_back({crypto::ikev2::with_ppk(material.suite->prf->id, *before, extra.value), auth, "AUTH"});
        if (side == Side::initiator && !material.no_ppk_auth.empty())
            choices.push_back({*before, material.no_ppk_auth, no_ppk_auth});
        return choices;
    }
    const auto& keys = material.mixed ? *material.mixed : *material.keys;
    if (!(side == Side::initiator ? keys.pi : keys.pr).empty()) choices.push_back({keys, auth, "AUTH"});
    return choices;
}

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
            track.note(fmt::format("AUTH depends on a post-quantum pre-shared key (RFC 8784), and {}", why_no_ppk(store_, material.auth_method[side])));
            proof = Proof::unknown; // without the right PPK nothing can be said, but for what an initiator sends for a responder without one
            if (from == Side::initiator && !material.no_ppk_auth.empty()) {
                std::swap(material.auth[side], material.no_ppk_auth);
                if (judge_auth(track, from, *material.keys) == Proof::verified) {
                    proof = Proof::verified;
                    track.rich().authentication_how[side] = "NO_PPK_AUTH, which is made without the post-quantum pre-shared key";
                }
                std::swap(material.auth[side], material.no_ppk_auth);
            }
        }
    } else {
        proof = judge_auth(track, from, *material.keys);
    }
    if (proof != Proof::unknown) track.rich().authentication[side] = proof;
}

Proof Opener::try_psk(const Track& track, Side from, Bytes psk) const {
    const auto* material = track.ikev2.get();
    if (!material || !material->keys || material->auth_method[index_of(from)] != method::shared_key) return Proof::unknown;
    const bool with_ppk = keys_before_ppk(store_, dh_, track).has_value(); // then the other key may be the wrong one
    auto proof = Proof::unknown;
    for (const auto& [keys, auth, name] : auth_choices(store_, dh_, track, from)) {
        const auto all = octets(track, from, keys);
        if (!all) continue;
        if (crypto::ikev2::shared_key_auth(material->suite->prf->id, psk, *all) == auth) return Proof::verified;
        if (!with_ppk || name == no_ppk_auth) proof = Proof::failed;
    }
    return proof;
}

} // namespace ikescope::session::ikev2
