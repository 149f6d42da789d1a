#pragma once
// An ISAKMP message as the walk along its payload chain finds it: the header and where each payload lies.
// RFC 2408 section 3, RFC 7296 section 3.

#include "base/bytes.hpp"
#include "base/cursor.hpp"
#include "base/tree.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ikescope::dissect {

/// Eight bytes, in IKEv1 called cookie.
using Spi = std::array<Byte, 8>;
inline constexpr Spi no_spi{};

enum class Version : std::uint8_t { v1 = 1, v2 = 2 };

inline constexpr std::size_t header_size = 28;
inline constexpr std::size_t generic_header_size = 4;
/// More payloads than any sane message has; the walk stops there.
inline constexpr std::size_t max_payloads = 512;

/// Flags of IKEv1 (RFC 2408 3.1) and IKEv2 (RFC 7296 3.1); the bits do not overlap.
inline constexpr std::uint8_t flag_encryption = 0x01, flag_commit = 0x02, flag_authentication = 0x04;
inline constexpr std::uint8_t flag_initiator = 0x08, flag_higher_version = 0x10, flag_response = 0x20;

struct Header {
    Spi initiator_spi{};
    Spi responder_spi{};
    std::uint8_t next_payload = 0;
    std::uint8_t version = 0; ///< major in the high, minor in the low four bits
    std::uint8_t exchange = 0;
    std::uint8_t flags = 0;
    std::uint32_t message_id = 0;
    std::uint32_t length = 0; ///< as the header claims

    std::uint8_t major() const { return version >> 4; }
    bool encrypted() const { return (flags & flag_encryption) != 0; }
    bool response() const { return (flags & flag_response) != 0; }
    bool from_initiator() const { return (flags & flag_initiator) != 0; }
};

/// Where one payload of a chain lies.
struct PayloadRef {
    std::uint8_t type = 0;
    std::uint8_t next = 0;
    std::uint8_t reserved = 0;  ///< second byte of the generic header; bit 7 is IKEv2's critical bit
    std::uint32_t offset = 0;   ///< of the generic header, in the buffer's coordinates
    std::uint32_t declared = 0; ///< length as claimed, generic header included
    Bytes body;                 ///< what there is behind the generic header
    /// The type that the sender means where its number has two meanings (NAT drafts and GDOI); 0 = `type`.
    std::uint8_t meant = 0;

    std::uint8_t meaning() const { return meant != 0 ? meant : type; }
    std::uint32_t body_offset() const { return offset + generic_header_size; }
};

/// A message or the decrypted inside of one. Views into the caller's bytes; reused from packet to packet.
struct Message {
    Header header;
    Bytes bytes;          ///< the whole message as captured, non-ESP marker and `excess` excluded
    std::uint32_t base = 0; ///< offset of bytes[0] in the buffer that the tree shows
    std::vector<PayloadRef> payloads;
    Bytes ciphertext;     ///< IKEv1: all behind the header of an encrypted message
    std::uint32_t trailing_offset = 0;
    Bytes trailing;       ///< behind the last payload (IKEv1 padding, or bytes nobody announced)
    Bytes excess;         ///< of the datagram, behind the length that the header claims
    std::optional<Fault> fault; ///< first thing that did not fit
    bool snapped = false; ///< the fault is the capture's snap length, not the sender's lie
    bool decrypted = false; ///< walked by walk_plain(): the inside of an encrypted message

    Version version() const { return header.major() == 2 ? Version::v2 : Version::v1; }
    const PayloadRef* find(std::uint8_t type) const {
        for (const auto& payload : payloads)
            if (payload.type == type) return &payload;
        return nullptr;
    }
};

/// Does this look like ISAKMP? At least a header, a length field that is not shorter than the header, version 1.x or
/// 2.x, initiator SPI not zero. (Stricter than Wireshark, which tests lengths only.)
bool is_isakmp(Bytes datagram);

/// A piece of an IKEv1 message (payload 132, Cisco's fragmentation)? Looks at the header only.
inline bool is_ikev1_piece(Bytes datagram) {
    constexpr std::uint8_t fragment = 132;
    return datagram.size() >= 18 && datagram[16] == fragment && datagram[17] >> 4 == 1;
}

/// Reads the header and walks the payload chain of an unencrypted message; the chain of an encrypted IKEv1 message is
/// left alone, that of IKEv2 ends at SK or SKF. Never fails: what does not fit is `fault`.
/// `declared_size` is how long the datagram was on the wire; when that is more than was captured, faults at the end
/// are the snap length's doing.
void walk(Bytes datagram, std::uint32_t base, std::size_t declared_size, Message& out);

/// Walks a decrypted chain: `header` of the message it came in, `first` payload type, `plain` including padding.
void walk_plain(const Header& header, std::uint8_t first, Bytes plain, std::uint32_t base, Message& out);

/// Adds to a payload what needs more than its bytes; called when the payload is explained, one level below it.
class Annotator {
public:
    virtual ~Annotator() = default;
    virtual void annotate(const Message& message, const PayloadRef& payload, Tree& tree) = 0;
};

/// Explains a walked message in full: header, every payload, padding, faults.
void explain(const Message& message, Tree& tree, Annotator* annotator = nullptr);
/// Explains only the chain (the inside of an encrypted message).
void explain_payloads(const Message& message, Tree& tree, Annotator* annotator = nullptr);
/// The parts of it, for who wants few fields of many messages: the header's fields (the caller adds the isakmp node
/// and its level), one payload of the message.
void explain_header(const Message& message, Tree& tree);
void explain_payload(const Message& message, const PayloadRef& payload, Tree& tree, Annotator* annotator = nullptr);
/// What lies behind the last payload, if anything: padding of encrypted messages, or bytes nobody announced.
void explain_trailing(const Message& message, Tree& tree);

/// Writes the header of a message; length is patched by the caller.
void write_header(const Header& header, Buffer& out);

/// Short names as strongSwan's logs spell them: "SA", "KE", "No", "N(INITIAL_CONTACT)". Contract of cli.md.
std::string payload_name(Version version, const PayloadRef& payload);
void append_payload_name(std::string& out, Version version, const PayloadRef& payload);
/// "Identity Protection (Main Mode)", "IKE_AUTH", …; empty for unassigned numbers.
std::string_view exchange_name(Version version, std::uint8_t exchange);

} // namespace ikescope::dissect
