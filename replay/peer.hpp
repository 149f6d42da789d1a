#pragma once
// Our own end of an IKE negotiation as protocol without I/O: messages in, actions out; time and randomness are given.

#include "replay/actions.hpp"

namespace ikescope::replay {

/// A message as it came in, without non-ESP marker.
struct Arrival {
    Timestamp time = 0;
    Endpoint from, to;
    Bytes message;
};

/// One IKE SA, as initiator (start() was called) or responder (the first message came in).
class Peer {
public:
    virtual ~Peer() = default;
    virtual Actions start(Timestamp now) = 0;
    /// Anything may come in: what is not for this SA, malformed or out of place is dropped.
    virtual Actions receive(const Arrival& arrival) = 0;
    /// Retransmits what is due.
    virtual Actions wake(Timestamp now) = 0;
    /// Asks whether the peer lives (R-U-THERE, empty INFORMATIONAL); nothing before the SA is up.
    virtual Actions probe(Timestamp now) = 0;
    /// Takes the SA down and says so.
    virtual Actions close(Timestamp now) = 0;
};

} // namespace ikescope::replay
