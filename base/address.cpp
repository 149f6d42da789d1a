#include "base/address.hpp"

#include <arpa/inet.h>
#include <algorithm>
#include <bit>
#include <cstring>

namespace ikescope {
namespace {

void append_octet(std::string& out, unsigned octet) {
    if (octet >= 100) out += static_cast<char>('0' + octet / 100);
    if (octet >= 10) out += static_cast<char>('0' + octet / 10 % 10);
    out += static_cast<char>('0' + octet % 10);
}

} // namespace

IpAddress IpAddress::v4(std::uint32_t value) {
    IpAddress out;
    out.family = 4;
    for (std::size_t i = 0; i < 4; ++i) out.octets[i] = static_cast<Byte>(value >> (24 - 8 * i));
    return out;
}

IpAddress IpAddress::from(Bytes bytes) {
    IpAddress out;
    if (bytes.size() != 4 && bytes.size() != 16) return out;
    out.family = bytes.size() == 4 ? 4 : 6;
    std::memcpy(out.octets.data(), bytes.data(), bytes.size());
    return out;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    IpAddress out;
    const std::string terminated(text);
    if (inet_pton(AF_INET, terminated.c_str(), out.octets.data()) == 1) {
        out.family = 4;
        return out;
    }
    if (inet_pton(AF_INET6, terminated.c_str(), out.octets.data()) == 1) {
        out.family = 6;
        return out;
    }
    return std::nullopt;
}

std::uint32_t IpAddress::v4_number() const {
    return family == 4 ? static_cast<std::uint32_t>(big_endian(bytes())) : 0;
}

void IpAddress::append_to(std::string& out) const {
    if (family == 6) {
        char text[INET6_ADDRSTRLEN];
        if (inet_ntop(AF_INET6, octets.data(), text, sizeof text) != nullptr) out += text;
        return;
    }
    if (family != 4) return;
    for (std::size_t i = 0; i < 4; ++i) {
        if (i != 0) out += '.';
        append_octet(out, octets[i]);
    }
}

std::string IpAddress::text() const {
    std::string out;
    append_to(out);
    return out;
}

bool Prefix::contains(const IpAddress& other) const {
    if (other.family != address.family || length > address.bits()) return false;
    const std::size_t whole = length / 8;
    if (!std::equal(address.octets.begin(), address.octets.begin() + static_cast<std::ptrdiff_t>(whole), other.octets.begin()))
        return false;
    const auto rest = length % 8;
    return rest == 0 || (address.octets[whole] ^ other.octets[whole]) >> (8 - rest) == 0;
}

std::string Prefix::text() const {
    auto out = address.text();
    out += '/';
    out += std::to_string(length);
    return out;
}

std::optional<std::uint8_t> mask_length(const IpAddress& mask) {
    if (mask.family != 4) return std::nullopt;
    const auto bits = mask.v4_number();
    const auto length = static_cast<std::uint8_t>(std::countl_one(bits));
    if (length < 32 && (bits << length) != 0) return std::nullopt;
    return length;
}

IpAddress mask_of(std::uint8_t length) {
    return IpAddress::v4(length == 0 ? 0 : ~std::uint32_t{0} << (32 - std::min<std::uint8_t>(length, 32)));
}

std::string Endpoint::text() const {
    std::string out;
    if (address.family == 6) out += '[';
    address.append_to(out);
    if (address.family == 6) out += ']';
    out += ':';
    out += std::to_string(port);
    return out;
}

} // namespace ikescope

std::size_t std::hash<ikescope::IpAddress>::operator()(const ikescope::IpAddress& address) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, address.octets.data(), sizeof halves);
    std::uint64_t mixed = (halves[0] ^ address.family) * 0x9e3779b97f4a7c15U;
    mixed ^= mixed >> 32;
    mixed = (mixed ^ halves[1]) * 0xd6e8feb86659fd93U;
    return static_cast<std::size_t>(mixed ^ mixed >> 29);
}
