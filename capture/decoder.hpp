#pragma once
// From a frame to the datagram it carries, and to what that datagram is to us.

#include "base/result.hpp"
#include "capture/fragments.hpp"
#include "capture/tcp_streams.hpp"

namespace ikescope::capture {

/// Ports are looked at on both sides; the other side of a NAT may have any.
struct DecodeOptions {
    std::vector<std::uint16_t> isakmp_ports{500};      ///< RFC 2408 2.5.1
    std::vector<std::uint16_t> encapsulation_ports{4500}; ///< RFC 3948: ESP, or IKE behind four zero bytes
    std::vector<std::uint16_t> tcp_ports{4500};           ///< RFC 9329 2: IKE and ESP, each behind its length
    std::vector<std::uint16_t> tcp_isakmp_ports{500};     ///< ISAKMP without framing, as Wireshark has it
    std::vector<std::uint16_t> cisco_ports{10000};        ///< cisco_tcp.hpp
    bool by_content = true; ///< on other ports, too, what begins or ends as only IKE does, in every field, is IKE
};

/// Adds a rule as tshark's -d takes it: "udp.port==501,isakmp", "udp.port==10000,udpencap", "tcp.port==4501,isakmp"
/// (framed or not: the stream shows it) or "tcp.port==10001,tcpencap"; ranges like 501-505 too.
Result<Done> add_decode_as(std::string_view rule, DecodeOptions& options);

class Decoder {
public:
    explicit Decoder(DecodeOptions options = {}) : options_(std::move(options)) {}

    /// Fills `out`, reusing its memory; false when there is no IP datagram in the frame.
    /// A fragment is delivered as it is (content `other`), and the one that completes its datagram as the whole.
    /// Of a TCP segment `out` is the first message that it completes, or what it is as a whole.
    bool decode(const Frame& frame, Datagram& out);
    /// Does the frame's TCP segment complete more messages? more() makes `out`, as decode() or more() left it, the next
    /// one.
    bool pending() const { return next_unit_ < streams_.units().size(); }
    void more(Datagram& out);

    /// IP datagrams of which not all fragments came; finish() first when the capture has ended.
    std::vector<LostDatagram> take_lost() { return fragments_.take_lost(); }
    /// What of TCP streams was never read; finish() first.
    std::vector<LostStream> take_lost_streams() { return streams_.take_lost(); }
    void finish() {
        fragments_.finish();
        streams_.finish();
    }

private:
    void settle(const Frame& frame, Walk& walk, Datagram& out, unsigned depth);
    void defragment(const Frame& frame, Walk& walk, Datagram& out, unsigned depth);
    void classify(const Frame& frame, const Walk& walk, Datagram& out);
    void classify_tcp(const Frame& frame, const Walk& walk, Datagram& out);
    void show_unit(Datagram& out);
    bool classify_cisco(Datagram& out) const;
    Stream expected_stream(const Datagram& out) const;
    void classify_udp(Datagram& out) const;
    void classify_content(Datagram& out) const;

    DecodeOptions options_;
    Reassembler fragments_;
    TcpStreams streams_;
    std::size_t next_unit_ = 0;
    std::uint32_t segment_offset_ = 0;
};

} // namespace ikescope::capture
