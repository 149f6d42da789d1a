// Child SAs, in IKE_AUTH and in CREATE_CHILD_SA. RFC 7296 sections 1.3, 2.8, 2.9, 2.17:
//
//     HDR, SK {[N(REKEY_SA),] SA, Ni, [KEi,] TSi, TSr}  -->
//                                                   <-- HDR, SK {SA, Nr, [KEr,] TSi, TSr}

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

constexpr std::uint8_t esp = dissect::ikev2::protocol::esp;

Buffer spi_bytes(std::uint32_t spi) {
    Buffer out;
    Writer(out).number(spi, 4);
    return out;
}

/// IKE_AUTH has no key exchange of its own: groups do not count there (RFC 7296 1.2).
std::vector<Proposal> without_groups(std::vector<Proposal> proposals) {
    for (auto& each : proposals) each.groups.clear();
    return proposals;
}

} // namespace

Actions Peer::create_child(Timestamp now, bool rekey) {
    now_ = now;
    if (stage_ != Stage::up || own_.waiting) return take();
    Chain chain;
    if (rekey) chain.add(payload::notify, notify_body(notify::rekey_sa, {}, esp, spi_bytes(last_child_)));
    ask_child(chain, true);
    if (asking_ && rekey) asking_->replaces = last_child_;
    send_request(exchange::create_child_sa, chain);
    return take();
}

void Peer::ask_child(Chain& chain, bool alone) {
    Asking asking{random_.number(), policy_.child_request(), {}, {}, alone, 0};
    const auto& request = asking.request;
    if (request.proposals.empty()) return;
    chain.add(payload::sa,
              sa_body(alone ? request.proposals : without_groups(request.proposals), esp, spi_bytes(asking.spi)));
    if (alone) {
        asking.nonce = random_.take(nonce_size);
        chain.add(payload::nonce, asking.nonce);
        const auto& groups = request.proposals.front().groups;
        if (auto pair = groups.empty() ? Result<KeyPair>(KeyPair{}) : make_key_pair(groups.front(), random_);
            pair && pair->group) {
            chain.add(payload::ke, ke_body(pair->group->number, pair->public_value));
            asking.pair = std::move(*pair);
        }
    }
    if (request.transport) chain.add(payload::notify, notify_body(notify::use_transport_mode));
    chain.add(payload::ts_i, selectors_body(request.initiator));
    chain.add(payload::ts_r, selectors_body(request.responder));
    asking_ = std::move(asking);
}

void Peer::answer_child(const dissect::Header& to, const Opened& in) {
    const auto* sa = in.message.find(payload::sa);
    if (!sa) return answer_with_error(to, notify::invalid_syntax);
    if (!offered_of(*sa, dissect::ikev2::protocol::ike).empty())
        return answer_ike_rekey(to, in);
    Chain reply;
    grant_child(in, reply, true);
    send_response(to, reply);
}

void Peer::grant_child(const Opened& in, Chain& reply, bool alone) {
    const auto *sa = in.message.find(payload::sa), *ts_i = in.message.find(payload::ts_i),
               *ts_r = in.message.find(payload::ts_r);
    if (!alone && (!sa || !ts_i || !ts_r)) return; // an IKE SA without a Child SA (RFC 6023)
    const auto refuse = [&](std::uint16_t type, std::string why) {
        tell(What::child_refused);
        reply.add(payload::notify, notify_body(type));
        fail(std::move(why), true);
    };
    const auto *nonce = in.message.find(payload::nonce), *ke = in.message.find(payload::ke);
    const bool fresh = is_nonce(nonce);
    if (!sa || !ts_i || !ts_r || (alone && !fresh))
        return refuse(notify::invalid_syntax, "a request for a Child SA lacks payloads");
    const auto offered = offered_of(*sa, esp);
    ChildRequest asked{
        {}, selectors_of(*ts_i), selectors_of(*ts_r), find_notify(in.message, notify::use_transport_mode).has_value()};
    for (const auto& each : offered) asked.proposals.push_back(each.proposal);
    if (!alone) asked.proposals = without_groups(std::move(asked.proposals));
    const auto answer = policy_.child_answer(asked);
    if (!answer.taken || *answer.taken >= offered.size()) return refuse(answer.refusal, answer.why);
    const auto share = ke ? dissect::ikev2::parse<dissect::ikev2::KeyExchange>(*ke) : dissect::ikev2::KeyExchange{};
    auto own = answer.accepted;
    if (!alone || asked.proposals[*answer.taken].groups.empty()) own.groups.clear();
    auto theirs = asked.proposals[*answer.taken];
    if (own.groups.empty()) theirs.groups.clear();
    const auto chosen = intersect(theirs, own, share.method);
    const auto& spi = offered[*answer.taken].spi;
    if (!chosen || spi.size() != 4)
        return refuse(notify::no_proposal_chosen, "none of the peer's ESP proposals is acceptable");
    KeyPair pair;
    Secret shared;
    if (chosen->group != 0) {
        auto made = make_key_pair(chosen->group, random_);
        auto secret = made && chosen->group == share.method
                          ? crypto::shared_secret(*made->group, made->private_value, share.data)
                          : Result<Secret>(Error{});
        if (!secret)
            return refuse(notify::no_proposal_chosen, "the KE payload for a Child SA does not fit the proposal");
        pair = std::move(*made);
        shared = std::move(*secret);
    }
    const auto own_spi = random_.number();
    const auto own_nonce = alone ? random_.take(nonce_size) : sa_.nonce[1];
    reply.add(payload::sa, sa_body({single(*chosen)}, esp, spi_bytes(own_spi), offered[*answer.taken].number));
    if (alone) reply.add(payload::nonce, own_nonce);
    if (pair.group) reply.add(payload::ke, ke_body(chosen->group, pair.public_value));
    if (asked.transport) reply.add(payload::notify, notify_body(notify::use_transport_mode));
    reply.add(payload::ts_i, selectors_body({answer.initiator}));
    reply.add(payload::ts_r, selectors_body({answer.responder}));
    install(*chosen, own_spi, static_cast<std::uint32_t>(big_endian(spi)),
            {alone ? nonce->body : Bytes(sa_.nonce[0]), own_nonce, shared.reveal(), false});
}

