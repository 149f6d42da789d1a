#include "replay/ikev2_sa.hpp"

#include "crypto/authenticate.hpp"
#include "replay/ikev2_wire.hpp"
#include "replay/nat_hash.hpp"

namespace ikescope::replay::ikev2 {

namespace payload = dissect::ikev2::payload;
namespace notify = dissect::ikev2::notify;

Result<Done> Sa::agree(const Chosen& chosen, Bytes peer_public) {
    auto rows =
        crypto::ikev2::suite_of({chosen.encryption.id, chosen.encryption.key_bits, chosen.prf, chosen.integrity});
    if (!rows) return rows.error();
    if (!rows->prf || (!rows->integrity && !rows->encryption->is_aead()))
        return Error{"the suite that was chosen protects nothing"};
    auto made = crypto::shared_secret(*pair.group, pair.private_value, peer_public);
    if (!made) return made.error();
    suite = *rows;
    shared = std::move(*made);
    return Done{};
}

Result<Done> Sa::derive(const Chosen& chosen, Bytes peer_public) {
    if (auto agreed = agree(chosen, peer_public); !agreed) return agreed;
    const auto with = inputs();
    keys = crypto::ikev2::derive(suite.prf->id, suite.sizes(),
                                 crypto::ikev2::skeyseed(suite.prf->id, shared.reveal(), with), with);
    return Done{};
}

Result<Done> Sa::derive_from(const Sa& old, const Chosen& chosen, Bytes peer_public) {
    if (auto agreed = agree(chosen, peer_public); !agreed) return agreed;
    const auto with = inputs();
    keys = crypto::ikev2::derive(suite.prf->id, suite.sizes(),
                                 crypto::ikev2::skeyseed_rekey(old.suite.prf->id, old.keys.d, shared.reveal(), with), with);
    return Done{};
}

Buffer Sa::auth_of(std::size_t role, const Secret& psk) const {
    const auto prf = suite.prf->id;
    const auto octets = crypto::ikev2::signed_octets(prf, {init[role], nonce[1 - role], id_body[role], {}},
                                                     role == 0 ? keys.pi : keys.pr);
    return crypto::ikev2::shared_key_auth(prf, psk.reveal(), octets);
}

dissect::Header header_of(const Sa& sa, std::uint8_t exchange, std::uint32_t message_id, bool response) {
    dissect::Header header;
    header.initiator_spi = sa.spi[0];
    header.responder_spi = sa.spi[1];
    header.version = 0x20;
    header.exchange = exchange;
    header.flags = static_cast<std::uint8_t>((sa.initiator ? dissect::flag_initiator : 0) |
                                             (response ? dissect::flag_response : 0));
    header.message_id = message_id;
    return header;
}

Buffer clear_message(const Sa& sa, std::uint8_t exchange, bool response, const Chain& chain) {
    auto header = header_of(sa, exchange, 0, response);
    header.next_payload = chain.first();
    return message_of(header, chain.bytes());
}

//  HDR | next, 0, length | IV | ciphertext | ICV
Buffer sealed_message(const Sa& sa, dissect::Header header, const Chain& chain, Random& random) {
    const auto protection = sa.suite.protection(sa.keys, sa.initiator);
    const auto padded = crypto::pad(*protection.encryption, chain.bytes());
    const auto iv = random.take(protection.encryption->iv);
    const auto body = iv.size() + padded.size() + protection.icv_size();
    Buffer rest;
    Writer out(rest);
    out.number(chain.first(), 1);
    out.zeros(1);
    out.number(dissect::generic_header_size + body, 2);
    header.next_payload = payload::sk;
    header.length = static_cast<std::uint32_t>(dissect::header_size + rest.size() + body);
    Buffer message;
    dissect::write_header(header, message);
    message.insert(message.end(), rest.begin(), rest.end());
    const auto sealed = crypto::seal(protection, {message, iv, {}, {}, {}}, padded);
    if (!sealed) return {};
    Writer tail(message);
    tail.bytes(iv);
    tail.bytes(sealed->ciphertext);
    tail.bytes(sealed->icv);
    return message;
}

std::optional<Opened> open_message(const Sa& sa, const dissect::Message& message) {
    const auto* sk = message.find(payload::sk);
    if (!sk || !sa.has_keys()) return std::nullopt;
    const auto protection = sa.suite.protection(sa.keys, !sa.initiator);
    const auto iv = protection.encryption->iv, icv = protection.icv_size();
    if (sk->body.size() < iv + icv) return std::nullopt;
    const auto aad = message.bytes.first(sk->body_offset() - message.base);
    const auto ciphertext = sk->body.subspan(iv, sk->body.size() - iv - icv);
    const auto opened = crypto::open(protection, {aad, sk->body.first(iv), ciphertext, sk->body.last(icv), {}});
    const auto size = opened ? crypto::content_size(*opened.plaintext()) : std::nullopt;
    if (!size) return std::nullopt;
    Opened out{{opened.plaintext()->begin(), opened.plaintext()->begin() + static_cast<std::ptrdiff_t>(*size)}, {}};
    dissect::walk_plain(message.header, sk->next, out.plain, 0, out.message);
    return out;
}

void add_nat_detection(const Sa& sa, Chain& chain) {
    chain.add(payload::notify, notify_body(notify::nat_detection_source_ip,
                                           nat_hash(crypto::HashId::sha1, sa.spi[0], sa.spi[1], sa.local)));
    chain.add(payload::notify, notify_body(notify::nat_detection_destination_ip,
                                           nat_hash(crypto::HashId::sha1, sa.spi[0], sa.spi[1], sa.remote)));
}

/// The hashes were made with the SPIs of the message's own header: the request's has no responder SPI yet.
bool finds_nat(const Sa& sa, const dissect::Message& message) {
    const auto source = find_notify(message, notify::nat_detection_source_ip),
               destination = find_notify(message, notify::nat_detection_destination_ip);
    if (!source || !destination) return false;
    const auto fits = [&](const dissect::ikev2::Notification& each, const Endpoint& end) {
        return std::ranges::equal(
            each.data, nat_hash(crypto::HashId::sha1, message.header.initiator_spi, message.header.responder_spi, end));
    };
    return !fits(*source, sa.remote) || !fits(*destination, sa.local);
}

} // namespace ikescope::replay::ikev2
