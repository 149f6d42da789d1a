// IKEv2's part of the tree: the generic header with its critical bit, and which schema explains which payload.
// RFC 7296 3.2.

#include "dissect/ikev2_schema.hpp"

namespace ikescope::dissect {

namespace {

constexpr std::uint8_t critical_bit = 0x80;

bool is_known(std::uint8_t type) { return type >= ikev2::payload::first && type <= ikev2::payload::last; }

/// RFC 7296 2.5: the bit asks to refuse what one does not know; on a type that everybody knows it must be zero and is
/// ignored.
void judge_critical(const PayloadRef& payload, Tree& tree, Tree::Index node) {
    if ((payload.reserved & critical_bit) == 0) return;
    tree.judge(node, is_known(payload.type) ? Severity::note : Severity::warning);
    tree.annotate(node, is_known(payload.type) ? "must be zero on payload types that RFC 7296 defines; ignored"
                                               : "who does not know this payload must refuse the message");
}

void explain_generic_header(const PayloadRef& payload, Tree& tree) {
    tree.add(field("isakmp.nextpayload"), payload.offset, 1, payload.next);
    const auto& critical = field("isakmp.criticalpayload");
    judge_critical(payload, tree, tree.add(critical, payload.offset + 1, 1, bit_value(critical, payload.reserved)));
    const auto& reserved = field("isakmp.reserved7");
    const auto bits = static_cast<Byte>(bit_value(reserved, payload.reserved));
    note_reserved(tree, tree.add(reserved, payload.offset + 1, 1, bits), {&bits, 1});
    tree.add(field("isakmp.payloadlength"), payload.offset + 2, 2, payload.declared);
}

using Explain = void (*)(Cursor&, Tree&);

template <class P>
void as(Cursor& in, Tree& tree) {
    read<P>(in, &tree);
}

/// Indexed by payload type, from SA (33) on.
constexpr Explain bodies[] = {
    as<ikev2::SecurityAssociation>, // 33 SA
    as<ikev2::KeyExchange>,         // 34 KE
    as<ikev2::Identification>,      // 35 IDi
    as<ikev2::Identification>,      // 36 IDr
    as<ikev2::Certificate>,         // 37 CERT
    as<ikev2::CertificateRequest>,  // 38 CERTREQ
    as<ikev2::Authentication>,      // 39 AUTH
    as<ikev2::Nonce>,               // 40 Ni, Nr
    as<ikev2::Notification>,        // 41 N
    as<ikev2::Delete>,              // 42 D
    as<ikev2::VendorId>,            // 43 V
    as<ikev2::TrafficSelectors>,    // 44 TSi
    as<ikev2::TrafficSelectors>,    // 45 TSr
    as<ikev2::Encrypted>,           // 46 SK
    as<ikev2::Configuration>,       // 47 CP
    as<ikev2::Eap>,                 // 48 EAP
    as<ikev2::SecurePassword>,      // 49 GSPM
    as<ikev2::Identification>,      // 50 IDg
    as<ikev2::GroupSecurityAssociation>, // 51 GSA
    as<ikev2::KeyDownload>,         // 52 KD
    as<ikev2::EncryptedFragment>,   // 53 SKF
    as<ikev2::PuzzleSolution>,      // 54 PS
};
static_assert(std::size(bodies) == ikev2::payload::last - ikev2::payload::first + 1);

void explain_body(const PayloadRef& payload, Cursor& in, Tree& tree) {
    if (is_known(payload.type)) return bodies[payload.type - ikev2::payload::first](in, tree);
    if (in.left() > 0) ikev2::Reader{in, &tree}.rest(field("isakmp.datapayload"));
}

void append_number(std::string& out, std::uint64_t number) { out += std::to_string(number); }

/// N(COOKIE), N(40960), N for one that is cut short.
void append_notify_name(std::string& out, Bytes body) {
    out += 'N';
    if (body.size() < 4) return;
    const auto type = big_endian(body.subspan(2, 2));
    const auto name = name_of(ikev2::notify_types, type);
    out += '(';
    name.empty() ? append_number(out, type) : static_cast<void>(out += name);
    out += ')';
}

void append_name(std::string& out, const PayloadRef& payload) {
    if (payload.type == ikev2::payload::notify) return append_notify_name(out, payload.body);
    const auto name = brief_of(payload_types, payload.type);
    name.empty() ? append_number(out, payload.type) : static_cast<void>(out += name);
}

constexpr NumberRange notify_ranges[] = { // RFC 7296 3.10.1
    {8191, "an error type that nobody has assigned"}, {16383, "private use, an error"},
    {40959, "a status type that nobody has assigned"}, {65535, "private use, a status"}};

std::string heading(const PayloadRef& payload) {
    if (payload.type != ikev2::payload::notify || payload.body.size() < 4) return {};
    return notify_heading(static_cast<std::uint16_t>(big_endian(payload.body.subspan(2, 2))), ikev2::notify_types, notify_ranges);
}

} // namespace

const Dialect ikev2_dialect{ikev2::payload::sk, ikev2::payload::skf, nullptr, explain_generic_header, explain_body, append_name, heading};

} // namespace ikescope::dissect
