#pragma once
// Capture filters in libpcap's language (pcap-filter(7)), on files as on interfaces, and libpcap's names of link types.

#include "base/result.hpp"
#include "capture/datagram.hpp"

#include <memory>

namespace ikescope::capture {

/// A filter expression; compiled once for each link type that turns up.
class PacketFilter {
public:
    /// The error says what libpcap says about the expression.
    static Result<PacketFilter> compile(const std::string& expression);
    PacketFilter(PacketFilter&&) noexcept;
    PacketFilter& operator=(PacketFilter&&) noexcept;
    ~PacketFilter();

    /// IP fragments but the first have no ports: "udp port 500" drops them, "udp port 500 or ip[6:2] & 0x1fff != 0" does not.
    bool matches(const Frame& frame);
    /// Set when the expression has no meaning for a link type of the file (frames of it do not match).
    const std::optional<Error>& problem() const;

private:
    struct Programs;
    explicit PacketFilter(std::unique_ptr<Programs> programs);
    std::unique_ptr<Programs> programs_;
};

/// "EN10MB (Ethernet)"; "link type 4711" when libpcap does not know it.
std::string link_type_name(std::uint16_t link_type);

} // namespace ikescope::capture
