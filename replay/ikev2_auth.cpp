// IKE_AUTH with pre-shared keys, RFC 7296 sections 1.2 and 2.15:
//
//     HDR, SK {IDi, [N,] AUTH, SAi2, TSi, TSr}  -->
//                                           <-- HDR, SK {IDr, AUTH, SAr2, TSi, TSr}

#include "dissect/numbers_ikev2.hpp"
#include "replay/ikev2_peer.hpp"
#include "replay/ikev2_wire.hpp"

#include <fmt/format.h>

namespace ikescope::replay::ikev2 {

namespace exchange = dissect::ikev2::exchange;
namespace payload = dissect::ikev2::payload;
namespace notify = dissect::ikev2::notify;
using What = Event::What;

void Peer::send_auth() {
    constexpr std::uint16_t nat_t_port = 4500;
    if (sa_.nat) sa_.local.port = sa_.remote.port = nat_t_port; // RFC 7296 2.23
    sa_.id_body[0] = identity_body(policy_.own_identity());
    const auto key = policy_.own_key();
    if (!key) {
        tell(What::no_key);
        fail("there is no pre-shared key for the peer");
        own_.waiting = false;
        return move(Input::failed);
    }
    Chain chain;
    chain.add(payload::id_i, sa_.id_body[0]);
    if (settings_.initial_contact) chain.add(payload::notify, notify_body(notify::initial_contact));
    chain.add(payload::auth, auth_body(sa_.auth_of(0, *key)));
    ask_child(chain, false);
    send_request(exchange::ike_auth, chain);
    tell(What::proves);
}

/// What is wrong with the peer's ID and AUTH: the notify that says so.
std::optional<std::uint16_t> Peer::distrust(const Opened& in, std::uint8_t id_type) {
    const auto *id = in.message.find(id_type), *auth = in.message.find(payload::auth);
    const auto identity = id ? identity_of(*id) : std::nullopt;
    if (!identity || !auth) return notify::invalid_syntax;
    sa_.id_body[sa_.other()].assign(id->body.begin(), id->body.end());
    if (!policy_.accepts(*identity)) {
        tell(What::unknown_peer);
        fail("no profile is for the peer's ID");
        return notify::authentication_failed;
    }
    tell(What::identified);
    const auto key = policy_.peer_key();
    if (!key) {
        tell(What::no_key);
        fail("there is no pre-shared key for the peer");
        return notify::authentication_failed;
    }
    const auto read = dissect::ikev2::parse<dissect::ikev2::Authentication>(*auth);
    const bool right = read.method == dissect::ikev2::auth_method::shared_key &&
                       std::ranges::equal(read.data, sa_.auth_of(sa_.other(), *key));
    if (!right) {
        tell(What::wrong_auth);
        fail("the peer's AUTH does not verify: another pre-shared key");
        return notify::authentication_failed;
    }
    tell(What::authenticated);
    return std::nullopt;
}

void Peer::answer_auth(const dissect::Message& message, const Opened& in) {
    const auto& header = message.header;
    auto wrong = distrust(in, payload::id_i);
    const auto key = wrong ? std::nullopt : policy_.own_key();
    if (!wrong && !key) {
        tell(What::no_key);
        fail("there is no pre-shared key for this end");
        wrong = notify::authentication_failed;
    }
    if (wrong) {
        answer_with_error(header, *wrong);
        return move(Input::failed);
    }
    sa_.id_body[1] = identity_body(policy_.own_identity());
    Chain reply;
    reply.add(payload::id_r, sa_.id_body[1]);
    reply.add(payload::auth, auth_body(sa_.auth_of(1, *key)));
    move(Input::auth_request);
    sa_.peer = identity_of(*in.message.find(payload::id_i))->text;
    out_.emplace_back(Established{sa_.spi[0], sa_.spi[1], sa_.peer});
    grant_child(in, reply, false);
    send_response(header, reply);
}

void Peer::auth_answered(const Opened& in) {
    const auto error = find_error(in.message);
    if (error && !in.message.find(payload::auth)) {
        tell(What::told_wrong_auth);
        fail(fmt::format("the peer refuses IKE_AUTH with notify {}", error->type));
        return move(Input::failed);
    }
    if (distrust(in, payload::id_r)) { // the responder believes the SA is up (RFC 7296 2.21.2)
        Chain chain;
        chain.add(payload::notify, notify_body(notify::authentication_failed));
        send_request(exchange::informational, chain);
        own_.waiting = false;
        return move(Input::failed);
    }
    move(Input::auth_response);
    sa_.peer = identity_of(*in.message.find(payload::id_r))->text;
    out_.emplace_back(Established{sa_.spi[0], sa_.spi[1], sa_.peer});
    child_answered(in);
}

} // namespace ikescope::replay::ikev2
