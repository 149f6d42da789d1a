// What is known about the values of IKEv1's attributes: a row per type. RFC 2409 appendix A, RFC 2407 4.5,
// draft-ietf-ipsec-isakmp-mode-cfg-05, draft-beaulieu-ike-xauth-02, Cisco Unity.

#include "dissect/ikev1_schema.hpp"

namespace ikescope::dissect::ikev1 {

namespace {

void add_number(Cursor& in, Tree& tree, const Field& field, std::size_t width) {
    const auto at = in.offset();
    const auto value = in.number(width, field.label);
    if (!in.fault()) tree.add(field, at, width, value);
}
void add_ipv6(Cursor& in, Tree& tree, const Field& field) {
    const auto at = in.offset();
    in.skip(16, field.label);
    if (!in.fault()) tree.add(field, at, 16);
}

void ip4_subnet(Cursor& in, Tree& tree) {
    while (in.left() >= 8) {
        add_number(in, tree, field("isakmp.cfg.attr.internal_ip4_subnet_ip"), 4);
        add_number(in, tree, field("isakmp.cfg.attr.internal_ip4_subnet_netmask"), 4);
    }
}
void ip6_address(Cursor& in, Tree& tree) {
    add_ipv6(in, tree, field("isakmp.cfg.attr.internal_ip6_address"));
    if (in.left() > 0) add_number(in, tree, field("isakmp.cfg.attr.internal_ip6_address.prefix"), 1);
}
void ip6_subnet(Cursor& in, Tree& tree) {
    add_ipv6(in, tree, field("isakmp.cfg.attr.internal_ip6_subnet_ip"));
    add_number(in, tree, field("isakmp.cfg.attr.internal_ip6_subnet_prefix"), 1);
}
void supported_attributes(Cursor& in, Tree& tree) {
    while (in.left() >= 2) add_number(in, tree, field("isakmp.cfg.attr.supported_attributes", 1), 2);
}
/// Entries of 14 bytes: address, netmask, protocol, source port, destination port.
void split_networks(Cursor& in, Tree& tree) {
    while (in.left() >= 14) {
        tree.add(field("ike.cfg.attr.unity.split_include"), in.offset(), 14);
        TreeLevel level(&tree);
        add_number(in, tree, field("ike.cfg.attr.unity.split.address"), 4);
        add_number(in, tree, field("ike.cfg.attr.unity.split.netmask"), 4);
        add_number(in, tree, field("ike.cfg.attr.unity.split.protocol"), 2);
        add_number(in, tree, field("ike.cfg.attr.unity.split.source_port"), 2);
        add_number(in, tree, field("ike.cfg.attr.unity.split.destination_port"), 2);
    }
}

constexpr AttributeRule phase1_rules[] = {
    {1, &field("isakmp.ike.attr.encryption_algorithm")},
    {2, &field("isakmp.ike.attr.hash_algorithm")},
    {3, &field("isakmp.ike.attr.authentication_method")},
    {4, &field("isakmp.ike.attr.group_description")},
    {5, &field("isakmp.ike.attr.group_type")},
    {6, &field("isakmp.ike.attr.group_prime")},
    {7, &field("isakmp.ike.attr.group_generator_one")},
    {8, &field("isakmp.ike.attr.group_generator_two")},
    {9, &field("isakmp.ike.attr.group_curve_a")},
    {10, &field("isakmp.ike.attr.group_curve_b")},
    {11, &field("isakmp.ike.attr.life_type")},
    {12, &field("isakmp.ike.attr.life_duration"), &field("isakmp.ike.attr.life_duration64"), &field("isakmp.ike.attr.life_duration_bytes")},
    {13, &field("isakmp.ike.attr.prf")},
    {14, &field("isakmp.ike.attr.key_length")},
    {15, &field("isakmp.ike.attr.field_size")},
    {16, &field("isakmp.ike.attr.group_order")},
    {17, &field("isakmp.ike.attr.block_size")},
    {20, &field("isakmp.ike.attr.asymmetric_cryptographic_algorithm_type")},
};
constexpr AttributeRule phase2_rules[] = {
    {1, &field("isakmp.ipsec.attr.life_type")},
    {2, &field("isakmp.ipsec.attr.life_duration"), &field("isakmp.ipsec.attr.life_duration64"), &field("isakmp.ipsec.attr.life_duration_bytes")},
    {3, &field("isakmp.ipsec.attr.group_description")},
    {4, &field("isakmp.ipsec.attr.encap_mode")},
    {5, &field("isakmp.ipsec.attr.auth_algorithm")},
    {6, &field("isakmp.ipsec.attr.key_length")},
    {7, &field("isakmp.ipsec.attr.key_rounds")},
    {8, &field("isakmp.ipsec.attr.cmpr_dict_size")},
    {9, &field("isakmp.ipsec.attr.cmpr_algorithm")},
    {10, &field("isakmp.ipsec.attr.ecn_tunnel")},
    {11, &field("isakmp.ipsec.attr.ext_seq_nbr")},
    {12, &field("isakmp.ipsec.attr.auth_key_length")},
    {13, &field("isakmp.ipsec.attr.sig_enco_algorithm")},
    {14, &field("isakmp.ipsec.attr.addr_preservation")},
    {15, &field("isakmp.ipsec.attr.sa_direction")},
};
constexpr AttributeRule config_rules[] = {
    {1, &field("isakmp.cfg.attr.internal_ip4_address")},
    {2, &field("isakmp.cfg.attr.internal_ip4_netmask")},
    {3, &field("isakmp.cfg.attr.internal_ip4_dns")},
    {4, &field("isakmp.cfg.attr.internal_ip4_nbns")},
    {5, &field("isakmp.cfg.attr.internal_address_expiry")},
    {6, &field("isakmp.cfg.attr.internal_ip4_dhcp")},
    {7, &field("isakmp.cfg.attr.application_version")},
    {8, nullptr, nullptr, nullptr, ip6_address},
    {9, &field("isakmp.cfg.attr.internal_ip6_netmask")},
    {10, &field("isakmp.cfg.attr.internal_ip6_dns")},
    {11, &field("isakmp.cfg.attr.internal_ip6_nbns")},
    {12, &field("isakmp.cfg.attr.internal_ip6_dhcp")},
    {13, nullptr, nullptr, nullptr, ip4_subnet},
    {14, nullptr, nullptr, nullptr, supported_attributes},
    {15, nullptr, nullptr, nullptr, ip6_subnet},
    {16520, &field("isakmp.cfg.attr.xauth.type")},
    {16521, &field("isakmp.cfg.attr.xauth.user_name")},
    {16522, &field("isakmp.cfg.attr.xauth.user_password")},
    {16523, &field("isakmp.cfg.attr.xauth.passcode")},
    {16524, &field("isakmp.cfg.attr.xauth.message")},
    {16525, &field("isakmp.cfg.attr.xauth.challenge")},
    {16526, &field("isakmp.cfg.attr.xauth.domain")},
    {16527, &field("isakmp.cfg.attr.xauth.status")},
    {16528, &field("isakmp.cfg.attr.xauth.next_pin")},
    {16529, &field("isakmp.cfg.attr.xauth.answer")},
    {28672, &field("isakmp.cfg.attr.unity.banner")},
    {28673, &field("ike.cfg.attr.unity.save_password")},
    {28674, &field("isakmp.cfg.attr.unity.def_domain")},
    {28675, &field("ike.cfg.attr.unity.split_domain")},
    {28676, nullptr, nullptr, nullptr, split_networks},
    {28677, &field("ike.cfg.attr.unity.natt_port")},
    {28678, nullptr, nullptr, nullptr, split_networks},
    {28679, &field("ike.cfg.attr.unity.pfs")},
    {28681, &field("ike.cfg.attr.unity.backup_server")},
    {28682, &field("ike.cfg.attr.unity.ddns_hostname")},
};

} // namespace

const AttributeClass phase1_class{field("isakmp.ike.attr"), field("isakmp.ike.attr.format"), field("isakmp.ike.attr.type"),
                                  field("isakmp.ike.attr.length"), field("isakmp.ike.attr.value"), phase1_rules};
const AttributeClass phase2_class{field("isakmp.ipsec.attr"), field("isakmp.ipsec.attr.format"),
                                  field("isakmp.ipsec.attr.type"), field("isakmp.ipsec.attr.length"),
                                  field("isakmp.ipsec.attr.value"), phase2_rules};
const AttributeClass config_class{field("isakmp.cfg.attr", 1), field("isakmp.cfg.attr.format"), field("isakmp.cfg.attr.type", 1),
                                  field("isakmp.cfg.attr.length"), field("isakmp.cfg.attr.value"), config_rules,
                                  &field("isakmp.cfg.attr.value", secret_variant)};

void read_config_attributes(Configuration& config, Cursor& in, Tree* tree) {
    read_attributes(config.attributes, in, tree, config_class);
}
void write_config_attributes(const Configuration& config, Writer& out) { write_attributes(config.attributes, out); }

} // namespace ikescope::dissect::ikev1
