// An IKEv2 message enters the memory: roles by the I flag, places by exchange and R flag, its inside once an ICV has
// proved the keys. RFC 7296 sections 1.2 to 1.4, 2.2, RFC 7383.

#include "dissect/ikev2.hpp"
#include "session/ikev2_children.hpp"
#include "session/ikev2_suite.hpp"
#include "session/nat.hpp"
#include "session/payload_certificate.hpp"

#include <fmt/format.h>

namespace ikescope::session::ikev2 {
namespace {

namespace payload = dissect::ikev2::payload;
namespace exchange = dissect::ikev2::exchange;
namespace parsed = dissect::ikev2;
using dissect::ikev2::parse;

/// IANA "IKEv2 Exchange Types": the request's label; the response's follows it.
struct Place {
    std::uint8_t exchange;
    Label request;
};
constexpr Place places[] = {
    {exchange::ike_sa_init, Label::sa_init_request},          {exchange::ike_auth, Label::auth_request},
    {exchange::create_child_sa, Label::create_child_request}, {exchange::informational, Label::informational_request},
    {exchange::ike_session_resume, Label::resume_request},    {exchange::ike_intermediate, Label::intermediate_request},
    {exchange::ike_followup_ke, Label::followup_request},     {exchange::gsa_auth, Label::gsa_auth_request},
    {exchange::gsa_registration, Label::gsa_registration_request}, {exchange::gsa_rekey, Label::gsa_rekey_request},
    {exchange::gsa_inband_rekey, Label::gsa_inband_rekey_request},
};

Label label_of(const dissect::Header& header) {
    auto request = Label::other_request;
    for (const auto& place : places)
        if (place.exchange == header.exchange) request = place.request;
    return header.response() ? static_cast<Label>(static_cast<std::uint8_t>(request) + 1) : request;
}

const dissect::PayloadRef* sealed_payload(const dissect::Message& message) {
    if (message.payloads.empty()) return nullptr;
    const auto& last = message.payloads.back();
    return last.type == payload::sk || last.type == payload::skf ? &last : nullptr;
}

/// IKEv2 has no encryption flag: whatever follows IKE_SA_INIT is encrypted (RFC 7296 3.14), but for notifications
/// without an SA (2.21.4), which have payloads and no SK among them. Even an empty message has SK (1.4): a header alone is
/// clear, and a chain of which nothing could be read is not.
bool is_encrypted(const dissect::Message& message, Label label) {
    const bool initial = label == Label::sa_init_request || label == Label::sa_init_response ||
                         label == Label::resume_request || label == Label::resume_response;
    const bool header_alone = message.header.next_payload == payload::none && !message.fault && !message.snapped;
    return !initial && (message.payloads.empty() ? !header_alone : sealed_payload(message) != nullptr);
}

std::optional<parsed::Notification> find_notify(const dissect::Message& message, std::uint16_t type) {
    for (const auto& each : message.payloads) {
        if (each.type != payload::notify) continue;
        if (const auto notify = parse<parsed::Notification>(each); notify.type == type) return notify;
    }
    return std::nullopt;
}

/// The SA whose ticket a client brings: known by the ticket, or the last one between the same ends.
const Track* ticket_owner(const Core& core, const Track& track, const dissect::Message& message) {
    constexpr std::size_t far_enough = 1'000;
    if (const auto ticket = find_notify(message, parsed::notify::ticket_opaque))
        if (const auto known = core.tickets.find(std::string(text_of(ticket->data)));
            known != core.tickets.end() && core.tracks.knows(known->second))
            return &core.tracks[known->second];
    for (std::size_t back = 0; back < std::min(far_enough, core.tracks.kept()); ++back) {
        const auto& older = core.tracks[core.tracks.size() - 1 - back];
        if (&older != &track && older.version == Version::v2 && older.suite.known &&
            older.initiator.address == track.initiator.address && older.responder.address == track.responder.address)
            return &older;
    }
    return nullptr;
}

/// RFC 5723 4.3.2: tickets and nonces; suite and SK_d are those of the SA that is resumed.
void read_resume(Core& core, Track& track, const Record& record, const dissect::Message& message) {
    if (!core.opener2.useful() || (track.ikev2 && track.ikev2->keys)) return;
    const auto* old = record.from == Side::initiator ? ticket_owner(core, track, message) : nullptr;
    if (old) track.suite = old->suite;
    core.opener2.learn(track, record.from, message);
    auto& material = *track.ikev2;
    material.resumed = true;
    if (old && old->ikev2 && old->ikev2->keys && old->ikev2->suite->prf)
        material.parent = Ikev2Parent{old->ikev2->keys->d, old->ikev2->suite->prf->id};
}

/// COOKIE and INVALID_KE_PAYLOAD answer without an SA payload; the next answer may have another SPI (RFC 7296 2.6).
void read_clear(Core& core, Track& track, const Record& record, const dissect::Message& message) {
    if (record.label == Label::resume_request || record.label == Label::resume_response)
        return read_resume(core, track, record, message);
    if (record.label != Label::sa_init_request && record.label != Label::sa_init_response) return;
    if (track.ikev2 && track.ikev2->keys) return; // proved: whoever speaks up late changes nothing
    if (message.find(payload::ke)) track.has_ke[index_of(record.from)] = true;
    const auto* sa = message.find(payload::sa);
    if (record.label == Label::sa_init_request) {
        if (sa) track.offers = core.pools.offers(Version::v2, *sa);
    } else {
        track.refused = sa == nullptr;
        if (!sa) return;
        track.suite = core.pools.chosen(*sa);
    }
    core.opener2.learn(track, record.from, message);
}

void read_identity(Track& track, Side from, const dissect::PayloadRef& found) {
    const auto id = parse<parsed::Identification>(found);
    const auto side = index_of(from);
    auto& rich = track.rich();
    rich.identity[side] = identity_text(id);
    rich.identity_type[side] = id.type;
    rich.identity_address[side] = id.address();
    track.ikev2->id_body[side].assign(found.body.begin(), found.body.end());
}

void read_certificates(Ikev2Material& material, Side from, const dissect::Message& message) {
    constexpr std::uint8_t x509 = 4, raw_key = 15;
    constexpr std::size_t most = 10;
    auto& kept = material.certificates[index_of(from)];
    for (const auto& each : message.payloads) {
        if (each.type != payload::cert || kept.size() >= most) continue;
        const auto certificate = parse<parsed::Certificate>(each);
        if (certificate.encoding == x509 || certificate.encoding == raw_key)
            kept.emplace_back(certificate.data.begin(), certificate.data.end());
    }
}

/// RFC 8784 section 3: the request names a PPK, the response says that it is used. PPK_ID: type (1) | identifier.
void read_ppk(Ikev2Material& material, const dissect::Message& message) {
    const auto id = find_notify(message, parsed::notify::ppk_identity);
    if (!id) return;
    material.ppk_id = id->data.empty() ? std::string() : std::string(text_of(id->data.subspan(1)));
    if (const auto other_auth = find_notify(message, parsed::notify::no_ppk_auth))
        material.no_ppk_auth.assign(other_auth->data.begin(), other_auth->data.end());
}

/// RFC 5723 6.2: lifetime (4) | ticket
void keep_ticket(Core& core, std::uint32_t index, const dissect::Message& message) {
    constexpr std::size_t most_tickets = 65'536, lifetime = 4;
    const auto ticket = find_notify(message, parsed::notify::ticket_lt_opaque);
    if (ticket && ticket->data.size() > lifetime && core.tickets.size() < most_tickets)
        core.tickets[std::string(text_of(ticket->data.subspan(lifetime)))] = index;
}

void read_auth(Core& core, std::uint32_t index, const Record& record, const dissect::Message& message) {
    auto& track = core.tracks[index];
    auto& material = *track.ikev2;
    if (message.find(payload::eap)) material.eap = true;
    if (record.label == Label::auth_request && material.id_body[0].empty()) material.auth_id = record.message_id;
    if (record.from == Side::initiator) read_ppk(material, message);
    keep_ticket(core, index, message);
    const auto from = record.from;
    if (const auto* id = message.find(from == Side::initiator ? payload::id_i : payload::id_r))
        read_identity(track, from, *id);
    read_certificates(material, from, message);
    const auto* found = message.find(payload::auth);
    if (!found) return;
    const auto auth = parse<parsed::Authentication>(*found);
    material.auth_method[index_of(from)] = auth.method;
    material.auth[index_of(from)].assign(auth.data.begin(), auth.data.end());
    if (const bool accepted = find_notify(message, parsed::notify::ppk_identity).has_value();
        from == Side::responder && (accepted || !message.find(payload::eap)))
        core.opener2.settle_ppk(track, accepted);
    core.opener2.authenticate(track, from);
    // With EAP the responder's first AUTH does not end the exchange (RFC 7296 2.16).
    if (from == Side::responder && !message.find(payload::eap)) core.move(track, Event::auth_accepted);
}

/// A rekeyed IKE SA has taken over the Child SAs of its predecessors (RFC 7296 2.18).
void read_deletes(Core& core, std::uint32_t index, const dissect::Message& message) {
    constexpr std::size_t far_enough = 64;
    for (const auto& each : message.payloads) {
        if (each.type != payload::delete_) continue;
        const auto gone = parse<parsed::Delete>(each);
        if (gone.protocol == parsed::protocol::ike) {
            core.move(core.tracks[index], Event::deleted);
            continue;
        }
        auto at = index;
        for (std::size_t back = 0; core.tracks.knows(at) && back < far_enough; ++back, at = core.tracks[at].rekey_of)
            for (const auto spi : gone.spis) read_delete(core.tracks[at], spi);
    }
}

void conclude(Core& core, std::uint32_t index, const Record& record, const dissect::Message& message) {
    switch (record.label) {
    case Label::auth_request:
    case Label::auth_response:
        read_auth(core, index, record, message);
        read_negotiation(core, index, record, message);
        break;
    case Label::create_child_request:
    case Label::create_child_response: read_negotiation(core, index, record, message); break;
    case Label::informational_request:
    case Label::informational_response: read_deletes(core, index, message); break;
    default: break;
    }
}

void show_opened(Core& core, Record& record, const dissect::Message& opened) {
    record.decrypted = true;
    record.hash = Proof::verified;
    record.payloads = core.pools.payloads(opened);
    core.outcome.opened = &opened;
    core.outcome.plain = core.opener2.plain();
}

/// A message whose keys are known and whose ICV is wrong was changed, or is forged.
void show_failed(Core& core, const Track& track, Record& record, const Opener::Result& result) {
    if (result.plain || !track.ikev2 || !track.ikev2->keys || track.ikev2->intermediate || !result.attempted) return;
    if (result.garbage) {
        core.outcome.notes.emplace_back("its integrity check value is right, but its encryption key is another one: what the given one makes of it is no message");
        return;
    }
    record.hash = Proof::failed;
    core.outcome.notes.push_back(result.why);
}

/// Opens an SK payload and shows its inside.
void open_whole(Core& core, Track& track, Record& record, const dissect::Message& message,
                const dissect::PayloadRef& sealed) {
    auto result = core.opener2.open(track, {message, sealed, record.from});
    core.outcome.attempted = result.attempted;
    if (!result.plain) return show_failed(core, track, record, result);
    show_opened(core, record, core.opener2.show(message.header, sealed.next, std::move(*result.plain)));
    core.outcome.iv = core.opener2.iv();
    core.outcome.icv_size = core.opener2.icv_size();
}

void take_intermediate(Core& core, Track& track, const Record& record, const dissect::Message& sent) {
    if (!track.ikev2) return;
    auto& material = *track.ikev2;
    material.intermediate = true;
    if (!core.outcome.opened || !material.keys)
        material.intermediate_lost = true;
    else
        core.opener2.take_intermediate(track, record.from, sent);
}

void enter_message(Core& core, std::uint32_t index, Record record, const Arrival& arrival) {
    auto& track = core.tracks[index];
    if (const auto copy = core.find_copy(track, record.fingerprint, record.from)) {
        record.payloads = track.records[*copy].payloads;
        record.hash = track.records[*copy].hash;
        record.decrypted = track.records[*copy].decrypted;
        core.repeat(track, record, *copy);
        return core.enter(index, record, arrival);
    }
    core.move(track, event_of(record.label));
    if (!record.encrypted) read_clear(core, track, record, arrival.message);
    const auto* inside = record.encrypted ? core.outcome.opened : &arrival.message;
    if (inside && core.options.nat) note_nat(track, *inside, record.from, arrival.datagram, core.outcome);
    if (record.label == Label::intermediate_request || record.label == Label::intermediate_response)
        take_intermediate(core, track, record, arrival.message);
    if (core.outcome.opened) conclude(core, index, record, *core.outcome.opened);
    core.enter(index, record, arrival);
}

/// Content in front of the padding; RFC 7383 2.5 pads every fragment.
std::optional<Buffer> without_padding(std::optional<Buffer> plain) {
    if (!plain) return plain;
    const auto size = crypto::content_size(*plain);
    if (!size) return std::nullopt;
    plain->resize(*size);
    return plain;
}

/// One SKF: opened and authenticated on its own; the last one missing brings the message.
void take_piece(Core& core, std::uint32_t index, Record record, const Arrival& arrival,
                const dissect::PayloadRef& sealed) {
    auto& track = core.tracks[index];
    const auto& header = arrival.message.header;
    const auto numbers = parse<parsed::EncryptedFragment>(sealed);
    auto result = core.opener2.open(track, {arrival.message, sealed, record.from});
    auto& outcome = core.outcome;
    outcome.attempted = result.attempted;
    outcome.label = "FRAGMENT";
    if (sealed.body.size() < fragment_numbers) {
        outcome.notes.push_back(
            fmt::format("a fragment of the message with id {}, cut before it says which", header.message_id));
        return;
    }
    outcome.notes.push_back(
        fmt::format("fragment {} of {} of the message with id {}", numbers.number, numbers.total, header.message_id));
    show_failed(core, track, record, result);
    if (record.hash == Proof::failed) return; // the true fragment may still come
    outcome.retransmission_of = core.pieces.copies.first_of(index, record.from, record.fingerprint, record.frame);
    const SkFragments::Key key{index, record.from, header.response(), header.message_id};
    SkFragments::Piece piece{numbers.number, numbers.total, sealed.next, without_padding(std::move(result.plain)), record.frame, record.fingerprint};
    if (auto words = core.pieces.objection(key, piece); !words.empty()) outcome.notes.push_back(std::move(words));
    auto whole = core.pieces.add(key, std::move(piece));
    if (!whole) return;
    outcome.retransmission_of.reset(); // now the message counts
    if (!whole->words.empty()) outcome.notes.push_back(whole->words);
    track.disordered = track.disordered || !whole->in_order;
    record.fingerprint = whole->fingerprint;
    if (whole->content) show_opened(core, record, core.opener2.show(header, whole->first, std::move(*whole->content)));
    enter_message(core, index, record,
                  {arrival.frame, arrival.datagram, arrival.message, record.fingerprint, &whole->frames});
}

} // namespace

void inherit_offer(Track& twin, const Track& first) {
    if (!first.ikev2) return;
    twin.ikev2 = std::make_shared<Ikev2Material>();
    twin.ikev2->init[0] = first.ikev2->init[0];
    twin.ikev2->nonce[0] = first.ikev2->nonce[0];
    twin.ikev2->public_value[0] = first.ikev2->public_value[0];
    twin.has_ke[0] = first.has_ke[0];
}

void take(Core& core, std::uint32_t index, const Arrival& arrival) {
    auto& track = core.tracks[index];
    const auto& message = arrival.message;
    const auto from = message.header.from_initiator() ? Side::initiator : Side::responder;
    track.mode = Mode::ikev2;
    if (track.in_the_middle && track.records.empty() && from == Side::responder) {
        track.responder = arrival.datagram.from();
        track.initiator = arrival.datagram.to();
    }
    const auto label = label_of(message.header);
    core.outcome.encrypted = is_encrypted(message, label);
    auto record = core.record(track, arrival, from);
    record.label = label;
    record.payloads = core.pools.payloads(message);
    const auto* sealed = record.encrypted ? sealed_payload(message) : nullptr;
    if (sealed && sealed->type == payload::skf) return take_piece(core, index, record, arrival, *sealed);
    if (sealed) open_whole(core, track, record, message, *sealed);
    enter_message(core, index, record, arrival);
}

} // namespace ikescope::session::ikev2
