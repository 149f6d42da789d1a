#include "capture/classic_format.hpp"

#include <fmt/format.h>

#include <bit>

namespace ikescope::capture {
namespace {

constexpr std::size_t file_header = 24;

struct Magic {
    std::uint32_t value = 0;
    std::uint32_t fraction;
    std::uint32_t record_header;
};
constexpr Magic magics[] = {
    {0xa1b2c3d4, 1000, 16}, // draft-ietf-opsawg-pcap 4: microseconds
    {0xa1b23c4d, 1, 16},    // the same, nanoseconds
    {0xa1b2cd34, 1000, 24}, // Kuznetzov's libpcap patches: interface, protocol and packet type behind the lengths
};

} // namespace

std::optional<ClassicFormat> ClassicFormat::recognise(Bytes head) {
    if (head.size() < 4) return std::nullopt;
    for (const auto& magic : magics) {
        const bool big = big_endian(head.first(4)) == magic.value;
        if (!big && little_endian(head.first(4)) != magic.value) continue;
        ClassicFormat format;
        format.big_ = big;
        format.fraction_ = magic.fraction;
        format.record_header_ = magic.record_header;
        return format;
    }
    return std::nullopt;
}

std::uint32_t ClassicFormat::number(const Byte* at) const {
    std::uint32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return big_ == (std::endian::native == std::endian::big) ? value : __builtin_bswap32(value);
}

std::optional<Error> ClassicFormat::begin(ReaderState& state) {
    auto& window = state.window;
    if (!window.ensure(file_header))
        return Error{fmt::format("{} is cut short: a pcap file begins with {} bytes of header and it has {}; copy the whole "
                                 "file again", state.facts.name, file_header, window.available())};
    const auto snap_length = number(window.data() + 16);
    // draft-ietf-opsawg-pcap 4: the upper bits of the link type tell the length of the frame check sequence.
    link_type_ = static_cast<std::uint16_t>(number(window.data() + 20) & 0xffff);
    longest_ = std::clamp(snap_length, usual_longest_frame, longest_frame);
    state.facts.format = "pcap";
    state.facts.interfaces.push_back({link_type_, snap_length, static_cast<std::uint8_t>(fraction_ == 1 ? 9 : 6), 0, {}, {}});
    window.advance(file_header);
    return std::nullopt;
}

bool ClassicFormat::next(ReaderState& state, Frame& frame) {
    auto& window = state.window;
    if (state.problem) return false;
    const auto began = window.offset();
    if (!window.ensure(record_header_)) {
        if (window.available() == 0 && !window.error()) return false;
        return state.cut_short(began, fmt::format("the record header needs {} bytes and {} are left", record_header_, window.available()));
    }
    const auto seconds = number(window.data()), fraction = number(window.data() + 4);
    const auto captured = number(window.data() + 8), original = number(window.data() + 12);
    if (captured > longest_)
        return state.damaged(fmt::format("the record claims {} captured bytes, more than the {} that are possible", captured, longest_));
    if (!window.ensure(record_header_ + captured))
        return state.cut_short(began, fmt::format("the record needs {} bytes and {} are left", record_header_ + captured, window.available()));
    frame.number = ++state.facts.packets;
    frame.overall = frame.number;
    frame.file = state.index;
    frame.interface = 0;
    frame.link_type = link_type_;
    frame.time = std::int64_t{seconds} * one_second + std::int64_t{fraction} * fraction_;
    frame.original_length = original;
    frame.bytes = {window.data() + record_header_, captured};
    frame.comment = {};
    frame.position = began;
    frame.has_time = true;
    window.advance(record_header_ + captured);
    __builtin_prefetch(window.data()); // the next record is fetched while this one is looked at
    return true;
}

} // namespace ikescope::capture
