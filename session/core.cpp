#include "session/core.hpp"

#include <cstring>
#include <fmt/format.h>

namespace ikescope::session {
namespace {

/// How far back repetitions are looked for; more than any retransmission timer brings between two copies.
constexpr std::size_t look_back = 64;
/// Records kept where messages are not remembered: enough to know repetitions.
constexpr std::size_t kept_without_messages = 8;
constexpr std::size_t most_routes = 200;

} // namespace

std::uint64_t fingerprint(Bytes bytes) {
    constexpr std::uint64_t odd = 0xff51afd7ed558ccdULL;
    const auto stir = [](std::uint64_t state, std::uint64_t word) {
        state = (state ^ word) * odd;
        return state ^ (state >> 32);
    };
    const auto word_at = [&](std::size_t at) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        return word;
    };
    // Four that do not wait for each other.
    std::uint64_t state = 0x9e3779b97f4a7c15ULL ^ bytes.size(), second = odd, third = odd << 1, fourth = odd << 2;
    for (; bytes.size() >= 32; bytes = bytes.subspan(32)) {
        state = stir(state, word_at(0));
        second = stir(second, word_at(8));
        third = stir(third, word_at(16));
        fourth = stir(fourth, word_at(24));
    }
    state = stir(stir(stir(state, second), third), fourth);
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) state = stir(state, word_at(0));
    return stir(state, big_endian(bytes));
}

Extra& Track::extra(std::uint32_t record) {
    auto& extras = rich().extras;
    if (extras.empty() || extras.back().record != record) extras.emplace_back().record = record;
    return extras.back();
}

void Track::note(std::string sentence) {
    auto& notes = rich().notes;
    constexpr std::size_t most = 16;
    if (notes.size() < most && std::ranges::find(notes, sentence) == notes.end()) notes.push_back(std::move(sentence));
}

void Track::lacks(IncompleteMessage message) {
    note(message.words);
    constexpr std::size_t most = 16;
    if (auto& all = rich().incomplete; all.size() < most) all.push_back(std::move(message));
}

Core::Core(const secrets::Store& secrets, Options chosen)
    : store(secrets), options(chosen), opener(secrets, chosen.key_search), opener2(secrets, opener),
      esp(secrets, opener.dh(), opener.tally()) {}

const Outcome& Core::add_esp(const capture::Datagram& datagram) {
    outcome.esp = esp.any() ? esp.open(datagram) : nullptr;
    totals.esp += outcome.esp || !store.esp_keys.empty();
    totals.esp_opened += outcome.esp && outcome.esp->shown();
    return outcome;
}

const Outcome& Core::add(const capture::Frame& frame, const capture::Datagram& datagram) {
    outcome.esp = nullptr;
    if (outcome.isakmp) {
        auto notes = std::move(outcome.notes);
        auto violations = std::move(outcome.violations);
        notes.clear();
        violations.clear();
        auto nat = std::move(outcome.nat);
        nat.clear();
        outcome = {};
        outcome.notes = std::move(notes);
        outcome.violations = std::move(violations);
        outcome.nat = std::move(nat);
    }
    if (datagram.content == capture::Content::esp) return add_esp(datagram);
    if (datagram.content != capture::Content::isakmp) return outcome;
    while (tracks.kept() > options.max_kept) tracks.forget_oldest(); // here, where nobody holds a reference
    outcome.isakmp = true;
    ++totals.messages;
    dissect::walk(datagram.payload, datagram.payload_offset, datagram.declared, message_);
    outcome.message = &message_;
    outcome.encrypted = message_.header.encrypted();
    if (!dissect::is_isakmp(datagram.payload)) return outcome;
    const auto track = find_or_create(message_, frame, datagram);
    if (track == Track::none) {
        ++totals.untracked;
        return outcome;
    }
    outcome.sa = track;
    take(track, {frame, datagram, message_, fingerprint(message_.bytes), nullptr});
    return outcome;
}

void Core::take(std::uint32_t track, const Arrival& arrival) {
    const auto& header = arrival.message.header;
    if (arrival.message.version() == Version::v2) return ikev2::take(*this, track, arrival);
    if (header.next_payload == dissect::ikev1::payload::fragment && !arrival.fragments)
        return take_fragment(track, arrival);
    ikev1::take(*this, track, arrival);
}

