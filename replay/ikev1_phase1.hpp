#pragma once
// What both ends know of a phase 1, and what follows from it: keys, proofs, protection, NAT. RFC 2409 section 5, RFC
// 3947.

#include "base/address.hpp"
#include "crypto/ikev1_keys.hpp"
#include "replay/chain.hpp"
#include "replay/ikev1_policy.hpp"
#include "replay/key_pair.hpp"

namespace ikescope::replay::ikev1 {

/// Pairs are indexed by role: 0 the initiator's, 1 the responder's.
struct Phase1 {
    bool initiator = false;
    dissect::Spi cookie[2]{};
    Endpoint local, remote;
    session::Offer taken;
    crypto::ikev1::Suite suite;
    KeyPair pair;
    Buffer sa_body; ///< SAi_b
    Buffer public_value[2], nonce[2], id_body[2];
    ios::Identity peer;
    Secret shared;
    crypto::ikev1::Keys keys;
    Buffer iv; ///< the last block of phase 1
    bool peer_knows_nat_t = false, nat = false;

    std::size_t own() const { return initiator ? 0 : 1; }
    std::size_t other() const { return initiator ? 1 : 0; }
    bool has_keys() const { return !keys.ka.empty(); }
    crypto::ikev1::Inputs inputs() const;

    /// Takes an offer: an Error when its algorithms or its group cannot be computed here.
    Result<Done> take(const session::Offer& offer, Random& random);
    /// SKEYID and all that follows, from the pre-shared key and both KE payloads.
    Result<Done> derive(const Secret& psk);
    /// HASH_I or HASH_R of an end.
    Buffer proof_of(std::size_t role) const;
};

/// The header of a message of this SA.
dissect::Header header_of(const Phase1& sa, std::uint8_t exchange, std::uint32_t message_id);
Buffer clear_message(const Phase1& sa, std::uint8_t exchange, const Chain& chain);
/// Encrypts; `iv` becomes the last block.
Buffer sealed_message(const Phase1& sa, std::uint8_t exchange, std::uint32_t message_id, const Chain& chain,
                      Buffer& iv);

/// An opened chain and where the next IV comes from.
struct Opened {
    Buffer plain, last_block;
    dissect::Message message;
};
std::optional<Opened> open_message(const Phase1& sa, const dissect::Message& message, Bytes iv);

/// Adds NAT-D of the destination, then of the source.
void add_nat_discovery(const Phase1& sa, Chain& chain);
/// Do the peer's NAT-D payloads contradict the addresses and ports that its message came from and to?
bool finds_nat(const Phase1& sa, const dissect::Message& message);

} // namespace ikescope::replay::ikev1
