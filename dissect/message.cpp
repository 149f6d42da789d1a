#include "dissect/message.hpp"

#include "dissect/dialect.hpp"
#include "dissect/header.hpp"

namespace ikescope::dissect {

namespace {

constexpr std::uint8_t cisco_fragment = 132;

std::uint32_t number32(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(big_endian(bytes.subspan(at, 4)));
}

/// The hot path's reader of what Schema<Header> describes; a test holds them together.
void read_header(Bytes bytes, Header& header) {
    std::copy_n(bytes.begin(), 8, header.initiator_spi.begin());
    std::copy_n(bytes.begin() + 8, 8, header.responder_spi.begin());
    header.next_payload = bytes[16];
    header.version = bytes[17];
    header.exchange = bytes[18];
    header.flags = bytes[19];
    header.message_id = number32(bytes, 20);
    header.length = number32(bytes, 24);
}

void forget(Message& out, Bytes bytes, std::uint32_t base) {
    out.header = {};
    out.bytes = bytes;
    out.base = base;
    out.payloads.clear();
    out.ciphertext = out.trailing = out.excess = {};
    out.trailing_offset = 0;
    out.fault.reset();
    out.snapped = out.decrypted = false;
}

void blame(Message& out, std::size_t at, std::size_t wanted, std::size_t available, std::string_view field) {
    if (!out.fault) out.fault = Fault{out.base + at, wanted, available, field};
}

/// Follows the chain of generic headers from `at`; all offsets here count from out.bytes.
void walk_chain(Message& out, std::uint8_t next, std::size_t at) {
    const auto& rules = dialect(out.version());
    while (next != 0) {
        const auto left = out.bytes.size() - at;
        if (out.payloads.size() == max_payloads) {
            blame(out, at, 0, left, "Number of payloads"); // nothing is missing: it is a limit of ours
            break;
        }
        if (left < generic_header_size) {
            blame(out, at, generic_header_size, left, "Payload header");
            break;
        }
        const auto head = out.bytes.subspan(at, generic_header_size);
        const std::uint32_t declared = static_cast<std::uint32_t>(head[2]) << 8 | head[3];
        const auto whole = std::clamp<std::size_t>(declared, generic_header_size, left);
        out.payloads.push_back({next, head[0], head[1], static_cast<std::uint32_t>(out.base + at), declared,
                                out.bytes.subspan(at + generic_header_size, whole - generic_header_size)});
        if (declared < generic_header_size) blame(out, at + 2, generic_header_size, declared, "Payload length");
        if (declared > left) blame(out, at, declared, left, "Payload");
        at += whole;
        if (declared < generic_header_size || next == rules.sealed || next == rules.sealed_fragment) break;
        next = head[0];
    }
    out.trailing_offset = static_cast<std::uint32_t>(out.base + at);
    out.trailing = out.bytes.subspan(at);
    if (rules.settle_meanings) rules.settle_meanings(out);
}

/// Holds the header's length against the datagram's.
void fence(Message& out, std::size_t declared_size) {
    const auto have = out.bytes.size();
    const auto length = out.header.length;
    if (length < header_size) return blame(out, 24, header_size, length, "Length");
    if (length > have) {
        out.snapped = length <= declared_size;
        return blame(out, 24, length, have, "Length");
    }
    out.excess = out.bytes.subspan(length);
    out.bytes = out.bytes.first(length);
}

} // namespace

bool is_isakmp(Bytes datagram) {
    if (datagram.size() < header_size) return false;
    const auto major = datagram[17] >> 4;
    return (major == 1 || major == 2) && number32(datagram, 24) >= header_size && big_endian(datagram.first(8)) != 0;
}

void walk(Bytes datagram, std::uint32_t base, std::size_t declared_size, Message& out) {
    forget(out, datagram, base);
    if (datagram.size() < header_size) {
        Cursor in(datagram, base);
        out.header = read<Header>(in);
        out.fault = in.fault();
        out.snapped = declared_size >= header_size;
        return;
    }
    read_header(datagram, out.header);
    fence(out, declared_size);
    // Cisco's fragments are never encrypted as such, whatever the flag says.
    if (out.version() == Version::v1 && out.header.encrypted() && out.header.next_payload != cisco_fragment) {
        out.ciphertext = out.bytes.subspan(header_size);
        return;
    }
    walk_chain(out, out.header.next_payload, header_size);
}

void walk_plain(const Header& header, std::uint8_t first, Bytes plain, std::uint32_t base, Message& out) {
    forget(out, plain, base);
    out.decrypted = true;
    out.header = header;
    walk_chain(out, first, 0);
}

void write_header(const Header& header, Buffer& out) {
    Writer writer(out);
    write(header, writer);
}

void append_payload_name(std::string& out, Version version, const PayloadRef& payload) {
    dialect(version).append_name(out, payload);
}

std::string payload_name(Version version, const PayloadRef& payload) {
    std::string name;
    append_payload_name(name, version, payload);
    return name;
}

std::string_view exchange_name(Version, std::uint8_t exchange) { return name_of(exchange_types, exchange); }

} // namespace ikescope::dissect
