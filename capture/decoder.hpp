#pragma once
// From a frame to the datagram it carries, and to what that datagram is to us.

#include "base/result.hpp"
#include "capture/fragments.hpp"

namespace ikescope::capture {

/// Ports are looked at on both sides; the other side of a NAT may have any.
struct DecodeOptions {
    std::vector<std::uint16_t> isakmp_ports{500};      ///< RFC 2408 2.5.1
    std::vector<std::uint16_t> encapsulation_ports{4500}; ///< RFC 3948: ESP, or IKE behind four zero bytes
    bool by_content = true; ///< UDP on other ports is ISAKMP when its header fits in every field
};

/// Adds a rule as tshark's -d takes it: "udp.port==501,isakmp" or "udp.port==10000,udpencap"; ranges like 501-505 too.
Result<Done> add_decode_as(std::string_view rule, DecodeOptions& options);

class Decoder {
public:
    explicit Decoder(DecodeOptions options = {}) : options_(std::move(options)) {}

    /// Fills `out`, reusing its memory; false when there is no IP datagram in the frame.
    /// A fragment is delivered as it is (content `other`), and the one that completes its datagram as the whole.
    bool decode(const Frame& frame, Datagram& out);

    /// IP datagrams of which not all fragments came; finish() first when the capture has ended.
    std::vector<LostDatagram> take_lost() { return fragments_.take_lost(); }
    void finish() { fragments_.finish(); }

private:
    void settle(const Frame& frame, Walk& walk, Datagram& out, unsigned depth);
    void defragment(const Frame& frame, Walk& walk, Datagram& out, unsigned depth);
    void classify(const Walk& walk, Datagram& out) const;
    void classify_udp(Datagram& out) const;
    void classify_content(Datagram& out) const;

    DecodeOptions options_;
    Reassembler fragments_;
};

} // namespace ikescope::capture
