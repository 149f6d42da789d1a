// Traffic selectors. RFC 7296 3.13; Fibre Channel RFC 4595 4.4; security labels RFC 9478.

#include "dissect/ikev2_schema.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev2 {

namespace {

constexpr std::size_t selector_header = 4;

///  TS Type | Protocol ID | Selector Length
///  Start Port            | End Port
///  Starting Address, Ending Address
void read_address_range(TrafficSelector& selector, const Reader& r) {
    const bool v4 = selector.type == ts_type::ipv4_range;
    const std::size_t width = v4 ? 4 : 16;
    selector.start_port = static_cast<std::uint16_t>(r.number(field("isakmp.ts.start_port"), 2));
    selector.end_port = static_cast<std::uint16_t>(r.number(field("isakmp.ts.end_port"), 2));
    selector.start = r.bytes(v4 ? field("isakmp.ts.start_ipv4") : field("isakmp.ts.start_ipv6"), width);
    selector.end = r.bytes(v4 ? field("isakmp.ts.end_ipv4") : field("isakmp.ts.end_ipv6"), width);
}

///  TS Type | Reserved | Selector Length
///  Reserved | Starting Address (3)
///  Reserved | Ending Address (3)
///  Starting R_CTL | Ending R_CTL | Starting Type | Ending Type
void explain_fibre_channel(const Reader& r) {
    r.bytes(field("isakmp.reserved"), 1);
    r.number(field("isakmp.ts.start_fc"), 3);
    r.bytes(field("isakmp.reserved"), 1);
    r.number(field("isakmp.ts.end_fc"), 3);
    r.number(field("isakmp.ts.start_r_ctl"), 1);
    r.number(field("isakmp.ts.end_r_ctl"), 1);
    r.number(field("isakmp.ts.start_type"), 1);
    r.number(field("isakmp.ts.end_type"), 1);
}

void read_other(TrafficSelector& selector, const Reader& r) {
    selector.other = r.in.peek(r.in.left());
    if (selector.type == ts_type::fc_range) return explain_fibre_channel(r);
    r.rest(selector.type == ts_type::seclabel ? field("ike.ts.label") : field("ike.ts.unknown"));
}

bool is_range(std::uint8_t type) { return type == ts_type::ipv4_range || type == ts_type::ipv6_range; }

/// RFC 7296 3.13.1: ICMP, ICMPv6 and Mobility Header have their type in the high byte of a port, the code in the low one.
constexpr std::uint8_t typed_protocols[] = {1, 58, 135};

std::string range_text(std::string_view what, unsigned first, unsigned last) {
    return first == last ? fmt::format("{} {}", what, first) : fmt::format("{}s {}-{}", what, first, last);
}

/// "type 8, codes 0-255"; empty when the range is none of types and codes.
std::string type_text(const TrafficSelector& selector) {
    const unsigned first = selector.start_port >> 8, last = selector.end_port >> 8;
    const unsigned first_code = selector.start_port & 0xff, last_code = selector.end_port & 0xff;
    if (first == last && first_code <= last_code) return range_text("type", first, last) + ", " + range_text("code", first_code, last_code);
    if (first < last && first_code == 0 && last_code == 0xff) return range_text("type", first, last) + ", codes 0-255";
    return {};
}

std::string port_text(const TrafficSelector& selector) {
    const bool all = selector.start_port == 0 && selector.end_port == 0xffff;
    if (selector.protocol == 0 && all) return {};
    auto protocol = std::string(name_of(selector_protocols, selector.protocol));
    if (protocol.empty()) protocol = std::to_string(selector.protocol);
    for (auto& letter : protocol)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (all) return fmt::format("[{}]", protocol);
    // RFC 7296 3.13.1: start 65535 and end 0 select packets whose ports cannot be seen.
    if (selector.start_port == 0xffff && selector.end_port == 0) return fmt::format("[{}/opaque]", protocol);
    if (std::ranges::find(typed_protocols, selector.protocol) != std::end(typed_protocols))
        if (const auto words = type_text(selector); !words.empty()) return fmt::format("[{}/{}]", protocol, words);
    if (selector.start_port == selector.end_port) return fmt::format("[{}/{}]", protocol, selector.start_port);
    return fmt::format("[{}/{}-{}]", protocol, selector.start_port, selector.end_port);
}

} // namespace

