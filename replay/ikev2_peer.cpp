#include "replay/ikev2_peer.hpp"

#include "replay/ikev2_wire.hpp"

#include <fmt/format.h>

namespace ikescope::replay::ikev2 {

namespace exchange = dissect::ikev2::exchange;
namespace payload = dissect::ikev2::payload;
using What = Event::What;

Actions Peer::start(Timestamp now) {
    now_ = now;
    sa_.initiator = true;
    sa_.local = settings_.local;
    sa_.remote = settings_.remote;
    const auto offers = policy_.proposals();
    if (offers.empty() || offers.front().groups.empty()) {
        fail("there is nothing to offer, and nothing is sent");
        return take();
    }
    random_.fill(sa_.spi[0]);
    sa_.nonce[0] = random_.take(32);
    if (!renew_key_pair(offers.front().groups.front())) return take();
    stage_ = Stage::asked;
    tell(What::asks);
    send_init();
    return take();
}

Actions Peer::receive(const Arrival& arrival) {
    now_ = arrival.time;
    dissect::Message message;
    if (stage_ != Stage::over && dissect::is_isakmp(arrival.message)) {
        dissect::walk(arrival.message, 0, arrival.message.size(), message);
        if (message.header.major() == 2 && !message.fault && message.excess.empty()) handle(arrival, message);
    }
    return take();
}

/// SPIs and the direction flags must be those of this SA; a responder's first request has no responder SPI.
bool Peer::belongs(const dissect::Header& header) const {
    if (stage_ == Stage::idle)
        return header.from_initiator() && !header.response() && header.responder_spi == dissect::no_spi;
    if (header.from_initiator() == sa_.initiator || header.initiator_spi != sa_.spi[0]) return false;
    if (stage_ == Stage::asked) return header.response();
    const bool first_again = header.exchange == exchange::ike_sa_init && header.responder_spi == dissect::no_spi;
    return header.responder_spi == sa_.spi[1] || first_again;
}

void Peer::handle(const Arrival& arrival, const dissect::Message& message) {
    const auto is_of = [&](const std::optional<Sa>& sa) {
        return sa && message.header.initiator_spi == sa->spi[0] && message.header.responder_spi == sa->spi[1];
    };
    if (is_of(retired_)) return answer_retired(message);
    if (is_of(next_) && open_message(*next_, message)) move_to_next();
    if (!belongs(message.header)) return;
    for (auto& line : packet_told({false, arrival.to, arrival.from, message.header})) out_.push_back(std::move(line));
    if (message.header.response())
        response(arrival, message);
    else
        request(arrival, message);
}

void Peer::request(const Arrival& arrival, const dissect::Message& message) {
    const auto& header = message.header;
    if (peers_.is_duplicate(arrival.message)) { // the same answer again (RFC 7296 2.1)
        if (peers_.answers_duplicate(now_)) peers_.again(now_, out_);
        return;
    }
    if (header.message_id != peer_id_) return;
    if (header.exchange == exchange::ike_sa_init) {
        if (edge_of(stage_, Input::init_request)) answer_init(arrival, message);
        return;
    }
    const auto opened = open_message(sa_, message);
    if (!opened) return;
    sa_.local = arrival.to; // it may have changed ports (RFC 7296 2.23)
    sa_.remote = arrival.from;
    peers_.received.assign(arrival.message.begin(), arrival.message.end());
    ++peer_id_;
    if (opened->message.fault) return answer_with_error(header, dissect::ikev2::notify::invalid_syntax);
    if (header.exchange == exchange::ike_auth && edge_of(stage_, Input::auth_request))
        return answer_auth(message, *opened);
    if (stage_ != Stage::up) return;
    if (header.exchange == exchange::create_child_sa) return answer_child(header, *opened);
    if (header.exchange == exchange::informational) return answer_informational(header, *opened);
    answer_with_error(header, dissect::ikev2::notify::invalid_syntax);
}

void Peer::response(const Arrival& arrival, const dissect::Message& message) {
    const auto& header = message.header;
    if (!own_.waiting || header.exchange != own_exchange_ || header.message_id + 1 != own_id_) return;
    if (header.exchange == exchange::ike_sa_init) return init_answered(message);
    const auto opened = open_message(sa_, message);
    if (!opened) return;
    own_.waiting = false;
    sa_.local = arrival.to;
    sa_.remote = arrival.from;
    if (header.exchange == exchange::ike_auth) auth_answered(*opened);
    if (header.exchange == exchange::create_child_sa) renewing_ ? ike_rekeyed(*opened) : child_answered(*opened);
    if (header.exchange == exchange::informational && next_ && next_->initiator) move_to_next();
}

void Peer::send_request(std::uint8_t kind, const Chain& chain) {
    auto message = sealed_message(sa_, header_of(sa_, kind, own_id_, false), chain, random_);
    own_exchange_ = kind;
    ++own_id_;
    own_.transmit({sa_.local, sa_.remote, std::move(message)}, "request", true, now_, settings_.patience, out_);
}

void Peer::send_response(const dissect::Header& to, const Chain& chain) {
    auto message = sealed_message(sa_, header_of(sa_, to.exchange, to.message_id, true), chain, random_);
    peers_.transmit({sa_.local, sa_.remote, std::move(message)}, "response", false, now_, settings_.patience, out_);
}

void Peer::answer_with_error(const dissect::Header& to, std::uint16_t type) {
    Chain chain;
    chain.add(payload::notify, notify_body(type));
    send_response(to, chain);
}

Actions Peer::wake(Timestamp now) {
    now_ = now;
    if (stage_ == Stage::over || !own_.overdue(now)) return take();
    if (own_.repeats < settings_.patience.repeats) {
        ++own_.repeats;
        own_.due = now + settings_.patience.interval;
        tell(What::repeated, own_.repeats);
        own_.again(now, out_);
    } else if (next_ && next_->initiator) { // the delete of the old IKE SA had no answer
        move_to_next();
    } else {
        own_.waiting = false;
        tell(What::gave_up);
        fail(fmt::format("a request of exchange {} had no answer", own_exchange_));
        move(Input::failed);
    }
    return take();
}

void Peer::move(Input input) {
    if (const auto* edge = edge_of(stage_, input)) stage_ = edge->to;
}

void Peer::fail(std::string reason, bool child) { out_.emplace_back(Failed{std::move(reason), child}); }

void Peer::tell(What what, unsigned attempt) {
    for (auto& line : policy_.told({what, attempt, nullptr})) out_.emplace_back(Log{std::move(line)});
}

Actions Peer::packet_told(const Packet& packet) {
    Actions lines;
    for (auto& line : policy_.told({What::packet, 0, &packet})) lines.emplace_back(Log{std::move(line)});
    return lines;
}

/// Hands out what has gathered, with the next time to wake.
Actions Peer::take() {
    if (stage_ != Stage::over && own_.waiting) out_.emplace_back(SetTimer{own_.due});
    Actions out;
    for (auto& action : std::exchange(out_, {})) {
        if (const auto* send = std::get_if<Send>(&action)) {
            dissect::Message message;
            dissect::walk(send->message, 0, send->message.size(), message);
            for (auto& line : packet_told({true, send->from, send->to, message.header})) out.push_back(std::move(line));
        }
        out.push_back(std::move(action));
    }
    return out;
}

} // namespace ikescope::replay::ikev2
