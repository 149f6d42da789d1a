// What a router with a certain pre-shared key makes of a message: the first check that fails, in its order.

#include "dissect/ikev1.hpp"
#include "session/ikev1_opener.hpp"
#include "session/ikev1_verify.hpp"

namespace ikescope::session::ikev1 {
namespace {

namespace payload = dissect::ikev1::payload;
using What = SanityCheck::What;

/// RFC 2407 4.6.2.1: ID types 1 to 11.
constexpr std::uint8_t last_id_type = 11;

/// What may stand behind a payload of MM5 and MM6: RFC 2409 5.1 and 5.4, RFC 3947, and the end of the chain.
bool may_follow(std::uint8_t type) {
    constexpr std::uint8_t legal[] = {payload::none, payload::cert,   payload::certreq, payload::hash,  payload::sig,
                                      payload::notify, payload::delete_, payload::vendor, payload::nat_d, payload::nat_d_draft};
    return std::ranges::find(legal, type) != std::end(legal);
}

/// Reads as much of a number as there is.
std::uint64_t number_at(Bytes plain, std::size_t offset, std::size_t width) {
    Cursor in(plain.subspan(std::min(offset, plain.size())));
    return in.number(width, "field");
}

/// The checks on one generic header, in the order in which a router reads it.
///     next payload (1) | RESERVED (1) | payload length (2)
bool header_fails(Bytes plain, std::size_t at, std::uint8_t type, SanityCheck& check) {
    const auto fail = [&](What what, std::size_t offset, std::size_t width) {
        check.what = type == payload::id || what == What::reserved ? what : What::chain;
        check.payload = type;
        check.offset = offset;
        check.width = width;
        check.value = number_at(plain, offset, width);
        return true;
    };
    if (plain.size() < at + dissect::generic_header_size) return fail(What::length, at, 0);
    if (plain[at + 1] != 0) return fail(What::reserved, at + 1, 1);
    const auto length = number_at(plain, at + 2, 2);
    if (length < dissect::generic_header_size || length > plain.size() - at) return fail(What::length, at + 2, 2);
    if (!may_follow(plain[at])) return fail(What::next_payload, at, 1);
    return false;
}

} // namespace

bool headers_pass(Bytes plain, std::uint8_t first, SanityCheck& check) {
    std::size_t at = 0;
    for (auto type = first; type != payload::none;) {
        if (header_fails(plain, at, type, check)) return false;
        if (type == payload::id && (plain.size() < at + 5 || plain[at + 4] == 0 || plain[at + 4] > last_id_type)) {
            check = {What::id_type, check.frame, type, at + 4, 1, number_at(plain, at + 4, 1), check.first_bytes};
            return false;
        }
        type = plain[at];
        at += static_cast<std::size_t>(number_at(plain, at + 2, 2));
    }
    return true;
}

std::optional<Secret> Opener::shared_of(const Track& track) const {
    const auto& material = *track.ikev1;
    if (material.shared) return material.shared;
    const auto only = dh_.only_shared(material.group, track.initiator_spi);
    return only ? std::optional(dh_.padded(*only, material.group)) : std::nullopt;
}

std::optional<crypto::ikev1::Keys> Opener::keys_under(const Track& track, Bytes psk, const std::optional<Secret>& shared) const {
    if (!shared || !track.ikev1 || !track.ikev1->has_inputs()) return std::nullopt;
    const auto inputs = track.ikev1->inputs(track);
    const auto& suite = *track.ikev1->suite;
    return crypto::ikev1::derive(suite, crypto::ikev1::skeyid_psk(suite, psk, inputs), shared->reveal(), inputs);
}

std::optional<SanityCheck> Opener::first_failed_check(const Track& track, Bytes psk) const {
    const auto* material = track.ikev1.get();
    if (!material) return std::nullopt;
    const auto keys = keys_under(track, psk, shared_of(track));
    if (!keys || !material->first[0] || material->first[0]->label != Label::mm5) return std::nullopt;
    const auto& mm5 = *material->first[0];
    const auto plain = crypto::ikev1::open(*material->suite, keys->ka, keys->initial_iv, mm5.ciphertext);
    if (!plain) return std::nullopt;
    SanityCheck check;
    check.frame = mm5.frame;
    check.first_bytes.assign(plain->begin(), plain->begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(16, plain->size())));
    if (!headers_pass(*plain, mm5.header.next_payload, check)) return check;
    dissect::Message message;
    dissect::walk_plain(mm5.header, mm5.header.next_payload, *plain, 0, message);
    if (verify(track, *material, Label::mm5, Side::initiator, *keys, message, *plain) == Proof::verified) return check;
    check.what = What::hash;
    check.payload = payload::hash;
    if (const auto* hash = message.find(payload::hash)) {
        check.offset = hash->body_offset();
        check.width = hash->body.size();
    }
    return check;
}

Proof Opener::try_psk(const Track& track, Side side, Bytes psk) const {
    return track.ikev1 ? try_psk(track, side, psk, shared_of(track)) : Proof::unknown;
}

Proof Opener::try_psk(const Track& track, Side side, Bytes psk, const std::optional<Secret>& shared) const {
    const auto* material = track.ikev1.get();
    if (!material || !material->has_inputs()) return Proof::unknown;
    const auto at = index_of(side);
    if (!material->clear_hash[at].empty())
        return verify_phase1(track, *material, side, crypto::ikev1::skeyid_psk(*material->suite, psk, material->inputs(track)),
                             material->id_body[at], material->clear_hash[at]);
    const auto keys = keys_under(track, psk, shared);
    if (!keys || !material->first[at]) return Proof::unknown;
    const auto& kept = *material->first[at];
    for (const auto& iv : kept.ivs) {
        const auto plain = crypto::ikev1::open(*material->suite, keys->ka, iv, kept.ciphertext);
        if (!plain) continue;
        dissect::Message message;
        dissect::walk_plain(kept.header, kept.header.next_payload, *plain, 0, message);
        if (verify(track, *material, kept.label, side, *keys, message, *plain) == Proof::verified) return Proof::verified;
    }
    return Proof::failed;
}

} // namespace ikescope::session::ikev1
