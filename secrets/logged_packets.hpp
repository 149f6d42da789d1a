#pragma once
// Logs that carry whole packets, read as packets.

#include "base/address.hpp"
#include "base/result.hpp"
#include "secrets/log_time.hpp"

#include <string>
#include <vector>

namespace ikescope::secrets {

/// An IKE message that a log holds completely.
struct LoggedPacket {
    Timestamp time = 0;
    Endpoint from, to;
    Buffer payload; ///< of UDP, with the non-ESP marker where it was on the wire
    std::size_t line = 0;
    bool sent = false;
};

struct PacketLog {
    std::string format; ///< "charon log", "libreswan log", "FortiGate log"
    std::vector<LoggedPacket> packets;
    std::vector<std::string> notes; ///< whole sentences: what was passed over, with file and line
    bool timed = true;              ///< false: the log has no times; packets are a millisecond apart
};

/// `latest` is when the log was written last: it gives the year or the day where the log's times have none. An error
/// when the log is of no program that prints packets.
Result<PacketLog> read_logged_packets(std::string_view text, const std::string& name, Timestamp latest);

} // namespace ikescope::secrets
