#pragma once
// Where a message of a TCP stream begins and how long it is.

#include "capture/recognise.hpp"

#include <algorithm>
#include <array>

namespace ikescope::capture {

/// RFC 9329 4: "IKETCP".
inline constexpr std::array<Byte, 6> stream_prefix{0x49, 0x4b, 0x45, 0x54, 0x43, 0x50};
inline constexpr std::size_t unit_length_size = 2, marker_size = 4;
inline constexpr std::size_t isakmp_header = 28;

inline bool begins_with_prefix(Bytes bytes) {
    return bytes.size() >= stream_prefix.size() && std::ranges::equal(bytes.first(stream_prefix.size()), stream_prefix);
}
/// Is it the prefix or, where it ends early, the beginning of it?
inline bool may_begin_with_prefix(Bytes bytes) {
    const auto both = std::min(bytes.size(), stream_prefix.size());
    return std::ranges::equal(bytes.first(both), Bytes(stream_prefix).first(both));
}

/// Does an ISAKMP message begin here, to be followed by others?
inline bool isakmp_begins(Bytes bytes) {
    return bytes.size() >= isakmp_header &&
           looks_like_isakmp(bytes, static_cast<std::size_t>(big_endian(bytes.subspan(24, 4))));
}
/// Does an IKE message with its length and marker begin here (RFC 9329 3)?
inline bool framed_isakmp_begins(Bytes bytes) {
    constexpr auto head = unit_length_size + marker_size;
    if (bytes.size() < head + isakmp_header || big_endian(bytes.subspan(unit_length_size, marker_size)) != 0)
        return false;
    return looks_like_isakmp(bytes.subspan(head),
                             static_cast<std::size_t>(big_endian(bytes.first(unit_length_size))) - head);
}

} // namespace ikescope::capture
