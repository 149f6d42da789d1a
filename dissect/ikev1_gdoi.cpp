// Group Domain of Interpretation: SAK, SAT, KD, GAP. RFC 6407 5.3-5.6.

#include "dissect/ikev1_schema.hpp"

namespace ikescope::dissect {

/// A key packet up to its attributes; the length counts the whole packet. RFC 6407 5.6.
template <>
struct Schema<ikev1::KeyPacket> {
    static constexpr std::tuple fields{
        Number<&ikev1::KeyPacket::type, 1>{field("isakmp.kd.payload.type")},
        Reserved<1>{field("isakmp.reserved")},
        Number<&ikev1::KeyPacket::length, 2>{field("isakmp.kd.payload.length")},
        Size<&ikev1::KeyPacket::spi_size, 1, &ikev1::KeyPacket::spi>{field("isakmp.kd.payload.spi_size")},
        Sized<&ikev1::KeyPacket::spi, &ikev1::KeyPacket::spi_size>{field("isakmp.kd.payload.spi")},
    };
};

namespace ikev1 {

namespace {

constexpr std::size_t key_packet_head = 4;

constexpr AttributeRule kek_rules[] = {
    {1, &field("ike.gdoi.kek_management")},
    {2, &field("ike.gdoi.kek_algorithm")},
    {3, &field("ike.gdoi.kek_key_length")},
    {4, &field("ike.gdoi.kek_lifetime")},
    {5, &field("ike.gdoi.signature_hash")},
    {6, &field("ike.gdoi.signature_algorithm")},
    {7, &field("ike.gdoi.signature_key_length")},
    {8, &field("ike.gdoi.oakley_group")},
    {9, &field("ike.gdoi.ack_requested")},
};
constexpr AttributeRule gap_rules[] = {
    {1, &field("ike.gap.activation_delay")},
    {2, &field("ike.gap.deactivation_delay")},
    {3, &field("ike.gap.sender_ids")},
};
constexpr AttributeRule sid_rules[] = {
    {1, &field("ike.key_download.sid_bits")},
    {2, &field("ike.key_download.sid")},
};

constexpr AttributeClass kek_class{field("ike.gdoi.attr"), field("ike.gdoi.attr.format"), field("ike.gdoi.attr.type"),
                                   field("ike.gdoi.attr.length"), field("ike.gdoi.attr.value"), kek_rules};
constexpr AttributeClass gap_class{field("ike.gap.attr"), field("ike.gdoi.attr.format"), field("ike.gap.attr.type"),
                                   field("ike.gdoi.attr.length"), field("ike.gdoi.attr.value"), gap_rules};
constexpr AttributeClass key_class(const Field& type) {
    return {field("isakmp.key_download.attr"), field("isakmp.key_download.attr.format"), type, field("isakmp.key_download.attr.length"),
            field("isakmp.key_download.attr.value"), {}, nullptr, type.names};
}
/// Sender IDs are no keys.
constexpr AttributeClass sid_class{field("isakmp.key_download.attr"), field("isakmp.key_download.attr.format"),
                                   field("isakmp.key_download.attr.type", 4), field("isakmp.key_download.attr.length"),
                                   field("isakmp.key_download.attr.value", open_variant), sid_rules, nullptr, sid_download_attributes};
constexpr AttributeClass key_classes[] = { // by the type of the key packet
    key_class(field("isakmp.key_download.attr.type")), key_class(field("isakmp.key_download.attr.type", 1)),
    key_class(field("isakmp.key_download.attr.type", 2)), key_class(field("isakmp.key_download.attr.type", 3)), sid_class};

struct IdentityFields {
    const Field& type;
    const Field& port;
    const Field& size;
    const Field& data;
};
constexpr IdentityFields kek_source{field("isakmp.sak.src_id_type"), field("isakmp.sak.src_id_port"),
                                    field("isakmp.sak.src_id_length"), field("isakmp.sak.src_id_data")};
constexpr IdentityFields kek_destination{field("isakmp.sak.dst_id_type"), field("isakmp.sak.dst_id_port"),
                                         field("isakmp.sak.dst_id_length"), field("isakmp.sak.dst_id_data")};
constexpr IdentityFields tek_source{field("isakmp.sat.src_id_type"), field("isakmp.sat.src_id_port"),
                                    field("isakmp.sat.src_id_length"), field("isakmp.sat.src_id_data")};
constexpr IdentityFields tek_destination{field("isakmp.sat.dst_id_type"), field("isakmp.sat.dst_id_port"),
                                         field("isakmp.sat.dst_id_length"), field("isakmp.sat.dst_id_data")};

std::uint64_t shown(Cursor& in, Tree* tree, const Field& field, std::size_t width) {
    const auto at = in.offset();
    const auto value = in.number(width, field.label);
    if (tree && !in.fault()) tree->add(field, at, width, value);
    return value;
}
Bytes shown_bytes(Cursor& in, Tree* tree, const Field& field, std::size_t size) {
    const auto at = in.offset();
    const auto bytes = in.take(size, field.label);
    if (tree && !bytes.empty()) tree->add(field, at, size);
    return bytes;
}

void read_identity(GroupIdentity& identity, const IdentityFields& fields, Cursor& in, Tree* tree) {
    identity.type = static_cast<std::uint8_t>(shown(in, tree, fields.type, 1));
    identity.port = static_cast<std::uint16_t>(shown(in, tree, fields.port, 2));
    identity.size = static_cast<std::uint8_t>(shown(in, tree, fields.size, 1));
    identity.data = shown_bytes(in, tree, fields.data, identity.size);
    if (!tree || identity.data.empty()) return;
    const auto words = Identification{identity.type, 0, identity.port, identity.data}.text();
    if (words != hex(identity.data)) tree->annotate(tree->nodes().size() - 1, words);
}
void write_identity(const GroupIdentity& identity, Writer& out) {
    out.number(identity.type, 1);
    out.number(identity.port, 2);
    out.number(identity.data.size(), 1);
    out.bytes(identity.data);
}

void read_key_packet(KeyPacket& packet, Cursor& in, Tree* tree) {
    packet = read<KeyPacket>(in, tree);
    read_attributes(packet.attributes, in, tree, key_classes[packet.type < std::size(key_classes) ? packet.type : 0]);
    finish(tree, in);
}

} // namespace

void read_kek_policy(KekPolicy& policy, Cursor& in, Tree* tree) {
    policy.protocol = static_cast<std::uint8_t>(shown(in, tree, field("isakmp.sak.protoid"), 1));
    read_identity(policy.source, kek_source, in, tree);
    read_identity(policy.destination, kek_destination, in, tree);
    assign(policy.spi, shown_bytes(in, tree, field("isakmp.sak.spi"), policy.spi.size()));
    const auto reserved = shown_bytes(in, tree, field("isakmp.reserved2"), 4);
    if (tree && !reserved.empty()) note_reserved(*tree, tree->nodes().size() - 1, reserved);
    read_attributes(policy.attributes, in, tree, kek_class);
}
void write_kek_policy(const KekPolicy& policy, Writer& out) {
    out.number(policy.protocol, 1);
    write_identity(policy.source, out);
    write_identity(policy.destination, out);
    out.bytes(policy.spi);
    out.zeros(4);
    write_attributes(policy.attributes, out);
}

void read_tek_policy(TekPolicy& policy, Cursor& in, Tree* tree) {
    if (policy.protocol_id != 1 && policy.protocol_id != 2) {
        if (!in.fault()) policy.data = shown_bytes(in, tree, field("isakmp.sat.payload"), in.left());
        return;
    }
    policy.protocol = static_cast<std::uint8_t>(shown(in, tree, field("isakmp.sat.protocol"), 1));
    read_identity(policy.source, tek_source, in, tree);
    read_identity(policy.destination, tek_destination, in, tree);
    policy.transform = static_cast<std::uint8_t>(shown(in, tree, field("isakmp.sat.transform_id"), 1));
    assign(policy.spi, shown_bytes(in, tree, field("isakmp.sat.spi"), policy.spi.size()));
    read_attributes(policy.attributes, in, tree, phase2_class);
}
void write_tek_policy(const TekPolicy& policy, Writer& out) {
    if (policy.protocol_id != 1 && policy.protocol_id != 2) return out.bytes(policy.data);
    out.number(policy.protocol, 1);
    write_identity(policy.source, out);
    write_identity(policy.destination, out);
    out.number(policy.transform, 1);
    out.bytes(policy.spi);
    write_attributes(policy.attributes, out);
}

void read_key_packets(KeyDownload& download, Cursor& in, Tree* tree) {
    download.count = static_cast<std::uint16_t>(shown(in, tree, field("isakmp.kd.num_pkt"), 2));
    shown_bytes(in, tree, field("isakmp.reserved2"), 2);
    while (!in.fault() && in.left() >= key_packet_head && download.packets.size() < download.count) {
        const auto length = static_cast<std::size_t>(big_endian(in.peek(key_packet_head).subspan(2)));
        if (length < key_packet_head) break;
        if (tree) tree->add(field("isakmp.kd.payload"), in.offset(), std::min(length, in.left()));
        TreeLevel level(tree);
        auto body = in.child(length, "Key packet");
        read_key_packet(download.packets.emplace_back(), body, tree);
    }
}
void write_key_packets(const KeyDownload& download, Writer& out) {
    out.number(download.packets.size(), 2);
    out.zeros(2);
    for (const auto& packet : download.packets) {
        const auto start = out.size();
        write(packet, out);
        write_attributes(packet.attributes, out);
        out.patch(start + 2, out.size() - start, 2);
    }
}

void read_group_policy(GroupPolicy& policy, Cursor& in, Tree* tree) {
    read_attributes(policy.attributes, in, tree, gap_class);
}
void write_group_policy(const GroupPolicy& policy, Writer& out) { write_attributes(policy.attributes, out); }

} // namespace ikev1
} // namespace ikescope::dissect
