// Host name, VRFs and interfaces: which address is where, in which VRF, and what protects it.

#include "ios/commands.hpp"

namespace ikescope::ios {
namespace {

Interface& at(Reading& r) { return r.router.interfaces[r.block]; }

void hostname(Reading& r, const Call& call) {
    r.router.name = std::string(call.name(0));
    r.mode = Mode::global;
}
void domain_name(Reading& r, const Call& call) { r.router.domain_name = std::string(call.name(0)); }
void vrf(Reading& r, const Call& call) {
    r.router.vrfs.emplace_back(call.name(0));
    r.open(Mode::vrf, 0);
}

void interface(Reading& r, const Call& call) {
    auto number = call.rest(0);
    if (!number.empty() && (number[0] < '0' || number[0] > '9')) number = {};
    r.open(Mode::interface, named_element(r.router.interfaces, interface_name(call.name(0), number), r.line));
}

void address(Reading& r, const Call& call) {
    InterfaceAddress out;
    out.line = r.line;
    const auto ip = IpAddress::parse(call.rest(0));
    if (!ip || ip->family != 4) {
        at(r).address_unknown = true;
        if (!call.rest(0).empty() && call.rest(0)[0] >= '0' && call.rest(0)[0] <= '9')
            r.block_on("the address of the interface cannot be read");
        return;
    }
    out.address = *ip;
    const auto text = call.rest(1);
    const auto mask = mask_from(text);
    out.length = mask ? mask->length : 24;
    out.mask_assumed = !mask || mask->assumed;
    if (out.mask_assumed)
        r.note("the mask '" + std::string(text) + "' is " + (mask ? "cut short" : "not a netmask") + "; /" +
               std::to_string(out.length) + " assumed");
    out.secondary = abbreviates(call.rest(2), "secondary");
    // A new primary address takes the place of the old one.
    if (!out.secondary)
        std::erase_if(at(r).addresses, [](const auto& old) { return !old.secondary && old.address.family == 4; });
    at(r).addresses.insert(out.secondary ? at(r).addresses.end() : at(r).addresses.begin(), out);
}

void address6(Reading& r, const Call& call) {
    const auto prefix = ipv6_prefix(call.rest(0));
    if (!prefix) return;
    at(r).addresses.push_back({r.line, prefix->address, prefix->length, false, false});
}

void unnumbered(Reading& r, const Call&) { at(r).address_unknown = true; }
void forwarding(Reading& r, const Call& call) { at(r).vrf = std::string(call.name(0)); }
void map_on(Reading& r, const Call& call) { at(r).crypto_map = std::string(call.name(0)); }
void down(Reading& r, const Call&) { at(r).shut_down = true; }
void up(Reading& r, const Call&) { at(r).shut_down = false; }
void tunnel_vrf(Reading& r, const Call& call) { at(r).tunnel_vrf = std::string(call.name(0)); }
void protection(Reading& r, const Call& call) { at(r).tunnel_protection = std::string(call.name(0)); }

void tunnel_source(Reading& r, const Call& call) {
    at(r).tunnel_source = IpAddress::parse(call.rest(0)) ? std::string(call.rest(0))
                                                        : interface_name(call.rest(0), call.rest(1));
}
void tunnel_destination(Reading& r, const Call& call) {
    const auto ip = IpAddress::parse(call.rest(0));
    const bool word = !call.rest(0).empty() && (call.rest(0)[0] < '0' || call.rest(0)[0] > '9');
    if (!ip && !word) return r.block_on("the destination of the tunnel cannot be read");
    at(r).tunnel_destination = std::string(call.rest(0));
}
void tunnel_mode(Reading& r, const Call& call) {
    static constexpr std::string_view kinds[] = {"gre", "ipsec", "ipip"};
    static constexpr std::string_view gre[] = {"ip", "multipoint", "ipv6"}, ipsec[] = {"ipv4", "ipv6", "dual-overlay"};
    const auto kind = complete(call.rest(0), kinds);
    if (kind.empty()) return r.note("this tunnel mode is not known; gre ip assumed");
    const auto detail = complete(call.rest(1), kind == "gre" ? std::span<const std::string_view>(gre) : ipsec);
    at(r).tunnel_mode = std::string(kind) + (detail.empty() ? "" : " " + std::string(detail));
}

constexpr Command table[] = {
    {Mode::global, "hostname NAME", hostname},
    {Mode::global, "ip domain-name NAME", domain_name},
    {Mode::global, "ip domain name NAME", domain_name},
    {Mode::global, "ip vrf NAME", vrf},
    {Mode::global, "vrf definition NAME", vrf},
    {Mode::global, "interface NAME ...", interface},
    {Mode::interface, "ip address ...", address},
    {Mode::interface, "ipv6 address ...", address6},
    {Mode::interface, "ip unnumbered ...", unnumbered},
    {Mode::interface, "ip vrf forwarding NAME", forwarding},
    {Mode::interface, "vrf forwarding NAME", forwarding},
    {Mode::interface, "crypto map NAME", map_on},
    {Mode::interface, "crypto map NAME redundancy ...", map_on},
    {Mode::interface, "shutdown", down},
    {Mode::interface, "no shutdown", up},
    {Mode::interface, "tunnel source ...", tunnel_source},
    {Mode::interface, "tunnel destination ...", tunnel_destination},
    {Mode::interface, "tunnel mode ...", tunnel_mode},
    {Mode::interface, "tunnel protection ipsec profile NAME ...", protection},
    {Mode::interface, "tunnel vrf NAME", tunnel_vrf},
    {Mode::interface, "description ...", nullptr},
};

} // namespace

std::span<const Command> interface_commands() { return table; }

} // namespace ikescope::ios
