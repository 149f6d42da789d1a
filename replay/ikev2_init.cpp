// IKE_SA_INIT, RFC 7296 section 1.2, with the rounds that it may take (2.6 COOKIE, 2.7 INVALID_KE_PAYLOAD):
//
//     HDR, [N(COOKIE),] SAi1, KEi, Ni, N(NATD)…  -->
//                                            <-- HDR, SAr1, KEr, Nr, N(NATD)…   or N(COOKIE), N(INVALID_KE_PAYLOAD)

#include "dissect/numbers_ikev2.hpp"
#include "replay/ikev2_peer.hpp"
#include "replay/ikev2_wire.hpp"

#include <fmt/format.h>

namespace ikescope::replay::ikev2 {

namespace exchange = dissect::ikev2::exchange;
namespace payload = dissect::ikev2::payload;
namespace notify = dissect::ikev2::notify;
using What = Event::What;

namespace {

constexpr unsigned most_rounds = 5; // of COOKIE and INVALID_KE_PAYLOAD together
constexpr std::uint8_t ike = dissect::ikev2::protocol::ike;

} // namespace

bool Peer::renew_key_pair(std::uint16_t group) {
    auto pair = make_key_pair(group, random_);
    if (pair)
        sa_.pair = std::move(*pair);
    else
        fail(pair.error().sentence);
    return sa_.pair.group != nullptr && sa_.pair.group->number == group;
}

void Peer::send_init() {
    Chain chain;
    if (!cookie_.empty()) chain.add(payload::notify, notify_body(notify::cookie, cookie_));
    chain.add(payload::sa, sa_body(policy_.proposals(), ike, {}));
    chain.add(payload::ke, ke_body(sa_.pair.group->number, sa_.pair.public_value));
    chain.add(payload::nonce, sa_.nonce[0]);
    add_nat_detection(sa_, chain);
    sa_.init[0] = clear_message(sa_, exchange::ike_sa_init, false, chain);
    own_exchange_ = exchange::ike_sa_init;
    own_id_ = 1; // a repeated IKE_SA_INIT keeps message id 0
    own_.transmit({sa_.local, sa_.remote, sa_.init[0]}, "request", true, now_, settings_.patience, out_);
}

/// Bound to address, SPI and nonce, so that nothing need be remembered (RFC 7296 2.6).
Buffer Peer::cookie_for(const Arrival& arrival, const dissect::Message& message) const {
    const auto* nonce = message.find(payload::nonce);
    return crypto::hmac(crypto::HashId::sha256, cookie_,
                        {nonce->body, arrival.from.address.bytes(), message.header.initiator_spi});
}

bool Peer::keys_agreed(const Chosen& chosen, const dissect::PayloadRef& ke) {
    const auto derived = sa_.derive(chosen, dissect::ikev2::parse<dissect::ikev2::KeyExchange>(ke).data);
    if (!derived) {
        fail(derived.error().sentence);
        return false;
    }
    out_.emplace_back(Keyed{sa_.spi[0], sa_.shared});
    return true;
}

void Peer::answer_init(const Arrival& arrival, const dissect::Message& message) {
    const auto *sa = message.find(payload::sa), *ke = message.find(payload::ke), *nonce = message.find(payload::nonce);
    if (!sa || !ke || !is_nonce(nonce)) return;
    sa_.spi[0] = message.header.initiator_spi;
    sa_.spi[1] = {};
    sa_.local = arrival.to;
    sa_.remote = arrival.from;
    const auto refuse = [&](std::uint16_t type, Bytes data) {
        Chain chain;
        chain.add(payload::notify, notify_body(type, data));
        out_.emplace_back(Send{sa_.local, sa_.remote, clear_message(sa_, exchange::ike_sa_init, true, chain)});
    };
    if (settings_.demands_cookie) {
        if (cookie_.empty()) cookie_ = random_.take(32);
        const auto expected = cookie_for(arrival, message);
        const auto brought = find_notify(message, notify::cookie);
        if (!brought || !std::ranges::equal(brought->data, expected)) return refuse(notify::cookie, expected);
    }
    const auto share = dissect::ikev2::parse<dissect::ikev2::KeyExchange>(*ke);
    std::optional<Chosen> chosen;
    std::uint8_t number = 1;
    for (const auto& offered : offered_of(*sa, ike))
        for (const auto& own : policy_.proposals())
            if (!chosen && (chosen = intersect(offered.proposal, own, share.method))) number = offered.number;
    if (!chosen) {
        tell(What::no_suite);
        fail("none of the peer's proposals for the IKE SA is acceptable");
        return refuse(notify::no_proposal_chosen, {});
    }
    if (chosen->group != share.method) {
        const Byte group[] = {static_cast<Byte>(chosen->group >> 8), static_cast<Byte>(chosen->group)};
        return refuse(notify::invalid_ke_payload, group);
    }
    if (!renew_key_pair(chosen->group)) return;
    sa_.nat = finds_nat(sa_, message);
    random_.fill(sa_.spi[1]);
    sa_.nonce[0].assign(nonce->body.begin(), nonce->body.end());
    sa_.nonce[1] = random_.take(nonce_size);
    sa_.init[0].assign(message.bytes.begin(), message.bytes.end());
    if (!keys_agreed(*chosen, *ke)) return;
    tell(What::suite);
    Chain chain;
    chain.add(payload::sa, sa_body({single(*chosen)}, ike, {}, number));
    chain.add(payload::ke, ke_body(chosen->group, sa_.pair.public_value));
    chain.add(payload::nonce, sa_.nonce[1]);
    add_nat_detection(sa_, chain);
    sa_.init[1] = clear_message(sa_, exchange::ike_sa_init, true, chain);
    peers_.received.assign(arrival.message.begin(), arrival.message.end());
    peer_id_ = 1;
    peers_.transmit({sa_.local, sa_.remote, sa_.init[1]}, "response", false, now_, settings_.patience, out_);
    move(Input::init_request);
}

void Peer::init_answered(const dissect::Message& message) {
    const auto *sa = message.find(payload::sa), *ke = message.find(payload::ke), *nonce = message.find(payload::nonce);
    if (const auto cookie = find_notify(message, notify::cookie); cookie && !sa) {
        if (++init_rounds_ > most_rounds) return;
        cookie_.assign(cookie->data.begin(), cookie->data.end());
        return send_init();
    }
    if (const auto error = find_error(message)) {
        const auto group = error->accepted_group();
        const auto offers = policy_.proposals();
        const bool offered = group && std::ranges::any_of(offers, [&](const Proposal& each) {
                                 return std::ranges::find(each.groups, *group) != each.groups.end();
                             });
        if (offered && *group != sa_.pair.group->number && ++init_rounds_ <= most_rounds && renew_key_pair(*group))
            return send_init();
        if (error->type == notify::no_proposal_chosen) tell(What::told_no_suite);
        fail(fmt::format("the peer refuses IKE_SA_INIT with notify {}", error->type));
        own_.waiting = false;
        return move(Input::failed);
    }
    if (!sa || !ke || !is_nonce(nonce) || message.header.responder_spi == dissect::no_spi) return;
    const auto answers = offered_of(*sa, ike);
    std::optional<Chosen> chosen;
    if (answers.size() == 1)
        for (const auto& own : policy_.proposals())
            if (!chosen) chosen = intersect(answers.front().proposal, own);
    if (!chosen || chosen->group != sa_.pair.group->number) return; // not what was offered
    sa_.spi[1] = message.header.responder_spi;
    sa_.nonce[1].assign(nonce->body.begin(), nonce->body.end());
    sa_.init[1].assign(message.bytes.begin(), message.bytes.end());
    sa_.nat = finds_nat(sa_, message);
    if (!keys_agreed(*chosen, *ke)) return;
    move(Input::init_response);
    send_auth();
}

} // namespace ikescope::replay::ikev2
