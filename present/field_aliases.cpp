// Other names of fields. Wireshark renamed some between 1.12, 4.0 and its development version; filters written for any
// of them work. Combined names (ip.addr) mean both directions.

#include "present/field_catalog.hpp"

namespace ikescope::present {

namespace {

constexpr FieldAlias aliases[] = {
    {"ip.addr", {"ip.src", "ip.dst"}, "either end"},
    {"ip.host", {"ip.src", "ip.dst"}, "addresses are never resolved"},
    {"ip.src_host", {"ip.src"}, "addresses are never resolved"},
    {"ip.dst_host", {"ip.dst"}, "addresses are never resolved"},
    {"ipv6.addr", {"ipv6.src", "ipv6.dst"}, "either end"},
    {"ipv6.host", {"ipv6.src", "ipv6.dst"}, "addresses are never resolved"},
    {"ipv6.src_host", {"ipv6.src"}, "addresses are never resolved"},
    {"ipv6.dst_host", {"ipv6.dst"}, "addresses are never resolved"},
    {"eth.addr", {"eth.src", "eth.dst"}, "either end"},
    {"udp.port", {"udp.srcport", "udp.dstport"}, "either end"},
    {"tcp.port", {"tcp.srcport", "tcp.dstport"}, "either end"},
    {"isakmp.tf.id.ke", {"isakmp.tf.id.dh"}, "Wireshark 4.5 and later"},
    {"isakmp.key_exchange.method", {"isakmp.key_exchange.dh_group"}, "Wireshark 4.5 and later"},
    {"isakmp.exchange", {"isakmp.exchangetype"}, "often written"},
    {"isakmp.exchtype", {"isakmp.exchangetype"}, "often written, never existed"},
    {"isakmp.payload", {"isakmp.typepayload"}, "often written"},
    {"isakmp.icookie", {"isakmp.ispi"}, "Wireshark before 1.8"},
    {"isakmp.rcookie", {"isakmp.rspi"}, "Wireshark before 1.8"},
};

} // namespace

std::span<const FieldAlias> field_aliases() { return aliases; }
std::span<const FieldRefusal> field_refusals() { return {}; }

} // namespace ikescope::present
