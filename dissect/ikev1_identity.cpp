// Identities: the Identification payload's data and NAT-OA. RFC 2407 4.6.2, RFC 3947 5.2.

#include "dissect/ikev1_schema.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev1 {

namespace {

bool is_pair(std::uint8_t type) { return type == id::ipv4_subnet || type == id::ipv4_range || type == id::ipv6_subnet || type == id::ipv6_range; }
bool is_v6(std::uint8_t type) { return type == id::ipv6_addr || type == id::ipv6_subnet || type == id::ipv6_range; }
bool is_subnet(std::uint8_t type) { return type == id::ipv4_subnet || type == id::ipv6_subnet; }

/// How many bytes the data must have; 0 = any number.
std::size_t expected_size(std::uint8_t type) {
    if (type == id::ipv4_addr) return 4;
    if (type == id::ipv6_addr) return 16;
    if (is_pair(type)) return is_v6(type) ? 32 : 8;
    return 0;
}

/// Leading one bits of a mask; nothing when ones follow zeros.
std::optional<std::uint8_t> prefix_length(Bytes mask) {
    std::uint8_t length = 0;
    bool ended = false;
    for (auto byte : mask)
        for (int bit = 7; bit >= 0; --bit) {
            const bool one = (byte >> bit & 1) != 0;
            if (one && ended) return {};
            ended = ended || !one;
            length = static_cast<std::uint8_t>(length + one);
        }
    return length;
}

std::string pair_text(std::uint8_t type, Bytes data) {
    const auto half = data.size() / 2;
    const auto first = IpAddress::from(data.first(half)).text();
    const auto second = IpAddress::from(data.subspan(half)).text();
    if (!is_subnet(type)) return first + "-" + second;
    const auto length = prefix_length(data.subspan(half));
    return first + "/" + (length ? std::to_string(*length) : second);
}

bool all_printable(Bytes bytes) {
    return !bytes.empty() && std::ranges::all_of(bytes, [](Byte byte) { return byte >= 0x20 && byte < 0x7f; });
}

/// Data of a size that its ID type cannot have.
void judge_size(Tree& tree, Tree::Index node, std::uint8_t type, std::size_t size) {
    tree.judge(node, Severity::error);
    tree.annotate(node, fmt::format("{} must have {} bytes, {} {} there", name_of(id_types, type), expected_size(type), size,
                                    size == 1 ? "is" : "are"));
}

struct Fields {
    const Field& first;
    const Field& second;
};
Fields fields_of(std::uint8_t type) {
    switch (type) {
    case id::ipv4_addr: return {field("isakmp.id.data.ipv4_addr"), field("isakmp.id.data.ipv4_addr")};
    case id::fqdn: return {field("isakmp.id.data.fqdn"), field("isakmp.id.data.fqdn")};
    case id::user_fqdn: return {field("isakmp.id.data.user_fqdn"), field("isakmp.id.data.user_fqdn")};
    case id::ipv4_subnet: return {field("isakmp.id.data.ipv4_addr"), field("isakmp.id.data.ipv4_subnet")};
    case id::ipv6_addr: return {field("isakmp.id.data.ipv6_addr"), field("isakmp.id.data.ipv6_addr")};
    case id::ipv6_subnet: return {field("isakmp.id.data.ipv6_addr"), field("isakmp.id.data.ipv6_subnet")};
    case id::ipv4_range: return {field("isakmp.id.data.ipv4_range_start"), field("isakmp.id.data.ipv4_range_end")};
    case id::ipv6_range: return {field("isakmp.id.data.ipv6_range_start"), field("isakmp.id.data.ipv6_range_end")};
    case id::der_asn1_dn:
    case id::der_asn1_gn: return {field("ike.id.data.der"), field("ike.id.data.der")};
    case id::key_id: return {field("isakmp.id.data.key_id"), field("isakmp.id.data.key_id")};
    default: return {field("ike.id.data.bytes"), field("ike.id.data.bytes")};
    }
}

std::uint64_t value_of(const Field& field, Bytes bytes) { return field.kind == Kind::ipv4 ? big_endian(bytes) : 0; }

void explain_data(const Identification& identity, std::size_t at, Tree& tree) {
    const auto node = tree.add(field("isakmp.id.data"), at, identity.data.size());
    if (is_subnet(identity.type)) tree.annotate(node, identity.text());
    TreeLevel level(&tree);
    const auto wanted = expected_size(identity.type);
    const auto size = identity.data.size();
    if (wanted != 0 && size != wanted) {
        judge_size(tree, node, identity.type, size);
        tree.add(field("ike.id.data.bytes"), at, size);
        return;
    }
    const auto [first, second] = fields_of(identity.type);
    const auto split = is_pair(identity.type) ? size / 2 : size;
    const auto leaf = tree.add(first, at, split, value_of(first, identity.data.first(split)));
    if (identity.type == id::key_id && all_printable(identity.data)) tree.annotate(leaf, identity.text());
    if (split < size) tree.add(second, at + split, size - split, value_of(second, identity.data.subspan(split)));
}

} // namespace

std::string Identification::text() const {
    const auto wanted = expected_size(type);
    if (wanted != 0 && data.size() != wanted) return hex(data);
    if (is_pair(type)) return pair_text(type, data);
    if (wanted != 0) return IpAddress::from(data).text();
    if (type == id::fqdn || type == id::user_fqdn) return printable(data);
    if (type == id::key_id && all_printable(data)) return printable(data);
    return hex(data);
}

std::optional<IpAddress> Identification::address() const {
    if ((type == id::ipv4_addr || type == id::ipv6_addr) && data.size() == expected_size(type)) return IpAddress::from(data);
    return {};
}

void read_id_data(Identification& identity, Cursor& in, Tree* tree) {
    if (in.fault()) return;
    const auto at = in.offset();
    identity.data = in.rest("Identification data");
    if (tree && (!identity.data.empty() || expected_size(identity.type) != 0)) explain_data(identity, at, *tree);
}
void write_id_data(const Identification& identity, Writer& out) { out.bytes(identity.data); }

void read_original_address(NatOriginalAddress& original, Cursor& in, Tree* tree) {
    if (in.fault()) return;
    const auto at = in.offset();
    original.data = in.rest("Address");
    const auto size = original.data.size();
    const bool v4 = original.type == id::ipv4_addr, v6 = original.type == id::ipv6_addr;
    if (!tree || size == 0) return;
    if ((v4 || v6) && size == expected_size(original.type)) {
        const auto& address = v4 ? field("isakmp.ike.nat_original_address_ipv4") : field("isakmp.ike.nat_original_address_ipv6");
        tree->add(address, at, size, value_of(address, original.data));
        return;
    }
    const auto node = tree->add(field("ike.id.data.bytes"), at, size);
    tree->judge(node, Severity::error);
    if (v4 || v6) judge_size(*tree, node, original.type, size);
    else tree->annotate(node, "the address of a NAT-OA payload is IPv4 or IPv6 (RFC 3947 5.2)");
}
void write_original_address(const NatOriginalAddress& original, Writer& out) { out.bytes(original.data); }

} // namespace ikescope::dissect::ikev1
