#pragma once
// What both ends know of an IKEv2 SA, and what follows from it: keys, AUTH, protection. RFC 7296
// sections 2.13-2.17, 3.14.

#include "base/address.hpp"
#include "crypto/ikev2_suite.hpp"
#include "replay/chain.hpp"
#include "replay/ikev2_policy.hpp"
#include "replay/key_pair.hpp"

namespace ikescope::replay::ikev2 {

/// Pairs are indexed by role: 0 the original initiator's, 1 the responder's.
struct Sa {
    bool initiator = false;
    dissect::Spi spi[2]{};
    Endpoint local, remote;
    crypto::ikev2::Suite suite;
    KeyPair pair;
    Buffer init[2]; ///< the IKE_SA_INIT messages, which AUTH covers
    Buffer nonce[2], id_body[2];
    Secret shared;
    crypto::ikev2::Keys keys;
    bool nat = false;
    std::string peer; ///< who it is, once that is known

    std::size_t own() const { return initiator ? 0 : 1; }
    std::size_t other() const { return initiator ? 1 : 0; }
    bool has_keys() const { return !keys.d.empty(); }
    crypto::ikev2::Inputs inputs() const { return {nonce[0], nonce[1], spi[0], spi[1]}; }

    /// An Error when the suite or the peer's public value cannot be computed with.
    Result<Done> derive(const Chosen& chosen, Bytes peer_public);
    /// The same for an SA that replaces another (RFC 7296 2.18).
    Result<Done> derive_from(const Sa& old, const Chosen& chosen, Bytes peer_public);
    /// AUTH of an end with a shared key.
    Buffer auth_of(std::size_t role, const Secret& psk) const;

private:
    Result<Done> agree(const Chosen& chosen, Bytes peer_public);
};

dissect::Header header_of(const Sa& sa, std::uint8_t exchange, std::uint32_t message_id, bool response);
Buffer clear_message(const Sa& sa, std::uint8_t exchange, bool response, const Chain& chain);
/// With an Encrypted payload around the chain; empty when the library fails.
Buffer sealed_message(const Sa& sa, dissect::Header header, const Chain& chain, Random& random);

struct Opened {
    Buffer plain;
    dissect::Message message;
};
/// Only what is authentic.
std::optional<Opened> open_message(const Sa& sa, const dissect::Message& message);

/// Adds NAT_DETECTION_SOURCE_IP and NAT_DETECTION_DESTINATION_IP (RFC 7296 2.23).
void add_nat_detection(const Sa& sa, Chain& chain);
bool finds_nat(const Sa& sa, const dissect::Message& message);

} // namespace ikescope::replay::ikev2
