#include "capture/fields.hpp"

#include "capture/field_table.hpp"

namespace ikescope::capture {
namespace {

constexpr FieldAlias aliases[] = {
    {"eth.addr", "eth.src", "eth.dst"},      {"ip.addr", "ip.src", "ip.dst"},
    {"ipv6.addr", "ipv6.src", "ipv6.dst"},   {"udp.port", "udp.srcport", "udp.dstport"},
    {"tcp.port", "tcp.srcport", "tcp.dstport"},
};

} // namespace

std::span<const Field> all_fields() { return link_fields; }
std::span<const FieldAlias> field_aliases() { return aliases; }

} // namespace ikescope::capture