bool read_selector(TrafficSelector& selector, Cursor& in, Tree* tree, Inherited& faults) {
    const auto head = in.peek(selector_header);
    if (in.fault() || head.size() < selector_header) return false;
    const auto length = static_cast<std::size_t>(big_endian(head.subspan(2)));
    if (length < selector_header) return false;
    const auto node = tree ? tree->add(field("isakmp.ts.data"), in.offset(), std::min(length, in.left())) : 0;
    auto body = in.child(length, "Traffic selector");
    const Reader r{body, tree};
    {
        TreeLevel level(tree);
        selector.type = static_cast<std::uint8_t>(r.number(field("isakmp.ts.type"), 1));
        if (selector.type == ts_type::fc_range) {
            r.bytes(field("isakmp.reserved"), 1);
        } else {
            selector.protocol = static_cast<std::uint8_t>(r.number(field("isakmp.ts.protoid"), 1));
        }
        r.number(field("isakmp.ts.selector_length"), 2);
        is_range(selector.type) ? read_address_range(selector, r) : read_other(selector, r);
        finish(tree, body);
    }
    r.annotate(node, selector.text());
    faults.note(body);
    return true;
}

void write_selector(const TrafficSelector& selector, Writer& out) {
    const auto start = out.size();
    out.number(selector.type, 1);
    out.number(selector.protocol, 1);
    const auto length = out.placeholder(2);
    if (is_range(selector.type)) {
        out.number(selector.start_port, 2);
        out.number(selector.end_port, 2);
        out.bytes(selector.start);
        out.bytes(selector.end);
    } else {
        out.bytes(selector.other);
    }
    out.patch(length, out.size() - start, 2);
}

void read_selectors(TrafficSelectors& payload, Cursor& in, Tree* tree) {
    Inherited faults(tree);
    for (std::size_t i = 0; i < payload.count && in.more(); ++i) {
        TrafficSelector selector;
        if (!read_selector(selector, in, tree, faults)) break;
        payload.selectors.push_back(selector);
    }
    faults.hand_to(in);
    if (!tree || in.fault() || payload.count == payload.selectors.size()) return;
    const Reader r{in, tree};
    r.judge(r.latest(field("isakmp.ts.number")), Severity::warning, fmt::format("{} follow", payload.selectors.size()));
}
void write_selectors(const TrafficSelectors& payload, Writer& out) {
    for (const auto& selector : payload.selectors) write_selector(selector, out);
}

std::optional<Prefix> TrafficSelector::prefix() const {
    if (!is_range(type) || start.empty() || start.size() != end.size()) return {};
    std::size_t bits = 0;
    const auto size = start.size() * 8;
    const auto bit = [](Bytes bytes, std::size_t at) { return (bytes[at / 8] >> (7 - at % 8)) & 1; };
    while (bits < size && bit(start, bits) == bit(end, bits)) ++bits;
    for (auto at = bits; at < size; ++at)
        if (bit(start, at) != 0 || bit(end, at) != 1) return {};
    return Prefix{IpAddress::from(start), static_cast<std::uint8_t>(bits)};
}

std::string TrafficSelector::text() const {
    if (!is_range(type)) return type == ts_type::seclabel ? printable(other) : std::string(name_of(ts_types, type));
    if (end.empty()) return {};
    const auto network = prefix();
    const auto range = network ? network->text()
                               : fmt::format("{}-{}", IpAddress::from(start).text(), IpAddress::from(end).text());
    return range + port_text(*this);
}

} // namespace ikescope::dissect::ikev2
