// A stream in order, cut into messages: RFC 9329 section 3, or ISAKMP without framing.

#include "capture/tcp_framing.hpp"
#include "capture/tcp_streams.hpp"

#include <fmt/format.h>

namespace ikescope::capture {
namespace {

/// No IKE message comes near; what claims more is none.
constexpr std::size_t longest_message = std::size_t{256} << 10;
constexpr std::size_t least_unit = unit_length_size + 1;

bool begins_tls(Bytes bytes) { return bytes.size() >= 3 && bytes[0] == 0x16 && bytes[1] == 3; } // RFC 8446 5.1

} // namespace

/// Makes sure that a message begins at `bytes`, the next of the stream; false when one does not, or that cannot be
/// known.
bool TcpStreams::settle(Flow& flow, Bytes bytes) {
    if (flow.synced) return true;
    const auto* peer = find({flow.key.to, flow.key.from});
    const bool answers =
        flow.at_start && !flow.opener && peer && peer->framing == Stream::ike_tcp && !peer->at_start && !peer->foreign;
    if (isakmp_begins(bytes)) {
        flow.framing = Stream::isakmp;
    } else if ((flow.at_start && may_begin_with_prefix(bytes)) || begins_with_prefix(bytes)) {
        flow.framing = Stream::ike_tcp;
        flow.at_start = true;
    } else if (framed_isakmp_begins(bytes)) {
        flow.framing = Stream::ike_tcp;
        if (flow.at_start && flow.opener) note("the TCP stream does not begin with IKETCP (RFC 9329 4)");
    } else if (!answers && !esp_begins(flow, bytes)) {
        if (flow.at_start) refuse(flow, bytes);
        return false;
    }
    return flow.synced = true;
}

/// An ESP packet of the SA that the stream carried before, in a unit of its own.
bool TcpStreams::esp_begins(const Flow& flow, Bytes bytes) const {
    return flow.framing == Stream::ike_tcp && flow.esp_spi != 0 && bytes.size() >= unit_length_size + 4 &&
           big_endian(bytes.subspan(unit_length_size, 4)) == flow.esp_spi;
}

/// The connection's beginning was seen, and it is no IKE.
void TcpStreams::refuse(Flow& flow, Bytes bytes) {
    if (begins_tls(bytes))
        note("this TCP stream begins with TLS: if there is IKE in it (RFC 9329 appendix A), it cannot be read");
    flow.foreign = true;
    if (auto* peer = find({flow.key.to, flow.key.from})) peer->foreign = true;
}

/// How long the unit is that begins at `have`; 0 when it is none, nothing when more bytes must be seen first.
std::optional<std::size_t> TcpStreams::unit_size(const Flow& flow, Bytes have) const {
    if (flow.framing == Stream::isakmp) {
        if (have.size() < isakmp_header) return std::nullopt;
        const auto size = static_cast<std::size_t>(big_endian(have.subspan(24, 4)));
        return isakmp_begins(have) && size <= longest_message ? size : 0;
    }
    std::size_t prefix = 0;
    if (flow.at_start && may_begin_with_prefix(have)) prefix = stream_prefix.size();
    if (have.size() < prefix + unit_length_size) return std::nullopt;
    const auto size = static_cast<std::size_t>(big_endian(have.subspan(prefix, unit_length_size)));
    return size < least_unit ? 0 : prefix + size;
}

/// So many bytes tell how long the unit is.
std::size_t TcpStreams::size_needs(const Flow& flow) const {
    if (flow.framing == Stream::isakmp) return isakmp_header;
    return flow.at_start && may_begin_with_prefix(flow.partial) ? stream_prefix.size() + unit_length_size
                                                                : unit_length_size;
}

void TcpStreams::cut(Flow& flow, Piece piece) {
    if (flow.partial.empty() && !settle(flow, piece.bytes)) return;
    while (!piece.bytes.empty()) {
        const bool fresh = flow.partial.empty();
        const auto size = unit_size(flow, fresh ? piece.bytes : Bytes(flow.partial));
        if (size == std::size_t{0}) return lose_track(flow);
        if (fresh && size && *size <= piece.bytes.size())
            emit_view(flow, piece, *size);
        else
            fill(flow, piece, size);
    }
    if (piece.missing > 0) cut_short(flow, piece.missing);
}

void TcpStreams::lose_track(Flow& flow) {
    note("the length that stands here in the TCP stream is no message's; reading goes on at the next segment that "
         "begins with one");
    flow.synced = flow.at_start = false;
    flow.partial.clear();
}

/// A unit that lies in the piece as a whole.
void TcpStreams::emit_view(Flow& flow, Piece& piece, std::size_t size) {
    StreamUnit unit;
    unit.bytes = piece.bytes.first(size);
    unit.place = piece.place;
    unit.declared = size;
    if (!unit.place) {
        unit.own.assign(unit.bytes.begin(), unit.bytes.end());
        unit.bytes = unit.own;
        unit.frames = {piece.frame};
    }
    emit(flow, std::move(unit));
    consume(piece, size);
}

void TcpStreams::consume(Piece& piece, std::size_t count) {
    piece.bytes = piece.bytes.subspan(count);
    if (piece.place) *piece.place += count;
}

/// Adds to the unit that is not complete, first until its size is known, then until it is there.
void TcpStreams::fill(Flow& flow, Piece& piece, std::optional<std::size_t> size) {
    auto& partial = flow.partial;
    const auto wanted = (size ? *size : size_needs(flow)) - partial.size();
    const auto taken = piece.bytes.first(std::min(wanted, piece.bytes.size()));
    partial.insert(partial.end(), taken.begin(), taken.end());
    if (partial.size() == taken.size()) flow.partial_frames.clear();
    if (flow.partial_frames.empty() || flow.partial_frames.back() != piece.frame)
        flow.partial_frames.push_back(piece.frame);
    consume(piece, taken.size());
    if (const auto whole = unit_size(flow, partial); whole && *whole == partial.size()) emit_partial(flow, *whole);
}

void TcpStreams::emit_partial(Flow& flow, std::size_t declared) {
    StreamUnit unit;
    unit.own = std::move(flow.partial);
    unit.bytes = unit.own;
    unit.frames = std::move(flow.partial_frames);
    unit.declared = declared;
    flow.partial.clear();
    flow.partial_frames.clear();
    emit(flow, std::move(unit));
}

/// The snap length cut the last `missing` bytes: a message that they end is shown as far as it is there.
void TcpStreams::cut_short(Flow& flow, std::size_t missing) {
    const auto size = flow.partial.empty() ? std::nullopt : unit_size(flow, flow.partial);
    const bool known = size && *size > flow.partial.size() && *size <= flow.partial.size() + missing;
    const bool ends_there = known && *size == flow.partial.size() + missing;
    if (known) emit_partial(flow, *size);
    if (ends_there) return;
    note(fmt::format("the capture's snap length cut {} bytes of the TCP stream", missing));
    flow.synced = flow.at_start = false;
    flow.partial.clear();
}

/// What a unit is, by its first bytes (RFC 9329 3).
void TcpStreams::emit(Flow& flow, StreamUnit unit) {
    const bool first = std::exchange(flow.at_start, false);
    if (flow.framing == Stream::isakmp) {
        unit.content = Content::isakmp;
        units_.push_back(std::move(unit));
        return;
    }
    const auto prefix = first && begins_with_prefix(unit.bytes) ? stream_prefix.size() : 0;
    auto body = unit.bytes.subspan(std::min(prefix + unit_length_size, unit.bytes.size()));
    unit.head = static_cast<std::uint32_t>(prefix + unit_length_size);
    if (body.size() >= marker_size && big_endian(body.first(marker_size)) == 0) {
        unit.content = Content::isakmp;
        unit.head += static_cast<std::uint32_t>(marker_size);
    } else if (body.size() >= 8) {
        unit.content = Content::esp;
        flow.esp_spi = static_cast<std::uint32_t>(big_endian(body.first(4)));
    } else if (body.size() == 1 && body[0] == 0xff) {
        unit.content = Content::nat_keepalive;
    } else {
        note(fmt::format("a unit of {} bytes in the TCP stream is neither IKE nor ESP (RFC 9329 3)", body.size()));
    }
    units_.push_back(std::move(unit));
}

} // namespace ikescope::capture
