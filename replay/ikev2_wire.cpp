#include "replay/ikev2_wire.hpp"

#include <algorithm>
#include <deque>

namespace ikescope::replay::ikev2 {
namespace {

namespace kind = dissect::ikev2::transform;
namespace payload = dissect::ikev2::payload;
using dissect::ikev2::Notification;
using dissect::ikev2::SecurityAssociation;
using dissect::ikev2::Transform;

constexpr std::uint16_t no_esn = 0, integrity_none = 0;

template <class Visit>
void each_notify(const dissect::Message& message, Visit visit) {
    for (const auto& each : message.payloads)
        if (each.type == payload::notify && visit(dissect::ikev2::parse<Notification>(each))) return;
}

std::optional<Proposal> proposal_of(const dissect::ikev2::Proposal& read, bool esp) {
    Proposal out;
    bool sequence_numbers = false, usual = false;
    for (const auto& transform : read.transforms) {
        switch (transform.type) {
        case kind::encr: out.encryption.push_back({transform.id, transform.key_bits()}); break;
        case kind::integ:
            if (transform.id != integrity_none) out.integrity.push_back(transform.id);
            break;
        case kind::prf: out.prf.push_back(transform.id); break;
        case kind::ke: out.groups.push_back(transform.id); break;
        case kind::sn:
            sequence_numbers = true;
            usual = usual || transform.id == no_esn;
            break;
        default: return std::nullopt; // a type that must be understood (RFC 7296 3.3.6)
        }
    }
    return esp && sequence_numbers && !usual ? std::nullopt : std::optional(out);
}

} // namespace

std::optional<Chosen> intersect(const Proposal& offered, const Proposal& own, std::uint16_t preferred) {
    Chosen out;
    const auto common = [](const auto& from, const auto& with, auto& into) {
        if (from.empty() && with.empty()) return true;
        const auto hit =
            std::ranges::find_if(from, [&](const auto& each) { return std::ranges::find(with, each) != with.end(); });
        if (hit == from.end()) return false;
        into = *hit;
        return true;
    };
    if (!common(offered.encryption, own.encryption, out.encryption) ||
        !common(offered.integrity, own.integrity, out.integrity) || !common(offered.prf, own.prf, out.prf) ||
        !common(offered.groups, own.groups, out.group))
        return std::nullopt;
    const auto has = [&](const auto& list) { return std::ranges::find(list, preferred) != list.end(); };
    if (has(offered.groups) && has(own.groups)) out.group = preferred;
    return out;
}

Buffer sa_body(const std::vector<Proposal>& proposals, std::uint8_t protocol, Bytes spi, std::size_t first_number) {
    std::deque<Buffer> lengths; // what the attributes point to
    SecurityAssociation sa;
    for (const auto& each : proposals) {
        dissect::ikev2::Proposal out{static_cast<std::uint8_t>(first_number++), protocol, 0, 0, spi, {}};
        for (const auto& [id, key_bits] : each.encryption) {
            Transform transform{kind::encr, id, {}};
            if (key_bits != 0) {
                Writer(lengths.emplace_back()).number(key_bits, 2);
                transform.attributes.push_back({kind::key_length_attribute, true, lengths.back()});
            }
            out.transforms.push_back(std::move(transform));
        }
        for (const auto id : each.prf) out.transforms.push_back({kind::prf, id, {}});
        for (const auto id : each.integrity) out.transforms.push_back({kind::integ, id, {}});
        for (const auto id : each.groups) out.transforms.push_back({kind::ke, id, {}});
        if (protocol == dissect::ikev2::protocol::esp) out.transforms.push_back({kind::sn, no_esn, {}});
        sa.proposals.push_back(std::move(out));
    }
    return body_of(sa);
}

std::vector<Offered> offered_of(const dissect::PayloadRef& sa, std::uint8_t protocol) {
    std::vector<Offered> out;
    for (const auto& read : dissect::ikev2::parse<SecurityAssociation>(sa).proposals) {
        if (read.protocol != protocol) continue;
        if (auto proposal = proposal_of(read, protocol == dissect::ikev2::protocol::esp))
            out.push_back({read.number, read.protocol, {read.spi.begin(), read.spi.end()}, std::move(*proposal)});
    }
    return out;
}

Proposal single(const Chosen& chosen) {
    Proposal out{{chosen.encryption}, {}, {}, {}};
    if (chosen.integrity != 0) out.integrity.push_back(chosen.integrity);
    if (chosen.prf != 0) out.prf.push_back(chosen.prf);
    if (chosen.group != 0) out.groups.push_back(chosen.group);
    return out;
}

bool is_nonce(const dissect::PayloadRef* nonce) {
    constexpr std::size_t shortest = 16, longest = 256;
    return nonce && nonce->body.size() >= shortest && nonce->body.size() <= longest;
}

Buffer ke_body(std::uint16_t group, Bytes public_value) {
    return body_of(dissect::ikev2::KeyExchange{group, public_value});
}

Buffer identity_body(const ios::Identity& identity) {
    const bool address = !identity.address.empty();
    return body_of(
        dissect::ikev2::Identification{identity.type, address ? identity.address.bytes() : bytes_of(identity.text)});
}

std::optional<ios::Identity> identity_of(const dissect::PayloadRef& id) {
    const auto read = dissect::ikev2::parse<dissect::ikev2::Identification>(id);
    if (const auto address = read.address()) return ios::Identity::of(*address);
    const bool cut = read.type == ios::id_type::ipv4 || read.type == ios::id_type::ipv6;
    return cut ? std::nullopt : std::optional(ios::Identity::of(read.type, text_of(read.data)));
}

Buffer auth_body(Bytes data) {
    return body_of(dissect::ikev2::Authentication{dissect::ikev2::auth_method::shared_key, data});
}

Buffer selectors_body(const std::vector<ios::Selector>& selectors) {
    namespace type = dissect::ikev2::ts_type;
    std::deque<Buffer> ends;
    dissect::ikev2::TrafficSelectors out;
    for (const auto& [prefix, protocol, port] : selectors) {
        const auto bytes = prefix.address.bytes();
        auto &first = ends.emplace_back(bytes.begin(), bytes.end()),
             &last = ends.emplace_back(bytes.begin(), bytes.end());
        for (std::size_t bit = prefix.length; bit < prefix.address.bits(); ++bit) {
            const auto mask = static_cast<Byte>(0x80U >> bit % 8);
            first[bit / 8] = static_cast<Byte>(first[bit / 8] & ~mask);
            last[bit / 8] = static_cast<Byte>(last[bit / 8] | mask);
        }
        const auto end_port = static_cast<std::uint16_t>(port == 0 ? 65535 : port);
        out.selectors.push_back({prefix.address.family == 6 ? type::ipv6_range : type::ipv4_range,
                                 protocol,
                                 port,
                                 end_port,
                                 first,
                                 last,
                                 {}});
    }
    return body_of(out);
}

std::vector<ios::Selector> selectors_of(const dissect::PayloadRef& ts) {
    std::vector<ios::Selector> out;
    for (const auto& selector : dissect::ikev2::parse<dissect::ikev2::TrafficSelectors>(ts).selectors)
        if (const auto prefix = selector.prefix())
            out.push_back({*prefix, selector.protocol,
                           selector.start_port == selector.end_port ? selector.start_port : std::uint16_t{0}});
    return out;
}

Buffer notify_body(std::uint16_t type, Bytes data, std::uint8_t protocol, Bytes spi) {
    return body_of(Notification{protocol, 0, type, spi, data});
}

std::optional<Notification> find_notify(const dissect::Message& message, std::uint16_t type) {
    std::optional<Notification> found;
    each_notify(message, [&](const Notification& each) { return each.type == type && (found = each, true); });
    return found;
}

std::optional<Notification> find_error(const dissect::Message& message) {
    std::optional<Notification> found;
    each_notify(message, [&](const Notification& each) { return each.error() && (found = each, true); });
    return found;
}

} // namespace ikescope::replay::ikev2