void Peer::child_answered(const Opened& in) {
    if (!asking_) return;
    const auto asking = std::exchange(asking_, std::nullopt).value();
    const auto *sa = in.message.find(payload::sa), *nonce = in.message.find(payload::nonce),
               *ke = in.message.find(payload::ke);
    const auto refuse = [&](std::string why) {
        tell(What::child_refused);
        fail(std::move(why), true);
    };
    if (const auto error = find_error(in.message))
        return refuse(fmt::format("the peer refuses the Child SA with notify {}", error->type));
    const auto answers = sa ? offered_of(*sa, esp) : std::vector<Offered>{};
    if (answers.size() != 1 || answers.front().spi.size() != 4 || (asking.alone && !nonce))
        return refuse("the answer to a Child SA lacks payloads");
    std::optional<Chosen> chosen;
    for (const auto& own : asking.alone ? asking.request.proposals : without_groups(asking.request.proposals))
        if (!chosen) chosen = intersect(answers.front().proposal, own);
    if (!chosen) return refuse("the peer took an ESP proposal that was not offered");
    Secret shared;
    if (asking.pair.group && chosen->group != 0) {
        auto made = ke ? crypto::shared_secret(*asking.pair.group, asking.pair.private_value,
                                               dissect::ikev2::parse<dissect::ikev2::KeyExchange>(*ke).data)
                       : Result<Secret>(Error{});
        if (!made) return refuse("the KE payload of the answer cannot be used");
        shared = std::move(*made);
    }
    install(*chosen, asking.spi, static_cast<std::uint32_t>(big_endian(answers.front().spi)),
            {asking.alone ? Bytes(asking.nonce) : Bytes(sa_.nonce[0]), asking.alone ? nonce->body : Bytes(sa_.nonce[1]),
             shared.reveal(), true});
    if (asking.replaces != 0) delete_child(asking.replaces);
}

/// Who rekeys deletes the old SA (RFC 7296 2.8); the SPI is that of our inbound one (1.4.1).
void Peer::delete_child(std::uint32_t spi) {
    const auto bytes = spi_bytes(spi);
    Chain chain;
    chain.add(payload::delete_, body_of(dissect::ikev2::Delete{esp, 4, 1, {bytes}}));
    send_request(exchange::informational, chain);
}

/// KEYMAT is cut for the direction from the exchange's initiator first (RFC 7296 2.17).
void Peer::install(const Chosen& chosen, std::uint32_t own_spi, std::uint32_t peer_spi, const Roots& roots) {
    const auto rows = crypto::ikev2::suite_of({chosen.encryption.id, chosen.encryption.key_bits, 0, chosen.integrity});
    if (!rows) return fail(rows.error().sentence, true);
    const crypto::ikev2::Inputs inputs{roots.initiator_nonce, roots.responder_nonce, {}, {}};
    const auto sizes = rows->sizes();
    const auto half = sizes.encryption + sizes.integrity;
    const auto keymat =
        crypto::ikev2::child_keymat(sa_.suite.prf->id, sa_.keys.d, roots.shared, inputs, rows->child_size());
    Secret from_initiator(keymat.reveal().first(half)), from_responder(keymat.reveal().subspan(half));
    if (!roots.ours) std::swap(from_initiator, from_responder);
    last_child_ = own_spi;
    tell(What::child_up);
    out_.emplace_back(ChildUp{own_spi, peer_spi, from_responder, from_initiator, sa_.nat});
}

} // namespace ikescope::replay::ikev2
