// What Main and Aggressive Mode have in common: reading and writing the parts of phase 1.

#include "dissect/numbers_ikev1.hpp"
#include "replay/ikev1_peer.hpp"
#include "replay/ikev1_wire.hpp"
#include "session/ikev1_suite.hpp"
#include "session/ikev1_verify.hpp"

#include <fmt/format.h>

namespace ikescope::replay::ikev1 {

namespace payload = dissect::ikev1::payload;
namespace notify_type = dissect::ikev1::notify;
using What = Event::What;

namespace {

constexpr std::size_t nonce_size = 20, shortest_nonce = 8, longest_nonce = 256; // RFC 2409 section 5
constexpr std::uint8_t protocol_isakmp = 1;

} // namespace

void Peer::choose_cookie_and_nonce() {
    if (!sa_.initiator) random_.fill(sa_.cookie[1]);
    sa_.nonce[sa_.own()] = random_.take(nonce_size);
}

bool Peer::learn_vendors(const Received& in) {
    for (const auto& each : in.message.payloads)
        sa_.peer_knows_nat_t = sa_.peer_knows_nat_t || (each.type == payload::vendor && is_rfc3947(each.body));
    return true;
}

bool Peer::learn_offer(const Received& in, std::string_view label, const ios::Identity* peer) {
    const auto* body = in.message.find(payload::sa);
    if (in.encrypted() || !body) return false;
    const auto offers = session::ikev1::offers_of(*body);
    const auto chosen = policy_.choose(offers, peer);
    sa_.sa_body.assign(body->body.begin(), body->body.end());
    if (!chosen || *chosen >= offers.size()) {
        refuse_offer(label);
        return false;
    }
    if (const auto taken = sa_.take(offers[*chosen], random_); !taken) return fail(taken.error().sentence);
    choose_cookie_and_nonce();
    return learn_vendors(in);
}

/// NO-PROPOSAL-CHOSEN in clear; the SA is forgotten, and a repetition is answered in the same way.
void Peer::refuse_offer(std::string_view label) {
    random_.fill(sa_.cookie[1]);
    tell(What::handled, label);
    notify(notify_type::no_proposal_chosen, protocol_isakmp, {});
    sa_.cookie[1] = {};
    fail("none of the peer's phase 1 offers is acceptable");
}

/// The responder must send one of the transforms it was offered, unchanged (RFC 2408 section 4.2).
bool Peer::learn_choice(const Received& in) {
    const auto* body = in.message.find(payload::sa);
    if (in.encrypted() || !body) return false;
    const auto chosen = session::ikev1::offers_of(*body);
    if (chosen.size() != 1 || !policy_.confirms(chosen.front())) return false;
    sa_.cookie[1] = in.message.header.responder_spi;
    if (const auto taken = sa_.take(chosen.front(), random_); !taken) return fail(taken.error().sentence);
    choose_cookie_and_nonce();
    return learn_vendors(in);
}

bool Peer::learn_key_share(const Received& in) {
    const auto *share = in.message.find(payload::ke), *nonce = in.message.find(payload::nonce);
    if (in.encrypted() || !share || !nonce || nonce->body.size() < shortest_nonce || nonce->body.size() > longest_nonce)
        return false;
    if (share->body.size() != sa_.pair.group->public_size) return false;
    sa_.public_value[sa_.other()].assign(share->body.begin(), share->body.end());
    sa_.nonce[sa_.other()].assign(nonce->body.begin(), nonce->body.end());
    sa_.nat = sa_.peer_knows_nat_t && finds_nat(sa_, in.message);
    return true;
}

bool Peer::learn_identity(const dissect::PayloadRef* id) {
    const auto identity = id ? identity_of(*id) : std::nullopt;
    if (!identity) return false;
    sa_.peer = *identity;
    sa_.id_body[sa_.other()].assign(id->body.begin(), id->body.end());
    return true;
}

bool Peer::make_keys(const ios::Identity* peer) {
    const auto psk = policy_.key(peer);
    if (!psk) return false;
    if (const auto derived = sa_.derive(*psk); !derived) return fail(derived.error().sentence);
    out_.emplace_back(Keyed{sa_.cookie[0], sa_.shared});
    return true;
}

/// The checks of a router on what it has decrypted, before it believes a word.
bool Peer::is_sane(const Received& in, std::string_view label) {
    session::SanityCheck check;
    if (session::ikev1::headers_pass(in.plain, in.message.header.next_payload, check)) return true;
    tell({What::bad_message, label, 0, 0, 0, &check});
    return fail(fmt::format("{} does not open with this key", label));
}

bool Peer::proves_itself(const Received& in, std::string_view label) {
    const auto* hash = in.message.find(payload::hash);
    if (hash && std::ranges::equal(hash->body, sa_.proof_of(sa_.other()))) return true;
    tell(What::bad_hash, label);
    return fail(fmt::format("the HASH of {} is wrong: another pre-shared key", label));
}

/// RFC 2407 section 4.6.3.3: its SPI are the cookies.
void Peer::add_initial_contact(Chain& chain) const {
    if (!settings_.initial_contact) return;
    Buffer spi(sa_.cookie[0].begin(), sa_.cookie[0].end());
    spi.insert(spi.end(), sa_.cookie[1].begin(), sa_.cookie[1].end());
    chain.add(payload::notify, notify_body(notify_type::initial_contact, protocol_isakmp, spi));
}

void Peer::add_vendors(Chain& chain, const std::vector<Buffer>& vendors) const {
    for (const auto& vendor : vendors) chain.add(payload::vendor, vendor);
}

/// RFC 3947 section 4: the initiator changes ports as soon as it knows of NAT.
void Peer::float_ports() {
    constexpr std::uint16_t nat_t_port = 4500;
    if (!sa_.nat || sa_.remote.port == nat_t_port) return;
    sa_.local.port = sa_.remote.port = nat_t_port;
}

Bytes behind_hash(const dissect::Message& message, Bytes plain) {
    if (message.payloads.empty() || message.payloads.front().type != payload::hash) return {};
    const auto& first = message.payloads.front();
    const auto& last = message.payloads.back();
    const auto begin = first.offset + dissect::generic_header_size + first.body.size();
    const auto end = last.offset + dissect::generic_header_size + last.body.size();
    return begin <= end && end <= plain.size() ? plain.subspan(begin, end - begin) : Bytes{};
}

} // namespace ikescope::replay::ikev1
