// Keys that change within an SA, or come from an older one: additional key exchanges (RFC 9370) in IKE_INTERMEDIATE
// (RFC 9242) and what AUTH covers of it, post-quantum pre-shared keys (RFC 8784), session resumption (RFC 5723).

#include "crypto/authenticate.hpp"
#include "dissect/ikev2.hpp"
#include "session/ikev2_opener.hpp"

namespace ikescope::session::ikev2 {
namespace {

namespace payload = dissect::ikev2::payload;
using Form = secrets::Ikev2Extra::Form;

void put(Buffer& out, std::size_t at, std::uint64_t number, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) out[at + i] = static_cast<Byte>(number >> 8 * (width - 1 - i));
}

/// IntAuth_A: from the IKE header to the Encrypted payload's generic header, with lengths as if nothing were encrypted
/// and no fragment had been made (RFC 9242 3.3.2).
Buffer authenticated_head(const dissect::Message& sent, std::uint8_t first, std::size_t content) {
    const auto& sealed = sent.payloads.back();
    const bool piece = sealed.type == payload::skf;
    const auto header_end =
        piece ? dissect::header_size
              : static_cast<std::size_t>(sealed.body_offset() - sent.base) - dissect::generic_header_size;
    Buffer head(sent.bytes.begin(), sent.bytes.begin() + static_cast<std::ptrdiff_t>(header_end));
    const auto generic = head.size();
    head.resize(generic + dissect::generic_header_size);
    head[generic] = first;
    put(head, generic + 2, dissect::generic_header_size + content, 2);
    constexpr std::size_t next_payload_at = 16, length_at = 24; // RFC 7296 3.1
    if (piece) head[next_payload_at] = payload::sk;
    put(head, length_at, head.size() + content, 4);
    return head;
}

} // namespace

void Opener::take_intermediate(Track& track, Side from, const dissect::Message& sent) {
    auto& material = *track.ikev2;
    const auto side = index_of(from);
    const auto& sk_p = from == Side::initiator ? material.keys->pi : material.keys->pr;
    const auto used = message_.payloads.empty() ? 0
                                                : static_cast<std::size_t>(message_.payloads.back().body_offset()) +
                                                      message_.payloads.back().body.size();
    if (sk_p.empty() || !material.suite->prf || sent.payloads.empty() || used > plain_.size()) {
        material.intermediate_lost = true;
        return;
    }
    const auto head = authenticated_head(sent, first_, used);
    material.link[side] = crypto::ikev2::intermediate_link(material.suite->prf->id, sk_p, material.link[side], head,
                                                           Bytes(plain_).first(used));
    if (from == Side::responder && message_.find(payload::ke)) material.rekeying = true;
}

/// The first message behind an additional key exchange shows which secret belongs to it.
bool Opener::search_additional(Track& track, const Sealed& sealed, Result& result) {
    auto& material = *track.ikev2;
    if (!material.rekeying || material.keys->d.empty() || !material.suite->prf) return false;
    const auto prf = material.suite->prf->id;
    const crypto::ikev2::Inputs inputs{material.nonce[0], material.nonce[1], track.initiator_spi, track.responder_spi};
    return each_extra(Form::additional, track, [&](std::size_t i) {
        tally_.extra_tried[i] = true;
        const auto seed = crypto::ikev2::skeyseed_intermediate(prf, material.keys->d,
                                                               store_.ikev2_extras[i].value.reveal(), inputs);
        auto keys = crypto::ikev2::derive(prf, material.suite->sizes(), seed, inputs);
        if (!try_keys(material, keys, sealed, result)) return false;
        material.keys = std::move(keys);
        material.rekeying = false;
        take_extra(i);
        return true;
    });
}

/// SK_d of the SA that the ticket is of, known from the capture, or given.
bool Opener::search_resumed(Track& track, const Sealed& sealed, Result& result) {
    auto& material = *track.ikev2;
    if (!material.suite || !material.suite->prf || material.nonce[0].empty() || material.nonce[1].empty()) return false;
    const auto prf = material.suite->prf->id;
    const crypto::ikev2::Inputs inputs{material.nonce[0], material.nonce[1], track.initiator_spi, track.responder_spi};
    const auto attempt = [&](const Secret& d) {
        if (d.empty()) return false;
        auto keys = crypto::ikev2::derive(prf, material.suite->sizes(),
                                          crypto::ikev2::skeyseed_resumption(prf, d, inputs), inputs);
        if (!try_keys(material, keys, sealed, result)) return false;
        material.keys = std::move(keys);
        return true;
    };
    if (material.parent && attempt(material.parent->d)) return true;
    return each_extra(Form::old_d, track, [&](std::size_t i) {
        tally_.extra_tried[i] = true;
        if (!attempt(store_.ikev2_extras[i].value)) return false;
        take_extra(i);
        return true;
    });
}

void Opener::settle_ppk(Track& track, bool accepted) {
    auto& material = *track.ikev2;
    if (!material.ppk_id || !material.keys) return;
    if (!accepted) { // the initiator's other AUTH is the one that counts (RFC 8784 section 3)
        material.ppk_id.reset();
        material.mixed.reset();
        if (!material.no_ppk_auth.empty()) material.auth[0] = std::exchange(material.no_ppk_auth, {});
        return authenticate(track, Side::initiator);
    }
    if (!material.mixed) authenticate(track, Side::responder);
    if (material.mixed) {
        material.keys = *material.mixed;
        material.ppk_id.reset();
        return;
    }
    // Encryption goes on with the old keys; what is made of SK_d and SK_p cannot be known.
    material.ppk_id.reset();
    material.keys->d = material.keys->pi = material.keys->pr = Secret();
    track.note("both ends mix in a post-quantum pre-shared key (RFC 8784) that is not known, or could not be proved "
               "without the pre-shared key: AUTH and the keys of Child SAs cannot be computed");
}

} // namespace ikescope::session::ikev2
