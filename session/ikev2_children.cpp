#include "session/ikev2_children.hpp"

#include "dissect/ikev2.hpp"
#include "session/additional.hpp"
#include "session/ikev2_child_keys.hpp"
#include "session/ikev2_suite.hpp"

namespace ikescope::session::ikev2 {
namespace {

namespace payload = dissect::ikev2::payload;
namespace parsed = dissect::ikev2;
using dissect::ikev2::parse;

constexpr std::size_t most_children = 1'024, most_offered = 64;
/// All of IKE_AUTH, however many messages EAP makes of it, negotiates one Child SA.
constexpr std::uint32_t auth_id = 1;

Buffer copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

Child* find_child(Track& track, std::uint32_t message_id, Side began) {
    auto& children = track.rich().children;
    const auto same = [&](const Child& child) { return child.message_id == message_id && child.began == began; };
    const auto at = std::find_if(children.rbegin(), children.rend(), same);
    return at == children.rend() ? nullptr : &*at;
}

Child& child_of(Track& track, const Ikev2Exchange& exchange) {
    if (auto* known = find_child(track, exchange.message_id, exchange.began)) return *known;
    auto& children = track.rich().children;
    if (children.size() >= most_children) children.erase(children.begin());
    auto& child = children.emplace_back();
    child.message_id = exchange.message_id;
    child.began = exchange.began;
    child.stage = Stage::auth;
    return child;
}

Ikev2Exchange& exchange_of(Ikev2Material& material, std::uint32_t message_id, Side began) {
    if (auto* known = material.find(message_id, began)) return *known;
    if (material.exchanges.size() >= Ikev2Material::most_exchanges)
        material.exchanges.erase(material.exchanges.begin());
    auto& exchange = material.exchanges.emplace_back();
    exchange.message_id = message_id;
    exchange.began = began;
    return exchange;
}

void read_selectors(const dissect::Message& message, std::uint8_t type, std::vector<std::string>& into) {
    const auto* found = message.find(type);
    if (!found) return;
    into.clear();
    for (const auto& each : parse<parsed::TrafficSelectors>(*found).selectors) into.push_back(each.text());
}

/// Nonce and KE of CREATE_CHILD_SA; the Child SA of IKE_AUTH takes the nonces of IKE_SA_INIT.
void read_values(const Ikev2Material& material, const Record& record, const dissect::Message& message, std::size_t who,
                 Ikev2Exchange& exchange) {
    if (record.label == Label::auth_request || record.label == Label::auth_response) {
        for (const std::size_t side : {0U, 1U}) exchange.nonce[side] = material.nonce[side];
        return;
    }
    if (const auto* nonce = message.find(payload::nonce)) exchange.nonce[who] = copy(nonce->body);
    if (const auto* ke = message.find(payload::ke)) {
        const auto value = parse<parsed::KeyExchange>(*ke);
        exchange.ke[who] = copy(value.data);
        exchange.group = value.method;
    }
}

void read_request(Track& track, const parsed::SecurityAssociation& sa, const dissect::Message& message,
                  Ikev2Exchange& exchange) {
    exchange.offered.clear();
    for (const auto& proposal : sa.proposals)
        if (exchange.offered.size() < most_offered)
            exchange.offered.push_back({exchange.message_id, proposal.number, proposal.protocol, copy(proposal.spi)});
    exchange.ike = sa.proposals.front().protocol == parsed::protocol::ike;
    if (exchange.ike) return;
    auto& child = child_of(track, exchange);
    child.protocol = sa.proposals.front().protocol;
    child.initiator_spi = copy(sa.proposals.front().spi);
    if (sa.proposals.size() == 1) child.suite = sa.proposals.front().text();
    read_selectors(message, payload::ts_i, child.ts_initiator);
    read_selectors(message, payload::ts_r, child.ts_responder);
}

Buffer offered_spi(const Ikev2Exchange& exchange, const parsed::Proposal& chosen) {
    for (const auto& offer : exchange.offered)
        if (offer.number == chosen.number && offer.protocol == chosen.protocol) return offer.spi;
    return {};
}

void read_choice(Core& core, std::uint32_t index, const parsed::Proposal& chosen, const dissect::Message& message,
                 const Ikev2Exchange& exchange) {
    auto& child = child_of(core.tracks[index], exchange);
    child.protocol = chosen.protocol;
    child.responder_spi = copy(chosen.spi);
    child.suite = chosen.text();
    if (auto spi = offered_spi(exchange, chosen); !spi.empty()) child.initiator_spi = std::move(spi);
    read_selectors(message, payload::ts_i, child.ts_initiator);
    read_selectors(message, payload::ts_r, child.ts_responder);
    child.stage = Stage::established;
    expect_esp(core, index, child, chosen, exchange);
}

/// RFC 7296 2.18: the new SA's SPIs stand in the SA payloads; whoever began the exchange is its initiator.
void read_new_ike_sa(Core& core, std::uint32_t index, const Record& record, const dissect::PayloadRef& sa,
                     const parsed::Proposal& chosen, Ikev2Exchange exchange) {
    const auto first = offered_spi(exchange, chosen);
    if (first.size() != 8 || chosen.spi.size() != 8) return;
    Spi initiator{}, responder{};
    std::ranges::copy(first, initiator.begin());
    std::ranges::copy(chosen.spi, responder.begin());
    const auto kept = core.tracks[index].ikev2; // the new SA may push the old one out of memory
    const auto fresh = core.succeed(index, initiator, responder, exchange.began, record);
    if (fresh == Track::none) return;
    auto& track = core.tracks[fresh];
    const auto& old = *kept;
    track.suite = chosen_suite(sa);
    track.ikev2 = std::make_shared<Ikev2Material>();
    auto& material = *track.ikev2;
    material.suite = computable(track.suite);
    material.group = exchange.group;
    material.additional = additional_exchanges(chosen);
    if (old.keys && old.suite->prf)
        material.parent = Ikev2Parent{old.keys->d, old.suite->prf->id};
    else
        material.parent.emplace();
    for (const std::size_t who : {0U, 1U}) {
        track.has_ke[who] = !exchange.ke[who].empty();
        material.nonce[who] = std::move(exchange.nonce[who]);
        material.public_value[who] = std::move(exchange.ke[who]);
    }
    core.opener.dh().see_group(material.group);
}

void read_response(Core& core, std::uint32_t index, const Record& record, const dissect::Message& message,
                   Ikev2Exchange& exchange) {
    auto& track = core.tracks[index];
    if (const auto* sa = message.find(payload::sa)) {
        const auto choice = parse<parsed::SecurityAssociation>(*sa);
        if (choice.proposals.empty()) return;
        const auto& chosen = choice.proposals.front();
        if (chosen.protocol == parsed::protocol::ike)
            read_new_ike_sa(core, index, record, *sa, chosen, exchange);
        else
            read_choice(core, index, chosen, message, exchange);
        return;
    }
    auto* child = find_child(track, exchange.message_id, exchange.began);
    if (!child) return;
    for (const auto& each : message.payloads) {
        if (each.type != payload::notify) continue;
        const auto notify = parse<parsed::Notification>(each);
        if (!notify.error()) continue;
        child->refused = true;
        child->refusal = notify.type;
        return;
    }
}

} // namespace

void read_negotiation(Core& core, std::uint32_t index, const Record& record, const dissect::Message& message) {
    auto& track = core.tracks[index];
    if (!track.ikev2) return;
    auto& material = *track.ikev2;
    const bool response = message.header.response();
    const bool auth = record.label == Label::auth_request || record.label == Label::auth_response;
    const auto id = auth ? auth_id : record.message_id;
    const auto* sa = message.find(payload::sa);
    if (!response && !sa) return;
    auto& exchange = exchange_of(material, id, response ? other(record.from) : record.from);
    read_values(material, record, message, response ? 1 : 0, exchange);
    if (response) return read_response(core, index, record, message, exchange);
    if (const auto offer = parse<parsed::SecurityAssociation>(*sa); !offer.proposals.empty())
        read_request(track, offer, message, exchange);
}

void read_delete(Track& track, Bytes spi) {
    for (auto& child : track.rich().children)
        if (std::ranges::equal(spi, child.initiator_spi) || std::ranges::equal(spi, child.responder_spi))
            child.stage = Stage::deleted;
}

} // namespace ikescope::session::ikev2
