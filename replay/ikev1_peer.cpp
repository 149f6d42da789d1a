#include "replay/ikev1_peer.hpp"

#include "replay/ikev1_wire.hpp"

#include <fmt/format.h>

namespace ikescope::replay::ikev1 {

namespace exchange = dissect::ikev1::exchange;
using What = Event::What;

namespace {

/// More Quick Modes at a time than anybody needs; further ones are dropped.
constexpr std::size_t most_quicks = 64;
constexpr dissect::Spi no_cookie{};

std::optional<Input> input_of(const dissect::Header& header) {
    if (header.message_id != 0) return std::nullopt;
    if (header.exchange == exchange::main) return Input::main_message;
    if (header.exchange == exchange::aggressive) return Input::aggressive_message;
    return std::nullopt;
}

} // namespace

Peer::Step Peer::step_for(std::string_view label) {
    constexpr std::pair<std::string_view, Step> steps[] = {
        {"MM1", &Peer::mm1}, {"MM2", &Peer::mm2}, {"MM3", &Peer::mm3}, {"MM4", &Peer::mm4}, {"MM5", &Peer::mm5},
        {"MM6", &Peer::mm6}, {"AM1", &Peer::am1}, {"AM2", &Peer::am2}, {"AM3", &Peer::am3},
    };
    for (const auto& [name, step] : steps)
        if (name == label) return step;
    return nullptr;
}

Actions Peer::start(Timestamp now) {
    now_ = now;
    sa_.initiator = true;
    sa_.local = settings_.local;
    sa_.remote = settings_.remote;
    const auto offers = policy_.offers();
    if (offers.empty()) {
        tell(What::not_started, "MM1");
        fail("there is nothing to offer, and nothing is sent");
        return take();
    }
    random_.fill(sa_.cookie[0]);
    sa_.sa_body = phase1_sa(offers);
    if (settings_.aggressive) {
        send_am1();
        return take();
    }
    Chain chain;
    chain.add(dissect::ikev1::payload::sa, sa_.sa_body);
    add_vendors(chain, offered_vendors());
    transmit(phase1_, clear_message(sa_, exchange::main, chain), "MM1", true);
    stage_ = Stage::mm1;
    return take();
}

Actions Peer::receive(const Arrival& arrival) {
    now_ = arrival.time;
    dissect::Message message;
    if (stage_ != Stage::over && dissect::is_isakmp(arrival.message)) {
        dissect::walk(arrival.message, 0, arrival.message.size(), message);
        if (message.header.major() == 1 && !message.fault) handle(arrival, message);
    }
    return take();
}

Actions Peer::wake(Timestamp now) {
    now_ = now;
    if (phase1_.overdue(now)) retry(phase1_, 0);
    for (auto& [id, quick] : quicks_)
        if (stage_ != Stage::over && quick.exchange.overdue(now)) retry(quick.exchange, id);
    return take();
}

void Peer::handle(const Arrival& arrival, const dissect::Message& message) {
    const auto& header = message.header;
    if (stage_ == Stage::idle && header.responder_spi == no_cookie && !header.encrypted()) {
        sa_.cookie[0] = header.initiator_spi;
        sa_.local = arrival.to;
        sa_.remote = arrival.from;
    }
    if (!cookies_fit(header)) return;
    if (const auto input = input_of(header)) return phase1_message(arrival, message, *input);
    if (header.exchange == exchange::informational) return informational_message(message);
    const bool room = quicks_.size() < most_quicks || quicks_.contains(header.message_id);
    if (header.exchange == exchange::quick && stage_ == Stage::up && header.encrypted() && header.message_id != 0 &&
        room)
        quick_message(arrival, message);
}

/// The responder's cookie is not known before its first message, and none before that.
bool Peer::cookies_fit(const dissect::Header& header) const {
    if (header.initiator_spi != sa_.cookie[0]) return false;
    const bool first = stage_ == Stage::mm1 || stage_ == Stage::am1;
    if (first) return header.responder_spi != no_cookie;
    if (header.responder_spi == sa_.cookie[1]) return true;
    return header.responder_spi == no_cookie && (stage_ == Stage::idle || stage_ == Stage::mm2 || stage_ == Stage::am2);
}

void Peer::phase1_message(const Arrival& arrival, const dissect::Message& message, Input input) {
    if (repeats_itself(phase1_, arrival, 0)) return;
    const auto* edge = edge_of(stage_, input);
    if (!edge) return;
    std::optional<Opened> opened;
    if (message.header.encrypted() && !(opened = open_message(sa_, message, sa_.iv))) return;
    const auto before = std::pair(sa_.local, sa_.remote);
    if (opened)
        std::tie(sa_.local, sa_.remote) = std::pair(arrival.to, arrival.from); // the peer may have changed ports
    aborted_ = false;
    const bool moves = (this->*step_for(edge->handles))(
        opened ? Received{opened->message, opened->plain, opened->last_block} : Received{message, {}, {}});
    if (!moves) std::tie(sa_.local, sa_.remote) = before;
    if (moves) stage_ = edge->to;
    if (moves || aborted_) phase1_.received.assign(arrival.message.begin(), arrival.message.end());
    if (stage_ == Stage::up) established();
}

bool Peer::repeats_itself(Exchange& exchange, const Arrival& arrival, std::uint32_t message_id) {
    if (!exchange.is_duplicate(arrival.message)) return false;
    if (!exchange.answers_duplicate(now_)) return true;
    tell({What::duplicate, exchange.label, 0, message_id, 0, nullptr});
    exchange.again(now_, out_);
    return true;
}

void Peer::retry(Exchange& exchange, std::uint32_t message_id) {
    if (exchange.repeats < settings_.patience.repeats) {
        ++exchange.repeats;
        exchange.due = now_ + settings_.patience.interval;
        tell({What::repeated, exchange.label, exchange.repeats, message_id, 0, nullptr});
        return exchange.again(now_, out_);
    }
    exchange.waiting = false;
    tell({What::gave_up, exchange.label, exchange.repeats, message_id, 0, nullptr});
    fail(fmt::format("{} had no answer", exchange.label), message_id != 0);
    if (const auto* edge = edge_of(stage_, Input::gave_up); edge && message_id == 0) stage_ = edge->to;
}

/// Hands out what has gathered, with the next time to wake.
Actions Peer::take() {
    std::optional<Timestamp> due;
    const auto consider = [&](const Exchange& exchange) {
        if (exchange.waiting && (!due || exchange.due < *due)) due = exchange.due;
    };
    if (stage_ != Stage::over) {
        consider(phase1_);
        for (const auto& [id, quick] : quicks_) consider(quick.exchange);
    }
    if (due) out_.emplace_back(SetTimer{*due});
    return std::exchange(out_, {});
}

void Peer::tell(const Event& event) {
    for (auto& line : policy_.told(event)) out_.emplace_back(Log{std::move(line)});
}

bool Peer::fail(std::string reason, bool child) {
    out_.emplace_back(Failed{std::move(reason), child});
    return false;
}

void Peer::transmit(Exchange& exchange, Buffer message, std::string_view label, bool wait, std::uint32_t message_id) {
    exchange.transmit({sa_.local, sa_.remote, std::move(message)}, label, wait, now_, settings_.patience, out_);
    tell({What::sent, label, 0, message_id, 0, nullptr});
}

void Peer::established() {
    if (phase1_.label != "MM6" && phase1_.label != "AM3") phase1_.last.message.clear(); // the last word was the peer's
    phase1_.waiting = false;
    out_.emplace_back(Established{sa_.cookie[0], sa_.cookie[1], sa_.peer.text});
    if (sa_.initiator && settings_.quick) begin_quick();
}

} // namespace ikescope::replay::ikev1
