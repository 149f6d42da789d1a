// An IKEv2 message enters the memory: roles by the I flag, places by exchange and R flag, its inside once an ICV has
// proved the keys. RFC 7296 sections 1.2 to 1.4, 2.2, RFC 7383.

#include "dissect/ikev2.hpp"
#include "session/ikev2_children.hpp"
#include "session/ikev2_suite.hpp"
#include "session/nat.hpp"

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
    {exchange::ike_sa_init, Label::sa_init_request},
    {exchange::ike_auth, Label::auth_request},
    {exchange::create_child_sa, Label::create_child_request},
    {exchange::informational, Label::informational_request},
    {exchange::ike_session_resume, Label::resume_request},
    {exchange::ike_intermediate, Label::intermediate_request},
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
/// without an SA (2.21.4), which have payloads and no SK among them.
bool is_encrypted(const dissect::Message& message, Label label) {
    const bool initial = label == Label::sa_init_request || label == Label::sa_init_response || label == Label::resume_request ||
                         label == Label::resume_response;
    return !initial && (message.payloads.empty() || sealed_payload(message));
}

/// COOKIE and INVALID_KE_PAYLOAD answer without an SA payload; the next answer may have another SPI (RFC 7296 2.6).
void read_clear(Core& core, Track& track, const Record& record, const dissect::Message& message) {
    if (record.label != Label::sa_init_request && record.label != Label::sa_init_response) return;
    if (track.ikev2 && track.ikev2->keys) return; // proved: whoever speaks up late changes nothing
    if (message.find(payload::ke)) track.has_ke[index_of(record.from)] = true;
    const auto* sa = message.find(payload::sa);
    if (record.label == Label::sa_init_request) {
        if (sa) track.offers = core.pools.offers(Version::v2, *sa);
    } else {
        track.refused = sa == nullptr;
        if (!sa) return;
        track.suite = chosen_suite(*sa);
    }
    core.opener2.learn(track, record.from, message);
}

void read_identity(Track& track, Side from, const dissect::PayloadRef& found) {
    const auto id = parse<parsed::Identification>(found);
    const auto side = index_of(from);
    auto& rich = track.rich();
    rich.identity[side] = id.text();
    rich.identity_type[side] = id.type;
    rich.identity_address[side] = id.address();
    track.ikev2->id_body[side].assign(found.body.begin(), found.body.end());
}

/// The first CERT payload is the end's own (RFC 7296 3.6).
void read_certificate(Ikev2Material& material, Side from, const dissect::Message& message) {
    constexpr std::uint8_t x509 = 4, raw_key = 15;
    const auto* found = message.find(payload::cert);
    if (!found) return;
    const auto certificate = parse<parsed::Certificate>(*found);
    if (certificate.encoding != x509 && certificate.encoding != raw_key) return;
    material.certificate[index_of(from)].assign(certificate.data.begin(), certificate.data.end());
}

void read_auth(Core& core, Track& track, const Record& record, const dissect::Message& message) {
    auto& material = *track.ikev2;
    const auto from = record.from;
    if (const auto* id = message.find(from == Side::initiator ? payload::id_i : payload::id_r)) read_identity(track, from, *id);
    read_certificate(material, from, message);
    const auto* found = message.find(payload::auth);
    if (!found) return;
    const auto auth = parse<parsed::Authentication>(*found);
    material.auth_method[index_of(from)] = auth.method;
    material.auth[index_of(from)].assign(auth.data.begin(), auth.data.end());
    core.opener2.authenticate(track, from);
    // With EAP the responder's first AUTH does not end the exchange (RFC 7296 2.16).
    if (from == Side::responder && !message.find(payload::eap)) core.move(track, Event::auth_accepted);
}

void read_deletes(Core& core, Track& track, const dissect::Message& message) {
    for (const auto& each : message.payloads) {
        if (each.type != payload::delete_) continue;
        const auto gone = parse<parsed::Delete>(each);
        if (gone.protocol == parsed::protocol::ike) core.move(track, Event::deleted);
        else
            for (const auto spi : gone.spis) read_delete(track, spi);
    }
}

void conclude(Core& core, std::uint32_t index, const Record& record, const dissect::Message& message) {
    auto& track = core.tracks[index];
    switch (record.label) {
    case Label::auth_request:
    case Label::auth_response:
        read_auth(core, track, record, message);
        read_negotiation(core, index, record, message);
        break;
    case Label::create_child_request:
    case Label::create_child_response: read_negotiation(core, index, record, message); break;
    case Label::informational_request:
    case Label::informational_response: read_deletes(core, track, message); break;
    case Label::intermediate_request:
    case Label::intermediate_response: track.ikev2->intermediate = true; break;
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
    record.hash = Proof::failed;
    core.outcome.notes.push_back(fmt::format("its integrity check value is wrong: {}", result.why));
}

/// Opens an SK payload and shows its inside.
void open_whole(Core& core, Track& track, Record& record, const dissect::Message& message, const dissect::PayloadRef& sealed) {
    auto result = core.opener2.open(track, {message, sealed, record.from});
    core.outcome.attempted = result.attempted;
    if (!result.plain) return show_failed(core, track, record, result);
    show_opened(core, record, core.opener2.show(message.header, sealed.next, std::move(*result.plain)));
    core.outcome.iv = core.opener2.iv();
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
    if (inside) note_nat(track, *inside, record.from, arrival.datagram, core.outcome);
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
void take_piece(Core& core, std::uint32_t index, Record record, const Arrival& arrival, const dissect::PayloadRef& sealed) {
    auto& track = core.tracks[index];
    const auto& header = arrival.message.header;
    const auto numbers = parse<parsed::EncryptedFragment>(sealed);
    auto result = core.opener2.open(track, {arrival.message, sealed, record.from});
    auto& outcome = core.outcome;
    outcome.attempted = result.attempted;
    outcome.label = "FRAGMENT";
    outcome.notes.push_back(fmt::format("fragment {} of {} of the message with id {}", numbers.number, numbers.total, header.message_id));
    show_failed(core, track, record, result);
    if (record.hash == Proof::failed) return; // the true fragment may still come
    auto whole = core.pieces.add({index, record.from, header.response(), header.message_id},
                                 {numbers.number, numbers.total, sealed.next, without_padding(std::move(result.plain)), record.frame, record.fingerprint});
    if (!whole) return;
    record.fingerprint = whole->fingerprint;
    if (whole->content) show_opened(core, record, core.opener2.show(header, whole->first, std::move(*whole->content)));
    enter_message(core, index, record, {arrival.frame, arrival.datagram, arrival.message, record.fingerprint, &whole->frames});
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
