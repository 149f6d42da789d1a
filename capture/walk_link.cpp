// Link layers, from the LINKTYPE_ registry (tcpdump.org/linktypes.html, draft-ietf-opsawg-pcaplinktype).

#include "capture/walk.hpp"

namespace ikescope::capture {

struct LinkTable {
    using Step = Next (Walk::*)();
    struct Row {
        std::uint16_t link_type;
        Step step;
        std::string_view source;
    };
    static constexpr Row rows[] = {
        {1, &Walk::ethernet, "LINKTYPE_ETHERNET, IEEE 802.3"},
        {113, &Walk::cooked, "LINKTYPE_LINUX_SLL"},
        {276, &Walk::cooked2, "LINKTYPE_LINUX_SLL2"},
        {101, &Walk::by_ip_version, "LINKTYPE_RAW"},
        {12, &Walk::by_ip_version, "DLT_RAW on Linux, found in files"},
        {14, &Walk::by_ip_version, "DLT_RAW on OpenBSD, found in files"},
        {228, &Walk::by_ip_version, "LINKTYPE_IPV4"},
        {229, &Walk::by_ip_version, "LINKTYPE_IPV6"},
        {0, &Walk::null_family, "LINKTYPE_NULL, family in the byte order of the capturing host"},
        {108, &Walk::null_family, "LINKTYPE_LOOP, family in network byte order"},
        {9, &Walk::ppp, "LINKTYPE_PPP, RFC 1661, RFC 1662"},
        {50, &Walk::ppp, "LINKTYPE_PPP_HDLC, RFC 1662"},
        {51, &Walk::pppoe, "LINKTYPE_PPP_ETHER, RFC 2516"},
        {104, &Walk::cisco_hdlc, "LINKTYPE_C_HDLC, Cisco HDLC"},
    };
    static const Row* find(std::uint16_t link_type) {
        for (const auto& row : rows)
            if (row.link_type == link_type) return &row;
        return nullptr;
    }
};

namespace {

// IEEE 802 Numbers (IANA registry "ether-types"), and the GRE protocol types of the same space.
constexpr std::uint16_t ether_ipv4 = 0x0800, ether_service_vlan = 0x88a8;
constexpr std::uint16_t first_ether_type = 0x0600; ///< smaller values are an IEEE 802.3 length

} // namespace

bool Walk::frame(std::uint16_t link_type) {
    const auto* row = LinkTable::find(link_type);
    if (row == nullptr) return false;
    run((this->*row->step)());
    return datagrams_ > 0;
}

//  0            6            12     14
//  | destination | source     | type |
Next Walk::ethernet() {
    if (!room(14)) return {};
    const auto type = half(12);
    layer(LayerKind::ethernet, 14);
    if (type >= first_ether_type) return {Next::By::ether_type, type};
    return llc();
}

/// IEEE 802.2 with SNAP: AA AA 03, organisation 0, then an EtherType.
Next Walk::llc() {
    if (!room(8) || half(0) != 0xaaaa || word(2) != 0x03000000) return {};
    const auto type = half(6);
    layer(LayerKind::llc, 8);
    return {Next::By::ether_type, type};
}

/// Packet type, ARPHRD_ type, address length, address (8), protocol.
Next Walk::cooked() {
    if (!room(16)) return {};
    const auto type = half(14);
    layer(LayerKind::cooked, 16);
    return {Next::By::ether_type, type};
}

/// Protocol, reserved, interface, ARPHRD_ type, packet type, address length, address (8).
Next Walk::cooked2() {
    if (!room(20)) return {};
    const auto type = half(0);
    layer(LayerKind::cooked2, 20);
    return {Next::By::ether_type, type};
}

/// Cisco HDLC: address, control, EtherType.
Next Walk::cisco_hdlc() {
    if (!room(4)) return {};
    const auto type = half(2);
    layer(LayerKind::hdlc, 4);
    return {Next::By::ether_type, type};
}

/// An address family of whichever system captured: AF_INET is 2 everywhere, AF_INET6 is 10, 24, 28 or 30.
Next Walk::null_family() {
    if (!room(4)) return {};
    auto family = word(0);
    if (family > 0xffff) family = __builtin_bswap32(family);
    if (family != 2 && family != 10 && family != 24 && family != 28 && family != 30) return {};
    layer(LayerKind::null_family, 4);
    return {Next::By::ip_version, 0};
}

/// RFC 1662 address and control (FF 03) may be there or be compressed away, and so may the first byte of the protocol.
Next Walk::ppp() {
    std::size_t length = room(2) && half(0) == 0xff03 ? 2 : 0;
    if (length == 0 && room(2) && half(0) == 0x0f00) { // Cisco HDLC in a PPP_HDLC capture: unicast address
        return cisco_hdlc();
    }
    if (!room(length + 2)) return {};
    std::uint16_t protocol = bytes_[at_ + length];
    if (protocol & 1) {
        length += 1;
    } else {
        protocol = half(length);
        length += 2;
    }
    layer(LayerKind::ppp, length);
    return {Next::By::ppp_protocol, protocol};
}

/// IEEE 802.1Q: priority and VLAN, then the EtherType of what follows. 802.1ad stacks them.
Next Walk::vlan(std::uint16_t tag) {
    if (!room(4)) return {};
    const auto type = half(2);
    layer(LayerKind::vlan, 4, tag == ether_service_vlan);
    if (type >= first_ether_type) return {Next::By::ether_type, type};
    return llc();
}

/// RFC 3032: labels until the bottom-of-stack bit; below it the first nibble tells IPv4 from IPv6.
Next Walk::mpls() {
    if (!room(4)) return {};
    const bool bottom = (word(0) & 0x100) != 0;
    layer(LayerKind::mpls, 4);
    return bottom ? Next{Next::By::ip_version, 0} : Next{Next::By::ether_type, 0x8847};
}

/// RFC 2516 4: version and type, code 0 in a session, session, length; then a PPP protocol.
Next Walk::pppoe() {
    if (!room(8) || bytes_[at_ + 1] != 0) return {};
    layer(LayerKind::pppoe, 6);
    return ppp();
}

/// ERSPAN II (draft-foschiano-erspan 4.2): 8 bytes. Type I has no header and no GRE sequence number.
Next Walk::erspan2() {
    if (!room(8)) return {};
    layer(LayerKind::erspan2, 8);
    return ethernet();
}

/// ERSPAN III (4.3): 12 bytes, and 8 more of a platform-specific subheader when the O bit is set.
/// Frame type 2 carries an IP packet without an Ethernet header.
Next Walk::erspan3() {
    if (!room(12)) return {};
    const auto flags = half(10);
    const std::size_t length = flags & 1 ? 20 : 12;
    if (!room(length)) return {};
    layer(LayerKind::erspan3, length);
    return (flags >> 10 & 0x1f) == 2 ? Next{Next::By::ip_version, 0} : ethernet();
}

/// RFC 826 for IPv4 on Ethernet: no datagram, but a line in the list.
Next Walk::arp() {
    if (room(28) && word(0) == 0x00010800) layer(LayerKind::arp, 28);
    return {};
}

Next Walk::by_ether_type(std::uint16_t type) {
    switch (type) {
    case ether_ipv4: return ipv4();
    case 0x86dd: return ipv6();
    case 0x0806: return arp();
    case 0x8100: // IEEE 802.1Q
    case ether_service_vlan: // IEEE 802.1ad
    case 0x9100: // QinQ before 802.1ad
    case 0x9200: return vlan(type);
    case 0x8847: // RFC 3032 5
    case 0x8848: return mpls();
    case 0x8864: return pppoe();    // RFC 2516
    case 0x6558: return ethernet(); // transparent Ethernet bridging, RFC 1701, NVGRE
    case 0x880b: return ppp();      // PPP in GRE (RFC 2637 uses version 1; some use 0)
    case 0x88be: return erspan2();  // draft-foschiano-erspan
    case 0x22eb: return erspan3();
    default: return {};
    }
}

} // namespace ikescope::capture
