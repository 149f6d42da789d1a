#pragma once
// IP addresses, prefixes and transport endpoints, with the text forms of RFC 5952 (IPv6) and dotted quads.

#include "base/bytes.hpp"

#include <array>
#include <compare>

namespace ikescope {

/// An IPv4 or IPv6 address; `family` 0 means none.
struct IpAddress {
    std::array<Byte, 16> octets{}; ///< IPv4 uses the first four, the others are zero
    std::uint8_t family = 0;       ///< 4, 6 or 0

    static IpAddress v4(std::uint32_t value);
    /// From 4 or 16 bytes in network order; anything else gives no address.
    static IpAddress from(Bytes bytes);
    /// From text; nothing when it is neither an IPv4 nor an IPv6 address.
    static std::optional<IpAddress> parse(std::string_view text);

    bool empty() const { return family == 0; }
    std::size_t bits() const { return family == 4 ? 32 : family == 6 ? 128 : 0; }
    Bytes bytes() const { return {octets.data(), bits() / 8}; }
    /// IPv4 as a number in host order; 0 for others.
    std::uint32_t v4_number() const;
    std::string text() const;
    /// Appends text() without a temporary.
    void append_to(std::string& out) const;

    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

/// An address and how many of its leading bits count.
struct Prefix {
    IpAddress address;
    std::uint8_t length = 0;

    /// Does the address lie in the prefix? Never across families.
    bool contains(const IpAddress& other) const;
    /// 192.168.0.0/24
    std::string text() const;
    friend auto operator<=>(const Prefix&, const Prefix&) = default;
};

/// Length of a contiguous IPv4 netmask; nothing when the one bits are not contiguous.
std::optional<std::uint8_t> mask_length(const IpAddress& mask);
/// The IPv4 netmask of a length.
IpAddress mask_of(std::uint8_t length);

/// An address and a UDP or TCP port.
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    /// 192.0.2.1:500, [2001:db8::1]:500
    std::string text() const;
    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

} // namespace ikescope

template <>
struct std::hash<ikescope::IpAddress> {
    std::size_t operator()(const ikescope::IpAddress& address) const noexcept;
};