void Core::take_fragment(std::uint32_t track, const Arrival& arrival) {
    const auto bytes = arrival.message.bytes;
    if (bytes.size() < dissect::header_size + dissect::generic_header_size) return;
    dissect::PayloadRef payload;
    const auto declared = static_cast<std::size_t>(big_endian(bytes.subspan(dissect::header_size + 2, 2)));
    const auto body = bytes.subspan(dissect::header_size + dissect::generic_header_size);
    payload.type = dissect::ikev1::payload::fragment;
    payload.body = body.first(
        std::min(body.size(), std::max(declared, dissect::generic_header_size) - dissect::generic_header_size));
    const auto piece = dissect::ikev1::parse<dissect::ikev1::Fragment>(payload);
    auto& sa = tracks[track];
    outcome.from =
        arrival.message.header.responder_spi == dissect::no_spi ? Side::initiator : side_by_route(sa, arrival.datagram);
    outcome.label = "FRAGMENT";
    outcome.notes.push_back(fmt::format("piece {} of the fragmented message with id {}{}", piece.number, piece.id,
                                        piece.number == 0 ? "; pieces count from 1, so this one is dropped" : ""));
    sa.last_frame = arrival.frame.number;
    sa.end = arrival.frame.time;
    if (arrival.message.snapped) {
        outcome.notes.emplace_back("the capture has only the beginning of it, so it is not put together with others");
        return;
    }
    const IkeFragments::Sender sender{arrival.datagram.from(), outcome.from};
    outcome.retransmission_of = fragments_.copies.first_of(track, outcome.from, arrival.fingerprint, arrival.frame.number);
    if (auto words = fragments_.objection(track, sender, piece); !words.empty()) outcome.notes.push_back(std::move(words));
    assembled_ = fragments_.add(track, sender, piece, arrival.frame.number);
    if (!assembled_) return;
    outcome.retransmission_of.reset(); // now the message counts
    if (!assembled_->words.empty()) outcome.notes.push_back(assembled_->words);
    dissect::walk(assembled_->bytes, 0, assembled_->bytes.size(), whole_);
    if (!dissect::is_isakmp(assembled_->bytes) || whole_.header.initiator_spi != sa.initiator_spi ||
        whole_.version() != sa.version || whole_.header.next_payload == dissect::ikev1::payload::fragment) {
        outcome.notes.emplace_back("the pieces make no ISAKMP message of this SA");
        return;
    }
    outcome.whole = &whole_;
    outcome.encrypted = whole_.header.encrypted();
    ikev1::take(*this, track,
                {arrival.frame, arrival.datagram, whole_, fingerprint(whole_.bytes), &assembled_->frames});
}

std::uint32_t Core::find_or_create(const dissect::Message& message, const capture::Frame& frame,
                                   const capture::Datagram& datagram) {
    const auto& header = message.header;
    const auto version = message.version();
    const bool answered = header.responder_spi != dissect::no_spi;
    if (answered)
        if (const auto known = table.find(version, header.initiator_spi, header.responder_spi); known != Track::none)
            return known;
    const auto asked = table.find(version, header.initiator_spi);
    if (asked == Track::none) return create(message, frame, datagram);
    return answered ? answer(asked, header) : asked;
}

/// The initiator cookie is known, this responder cookie is new.
std::uint32_t Core::answer(std::uint32_t asked, const dissect::Header& header) {
    auto& sa = tracks[asked];
    if (sa.responder_spi == dissect::no_spi || sa.refused) {
        sa.responder_spi = header.responder_spi;
        table.bind(asked);
        return asked;
    }
    // A second responder, or one that forgot its first answer: another SA that began with the same first message.
    if (tracks.kept() >= options.max_sas) return Track::none;
    auto& twin = tracks.emplace_back();
    const auto& first = tracks[asked];
    twin.version = first.version;
    twin.mode = first.mode;
    twin.initiator_spi = first.initiator_spi;
    twin.responder_spi = header.responder_spi;
    twin.initiator = first.initiator;
    twin.responder = first.responder;
    twin.first_frame = first.first_frame;
    twin.first_file = first.first_file;
    twin.start = first.start;
    twin.offers = first.offers;
    twin.sent[0] = first.sent[0];
    twin.in_the_middle = first.in_the_middle;
    twin.roles_known = first.roles_known;
    if (first.version == Version::v1 && !first.records.empty() && first.records_dropped == 0 &&
        (first.records[0].label == Label::mm1 || first.records[0].label == Label::am1)) {
        twin.records.push_back(first.records[0]);
        twin.routes.push_back(first.routes.empty() ? Route{} : first.routes[first.records[0].route]);
        twin.records[0].route = 0;
        twin.stage = first.records[0].label == Label::mm1 ? Stage::mm1 : Stage::am1;
    }
    ikev1::inherit_offer(twin, first);
    ikev2::inherit_offer(twin, first);
    return remember_last();
}

