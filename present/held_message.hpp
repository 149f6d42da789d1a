#pragma once
// A message with all that is known of it, standing on its own feet while the next one of its frame is read.

#include "present/packet.hpp"

namespace ikescope::present {

class HeldMessage {
public:
    /// `message` and `seen` may be nullptr. The datagram's bytes must stay where they are; all else is copied.
    HeldMessage(capture::Datagram datagram, const dissect::Message* message, const session::Outcome* seen);
    HeldMessage(const HeldMessage&) = delete;
    HeldMessage& operator=(const HeldMessage&) = delete;

    /// Points the packet here.
    void fill(Packet& packet) const;

private:
    capture::Datagram datagram_;
    std::optional<dissect::Message> message_, whole_, opened_;
    std::optional<session::Outcome> seen_;
    void hold_esp(const session::EspOutcome& esp);

    std::optional<session::EspOutcome> esp_;
    std::optional<capture::Datagram> esp_inner_;
    Buffer esp_plain_;
    Buffer whole_bytes_, plain_, iv_;
    std::string how_;
};

} // namespace ikescope::present
