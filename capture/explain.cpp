#include "capture/explain.hpp"

#include "capture/checksum.hpp"
#include "capture/layer_fields.hpp"

#include <bit>

namespace ikescope::capture {
namespace {

/// The walk through a frame, and the one through the datagram that it completes.
struct Walks {
    Walks(const Frame& frame, const Datagram* datagram)
        : whole(datagram && datagram->reassembled), outer(frame.bytes, frame.original_length, found),
          inner(whole ? datagram->whole : Bytes{}, whole ? datagram->whole.size() : 0, inside) {
        outer.frame(frame.link_type);
        if (datagram && !whole && outer.fragment() && datagram->transport != Transport::other) outer.first_fragment();
        if (!whole) return;
        inside.source = found.source;
        inside.destination = found.destination;
        inner.reassembled(datagram->whole_protocol, outer.datagrams());
    }
    Walks(const Walks&) = delete;
    Walks& operator=(const Walks&) = delete;

    bool whole;
    Datagram found, inside;
    Walk outer, inner;
};

/// What one walk found, on its way into a tree.
class Explainer {
public:
    Explainer(const Walk& walk, const Datagram& found, Tree& tree) : walk_(walk), found_(found), tree_(tree) {}

    void layers() {
        for (const auto& layer : walk_.layers()) explain_layer(layer);
    }

private:
    Bytes bytes() const { return walk_.bytes(); }

    void item(const Layer& layer, const Item& row) {
        const auto at = layer.offset + row.at;
        if (row.at + row.width > layer.length || at + row.width > bytes().size()) return;
        const auto value = value_of(row, bytes().data() + at);
        const bool length = row.field == field("eth.type") && value < 0x0600; // IEEE 802.3
        const auto node = tree_.add(length ? *field("eth.len") : *row.field, at, row.width, value * row.field->scale);
        if (row.depth > 0) tree_.node(node).depth = static_cast<std::uint8_t>(tree_.node(node).depth + row.depth);
    }
    static std::uint64_t value_of(const Item& row, const Byte* at) {
        const auto& known = *row.field;
        if (known.kind == Kind::ether || known.kind == Kind::ipv6 || row.width > 8) return 0;
        std::uint64_t value = 0;
        switch (row.width) { // known widths cost less than a loop
        case 1: value = at[0]; break;
        case 2: value = big_endian({at, 2}); break;
        case 4: value = big_endian({at, 4}); break;
        default: value = big_endian({at, row.width});
        }
        if (row.field == field("null.family") && value > 0xffff) // in the byte order of the capturing host, as Walk has it
            value = __builtin_bswap32(static_cast<std::uint32_t>(value));
        if (known.mask == 0) return value;
        return known.kind == Kind::boolean ? (value & known.mask) != 0
                                           : (value & known.mask) >> std::countr_zero(known.mask);
    }

    void explain_layer(const Layer& layer) {
        const auto& fields = fields_of(layer);
        tree_.add(*fields.heading, layer.offset, layer.length);
        const TreeLevel level(&tree_);
        for (const auto& row : fields.items) item(layer, row);
        switch (layer.kind) {
        case LayerKind::ipv4: ipv4_extras(layer); break;
        case LayerKind::udp: udp_extras(layer); break;
        case LayerKind::gre: gre_extras(layer); break;
        case LayerKind::ppp: ppp_extras(layer); break;
        case LayerKind::ah: ah_extras(layer); break;
        case LayerKind::esp: rest(layer, field("esp.encrypted_data")); break;
        case LayerKind::tcp:
            tree_.add_generated(*field("tcp.len"), payload_end() - (layer.offset + layer.length));
            break;
        default: break;
        }
    }

    std::size_t payload_end() const { return std::max(walk_.captured_end(), walk_.position()); }
    Bytes at(const Layer& layer, std::size_t ahead, std::size_t count) const {
        return bytes().subspan(layer.offset + ahead, count);
    }

    /// What lies behind a header, if anything does.
    void rest(const Layer& layer, const Field* row) {
        const auto begin = layer.offset + layer.length;
        if (begin < payload_end()) tree_.add(*row, begin, payload_end() - begin);
    }

