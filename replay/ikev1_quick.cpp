// Quick Mode, RFC 2409 section 5.5:
//
//     HDR*, HASH(1), SA, Ni [KE], IDci, IDcr   QM1 -->
//                                          <-- QM2   HDR*, HASH(2), SA, Nr [KE], IDci, IDcr
//     HDR*, HASH(3)                            QM3 -->

#include "dissect/numbers_ikev1.hpp"
#include "replay/ikev1_esp.hpp"
#include "replay/ikev1_peer.hpp"
#include "replay/ikev1_wire.hpp"

namespace ikescope::replay::ikev1 {

namespace payload = dissect::ikev1::payload;
namespace exchange = dissect::ikev1::exchange;
namespace notify_type = dissect::ikev1::notify;
using What = Event::What;

namespace {

constexpr std::size_t nonce_size = 20, shortest_nonce = 8, longest_nonce = 256;
constexpr std::uint8_t protocol_esp = 3;

Buffer spi_bytes(std::uint32_t spi) {
    Buffer out;
    Writer(out).number(spi, 4);
    return out;
}

/// IDci and IDcr, in this order; without them the ends themselves are meant (RFC 2409 section 5.5).
std::vector<const dissect::PayloadRef*> identities(const dissect::Message& message) {
    std::vector<const dissect::PayloadRef*> out;
    for (const auto& each : message.payloads)
        if (each.type == payload::id) out.push_back(&each);
    return out;
}

ios::Selector host(const IpAddress& address) { return {{address, static_cast<std::uint8_t>(address.bits())}, 0, 0}; }

} // namespace

void Peer::begin_quick() {
    auto id = random_.number();
    while (quicks_.contains(id)) id = random_.number();
    auto& quick = quicks_[id];
    quick.began = true;
    quick.request = policy_.request();
    if (quick.request.offers.empty()) {
        quicks_.erase(id);
        return;
    }
    quick.iv = crypto::ikev1::message_iv(sa_.suite, sa_.iv, id);
    quick.own_spi = random_.number();
    quick.nonce[0] = random_.take(nonce_size);
    quick.selector[0] = selector_body(quick.request.local);
    quick.selector[1] = selector_body(quick.request.remote);
    Chain rest;
    rest.add(payload::sa, quick_sa(quick.request.offers, quick.own_spi, sa_.nat));
    rest.add(payload::nonce, quick.nonce[0]);
    if (const auto group = quick.request.offers.front().group; group != 0) {
        auto pair = make_key_pair(group, random_);
        if (!pair) {
            fail(pair.error().sentence, true);
            quicks_.erase(id);
            return;
        }
        quick.pair = std::move(*pair);
        rest.add(payload::ke, quick.pair.public_value);
    }
    for (const auto& selector : quick.selector) rest.add(payload::id, selector);
    Chain chain;
    chain.add(payload::hash, crypto::ikev1::hash_1(sa_.suite, sa_.keys.skeyid_a, id, rest.bytes()));
    chain.add(rest);
    transmit(quick.exchange, sealed_message(sa_, exchange::quick, id, chain, quick.iv), "QM1", true, id);
}

void Peer::quick_message(const Arrival& arrival, const dissect::Message& message) {
    const auto id = message.header.message_id;
    const bool known = quicks_.contains(id);
    if (known && repeats_itself(quicks_[id].exchange, arrival, id)) return;
    if (known && quicks_[id].done) return;
    const auto iv = known ? quicks_[id].iv : crypto::ikev1::message_iv(sa_.suite, sa_.iv, id);
    const auto opened = open_message(sa_, message, iv);
    if (!opened || opened->message.fault) return;
    auto& quick = quicks_[id];
    const Received in{opened->message, opened->plain, opened->last_block};
    if (!known) quick.iv = opened->last_block;
    const bool moves = !known ? qm1(quick, id, in) : quick.began ? qm2(quick, id, in) : qm3(quick, id, in);
    if (moves)
        quick.exchange.received.assign(arrival.message.begin(), arrival.message.end());
    else if (!known)
        quicks_.erase(id);
}

bool Peer::qm1(Quick& quick, std::uint32_t id, const Received& in) {
    const auto *hash = in.message.find(payload::hash), *sa = in.message.find(payload::sa),
               *nonce = in.message.find(payload::nonce);
    const auto rest = behind_hash(in.message, in.plain);
    if (!hash || !sa || !nonce || nonce->body.size() < shortest_nonce || nonce->body.size() > longest_nonce)
        return false;
    if (!std::ranges::equal(hash->body, crypto::ikev1::hash_1(sa_.suite, sa_.keys.skeyid_a, id, rest))) return false;
    const auto proposals = quick_proposals(*sa);
    for (const auto& each : proposals) quick.request.offers.push_back(each.offer);
    const auto ids = identities(in.message);
    const auto from = ids.size() == 2 ? selector_of(*ids[0]) : host(sa_.remote.address);
    const auto to = ids.size() == 2 ? selector_of(*ids[1]) : host(sa_.local.address);
    if (!from || !to || proposals.empty()) {
        notify(notify_type::invalid_id_information, protocol_esp, {});
        return fail("Quick Mode asks for what is not understood here", true);
    }
    quick.request.local = *from;
    quick.request.remote = *to;
    const auto answer = policy_.answer(quick.request);
    const auto spi = spi_bytes(proposals.front().spi);
    if (!answer.taken || *answer.taken >= proposals.size()) {
        tell({What::handled, "QM1", 0, id, 0, nullptr});
        notify(answer.refusal, protocol_esp, spi);
        return fail(answer.why, true);
    }
    const auto& taken = proposals[*answer.taken];
    quick.taken = taken.offer;
    quick.peer_spi = taken.spi;
    quick.own_spi = random_.number();
    quick.nonce[0].assign(nonce->body.begin(), nonce->body.end());
    quick.nonce[1] = random_.take(nonce_size);
    if (taken.offer.group != 0) {
        auto pair = make_key_pair(taken.offer.group, random_);
        if (!pair) return fail(pair.error().sentence, true);
        quick.pair = std::move(*pair);
        if (!agree_quick_keys(quick, in)) return fail("PFS was asked for without a usable KE payload", true);
    }
    tell({What::handled, "QM1", 0, id, 0, nullptr});
    Chain reply;
    reply.add(payload::sa, quick_sa({taken.offer}, quick.own_spi, sa_.nat, taken.number));
    reply.add(payload::nonce, quick.nonce[1]);
    if (quick.pair.group) reply.add(payload::ke, quick.pair.public_value);
    for (const auto* each : ids) reply.add(payload::id, each->body);
    Chain chain;
    chain.add(payload::hash, crypto::ikev1::hash_2(sa_.suite, sa_.keys.skeyid_a, id, quick.nonce[0], reply.bytes()));
    chain.add(reply);
    transmit(quick.exchange, sealed_message(sa_, exchange::quick, id, chain, quick.iv), "QM2", true, id);
    return true;
}

bool Peer::qm2(Quick& quick, std::uint32_t id, const Received& in) {
    const auto *hash = in.message.find(payload::hash), *sa = in.message.find(payload::sa),
               *nonce = in.message.find(payload::nonce);
    const auto rest = behind_hash(in.message, in.plain);
    if (!hash || !sa || !nonce || nonce->body.size() < shortest_nonce || nonce->body.size() > longest_nonce)
        return false;
    if (!std::ranges::equal(hash->body, crypto::ikev1::hash_2(sa_.suite, sa_.keys.skeyid_a, id, quick.nonce[0], rest)))
        return false;
    const auto chosen = quick_proposals(*sa);
    if (chosen.size() != 1) return false;
    quick.taken = chosen.front().offer;
    quick.peer_spi = chosen.front().spi;
    quick.nonce[1].assign(nonce->body.begin(), nonce->body.end());
    if (quick.pair.group && !agree_quick_keys(quick, in))
        return fail("the answer to QM1 has no usable KE payload", true);
    quick.iv.assign(in.last_block.begin(), in.last_block.end());
    tell({What::handled, "QM2", 0, id, 0, nullptr});
    Chain chain;
    chain.add(payload::hash, crypto::ikev1::hash_3(sa_.suite, sa_.keys.skeyid_a, id, quick.nonce[0], quick.nonce[1]));
    transmit(quick.exchange, sealed_message(sa_, exchange::quick, id, chain, quick.iv), "QM3", false, id);
    install(quick);
    quick.done = true;
    return true;
}

bool Peer::qm3(Quick& quick, std::uint32_t id, const Received& in) {
    const auto* hash = in.message.find(payload::hash);
    const auto right = crypto::ikev1::hash_3(sa_.suite, sa_.keys.skeyid_a, id, quick.nonce[0], quick.nonce[1]);
    if (!hash || !std::ranges::equal(hash->body, right)) return false;
    tell({What::handled, "QM3", 0, id, 0, nullptr});
    quick.exchange.waiting = false;
    quick.exchange.last.message.clear();
    install(quick);
    quick.done = true;
    return true;
}

bool Peer::agree_quick_keys(Quick& quick, const Received& in) {
    const auto* share = in.message.find(payload::ke);
    if (!share) return false;
    auto shared = crypto::shared_secret(*quick.pair.group, quick.pair.private_value, share->body);
    if (!shared) return false;
    quick.shared = std::move(*shared);
    out_.emplace_back(Keyed{sa_.cookie[0], quick.shared});
    return true;
}

/// Each direction has the SPI of the end that receives (RFC 2409 section 5.5).
void Peer::install(const Quick& quick) {
    const auto size = key_material_size(quick.taken);
    const auto keys = [&](std::uint32_t spi) {
        return crypto::ikev1::keymat(sa_.suite, sa_.keys.skeyid_d, quick.shared.reveal(), protocol_esp, spi_bytes(spi),
                                     quick.nonce[0], quick.nonce[1], size);
    };
    out_.emplace_back(ChildUp{quick.own_spi, quick.peer_spi, keys(quick.own_spi), keys(quick.peer_spi), sa_.nat});
}

} // namespace ikescope::replay::ikev1
