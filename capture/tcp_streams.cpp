// The order of a stream: what comes late, twice, differently or never. How it is cut into messages: tcp_messages.cpp.

#include "capture/tcp_streams.hpp"

#include "capture/tcp_framing.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::capture {
namespace {

constexpr std::size_t most_lost_streams = 1024;
/// Sequence numbers farther apart belong to different connections; more than any window that IKE fills.
constexpr std::int32_t one_connection = std::int32_t{1} << 24;

/// How far `a` lies behind `b` in the circle of sequence numbers (RFC 9293 3.4).
std::int32_t ahead(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b); }

/// Where in a segment reading can begin when what is before it is not in the capture: at the first IKE message that every field of its
/// header shows, or at the segment's start when the lengths from there lead to it.
std::optional<std::size_t> where_a_unit_begins(Bytes bytes) {
    constexpr auto least = unit_length_size + marker_size + isakmp_header;
    std::size_t at = 1;
    while (at + least <= bytes.size() && !framed_isakmp_begins(bytes.subspan(at))) ++at;
    if (at + least > bytes.size()) return std::nullopt;
    for (std::size_t chained = 0; chained < at;) {
        const auto size = static_cast<std::size_t>(big_endian(bytes.subspan(chained, unit_length_size)));
        if (size <= unit_length_size) break;
        chained += size;
        if (chained == at) return 0;
    }
    return at;
}

} // namespace

std::size_t TcpStreams::KeyHash::operator()(const Key& key) const noexcept {
    const std::hash<IpAddress> of_address;
    return of_address(key.from.address) * 31 + of_address(key.to.address) * 17 +
           (std::size_t{key.from.port} << 16 | key.to.port) * 0x9e3779b1U;
}

void TcpStreams::note(std::string text) { notes_->push_back({std::move(text), static_cast<std::uint32_t>(place_)}); }

TcpStreams::Flow* TcpStreams::find(const Key& key) {
    const auto at = by_key_.find(key);
    return at == by_key_.end() ? nullptr : &*at->second;
}

TcpStreams::Flow& TcpStreams::flow_of(const Key& key) {
    if (const auto at = by_key_.find(key); at != by_key_.end()) {
        flows_.splice(flows_.end(), flows_, at->second);
        return flows_.back();
    }
    if (flows_.size() >= most_streams) give_up(flows_.begin());
    flows_.emplace_back().key = key;
    by_key_.emplace(key, std::prev(flows_.end()));
    return flows_.back();
}

std::size_t TcpStreams::footprint(const Flow& flow) {
    return flow.partial.size() + flow.waiting_bytes + flow.recent.size();
}

void TcpStreams::lost(const Flow& flow) {
    if (flow.tentative || (flow.partial.empty() && flow.waiting.empty()) || lost_.size() >= most_lost_streams) return;
    const auto frame = flow.partial.empty() ? flow.waiting.front().frame : flow.partial_frames.front();
    const auto size = flow.partial.size() + flow.waiting_bytes;
    lost_.push_back({flow.key.from, flow.key.to, frame,
                     fmt::format("{} bytes of the TCP stream from {} to {} never became a whole message", size,
                                 flow.key.from.text(), flow.key.to.text())});
}

void TcpStreams::give_up(Flows::iterator flow) {
    lost(*flow);
    bytes_ -= footprint(*flow);
    by_key_.erase(flow->key);
    flows_.erase(flow);
}

void TcpStreams::finish() {
    while (!flows_.empty()) give_up(flows_.begin());
}

/// The flow of a segment, or nullptr when its stream is none of ours. A stream on any port shows by its prefix that it
/// is.
TcpStreams::Flow* TcpStreams::admit(const Segment& segment, Stream expected) {
    const Key key{segment.from, segment.to};
    if (expected != Stream::none) {
        auto& flow = flow_of(key);
        if (flow.framing == Stream::none) flow.framing = expected;
        return &flow;
    }
    const auto known = by_key_.find(key);
    if (known != by_key_.end() && !segment.syn) return &flow_of(key);
    if (known != by_key_.end()) give_up(known->second); // the ports are used again, maybe by something else
    if (segment.bytes.empty() || !may_begin_with_prefix(segment.bytes)) return nullptr;
    auto& flow = flow_of(key);
    flow.opener = flow.at_start = true;
    flow.tentative = segment.bytes.size() < stream_prefix.size();
    if (flow.tentative) {
        flow.started = true;
        flow.next = segment.sequence + (segment.syn ? 1 : 0);
    } else {
        expect_answers(segment);
    }
    return &flow;
}