std::uint32_t Core::succeed(std::uint32_t old, const Spi& initiator, const Spi& responder, Side began,
                            const Record& record) {
    if (tracks.kept() >= options.max_sas || table.find(Version::v2, initiator, responder) != Track::none)
        return Track::none;
    auto& fresh = tracks.emplace_back();
    const auto& first = tracks[old];
    fresh.version = first.version;
    fresh.mode = first.mode;
    fresh.stage = Stage::established;
    fresh.initiator_spi = initiator;
    fresh.responder_spi = responder;
    fresh.initiator = began == Side::initiator ? first.initiator : first.responder;
    fresh.responder = began == Side::initiator ? first.responder : first.initiator;
    fresh.first_frame = fresh.last_frame = record.frame;
    fresh.first_file = record.file;
    fresh.start = fresh.end = record.time;
    fresh.rekey_of = old;
    return remember_last();
}

std::uint32_t Core::remember_last() {
    const auto index = static_cast<std::uint32_t>(tracks.size() - 1);
    table.insert(index);
    if (options.messages && ++detailed_ > options.max_detailed) shed_oldest();
    return index;
}

std::uint32_t Core::create(const dissect::Message& message, const capture::Frame& frame,
                           const capture::Datagram& datagram) {
    if (tracks.kept() >= options.max_sas) return Track::none;
    auto& sa = tracks.emplace_back();
    sa.version = message.version();
    sa.initiator_spi = message.header.initiator_spi;
    sa.responder_spi = message.header.responder_spi;
    sa.first_frame = frame.number;
    sa.first_file = static_cast<std::uint16_t>(frame.file);
    sa.start = frame.time;
    sa.initiator = datagram.from();
    sa.responder = datagram.to();
    sa.in_the_middle = sa.responder_spi != dissect::no_spi;
    return remember_last();
}

/// Memory stays bounded: the SA that began longest ago loses its messages, not its result.
void Core::shed_oldest() {
    auto& oldest = tracks[next_to_shed_++];
    oldest.records_dropped += static_cast<std::uint32_t>(oldest.records.size());
    oldest.records = {};
    oldest.exchanges = {};
    oldest.ikev1.reset();
    oldest.ikev2.reset();
    oldest.shed = true;
    --detailed_;
    ++totals.shed;
}

Side Core::side_by_route(Track& track, const capture::Datagram& datagram) {
    const auto source = datagram.from();
    for (const auto& known : track.routes) {
        if (known.source == source) return known.from;
        if (known.destination == source) return other(known.from);
    }
    if (track.initiator.address == track.responder.address)
        return track.responder == source ? Side::responder : Side::initiator;
    if (source.address == track.responder.address || datagram.destination == track.initiator.address)
        return Side::responder;
    return Side::initiator;
}

std::uint8_t Core::route(Track& track, const capture::Datagram& datagram, Side from) {
    const auto source = datagram.from(), destination = datagram.to();
    for (std::size_t i = 0; i < track.routes.size(); ++i) {
        const auto& known = track.routes[i];
        if (known.from == from && known.source == source && known.destination == destination)
            return static_cast<std::uint8_t>(i);
    }
    if (track.routes.size() < most_routes) track.routes.push_back({source, destination, from});
    return static_cast<std::uint8_t>(track.routes.size() - 1);
}

Record Core::record(Track& track, const Arrival& arrival, Side from) {
    Record record;
    record.frame = arrival.frame.number;
    record.file = static_cast<std::uint16_t>(arrival.frame.file);
    record.time = arrival.frame.time;
    record.fingerprint = arrival.fingerprint;
    record.message_id = arrival.message.header.message_id;
    record.size = static_cast<std::uint32_t>(arrival.message.bytes.size());
    record.exchange = arrival.message.header.exchange;
    record.encrypted = outcome.encrypted;
    record.malformed = arrival.message.fault.has_value() && !arrival.message.snapped;
    record.from = from;
    record.route = route(track, arrival.datagram, from);
    if (!track.sent[index_of(from)]) {
        track.sent[index_of(from)] = true;
        (from == Side::initiator ? track.initiator : track.responder) = arrival.datagram.from();
    }
    track.last_frame = arrival.frame.number;
    track.end = arrival.frame.time;
    track.tcp = track.tcp || arrival.datagram.transport == capture::Transport::tcp;
    outcome.from = from;
    return record;
}

