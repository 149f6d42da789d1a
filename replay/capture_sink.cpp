#include "replay/capture_sink.hpp"

#include "capture/build.hpp"

namespace ikescope::replay {

void CaptureSink::send(const Outgoing& datagram) {
    constexpr std::uint16_t ethernet = 1, nat_t_port = 4500;
    const auto& [from, to, message] = datagram.what;
    ++count_;
    const bool marked = from.port == nat_t_port || to.port == nat_t_port;
    const auto built =
        capture::build_udp_frame({from, to, message, marked, static_cast<std::uint16_t>(count_)}, frame_);
    if (!built) {
        if (!failure_) failure_ = built.error();
        return;
    }
    capture::Frame frame;
    frame.number = frame.overall = count_;
    frame.link_type = ethernet;
    frame.time = datagram.time;
    frame.original_length = static_cast<std::uint32_t>(frame_.size());
    frame.bytes = frame_;
    if (const auto written = writer_.write(frame); !written && !failure_) failure_ = written.error();
}

} // namespace ikescope::replay
