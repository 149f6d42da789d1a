// An IKEv1 message enters the memory: who sent it, which one it is, what it says in clear, what it says when opened.

#include "dissect/ikev1.hpp"
#include "session/ikev1_children.hpp"
#include "session/ikev1_labels.hpp"
#include "session/ikev1_suite.hpp"
#include "session/nat.hpp"
#include "session/payload_certificate.hpp"

namespace ikescope::session::ikev1 {
namespace {

namespace payload = dissect::ikev1::payload;
namespace parsed = dissect::ikev1;

constexpr std::uint8_t protocol_isakmp = 1;
constexpr std::uint16_t first_status = 16'384;

/// A message that the snap length cut has no last block, so it neither opens nor gives an IV.
Sealed sealed_of(const Arrival& arrival, Label label, Side from) {
    const auto& message = arrival.message;
    const bool whole = !message.snapped && message.bytes.size() >= message.header.length;
    return {message.header,      whole ? message.ciphertext : Bytes{}, label, from, arrival.fingerprint,
            arrival.frame.number};
}

void read_identity(Track& track, Side from, const dissect::Message& message) {
    const auto* found = message.find(payload::id);
    if (!found) return;
    const auto id = parsed::parse<parsed::Identification>(*found);
    auto& rich = track.rich();
    const auto side = index_of(from);
    rich.identity[side] = identity_text(id);
    rich.identity_type[side] = id.type;
    rich.identity_address[side] = id.address();
}

void read_suite(Core& core, Track& track, Label label, const dissect::Message& message) {
    const auto* sa = message.find(payload::sa);
    if (!sa) return;
    const auto number = core.pools.offers(Version::v1, *sa);
    const auto& offers = core.pools.offers(number);
    if (label == Label::mm1 || label == Label::am1) {
        track.offers = number;
        if (offers.size() == 1 && !track.suite.known) track.suite = compact(offers.front().suite);
    } else if (!offers.empty()) {
        track.suite = compact(offers.front().suite);
    }
}

/// Main Mode encrypts MM5 and MM6 and nothing before them. What comes otherwise is no step of it: anybody could have sent it.
bool is_out_of_place(const Record& record) {
    if (record.label < Label::mm1 || record.label > Label::mm6) return false;
    return record.encrypted != (record.label >= Label::mm5);
}

Mode mode_of(Label label) {
    if (label >= Label::mm1 && label <= Label::mm6) return Mode::main;
    if (label >= Label::am1 && label <= Label::am3) return Mode::aggressive;
    if (label == Label::base_mode) return Mode::base;
    return Mode::phase2_only;
}

/// What phase 1 says in clear.
void read_clear(Core& core, Track& track, Record& record, const Arrival& arrival) {
    const auto& message = arrival.message;
    const auto label = record.label;
    if (label < Label::mm1 || label > Label::am3) return;
    if (label == Label::mm1 || label == Label::mm2 || label == Label::am1 || label == Label::am2)
        read_suite(core, track, label, message);
    if (message.find(payload::ke)) track.has_ke[index_of(record.from)] = true;
    record.hash = core.opener.learn(track, label, record.from, message);
    if ((label == Label::am1 || label == Label::am2) && !by_encryption(track.suite.authentication))
        read_identity(track, record.from, message);
    if (core.options.nat && label != Label::mm1 && label != Label::mm2 && label != Label::am1)
        note_nat(track, message, record.from, arrival.datagram, core.outcome);
}

void read_notifies(Track& track, const Record& record, const dissect::Message& message) {
    for (const auto& each : message.payloads) {
        if (each.type != payload::notify) continue;
        const auto notify = parsed::parse<parsed::Notification>(each);
        if (record.decrypted)
            read_refusal(track, record.from, notify.type, notify.protocol, notify.spi);
        else if (notify.type < first_status && (track.stage <= Stage::mm1 || track.stage == Stage::am1))
            track.refused = true;
    }
}

void read_deletes(Core& core, Track& track, const Record& record, const dissect::Message& message) {
    if (!record.decrypted) return; // in clear anybody can say so
    for (const auto& each : message.payloads) {
        if (each.type != payload::delete_) continue;
        const auto gone = parsed::parse<parsed::Delete>(each);
        if (gone.protocol == protocol_isakmp)
            core.move(track, Event::deleted);
        else
            for (const auto spi : gone.spis) read_delete(track, spi);
    }
}

void judge_phase1(Core& core, Track& track, const Record& record, const dissect::Message& message) {
    if (record.encrypted && record.label != Label::am3) read_identity(track, record.from, message);
    auto& rich = track.rich();
    if (record.hash != Proof::unknown) rich.authentication[index_of(record.from)] = record.hash;
    const bool last = record.label == Label::mm6 || record.label == Label::am3;
    if (last && record.hash != Proof::failed && (record.decrypted || record.hash == Proof::verified))
        core.move(track, Event::phase1_proved);
}

/// What a message says that can be read, whether it was clear or has been opened.
void conclude(Core& core, std::uint32_t index, const Record& record, const dissect::Message& message) {
    auto& track = core.tracks[index];
    switch (record.label) {
    case Label::mm5:
    case Label::mm6:
    case Label::am3: judge_phase1(core, track, record, message); break;
    case Label::qm1:
    case Label::qm2:
    case Label::qm3:
        if (!record.decrypted) break;
        read_quick(core, index, record.label, record.from, message);
        if (record.label == Label::qm3 && record.hash == Proof::verified) core.move(track, Event::quick_proved);
        break;
    case Label::info:
        read_notifies(track, record, message);
        read_deletes(core, track, record, message);
        break;
    default: break;
    }
}

void show_opened(Core& core, Record& record, const Result& result) {
    auto& outcome = core.outcome;
    outcome.attempted = result.attempted;
    if (!result.opened) return;
    record.decrypted = true;
    record.hash = result.hash;
    record.payloads = core.pools.payloads(core.opener.message());
    outcome.opened = &core.opener.message();
    outcome.plain = core.opener.plain();
    outcome.iv = core.opener.iv();
    outcome.how = result.how;
}

/// The same bytes once more: shown as before, believed no further.
void take_copy(Core& core, std::uint32_t index, Record record, const Arrival& arrival, std::uint32_t copy) {
    auto& track = core.tracks[index];
    const auto& first = track.records[copy];
    record.payloads = first.payloads;
    record.hash = first.hash;
    core.repeat(track, record, copy);
    if (record.encrypted) {
        show_opened(core, record, core.opener.reopen(track, sealed_of(arrival, record.label, record.from)));
        record.decrypted = track.records[copy].decrypted;
        record.hash = track.records[copy].hash;
    }
    core.enter(index, record, arrival);
}

/// The same place with other bytes: a repetition that was encrypted or written anew.
void take_again(Core& core, std::uint32_t index, Record record, const Arrival& arrival) {
    auto& track = core.tracks[index];
    const auto first = core.find_first(track, record.label, record.message_id, record.from);
    if (first && track.records[*first].size == record.size) {
        core.repeat(track, record, *first);
        record.re_encrypted = true;
    } else {
        core.outcome.expected = false;
    }
    if (record.encrypted)
        show_opened(core, record, core.opener.open_again(track, sealed_of(arrival, record.label, record.from)));
    core.enter(index, record, arrival);
}

} // namespace

void inherit_offer(Track& twin, const Track& first) {
    if (!first.ikev1) return;
    auto material = std::make_shared<Ikev1Material>();
    material->sa_body = first.ikev1->sa_body;
    material->public_value[0] = twin.mode == Mode::aggressive ? first.ikev1->public_value[0] : Buffer{};
    material->nonce[0] = twin.mode == Mode::aggressive ? first.ikev1->nonce[0] : Buffer{};
    material->id_body[0] = twin.mode == Mode::aggressive ? first.ikev1->id_body[0] : Buffer{};
    twin.ikev1 = std::move(material);
}

void take(Core& core, std::uint32_t index, const Arrival& arrival) {
    auto& track = core.tracks[index];
    const auto from = side_of(core, track, arrival);
    auto record = core.record(track, arrival, from);
    if (!record.encrypted) record.payloads = core.pools.payloads(arrival.message);
    if (const auto copy = core.find_copy(track, arrival.fingerprint, from))
        return take_copy(core, index, record, arrival, *copy);
    const auto place = place_of(core, track, arrival, from);
    record.label = place.label;
    record.ordinal = place.ordinal;
    if (track.mode == Mode::unknown || track.mode == Mode::phase2_only) track.mode = mode_of(place.label);
    if (place.again) return take_again(core, index, record, arrival);
    if (is_out_of_place(record)) return core.enter(index, record, arrival);
    core.move(track, event_of(place.label));
    const dissect::Message* inside = &arrival.message;
    if (record.encrypted) {
        show_opened(core, record, core.opener.open(track, sealed_of(arrival, place.label, from)));
        inside = core.outcome.opened;
    } else {
        read_clear(core, track, record, arrival);
    }
    if (inside) conclude(core, index, record, *inside);
    if (core.options.nat && core.outcome.opened && record.hash != Proof::failed)
        note_nat(track, *core.outcome.opened, record.from, arrival.datagram, core.outcome);
    core.enter(index, record, arrival);
}

} // namespace ikescope::session::ikev1