    void ipv4_extras(const Layer& layer) {
        tree_.add_generated(*field("ip.checksum.status"),
                            internet_checksum(add_words(at(layer, 0, layer.length))) == 0);
    }
    /// 0 bad, 1 good, 2 unverified (cut short), 3 absent. Only the innermost datagram has UDP, so its addresses are
    /// found_'s.
    std::uint64_t udp_checksum_status(const Layer& layer) const {
        if (big_endian(at(layer, 6, 2)) == 0) return 3;
        const std::size_t length = big_endian(at(layer, 4, 2));
        if (length < 8 || layer.offset + length > payload_end()) return 2;
        const auto sum = pseudo_header(found_.source.bytes(), found_.destination.bytes(), 17, length);
        return internet_checksum(add_words(at(layer, 0, length), sum)) == 0;
    }
    void udp_extras(const Layer& layer) {
        tree_.add_generated(*field("udp.checksum.status"), udp_checksum_status(layer));
        rest(layer, field("udp.payload"));
    }
    /// RFC 2784 and RFC 2890: what the flags announce follows in this order.
    void gre_extras(const Layer& layer) {
        const auto flags = big_endian(at(layer, 0, 2));
        std::uint8_t place = 4;
        const auto next = [&](std::uint64_t bit, const Field* row, std::uint8_t width) {
            if (!(flags & bit)) return;
            item(layer, {row, place, width});
            place = static_cast<std::uint8_t>(place + 4);
        };
        next(0x8000, field("gre.checksum"), 2);
        next(0x2000, field("gre.key"), 4);
        next(0x1000, field("gre.sequence_number"), 4);
    }
    void ppp_extras(const Layer& layer) {
        const std::uint8_t width = layer.length % 2 == 0 ? 2 : 1;
        item(layer, {field("ppp.protocol"), static_cast<std::uint8_t>(layer.length - width), width});
    }
    void ah_extras(const Layer& layer) {
        if (layer.length > 12) tree_.add(*field("ah.icv"), layer.offset + 12u, layer.length - 12u);
    }

