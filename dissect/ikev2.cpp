// Parsing and writing of whole payload bodies, and the small payloads that need no file of their own.

#include "dissect/ikev2_schema.hpp"
#include "dissect/vendor.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev2 {

/// RFC 7296 3.11
void read_spis(Delete& payload, Cursor& in, Tree* tree) {
    const Reader r{in, tree};
    if (payload.spi_size == 0) return;
    for (std::size_t i = 0; i < payload.count && !in.fault(); ++i) {
        const auto spi = r.bytes(field("isakmp.delete.spi"), payload.spi_size);
        if (!in.fault()) payload.spis.push_back(spi);
    }
}
void write_spis(const Delete& payload, Writer& out) {
    for (const auto spi : payload.spis) out.bytes(spi);
}

void read_vendor(VendorId& vendor, Cursor& in, Tree* tree) { read_vendor_id(vendor.data, in, tree); }
void write_vendor(const VendorId& vendor, Writer& out) { out.bytes(vendor.data); }

/// RFC 7383 2.5: numbers from 1 to the total; a first fragment that is the only one is legal.
void read_fragment(EncryptedFragment& fragment, Cursor& in, Tree* tree) {
    const Reader r{in, tree};
    if (!in.fault() && (fragment.number == 0 || fragment.number > fragment.total))
        r.judge(r.latest(field("isakmp.frag.number")), Severity::error, fmt::format("not between 1 and {}", fragment.total));
    if (!in.fault()) fragment.data = r.rest(field("isakmp.enc.data"));
}
void write_fragment(const EncryptedFragment& fragment, Writer& out) { out.bytes(fragment.data); }

template <class P>
P parse(const PayloadRef& payload, std::optional<Fault>* fault) {
    Cursor in(payload.body, payload.body_offset());
    P parsed = dissect::read<P>(in);
    if (fault) *fault = in.fault();
    return parsed;
}
template <class P>
void write(const P& payload, Buffer& out) {
    Writer writer(out);
    dissect::write(payload, writer);
}

#define IKESCOPE_IKEV2_PAYLOAD(P)                                      \
    template P parse<P>(const PayloadRef&, std::optional<Fault>*);     \
    template void write<P>(const P&, Buffer&);
IKESCOPE_IKEV2_PAYLOAD(SecurityAssociation)
IKESCOPE_IKEV2_PAYLOAD(KeyExchange)
IKESCOPE_IKEV2_PAYLOAD(Identification)
IKESCOPE_IKEV2_PAYLOAD(Certificate)
IKESCOPE_IKEV2_PAYLOAD(CertificateRequest)
IKESCOPE_IKEV2_PAYLOAD(Authentication)
IKESCOPE_IKEV2_PAYLOAD(Nonce)
IKESCOPE_IKEV2_PAYLOAD(Notification)
IKESCOPE_IKEV2_PAYLOAD(Delete)
IKESCOPE_IKEV2_PAYLOAD(VendorId)
IKESCOPE_IKEV2_PAYLOAD(TrafficSelectors)
IKESCOPE_IKEV2_PAYLOAD(Encrypted)
IKESCOPE_IKEV2_PAYLOAD(EncryptedFragment)
IKESCOPE_IKEV2_PAYLOAD(Configuration)
IKESCOPE_IKEV2_PAYLOAD(Eap)
IKESCOPE_IKEV2_PAYLOAD(SecurePassword)
IKESCOPE_IKEV2_PAYLOAD(GroupSecurityAssociation)
IKESCOPE_IKEV2_PAYLOAD(KeyDownload)
IKESCOPE_IKEV2_PAYLOAD(PuzzleSolution)
#undef IKESCOPE_IKEV2_PAYLOAD

} // namespace ikescope::dissect::ikev2
