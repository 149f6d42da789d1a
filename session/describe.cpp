// The compact memory in words: a Track becomes an Sa.

#include "session/core.hpp"
#include "session/nat.hpp"
#include "session/ikev1_suite.hpp"
#include "session/ikev2_material.hpp"

#include <set>

namespace ikescope::session {
namespace {

void describe_message(const Pools& pools, const Track& track, const Record& record, std::size_t index,
                      MessageRecord& out) {
    out.frame = record.frame;
    out.file = record.file;
    out.time = record.time;
    out.from = record.from;
    out.label = label_text(record.label, record.ordinal);
    out.exchange = record.exchange;
    out.message_id = record.message_id;
    if (record.route < track.routes.size()) {
        out.source = track.routes[record.route].source;
        out.destination = track.routes[record.route].destination;
    }
    out.size = record.size;
    out.encrypted = record.encrypted;
    out.decrypted = record.decrypted;
    out.malformed = record.malformed;
    out.hash = record.hash;
    const auto& list = pools.payloads(record.payloads);
    out.payloads = list.names;
    out.notifies = list.notifies;
    if (record.back != 0 && record.back <= index) out.retransmission_of = track.records[index - record.back].frame;
    out.re_encrypted = record.re_encrypted;
}

void describe_keys(const secrets::Store& store, const Track& track, const Rich& rich, KeyUse& keys) {
    for (const std::size_t side : {0U, 1U}) {
        keys.psk_index[side] = rich.psk[side];
        if (rich.psk[side])
            keys.psk[side] = store.psks[*rich.psk[side]].origin.text;
        else if (!rich.psk_words[side].empty())
            keys.psk[side] = rich.psk_words[side];
        keys.available = keys.available || rich.opened[side];
    }
    if (rich.dh) keys.dh = store.dh[*rich.dh].origin.text;
    keys.dh_proved = rich.dh_proved;
    if (!rich.keys_words.empty()) keys.finished = rich.keys_words;
    if (track.ikev1) keys.one_skeyid = track.ikev1->one_skeyid();
    keys.available = keys.available ||
                     (track.ikev1 && (track.ikev1->side[0].known() || track.ikev1->side[1].known())) ||
                     (track.ikev2 && track.ikev2->keys);
}

/// IKEv2 needs a pre-shared key for AUTH alone. An end that refuses the other's AUTH sends none of its own, but its log may say
/// with which key it checked.
void add_keys_by_log(const secrets::Store& store, const ikev2::Opener& opener, const Track& track, Sa& sa) {
    if (sa.keys.psk[0] && sa.keys.psk[1]) return; // as in every SA that came up: thousands of uses need not be looked at
    for (const auto& use : store.psk_uses) {
        const auto author = use.of_initiator ? Side::initiator : Side::responder, checker = other(author);
        auto& psk = sa.keys.psk[index_of(checker)];
        if (use.initiator_spi != track.initiator_spi || psk ||
            opener.try_psk(track, author, use.key.reveal()) != Proof::failed)
            continue;
        psk = use.origin.text;
        sa.keys.by_log[index_of(checker)] = true;
        const auto same = [&](const secrets::Psk& one) { return one.key == use.key; };
        if (const auto at = std::ranges::find_if(store.psks, same); at != store.psks.end())
            sa.keys.psk_index[index_of(checker)] = static_cast<std::size_t>(at - store.psks.begin());
    }
}

/// The direction that negotiation or a given key makes of one of a child's two SPIs: [0] is what its initiator sends.
std::optional<std::uint32_t> direction_of(const EspSas& esp, const Child& child, std::size_t who) {
    const auto& spi = who == 0 ? child.responder_spi : child.initiator_spi;
    if (child.esp[who]) return child.esp[who];
    return spi.size() == 4 ? esp.find_given(static_cast<std::uint32_t>(big_endian(spi))) : std::nullopt;
}

void describe_children(const EspSas& esp, const Rich& rich, Sa& sa) {
    sa.children = rich.children;
    for (auto& child : sa.children)
        for (const std::size_t who : {0U, 1U}) {
            const auto number = direction_of(esp, child, who);
            if (!number) continue;
            child.traffic[who] = esp.traffic(*number);
            child.lacks_secret = child.lacks_secret || esp.lacks_secret(*number);
            child.keys = child.keys || child.traffic[who]->opened > 0 || esp.promising(*number);
        }
}

void describe_rich(const secrets::Store& store, const EspSas& esp, const Track& track, const Rich& rich, Sa& sa) {
    describe_keys(store, track, rich, sa.keys);
    describe_children(esp, rich, sa);
    for (const std::size_t side : {0U, 1U}) {
        sa.authentication_how[side] = rich.authentication_how[side];
        sa.certificate[side] = rich.certificate[side];
        sa.identity[side] = rich.identity[side];
        sa.identity_type[side] = rich.identity_type[side];
        sa.identity_address[side] = rich.identity_address[side];
        sa.authentication[side] = rich.authentication[side];
    }
    sa.notes = rich.notes;
    sa.incomplete = rich.incomplete;
    for (const auto& extra : rich.extras)
        if (extra.record < sa.messages.size()) {
            sa.messages[extra.record].note = extra.note;
            sa.messages[extra.record].fragments = extra.fragments;
        }
}

void describe_sealed(const Track& track, Sa& sa) {
    const auto& first = track.ikev1->first;
    const auto& kept = first[0] ? first[0] : first[1];
    if (!kept) return;
    sa.first_sealed =
        Sa::Sealed{kept->frame, kept->from, kept->ciphertext, kept->ivs.empty() ? Buffer{} : kept->ivs.front()};
}

void describe_origin(const Track& track, Sa& sa) {
    sa.version = track.version;
    sa.mode = track.mode;
    sa.initiator_spi = track.initiator_spi;
    sa.responder_spi = track.responder_spi;
    sa.initiator = track.initiator;
    sa.responder = track.responder;
    sa.roles_known = track.roles_known;
    sa.starts_in_the_middle = track.in_the_middle;
    sa.one_direction = track.sent[0] != track.sent[1];
    sa.first_frame = track.first_frame;
    sa.last_frame = track.last_frame;
    sa.first_file = track.first_file;
    sa.start = track.start;
    sa.end = track.end;
}

} // namespace

std::vector<Sessions::LooseEsp> Core::loose_esp() const {
    std::set<std::uint32_t> told;
    for (const auto& track : tracks)
        if (track.rich_part)
            for (const auto& child : track.rich_part->children)
                for (const std::size_t who : {0U, 1U})
                    if (const auto number = direction_of(esp, child, who)) told.insert(*number);
    std::vector<Sessions::LooseEsp> list;
    esp.each_loose([&](std::uint32_t number, std::uint32_t spi) {
        if (!told.contains(number)) list.push_back({spi, esp.traffic(number)});
    });
    return list;
}

Sa Core::describe(std::size_t index) const {
    const auto& track = tracks[index];
    Sa sa;
    sa.index = index;
    describe_origin(track, sa);
    sa.stage = track.stage;
    if (track.rekey_of != Track::none) sa.rekey_of = track.rekey_of;
    sa.offers = pools.offers(track.offers);
    sa.suite = ikev1::expand(track.suite);
    sa.encrypted_seen = track.encrypted_seen;
    sa.shed = track.shed;
    sa.nat_seen = track.nat_seen;
    sa.tcp = track.tcp;
    sa.disordered = track.disordered;
    if (track.nat != 0) sa.nat_note = nat_words(track);
    sa.signature = track.version == Version::v1 && ikev1::by_signature(track.suite.authentication);
    for (const std::size_t side : {0U, 1U}) sa.has_ke[side] = track.has_ke[side];
    if (options.messages) {
        sa.messages.resize(track.records.size());
        for (std::size_t i = 0; i < track.records.size(); ++i)
            describe_message(pools, track, track.records[i], i, sa.messages[i]);
    }
    if (track.rich_part) describe_rich(store, esp, track, *track.rich_part, sa);
    if (track.ikev1) describe_sealed(track, sa);
    if (track.ikev2 && !store.psk_uses.empty()) add_keys_by_log(store, opener2, track, sa);
    return sa;
}

} // namespace ikescope::session
