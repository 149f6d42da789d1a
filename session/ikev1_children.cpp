#include "session/ikev1_children.hpp"

#include "dissect/ikev1.hpp"
#include "session/ikev1_child_keys.hpp"
#include "session/ikev1_suite.hpp"

namespace ikescope::session::ikev1 {
namespace {

namespace payload = dissect::ikev1::payload;
using dissect::ikev1::SecurityAssociation;

constexpr std::uint8_t protocol_esp = 3, protocol_ipcomp = 4;
/// Notifications below 16384 are errors (RFC 2408 3.14.1).
constexpr std::uint16_t first_status = 16'384;
constexpr std::size_t most_children = 1'024, most_offered = 64;

Buffer copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

Child* find(Track& track, std::uint32_t message_id) {
    auto& children = track.rich().children;
    const auto at = std::find_if(children.rbegin(), children.rend(),
                                 [&](const Child& child) { return child.message_id == message_id; });
    return at == children.rend() ? nullptr : &*at;
}

Child& child_of(Track& track, std::uint32_t message_id) {
    if (auto* known = find(track, message_id)) return *known;
    auto& children = track.rich().children;
    if (children.size() >= most_children) children.erase(children.begin());
    children.emplace_back().message_id = message_id;
    return children.back();
}

/// IDci and IDcr; where there are none, the peers' own addresses are meant (RFC 2409 5.5).
void read_selectors(const Track& track, const dissect::Message& message, Side from, Child& child) {
    std::vector<std::string> ids;
    for (const auto& each : message.payloads)
        if (each.type == payload::id) ids.push_back(dissect::ikev1::parse<dissect::ikev1::Identification>(each).text());
    if (ids.size() < 2) {
        const auto& first = from == Side::initiator ? track.initiator : track.responder;
        const auto& second = from == Side::initiator ? track.responder : track.initiator;
        ids = {first.address.text(), second.address.text()};
    }
    child.ts_initiator = {ids[0]};
    child.ts_responder = {ids[1]};
}

void read_offer(Track& track, std::uint32_t message_id, const SecurityAssociation& sa, Child& child) {
    auto& offered = track.rich().offered;
    for (const auto& proposal : sa.proposals) {
        if (offered.size() >= most_offered) offered.erase(offered.begin());
        offered.push_back({message_id, proposal.number, proposal.protocol, copy(proposal.spi)});
        if (proposal.protocol == protocol_ipcomp || child.protocol != 0) continue;
        child.protocol = proposal.protocol;
        child.initiator_spi = copy(proposal.spi);
        if (proposal.transforms.size() == 1) child.suite = quick_suite(proposal.protocol, proposal.transforms.front());
    }
}

void read_choice(Track& track, std::uint32_t message_id, const SecurityAssociation& sa, Child& child) {
    auto& offered = track.rich().offered;
    for (const auto& proposal : sa.proposals) {
        if (proposal.protocol == protocol_ipcomp) continue;
        child.protocol = proposal.protocol;
        child.responder_spi = copy(proposal.spi);
        if (!proposal.transforms.empty()) child.suite = quick_suite(proposal.protocol, proposal.transforms.front());
        for (const auto& offer : offered)
            if (offer.message_id == message_id && offer.number == proposal.number &&
                offer.protocol == proposal.protocol)
                child.initiator_spi = offer.spi;
        break;
    }
    std::erase_if(offered, [&](const OfferedSpi& offer) { return offer.message_id == message_id; });
}

const dissect::ikev1::Transform* chosen_esp(const SecurityAssociation& sa) {
    for (const auto& proposal : sa.proposals)
        if (proposal.protocol == protocol_esp && !proposal.transforms.empty()) return &proposal.transforms.front();
    return nullptr;
}

} // namespace

void read_quick(Core& core, std::uint32_t index, Label label, Side from, const dissect::Message& message) {
    auto& track = core.tracks[index];
    const auto id = message.header.message_id;
    if (label == Label::qm3) {
        if (auto* child = find(track, id)) child->stage = Stage::qm_complete;
        return;
    }
    if (label != Label::qm1 && label != Label::qm2) return;
    const auto* payload_sa = message.find(payload::sa);
    if (!payload_sa) return;
    auto& child = child_of(track, id);
    const auto sa = dissect::ikev1::parse<SecurityAssociation>(*payload_sa);
    if (label == Label::qm1) {
        child.began = from;
        read_offer(track, id, sa, child);
        read_selectors(track, message, from, child);
        return;
    }
    read_choice(track, id, sa, child);
    child.stage = Stage::qm2;
    if (child.ts_initiator.empty()) read_selectors(track, message, other(from), child);
    child.began = other(from);
    if (const auto* transform = chosen_esp(sa)) expect_esp(core, index, child, *transform);
}

void read_refusal(Track& track, Side from, std::uint16_t notify, std::uint8_t protocol, Bytes spi) {
    if (!track.rich_part || notify == 0 || notify >= first_status || protocol == 1) return;
    Child* refused = nullptr;
    for (auto& child : track.rich().children) {
        if (child.stage != Stage::qm1 || child.refused) continue;
        const auto* begun = [&]() -> const Exchange* {
            for (const auto& known : track.exchanges)
                if (known.message_id == child.message_id) return &known;
            return nullptr;
        }();
        if (begun && begun->first == from) continue;
        refused = &child;
        if (!spi.empty() && std::ranges::equal(spi, child.initiator_spi)) break;
    }
    if (!refused) return;
    refused->refused = true;
    refused->refusal = notify;
}

void read_delete(Track& track, Bytes spi) {
    if (!track.rich_part) return;
    for (auto& child : track.rich().children)
        if (std::ranges::equal(spi, child.initiator_spi) || std::ranges::equal(spi, child.responder_spi))
            child.stage = Stage::deleted;
}

} // namespace ikescope::session::ikev1
