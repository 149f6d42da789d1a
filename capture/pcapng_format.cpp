#include "capture/pcapng_format.hpp"

#include <fmt/format.h>

#include <bit>
#include <limits>

namespace ikescope::capture {
namespace {

// draft-ietf-opsawg-pcapng 4, Block Types.
constexpr std::uint32_t section_header = 0x0a0d0d0a, byte_order_magic = 0x1a2b3c4d;
constexpr std::uint32_t interface_block = 1, packet_block = 2, simple_packet = 3, name_resolution = 4, enhanced_packet = 6;
// 3.5, options of every block.
constexpr std::uint16_t end_of_options = 0, comment_option = 1;
/// Type, length, and the length again at the end.
constexpr std::uint32_t frame_of_block = 12;
constexpr std::size_t most_interfaces = 65536, most_names = 65536;

constexpr std::size_t padded(std::size_t length) { return (length + 3) & ~std::size_t{3}; }

__extension__ using Wide = unsigned __int128;

/// Units of 10^-n or 2^-n seconds (if_tsresol) as nanoseconds; wraps rather than overflows where a file talks nonsense.
Timestamp to_nanoseconds(std::uint64_t units, const CaptureInterface& interface) {
    const unsigned exponent = interface.resolution & 0x7f;
    std::uint64_t value = 0;
    if (interface.resolution & 0x80) {
        value = static_cast<std::uint64_t>((static_cast<Wide>(units) * static_cast<std::uint64_t>(one_second)) >> exponent);
    } else {
        value = units;
        for (unsigned digits = exponent; digits < 9; ++digits) value *= 10;
        for (unsigned digits = exponent; digits > 9 && value != 0; --digits) value /= 10;
    }
    value += static_cast<std::uint64_t>(interface.offset) * static_cast<std::uint64_t>(one_second);
    return static_cast<Timestamp>(value);
}

} // namespace

struct PcapngFormat::Packet {
    std::uint32_t interface, captured, original;
    std::size_t data; ///< where the packet begins in the block's body
    std::optional<std::uint64_t> units;
    Bytes body;
};

bool PcapngFormat::recognise(Bytes head) { return head.size() >= 4 && big_endian(head.first(4)) == section_header; }

std::uint16_t PcapngFormat::short_at(const Byte* at) const {
    return static_cast<std::uint16_t>(big_ ? at[0] << 8 | at[1] : at[1] << 8 | at[0]);
}
std::uint32_t PcapngFormat::number(const Byte* at) const {
    std::uint32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return big_ == (std::endian::native == std::endian::big) ? value : __builtin_bswap32(value);
}

std::optional<Error> PcapngFormat::begin(ReaderState& state) {
    state.facts.format = "pcapng";
    Frame none;
    if (block(state, none) == Outcome::stop) return state.problem ? *state.problem : Error{state.facts.name + " is empty"};
    return std::nullopt;
}

bool PcapngFormat::next(ReaderState& state, Frame& frame) {
    if (state.problem) return false;
    for (;;) {
        const auto outcome = block(state, frame);
        if (outcome != Outcome::other) return outcome == Outcome::frame;
    }
}

//  0        4        8              len-4     len
//  | type   | length | body ...     | length |
PcapngFormat::Outcome PcapngFormat::block(ReaderState& state, Frame& frame) {
    auto& window = state.window;
    const auto began = window.offset();
    if (!window.ensure(frame_of_block)) {
        if (window.available() != 0 || window.error())
            state.cut_short(began, fmt::format("a block needs at least {} bytes and {} are left", frame_of_block, window.available()));
        return Outcome::stop;
    }
    if (recognise(window.view(4)) && !section(state)) return Outcome::stop;
    const auto type = number(window.data()), length = number(window.data() + 4);
    if (length < frame_of_block || length % 4 != 0) {
        state.damaged(fmt::format("a block claims the impossible length {}", length));
        return Outcome::stop;
    }
    const bool packet = type == enhanced_packet || type == simple_packet || type == packet_block;
    if (!packet && type != section_header && type != interface_block && type != name_resolution)
        return skip_block(state, length) ? Outcome::other : Outcome::stop;
    if (!whole_block(state, length)) return Outcome::stop;
    const auto body = window.view(length - 4).subspan(8);
    frame.position = began;
    bool good = true;
    switch (type) {
    case enhanced_packet: good = enhanced(state, body, frame); break;
    case simple_packet: good = simple(state, body, frame); break;
    case packet_block: good = obsolete(state, body, frame); break;
    case section_header: good = read_section(state, body); break;
    case interface_block: good = read_interface(state, body); break;
    default: read_names(state, body); break;
    }
    if (!good) return Outcome::stop;
    window.advance(length);
    return packet ? Outcome::frame : Outcome::other;
}

/// A section may change the byte order, which its magic number tells.
bool PcapngFormat::section(ReaderState& state) {
    const auto magic = state.window.view(12).subspan(8);
    if (big_endian(magic) != byte_order_magic && little_endian(magic) != byte_order_magic)
        return state.damaged("a section header has no byte-order magic");
    big_ = big_endian(magic) == byte_order_magic;
    return true;
}

bool PcapngFormat::whole_block(ReaderState& state, std::uint32_t length) {
    auto& window = state.window;
    if (length > longest_frame + 1024 * 1024)
        return state.damaged(fmt::format("a block claims {} bytes, more than the {} MiB that are possible", length, longest_frame >> 20));
    if (!window.ensure(length))
        return state.cut_short(window.offset(), fmt::format("the block needs {} bytes and {} are left", length, window.available()));
    const auto again = number(window.data() + length - 4);
    return again == length || state.damaged(fmt::format("a block is {} bytes long at its start and {} at its end", length, again));
}

/// Blocks of no interest are not kept, however long they are.
bool PcapngFormat::skip_block(ReaderState& state, std::uint32_t length) {
    auto& window = state.window;
    const auto began = window.offset();
    if (!window.skip(length - 4) || !window.ensure(4)) return state.cut_short(began, fmt::format("the block needs {} bytes", length));
    const auto again = number(window.data());
    if (again != length) return state.damaged(fmt::format("a block is {} bytes long at its start and {} at its end", length, again));
    window.advance(4);
    return true;
}

/// 3.5: code, length, value padded to four bytes. A lying length ends the options, not the file.
template <class Visit>
void PcapngFormat::each_option(Bytes options, Visit visit) const {
    while (options.size() >= 4) {
        const auto code = short_at(options.data());
        const std::size_t length = short_at(options.data() + 2);
        if (code == end_of_options || length > options.size() - 4) return;
        visit(code, options.subspan(4, length));
        options = options.subspan(std::min(options.size(), 4 + padded(length)));
    }
}

/// 4.1: magic, major and minor version, section length, options.
bool PcapngFormat::read_section(ReaderState& state, Bytes body) {
    if (body.size() < 16) return state.damaged("a section header is too short");
    if (const auto major = short_at(body.data() + 4); major != 1)
        return state.damaged(fmt::format("its pcapng version {} is unknown (1 is known)", major));
    first_interface_ = state.facts.interfaces.size();
    auto& facts = state.facts;
    each_option(body.subspan(16), [&](std::uint16_t code, Bytes value) {
        if (code == comment_option && facts.comments.size() < most_names) facts.comments.emplace_back(text_of(value));
        else if (code == 2 && !begun_) facts.hardware = text_of(value);
        else if (code == 3 && !begun_) facts.system = text_of(value);
        else if (code == 4 && !begun_) facts.application = text_of(value);
    });
    begun_ = true;
    return true;
}

/// 4.2: link type, reserved, snap length, options.
bool PcapngFormat::read_interface(ReaderState& state, Bytes body) {
    if (body.size() < 8) return state.damaged("an interface description is too short");
    if (state.facts.interfaces.size() >= most_interfaces)
        return state.damaged(fmt::format("it describes more than {} interfaces", most_interfaces));
    CaptureInterface interface;
    interface.link_type = short_at(body.data());
    interface.snap_length = number(body.data() + 4);
    each_option(body.subspan(8), [&](std::uint16_t code, Bytes value) {
        if (code == 2) interface.name = text_of(value);
        else if (code == 3) interface.description = text_of(value);
        else if (code == 9 && value.size() == 1) interface.resolution = value[0];
        else if (code == 14 && value.size() == 8)
            interface.offset = static_cast<std::int64_t>(big_ ? big_endian(value) : little_endian(value));
    });
    state.facts.interfaces.push_back(std::move(interface));
    return true;
}

/// 4.5: records of type, length and value (address, then names that end in zero bytes).
void PcapngFormat::read_names(ReaderState& state, Bytes body) const {
    auto& names = state.facts.names;
    each_option(body, [&](std::uint16_t type, Bytes value) {
        const std::size_t width = type == 1 ? 4 : type == 2 ? 16 : 0;
        if (width == 0 || value.size() <= width || names.size() >= most_names) return;
        const auto text = text_of(value.subspan(width));
        names.emplace_back(IpAddress::from(value.first(width)), text.substr(0, text.find('\0')));
    });
}

/// 4.3: interface, time (upper, lower), captured and original length, data, options.
bool PcapngFormat::enhanced(ReaderState& state, Bytes body, Frame& frame) {
    if (body.size() < 20) return state.damaged("a packet block is too short");
    const auto* at = body.data();
    const auto units = std::uint64_t{number(at + 4)} << 32 | number(at + 8);
    return fill(state, {number(at), number(at + 12), number(at + 16), 20, units, body}, frame);
}

/// 4.4: original length and data; the interface's snap length says how much was kept, and nobody says when.
bool PcapngFormat::simple(ReaderState& state, Bytes body, Frame& frame) {
    if (body.size() < 4) return state.damaged("a packet block is too short");
    const auto original = number(body.data());
    auto captured = std::min<std::uint64_t>(original, body.size() - 4);
    if (first_interface_ < state.facts.interfaces.size())
        if (const auto snap = state.facts.interfaces[first_interface_].snap_length) captured = std::min<std::uint64_t>(captured, snap);
    return fill(state, {0, static_cast<std::uint32_t>(captured), original, 4, std::nullopt, body}, frame);
}

/// Appendix A: like an Enhanced Packet Block, with a short interface number and a count of drops.
bool PcapngFormat::obsolete(ReaderState& state, Bytes body, Frame& frame) {
    if (body.size() < 20) return state.damaged("a packet block is too short");
    const auto* at = body.data();
    const auto units = std::uint64_t{number(at + 4)} << 32 | number(at + 8);
    return fill(state, {short_at(at), number(at + 12), number(at + 16), 20, units, body}, frame);
}

bool PcapngFormat::fill(ReaderState& state, const Packet& packet, Frame& frame) {
    const auto& interfaces = state.facts.interfaces;
    if (packet.interface >= interfaces.size() - first_interface_)
        return state.damaged(fmt::format("a packet names interface {} and its section describes {}", packet.interface,
                                         interfaces.size() - first_interface_));
    if (packet.captured > packet.body.size() - packet.data)
        return state.damaged(fmt::format("a packet claims {} captured bytes and its block has room for {}", packet.captured,
                                         packet.body.size() - packet.data));
    const auto& interface = interfaces[first_interface_ + packet.interface];
    frame.number = ++state.facts.packets;
    frame.overall = frame.number;
    frame.file = state.index;
    frame.interface = static_cast<std::uint32_t>(first_interface_ + packet.interface);
    frame.link_type = interface.link_type;
    frame.has_time = packet.units.has_value();
    frame.time = packet.units ? to_nanoseconds(*packet.units, interface) : state.last_time;
    state.last_time = frame.time;
    frame.original_length = packet.original;
    frame.bytes = packet.body.subspan(packet.data, packet.captured);
    frame.comment = {};
    const auto options_at = packet.data + padded(packet.captured);
    if (packet.units && options_at < packet.body.size()) read_comments(packet.body.subspan(options_at), frame);
    return true;
}

void PcapngFormat::read_comments(Bytes options, Frame& frame) {
    each_option(options, [&](std::uint16_t code, Bytes value) {
        if (code != comment_option) return;
        if (frame.comment.empty()) {
            frame.comment = text_of(value);
            return;
        }
        if (frame.comment.data() != comments_.data()) comments_ = frame.comment;
        comments_ += '\n';
        comments_ += text_of(value);
        frame.comment = comments_;
    });
}

} // namespace ikescope::capture
