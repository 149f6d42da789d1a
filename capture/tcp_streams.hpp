#pragma once
// IKE in TCP: streams put in order and cut into messages, within fixed bounds.
//
//  RFC 9329 3: the side that opened the connection sends "IKETCP" once, then both send, one behind the other,
//      | length, itself included (2) | 0 0 0 0 | IKE message |       | length (2) | ESP packet |
//  Wireshark's ISAKMP over TCP (port 500): messages one behind the other, each as long as its own header says.
//
// A hole is waited for until the peer acknowledges what is behind it, the stream ends, or the bounds are reached; then
// the loss is said, and reading goes on at the next segment that begins like a message or has a whole IKE header in it. Bytes that come twice and
// differ are said, too, as far back as `recent_bytes`; the first copy counts.

#include "capture/datagram.hpp"

#include <list>
#include <unordered_map>
#include <utility>

namespace ikescope::capture {

/// The bounds: when one is reached, the direction that was silent for longest is forgotten, and what it lacked is said.
inline constexpr std::size_t most_streams = 4096; ///< directions
inline constexpr std::size_t most_stream_bytes = std::size_t{16} << 20;
/// Of one direction, behind a hole.
inline constexpr std::size_t most_waiting_bytes = std::size_t{128} << 10, most_waiting = 256;
inline constexpr std::size_t recent_bytes = 4096;

/// A TCP segment. `bytes` lie at `place` in the frame, or in the datagram put together from IP fragments.
struct Segment {
    Endpoint from, to;
    std::uint32_t sequence = 0, acknowledged = 0;
    bool syn = false, ack = false, fin = false, rst = false;
    Bytes bytes;
    std::size_t place = 0;
    std::size_t declared = 0; ///< bytes of payload on the wire
    std::uint64_t frame = 0;
};

/// One message of a stream.
struct StreamUnit {
    Content content = Content::other;
    Bytes bytes;              ///< from the length field on; of ISAKMP without framing, the message
    std::uint32_t head = 0;   ///< bytes in front of the message: length, marker
    std::size_t declared = 0; ///< what bytes.size() is when nothing was cut by the snap length
    std::optional<std::size_t>
        place; ///< where bytes begin in the segment's buffer; nothing: they are a buffer of their own
    std::vector<std::uint64_t> frames; ///< whose segments brought it, when it is a buffer of its own
    Buffer own;
};

/// A direction of which something was never read.
struct LostStream {
    Endpoint from, to;
    std::uint64_t frame = 0;
    std::string sentence;
};

class TcpStreams {
public:
    /// Takes a segment; false when its stream is none of ours. `expected` is what the ports say; `none` is for streams
    /// that may still show by their prefix what they are. Units are there until the next call.
    bool take(const Segment& segment, Stream expected, std::vector<LinkNote>& notes);
    const std::vector<StreamUnit>& units() const { return units_; }
    /// The last segment is dealt with.
    void rest() { units_.clear(); }
    /// How the last segment's stream is framed.
    Stream framing() const { return framing_; }

    std::vector<LostStream> take_lost() { return std::exchange(lost_, {}); }
    /// Gives up everything unfinished: the capture has ended.
    void finish();

private:
    struct Key {
        Endpoint from, to;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };
    struct Waiting {
        std::uint32_t sequence = 0;
        std::size_t missing = 0; ///< bytes that the snap length cut
        Buffer bytes;
        std::uint64_t frame = 0;
    };
    /// One direction of a connection.
    struct Flow {
        Key key;
        Stream framing = Stream::none;
        bool started = false;  ///< `next` counts
        bool synced = false;   ///< `next` is where a message begins, or `partial` one
        bool at_start = false; ///< nothing was read yet and the connection's beginning was seen
        bool opener = false;   ///< sent the first SYN
        bool foreign = false;  ///< is no IKE
        bool tentative = false; ///< on any port: has sent the beginning of the prefix only, or turned out to be foreign behind it
        bool heard = false;    ///< `acknowledged` counts
        std::uint32_t next = 0, acknowledged = 0;
        Buffer partial;
        std::vector<std::uint64_t> partial_frames;
        std::vector<Waiting> waiting;
        std::size_t waiting_bytes = 0;
        Buffer recent; ///< what was read last, up to `next`
        std::uint32_t esp_spi = 0;
    };
    /// Bytes on their way into a flow.
    struct Piece {
        Bytes bytes;
        std::optional<std::size_t> place;
        std::size_t missing;
        std::uint64_t frame;
    };
    using Flows = std::list<Flow>; ///< silent for longest first

    static std::size_t footprint(const Flow& flow);
    Flow* find(const Key& key);
    Flow& flow_of(const Key& key);
    Flow* admit(const Segment& segment, Stream expected);
    void expect_answers(const Segment& segment);
    void open(Flow& flow, const Segment& segment);
    void begin_anywhere(Flow& flow, std::uint32_t start);
    void read(Flow& flow, const Segment& segment);
    void hold(Flow& flow, const Segment& segment);
    void resume(Flow& flow);
    void jump(Flow& flow);
    void advance(Flow& flow, std::uint32_t sequence, Piece piece);
    void compare(const Flow& flow, std::size_t back, Bytes bytes);
    static void remember(Flow& flow, Bytes bytes);
    void lost(const Flow& flow);
    void give_up(Flows::iterator flow);

    static bool prove(Flow& flow, Bytes bytes);
    bool settle(Flow& flow, Bytes bytes);
    static bool resync(Flow& flow, Piece& piece);
    bool esp_begins(const Flow& flow, Bytes bytes) const;
    void refuse(Flow& flow, Bytes bytes);
    std::optional<std::size_t> unit_size(const Flow& flow, Bytes have) const;
    std::size_t size_needs(const Flow& flow) const;
    void cut(Flow& flow, Piece piece);
    void lose_track(Flow& flow);
    void fill(Flow& flow, Piece& piece, std::optional<std::size_t> size);
    static void consume(Piece& piece, std::size_t count);
    void cut_short(Flow& flow, std::size_t missing);
    void emit(Flow& flow, StreamUnit unit);
    void emit_view(Flow& flow, Piece& piece, std::size_t size);
    void emit_partial(Flow& flow, std::size_t declared);
    void note(std::string text);

    Flows flows_;
    std::unordered_map<Key, Flows::iterator, KeyHash> by_key_;
    std::size_t bytes_ = 0;
    std::vector<StreamUnit> units_;
    std::vector<LostStream> lost_;
    std::vector<LinkNote>* notes_ = nullptr;
    std::size_t place_ = 0;
    Stream framing_ = Stream::none;
};

} // namespace ikescope::capture