/// The other direction of a stream that its prefix has shown to be ours.
void TcpStreams::expect_answers(const Segment& segment) {
    const Key reverse{segment.to, segment.from};
    if (!segment.ack || find(reverse)) return;
    auto& peer = flow_of(reverse);
    peer.framing = Stream::ike_tcp;
    peer.at_start = peer.started = true;
    peer.next = segment.acknowledged;
}

/// A connection begins; the ports may have been used before.
void TcpStreams::open(Flow& flow, const Segment& segment) {
    lost(flow);
    const auto key = flow.key;
    const auto framing = flow.framing;
    const bool tentative = flow.tentative;
    flow = {};
    flow.key = key;
    flow.tentative = tentative;
    flow.framing = framing;
    flow.started = flow.at_start = true;
    flow.opener = !segment.ack;
    flow.next = segment.sequence + 1;
}

bool TcpStreams::take(const Segment& segment, Stream expected, std::vector<LinkNote>& notes) {
    units_.clear();
    framing_ = Stream::none;
    notes_ = &notes;
    place_ = segment.place;
    auto* flow = admit(segment, expected);
    if (!flow) return false;
    const auto before = footprint(*flow);
    const auto said = static_cast<std::ptrdiff_t>(notes.size());
    const bool proving = flow->tentative;
    // A SYN that is repeated begins nothing.
    if (segment.syn && !(flow->started && flow->at_start && flow->next == segment.sequence + 1)) open(*flow, segment);
    if (auto* peer = segment.ack ? find({segment.to, segment.from}) : nullptr)
        peer->acknowledged = segment.acknowledged, peer->heard = true;
    if (!flow->foreign) read(*flow, segment);
    while ((segment.fin || segment.rst) && !flow->waiting.empty()) jump(*flow);
    bytes_ += footprint(*flow) - before;
    framing_ = flow->framing;
    const bool ours = !flow->foreign && !flow->tentative;
    if (flow->tentative) notes.erase(notes.begin() + said, notes.end());
    else if (proving) expect_answers(segment);
    while (bytes_ > most_stream_bytes && flows_.size() > 1 && &flows_.front() != flow) give_up(flows_.begin());
    return ours;
}

void TcpStreams::read(Flow& flow, const Segment& segment) {
    const auto start = segment.sequence + (segment.syn ? 1 : 0);
    if (segment.declared > 0) {
        const auto distance = ahead(start, flow.next);
        if (!flow.started || distance > one_connection || distance < -one_connection) begin_anywhere(flow, start);
        if (ahead(start, flow.next) > 0)
            hold(flow, segment);
        else
            advance(flow, start,
                    {segment.bytes, segment.place, segment.declared - segment.bytes.size(), segment.frame});
        resume(flow);
    }
    const bool full = flow.waiting.size() >= most_waiting || flow.waiting_bytes >= most_waiting_bytes;
    const bool missed = flow.heard && ahead(flow.acknowledged, flow.next) > 0; // the peer has what we do not
    if (!flow.waiting.empty() && (full || missed)) jump(flow);
}

/// The capture begins in the middle of a connection, or lacks the beginning of another one.
void TcpStreams::begin_anywhere(Flow& flow, std::uint32_t start) {
    lost(flow);
    flow.started = true;
    flow.synced = flow.at_start = flow.heard = false;
    flow.next = start;
    flow.partial.clear();
    flow.waiting.clear();
    flow.recent.clear();
    flow.waiting_bytes = 0;
}

void TcpStreams::hold(Flow& flow, const Segment& segment) {
    const auto known = [&](const Waiting& one) {
        return one.sequence == segment.sequence && one.bytes.size() >= segment.bytes.size();
    };
    if (std::ranges::any_of(flow.waiting, known)) return;
    flow.waiting.push_back({segment.sequence, segment.declared - segment.bytes.size(),
                            Buffer(segment.bytes.begin(), segment.bytes.end()), segment.frame});
    flow.waiting_bytes += segment.bytes.size();
}