    const Walk& walk_;
    const Datagram& found_;
    Tree& tree_;
};

/// As tshark writes them: a label stack once, every other header each time.
void append_protocols(std::string& out, const Walk& walk) {
    const Layer* before = nullptr;
    for (const auto& layer : walk.layers()) {
        const bool stacked = layer.kind == LayerKind::mpls && before && before->kind == LayerKind::mpls;
        before = &layer;
        if (stacked) continue;
        if (!out.empty()) out += ':';
        out += fields_of(layer).protocol;
        if (layer.kind == LayerKind::ethernet || layer.kind == LayerKind::vlan || layer.kind == LayerKind::cooked ||
            layer.kind == LayerKind::cooked2)
            out += ":ethertype";
    }
}

std::string_view content_protocols(const Datagram& datagram) {
    if (datagram.stream == Stream::cisco)
        return datagram.content == Content::esp ? ":tcpencap:esp" : ":tcpencap:udp:isakmp";
    if (datagram.transport == Transport::tcp)
        return datagram.content == Content::isakmp ? ":isakmp" : datagram.content == Content::esp ? ":esp" : "";
    if (datagram.transport != Transport::udp) return {};
    const bool encapsulated = datagram.non_esp_marker;
    switch (datagram.content) {
    case Content::isakmp: return encapsulated ? ":udpencap:isakmp" : ":isakmp";
    case Content::esp: return ":udpencap:esp";
    case Content::nat_keepalive: return ":udpencap";
    default: return {};
    }
}

void explain_reassembly(const Datagram& datagram, bool v6, Tree& tree) {
    const TreeLevel level(&tree);
    const auto& piece = v6 ? *field("ipv6.fragment") : *field("ip.fragment");
    for (const auto number : datagram.fragment_frames) tree.add_generated(piece, number);
    tree.add_generated(v6 ? *field("ipv6.fragment.count") : *field("ip.fragment.count"),
                       datagram.fragment_frames.size());
    if (datagram.conflicting) {
        const auto& conflict = v6 ? *field("ipv6.fragment.overlap.conflict") : *field("ip.fragment.overlap.conflict");
        tree.judge(tree.add_generated(conflict, 1), Severity::warning);
    }
    tree.add_generated(v6 ? *field("ipv6.reassembled.length") : *field("ip.reassembled.length"), datagram.whole.size());
}

void explain_note(const LinkNote& note, Tree& tree) {
    const auto index = tree.add(*field("ike.link_note"), note.offset, 0);
    tree.annotate(index, note.text);
    tree.judge(index, Severity::warning);
}

/// Notes are about the frame, even when the datagram is not in it as a whole.
void explain_notes(const Datagram& datagram, Tree& tree) {
    const auto buffer = tree.current_buffer();
    tree.switch_buffer(0);
    for (const auto& note : datagram.notes) explain_note(note, tree);
    tree.switch_buffer(buffer);
}

void append_all_protocols(std::string& out, const Walks& walks, const Datagram* datagram) {
    const auto layers = walks.outer.layers();
    const bool raw = !layers.empty() && (layers[0].kind == LayerKind::ipv4 || layers[0].kind == LayerKind::ipv6);
    if (raw) out += "raw";
    append_protocols(out, walks.outer);
    if (walks.whole) append_protocols(out, walks.inner);
    if (datagram) out += content_protocols(*datagram);
}

void explain_padding(const Frame& frame, const Walk& walk, Tree& tree) {
    const auto layers = walk.layers();
    const auto end = std::max(walk.captured_end(), walk.position());
    if (layers.empty() || layers[0].kind != LayerKind::ethernet || walk.datagrams() == 0 || end >= frame.bytes.size())
        return;
    // IEEE 802.3 4.2.8: frames are padded to 60 bytes without their check sequence.
    tree.add(frame.bytes.size() <= 60 ? *field("eth.padding") : *field("eth.trailer"), end, frame.bytes.size() - end);
}

void explain_frame(const Frame& frame, const Datagram* datagram, const Walks& walks, Tree& tree,
                   const FrameTimes& times) {
    if (tree.buffers().empty()) tree.use_buffer("Frame", frame.bytes);
    tree.add(*field("frame"), 0, frame.bytes.size());
    const TreeLevel level(&tree);
    tree.add_generated(*field("frame.interface_id"), frame.interface);
    const auto since = [&](const Field& row, const std::optional<Timestamp>& start) {
        if (frame.has_time && start)
            tree.add_generated(row, static_cast<std::uint64_t>(frame.time) - static_cast<std::uint64_t>(*start));
    };
    since(*field("frame.time"), Timestamp{0});
    since(*field("frame.time_epoch"), Timestamp{0});
    since(*field("frame.time_delta"), times.previous);
    since(*field("frame.time_delta_displayed"), times.displayed);
    since(*field("frame.time_relative"), times.first);
    tree.add_generated(*field("frame.number"), frame.overall);
    tree.add_generated(*field("frame.len"), frame.original_length);
    tree.add_generated(*field("frame.cap_len"), frame.bytes.size());
    std::string protocols;
    append_all_protocols(protocols, walks, datagram);
    tree.add_generated(*field("frame.protocols"), 0, protocols);
    if (!frame.comment.empty()) tree.add_generated(*field("frame.comment"), 0, frame.comment);
}

void explain_link(const Frame& frame, const Datagram* datagram, const Walks& walks, Tree& tree) {
    if (tree.buffers().empty()) tree.use_buffer("Frame", frame.bytes);
    Explainer(walks.outer, walks.found, tree).layers();
    explain_padding(frame, walks.outer, tree);
    if (walks.whole) {
        const bool v6 = walks.found.source.family == 6;
        explain_reassembly(*datagram, v6, tree);
        tree.use_buffer(v6 ? "Reassembled IPv6" : "Reassembled IPv4", datagram->whole);
        Explainer(walks.inner, walks.inside, tree).layers();
    }
    if (!datagram) return;
    explain_content(*datagram, tree);
    explain_notes(*datagram, tree);
}

} // namespace

std::string protocols_of(const Frame& frame, const Datagram* datagram) {
    std::string out;
    append_all_protocols(out, Walks(frame, datagram), datagram);
    return out;
}

void explain_frame(const Frame& frame, const Datagram* datagram, Tree& tree, const FrameTimes& times) {
    explain_frame(frame, datagram, Walks(frame, datagram), tree, times);
}

void explain_link(const Frame& frame, const Datagram* datagram, Tree& tree) {
    explain_link(frame, datagram, Walks(frame, datagram), tree);
}

void explain(const Frame& frame, const Datagram* datagram, Tree& tree, const FrameTimes& times) {
    const Walks walks(frame, datagram);
    explain_frame(frame, datagram, walks, tree, times);
    explain_link(frame, datagram, walks, tree);
}

void explain_inner(Bytes bytes, std::uint8_t protocol, const Datagram& outer, Tree& tree) {
    Datagram found;
    found.source = outer.source;
    found.destination = outer.destination;
    Walk walk(bytes, bytes.size(), found);
    walk.reassembled(protocol, 1);
    Explainer(walk, found, tree).layers();
    for (const auto& note : found.notes) explain_note(note, tree);
}

bool read_inner(Bytes bytes, std::uint8_t protocol, const Datagram& outer, Datagram& out) {
    out = {};
    out.source = outer.source;
    out.destination = outer.destination;
    out.ip_protocol = protocol;
    Walk walk(bytes, bytes.size(), out);
    walk.reassembled(protocol, 1);
    const auto begin = std::min(walk.position(), bytes.size()),
               end = std::max(begin, std::min(walk.captured_end(), bytes.size()));
    out.payload = bytes.subspan(begin, end - begin);
    return !walk.layers().empty();
}

} // namespace ikescope::capture
