#pragma once
// The vocabulary of everything else: bytes, seen and owned, and their hexadecimal spelling.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ikescope {

using Byte = std::uint8_t;
/// Bytes that somebody else owns.
using Bytes = std::span<const Byte>;
/// Bytes that we own.
using Buffer = std::vector<Byte>;

/// The bytes of a text, without a terminating zero.
inline Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const Byte*>(text.data()), text.size()}; }
inline std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// The unsigned number of up to eight bytes, most significant byte first.
constexpr std::uint64_t big_endian(Bytes bytes) {
    std::uint64_t value = 0;
    for (auto byte : bytes) value = value << 8 | byte;
    return value;
}
/// The same, least significant byte first.
constexpr std::uint64_t little_endian(Bytes bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
    return value;
}

/// Lower-case hexadecimal digits, with `separator` between the bytes.
std::string hex(Bytes bytes, std::string_view separator = "");
/// Appends what hex() returns, without a temporary.
void append_hex(std::string& out, Bytes bytes, std::string_view separator = "");

/// Reads hexadecimal digits of either case; a leading 0x, blanks, colons and hyphens between bytes are allowed.
/// Nothing when a character is no digit or a byte is incomplete.
std::optional<Buffer> parse_hex(std::string_view text);

/// Text that shows every byte: printable ASCII as it is, others as '.'.
std::string printable(Bytes bytes);

} // namespace ikescope
