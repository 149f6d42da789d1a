// Names of signature algorithms as digital signature AUTH payloads carry them. RFC 7427 appendix A, RFC 8420, RFC 9882.

#include "dissect/ikev2.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev2 {

namespace {

constexpr Byte der_sequence = 0x30, der_oid = 0x06;

/// DER contents of the object identifier.
struct NamedOid {
    std::string_view oid, name;
};
using namespace std::string_view_literals;
constexpr NamedOid signature_oids[] = {
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05"sv, "sha1WithRSAEncryption"},       // 1.2.840.113549.1.1.5
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"sv, "RSASSA-PSS"},                  // 1.2.840.113549.1.1.10
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"sv, "sha256WithRSAEncryption"},     // 1.2.840.113549.1.1.11
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c"sv, "sha384WithRSAEncryption"},     // 1.2.840.113549.1.1.12
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d"sv, "sha512WithRSAEncryption"},     // 1.2.840.113549.1.1.13
    {"\x2a\x86\x48\xce\x38\x04\x03"sv, "dsa-with-sha1"},                       // 1.2.840.10040.4.3
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x02"sv, "dsa-with-sha256"},             // 2.16.840.1.101.3.4.3.2
    {"\x2a\x86\x48\xce\x3d\x04\x01"sv, "ecdsa-with-sha1"},                     // 1.2.840.10045.4.1
    {"\x2a\x86\x48\xce\x3d\x04\x03\x02"sv, "ecdsa-with-sha256"},               // 1.2.840.10045.4.3.2
    {"\x2a\x86\x48\xce\x3d\x04\x03\x03"sv, "ecdsa-with-sha384"},               // 1.2.840.10045.4.3.3
    {"\x2a\x86\x48\xce\x3d\x04\x03\x04"sv, "ecdsa-with-sha512"},               // 1.2.840.10045.4.3.4
    {"\x2b\x65\x70"sv, "Ed25519"},                                             // 1.3.101.112
    {"\x2b\x65\x71"sv, "Ed448"},                                               // 1.3.101.113
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x11"sv, "ML-DSA-44"},                   // 2.16.840.1.101.3.4.3.17
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x12"sv, "ML-DSA-65"},                   // 2.16.840.1.101.3.4.3.18
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x13"sv, "ML-DSA-87"},                   // 2.16.840.1.101.3.4.3.19
};

/// X.690 8.19: base 128, top bit = more; the first number holds two arcs.
std::string dotted(Bytes oid) {
    std::string text;
    std::uint64_t arc = 0;
    for (const auto byte : oid) {
        arc = (arc & (~std::uint64_t{0} >> 8)) << 7 | (byte & 0x7fU);
        if (byte & 0x80) continue;
        if (text.empty()) {
            const auto root = std::min<std::uint64_t>(arc / 40, 2);
            text = fmt::format("{}.{}", root, arc - root * 40);
        } else {
            text += fmt::format(".{}", arc);
        }
        arc = 0;
    }
    return text;
}

} // namespace

std::string algorithm_name(Bytes identifier) {
    Cursor in(identifier);
    if (in.number(1, "SEQUENCE") != der_sequence) return {};
    // Short lengths only: an identifier fits into the 255 bytes that AUTH leaves for it, PSS parameters included.
    if (in.number(1, "Length") == 0x81) in.skip(1, "Length");
    if (in.number(1, "OBJECT IDENTIFIER") != der_oid) return {};
    const auto oid = in.take(in.number(1, "Length"), "OBJECT IDENTIFIER");
    if (in.fault() || oid.empty()) return {};
    for (const auto& known : signature_oids)
        if (known.oid == text_of(oid)) return std::string(known.name);
    return dotted(oid);
}

} // namespace ikescope::dissect::ikev2
