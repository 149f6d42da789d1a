// Aggressive Mode with pre-shared keys, RFC 2409 section 5.4; NAT-D as RFC 3947 section 3 puts them:
//
//     HDR, SA, KE, Ni, IDii [VID…]     AM1 -->
//                                  <-- AM2   HDR, SA, KE, Nr, IDir, HASH_R [VID…] [NAT-D…]
//     HDR*, HASH_I [NAT-D…]            AM3 -->

#include "replay/ikev1_peer.hpp"
#include "replay/ikev1_wire.hpp"
#include "session/ikev1_suite.hpp"

namespace ikescope::replay::ikev1 {

namespace payload = dissect::ikev1::payload;
namespace exchange = dissect::ikev1::exchange;
using What = Event::What;

void Peer::send_am1() {
    // The group cannot be negotiated: the KE payload is in the same message as the offers (RFC 2409 section 5).
    const auto offers = policy_.offers();
    if (const auto taken = sa_.take({1, offers.front()}, random_); !taken) {
        fail(taken.error().sentence);
        return;
    }
    sa_.nonce[0] = random_.take(20);
    sa_.id_body[0] = identity_body(policy_.own_identity());
    Chain chain;
    chain.add(payload::sa, sa_.sa_body);
    chain.add(payload::ke, sa_.pair.public_value);
    chain.add(payload::nonce, sa_.nonce[0]);
    chain.add(payload::id, sa_.id_body[0]);
    add_vendors(chain, offered_vendors());
    transmit(phase1_, clear_message(sa_, exchange::aggressive, chain), "AM1", true);
    stage_ = Stage::am1;
}

bool Peer::am1(const Received& in) {
    if (in.encrypted() || !learn_identity(in.message.find(payload::id))) return false;
    if (!policy_.answers_aggressive()) {
        tell(What::handled, "AM1");
        return fail("Aggressive Mode is not answered");
    }
    if (!learn_offer(in, "AM1", &sa_.peer) || !learn_key_share(in)) return false;
    const bool keyed = make_keys(&sa_.peer);
    tell(What::handled, "AM1");
    if (!keyed) return fail("there is no pre-shared key for the peer");
    sa_.id_body[1] = identity_body(policy_.own_identity());
    Chain chain;
    chain.add(payload::sa, phase1_choice(sa_.taken));
    chain.add(payload::ke, sa_.pair.public_value);
    chain.add(payload::nonce, sa_.nonce[1]);
    chain.add(payload::id, sa_.id_body[1]);
    chain.add(payload::hash, sa_.proof_of(1));
    add_vendors(chain, accepted_vendors());
    if (sa_.peer_knows_nat_t) add_nat_discovery(sa_, chain);
    transmit(phase1_, clear_message(sa_, exchange::aggressive, chain), "AM2", true);
    return true;
}

bool Peer::am2(const Received& in) {
    const auto* choice = in.message.find(payload::sa);
    if (in.encrypted() || !choice) return false;
    const auto chosen = session::ikev1::offers_of(*choice);
    if (chosen.size() != 1 || chosen.front().suite.group != sa_.pair.group->number || !policy_.confirms(chosen.front()))
        return false;
    const auto suite = session::ikev1::computable(session::ikev1::compact(chosen.front().suite));
    if (!suite) return fail("the suite that was chosen cannot be computed here");
    sa_.suite = *suite;
    sa_.cookie[1] = in.message.header.responder_spi;
    learn_vendors(in);
    if (!learn_key_share(in) || !learn_identity(in.message.find(payload::id)) || !make_keys(&sa_.peer)) return false;
    if (!policy_.accepts(sa_.peer)) return fail("the peer's ID is not the one that was expected");
    if (!proves_itself(in, "AM2")) return false;
    tell(What::handled, "AM2");
    Chain chain;
    chain.add(payload::hash, sa_.proof_of(0));
    if (sa_.peer_knows_nat_t) add_nat_discovery(sa_, chain);
    add_initial_contact(chain);
    float_ports();
    transmit(phase1_, sealed_message(sa_, exchange::aggressive, 0, chain, sa_.iv), "AM3", false);
    return true;
}

bool Peer::am3(const Received& in) {
    if (!proves_itself(in, "AM3")) return false;
    if (!policy_.accepts(sa_.peer)) return fail("the peer's ID is not acceptable");
    if (in.encrypted()) sa_.iv.assign(in.last_block.begin(), in.last_block.end());
    const bool floated = sa_.local.port == 4500;
    sa_.nat = sa_.peer_knows_nat_t && (floated || finds_nat(sa_, in.message));
    tell(What::handled, "AM3");
    return true;
}

} // namespace ikescope::replay::ikev1
