#pragma once
// Two routers negotiate in one process: real cryptography on a simulated wire, each following its configuration.

#include "base/result.hpp"
#include "ios/decision.hpp"
#include "replay/wire.hpp"
#include "secrets/store.hpp"

namespace ikescope::replay {

struct SimulationOptions {
    Buffer seed;                           ///< empty: from the operating system
    Timestamp start = 0;                   ///< time of the first datagram
    Nanoseconds delay = one_second / 1000; ///< on the wire, each way
    unsigned loss = 0;                     ///< percent of the datagrams
    bool detail = false;                   ///< logs as under `debug crypto isakmp detail`
};

struct LogEntry {
    Timestamp time = 0;
    std::string line;
};

/// What the wire carried and both ends said. Index 0 is the initiator.
struct Simulated {
    int version = 1;
    std::vector<Outgoing> datagrams; ///< as a tap at the senders saw them, lost ones too
    std::vector<LogEntry> logs[2];
    secrets::Store secrets;         ///< Diffie-Hellman secrets
    bool up = false, child = false; ///< both ends agree that the IKE SA, the ESP SAs are there
    ios::Verdict verdict;           ///< what a router found wrong; `finding` is empty when nothing is
    std::string failure;            ///< what a peer gave up about, where no router can say why
    Timestamp end = 0;
};

/// `initiator` starts. The pointers in what ios decides point into the routers: keep them alive.
Simulated simulate(const ios::Router& initiator, const ios::Router& responder, const SimulationOptions& options);

/// The log of an end as a terminal shows it: `*Nov 25 22:41:38.004: ISAKMP…`; continuation lines have no time.
std::string transcript(const std::vector<LogEntry>& log);

} // namespace ikescope::replay
