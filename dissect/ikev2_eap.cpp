// EAP packets. RFC 3748; the methods that VPN clients use are opened one level deep.

#include "dissect/ikev2_schema.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev2 {

namespace {

constexpr std::size_t eap_header = 4;

void text(const Reader& r, const Field& field) {
    if (r.in.more()) r.rest(field);
}
void identity(const Reader& r) { text(r, field("eap.identity")); }
void notification(const Reader& r) { text(r, field("eap.notification")); }
void nak(const Reader& r) {
    while (r.in.more()) r.number(field("eap.desired_type"), 1);
}

/// RFC 3748 5.5, 5.6: the request asks, the response is what the user typed.
void password(const Reader& r) { text(r, field("ike.eap.password")); }

/// RFC 1994 4.1: Value-Size, Value, Name.
void md5(const Reader& r) {
    const auto size = static_cast<std::size_t>(r.number(field("eap.md5.value_size"), 1));
    r.bytes(field("eap.md5.value"), size);
    const auto name = r.rest(field("eap.md5.extra_data"));
    if (!name.empty()) r.annotate(r.last(), printable(name));
}

/// RFC 5216 3.1: flags, a length when L is set, TLS records. EAP-TTLS, PEAP and EAP-FAST look alike.
void tls(const Reader& r) {
    constexpr std::uint64_t length_included = 0x80;
    static constexpr Bit bits[] = {{field("eap.tls.flags.len_included")},
                                   {field("eap.tls.flags.more_fragments")},
                                   {field("eap.tls.flags.start")},
                                   {field("eap.tls.flags.version")}};
    const auto at = r.in.offset();
    const auto flags = r.in.number(1, "EAP-TLS flags");
    if (r.tree && !r.in.fault()) add_bits(*r.tree, field("eap.tls.flags"), at, 1, flags, bits);
    if (flags & length_included) r.number(field("eap.tls.len"), 4);
    text(r, field("ike.eap.tls.data"));
}

/// draft-kamath-pppext-eap-mschapv2-02 2. A successful response is the opcode alone.
void mschapv2_challenge(const Reader& r) {
    const auto size = static_cast<std::size_t>(r.number(field("eap.ms_chap_v2.value_size"), 1));
    r.bytes(field("eap.ms_chap_v2.challenge"), size);
    text(r, field("eap.ms_chap_v2.name"));
}
void mschapv2_response(const Reader& r) {
    constexpr std::size_t known_size = 49; // 16 + 8 + 24 + 1
    const auto size = static_cast<std::size_t>(r.number(field("eap.ms_chap_v2.value_size"), 1));
    if (size == known_size) {
        r.bytes(field("eap.ms_chap_v2.peer_challenge"), 16);
        r.bytes(field("eap.ms_chap_v2.reserved"), 8);
        r.bytes(field("eap.ms_chap_v2.nt_response"), 24);
        r.number(field("eap.ms_chap_v2.flags"), 1);
    } else {
        r.bytes(field("eap.ms_chap_v2.response"), size);
    }
    text(r, field("eap.ms_chap_v2.name"));
}
void mschapv2(const Reader& r) {
    const auto opcode = r.number(field("eap.ms_chap_v2.opcode"), 1);
    if (!r.in.more()) return;
    r.number(field("eap.ms_chap_v2.id"), 1);
    r.number(field("eap.ms_chap_v2.length"), 2);
    switch (opcode) {
    case 1: return mschapv2_challenge(r);
    case 2: return mschapv2_response(r);
    case 3: return text(r, field("eap.ms_chap_v2.message"));
    case 4: return text(r, field("eap.ms_chap_v2.failure_request"));
    default: return text(r, field("eap.ms_chap_v2.data"));
    }
}

/// EAP-SIM and EAP-AKA differ in the names of their fields only. RFC 4186 8.1, RFC 4187 8.1.
struct SimFields {
    const Field &subtype, &reserved, &attribute, &type, &length, &value, &notification, &error;
};
constexpr SimFields sim_fields{field("eap.sim.subtype"),           field("eap.sim.reserved"),
                               field("eap.sim.subtype.attribute"), field("eap.sim.subtype.type"),
                               field("eap.sim.subtype.len"),       field("eap.sim.subtype.value"),
                               field("eap.sim.notification_type"), field("eap.sim.error_code")};
constexpr SimFields aka_fields{field("eap.aka.subtype"),           field("eap.aka.reserved"),
                               field("eap.aka.subtype.attribute"), field("eap.aka.subtype.type"),
                               field("eap.aka.subtype.len"),       field("eap.aka.subtype.value"),
                               field("eap.aka.notification_type"), field("eap.aka.error_code")};

/// Values that say how long they really are, in bytes or bits, and are padded to whole words.
struct PaddedValue {
    std::uint8_t type;
    const Field &length, &value;
    std::size_t unit; ///< bits that the length counts
};
constexpr PaddedValue padded_values[] = {
    {3, field("ike.eap.aka.res_length"), field("ike.eap.aka.res"), 1},                     // AT_RES, RFC 4187 10.8
    {14, field("eap.identity.actual_len"), field("eap.identity"), 8},                      // AT_IDENTITY, RFC 4187 10.5
    {23, field("ike.eap.aka.network_name_length"), field("ike.eap.aka.network_name"), 8}, // AT_KDF_INPUT, RFC 9048 3.1
};

void padded_value(const PaddedValue& rule, Bytes bytes, std::size_t at, Tree* tree) {
    Cursor in(bytes, at);
    const Reader r{in, tree};
    const auto length = static_cast<std::size_t>(r.number(rule.length, 2));
    r.bytes(rule.value, (length * rule.unit + 7) / 8);
    if (in.more()) r.rest(field("eap.identity.padding"));
    finish(tree, in);
}

/// The parts of a value whose bytes have their node already.
void sim_value(std::uint64_t type, Bytes bytes, std::size_t at, Tree* tree) {
    constexpr std::uint64_t at_kdf = 24; // RFC 9048 3.2
    if (!tree || bytes.size() < 2) return;
    TreeLevel level(tree);
    if (type == at_kdf && bytes.size() == 2) tree->add(field("ike.eap.aka.kdf"), at, 2, big_endian(bytes));
    const auto rule = std::ranges::find(padded_values, type, &PaddedValue::type);
    if (rule != std::end(padded_values)) padded_value(*rule, bytes, at, tree);
}

///  Attribute Type | Length in four-byte words, these two included | Value
void sim_attribute(const Reader& r, const SimFields& fields) {
    constexpr std::uint64_t at_notification = 12, at_client_error_code = 22;
    const auto node = r.heading(fields.attribute);
    TreeLevel level(r.tree);
    const auto type = r.number(fields.type, 1);
    const auto words = static_cast<std::size_t>(r.number(fields.length, 1));
    if (words == 0 && !r.in.fault()) {
        r.judge(r.last(), Severity::error, "an attribute is one word at least");
        r.rest(fields.value);
    } else if (words == 1 && type == at_notification) {
        r.number(fields.notification, 2);
    } else if (words == 1 && type == at_client_error_code) {
        r.number(fields.error, 2);
    } else if (!r.in.fault()) {
        const auto at = r.in.offset();
        const auto value = r.bytes(fields.value, words * 4 - 2);
        sim_value(type, value, at, r.tree);
    }
    r.end(node, type);
}
void sim_packet(const Reader& r, const SimFields& fields) {
    r.number(fields.subtype, 1);
    r.number(fields.reserved, 2);
    while (r.in.more()) sim_attribute(r, fields);
}
void sim(const Reader& r) { sim_packet(r, sim_fields); }
void aka(const Reader& r) { sim_packet(r, aka_fields); }

/// What vendors call their types of the expanded type's Vendor-Type.
struct VendorType {
    std::uint64_t vendor, type;
    std::string_view name;
};
constexpr VendorType vendor_types[] = {
    {14122, 1, "SimpleConfig"}, // Wi-Fi Simple Configuration
    {10415, 3, "EAP-5G"},       // 3GPP TS 24.502 9.3.2
};

/// RFC 3748 5.7
void expanded(const Reader& r) {
    const auto vendor = r.number(field("eap.ext.vendor_id"), 3);
    const auto type = r.number(field("eap.ext.vendor_type"), 4);
    for (const auto& known : vendor_types)
        if (!r.in.fault() && known.vendor == vendor && known.type == type) r.annotate(r.last(), known.name);
    text(r, field("eap.data"));
}
void opaque(const Reader& r) { text(r, field("eap.data")); }

/// RFC 6696 5.3.4: type and value, or type, length, value.
void erp_attribute(const Reader& r) {
    constexpr std::uint64_t keyname_nai = 1, rrk_lifetime = 2, rmsk_lifetime = 3, domain_name = 4;
    const auto node = r.heading(field("ike.eap.erp.attr"));
    TreeLevel level(r.tree);
    const auto type = r.number(field("ike.eap.erp.attr.type"), 1);
    if (type == rrk_lifetime || type == rmsk_lifetime) {
        r.number(field("ike.eap.erp.lifetime"), 4);
    } else {
        const auto size = static_cast<std::size_t>(r.number(field("ike.eap.erp.attr.length"), 1));
        r.bytes(type == keyname_nai   ? field("ike.eap.erp.keyname_nai")
                : type == domain_name ? field("ike.eap.erp.domain_name")
                                      : field("ike.eap.erp.attr.value"),
                size);
    }
    r.end(node, type);
}

/// Cryptosuite and authentication tag end a message; the tag's size follows from the suite. RFC 6696 5.3.2.
bool ends_with_tag(const Cursor& in) {
    static constexpr std::size_t tag_sizes[] = {0, 8, 16, 32};
    const auto suite = in.peek(1);
    return !suite.empty() && suite[0] > 0 && suite[0] < std::size(tag_sizes) && in.left() == 1 + tag_sizes[suite[0]];
}

/// EAP-Initiate and EAP-Finish. RFC 6696 5.3.
void erp(const Reader& r) {
    static constexpr Bit bits[] = {{field("ike.eap.erp.flags.result")},
                                   {field("ike.eap.erp.flags.bootstrap")},
                                   {field("ike.eap.erp.flags.lifetime")}};
    constexpr std::uint64_t re_auth_start = 1, re_auth = 2;
    const auto type = r.number(field("ike.eap.erp.type"), 1);
    if (type == re_auth_start) {
        r.number(field("ike.eap.erp.reserved"), 1);
    } else if (type == re_auth) {
        const auto at = r.in.offset();
        const auto flags = r.in.number(1, "Flags");
        if (r.tree && !r.in.fault()) add_bits(*r.tree, field("ike.eap.erp.flags"), at, 1, flags, bits);
        r.number(field("ike.eap.erp.seq"), 2);
    } else {
        return opaque(r);
    }
    while (r.in.more()) {
        if (type != re_auth || !ends_with_tag(r.in)) {
            erp_attribute(r);
            continue;
        }
        r.number(field("ike.eap.erp.cryptosuite"), 1);
        r.rest(field("ike.eap.erp.tag"));
    }
}

struct Method {
    std::uint8_t type;
    void (*explain)(const Reader&);
};
constexpr Method methods[] = {
    {eap_type::identity, identity}, {eap_type::notification, notification}, {eap_type::nak, nak},
    {eap_type::md5, md5},           {eap_type::tls, tls},                   {eap_type::sim, sim},
    {eap_type::ttls, tls},          {eap_type::aka, aka},                   {eap_type::peap, tls},
    {eap_type::mschapv2, mschapv2}, {eap_type::fast, tls},                  {eap_type::aka_prime, aka},
    {eap_type::expanded, expanded},
};

void explain_method(const Eap& eap, const Reader& r) {
    if (eap.code == eap_code::initiate || eap.code == eap_code::finish) return erp(r);
    if (!eap.has_type()) return opaque(r);
    const bool asks_user = eap.type == eap_type::otp || eap.type == eap_type::gtc;
    if (asks_user && eap.code == eap_code::response) return password(r);
    const auto method = std::ranges::find(methods, eap.type, &Method::type);
    (method == std::end(methods) ? opaque : method->explain)(r);
}

///  Code | Identifier | Length | Type | Type-Data
void read_packet(Eap& eap, const Reader& r) {
    eap.code = static_cast<std::uint8_t>(r.number(field("eap.code"), 1));
    eap.id = static_cast<std::uint8_t>(r.number(field("eap.id"), 1));
    eap.length = static_cast<std::uint16_t>(r.number(field("eap.len"), 2));
    if (eap.length < eap_header && !r.in.fault())
        r.judge(r.last(), Severity::error, "shorter than an EAP header");
    if (!r.in.more() || eap.length <= eap_header) return;
    if (eap.has_type()) eap.type = static_cast<std::uint8_t>(r.number(field("eap.type"), 1));
    const std::size_t head = eap_header + (eap.has_type() ? 1 : 0);
    const auto at = r.in.offset();
    auto body = r.in.child(eap.length - head, "EAP data");
    eap.data = body.peek(body.left());
    if (!r.tree) return;
    const Reader inside{body, r.tree};
    explain_method(eap, inside);
    if (body.offset() != at || body.left() > 0) finish(r.tree, body);
}

} // namespace

void read_eap(Eap& eap, Cursor& in, Tree* tree) {
    const Reader r{in, tree};
    const auto node = r.heading(field("isakmp.eap.data"));
    TreeLevel level(tree);
    read_packet(eap, r);
    r.annotate(node, eap.has_type() ? name_of(eap_types, eap.type) : name_of(eap_codes, eap.code));
    r.end(node);
}

void write_eap(const Eap& eap, Writer& out) {
    const auto start = out.size();
    out.number(eap.code, 1);
    out.number(eap.id, 1);
    const auto length = out.placeholder(2);
    if (eap.has_type()) out.number(eap.type, 1);
    out.bytes(eap.data);
    out.patch(length, out.size() - start, 2);
}

} // namespace ikescope::dissect::ikev2
