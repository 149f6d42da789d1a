// A new IKE SA in place of the old one, RFC 7296 sections 1.3.2, 2.8 and 2.18. Its Child SAs go over to it, message IDs
// begin at 0 again, and who asked for it is its initiator:
//
//     HDR, SK {SA, Ni, KEi}  -->
//                        <-- HDR, SK {SA, Nr, KEr}
//     HDR, SK {D}            -->                      the old one goes
//                        <-- HDR, SK {}

#include "dissect/numbers_ikev2.hpp"
#include "replay/ikev2_peer.hpp"
#include "replay/ikev2_wire.hpp"

#include <fmt/format.h>

namespace ikescope::replay::ikev2 {

namespace exchange = dissect::ikev2::exchange;
namespace payload = dissect::ikev2::payload;
namespace notify = dissect::ikev2::notify;

namespace {

constexpr std::uint8_t ike = dissect::ikev2::protocol::ike;

Bytes share_of(const dissect::PayloadRef& ke) { return dissect::ikev2::parse<dissect::ikev2::KeyExchange>(ke).data; }

/// What the new SA has of the old one.
Sa successor_of(const Sa& old, bool initiator) {
    Sa sa;
    sa.initiator = initiator;
    sa.local = old.local;
    sa.remote = old.remote;
    sa.nat = old.nat;
    sa.peer = old.peer;
    return sa;
}

} // namespace

Actions Peer::rekey_ike(Timestamp now) {
    now_ = now;
    const auto offers = policy_.proposals();
    if (stage_ != Stage::up || own_.waiting || next_ || offers.empty() || !sa_.pair.group) return take();
    Sa sa = successor_of(sa_, true);
    auto pair = make_key_pair(sa_.pair.group->number, random_); // the group on which both have agreed before
    if (!pair) {
        fail(pair.error().sentence);
        return take();
    }
    sa.pair = std::move(*pair);
    random_.fill(sa.spi[0]);
    sa.nonce[0] = random_.take(nonce_size);
    Chain chain;
    chain.add(payload::sa, sa_body(offers, ike, sa.spi[0]));
    chain.add(payload::nonce, sa.nonce[0]);
    chain.add(payload::ke, ke_body(sa.pair.group->number, sa.pair.public_value));
    renewing_ = std::move(sa);
    send_request(exchange::create_child_sa, std::move(chain));
    return take();
}

void Peer::answer_ike_rekey(const dissect::Header& to, const Opened& in) {
    const auto *nonce = in.message.find(payload::nonce), *ke = in.message.find(payload::ke);
    if (!is_nonce(nonce) || !ke) return answer_with_error(to, notify::invalid_syntax);
    // Both ends ask at once: ours goes on, theirs is to be tried again (RFC 7296 2.25.2).
    if (renewing_ || next_) return answer_with_error(to, notify::temporary_failure);
    const auto method = dissect::ikev2::parse<dissect::ikev2::KeyExchange>(*ke).method;
    std::optional<Chosen> chosen;
    Offered taken;
    for (const auto& offered : offered_of(*in.message.find(payload::sa), ike))
        for (const auto& own : policy_.proposals())
            if (!chosen && (chosen = intersect(offered.proposal, own, method))) taken = offered;
    Sa sa = successor_of(sa_, false);
    if (!chosen || taken.spi.size() != sa.spi[0].size()) return answer_with_error(to, notify::no_proposal_chosen);
    if (chosen->group != method) {
        const Byte group[] = {static_cast<Byte>(chosen->group >> 8), static_cast<Byte>(chosen->group)};
        Chain chain;
        chain.add(payload::notify, notify_body(notify::invalid_ke_payload, group));
        return send_response(to, chain);
    }
    auto pair = make_key_pair(chosen->group, random_);
    if (!pair) return answer_with_error(to, notify::no_proposal_chosen);
    sa.pair = std::move(*pair);
    std::ranges::copy(taken.spi, sa.spi[0].begin());
    random_.fill(sa.spi[1]);
    sa.nonce[0].assign(nonce->body.begin(), nonce->body.end());
    sa.nonce[1] = random_.take(nonce_size);
    if (const auto derived = sa.derive_from(sa_, *chosen, share_of(*ke)); !derived) {
        fail(derived.error().sentence);
        return answer_with_error(to, notify::invalid_syntax);
    }
    out_.emplace_back(Keyed{sa.spi[0], sa.shared});
    Chain chain;
    chain.add(payload::sa, sa_body({single(*chosen)}, ike, sa.spi[1], taken.number));
    chain.add(payload::nonce, sa.nonce[1]);
    chain.add(payload::ke, ke_body(chosen->group, sa.pair.public_value));
    next_ = std::move(sa);
    send_response(to, chain);
}

void Peer::ike_rekeyed(const Opened& in) {
    auto sa = std::move(*renewing_);
    renewing_.reset();
    const auto *body = in.message.find(payload::sa), *nonce = in.message.find(payload::nonce),
               *ke = in.message.find(payload::ke);
    if (const auto error = find_error(in.message))
        return fail(fmt::format("the peer refuses a new IKE SA with notify {}", error->type), true);
    const auto answers = body ? offered_of(*body, ike) : std::vector<Offered>{};
    std::optional<Chosen> chosen;
    if (answers.size() == 1 && answers.front().spi.size() == sa.spi[1].size() && is_nonce(nonce) && ke)
        for (const auto& own : policy_.proposals())
            if (!chosen) chosen = intersect(answers.front().proposal, own);
    if (!chosen || chosen->group != sa.pair.group->number)
        return fail("the answer to a new IKE SA is not what was asked for", true);
    std::ranges::copy(answers.front().spi, sa.spi[1].begin());
    sa.nonce[1].assign(nonce->body.begin(), nonce->body.end());
    if (const auto derived = sa.derive_from(sa_, *chosen, share_of(*ke)); !derived)
        return fail(derived.error().sentence, true);
    out_.emplace_back(Keyed{sa.spi[0], sa.shared});
    next_ = std::move(sa);
    Chain chain;
    chain.add(payload::delete_, body_of(dissect::ikev2::Delete{ike, 0, 0, {}}));
    send_request(exchange::informational, std::move(chain));
}

/// The old SA is gone, or its peer speaks under the new one already; a delete of the old one may still be on its way.
void Peer::move_to_next() {
    retired_ = std::move(sa_);
    sa_ = std::move(*next_);
    next_.reset();
    own_ = {};
    peers_ = {};
    own_id_ = peer_id_ = 0;
    out_.emplace_back(Established{sa_.spi[0], sa_.spi[1], sa_.peer});
}

/// A delete that comes behind the change is answered as the old SA would have.
void Peer::answer_retired(const dissect::Message& message) {
    if (message.header.response() || message.header.exchange != exchange::informational ||
        !open_message(*retired_, message))
        return;
    auto reply = sealed_message(
        *retired_, header_of(*retired_, exchange::informational, message.header.message_id, true), {}, random_);
    out_.emplace_back(Send{retired_->local, retired_->remote, std::move(reply)});
}

} // namespace ikescope::replay::ikev2
