#pragma once
// IKEv1 payloads: RFC 2408 section 3, RFC 2407 section 4, RFC 2409. Numbers: numbers_ikev1.hpp; layouts: ikev1_schema.hpp.

#include "base/address.hpp"
#include "dissect/attributes.hpp"
#include "dissect/message.hpp"

namespace ikescope::dissect::ikev1 {

namespace payload {
inline constexpr std::uint8_t none = 0, sa = 1, proposal = 2, transform = 3, ke = 4, id = 5, cert = 6, certreq = 7,
                              hash = 8, sig = 9, nonce = 10, notify = 11, delete_ = 12, vendor = 13, attributes = 14,
                              sak = 15, sat = 16, kd = 17, seq = 18, pop = 19, gap = 22, nat_d = 20, nat_oa = 21, nat_d_draft = 130, nat_oa_draft = 131, fragment = 132;
}
namespace exchange {
inline constexpr std::uint8_t none = 0, base = 1, main = 2, authentication_only = 3, aggressive = 4, informational = 5,
                              transaction = 6, quick = 32, new_group = 33;
}

using dissect::Attribute;
struct Transform {
    std::uint8_t number = 0;
    std::uint8_t id = 0;
    std::vector<Attribute> attributes;
    /// First attribute of a type, or nullptr.
    const Attribute* find(std::uint16_t type) const;
};
struct Proposal {
    std::uint8_t number = 0;
    std::uint8_t protocol = 0;
    std::uint8_t spi_size = 0;        ///< as read; written from `spi`
    std::uint8_t transform_count = 0; ///< as claimed; written from `transforms`
    Bytes spi;
    std::vector<Transform> transforms;
    std::optional<Fault> fault; ///< first thing inside that did not fit
};
struct SecurityAssociation {
    std::uint32_t doi = 0;
    std::uint32_t situation = 0;
    std::vector<Proposal> proposals;
    std::uint16_t next_attribute_payload = 0; ///< GDOI: type of the first policy payload in `policies`
    Bytes policies;                           ///< GDOI (DOI 2) has SAK, SAT and GAP payloads instead of proposals
    std::optional<Fault> fault;               ///< first thing inside that did not fit
};
struct KeyExchange {
    Bytes data;
};
struct Certificate {
    std::uint8_t encoding = 0;
    Bytes data;
};
/// Does a chain speak GDOI (RFC 6407 5), by its SA's domain of interpretation or by payloads that only GDOI has? An
/// encrypted message does not tell.
bool speaks_gdoi(const Message& message);

struct CertificateRequest {
    std::uint8_t type = 0;
    Bytes authority;
};
struct Signature {
    Bytes data;
};
struct Nonce {
    Bytes data;
};
struct Hash {
    Bytes data;
};
struct Identification {
    std::uint8_t type = 0;
    std::uint8_t protocol = 0;
    std::uint16_t port = 0;
    Bytes data;
    /// 192.168.0.2, 10.1.0.0/24, fqdn, user@fqdn, or hexadecimal for what has no text form.
    std::string text() const;
    std::optional<IpAddress> address() const; ///< of ID_IPV4_ADDR and ID_IPV6_ADDR
};
struct Notification {
    std::uint32_t doi = 0;
    std::uint8_t protocol = 0;
    std::uint8_t spi_size = 0;
    std::uint16_t type = 0;
    Bytes spi;
    Bytes data;
};
struct Delete {
    std::uint32_t doi = 0;
    std::uint8_t protocol = 0;
    std::uint8_t spi_size = 0;
    std::uint16_t count = 0;
    std::vector<Bytes> spis;
};
struct VendorId {
    Bytes data;
};
/// Cisco's fragment payload (132): fragment id, number from 1, 1 = last.
struct Fragment {
    std::uint16_t id = 0;
    std::uint8_t number = 0;
    std::uint8_t last = 0;
    Bytes data;
};

/// Mode Config, XAUTH, Unity: the Attributes payload (14).
struct Configuration {
    std::uint8_t type = 0; ///< request, reply, set, ack
    std::uint16_t identifier = 0;
    std::vector<Attribute> attributes;
};
struct NatDiscovery {
    Bytes hash;
};
struct NatOriginalAddress {
    std::uint8_t type = 0; ///< an identification type: IPv4 or IPv6 address
    Bytes data;
};
/// Who a group policy is for, from and to. RFC 6407 5.3, 5.5.1.
struct GroupIdentity {
    std::uint8_t type = 0;
    std::uint16_t port = 0;
    std::uint8_t size = 0;
    Bytes data;
};
/// GDOI: policy of the key-encrypting key (SAK). RFC 6407 5.3.
struct KekPolicy {
    std::uint8_t protocol = 0;
    GroupIdentity source, destination;
    std::array<Byte, 16> spi{};
    std::vector<Attribute> attributes;
};
/// GDOI: policy of a traffic-encrypting key (SAT). RFC 6407 5.5.
struct TekPolicy {
    std::uint8_t protocol_id = 0; ///< 1 ESP, 2 AH; others are kept in `data`
    std::uint8_t protocol = 0;    ///< IP protocol
    GroupIdentity source, destination;
    std::uint8_t transform = 0;
    std::array<Byte, 4> spi{};
    std::vector<Attribute> attributes;
    Bytes data;
};
/// GDOI: one key packet of a Key Download payload. RFC 6407 5.6.
struct KeyPacket {
    std::uint8_t type = 0;
    std::uint16_t length = 0; ///< as read; written anew
    std::uint8_t spi_size = 0;
    Bytes spi;
    std::vector<Attribute> attributes;
};
struct KeyDownload {
    std::uint16_t count = 0; ///< as claimed; written from `packets`
    std::vector<KeyPacket> packets;
};
struct SequenceNumber {
    std::uint32_t value = 0;
};
/// GDOI: policy of the whole group (GAP). RFC 6407 5.4.
struct GroupPolicy {
    std::vector<Attribute> attributes;
};

/// Parse a payload's body (behind the generic header). Total: what is missing is zero or empty; `fault` says so.
template <class P>
P parse(const PayloadRef& payload, std::optional<Fault>* fault = nullptr);
/// Appends a payload's body (without the generic header); defined for the same types as parse().
template <class P>
void append(const P& payload, Buffer& out);
/// Appends a payload: generic header and body.
template <class P>
void append_payload(std::uint8_t next, const P& payload, Buffer& out) {
    const auto start = out.size();
    out.insert(out.end(), {next, Byte{0}, Byte{0}, Byte{0}});
    append(payload, out);
    out[start + 2] = static_cast<Byte>((out.size() - start) >> 8);
    out[start + 3] = static_cast<Byte>(out.size() - start);
}

} // namespace ikescope::dissect::ikev1
