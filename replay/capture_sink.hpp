#pragma once
// Datagrams become frames of a capture: made-up Ethernet, right lengths and checksums, the times of the simulation.

#include "capture/write.hpp"
#include "replay/sink.hpp"

namespace ikescope::replay {

class CaptureSink final : public Sink {
public:
    explicit CaptureSink(capture::PcapngWriter& writer) : writer_(writer) {}
    void send(const Outgoing& datagram) override;
    /// The first thing that went wrong; nothing when all went well.
    const std::optional<Error>& failure() const { return failure_; }

private:
    capture::PcapngWriter& writer_;
    std::optional<Error> failure_;
    std::uint64_t count_ = 0;
    Buffer frame_;
};

} // namespace ikescope::replay
