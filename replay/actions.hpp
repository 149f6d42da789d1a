#pragma once
// What a peer wants done. It does nothing itself: whoever runs it puts datagrams on a wire, simulated or real, and
// wakes it.

#include "base/address.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "dissect/message.hpp"

#include <string>
#include <variant>
#include <vector>

namespace ikescope::replay {

/// An IKE message for a datagram. On port 4500 the carrier puts the non-ESP marker in front (RFC 3948 2.2).
struct Send {
    Endpoint from, to;
    Buffer message;
};
/// Call wake() at that time, if nothing sets it anew before.
struct SetTimer {
    Timestamp due = 0;
};
struct Log {
    std::string line;
};
/// A Diffie-Hellman secret that was computed: what an analysis of the packets needs.
struct Keyed {
    dissect::Spi initiator_spi{};
    Secret shared;
};
/// The IKE SA is up.
struct Established {
    dissect::Spi initiator_spi{}, responder_spi{};
    std::string peer_identity;
};
/// A pair of ESP SAs, as this end would install them. Keys include the salt of an AEAD.
struct ChildUp {
    std::uint32_t inbound_spi = 0, outbound_spi = 0;
    Secret inbound_keys, outbound_keys; ///< encryption key, then integrity key
    bool udp_encapsulated = false;
};
/// The negotiation, or the one for an ESP SA, will not come to an end.
struct Failed {
    std::string reason; ///< one sentence
    bool child = false; ///< only the ESP SA; the IKE SA lives
};
/// The peer, or this end, took the IKE SA down.
struct Closed {};

using Action = std::variant<Send, SetTimer, Log, Keyed, Established, ChildUp, Failed, Closed>;
using Actions = std::vector<Action>;

} // namespace ikescope::replay
