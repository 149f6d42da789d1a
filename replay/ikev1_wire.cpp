#include "replay/ikev1_wire.hpp"

#include "dissect/numbers_ikev1.hpp"

#include <algorithm>
#include <bit>
#include <deque>

namespace ikescope::replay::ikev1 {
namespace {

using dissect::ikev1::Identification;
using dissect::ikev1::SecurityAssociation;
using dissect::ikev1::Transform;
namespace id = dissect::ikev1::id;
namespace phase1 = dissect::ikev1::phase1;
namespace phase2 = dissect::ikev1::phase2;

constexpr std::uint32_t ipsec_doi = 1, identity_only = 1; // RFC 2407 4.1, 4.2
constexpr std::uint8_t protocol_isakmp = 1, protocol_esp = 3, key_ike = 1;
constexpr std::uint16_t life_seconds = 1, life_kilobytes = 2;
constexpr std::uint16_t tunnel = 1, transport = 2, encapsulated = 2; // UDP: tunnel 3, transport 4 (RFC 3947 5.1)

/// The values that the attributes of a payload under construction point to.
class Values {
public:
    /// Two bytes where they suffice (RFC 2408 3.3), else four.
    void add(Transform& to, std::uint16_t type, std::uint64_t value, bool brief = true) {
        auto& bytes = store_.emplace_back();
        Writer(bytes).number(value, brief ? 2 : 4);
        to.attributes.push_back({type, brief, bytes});
    }

private:
    std::deque<Buffer> store_;
};

Transform transform_of(const session::Suite& suite, std::uint8_t number, Values& values) {
    Transform out;
    out.number = number;
    out.id = key_ike;
    values.add(out, phase1::encryption, suite.encryption);
    if (suite.key_bits != 0) values.add(out, phase1::key_length, suite.key_bits);
    values.add(out, phase1::hash, suite.hash);
    values.add(out, phase1::group, suite.group);
    values.add(out, phase1::authentication, suite.authentication);
    values.add(out, phase1::life_type, life_seconds);
    values.add(out, phase1::life_duration, suite.life_seconds, false);
    return out;
}

Buffer phase1_body(std::vector<Transform> transforms) {
    SecurityAssociation sa{ipsec_doi, identity_only, {}, 0, {}, {}};
    sa.proposals.push_back({1, protocol_isakmp, 0, 0, {}, std::move(transforms), {}});
    return body_of(sa);
}

Transform transform_of(const EspOffer& offer, bool nat, Values& values) {
    Transform out;
    out.number = 1;
    out.id = offer.transform;
    const auto mode = static_cast<std::uint16_t>((offer.transport ? transport : tunnel) + (nat ? encapsulated : 0));
    values.add(out, phase2::encapsulation, mode);
    values.add(out, phase2::life_type, life_seconds);
    values.add(out, phase2::life_duration, offer.life_seconds, offer.life_seconds <= 0xffff);
    if (offer.life_kilobytes != 0) {
        values.add(out, phase2::life_type, life_kilobytes);
        values.add(out, phase2::life_duration, offer.life_kilobytes, false);
    }
    if (offer.authentication != 0) values.add(out, phase2::authentication, offer.authentication);
    if (offer.key_bits != 0) values.add(out, phase2::key_length, offer.key_bits);
    if (offer.group != 0) values.add(out, phase2::group, offer.group);
    return out;
}

std::uint64_t number_of(const Transform& transform, std::uint16_t type) {
    const auto* found = transform.find(type);
    return found ? found->number() : 0;
}

EspOffer offer_of(const Transform& transform) {
    EspOffer offer;
    offer.transform = transform.id;
    offer.key_bits = static_cast<std::uint16_t>(number_of(transform, phase2::key_length));
    offer.authentication = static_cast<std::uint16_t>(number_of(transform, phase2::authentication));
    offer.group = static_cast<std::uint16_t>(number_of(transform, phase2::group));
    const auto mode = number_of(transform, phase2::encapsulation);
    offer.transport = mode == transport || mode == transport + encapsulated;
    std::uint64_t kind = 0; // a duration stands behind its type (RFC 2407 4.5)
    for (const auto& attribute : transform.attributes) {
        if (attribute.type == phase2::life_type) kind = attribute.number();
        if (attribute.type != phase2::life_duration) continue;
        (kind == life_kilobytes ? offer.life_kilobytes : offer.life_seconds) =
            static_cast<std::uint32_t>(attribute.number());
    }
    return offer;
}

Buffer literal(std::string_view hex) { return *parse_hex(hex); }

constexpr std::string_view rfc3947 = "4a131c81070358455c5728f20e95452f";

} // namespace

Buffer phase1_sa(const std::vector<session::Suite>& suites) {
    Values values;
    std::vector<Transform> transforms;
    transforms.reserve(suites.size());
    for (const auto& suite : suites)
        transforms.push_back(transform_of(suite, static_cast<std::uint8_t>(transforms.size() + 1), values));
    return phase1_body(std::move(transforms));
}

Buffer phase1_choice(const session::Offer& taken) {
    Values values;
    return phase1_body({transform_of(taken.suite, taken.number, values)});
}

Buffer quick_sa(const std::vector<EspOffer>& offers, std::uint32_t spi, bool nat, std::size_t first_number) {
    Values values;
    Buffer spi_bytes;
    Writer(spi_bytes).number(spi, 4);
    SecurityAssociation sa{ipsec_doi, identity_only, {}, 0, {}, {}};
    for (const auto& offer : offers)
        sa.proposals.push_back({static_cast<std::uint8_t>(first_number++),
                                protocol_esp,
                                0,
                                0,
                                spi_bytes,
                                {transform_of(offer, nat, values)},
                                {}});
    return body_of(sa);
}

std::vector<QuickProposal> quick_proposals(const dissect::PayloadRef& payload) {
    std::vector<QuickProposal> out;
    for (const auto& proposal : dissect::ikev1::parse<SecurityAssociation>(payload).proposals) {
        if (proposal.protocol != protocol_esp || proposal.spi.size() != 4) continue;
        for (const auto& transform : proposal.transforms)
            out.push_back({offer_of(transform), proposal.number, static_cast<std::uint32_t>(big_endian(proposal.spi))});
    }
    return out;
}

Buffer identity_body(const ios::Identity& identity) {
    constexpr std::uint8_t udp = 17;
    const bool address = !identity.address.empty();
    return body_of(
        Identification{identity.type, udp, 500, address ? identity.address.bytes() : bytes_of(identity.text)});
}

std::optional<ios::Identity> identity_of(const dissect::PayloadRef& payload) {
    const auto read = dissect::ikev1::parse<Identification>(payload);
    if (const auto address = read.address()) return ios::Identity::of(*address);
    if (read.type == id::ipv4_addr || read.type == id::ipv6_addr) return std::nullopt; // of a wrong length
    return ios::Identity::of(read.type, text_of(read.data));
}

Buffer selector_body(const ios::Selector& selector) {
    const auto& [address, length] = selector.prefix;
    const bool six = address.family == 6, host = length == address.bits();
    Buffer data(address.bytes().begin(), address.bytes().end());
    if (!host)
        for (std::size_t bit = 0; bit < address.bits(); bit += 8) {
            const auto ones = std::min<std::size_t>(8, length > bit ? length - bit : 0);
            data.push_back(static_cast<Byte>(0xff00U >> ones));
        }
    const auto type = host ? six ? id::ipv6_addr : id::ipv4_addr : six ? id::ipv6_subnet : id::ipv4_subnet;
    return body_of(Identification{type, selector.protocol, selector.port, data});
}

std::optional<ios::Selector> selector_of(const dissect::PayloadRef& payload) {
    const auto read = dissect::ikev1::parse<Identification>(payload);
    ios::Selector out{{}, read.protocol, read.port};
    if (const auto address = read.address()) {
        out.prefix = {*address, static_cast<std::uint8_t>(address->bits())};
        return out;
    }
    const bool subnet = (read.type == id::ipv4_subnet && read.data.size() == 8) ||
                        (read.type == id::ipv6_subnet && read.data.size() == 32);
    if (!subnet) return std::nullopt;
    const auto half = read.data.size() / 2;
    out.prefix.address = IpAddress::from(read.data.first(half));
    for (const auto byte : read.data.subspan(half))
        out.prefix.length = static_cast<std::uint8_t>(out.prefix.length + std::popcount(byte));
    return out;
}

Buffer notify_body(std::uint16_t type, std::uint8_t protocol, Bytes spi, Bytes data) {
    return body_of(dissect::ikev1::Notification{ipsec_doi, protocol, 0, type, spi, data});
}

std::vector<Buffer> offered_vendors() {
    return {literal(rfc3947), literal("439b59f8ba676c4c7737ae22eab8f582"), // -07
            literal("7d9419a65310ca6f2c179d9215529d56"),                   // -03
            literal("90cb80913ebb696e086381b5ec427b1f")};                  // -02\n
}

std::vector<Buffer> accepted_vendors() { return {literal(rfc3947)}; }

std::vector<Buffer> keyed_vendors(bool initiator, Bytes own) {
    const auto unity = literal("12f5f28c457168a9702d9fe274cc0100"), dpd = literal("afcad71368a1f1c96b8696fc77570100");
    const Buffer mine(own.begin(), own.end()), xauth = literal("09002689dfd6b712");
    return initiator ? std::vector<Buffer>{dpd, mine, xauth} : std::vector<Buffer>{unity, dpd, mine};
}

bool is_rfc3947(Bytes vendor) { return std::ranges::equal(vendor, literal(rfc3947)); }

} // namespace ikescope::replay::ikev1
