#include "crypto/ikev2_keys.hpp"

#include "base/cursor.hpp"

#include <algorithm>

namespace ikescope::crypto::ikev2 {
namespace {

Secret next(Cursor& in, std::size_t size, std::string_view name) { return Secret(in.take(size, name)); }

Buffer joined(std::span<const Secret> secrets) {
    Buffer out;
    for (const auto& one : secrets) out.insert(out.end(), one.reveal().begin(), one.reveal().end());
    return out;
}

bool takes_short_nonces(PrfId prf) { return prf == PrfId::aes128_xcbc || prf == PrfId::aes128_cmac; }

} // namespace

Secret skeyseed(PrfId id, Bytes shared, const Inputs& inputs) {
    Buffer key;
    for (auto nonce : {inputs.initiator_nonce, inputs.responder_nonce}) {
        const auto used = takes_short_nonces(id) ? nonce.first(std::min<std::size_t>(8, nonce.size())) : nonce;
        key.insert(key.end(), used.begin(), used.end());
    }
    return Secret(prf(id, key, {shared}));
}

Secret skeyseed_rekey(PrfId old_prf, const Secret& old_d, Bytes shared, const Inputs& inputs, std::span<const Secret> additional) {
    const Secret more(joined(additional));
    return Secret(prf(old_prf, old_d.reveal(), {shared, inputs.initiator_nonce, inputs.responder_nonce, more.reveal()}));
}

Secret skeyseed_intermediate(PrfId id, const Secret& previous_d, Bytes shared, const Inputs& inputs) {
    return Secret(prf(id, previous_d.reveal(), {shared, inputs.initiator_nonce, inputs.responder_nonce}));
}

Secret skeyseed_resumption(PrfId id, const Secret& old_d, const Inputs& inputs) {
    return Secret(prf(id, old_d.reveal(), {bytes_of("Resumption"), inputs.initiator_nonce, inputs.responder_nonce}));
}

Keys derive(PrfId id, const KeySizes& sizes, const Secret& skeyseed, const Inputs& inputs) {
    std::size_t total = 0;
    for (const auto& slice : slices) total += sizes.*slice.size;
    const auto keymat = prf_plus(id, skeyseed.reveal(),
                                 {inputs.initiator_nonce, inputs.responder_nonce, inputs.initiator_spi, inputs.responder_spi}, total);
    Keys keys;
    Cursor in(keymat.reveal());
    for (const auto& slice : slices) keys.*slice.into = next(in, sizes.*slice.size, slice.name);
    return keys;
}

Keys with_ppk(PrfId id, Keys keys, const Secret& ppk) {
    for (auto* key : {&keys.d, &keys.pi, &keys.pr}) *key = prf_plus(id, ppk.reveal(), {key->reveal()}, key->size());
    return keys;
}

Secret child_keymat(PrfId id, const Secret& sk_d, Bytes shared, const Inputs& inputs, std::size_t size,
                    std::span<const Secret> additional) {
    const Secret more(joined(additional));
    return prf_plus(id, sk_d.reveal(), {shared, inputs.initiator_nonce, inputs.responder_nonce, more.reveal()}, size);
}

ChildKeys cut_child(const Secret& keymat, std::size_t encryption, std::size_t integrity) {
    Cursor in(keymat.reveal());
    ChildKeys keys;
    keys.initiator_encryption = next(in, encryption, "initiator's encryption key");
    keys.initiator_integrity = next(in, integrity, "initiator's integrity key");
    keys.responder_encryption = next(in, encryption, "responder's encryption key");
    keys.responder_integrity = next(in, integrity, "responder's integrity key");
    return keys;
}

} // namespace ikescope::crypto::ikev2
