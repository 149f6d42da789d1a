// Notification data, Delete's SPIs, Vendor ID. RFC 2408 3.14-3.16, RFC 2407 4.6.3, RFC 3706 5.

#include "dissect/ikev1_schema.hpp"
#include "dissect/vendor.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev1 {

namespace {

// RESPONDER-LIFETIME carries attributes of the SA it is about, under names of their own. RFC 2407 4.6.3.1.
constexpr AttributeRule lifetime_phase1_rules[] = {
    {phase1::life_type, &field("isakmp.notify.data.resp_lifetime.ike.attr.life_type")},
    {phase1::life_duration, &field("isakmp.notify.data.resp_lifetime.ike.attr.life_duration"),
     &field("isakmp.notify.data.resp_lifetime.ike.attr.life_duration64"),
     &field("isakmp.notify.data.resp_lifetime.ike.attr.life_duration_bytes")},
};
constexpr AttributeRule lifetime_phase2_rules[] = {
    {phase2::life_type, &field("isakmp.notify.data.resp_lifetime.ipsec.attr.life_type")},
    {phase2::life_duration, &field("isakmp.notify.data.resp_lifetime.ipsec.attr.life_duration"),
     &field("isakmp.notify.data.resp_lifetime.ipsec.attr.life_duration64"),
     &field("isakmp.notify.data.resp_lifetime.ipsec.attr.life_duration_bytes")},
};
constexpr AttributeClass lifetime_phase1{
    field("isakmp.notify.data.resp_lifetime.ike.attr"),        field("isakmp.notify.data.resp_lifetime.ike.attr.format"),
    field("isakmp.notify.data.resp_lifetime.ike.attr.type"),   field("isakmp.notify.data.resp_lifetime.ike.attr.length"),
    field("isakmp.notify.data.resp_lifetime.ike.attr.value"), lifetime_phase1_rules};
constexpr AttributeClass lifetime_phase2{
    field("isakmp.notify.data.resp_lifetime.ipsec.attr"),        field("isakmp.notify.data.resp_lifetime.ipsec.attr.format"),
    field("isakmp.notify.data.resp_lifetime.ipsec.attr.type"),   field("isakmp.notify.data.resp_lifetime.ipsec.attr.length"),
    field("isakmp.notify.data.resp_lifetime.ipsec.attr.value"), lifetime_phase2_rules};

/// The data as one number or address, for the types that have such.
struct NumberRule {
    std::uint16_t type;
    const Field& field;
};
constexpr NumberRule number_rules[] = {
    {notify::replay_status, field("ike.notify.data.replay_status")},
    {notify::r_u_there, field("isakmp.notify.data.dpd.are_you_there")},
    {notify::r_u_there_ack, field("isakmp.notify.data.dpd.are_you_there_ack")},
    {notify::unity_load_balance, field("isakmp.notify.data.unity.load_balance")},
};

void explain_data(const Notification& notification, std::size_t at, Tree& tree) {
    tree.add(field("isakmp.notify.data"), at, notification.data.size());
    TreeLevel level(&tree);
    if (notification.type == notify::responder_lifetime) {
        Cursor in(notification.data, at);
        std::vector<Attribute> attributes;
        read_attributes(attributes, in, &tree, notification.protocol == 1 ? lifetime_phase1 : lifetime_phase2);
        return finish(&tree, in);
    }
    for (const auto& rule : number_rules)
        if (rule.type == notification.type && notification.data.size() == 4)
            tree.add(rule.field, at, 4, big_endian(notification.data));
}

} // namespace

void read_notify_data(Notification& notification, Cursor& in, Tree* tree) {
    if (in.fault()) return;
    const auto at = in.offset();
    notification.data = in.rest("Notification data");
    if (tree && !notification.data.empty()) explain_data(notification, at, *tree);
}
void write_notify_data(const Notification& notification, Writer& out) { out.bytes(notification.data); }

void read_delete_spis(Delete& payload, Cursor& in, Tree* tree) {
    if (payload.spi_size == 0) return;
    while (payload.spis.size() < payload.count && !in.fault()) {
        const auto at = in.offset();
        const auto spi = in.take(payload.spi_size, "SPI");
        if (in.fault()) break;
        payload.spis.push_back(spi);
        if (tree) tree->add(field("isakmp.delete.spi"), at, spi.size());
    }
}
void write_delete_spis(const Delete& payload, Writer& out) {
    for (const auto& spi : payload.spis) out.bytes(spi);
}

void read_vendor(VendorId& vendor, Cursor& in, Tree* tree) { read_vendor_id(vendor.data, in, tree); }
void write_vendor(const VendorId& vendor, Writer& out) { out.bytes(vendor.data); }

} // namespace ikescope::dissect::ikev1
