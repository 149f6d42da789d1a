#include "session/ikev1_labels.hpp"

#include "dissect/ikev1.hpp"

namespace ikescope::session::ikev1 {
namespace {

namespace exchange = dissect::ikev1::exchange;
namespace payload = dissect::ikev1::payload;

constexpr std::size_t most_exchanges = 32;
constexpr std::uint8_t seen1 = 1, seen2 = 2, seen3 = 4, seen4 = 8;

bool offers_suites(const dissect::Message& message) {
    return !message.header.encrypted() && message.header.next_payload == payload::sa;
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

/// RFC 2409 5.4: SA in the first two, KE in the next two, the last two encrypted.
Label main_label(const dissect::Message& message, Side from) {
    const bool initiator = from == Side::initiator;
    if (message.header.encrypted()) return initiator ? Label::mm5 : Label::mm6;
    if (offers_suites(message)) return initiator ? Label::mm1 : Label::mm2;
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

/// RFC 2409 5.5. Without the plaintext, size tells a repeated QM1 from a QM3.
Place quick_place(Track& track, const dissect::Message& message, Side from) {
    auto* known = find(track, message.header.message_id, exchange::quick);
    if (!known) {
        begin(track, message, from).seen = seen1;
        return {Label::qm1, 1, false};
    }
    const bool same_size = message.bytes.size() == known->first_size;
    const auto take = [&](Label label, std::uint8_t bit) {
        const bool again = (known->seen & bit) != 0;
        known->seen = static_cast<std::uint8_t>(known->seen | bit);
        return Place{label, 1, again};
    };
    if (from == known->first) return same_size ? take(Label::qm1, seen1) : take(Label::qm3, seen3);
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
