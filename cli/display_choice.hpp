#pragma once
// A display filter (-Y) in front of an analysis: what does not pass is not analysed.

#include "base/result.hpp"
#include "present/packet_report.hpp"
#include "session/sessions.hpp"

#include <memory>

namespace ikescope::cli {

/// Judges packets as `read -Y` does, with a memory of its own that sees them all: a filter may ask for labels and
/// stages.
class DisplayChoice {
public:
    /// The store must outlive it. An error is a filter that does not compile, with its fault underlined.
    static Result<std::unique_ptr<DisplayChoice>> make(const std::string& filter, const secrets::Store& store);
    bool passes(const capture::Frame& frame, const capture::Datagram& datagram);

private:
    explicit DisplayChoice(const secrets::Store& store);

    present::StringSink nowhere_;
    present::Output out_{nowhere_};
    session::Sessions sessions_;
    std::unique_ptr<present::PacketReport> report_;
};

} // namespace ikescope::cli
