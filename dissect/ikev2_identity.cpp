// Who, and by what proof: ID, CERT, CERTREQ and AUTH payloads. RFC 7296 3.5-3.8, RFC 7427.

#include "dissect/ikev2_schema.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev2 {

namespace {

constexpr std::size_t sha1_size = 20;
constexpr std::uint8_t ocsp_content = 14; // certificate_encodings

const Field& id_field(std::uint8_t type) {
    switch (type) {
    case id_type::ipv4_addr: return field("isakmp.id.data.ipv4_addr");
    case id_type::ipv6_addr: return field("isakmp.id.data.ipv6_addr");
    case id_type::fqdn: return field("isakmp.id.data.fqdn");
    case id_type::rfc822_addr: return field("isakmp.id.data.user_fqdn");
    case id_type::der_asn1_dn: return field("isakmp.id.data.der_asn1_dn");
    case id_type::key_id: return field("isakmp.id.data.key_id");
    default: return field("ike.id.data");
    }
}

/// Bytes an ID of this type must have; nothing where any number will do.
std::optional<std::size_t> id_size(std::uint8_t type) {
    if (type == id_type::ipv4_addr) return 4;
    if (type == id_type::ipv6_addr) return 16;
    if (type == id_type::null) return 0; // RFC 7619 2.2
    return {};
}

bool is_printable(Bytes bytes) {
    return !bytes.empty() && std::ranges::all_of(bytes, [](Byte byte) { return byte >= 0x20 && byte < 0x7f; });
}

} // namespace

void read_id_data(Identification& id, Cursor& in, Tree* tree) {
    const auto at = in.offset();
    id.data = in.fault() ? Bytes{} : in.rest("Identification data");
    if (!tree || in.fault()) return;
    const auto node = tree->add(field("isakmp.id.data"), at, id.data.size());
    tree->annotate(node, id.text());
    TreeLevel level(tree);
    const auto size = id_size(id.type);
    if (size && *size != id.data.size()) {
        const auto bad = tree->add(field("ike.id.data"), at, id.data.size());
        tree->judge(bad, Severity::error);
        tree->annotate(bad, fmt::format("{} must have {} bytes, {} {} there", name_of(id_types, id.type), *size, id.data.size(),
                                        id.data.size() == 1 ? "is" : "are"));
    } else if (!id.data.empty()) {
        tree->add(id_field(id.type), at, id.data.size(), id.type == id_type::ipv4_addr ? big_endian(id.data) : 0);
    }
}
void write_id_data(const Identification& id, Writer& out) { out.bytes(id.data); }

std::optional<IpAddress> Identification::address() const {
    const auto size = id_size(type);
    if (!size || *size == 0 || *size != data.size()) return {};
    return IpAddress::from(data);
}

std::string Identification::text() const {
    if (const auto ip = address()) return ip->text();
    if (type == id_type::fqdn || type == id_type::rfc822_addr) return printable(data);
    if (type == id_type::key_id && is_printable(data)) return std::string(text_of(data));
    return hex(data);
}

void read_certificate(Certificate& certificate, Cursor& in, Tree* tree) {
    const auto at = in.offset();
    certificate.data = in.fault() ? Bytes{} : in.rest("Certificate data");
    if (!tree || in.fault() || (certificate.data.empty() && !certificate.hash_and_url())) return;
    const auto node = tree->add(field("isakmp.cert.data"), at, certificate.data.size());
    if (!certificate.hash_and_url()) return;
    const auto size = certificate.data.size();
    if (size <= sha1_size) {
        tree->judge(node, Severity::error);
        tree->annotate(node, fmt::format("a SHA-1 hash of {} bytes and a URL are wanted, {} {} there (RFC 7296 3.6)", sha1_size,
                                         size, size == 1 ? "byte is" : "bytes are"));
        return;
    }
    TreeLevel level(tree);
    tree->add(field("isakmp.cert.x509.hash"), at, sha1_size);
    tree->add(field("isakmp.cert.x509.url"), at + sha1_size, size - sha1_size);
}
void write_certificate(const Certificate& certificate, Writer& out) { out.bytes(certificate.data); }

/// Hashes of authorities' keys (RFC 7296 3.7) or of OCSP responders' (RFC 4806 3.1).
void read_authorities(CertificateRequest& request, Cursor& in, Tree* tree) {
    if (in.fault()) return;
    request.authorities = in.peek(in.left());
    const Reader r{in, tree};
    const bool responders = request.encoding == ocsp_content;
    const bool hashes = responders || request.lists_hashes();
    const auto& hash = responders ? field("ike.certreq.responder") : field("isakmp.ike.certreq.authority");
    while (hashes && in.left() >= sha1_size) r.bytes(hash, sha1_size);
    const auto over = r.rest(field("ike.certreq.data")).size();
    if (hashes && over > 0)
        r.judge(r.last(), Severity::error,
                fmt::format("the list is made of SHA-1 hashes of {} bytes, {} {} left over", sha1_size, over, over == 1 ? "byte is" : "bytes are"));
}
void write_authorities(const CertificateRequest& request, Writer& out) { out.bytes(request.authorities); }

std::vector<Bytes> CertificateRequest::hashes() const {
    std::vector<Bytes> all;
    for (std::size_t at = 0; lists_hashes() && at + sha1_size <= authorities.size(); at += sha1_size)
        all.push_back(authorities.subspan(at, sha1_size));
    return all;
}

///  ASN.1 Length (1) | AlgorithmIdentifier | Signature Value      RFC 7427 3
void read_auth_data(Authentication& auth, Cursor& in, Tree* tree) {
    const auto at = in.offset();
    auth.data = in.fault() ? Bytes{} : in.rest("Authentication data");
    if (!tree || in.fault() || auth.data.empty()) return;
    tree->add(field("isakmp.auth.data"), at, auth.data.size());
    if (auth.method != auth_method::digital_signature) return;
    TreeLevel level(tree);
    Cursor inside(auth.data, at);
    const Reader r{inside, tree};
    const auto length = static_cast<std::size_t>(r.number(field("isakmp.auth.data.sig.asn1.len"), 1));
    const auto algorithm = r.bytes(field("isakmp.auth.data.sig.asn1.data"), length);
    if (!algorithm.empty()) r.annotate(r.last(), algorithm_name(algorithm));
    if (inside.more()) r.rest(field("isakmp.auth.data.sig.value"));
    finish(tree, inside);
}
void write_auth_data(const Authentication& auth, Writer& out) { out.bytes(auth.data); }

Bytes Authentication::algorithm() const {
    if (method != auth_method::digital_signature || data.empty() || data[0] > data.size() - 1) return {};
    return data.subspan(1, data[0]);
}
Bytes Authentication::signature() const {
    if (method != auth_method::digital_signature || data.empty() || data[0] > data.size() - 1) return {};
    return data.subspan(1U + data[0]);
}

} // namespace ikescope::dissect::ikev2
