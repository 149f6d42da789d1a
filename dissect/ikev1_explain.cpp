// IKEv1's dialect: which schema explains which payload, and what payloads are called.

#include "dissect/dialect.hpp"
#include "dissect/ikev1_schema.hpp"

namespace ikescope::dissect {

namespace ikev1 {

namespace {

template <class P>
void explain_as(Cursor& in, Tree& tree) {
    read<P>(in, &tree);
}
/// 15 was NAT-D in draft-ietf-ipsec-nat-t-ike-00, 16 NAT-OA, before GDOI got the numbers (Cisco IOS 12 still sent them).
/// NAT-D is one MD5 or SHA-1, NAT-OA four bytes and an address; outside of GDOI nothing else has these numbers.
std::uint8_t meant_type(const PayloadRef& payload) {
    constexpr std::size_t md5 = 16, sha1 = 20, with_v4 = 8, with_v6 = 20;
    const auto size = payload.body.size();
    if (payload.type == payload::sak && (size == md5 || size == sha1)) return payload::nat_d;
    if (payload.type == payload::sat && (size == with_v4 || size == with_v6)) return payload::nat_oa;
    return 0;
}
void settle_meanings(Message& message) {
    const auto twofold = [](const PayloadRef& each) { return meant_type(each) != 0; };
    if (std::ranges::none_of(message.payloads, twofold) || speaks_gdoi(message)) return;
    for (auto& each : message.payloads) each.meant = meant_type(each);
}

/// Payloads without a schema: their bytes.
void explain_data(Cursor& in, Tree& tree) {
    const auto at = in.offset();
    const auto size = in.rest("Payload data").size();
    if (size > 0) tree.add(field("isakmp.datapayload"), at, size);
}

struct Row {
    std::uint8_t type;
    void (*explain)(Cursor&, Tree&);
};
constexpr Row rows[] = {
    {payload::sa, explain_as<SecurityAssociation>},
    {payload::ke, explain_as<KeyExchange>},
    {payload::id, explain_as<Identification>},
    {payload::cert, explain_as<Certificate>},
    {payload::certreq, explain_as<CertificateRequest>},
    {payload::hash, explain_as<Hash>},
    {payload::sig, explain_as<Signature>},
    {payload::nonce, explain_as<Nonce>},
    {payload::notify, explain_as<Notification>},
    {payload::delete_, explain_as<Delete>},
    {payload::vendor, explain_as<VendorId>},
    {payload::attributes, explain_as<Configuration>},
    {payload::sak, explain_as<KekPolicy>},
    {payload::sat, explain_as<TekPolicy>},
    {payload::kd, explain_as<KeyDownload>},
    {payload::seq, explain_as<SequenceNumber>},
    {payload::gap, explain_as<GroupPolicy>},
    {payload::nat_d, explain_as<NatDiscovery>},
    {payload::nat_oa, explain_as<NatOriginalAddress>},
    {payload::nat_d_draft, explain_as<NatDiscovery>},
    {payload::nat_oa_draft, explain_as<NatOriginalAddress>},
    {payload::fragment, explain_as<Fragment>},
};

void explain_generic_header(const PayloadRef& payload, Tree& tree) {
    explain_plain_generic_header(payload.offset, {payload.next, payload.reserved, static_cast<std::uint16_t>(payload.declared)}, tree);
}

void explain_body(const PayloadRef& payload, Cursor& in, Tree& tree) {
    const auto row = std::ranges::find(rows, payload.meaning(), &Row::type);
    (row != std::end(rows) ? row->explain : explain_data)(in, tree);
}

void append_notification(std::string& out, const PayloadRef& payload) {
    const auto type = parse<Notification>(payload).type;
    out += "N(";
    if (const auto name = name_of(notify_types, type); name.empty()) out += std::to_string(type);
    else
        for (auto letter : name) out += letter == '-' ? '_' : letter;
    out += ')';
}

void append_name(std::string& out, const PayloadRef& payload) {
    if (payload.type == payload::notify) return append_notification(out, payload);
    const auto name = brief_of(payload_types, payload.meaning());
    if (name.empty()) out += std::to_string(payload.type);
    else out += name;
}

constexpr NumberRange notify_ranges[] = { // RFC 2408 3.14.1
    {8191, "an error type, reserved"},     {16383, "private use, an error"}, {24575, "a status type, reserved"},
    {32767, "a status of the DOI"}, {40959, "private use, a status"}, {65535, "a status type, reserved"}};

std::string heading(const PayloadRef& payload) {
    if (payload.type != payload::notify || payload.body.size() < 8) return {};
    return notify_heading(static_cast<std::uint16_t>(big_endian(payload.body.subspan(6, 2))), notify_types, notify_ranges);
}

} // namespace

bool speaks_gdoi(const Message& message) {
    constexpr std::uint32_t gdoi = 2;
    return std::ranges::any_of(message.payloads, [](const PayloadRef& each) {
        if (each.type == payload::sa) return each.body.size() >= 4 && big_endian(each.body.first(4)) == gdoi;
        return each.type == payload::kd || each.type == payload::seq || each.type == payload::gap;
    });
}

template <class P>
P parse(const PayloadRef& payload, std::optional<Fault>* fault) {
    Cursor in(payload.body, payload.body_offset());
    auto parsed = read<P>(in);
    if (fault) *fault = in.fault();
    return parsed;
}
template <>
SecurityAssociation parse(const PayloadRef& payload, std::optional<Fault>* fault) {
    Cursor in(payload.body, payload.body_offset());
    auto parsed = read<SecurityAssociation>(in);
    if (fault) *fault = in.fault() ? in.fault() : parsed.fault;
    return parsed;
}
template <class P>
void append(const P& payload, Buffer& out) {
    Writer writer(out);
    write(payload, writer);
}

#define IKESCOPE_PAYLOAD(P)                                                                                            \
    template P parse<P>(const PayloadRef&, std::optional<Fault>*);                                                     \
    template void append<P>(const P&, Buffer&);
IKESCOPE_PAYLOAD(KeyExchange)
IKESCOPE_PAYLOAD(Identification)
IKESCOPE_PAYLOAD(Certificate)
IKESCOPE_PAYLOAD(CertificateRequest)
IKESCOPE_PAYLOAD(Hash)
IKESCOPE_PAYLOAD(Signature)
IKESCOPE_PAYLOAD(Nonce)
IKESCOPE_PAYLOAD(Notification)
IKESCOPE_PAYLOAD(Delete)
IKESCOPE_PAYLOAD(VendorId)
IKESCOPE_PAYLOAD(Configuration)
IKESCOPE_PAYLOAD(NatDiscovery)
IKESCOPE_PAYLOAD(NatOriginalAddress)
IKESCOPE_PAYLOAD(Fragment)
IKESCOPE_PAYLOAD(KekPolicy)
IKESCOPE_PAYLOAD(TekPolicy)
IKESCOPE_PAYLOAD(KeyDownload)
IKESCOPE_PAYLOAD(SequenceNumber)
IKESCOPE_PAYLOAD(GroupPolicy)
#undef IKESCOPE_PAYLOAD
template void append<SecurityAssociation>(const SecurityAssociation&, Buffer&);

} // namespace ikev1

const Dialect ikev1_dialect{0, 0, ikev1::settle_meanings, ikev1::explain_generic_header, ikev1::explain_body, ikev1::append_name, ikev1::heading};

} // namespace ikescope::dissect
