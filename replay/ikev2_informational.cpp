// INFORMATIONAL: deletes, and the empty message that asks whether the peer lives. RFC 7296 sections 1.4, 1.4.1, 2.4.

#include "dissect/numbers_ikev2.hpp"
#include "replay/ikev2_peer.hpp"
#include "replay/ikev2_wire.hpp"

namespace ikescope::replay::ikev2 {

namespace exchange = dissect::ikev2::exchange;
namespace payload = dissect::ikev2::payload;

/// Every request is answered, a delete of Child SAs too.
void Peer::answer_informational(const dissect::Header& to, const Opened& in) {
    bool gone = false;
    for (const auto& each : in.message.payloads) {
        if (each.type != payload::delete_) continue;
        gone = gone || dissect::ikev2::parse<dissect::ikev2::Delete>(each).protocol == dissect::ikev2::protocol::ike;
    }
    const auto error = find_error(in.message);
    send_response(to, {});
    if (!gone && !(error && error->type == dissect::ikev2::notify::authentication_failed)) return;
    if (gone && next_) return move_to_next();
    out_.emplace_back(Closed{});
    move(Input::closed);
}

Actions Peer::probe(Timestamp now) {
    now_ = now;
    if (stage_ == Stage::up && !own_.waiting) send_request(exchange::informational, {});
    return take();
}

Actions Peer::close(Timestamp now) {
    now_ = now;
    if (stage_ != Stage::up) return take();
    Chain chain;
    chain.add(payload::delete_, body_of(dissect::ikev2::Delete{dissect::ikev2::protocol::ike, 0, 0, {}}));
    send_request(exchange::informational, chain);
    own_.waiting = false;
    out_.emplace_back(Closed{});
    move(Input::closed);
    return take();
}

} // namespace ikescope::replay::ikev2
