// Informational exchanges: notify, delete, DPD. RFC 2409 section 5.7, RFC 2408 sections 3.14 and 3.15, RFC 3706.

#include "dissect/numbers_ikev1.hpp"
#include "replay/ikev1_peer.hpp"
#include "replay/ikev1_wire.hpp"

#include <fmt/format.h>

namespace ikescope::replay::ikev1 {

namespace payload = dissect::ikev1::payload;
namespace exchange = dissect::ikev1::exchange;
namespace notify_type = dissect::ikev1::notify;
using What = Event::What;

namespace {

constexpr std::uint8_t protocol_isakmp = 1;
constexpr std::uint32_t ipsec_doi = 1;
constexpr std::uint16_t first_status = 16384; // below: errors (RFC 2408 section 3.14.1)

Buffer cookies_of(const Phase1& sa) {
    Buffer both(sa.cookie[0].begin(), sa.cookie[0].end());
    both.insert(both.end(), sa.cookie[1].begin(), sa.cookie[1].end());
    return both;
}

} // namespace

/// HASH(1) in front, under an IV of its own (RFC 2409 appendix B); in clear before there are keys.
void Peer::inform(std::uint8_t type, Bytes body) {
    Chain rest;
    rest.add(type, body);
    const auto id = random_.number();
    Send what{sa_.local, sa_.remote, {}};
    if (!sa_.has_keys()) {
        auto header = header_of(sa_, exchange::informational, id);
        header.next_payload = rest.first();
        what.message = message_of(header, rest.bytes());
    } else {
        auto iv = crypto::ikev1::message_iv(sa_.suite, sa_.iv, id);
        Chain chain;
        chain.add(payload::hash, crypto::ikev1::hash_1(sa_.suite, sa_.keys.skeyid_a, id, rest.bytes()));
        chain.add(rest);
        what.message = sealed_message(sa_, exchange::informational, id, chain, iv);
    }
    out_.emplace_back(std::move(what));
    tell({What::sent, "INFO", 0, id, 0, nullptr});
}

void Peer::notify(std::uint16_t type, std::uint8_t protocol, Bytes spi, Bytes data) {
    inform(payload::notify, notify_body(type, protocol, spi, data));
}

void Peer::informational_message(const dissect::Message& message) {
    if (!message.header.encrypted()) return heed(message, false);
    if (!sa_.has_keys()) return;
    // A peer that could not open our last message of phase 1 still counts with the first IV.
    for (const auto& last : {sa_.iv, sa_.keys.initial_iv}) {
        const auto opened =
            open_message(sa_, message, crypto::ikev1::message_iv(sa_.suite, last, message.header.message_id));
        if (!opened || opened->message.fault) continue;
        const auto* hash = opened->message.find(payload::hash);
        const auto rest = behind_hash(opened->message, opened->plain);
        if (!hash || !std::ranges::equal(hash->body, crypto::ikev1::hash_1(sa_.suite, sa_.keys.skeyid_a,
                                                                           message.header.message_id, rest)))
            continue;
        return heed(opened->message, true);
    }
}

void Peer::heed(const dissect::Message& message, bool authenticated) {
    for (const auto& each : message.payloads) {
        if (each.type == payload::notify) heed_notify(each, authenticated);
        if (each.type != payload::delete_ || !authenticated) continue;
        const auto gone = dissect::ikev1::parse<dissect::ikev1::Delete>(each);
        if (gone.protocol != protocol_isakmp || stage_ != Stage::up) continue;
        tell(What::ended, "INFO");
        stage_ = edge_of(stage_, Input::deleted)->to;
        out_.emplace_back(Closed{});
    }
}

void Peer::heed_notify(const dissect::PayloadRef& body, bool authenticated) {
    const auto notification = dissect::ikev1::parse<dissect::ikev1::Notification>(body);
    if (authenticated && notification.type == notify_type::r_u_there)
        return notify(notify_type::r_u_there_ack, protocol_isakmp, notification.spi, notification.data);
    if (notification.type >= first_status) return;
    tell({What::refused, "INFO", 0, 0, notification.type, nullptr});
    if (!authenticated) return; // anybody can say so: go on repeating until the patience ends
    bool child = false;
    for (auto& [id, quick] : quicks_) {
        child = child || (quick.began && !quick.done);
        quick.exchange.waiting = quick.exchange.waiting && !quick.began;
    }
    fail(fmt::format("the peer refuses with notify {}", notification.type), child || stage_ == Stage::up);
}

Actions Peer::probe(Timestamp now) {
    now_ = now;
    if (stage_ != Stage::up) return take();
    Buffer number;
    Writer(number).number(++probe_number_, 4);
    notify(notify_type::r_u_there, protocol_isakmp, cookies_of(sa_), number);
    return take();
}

Actions Peer::close(Timestamp now) {
    now_ = now;
    if (stage_ != Stage::up) return take();
    const auto cookies = cookies_of(sa_);
    inform(payload::delete_, body_of(dissect::ikev1::Delete{ipsec_doi, protocol_isakmp, 16, 1, {cookies}}));
    stage_ = Stage::over;
    out_.emplace_back(Closed{});
    return take();
}

} // namespace ikescope::replay::ikev1
