// Notify payloads: the data of the types that have a format. RFC 7296 3.10 and the documents named at each.

#include "dissect/ikev2_schema.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev2 {

namespace {

using Explain = void (*)(const Reader&);

/// RFC 7296 3.10.1: CPI, transform, attributes.
void ipcomp(const Reader& r) {
    r.number(field("isakmp.notify.data.ipcomp.cpi"), 2);
    r.number(field("isakmp.notify.data.ipcomp.transform_id"), 1);
}

void gateway(const Reader& r, const Field& v4, const Field& v6, const Field& fqdn, const Field& other) {
    const auto type = r.number(field("isakmp.notify.data.redirect.gw_ident.type"), 1);
    const auto length = static_cast<std::size_t>(r.number(field("isakmp.notify.data.redirect.gw_ident.len"), 1));
    if (r.in.fault()) return;
    const bool is_v4 = type == 1 && length == 4, is_v6 = type == 2 && length == 16;
    r.bytes(is_v4 ? v4 : is_v6 ? v6 : type == 3 ? fqdn : other, length);
}
/// RFC 5685 7.2: type, length, identity, and in IKE_SA_INIT the initiator's nonce.
void redirect(const Reader& r) {
    gateway(r, field("isakmp.notify.data.redirect.new_resp_gw_ident.ipv4"),
            field("isakmp.notify.data.redirect.new_resp_gw_ident.ipv6"),
            field("isakmp.notify.data.redirect.new_resp_gw_ident.fqdn"),
            field("isakmp.notify.data.redirect.new_resp_gw_ident.data"));
    if (r.in.more()) r.rest(field("isakmp.notify.data.redirect.nonce_data"));
}
/// RFC 5685 7.3
void redirected_from(const Reader& r) {
    gateway(r, field("isakmp.notify.data.redirect.org_resp_gw_ident.ipv4"),
            field("isakmp.notify.data.redirect.org_resp_gw_ident.ipv6"),
            field("ike.notify.data.redirect.org_resp_gw_ident.fqdn"),
            field("isakmp.notify.data.redirect.org_resp_gw_ident.data"));
}
/// RFC 5723 7.1
void ticket_with_lifetime(const Reader& r) {
    r.number(field("isakmp.notify.data.ticket_opaque.lifetime"), 4);
    if (r.in.more()) r.rest(field("isakmp.notify.data.ticket_opaque.data"));
}

const Field* rohc_number(std::uint16_t type) {
    switch (type) {
    case 1: return &field("isakmp.notify.data.rohc.attr.max_cid");
    case 2: return &field("isakmp.notify.data.rohc.attr.profile");
    case 3: return &field("isakmp.notify.data.rohc.attr.integ");
    case 4: return &field("isakmp.notify.data.rohc.attr.icv_len");
    case 5: return &field("isakmp.notify.data.rohc.attr.mrru");
    default: return nullptr;
    }
}
/// RFC 5857 3.1.2
void rohc_attribute(const Reader& r) {
    const auto node = r.heading(field("isakmp.notify.data.rohc.attr"));
    TreeLevel level(r.tree);
    const auto head = r.flagged(field("isakmp.notify.data.rohc.attr.format"), field("isakmp.notify.data.rohc.attr.type"));
    const bool brief = (head & 0x8000) != 0;
    const auto size = brief ? 2 : static_cast<std::size_t>(r.number(field("isakmp.notify.data.rohc.attr.length"), 2));
    const auto at = r.in.offset();
    const auto value = r.bytes(field("isakmp.notify.data.rohc.attr.value"), size);
    if (const auto* number = rohc_number(head & 0x7fff); r.tree && number && value.size() == 2)
        r.tree->add(*number, at, 2, big_endian(value));
    r.end(node, head & 0x7fffU);
}
void rohc(const Reader& r) {
    while (r.in.more()) rohc_attribute(r);
}

/// RFC 6311 8.1
void message_id_sync(const Reader& r) {
    r.number(field("isakmp.notify.data.ha.nonce_data"), 4);
    r.number(field("isakmp.notify.data.ha.expected_send_req_message_id"), 4);
    r.number(field("isakmp.notify.data.ha.expected_recv_req_message_id"), 4);
}
/// RFC 8019 8.1
void puzzle(const Reader& r) {
    r.number(field("ike.notify.puzzle.prf"), 2);
    r.number(field("ike.notify.puzzle.difficulty"), 1);
}
/// RFC 9347 5.1
void aggfrag(const Reader& r) {
    static constexpr Bit bits[] = {{field("ike.notify.aggfrag.congestion_control")}, {field("ike.notify.aggfrag.dont_fragment")}};
    const auto& flags = field("ike.notify.aggfrag.flags");
    const auto at = r.in.offset();
    const auto value = r.in.number(1, flags.label);
    if (r.tree && !r.in.fault()) add_bits(*r.tree, flags, at, 1, value, bits);
}
void ppk_id(const Reader& r, std::size_t size) {
    const auto id = r.bytes(field("ike.notify.ppk.id"), size);
    const bool printable_id = std::ranges::all_of(id, [](Byte byte) { return byte >= 0x20 && byte < 0x7f; });
    if (!id.empty() && printable_id) r.annotate(r.last(), printable(id));
}
/// RFC 8784 5.1
void ppk_identity(const Reader& r) {
    r.number(field("ike.notify.ppk.type"), 1);
    if (r.in.more()) ppk_id(r, r.in.left());
}
/// RFC 9867: a PPK_ID, then eight bytes that confirm the key.
void ppk_identity_key(const Reader& r) {
    constexpr std::size_t confirmation = 8;
    r.number(field("ike.notify.ppk.type"), 1);
    if (r.in.left() > confirmation) ppk_id(r, r.in.left() - confirmation);
    r.bytes(field("ike.notify.ppk.confirmation"), confirmation);
}
/// RFC 9593 3.2: each announcement says its length; a link to CERTREQ's authorities and an algorithm may follow.
void announcements(const Reader& r) {
    while (r.in.more()) {
        const auto node = r.heading(field("ike.notify.announcement"));
        TreeLevel level(r.tree);
        const auto length = static_cast<std::size_t>(r.number(field("ike.notify.announcement.length"), 1));
        r.number(field("ike.notify.announcement.method"), 1);
        if (length >= 3) r.number(field("ike.notify.announcement.cert_link"), 1);
        if (length > 3 && !r.in.fault()) {
            const auto algorithm = r.bytes(field("ike.notify.announcement.algorithm"), length - 3);
            if (!algorithm.empty()) r.annotate(r.last(), algorithm_name(algorithm));
        }
        r.end(node);
    }
}

/// 3GPP TS 24.302: length, then a GPRS timer 3 (TS 24.008 10.5.7.4a): unit in three bits, value in five.
void backoff_timer(const Reader& r) {
    r.number(field("isakmp.notify.priv.3gpp.backoff_timer_len"), 1);
    const auto at = r.in.offset();
    const auto timer = r.in.number(1, "Timer");
    if (!r.tree || r.in.fault()) return;
    constexpr std::uint32_t seconds[] = {600, 3600, 36000, 2, 30, 60, 1152000, 0};
    const auto& unit = field("ike.notify.3gpp.backoff_timer.unit");
    r.tree->add(unit, at, 1, bit_value(unit, timer));
    const auto& value = field("ike.notify.3gpp.backoff_timer.value");
    const auto node = r.tree->add(value, at, 1, bit_value(value, timer));
    const auto each = seconds[timer >> 5];
    r.annotate(node, each == 0 ? "deactivated" : fmt::format("{} seconds", each * (timer & 0x1f)));
}

/// Swapped nibbles, 0xf = none. 3GPP TS 24.008 10.5.1.4.
std::string bcd_digits(Bytes bytes) {
    std::string digits;
    for (const auto byte : bytes)
        for (const auto nibble : {byte & 0x0f, byte >> 4})
            if (nibble < 10) digits += static_cast<char>('0' + nibble);
    return digits;
}
/// 3GPP TS 24.302: length, type, identity; empty data ask the peer for it.
void device_identity(const Reader& r) {
    r.number(field("isakmp.notify.priv.3gpp.device_identity_len"), 2);
    const auto type = r.number(field("isakmp.notify.priv.3gpp.device_identity_type"), 1);
    if (!r.in.more()) return;
    const auto digits = r.rest(type == 1   ? field("isakmp.notify.priv.3gpp.device_identity_imei")
                               : type == 2 ? field("isakmp.notify.priv.3gpp.device_identity_imeisv")
                                           : field("ike.notify.3gpp.device_identity.data"));
    r.annotate(r.last(), bcd_digits(digits));
}
void service_category(const Reader& r) {
    static constexpr Bit bits[] = {{field("isakmp.notify.priv.3gpp.emergency_call_numbers_spare")},
                                   {field("isakmp.notify.priv.3gpp.emergency_call_numbers_flag_b1_police")},
                                   {field("isakmp.notify.priv.3gpp.emergency_call_numbers_flag_b2_ambulance")},
                                   {field("isakmp.notify.priv.3gpp.emergency_call_numbers_flag_b3_fire_brigade")},
                                   {field("isakmp.notify.priv.3gpp.emergency_call_numbers_b4_marine_guard")},
                                   {field("isakmp.notify.priv.3gpp.emergency_call_numbers_flag_b5_mountain_rescue")}};
    const auto& flags = field("isakmp.notify.priv.3gpp.emergency_call_numbers_flags");
    const auto at = r.in.offset();
    const auto value = r.in.number(1, flags.label);
    if (r.tree && !r.in.fault()) add_bits(*r.tree, flags, at, 1, value, bits);
}
/// 3GPP TS 24.008 10.5.3.13: elements of length, service category, number.
void emergency_numbers(const Reader& r) {
    r.number(field("isakmp.notify.priv.3gpp.emergency_call_numbers_len"), 1);
    while (r.in.more()) {
        const auto length =
            static_cast<std::size_t>(r.number(field("isakmp.notify.priv.3gpp.emergency_call_numbers_element_len"), 1));
        if (length == 0) continue;
        service_category(r);
        if (r.in.fault() || length == 1) continue;
        const auto digits = r.bytes(field("isakmp.notify.priv.3gpp.emergency_call_number"), length - 1);
        if (!digits.empty()) r.annotate(r.last(), bcd_digits(digits));
    }
}

/// Either one field, or a function for several.
struct Format {
    std::uint16_t type;
    const Field* field;
    std::uint8_t width; ///< 0 = all there is
    bool repeats;
    Explain parts;
};
constexpr Format all(std::uint16_t type, const Field& field) { return {type, &field, 0, false, nullptr}; }
constexpr Format one(std::uint16_t type, const Field& field) { return {type, &field, field.width, false, nullptr}; }
constexpr Format list(std::uint16_t type, const Field& field) { return {type, &field, field.width, true, nullptr}; }
constexpr Format parts(std::uint16_t type, Explain explain) { return {type, nullptr, 0, false, explain}; }

/// What is not here has no data or opaque data.
constexpr Format formats[] = {
    one(notify::unsupported_critical_payload, field("ike.notify.critical_payload")),
    one(notify::invalid_message_id, field("ike.notify.invalid_message_id")),
    one(notify::invalid_ke_payload, field("isakmp.notify.data.accepted_dh_group")),
    all(notify::invalid_selectors, field("ike.notify.offending_packet")),
    one(notify::set_window_size, field("ike.notify.window_size")),
    parts(notify::ipcomp_supported, ipcomp),
    all(notify::nat_detection_source_ip, field("ike.notify.nat_detection")),
    all(notify::nat_detection_destination_ip, field("ike.notify.nat_detection")),
    all(notify::cookie, field("ike.notify.cookie")),
    one(notify::additional_ip4_address, field("ike.notify.additional_address.ipv4")),
    one(notify::additional_ip6_address, field("ike.notify.additional_address.ipv6")),
    all(notify::cookie2, field("ike.notify.cookie")),
    one(notify::auth_lifetime, field("isakmp.notify.data.auth_lifetime")),
    parts(notify::redirect, redirect),
    parts(notify::redirected_from, redirected_from),
    parts(notify::ticket_lt_opaque, ticket_with_lifetime),
    all(notify::ticket_opaque, field("isakmp.notify.data.ticket_opaque.data")),
    parts(notify::rohc_supported, rohc),
    all(notify::quick_crash_detection, field("isakmp.notify.data.qcd.token_secret_data")),
    parts(notify::ikev2_message_id_sync, message_id_sync),
    all(notify::ipsec_replay_counter_sync, field("isakmp.notify.data.ha.incoming_ipsec_sa_delta_value")),
    list(notify::secure_password_methods, field("ike.notify.secure_password_method")),
    list(notify::signature_hash_algorithms, field("isakmp.notify.data.signature_hash_algorithms")),
    parts(notify::puzzle, puzzle),
    parts(notify::ppk_identity, ppk_identity),
    all(notify::no_ppk_auth, field("ike.notify.no_ppk_auth")),
    all(notify::additional_key_exchange, field("ike.notify.additional_key_exchange")),
    parts(notify::use_aggfrag, aggfrag),
    parts(notify::supported_auth_methods, announcements),
    parts(notify::ppk_identity_key, ppk_identity_key),
    parts(notify::backoff_timer, backoff_timer),
    parts(notify::device_identity, device_identity),
    parts(notify::emergency_call_numbers, emergency_numbers),
    one(notify::nas_ip4_address, field("ike.notify.address.ipv4")),
    one(notify::nas_ip6_address, field("ike.notify.address.ipv6")),
    one(notify::up_ip4_address, field("ike.notify.address.ipv4")),
    one(notify::up_ip6_address, field("ike.notify.address.ipv6")),
    one(notify::nas_tcp_port, field("ike.notify.tcp_port")),
    parts(notify::n3gpp_backoff_timer, backoff_timer),
};
static_assert(std::ranges::is_sorted(formats, {}, &Format::type));

void explain_format(const Format& format, const Reader& r) {
    if (format.parts) return format.parts(r);
    do {
        if (format.field->kind == Kind::number) {
            r.number(*format.field, format.width);
        } else {
            r.bytes(*format.field, format.width == 0 ? r.in.left() : format.width);
        }
    } while (format.repeats && r.in.more());
}

std::string names_of_list(Bytes data, Registry names) {
    std::string text;
    for (; data.size() >= 2; data = data.subspan(2)) {
        if (!text.empty()) text += ' ';
        const auto value = big_endian(data.first(2));
        const auto name = name_of(names, value);
        name.empty() ? text += std::to_string(value) : text += name;
    }
    return text;
}

} // namespace