std::optional<std::uint32_t> Core::find_copy(const Track& track, std::uint64_t fingerprint, Side from) const {
    const auto count = track.records.size();
    for (std::size_t i = count; i > 0 && i + look_back > count; --i) {
        const auto& known = track.records[i - 1];
        if (known.fingerprint == fingerprint && known.from == from) return static_cast<std::uint32_t>(i - 1);
    }
    return std::nullopt;
}

std::optional<std::uint32_t> Core::find_first(const Track& track, Label label, std::uint32_t message_id,
                                              Side from) const {
    const auto count = track.records.size();
    for (std::size_t i = count > look_back ? count - look_back : 0; i < count; ++i) {
        const auto& known = track.records[i];
        if (known.label == label && known.message_id == message_id && known.from == from && known.encrypted == outcome.encrypted)
            return static_cast<std::uint32_t>(i);
    }
    return std::nullopt;
}

void Core::repeat(const Track& track, Record& record, std::uint32_t first) {
    if (const auto back = track.records[first].back; back <= first) first -= back;
    const auto& copied = track.records[first];
    record.back = static_cast<std::uint32_t>(track.records.size()) - first;
    record.label = copied.label;
    record.ordinal = copied.ordinal;
    outcome.retransmission_of = copied.frame;
}

void Core::move(Track& track, Event event) {
    if (event == Event::none) return;
    const auto next = step(track.stage, event);
    track.stage = next.next;
    if (event == Event::phase1_proved || event == Event::quick_proved || event == Event::auth_accepted) return;
    outcome.story = next.story;
    outcome.expected = next.expected;
}

void Core::enter(std::uint32_t index, Record record, const Arrival& arrival) {
    auto& track = tracks[index];
    if (record.encrypted) {
        ++totals.encrypted;
        totals.decrypted += record.decrypted;
        track.encrypted_seen = true;
    }
    outcome.label = label_text(record.label, record.ordinal);
    outcome.hash = record.hash;
    outcome.re_encrypted = record.re_encrypted;
    outcome.stage = track.stage;
    outcome.payloads = record.back ? 0 : record.payloads;
    constexpr std::uint16_t gdoi_port = 848; // RFC 6407 uses IKEv1's numbers for exchanges of its own
    const bool group_keys = arrival.datagram.source_port == gdoi_port || arrival.datagram.destination_port == gdoi_port;
    if (options.legality && !group_keys && (!track.in_the_middle || record.label >= Label::info)) outcome.violations = legality_.violations_of(record, outcome, arrival.message);
    if (track.shed) return;
    if (!options.messages && track.records.size() >= kept_without_messages) {
        track.records.erase(track.records.begin());
        ++track.records_dropped;
    }
    if (track.records.size() == track.records.capacity())
        track.records.reserve(track.records.size() < 10 ? 10 : track.records.size() * 3 / 2);
    track.records.push_back(record);
    if (!options.messages) return;
    outcome.record = track.records.size() - 1;
    const auto number = static_cast<std::uint32_t>(*outcome.record);
    if (arrival.fragments) track.extra(number).fragments = *arrival.fragments;
    if (options.plain && !outcome.plain.empty())
        track.extra(number).plain.assign(outcome.plain.begin(), outcome.plain.end());
}

void Core::say(std::uint32_t track, std::string sentence) {
    tracks[track].note(sentence);
    outcome.notes.push_back(std::move(sentence));
}

void Core::finish() {
    for (const auto& lost : fragments_.incomplete()) {
        if (!tracks.knows(lost.sa)) continue;
        const auto first = lost.frames.empty() ? 0 : lost.frames.front();
        auto text = fmt::format("the {}'s fragmented message with id {} (first piece in frame {}) is incomplete: ",
                                side_name(lost.from), lost.id, first);
        if (!lost.missing.empty()) text += lacking_text("piece", lost.missing);
        if (lost.end_unknown) text += lost.missing.empty() ? "its last piece is missing" : ", and its last one";
        tracks[lost.sa].lacks({lost.from, false, lost.id, first, std::move(text)});
    }
    for (const auto& lost : pieces.incomplete()) {
        if (!tracks.knows(lost.key.sa)) continue;
        const auto first = lost.frames.empty() ? 0 : lost.frames.front();
        auto text = fmt::format("the {}'s fragmented {} with message id {} (first fragment in frame {}) is incomplete: {}",
                                side_name(lost.key.from), lost.key.response ? "response" : "request", lost.key.message_id, first,
                                lacking_text("fragment", lost.missing, fmt::format(" of {}", lost.total)));
        tracks[lost.key.sa].lacks({lost.key.from, lost.key.response, lost.key.message_id, first, std::move(text)});
    }
}

} // namespace ikescope::session
