#pragma once
// IKEv2 payloads as values: RFC 7296 section 3 and its extensions. Numbers: numbers_ikev2.hpp.
//
// parse<P>() reads a payload's body, write() is its inverse; the tree is made by dissect::explain(). All three walk the
// schemas of ikev2_schema.hpp. Bytes are views into what was parsed.

#include "base/address.hpp"
#include "base/writer.hpp"
#include "dissect/message.hpp"
#include "dissect/numbers_ikev2.hpp"

namespace ikescope::dissect::ikev2 {

/// A transform or configuration attribute. Transform attributes know a short form with the value in the header (AF = 1,
/// `brief`); configuration attributes do not. RFC 7296 3.3.5, 3.15.1.
struct Attribute {
    std::uint16_t type = 0; ///< without the top bit
    bool brief = false;
    Bytes value;            ///< two bytes for the short form
    std::uint64_t number() const { return value.size() <= 8 ? big_endian(value) : 0; }
};
struct Transform {
    std::uint8_t type = 0; ///< namespace transform
    std::uint16_t id = 0;
    std::vector<Attribute> attributes;
    /// The Key Length attribute in bits; 0 when there is none.
    std::uint16_t key_bits() const;
};
struct Proposal {
    std::uint8_t number = 0;
    std::uint8_t protocol = 0;
    std::uint8_t spi_size = 0;
    std::uint8_t transform_count = 0; ///< as claimed; writing counts
    Bytes spi;
    std::vector<Transform> transforms;
    /// First transform of a type, or nullptr.
    const Transform* find(std::uint8_t type) const;
    /// "AES-CBC-128/HMAC-SHA2-256-128/HMAC-SHA2-256/MODP-2048": the short names in the order ENCR, INTEG, PRF, KE,
    /// ADDKE, alternatives joined by "|", INTEG NONE and sequence numbers left out.
    std::string text() const;
};
struct SecurityAssociation {
    std::vector<Proposal> proposals;
};
struct KeyExchange {
    std::uint16_t method = 0; ///< dh_groups
    Bytes data;
};
/// IDi, IDr and IDg. RFC 7296 3.5, RFC 9838.
struct Identification {
    std::uint8_t type = 0;
    Bytes data;
    /// 192.0.2.1, fqdn, user@fqdn, text of a printable key ID, hexadecimal for what has no text form.
    std::string text() const;
    std::optional<IpAddress> address() const; ///< of ID_IPV4_ADDR and ID_IPV6_ADDR
};
struct Certificate {
    std::uint8_t encoding = 0; ///< certificate_encodings
    Bytes data;
    bool hash_and_url() const { return encoding == 12 || encoding == 13; }
    Bytes hash() const { return hash_and_url() ? data.first(std::min<std::size_t>(20, data.size())) : Bytes{}; }
    std::string_view url() const { return hash_and_url() ? text_of(data.subspan(hash().size())) : std::string_view{}; }
};
struct CertificateRequest {
    std::uint8_t encoding = 0;
    Bytes authorities; ///< SHA-1 of trusted public keys, 20 bytes each, for encodings 4, 12, 13. RFC 7296 3.7
    bool lists_hashes() const { return encoding == 4 || encoding == 12 || encoding == 13; }
    std::vector<Bytes> hashes() const;
};
struct Authentication {
    std::uint8_t method = 0;
    Bytes data;
    /// Method 14: the DER AlgorithmIdentifier and the signature behind it, empty for others. RFC 7427 3.
    Bytes algorithm() const;
    Bytes signature() const;
};
struct Nonce {
    Bytes data;
};
struct Notification {
    std::uint8_t protocol = 0;
    std::uint8_t spi_size = 0;
    std::uint16_t type = 0; ///< notify_types, namespace notify
    Bytes spi;
    Bytes data;
    bool error() const { return type < first_status_notify; }
    /// The group an INVALID_KE_PAYLOAD asks for; nothing for others.
    std::optional<std::uint16_t> accepted_group() const;
};
struct Delete {
    std::uint8_t protocol = 0;
    std::uint8_t spi_size = 0;
    std::uint16_t count = 0; ///< as claimed; writing counts
    std::vector<Bytes> spis;
};
struct VendorId {
    Bytes data;
};
struct TrafficSelector {
    std::uint8_t type = 0;     ///< namespace ts_type
    std::uint8_t protocol = 0; ///< 0 = any
    std::uint16_t start_port = 0, end_port = 0;
    Bytes start, end;          ///< 4 or 16 bytes for address ranges; Fibre Channel: 3
    Bytes other;               ///< the body of types that are not ranges (security label, unknown)
    /// The prefix when the range is exactly one.
    std::optional<Prefix> prefix() const;
    /// "10.1.0.0/24", "10.1.0.1-10.1.0.9", "10.1.0.0/24[udp/500]", "10.1.0.0/24[tcp/1000-2000]".
    std::string text() const;
};
struct TrafficSelectors {
    std::uint8_t count = 0; ///< as claimed; writing counts
    std::vector<TrafficSelector> selectors;
};
/// SK: IV, ciphertext and ICV in one; their borders depend on the negotiated algorithms.
struct Encrypted {
    Bytes data;
};
/// SKF. RFC 7383 2.5: numbers from 1.
struct EncryptedFragment {
    std::uint16_t number = 0;
    std::uint16_t total = 0;
    Bytes data;
};
struct Configuration {
    std::uint8_t type = 0; ///< configuration_types
    std::vector<Attribute> attributes;
};
/// An EAP packet. RFC 3748 4.
struct Eap {
    std::uint8_t code = 0;
    std::uint8_t id = 0;
    std::uint16_t length = 0; ///< as claimed
    std::uint8_t type = 0;    ///< of requests and responses
    Bytes data;               ///< behind the type
    bool has_type() const { return code == eap_code::request || code == eap_code::response; }
};
struct SecurePassword {
    Bytes data;
};
struct PuzzleSolution {
    Bytes data;
};
/// One policy of a GSA payload: of an SA (protocol AH, ESP or GIKE_UPDATE) or of the whole group (protocol 0).
/// RFC 9838 4.4.
struct GroupPolicy {
    std::uint8_t protocol = 0;
    std::uint8_t spi_size = 0;
    Bytes spi;
    std::vector<TrafficSelector> selectors; ///< source and destination
    std::vector<Transform> transforms;
    std::vector<Attribute> attributes;
};
struct GroupSecurityAssociation {
    std::vector<GroupPolicy> policies;
};
/// One bag of a KD payload: keys of an SA, or of a member (protocol 0). RFC 9838 4.5.
struct KeyBag {
    std::uint8_t protocol = 0;
    std::uint8_t spi_size = 0;
    Bytes spi;
    std::vector<Attribute> attributes;
};
struct KeyDownload {
    std::vector<KeyBag> bags;
};

/// Parses a payload's body (behind the generic header). Total: what is missing is zero or empty; `fault` says so.
template <class P>
P parse(const PayloadRef& payload, std::optional<Fault>* fault = nullptr);
/// Appends a payload's body, the inverse of parse(): counts and lengths are computed, reserved bytes are zero.
template <class P>
void write(const P& payload, Buffer& out);

/// Words for a notify's data: "MODP-2048" of INVALID_KE_PAYLOAD, "10.0.0.1" of ADDITIONAL_IP4_ADDRESS; empty when the
/// name of the type says it all or the data are opaque.
std::string notify_text(const Notification& notification);
/// "rsaEncryption with SHA-256", "ecdsa-with-SHA384", "RSASSA-PSS", … of a DER AlgorithmIdentifier; the dotted OID when
/// it is not one of the usual; empty when the bytes are no AlgorithmIdentifier. RFC 7427 appendix A.
std::string algorithm_name(Bytes algorithm_identifier);

} // namespace ikescope::dissect::ikev2
