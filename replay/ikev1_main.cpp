// Main Mode with pre-shared keys, RFC 2409 section 5.4:
//
//     HDR, SA [VID…]                   MM1 -->
//                                  <-- MM2   HDR, SA [VID]
//     HDR, KE, Ni [VID…] [NAT-D…]      MM3 -->
//                                  <-- MM4   HDR, KE, Nr [VID…] [NAT-D…]
//     HDR*, IDii, HASH_I [N]           MM5 -->
//                                  <-- MM6   HDR*, IDir, HASH_R

#include "replay/ikev1_peer.hpp"
#include "replay/ikev1_wire.hpp"

namespace ikescope::replay::ikev1 {

namespace payload = dissect::ikev1::payload;
namespace exchange = dissect::ikev1::exchange;
using What = Event::What;

namespace {

constexpr std::size_t own_vendor_size = 16; // IOS's "speaking to another IOS box!" ID differs from box to box

} // namespace

bool Peer::mm1(const Received& in) {
    if (!learn_offer(in, "MM1", nullptr)) return false;
    tell(What::handled, "MM1");
    Chain chain;
    chain.add(payload::sa, phase1_choice(sa_.taken));
    add_vendors(chain, accepted_vendors());
    transmit(phase1_, clear_message(sa_, exchange::main, chain), "MM2", true);
    return true;
}

bool Peer::mm2(const Received& in) {
    if (!learn_choice(in)) return false;
    tell(What::handled, "MM2");
    Chain chain;
    chain.add(payload::ke, sa_.pair.public_value);
    chain.add(payload::nonce, sa_.nonce[0]);
    add_vendors(chain, keyed_vendors(true, random_.take(own_vendor_size)));
    if (sa_.peer_knows_nat_t) add_nat_discovery(sa_, chain);
    transmit(phase1_, clear_message(sa_, exchange::main, chain), "MM3", true);
    return true;
}

/// Here the responder must pick a key, and knows nothing but addresses.
bool Peer::mm3(const Received& in) {
    if (!learn_key_share(in)) return false;
    const bool keyed = make_keys(nullptr);
    tell(What::handled, "MM3");
    if (!keyed) return fail("there is no pre-shared key for the peer's address");
    Chain chain;
    chain.add(payload::ke, sa_.pair.public_value);
    chain.add(payload::nonce, sa_.nonce[1]);
    add_vendors(chain, keyed_vendors(false, random_.take(own_vendor_size)));
    if (sa_.peer_knows_nat_t) add_nat_discovery(sa_, chain);
    transmit(phase1_, clear_message(sa_, exchange::main, chain), "MM4", true);
    return true;
}

bool Peer::mm4(const Received& in) {
    if (!learn_key_share(in)) return false;
    if (!make_keys(nullptr)) return fail("there is no pre-shared key for the peer");
    tell(What::handled, "MM4");
    float_ports();
    sa_.id_body[0] = identity_body(policy_.own_identity());
    Chain chain;
    chain.add(payload::id, sa_.id_body[0]);
    chain.add(payload::hash, sa_.proof_of(0));
    add_initial_contact(chain);
    transmit(phase1_, sealed_message(sa_, exchange::main, 0, chain, sa_.iv), "MM5", true);
    return true;
}

bool Peer::mm5(const Received& in) {
    if (!in.encrypted() || !is_sane(in, "MM5")) return false;
    if (!learn_identity(in.message.find(payload::id))) return false;
    if (!policy_.accepts(sa_.peer)) {
        tell(What::handled, "MM5");
        fail("the keyring of the profile that the peer's ID selects is not the one that was picked");
        aborted_ = true;
        return false;
    }
    if (!proves_itself(in, "MM5")) return false;
    sa_.iv.assign(in.last_block.begin(), in.last_block.end());
    tell(What::handled, "MM5");
    sa_.id_body[1] = identity_body(policy_.own_identity());
    Chain chain;
    chain.add(payload::id, sa_.id_body[1]);
    chain.add(payload::hash, sa_.proof_of(1));
    transmit(phase1_, sealed_message(sa_, exchange::main, 0, chain, sa_.iv), "MM6", false);
    return true;
}

bool Peer::mm6(const Received& in) {
    if (!in.encrypted() || !is_sane(in, "MM6")) return false;
    if (!learn_identity(in.message.find(payload::id))) return false;
    if (!policy_.accepts(sa_.peer)) return fail("the peer's ID is not the one that was expected");
    if (!proves_itself(in, "MM6")) return false;
    sa_.iv.assign(in.last_block.begin(), in.last_block.end());
    tell(What::handled, "MM6");
    return true;
}

} // namespace ikescope::replay::ikev1
