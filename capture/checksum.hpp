#pragma once
// The Internet checksum (RFC 1071).

#include "base/bytes.hpp"

namespace ikescope::capture {

/// The one's complement sum of 16-bit words, an odd last byte padded with zero; `sum` carries on from an earlier part.
inline std::uint32_t add_words(Bytes bytes, std::uint32_t sum = 0) {
    std::uint64_t wide = sum, half = 0;
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) { // four words at a time; what carries is added again below
        const auto four = big_endian(bytes.subspan(i).first<8>());
        half += (four >> 32) + (four & 0xffffffff);
    }
    wide += (half & 0xffff) + (half >> 16 & 0xffff) + (half >> 32 & 0xffff) + (half >> 48);
    for (; i + 1 < bytes.size(); i += 2) wide += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    if (bytes.size() % 2 != 0) wide += static_cast<std::uint32_t>(bytes.back() << 8);
    while (wide > 0xffff) wide = (wide & 0xffff) + (wide >> 16);
    return static_cast<std::uint32_t>(wide);
}
/// The checksum of a sum; 0 when what was summed includes a right checksum.
inline std::uint16_t internet_checksum(std::uint32_t sum) {
    return static_cast<std::uint16_t>(~((sum & 0xffff) + (sum >> 16)));
}

/// The sum of the pseudo-header that UDP and TCP checksums begin with (RFC 768, RFC 8200 8.1).
inline std::uint32_t pseudo_header(Bytes source, Bytes destination, std::uint8_t protocol, std::size_t length) {
    const Byte tail[] = {0, 0, static_cast<Byte>(length >> 8), static_cast<Byte>(length), 0, protocol};
    return add_words(tail, add_words(destination, add_words(source)));
}

} // namespace ikescope::capture
