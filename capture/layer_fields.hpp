#pragma once
// Which fields each header has, and where: one table per kind of layer.

#include "capture/field_table.hpp"
#include "capture/walk.hpp"

namespace ikescope::capture {

/// A field at a fixed place of its header. The value is what the field's mask selects, times its scale.
struct Item {
    const Field* field;
    std::uint8_t at;
    std::uint8_t width;
    std::uint8_t depth = 0; ///< bits stand below the byte they are in
};

struct LayerFields {
    LayerKind kind;
    const Field* heading;
    std::string_view protocol; ///< its part of frame.protocols
    std::span<const Item> items;
};

inline constexpr Item ethernet_items[] = {{field("eth.dst"), 0, 6},       {field("eth.dst.lg"), 0, 3, 1}, {field("eth.dst.ig"), 0, 3, 1}, {field("eth.src"), 6, 6},
                                          {field("eth.src.lg"), 6, 3, 1}, {field("eth.src.ig"), 6, 3, 1}, {field("eth.type"), 12, 2}};
inline constexpr Item llc_items[] = {{field("llc.type"), 6, 2}};
inline constexpr Item cooked_items[] = {
    {field("sll.pkttype"), 0, 2}, {field("sll.hatype"), 2, 2}, {field("sll.halen"), 4, 2}, {field("sll.src.eth"), 6, 6}, {field("sll.etype"), 14, 2}};
inline constexpr Item cooked2_items[] = {{field("sll.etype"), 0, 2}, {field("sll.ifindex"), 4, 4}, {field("sll.hatype"), 8, 2},
                                         {field("sll.pkttype"), 10, 1}, {field("sll.halen"), 11, 1}, {field("sll.src.eth"), 12, 6}};
inline constexpr Item null_items[] = {{field("null.family"), 0, 4}};
inline constexpr Item hdlc_items[] = {{field("chdlc.protocol"), 2, 2}};
inline constexpr Item vlan_items[] = {{field("vlan.priority"), 0, 2}, {field("vlan.dei"), 0, 2}, {field("vlan.id"), 0, 2}, {field("vlan.etype"), 2, 2}};
inline constexpr Item service_vlan_items[] = {{field("ieee8021ad.priority"), 0, 1}, {field("ieee8021ad.dei"), 0, 1}, {field("ieee8021ad.id"), 0, 2}};
inline constexpr Item mpls_items[] = {{field("mpls.label"), 0, 4}, {field("mpls.exp"), 0, 4}, {field("mpls.bottom"), 0, 4}, {field("mpls.ttl"), 0, 4}};
inline constexpr Item pppoe_items[] = {{field("pppoe.version"), 0, 1}, {field("pppoe.type"), 0, 1}, {field("pppoe.code"), 1, 1},
                                       {field("pppoe.session_id"), 2, 2}, {field("pppoe.payload_length"), 4, 2}};
inline constexpr Item erspan_items[] = {{field("erspan.version"), 0, 2}, {field("erspan.vlan"), 0, 2}, {field("erspan.cos"), 2, 2}, {field("erspan.spanid"), 2, 2}};
inline constexpr Item ipv4_items[] = {
    {field("ip.version"), 0, 1}, {field("ip.hdr_len"), 0, 1}, {field("ip.dsfield"), 1, 1}, {field("ip.dsfield.dscp"), 1, 1, 1},
    {field("ip.dsfield.ecn"), 1, 1, 1}, {field("ip.len"), 2, 2}, {field("ip.id"), 4, 2}, {field("ip.flags"), 6, 1}, {field("ip.flags.rb"), 6, 1, 1},
    {field("ip.flags.df"), 6, 1, 1}, {field("ip.flags.mf"), 6, 1, 1}, {field("ip.frag_offset"), 6, 2}, {field("ip.ttl"), 8, 1},
    {field("ip.proto"), 9, 1}, {field("ip.checksum"), 10, 2}, {field("ip.src"), 12, 4}, {field("ip.dst"), 16, 4}};
inline constexpr Item ipv6_items[] = {
    {field("ipv6.version"), 0, 1}, {field("ip.version"), 0, 1}, {field("ipv6.tclass"), 0, 4}, {field("ipv6.flow"), 1, 3}, {field("ipv6.plen"), 4, 2},
    {field("ipv6.nxt"), 6, 1}, {field("ipv6.hlim"), 7, 1}, {field("ipv6.src"), 8, 16}, {field("ipv6.dst"), 24, 16}};
inline constexpr Item hop_by_hop_items[] = {{field("ipv6.hopopts.nxt"), 0, 1}, {field("ipv6.hopopts.len"), 1, 1}};
inline constexpr Item routing_items[] = {
    {field("ipv6.routing.nxt"), 0, 1}, {field("ipv6.routing.len"), 1, 1}, {field("ipv6.routing.type"), 2, 1}, {field("ipv6.routing.segleft"), 3, 1}};
inline constexpr Item destination_items[] = {{field("ipv6.dstopts.nxt"), 0, 1}, {field("ipv6.dstopts.len"), 1, 1}};
inline constexpr Item fragment_items[] = {
    {field("ipv6.fraghdr.nxt"), 0, 1}, {field("ipv6.fraghdr.offset"), 2, 2}, {field("ipv6.fraghdr.more"), 2, 2}, {field("ipv6.fraghdr.ident"), 4, 4}};
inline constexpr Item gre_items[] = {
    {field("gre.flags_and_version"), 0, 2}, {field("gre.flags.checksum"), 0, 2, 1}, {field("gre.flags.routing"), 0, 2, 1}, {field("gre.flags.key"), 0, 2, 1},
    {field("gre.flags.sequence_number"), 0, 2, 1}, {field("gre.flags.version"), 0, 2, 1}, {field("gre.proto"), 2, 2}};
inline constexpr Item ah_items[] = {{field("ah.next_header"), 0, 1}, {field("ah.length"), 1, 1}, {field("ah.reserved"), 2, 2}, {field("ah.spi"), 4, 4}, {field("ah.sequence"), 8, 4}};
inline constexpr Item esp_items[] = {{field("esp.spi"), 0, 4}, {field("esp.sequence"), 4, 4}};
inline constexpr Item udp_items[] = {{field("udp.srcport"), 0, 2}, {field("udp.dstport"), 2, 2}, {field("udp.length"), 4, 2}, {field("udp.checksum"), 6, 2}};
inline constexpr Item tcp_items[] = {
    {field("tcp.srcport"), 0, 2}, {field("tcp.dstport"), 2, 2}, {field("tcp.seq_raw"), 4, 4}, {field("tcp.ack_raw"), 8, 4}, {field("tcp.hdr_len"), 12, 1},
    {field("tcp.flags"), 12, 2}, {field("tcp.flags.res"), 12, 2, 1}, {field("tcp.flags.ae"), 12, 2, 1}, {field("tcp.flags.cwr"), 12, 2, 1},
    {field("tcp.flags.ece"), 12, 2, 1}, {field("tcp.flags.urg"), 12, 2, 1}, {field("tcp.flags.ack"), 12, 2, 1}, {field("tcp.flags.push"), 12, 2, 1},
    {field("tcp.flags.reset"), 12, 2, 1}, {field("tcp.flags.syn"), 12, 2, 1}, {field("tcp.flags.fin"), 12, 2, 1},
    {field("tcp.window_size_value"), 14, 2}, {field("tcp.checksum"), 16, 2}, {field("tcp.urgent_pointer"), 18, 2}};

inline constexpr Item arp_items[] = {{field("arp.opcode"), 6, 2}, {field("arp.src.hw_mac"), 8, 6}, {field("arp.src.proto_ipv4"), 14, 4},
                                     {field("arp.dst.hw_mac"), 18, 6}, {field("arp.dst.proto_ipv4"), 24, 4}};
inline constexpr Item icmp_items[] = {{field("icmp.type"), 0, 1}, {field("icmp.code"), 1, 1}, {field("icmp.checksum"), 2, 2}};
inline constexpr Item icmpv6_items[] = {{field("icmpv6.type"), 0, 1}, {field("icmpv6.code"), 1, 1}, {field("icmpv6.checksum"), 2, 2}};

/// In the order of LayerKind, which is the index.
inline constexpr LayerFields layer_fields[] = {
    {LayerKind::ethernet, field("eth"), "eth", ethernet_items},
    {LayerKind::llc, field("llc"), "llc", llc_items},
    {LayerKind::cooked, field("sll"), "sll", cooked_items},
    {LayerKind::cooked2, field("sll"), "sll", cooked2_items},
    {LayerKind::null_family, field("null"), "null", null_items},
    {LayerKind::hdlc, field("chdlc"), "chdlc", hdlc_items},
    {LayerKind::ppp, field("ppp"), "ppp", {}},
    {LayerKind::vlan, field("vlan"), "vlan", vlan_items},
    {LayerKind::mpls, field("mpls"), "mpls", mpls_items},
    {LayerKind::pppoe, field("pppoe"), "pppoes", pppoe_items},
    {LayerKind::erspan2, field("erspan"), "erspan", erspan_items},
    {LayerKind::erspan3, field("erspan"), "erspan", erspan_items},
    {LayerKind::ipv4, field("ip"), "ip", ipv4_items},
    {LayerKind::ipv6, field("ipv6"), "ipv6", ipv6_items},
    {LayerKind::ipv6_extension, field("ipv6.dstopts"), "ipv6.dstopts", destination_items},
    {LayerKind::ipv6_fragment, field("ipv6.fraghdr"), "ipv6.fraghdr", fragment_items},
    {LayerKind::gre, field("gre"), "gre", gre_items},
    {LayerKind::ah, field("ah"), "ah", ah_items},
    {LayerKind::esp, field("esp"), "esp", esp_items},
    {LayerKind::udp, field("udp"), "udp", udp_items},
    {LayerKind::tcp, field("tcp"), "tcp", tcp_items},
    {LayerKind::icmp, field("icmp"), "icmp", icmp_items},
    {LayerKind::icmpv6, field("icmpv6"), "icmpv6", icmpv6_items},
    {LayerKind::arp, field("arp"), "arp", arp_items},
};
constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(layer_fields); ++i)
        if (static_cast<std::size_t>(layer_fields[i].kind) != i) return false;
    return true;
}
static_assert(in_order());
inline constexpr LayerFields hop_by_hop_fields{LayerKind::ipv6_extension, field("ipv6.hopopts"), "ipv6.hopopts", hop_by_hop_items};
inline constexpr LayerFields service_vlan_fields{LayerKind::vlan, field("ieee8021ad"), "ieee8021ad", service_vlan_items};
inline constexpr LayerFields routing_fields{LayerKind::ipv6_extension, field("ipv6.routing"), "ipv6.routing", routing_items};

constexpr const LayerFields& fields_of(const Layer& layer) {
    if (layer.kind == LayerKind::ipv6_extension && layer.type == 0) return hop_by_hop_fields;
    if (layer.kind == LayerKind::ipv6_extension && layer.type == 43) return routing_fields;
    if (layer.kind == LayerKind::vlan && layer.type == 1) return service_vlan_fields;
    return layer_fields[static_cast<std::size_t>(layer.kind)];
}

} // namespace ikescope::capture
