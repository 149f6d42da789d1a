#pragma once
// What a capture is made of: frames as the file has them, and the datagram that a frame carries.

#include "base/address.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"

#include <string>
#include <vector>

namespace ikescope::capture {

/// One frame of a capture file. Views stay valid until the next frame is read.
struct Frame {
    std::uint64_t number = 0; ///< from 1, within its file
    std::uint64_t overall = 0; ///< from 1, over all files in time order
    std::uint32_t file = 0;   ///< index into the list of files
    std::uint32_t interface = 0;
    std::uint16_t link_type = 0; ///< LINKTYPE_ value
    Timestamp time = 0;
    std::uint32_t original_length = 0; ///< on the wire; bytes.size() is what the snap length left
    Bytes bytes;
    std::string_view comment; ///< pcapng opt_comment, if any; several are joined with line feeds
    std::uint64_t position = 0; ///< where the record begins in its (decompressed) file
    bool has_time = true;     ///< false: the file says no time (Simple Packet Block); `time` is that of the frame before
};

enum class Transport : std::uint8_t { none, udp, tcp, esp, ah, other };
/// What the datagram carries as far as we care.
enum class Content : std::uint8_t { other, isakmp, nat_keepalive, esp, ah };
/// How messages stand in a TCP stream; see tcp_streams.hpp and cisco_tcp.hpp.
enum class Stream : std::uint8_t { none, ike_tcp, isakmp, cisco };
/// Something wrong or worth saying below IKE; `offset` is in the frame.
struct LinkNote {
    std::string text;
    std::uint32_t offset = 0;
};

/// A frame's innermost IP datagram, or one message of the TCP stream in it. Views point into the frame or, when IP
/// fragments or TCP segments were put together, into a buffer of the decoder; they stay valid until the next frame is
/// read or decoded.
struct Datagram {
    IpAddress source, destination;
    std::uint16_t source_port = 0, destination_port = 0;
    Transport transport = Transport::none;
    Content content = Content::other;
    std::uint8_t ip_protocol = 0;
    bool non_esp_marker = false;    ///< four zero bytes stood before the message (RFC 3948 2.2)
    bool reassembled = false;       ///< payload lies in a buffer of its own, offsets count from its start
    Bytes payload;                  ///< of UDP behind the marker; of ESP and AH from their header on
    std::uint32_t payload_offset = 0; ///< of payload[0] in the frame (0-based in the reassembled buffer otherwise)
    std::uint32_t declared = 0;     ///< payload size that the UDP or IP header claims; more than payload.size() when snapped
    bool snapped = false;           ///< shorter than declared because of the capture's snap length
    std::vector<std::uint64_t> fragment_frames; ///< overall numbers of the frames of an IP fragment chain
    std::vector<LinkNote> notes;    ///< overlaps, lying lengths, …
    std::uint32_t esp_spi = 0;      ///< of ESP and AH
    Bytes whole;                    ///< the reassembled buffer when `reassembled`: IP payload that payload_offset counts in
    std::uint8_t whole_protocol = 0; ///< IP protocol that `whole` begins with
    std::uint8_t tcp_flags = 0;      ///< RFC 9293 3.1: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, …
    Stream stream = Stream::none;    ///< of TCP: how its messages stand in it
    bool streamed = false; ///< several TCP segments, or a late one, brought the message: `unit` is a buffer of its own
    Bytes unit;            ///< of TCP: the message with what frames it; payload_offset counts in it when `streamed`
    std::uint32_t unit_offset = 0; ///< of unit[0], in the buffer that payload_offset counts in
    std::vector<std::uint64_t>
        segment_frames;       ///< overall numbers of the frames whose TCP segments brought it, when `streamed`
    bool conflicting = false; ///< fragments overlapped with different bytes: what is shown is the first copy, not proof

    Endpoint from() const { return {source, source_port}; }
    Endpoint to() const { return {destination, destination_port}; }
};

} // namespace ikescope::capture
