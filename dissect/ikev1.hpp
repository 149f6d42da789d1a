#pragma once
// IKEv1 payloads: RFC 2408 section 3, RFC 2407 section 4, RFC 2409. Numbers: numbers.hpp.

#include "base/address.hpp"
#include "dissect/message.hpp"

namespace ikescope::dissect::ikev1 {

namespace payload {
inline constexpr std::uint8_t none = 0, sa = 1, proposal = 2, transform = 3, ke = 4, id = 5, cert = 6, certreq = 7,
                              hash = 8, sig = 9, nonce = 10, notify = 11, delete_ = 12, vendor = 13, attributes = 14,
                              nat_d = 20, nat_oa = 21, nat_d_draft = 130, nat_oa_draft = 131, fragment = 132;
}
namespace exchange {
inline constexpr std::uint8_t none = 0, base = 1, main = 2, authentication_only = 3, aggressive = 4, informational = 5,
                              transaction = 6, quick = 32, new_group = 33;
}

/// A data attribute, short (AF bit) or long form. RFC 2408 3.3.
struct Attribute {
    std::uint16_t type = 0; ///< without the AF bit
    bool brief = false;     ///< value in the header (AF = 1)
    Bytes value;            ///< two bytes for the short form
    std::uint64_t number() const { return value.size() <= 8 ? big_endian(value) : 0; }
};
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
    Bytes spi;
    std::vector<Transform> transforms;
};
struct SecurityAssociation {
    std::uint32_t doi = 0;
    std::uint32_t situation = 0;
    std::vector<Proposal> proposals;
};
struct KeyExchange {
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

/// Parse a payload's body (behind the generic header). Total: what is missing is zero or empty; `fault` says so.
template <class P>
P parse(const PayloadRef& payload, std::optional<Fault>* fault = nullptr);

} // namespace ikescope::dissect::ikev1
