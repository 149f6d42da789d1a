// The public key encryption modes of phase 1: nonces (and more) are encrypted to the receiver's key, so they need the
// private keys of both ends.
//   RFC 2409 5.2:  KE, <IDii_b>PubKey_r, <Ni_b>PubKey_r
//   RFC 2409 5.3:  <Ni_b>PubKey_r, <KE_b>Ke_i, <IDii_b>Ke_i      Ke_i from Ne_i = prf(Ni_b, CKY-I)

#include "crypto/private_key.hpp"
#include "dissect/ikev1.hpp"
#include "session/ikev1_opener.hpp"
#include "session/ikev1_suite.hpp"
#include "session/payload_certificate.hpp"

namespace ikescope::session::ikev1 {
namespace {

constexpr std::size_t least_nonce = 8, most_nonce = 256; ///< RFC 2409 5

Buffer buffer_of(const Secret& secret) {
    const auto bytes = secret.reveal();
    return {bytes.begin(), bytes.end()};
}

/// The last byte counts the padding in front of it.
std::optional<Buffer> without_padding(Buffer padded) {
    if (padded.empty() || padded.back() + std::size_t{1} > padded.size()) return std::nullopt;
    padded.resize(padded.size() - padded.back() - 1);
    return padded;
}

/// What a side sent, opened.
struct Opened {
    Buffer nonce, ke, id;
};

std::optional<Opened> open_plain(const Ikev1Material& material, std::size_t side, const Secret& key, Buffer nonce) {
    Opened opened{std::move(nonce), material.public_value[side], {}};
    if (material.id_body[side].empty()) return opened;
    const auto id = crypto::rsa_decrypt(key, material.id_body[side]);
    if (!id) return std::nullopt;
    opened.id = buffer_of(*id);
    return opened;
}

std::optional<Opened> open_revised(const Track& track, const Ikev1Material& material, std::size_t side, Buffer nonce) {
    const auto& suite = *material.suite;
    const auto& cookie = side == 0 ? track.initiator_spi : track.responder_spi;
    const auto ke_key = crypto::ikev1::cipher_key(suite, Secret(crypto::hmac(suite.hash, nonce, {cookie})));
    Buffer iv(crypto::block_size(suite.cipher), 0); // RFC 2409 5.3: zero, then the last block of the payload before
    Opened opened{std::move(nonce), {}, {}};
    for (const auto& [sealed, into] :
         {std::pair(&material.public_value[side], &opened.ke), std::pair(&material.id_body[side], &opened.id)}) {
        if (sealed->empty() || sealed->size() % iv.size() != 0) return std::nullopt;
        auto plain = crypto::ikev1::open(suite, ke_key, iv, *sealed);
        auto content = plain ? without_padding(std::move(*plain)) : std::nullopt;
        if (!content) return std::nullopt;
        *into = std::move(*content);
        iv.assign(sealed->end() - static_cast<std::ptrdiff_t>(iv.size()), sealed->end());
    }
    return opened;
}

void tell_identity(Track& track, std::size_t side) {
    dissect::PayloadRef payload;
    payload.type = dissect::ikev1::payload::id;
    payload.body = track.ikev1->id_body[side];
    const auto id = dissect::ikev1::parse<dissect::ikev1::Identification>(payload);
    auto& rich = track.rich();
    rich.identity[side] = identity_text(id);
    rich.identity_type[side] = id.type;
    rich.identity_address[side] = id.address();
}

} // namespace

void Opener::decode_encrypted(Track& track) {
    auto& material = *track.ikev1;
    material.wrapped = by_encryption(material.authentication);
    if (!material.wrapped || !material.suite) return;
    for (const std::size_t side : {0U, 1U}) {
        if (material.decoded[side] || material.nonce[side].empty()) continue;
        for (std::size_t i = 0; i < store_.private_keys.size() && !material.decoded[side]; ++i) {
            tally_.private_tried[i] = true;
            const auto& key = store_.private_keys[i].der;
            const auto nonce = crypto::rsa_decrypt(key, material.nonce[side]);
            if (!nonce || nonce->size() < least_nonce || nonce->size() > most_nonce) continue;
            auto opened = by_revised_encryption(material.authentication)
                              ? open_revised(track, material, side, buffer_of(*nonce))
                              : open_plain(material, side, key, buffer_of(*nonce));
            if (!opened) continue;
            material.decoded[side] = tally_.private_used[i] = true;
            material.nonce[side] = std::move(opened->nonce);
            material.public_value[side] = std::move(opened->ke);
            material.id_body[side] = std::move(opened->id);
            tell_identity(track, side);
        }
    }
}

} // namespace ikescope::session::ikev1
