#include "replay/ikev1_phase1.hpp"

#include "replay/ikev1_wire.hpp"
#include "replay/nat_hash.hpp"
#include "session/ikev1_suite.hpp"

namespace ikescope::replay::ikev1 {

namespace payload = dissect::ikev1::payload;

crypto::ikev1::Inputs Phase1::inputs() const {
    return {cookie[0], cookie[1], nonce[0], nonce[1], public_value[0], public_value[1], sa_body};
}

Result<Done> Phase1::take(const session::Offer& offer, Random& random) {
    const auto computable = session::ikev1::computable(session::ikev1::compact(offer.suite));
    if (!computable) return Error{"the suite that was chosen cannot be computed here"};
    if (!crypto::fits_key(computable->cipher, computable->key_bytes))
        return Error{"the key length that was chosen does not fit the cipher"};
    if (!session::ikev1::by_psk(offer.suite.authentication))
        return Error{"this peer authenticates with pre-shared keys only"};
    auto made = make_key_pair(static_cast<std::uint16_t>(offer.suite.group), random);
    if (!made) return made.error();
    taken = offer;
    suite = *computable;
    pair = std::move(*made);
    public_value[own()] = pair.public_value;
    return Done{};
}

Result<Done> Phase1::derive(const Secret& psk) {
    auto made = crypto::shared_secret(*pair.group, pair.private_value, public_value[other()]);
    if (!made) return made.error();
    shared = std::move(*made);
    const auto with = inputs();
    keys = crypto::ikev1::derive(suite, crypto::ikev1::skeyid_psk(suite, psk.reveal(), with), shared.reveal(), with);
    iv = keys.initial_iv;
    return Done{};
}

Buffer Phase1::proof_of(std::size_t role) const {
    return role == 0 ? crypto::ikev1::hash_i(suite, keys.skeyid, inputs(), id_body[0])
                     : crypto::ikev1::hash_r(suite, keys.skeyid, inputs(), id_body[1]);
}

dissect::Header header_of(const Phase1& sa, std::uint8_t exchange, std::uint32_t message_id) {
    dissect::Header header;
    header.initiator_spi = sa.cookie[0];
    header.responder_spi = sa.cookie[1];
    header.version = 0x10;
    header.exchange = exchange;
    header.message_id = message_id;
    return header;
}

Buffer clear_message(const Phase1& sa, std::uint8_t exchange, const Chain& chain) {
    auto header = header_of(sa, exchange, 0);
    header.next_payload = chain.first();
    return message_of(header, chain.bytes());
}

Buffer sealed_message(const Phase1& sa, std::uint8_t exchange, std::uint32_t message_id, const Chain& chain,
                      Buffer& iv) {
    auto header = header_of(sa, exchange, message_id);
    header.next_payload = chain.first();
    header.flags = dissect::flag_encryption;
    const auto block = crypto::block_size(sa.suite.cipher);
    auto padded = chain.bytes();
    padded.resize((padded.size() + block - 1) / block * block); // zeros: RFC 2408 has no other padding
    const auto sealed = crypto::ikev1::seal(sa.suite, sa.keys.ka, iv, padded);
    if (!sealed) return {}; // take() has made sure of cipher and key length
    iv.assign(sealed->end() - static_cast<std::ptrdiff_t>(block), sealed->end());
    return message_of(header, *sealed);
}

std::optional<Opened> open_message(const Phase1& sa, const dissect::Message& message, Bytes iv) {
    const auto block = crypto::block_size(sa.suite.cipher);
    const auto& sealed = message.ciphertext;
    if (!sa.has_keys() || sealed.empty() || sealed.size() % block != 0) return std::nullopt;
    auto plain = crypto::ikev1::open(sa.suite, sa.keys.ka, iv, sealed);
    if (!plain) return std::nullopt;
    Opened out{std::move(*plain), {sealed.end() - static_cast<std::ptrdiff_t>(block), sealed.end()}, {}};
    dissect::walk_plain(message.header, message.header.next_payload, out.plain, 0, out.message);
    return out;
}

void add_nat_discovery(const Phase1& sa, Chain& chain) {
    for (const auto& end : {sa.remote, sa.local})
        chain.add(payload::nat_d, nat_hash(sa.suite.hash, sa.cookie[0], sa.cookie[1], end));
}

bool finds_nat(const Phase1& sa, const dissect::Message& message) {
    const auto here = nat_hash(sa.suite.hash, sa.cookie[0], sa.cookie[1], sa.local);
    const auto there = nat_hash(sa.suite.hash, sa.cookie[0], sa.cookie[1], sa.remote);
    std::size_t seen = 0;
    bool here_fits = false, there_fits = false;
    for (const auto& each : message.payloads) {
        if (each.type != payload::nat_d) continue;
        if (seen++ == 0)
            here_fits = std::ranges::equal(each.body, here);
        else
            there_fits =
                there_fits || std::ranges::equal(each.body, there); // a host may name several addresses of its own
    }
    return seen > 1 && !(here_fits && there_fits);
}

} // namespace ikescope::replay::ikev1
