#pragma once
// What keys make of an ESP packet: who vouches for it, its trailer, and the packet that was inside.

#include "present/packet.hpp"

namespace ikescope::present {

/// Adds the nodes of `packet.esp`, which must be there. Nodes of IV and ICV stand in the buffer of the datagram, those of the
/// content in one of their own, "Decrypted ESP".
void add_esp_packet(const Packet& packet, const Demand& demand, Tree& tree);

/// "opened", "not authenticated", "WRONG", "no key fits", "incomplete": the verdict in a word or two.
std::string_view verdict_words(session::EspOutcome::Verdict verdict);
/// "10.1.0.1 → 10.2.0.1 ICMP", "10.1.0.1:40000 → 10.2.0.1:53 UDP" of what was inside; empty when nothing could be read.
void append_inner(std::string& out, const session::EspOutcome& esp);

} // namespace ikescope::present