/// Reads what was waiting and now follows.
void TcpStreams::resume(Flow& flow) {
    for (;;) {
        const auto at =
            std::ranges::find_if(flow.waiting, [&](const Waiting& one) { return ahead(one.sequence, flow.next) <= 0; });
        if (at == flow.waiting.end()) return;
        const auto one = std::move(*at);
        flow.waiting.erase(at);
        flow.waiting_bytes -= one.bytes.size();
        advance(flow, one.sequence, {one.bytes, std::nullopt, one.missing, one.frame});
    }
}

/// Goes over a hole to the first bytes that wait behind it.
void TcpStreams::jump(Flow& flow) {
    const auto first =
        std::ranges::min_element(flow.waiting, {}, [&](const Waiting& one) { return one.sequence - flow.next; });
    note(fmt::format("{} bytes of the TCP stream from {} to {} are not in the capture{}", first->sequence - flow.next,
                     flow.key.from.text(), flow.key.to.text(),
                     flow.partial.empty() ? "" : "; the message that they belong to is lost"));
    flow.next = first->sequence;
    flow.synced = flow.at_start = false;
    flow.partial.clear();
    flow.recent.clear();
    resume(flow);
}

/// Bytes that are there already are compared, the others read.
void TcpStreams::advance(Flow& flow, std::uint32_t sequence, Piece piece) {
    const std::size_t back = flow.next - sequence;
    if (back > 0) compare(flow, back, piece.bytes);
    if (back >= piece.bytes.size()) return;
    piece.bytes = piece.bytes.subspan(back);
    if (piece.place) *piece.place += back;
    remember(flow, piece.bytes);
    flow.next += static_cast<std::uint32_t>(piece.bytes.size() + piece.missing);
    if (piece.missing > 0) flow.recent.clear();
    if (flow.tentative && !prove(flow, piece.bytes)) return;
    if (flow.partial.empty() && !settle(flow, piece.bytes) && !resync(flow, piece)) return;
    cut(flow, piece);
}

/// A stream on any port is ours once its prefix is complete, in however many segments; false when it begins otherwise.
bool TcpStreams::prove(Flow& flow, Bytes bytes) {
    auto head = flow.partial;
    bytes = bytes.first(std::min(bytes.size(), stream_prefix.size()));
    head.insert(head.end(), bytes.begin(), bytes.end());
    if (!flow.at_start || !may_begin_with_prefix(head)) {
        flow.foreign = true;
        flow.partial.clear();
        return false;
    }
    flow.tentative = head.size() < stream_prefix.size();
    return true;
}

/// Goes on inside the segment where a message shows itself, when the stream's beginning or what is in front was not captured.
bool TcpStreams::resync(Flow& flow, Piece& piece) {
    if (flow.foreign || flow.at_start || flow.framing == Stream::isakmp) return false;
    const auto at = where_a_unit_begins(piece.bytes);
    if (!at) return false;
    consume(piece, *at);
    flow.framing = Stream::ike_tcp;
    return flow.synced = true;
}

/// `bytes` begin `back` bytes before the end of what was read.
void TcpStreams::compare(const Flow& flow, std::size_t back, Bytes bytes) {
    const auto have = flow.recent.size();
    if (back > have) {
        const auto unknown = std::min(back - have, bytes.size());
        bytes = bytes.subspan(unknown);
        back = have;
    }
    const auto both = std::min(back, bytes.size());
    const auto then = Bytes(flow.recent).subspan(have - back, both);
    if (!std::ranges::equal(then, bytes.first(both)))
        note("a TCP segment repeats bytes of its stream with other values; the earlier ones are kept, and the receiver "
             "may have seen either");
}

void TcpStreams::remember(Flow& flow, Bytes bytes) {
    if (bytes.size() > recent_bytes) bytes = bytes.last(recent_bytes);
    auto& recent = flow.recent;
    if (recent.size() + bytes.size() > recent_bytes)
        recent.erase(recent.begin(),
                     recent.begin() + static_cast<std::ptrdiff_t>(recent.size() + bytes.size() - recent_bytes));
    recent.insert(recent.end(), bytes.begin(), bytes.end());
}

} // namespace ikescope::capture
