#pragma once
// Captures and frames put together by hand, number by number, from draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng and the RFCs.

#include "base/bytes.hpp"

#include <initializer_list>

namespace ikescope::capture::test {

inline Buffer from_hex(std::string_view text) { return *parse_hex(text); }

/// Appends numbers in a chosen byte order.
class Maker {
public:
    explicit Maker(bool big) : big_(big) {}
    Maker& n(std::uint64_t value, std::size_t width) {
        for (std::size_t i = 0; i < width; ++i) bytes.push_back(static_cast<Byte>(value >> 8 * (big_ ? width - 1 - i : i)));
        return *this;
    }
    Maker& raw(Bytes more) {
        bytes.insert(bytes.end(), more.begin(), more.end());
        return *this;
    }
    Maker& padded(Bytes more) {
        raw(more);
        while (bytes.size() % 4 != 0) bytes.push_back(0);
        return *this;
    }
    Maker& option(unsigned code, Bytes value) { return n(code, 2).n(value.size(), 2).padded(value); }
    Maker& option(unsigned code, std::string_view value) { return option(code, bytes_of(value)); }

    /// A pcapng block around a body.
    Maker& block(std::uint32_t type, const Maker& body) {
        return n(type, 4).n(body.bytes.size() + 12, 4).raw(body.bytes).n(body.bytes.size() + 12, 4);
    }
    Maker body() const { return Maker(big_); }
    Maker& section() { return block(0x0a0d0d0a, body().n(0x1a2b3c4d, 4).n(1, 2).n(0, 2).n(~0ULL, 8)); }
    Maker& interface(unsigned link, const Maker& options, std::uint32_t snap = 0) {
        return block(1, body().n(link, 2).n(0, 2).n(snap, 4).raw(options.bytes));
    }
    Maker& packet(std::uint32_t interface, std::uint64_t units, Bytes data, const Maker& options) {
        return block(6, body().n(interface, 4).n(units >> 32, 4).n(units, 4).n(data.size(), 4).n(data.size(), 4).padded(data).raw(options.bytes));
    }

    Maker& pcap_header(std::uint32_t magic = 0xa1b2c3d4, std::uint32_t link = 1) {
        return n(magic, 4).n(2, 2).n(4, 2).n(0, 4).n(0, 4).n(65535, 4).n(link, 4);
    }
    Maker& record(std::uint32_t seconds, std::uint32_t fraction, Bytes data, std::uint32_t original = 0) {
        return n(seconds, 4).n(fraction, 4).n(data.size(), 4).n(original ? original : data.size(), 4).raw(data);
    }

    Buffer bytes;

private:
    bool big_;
};

/// IPv4 without options (RFC 791), checksum left zero.
inline Buffer ipv4(std::uint8_t protocol, Bytes payload, unsigned flags_and_offset = 0, unsigned id = 1, std::uint32_t source = 0xc0a80001,
                   std::uint32_t destination = 0xc0a80002) {
    return Maker(true).n(0x4500, 2).n(20 + payload.size(), 2).n(id, 2).n(flags_and_offset, 2).n(64, 1).n(protocol, 1).n(0, 2).n(source, 4)
        .n(destination, 4).raw(payload).bytes;
}
/// IPv6 (RFC 8200) from 2001:db8::1 to 2001:db8::2.
inline Buffer ipv6(std::uint8_t next, Bytes payload) {
    return Maker(true).n(0x60000000, 4).n(payload.size(), 2).n(next, 1).n(64, 1).n(0x20010db800000000, 8).n(1, 8).n(0x20010db800000000, 8).n(2, 8)
        .raw(payload).bytes;
}
inline Buffer udp(unsigned source, unsigned destination, Bytes payload) {
    return Maker(true).n(source, 2).n(destination, 2).n(8 + payload.size(), 2).n(0, 2).raw(payload).bytes;
}
inline Buffer ethernet(unsigned type, Bytes payload) {
    return Maker(true).raw(from_hex("020000000002 020000000001")).n(type, 2).raw(payload).bytes;
}

/// An ISAKMP header of version 1.0 with nothing behind it (RFC 2408 3.1), length 28.
inline Buffer isakmp() { return from_hex("1111111111111111 2222222222222222 01 10 02 00 00000000 0000001c"); }

} // namespace ikescope::capture::test
