#include "session/ikev2_opener.hpp"

#include "dissect/ikev2.hpp"
#include "session/additional.hpp"
#include "session/ikev2_fragments.hpp"
#include "session/ikev2_suite.hpp"

#include <fmt/format.h>

namespace ikescope::session::ikev2 {
namespace {

namespace payload = dissect::ikev2::payload;
using dissect::ikev2::parse;

Buffer copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

///   IKE header … generic header [numbers] | IV | ciphertext | ICV
///   ------------- authenticated only ------------
std::optional<crypto::Parts> parts_of(const Sealed& sealed, const crypto::Protection& protection) {
    const auto& message = sealed.message;
    const std::size_t numbers = sealed.payload.type == payload::skf ? fragment_numbers : 0;
    const auto start = static_cast<std::size_t>(sealed.payload.body_offset() - message.base) + numbers;
    const auto iv = protection.encryption->iv, icv = protection.icv_size();
    if (start > message.bytes.size() || message.bytes.size() - start < iv + icv) return std::nullopt;
    const auto rest = message.bytes.subspan(start);
    return crypto::Parts{
        message.bytes.first(start), rest.first(iv), rest.subspan(iv, rest.size() - iv - icv), rest.last(icv), {}};
}

/// A message that was cut, or goes on behind its SK payload, cannot have a right ICV.
bool whole(const Sealed& sealed) {
    const auto& message = sealed.message;
    return !message.snapped && !message.fault && message.trailing.empty() &&
           message.bytes.size() == message.header.length;
}

bool fits(const crypto::ikev2::Suite& suite, const crypto::Protection& protection) {
    const auto sizes = suite.sizes();
    return protection.encryption_key.size() == sizes.encryption && protection.integrity_key.size() == sizes.integrity;
}

/// Where ciphertext and integrity have keys of their own, a right ICV says nothing about the key that decrypts; keys out of
/// a table may be exchanged. Does the plaintext begin with a generic header (RFC 7296 3.2)? Fragments but the first cannot tell.
bool begins_well(const Sealed& sealed, Bytes plain) {
    const auto first = sealed.payload.next;
    const bool piece = sealed.payload.type == payload::skf; // what begins in it may go on in the next one
    if (first == payload::none || plain.size() < dissect::generic_header_size) return true;
    constexpr std::uint8_t first_known = payload::sa, last_known = payload::skf + 8, reserved = 0x7f;
    const auto next = plain[0];
    const auto length = big_endian(plain.subspan(2, 2));
    return (next == payload::none || (next >= first_known && next <= last_known) || next >= 128) &&
           (plain[1] & reserved) == 0 && length >= dissect::generic_header_size && (piece || length <= plain.size());
}

/// A forged message has a wrong ICV and may be repeated; the true one shall still find its keys behind it (RFC 7296 2.21).
constexpr std::uint8_t most_searches = 64;

/// One more search, if there are some left.
bool spend(std::uint8_t& searches, std::uint8_t most) { return searches < most && ++searches; }

/// Forgets what given keys decrypt when it is no message.
bool drop_noise(const crypto::ikev2::Suite& suite, const Sealed& sealed, Opener::Result& result) {
    if (suite.encryption->is_aead() || begins_well(sealed, *result.plain)) return false;
    result.plain.reset();
    return true;
}

} // namespace

Opener::Opener(const secrets::Store& store, ikev1::Opener& first) : store_(store), dh_(first.dh()), tally_(first.tally()), useful_(first.useful()) {
    for (std::size_t i = 0; i < store.ikev2_keys.size(); ++i) keys_.add(i, store.ikev2_keys[i].any_sa ? nullptr : &store.ikev2_keys[i].initiator_spi);
    using Form = secrets::Ikev2Extra::Form;
    for (std::size_t i = 0; i < store.ikev2_extras.size(); ++i) {
        const auto& extra = store.ikev2_extras[i];
        const bool names = extra.initiator_spi && extra.form != Form::old_d; // that one names the SA it comes from
        extras_[static_cast<std::size_t>(extra.form)].add(i, names ? &*extra.initiator_spi : nullptr);
        if (extra.form == Form::ppk) ppks_[extra.id].push_back(i);
    }
}

void Opener::learn(Track& track, Side from, const dissect::Message& message) {
    if (!useful()) return;
    if (!track.ikev2) track.ikev2 = std::make_shared<Ikev2Material>();
    auto& material = *track.ikev2;
    if (material.keys) return; // proved: whoever speaks up late changes nothing
    const auto side = index_of(from);
    material.init[side] = copy(message.bytes);
    if (const auto* ke = message.find(payload::ke)) {
        const auto exchange = parse<dissect::ikev2::KeyExchange>(*ke);
        material.public_value[side] = copy(exchange.data);
        material.group = exchange.method;
        dh_.see_group(material.group);
    }
    if (const auto* nonce = message.find(payload::nonce)) material.nonce[side] = copy(nonce->body);
    if (from == Side::responder) material.suite = computable(track.suite);
}

bool Opener::try_keys(const Ikev2Material& material, const Keys& keys, const Sealed& sealed, Result& result) {
    const auto protection = material.suite->protection(keys, sealed.from == Side::initiator);
    if (!fits(*material.suite, protection)) return false;
    const auto parts = parts_of(sealed, protection);
    if (!parts) return false;
    result.attempted = true;
    const auto opened = crypto::open(protection, *parts);
    if (!opened) {
        result.why = opened.why();
        return false;
    }
    iv_ = copy(parts->iv);
    icv_size_ = parts->icv.size();
    result.plain = *opened.plaintext();
    result.why.clear();
    return true;
}

Opener::Keys Opener::derive(const Track& track, Bytes shared, std::span<const Secret> additional) const {
    const auto& material = *track.ikev2;
    const crypto::ikev2::Inputs inputs{material.nonce[0], material.nonce[1], track.initiator_spi, track.responder_spi};
    const auto prf = material.suite->prf->id;
    const auto seed = material.parent
                          ? crypto::ikev2::skeyseed_rekey(material.parent->prf, material.parent->d, shared, inputs, additional)
                          : crypto::ikev2::skeyseed(prf, shared, inputs);
    return crypto::ikev2::derive(prf, material.suite->sizes(), seed, inputs);
}

bool Opener::try_exchange(Track& track, const Sealed& sealed, Bytes shared, Result& result) {
    auto& material = *track.ikev2;
    return each_choice(store_, material.additional, track.initiator_spi, [&](const auto& additional, const auto& places) {
        dh_.spend();
        for (const auto place : places) tally_.extra_tried[place] = true;
        auto keys = derive(track, shared, additional);
        if (!try_keys(material, keys, sealed, result)) return false;
        material.keys = std::move(keys);
        for (const auto place : places) take_extra(place);
        return true;
    });
}

void Opener::settle_dh(Track& track, std::size_t index) {
    dh_.own(index);
    tally_.dh_used[index] = true;
    track.rich().dh = index;
    track.rich().dh_proved = true;
}

/// A private value that belongs to one of the KE payloads settles g^ir without any trial.
bool Opener::search_private(Track& track, const Sealed& sealed, Result& result) {
    auto& material = *track.ikev2;
    const auto found = dh_.computed(material.group, material.public_value[0], material.public_value[1]);
    if (!found) return false;
    if (!try_exchange(track, sealed, found->shared.reveal(), result)) return false;
    settle_dh(track, found->index);
    return true;
}

/// One set of finished keys; `any`: it names no SA.
bool Opener::try_finished(Track& track, const Sealed& sealed, std::size_t index, bool any, Result& result) {
    auto& material = *track.ikev2;
    const auto& key = store_.ikev2_keys[index];
    if (!any && key.responder_spi != track.responder_spi) return false;
    Keys keys{key.d, key.ai, key.ar, key.ei, key.er, key.pi, key.pr};
    tally_.key2_tried[index] = true;
    if (!try_keys(material, keys, sealed, result)) return false;
    if (drop_noise(*material.suite, sealed, result)) {
        tally_.key2_garbage[index] = true;
        return false;
    }
    material.keys = std::move(keys);
    tally_.key2_used[index] = true;
    keys_.take(index);
    track.rich().keys_words = key.origin.text;
    return true;
}

/// Keys that the user or a log gave; `any`: those that name no SA.
bool Opener::search_finished(Track& track, const Sealed& sealed, bool any, Result& result) {
    const auto attempt = [&](std::size_t i) { return try_finished(track, sealed, i, any, result); };
    return any ? keys_.unnamed(attempt) : keys_.named(track.initiator_spi, attempt);
}

/// IKE_SA_INIT was not captured, and the source of finished keys does not name their algorithms: the lengths of the keys leave a
/// few suites, of which the integrity check value proves one.
bool Opener::guess_suite(Track& track, const Sealed& sealed, Result& result) {
    if (store_.ikev2_keys.empty()) return false;
    if (!track.ikev2) track.ikev2 = std::make_shared<Ikev2Material>();
    auto& material = *track.ikev2;
    if (!spend(material.searches[index_of(sealed.from)], keys_.repeats(most_searches))) return false;
    for (const bool any : {false, true}) {
        const auto attempt = [&](std::size_t i) {
            const auto& key = store_.ikev2_keys[i];
            if (key.encryption != 0 || key.ei.empty()) return false;
            for (const auto& suite : suites_of_sizes(key.ei.size(), key.ai.size())) {
                // Where integrity has a key of its own, only the plaintext's first header tells the cipher.
                if (sealed.payload.next == payload::none && !suite.encryption->is_aead()) continue;
                material.suite = suite;
                if (try_finished(track, sealed, i, any, result)) return true;
            }
            material.suite.reset();
            return false;
        };
        if (!(any ? keys_.unnamed(attempt) : keys_.named(track.initiator_spi, attempt))) continue;
        track.note(fmt::format("its IKE_SA_INIT was not captured: that it uses {}{}{} follows from the lengths of the keys and from what they open",
                               material.suite->encryption->name, material.suite->integrity ? " with " : "",
                               material.suite->integrity ? material.suite->integrity->name : ""));
        return true;
    }
    return false;
}

/// IKE_SA_INIT was not captured, but a source of finished keys names the SA and its algorithms.
void Opener::assume_suite(Track& track) {
    keys_.named(track.initiator_spi, [&](std::size_t i) {
        const auto& key = store_.ikev2_keys[i];
        if (key.encryption == 0 || key.responder_spi != track.responder_spi) return false;
        auto suite = crypto::ikev2::suite_of({key.encryption, key.key_bits, 0, key.integrity});
        if (!suite) return false;
        if (!track.ikev2) track.ikev2 = std::make_shared<Ikev2Material>();
        track.ikev2->suite = *suite;
        return true;
    });
}

bool Opener::search(Track& track, const Sealed& sealed, Result& result) {
    auto& material = *track.ikev2;
    const auto most = std::min(dh_.order().repeats(most_searches), keys_.repeats(most_searches));
    const bool search_all = spend(material.searches[index_of(sealed.from)], most);
    if ((search_all || keys_.few_named(track.initiator_spi)) && search_finished(track, sealed, false, result)) return true;
    if (!search_all) return false;
    if (material.resumed && search_resumed(track, sealed, result)) return true;
    if (material.has_inputs() && (!material.parent || !material.parent->d.empty())) {
        if (search_private(track, sealed, result)) return true;
        if (dh_.each_shared(material.group, track.initiator_spi, [&](std::size_t index, const Secret& shared) {
                if (!try_exchange(track, sealed, shared.reveal(), result)) return false;
                settle_dh(track, index);
                return true;
            }))
            return true;
    }
    const bool found = search_finished(track, sealed, true, result);
    if (!found && (dh_.order().exhausted() || keys_.exhausted())) track.note(std::string(not_all_tried));
    return found;
}

/// Given keys proved themselves with the messages of one side; those of the other side are keys of their own.
bool Opener::is_garbage_under_given(Track& track, const Sealed& sealed, Result& result) {
    const auto* rich = track.rich_part.get();
    if (!result.plain || !rich || rich->keys_words.empty() || rich->opened[index_of(sealed.from)]) return false;
    result.garbage = drop_noise(*track.ikev2->suite, sealed, result);
    return result.garbage;
}

Opener::Result Opener::open(Track& track, const Sealed& sealed) {
    Result result;
    if (!useful() || !whole(sealed)) return result;
    if (!track.ikev2 || !track.ikev2->suite) assume_suite(track);
    if (!track.ikev2 || !track.ikev2->suite) {
        if (guess_suite(track, sealed, result)) track.rich().opened[index_of(sealed.from)] = true;
        else result.why.clear();
        return result;
    }
    auto& material = *track.ikev2;
    if (material.keys) {
        try_keys(material, *material.keys, sealed, result);
        // An additional key exchange in IKE_INTERMEDIATE changes the keys (RFC 9370 2.2.2); a log may have the new
        // ones.
        const bool others_may = is_garbage_under_given(track, sealed, result) ||
                                (!result.plain && material.intermediate && !search_additional(track, sealed, result));
        for (const bool any : {false, true})
            if (others_may && !result.plain) search_finished(track, sealed, any, result);
    } else if (!search(track, sealed, result))
        result.why.clear();
    if (result.plain) track.rich().opened[index_of(sealed.from)] = true;
    return result;
}

const dissect::Message& Opener::show(const dissect::Header& header, std::uint8_t first, Buffer plain) {
    plain_.swap(plain);
    first_ = first;
    dissect::walk_plain(header, first, plain_, 0, message_);
    return message_;
}

} // namespace ikescope::session::ikev2