void read_notify_data(Notification& notification, Cursor& in, Tree* tree) {
    const auto at = in.offset();
    notification.data = in.fault() ? Bytes{} : in.rest("Notification data");
    if (!tree || in.fault() || notification.data.empty()) return;
    const auto node = tree->add(field("isakmp.notify.data"), at, notification.data.size());
    if (const auto words = notify_text(notification); !words.empty()) tree->annotate(node, words);
    const auto format = std::ranges::lower_bound(formats, notification.type, {}, &Format::type);
    if (format == std::end(formats) || format->type != notification.type) return;
    TreeLevel level(tree);
    Cursor inside(notification.data, at);
    explain_format(*format, {inside, tree});
    finish(tree, inside);
}
void write_notify_data(const Notification& notification, Writer& out) { out.bytes(notification.data); }

std::optional<std::uint16_t> Notification::accepted_group() const {
    if (type != notify::invalid_ke_payload || data.size() != 2) return {};
    return static_cast<std::uint16_t>(big_endian(data));
}

std::string notify_text(const Notification& notification) {
    const auto& data = notification.data;
    switch (notification.type) {
    case notify::invalid_ke_payload:
        return data.size() == 2 ? names_of_list(data, dh_groups) : std::string{};
    case notify::signature_hash_algorithms: return names_of_list(data, signature_hash_algorithms);
    case notify::secure_password_methods: return names_of_list(data, secure_password_methods);
    case notify::additional_ip4_address: return data.size() == 4 ? IpAddress::from(data).text() : std::string{};
    case notify::additional_ip6_address: return data.size() == 16 ? IpAddress::from(data).text() : std::string{};
    case notify::unsupported_critical_payload:
        return data.size() == 1 ? fmt::format("payload type {}", data[0]) : std::string{};
    case notify::set_window_size:
    case notify::auth_lifetime: return data.size() == 4 ? std::to_string(big_endian(data)) : std::string{};
    default: return {};
    }
}

} // namespace ikescope::dissect::ikev2
