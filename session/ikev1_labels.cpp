#include "session/ikev1_labels.hpp"

#include "dissect/ikev1.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <span>

namespace ikescope::session::ikev1 {
namespace {

namespace exchange = dissect::ikev1::exchange;
namespace payload = dissect::ikev1::payload;

constexpr std::size_t most_exchanges = 32;
constexpr std::uint8_t seen1 = 1, seen2 = 2, seen3 = 4, seen4 = 8;

bool offers_suites(const dissect::Message& message) {
    return !message.header.encrypted() && message.header.next_payload == payload::sa;
}
/// Main Mode's MM1 and MM2: SA, though something stands in front of it, and no KE.
bool brings_suites(const dissect::Message& message) {
    return offers_suites(message) || (message.find(payload::sa) && !message.find(payload::ke));
}
/// An identity or its proof in the clear that is none of the public key modes' MM3 and MM4, which have KE and nonce
/// (RFC 2409 5.2, 5.3). Of a message that is cut, nobody knows.
bool tells_identity(const dissect::Message& message) {
    const auto has = [&](std::uint8_t type) { return message.find(type) != nullptr; };
    return !message.fault && !message.snapped && !has(payload::ke) && !has(payload::nonce) &&
           (has(payload::id) || has(payload::hash) || has(payload::sig));
}
bool is_phase1(std::uint8_t type) {
    return type == exchange::main || type == exchange::aggressive || type == exchange::base || type == exchange::authentication_only;
}
/// RFC 6407 2.1: GDOI has a port of its own, and the numbers of IKEv1.
bool is_gdoi(const Arrival& arrival) {
    constexpr std::uint16_t gdoi_port = 848;
    return arrival.datagram.source_port == gdoi_port || arrival.datagram.destination_port == gdoi_port ||
           dissect::ikev1::speaks_gdoi(arrival.message);
}

/// The SA payload of an answer betrays the responder; whoever was taken for it is the initiator.
void fix_roles(Track& track, const capture::Datagram& datagram) {
    track.responder = datagram.from();
    track.initiator = datagram.to();
    const auto is_responder = [&](const Endpoint& endpoint) { return endpoint == track.responder; };
    for (auto& route : track.routes) route.from = is_responder(route.source) ? Side::responder : Side::initiator;
    track.sent[0] = track.sent[1] = false;
    for (auto& record : track.records) {
        record.from = track.routes[record.route].from;
        track.sent[index_of(record.from)] = true;
    }
    track.roles_known = true;
}

bool is_new(const Track& track) { return track.records.empty() && track.records_dropped == 0; }

/// RFC 2409 5.4: SA in the first two, KE in the next two, the last two encrypted. Only the first has no responder cookie.
Label main_label(const dissect::Message& message, Side from) {
    const bool initiator = from == Side::initiator;
    if (initiator && message.header.responder_spi == dissect::no_spi) return Label::mm1;
    if (message.header.encrypted() || tells_identity(message)) return initiator ? Label::mm5 : Label::mm6;
    if (brings_suites(message)) return initiator ? Label::mm1 : Label::mm2;
    return initiator ? Label::mm3 : Label::mm4;
}

Label aggressive_label(const dissect::Message& message, Side from) {
    if (from == Side::responder) return Label::am2;
    return offers_suites(message) ? Label::am1 : Label::am3;
}

/// RFC 2408 4.4: SA in the first two of four. The number of the message is its ordinal.
Place base_place(const dissect::Message& message, Side from) {
    const int first = offers_suites(message) ? 1 : 3;
    return {Label::base_mode, static_cast<std::uint8_t>(first + (from == Side::responder)), false};
}
/// RFC 2408 4.6: SA in the first two of three.
Place auth_only_place(const dissect::Message& message, Side from) {
    const int number = !offers_suites(message) ? 3 : from == Side::initiator ? 1 : 2;
    return {Label::auth_only, static_cast<std::uint8_t>(number), false};
}

Exchange* find(Track& track, std::uint32_t message_id, std::uint8_t kind) {
    for (auto& known : track.exchanges)
        if (known.message_id == message_id && known.kind == kind) return &known;
    return nullptr;
}

Exchange& begin(Track& track, const dissect::Message& message, Side from) {
    if (track.exchanges.size() >= most_exchanges) track.exchanges.erase(track.exchanges.begin());
    track.exchanges.push_back({message.header.message_id, static_cast<std::uint32_t>(message.bytes.size()), from,
                               message.header.exchange, 0});
    return track.exchanges.back();
}

/// QM3 is HASH and nothing else, QM1 and QM2 have at least SA and nonce besides: the size tells them apart, also unopened.
bool only_hash(const Track& track, const dissect::Message& message) {
    constexpr std::size_t digests[] = {32, 16, 20, 24, 32, 48, 64}; // RFC 2409 appendix A; an unknown one as SHA2-256
    constexpr std::size_t headers = dissect::header_size + dissect::generic_header_size, padding = 16;
    const auto digest = digests[track.suite.hash < std::size(digests) ? track.suite.hash : 0];
    const auto size = std::max<std::size_t>(message.bytes.size(), message.header.length); // a short snap length makes no QM3
    return message.header.encrypted() && size >= headers + digests[1] && size < headers + digest + padding;
}

/// Tells `visit` of the latest records of one side of a Quick Mode.
template <class Visit>
void each_quick_record(Track& track, std::uint32_t message_id, Side from, Visit visit) {
    constexpr std::size_t far_enough = 64;
    const auto count = track.records.size();
    for (auto& record : std::span(track.records).subspan(count > far_enough ? count - far_enough : 0))
        if (record.message_id == message_id && record.from == from && record.exchange == exchange::quick) visit(record);
}
void relabel(Track& track, std::uint32_t message_id, Side from, Label label) {
    each_quick_record(track, message_id, from, [=](Record& record) { record.label = label; });
}
/// Did HASH(1) prove that this side began?
bool began_for_sure(Track& track, const Exchange& known) {
    bool proved = false;
    each_quick_record(track, known.message_id, known.first, [&](const Record& record) { proved |= record.hash == Proof::verified; });
    return proved;
}

/// Who sends QM3 began the exchange, so what its peer sent was QM2: QM1 was not captured, or stands behind QM2.
Place correct_quick(Track& track, Exchange& known, Side from) {
    const bool has_first = (known.seen & seen2) != 0;
    relabel(track, known.message_id, known.first, Label::qm2);
    relabel(track, known.message_id, from, Label::qm1);
    track.note(fmt::format("QM1 of the Quick Mode with message id {:08x} {}", known.message_id,
                           has_first ? "stands behind QM2 in the capture" : "was not captured"));
    known.first = from;
    known.first_size = 0;
    known.seen = static_cast<std::uint8_t>((has_first ? seen1 : 0) | seen2 | seen3);
    return {Label::qm3, 1, false};
}

/// RFC 2409 5.5. Without the plaintext, size tells a repeated QM1 from a QM3.
Place quick_place(Track& track, const dissect::Message& message, Side from) {
    auto* known = find(track, message.header.message_id, exchange::quick);
    const bool proof = only_hash(track, message);
    if (!known) {
        auto& begun = begin(track, message, from);
        begun.seen = proof ? seen3 : seen1;
        if (proof) begun.first_size = 0;
        return {proof ? Label::qm3 : Label::qm1, 1, false};
    }
    if (proof && from != known->first && (known->seen & seen3) == 0 && !began_for_sure(track, *known))
        return correct_quick(track, *known, from);
    const bool same_size = message.bytes.size() == known->first_size;
    const auto take = [&](Label label, std::uint8_t bit) {
        const bool again = (known->seen & bit) != 0;
        known->seen = static_cast<std::uint8_t>(known->seen | bit);
        return Place{label, 1, again};
    };
    const bool late_first = (known->seen & seen1) == 0 && !proof;
    if (from == known->first) return same_size || late_first ? take(Label::qm1, seen1) : take(Label::qm3, seen3);
    if ((known->seen & seen3) != 0 && (known->seen & seen2) != 0) return take(Label::qm4, seen4);
    return take(Label::qm2, seen2);
}

Place counted_place(Track& track, const dissect::Message& message, Side from, Label label) {
    auto* known = find(track, message.header.message_id, message.header.exchange);
    if (!known) known = &begin(track, message, from);
    if (known->seen < 255) ++known->seen;
    return {label, known->seen, false};
}

} // namespace

Side side_of(Core& core, Track& track, const Arrival& arrival) {
    const auto& header = arrival.message.header;
    const bool answered = header.responder_spi != dissect::no_spi;
    if (!answered && is_phase1(header.exchange)) return Side::initiator;
    if (is_phase1(header.exchange) && offers_suites(arrival.message)) {
        if (track.in_the_middle && (is_new(track) || !track.roles_known)) fix_roles(track, arrival.datagram);
        return Side::responder;
    }
    if (track.in_the_middle && is_new(track)) {
        track.roles_known = false;
        return Side::initiator;
    }
    return core.side_by_route(track, arrival.datagram);
}

Place place_of(Core& core, Track& track, const Arrival& arrival, Side from) {
    const auto& message = arrival.message;
    const auto& header = message.header;
    Label label = Label::none;
    switch (header.exchange) {
    case exchange::main: label = main_label(message, from); break;
    case exchange::aggressive: label = aggressive_label(message, from); break;
    case exchange::base: return base_place(message, from);
    case exchange::authentication_only: return auth_only_place(message, from);
    case exchange::informational: return {Label::info, 1, false};
    case exchange::transaction: return counted_place(track, message, from, Label::transaction);
    case exchange::new_group: return {is_gdoi(arrival) ? Label::group_push : Label::new_group, 1, false};
    case exchange::quick:
        if (is_gdoi(arrival)) return counted_place(track, message, from, Label::group_pull);
        return quick_place(track, message, from);
    default: return {};
    }
    return {label, 1, core.find_first(track, label, header.message_id, from).has_value()};
}

} // namespace ikescope::session::ikev1
