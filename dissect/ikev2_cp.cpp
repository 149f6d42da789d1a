// Configuration payloads. RFC 7296 3.15, RFC 5739, RFC 7651, RFC 8598.

#include "dissect/ikev2_schema.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev2 {

namespace {

/// What the value of an attribute is made of; a value shorter than that, as requests have them, shows what there is.
struct Part {
    const Field* field;
    std::uint8_t width; ///< 0 = all that is left
};
void explain_part(const Part& part, const Reader& r) {
    const auto width = part.width == 0 ? r.in.left() : part.width;
    if (part.field->kind == Kind::number) {
        r.number(*part.field, width);
    } else {
        r.bytes(*part.field, width);
    }
}

struct Shape {
    std::uint16_t type;
    Part parts[4];
    bool repeats = false;
    void (*explain)(const Reader&) = nullptr; ///< for what parts cannot say
};

void add_name(const Reader& r, std::size_t size) {
    const auto name = r.bytes(field("ike.cfg.attr.encdns.name"), size);
    if (!name.empty()) r.annotate(r.last(), printable(name));
}
/// RFC 9464 3.1: priority (2), number of addresses (1), length of the name (1), addresses, name, parameters.
void encrypted_dns(const Reader& r, const Field& address, std::size_t width) {
    r.number(field("ike.cfg.attr.encdns.priority"), 2);
    const auto count = r.number(field("ike.cfg.attr.encdns.addresses"), 1);
    const auto name_size = static_cast<std::size_t>(r.number(field("ike.cfg.attr.encdns.name_length"), 1));
    for (std::uint64_t i = 0; i < count && r.in.more(); ++i) explain_part({&address, static_cast<std::uint8_t>(width)}, r);
    if (name_size > 0) add_name(r, name_size);
    if (r.in.more()) r.rest(field("ike.cfg.attr.encdns.parameters"));
}
void encrypted_dns_v4(const Reader& r) { encrypted_dns(r, field("ike.cfg.attr.encdns.ipv4"), 4); }
void encrypted_dns_v6(const Reader& r) { encrypted_dns(r, field("ike.cfg.attr.encdns.ipv6"), 16); }
/// RFC 9464 3.2: number of hash algorithms (1), length of the name (1), name, algorithms (2 each), digest.
void encrypted_dns_digest(const Reader& r) {
    const auto count = r.number(field("ike.cfg.attr.encdns.hashes"), 1);
    const auto name_size = static_cast<std::size_t>(r.number(field("ike.cfg.attr.encdns.name_length"), 1));
    if (name_size > 0) add_name(r, name_size);
    for (std::uint64_t i = 0; i < count && r.in.more(); ++i) r.number(field("ike.cfg.attr.encdns.hash"), 2);
    if (r.in.more()) r.rest(field("ike.cfg.attr.encdns.digest"));
}
constexpr Shape shapes[] = {
    {1, {{&field("isakmp.cfg.attr.internal_ip4_address"), 4}}},
    {2, {{&field("isakmp.cfg.attr.internal_ip4_netmask"), 4}}},
    {3, {{&field("isakmp.cfg.attr.internal_ip4_dns"), 4}}},
    {4, {{&field("isakmp.cfg.attr.internal_ip4_nbns"), 4}}},
    {5, {{&field("isakmp.cfg.attr.internal_address_expiry"), 4}}},
    {6, {{&field("isakmp.cfg.attr.internal_ip4_dhcp"), 4}}},
    {7, {{&field("isakmp.cfg.attr.application_version"), 0}}},
    {8, {{&field("isakmp.cfg.attr.internal_ip6_address"), 16}, {&field("isakmp.cfg.attr.internal_ip6_address.prefix"), 1}}},
    {9, {{&field("isakmp.cfg.attr.internal_ip6_netmask"), 16}}},
    {10, {{&field("isakmp.cfg.attr.internal_ip6_dns"), 16}}},
    {11, {{&field("isakmp.cfg.attr.internal_ip6_nbns"), 16}}},
    {12, {{&field("isakmp.cfg.attr.internal_ip6_dhcp"), 16}}},
    {13, {{&field("isakmp.cfg.attr.internal_ip4_subnet_ip"), 4}, {&field("isakmp.cfg.attr.internal_ip4_subnet_netmask"), 4}}},
    {14, {{&field("isakmp.cfg.attr.supported_attributes", 2), 2}}, true},
    {15, {{&field("isakmp.cfg.attr.internal_ip6_subnet_ip"), 16}, {&field("isakmp.cfg.attr.internal_ip6_subnet_prefix"), 1}}},
    {17, {{&field("isakmp.cfg.attr.internal_ip6_link_interface"), 8}, {&field("isakmp.cfg.attr.internal_ip6_link_id"), 0}}},
    {18, {{&field("isakmp.cfg.attr.internal_ip6_prefix_ip"), 16}, {&field("isakmp.cfg.attr.internal_ip6_prefix_length"), 1}}},
    {20, {{&field("isakmp.cfg.attr.p_cscf_ip4_address"), 4}}},
    {21, {{&field("isakmp.cfg.attr.p_cscf_ip6_address"), 16}}},
    {24, {{&field("ike.cfg.attr.liveness_timeout"), 4}}},
    {25, {{&field("ike.cfg.attr.dns_domain"), 0}}},
    {26, {{&field("ike.cfg.attr.dnssec.key_tag"), 2}, {&field("ike.cfg.attr.dnssec.algorithm"), 1},
          {&field("ike.cfg.attr.dnssec.digest_type"), 1}, {&field("ike.cfg.attr.dnssec.digest"), 0}}}, // RFC 8598 4.2
    {27, {}, false, encrypted_dns_v4},
    {28, {}, false, encrypted_dns_v6},
    {29, {}, false, encrypted_dns_digest},
    {28672, {{&field("isakmp.cfg.attr.unity.banner"), 0}}},
    {28674, {{&field("isakmp.cfg.attr.unity.def_domain"), 0}}},
};

/// The nodes below a value; a value that is not of its shape keeps none, and says so.
void explain_value(const Attribute& attribute, std::size_t at, Tree& tree) {
    const auto shape = std::ranges::find(shapes, attribute.type, &Shape::type);
    if (shape == std::end(shapes) || attribute.value.empty()) return;
    Cursor in(attribute.value, at);
    const Reader r{in, &tree};
    TreeLevel level(&tree);
    if (shape->explain) {
        shape->explain(r);
        return finish(&tree, in);
    }
    do {
        for (const auto& part : shape->parts)
            if (part.field && in.more()) explain_part(part, r);
    } while (shape->repeats && in.more());
    finish(&tree, in);
}

///  R| Attribute Type | Length
///  Value
void read_attribute(Attribute& attribute, const Reader& r) {
    const auto node = r.heading(field("isakmp.cfg.attr", 2));
    TreeLevel level(r.tree);
    const auto head = r.flagged(field("isakmp.cfg.attr.format"), field("isakmp.cfg.attr.type", 2));
    attribute.type = head & 0x7fff;
    const auto size = static_cast<std::size_t>(r.number(field("isakmp.cfg.attr.length"), 2));
    const auto at = r.in.offset();
    attribute.value = r.bytes(field("isakmp.cfg.attr.value"), size);
    if (r.tree) explain_value(attribute, at, *r.tree);
    r.end(node, attribute.type);
}

} // namespace

void read_configuration(Configuration& configuration, Cursor& in, Tree* tree) {
    while (in.more()) read_attribute(configuration.attributes.emplace_back(), {in, tree});
}
void write_configuration(const Configuration& configuration, Writer& out) {
    for (const auto& attribute : configuration.attributes) {
        out.number(attribute.type, 2);
        out.number(attribute.value.size(), 2);
        out.bytes(attribute.value);
    }
}

} // namespace ikescope::dissect::ikev2
