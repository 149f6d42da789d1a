#include "session/ikev1_opener.hpp"

#include "dissect/ikev1.hpp"
#include "session/ikev1_suite.hpp"
#include "session/ikev1_verify.hpp"

namespace ikescope::session::ikev1 {
namespace {

namespace payload = dissect::ikev1::payload;
using crypto::ikev1::Keys;


Bytes last_block(const Sealed& sealed, const Ikev1Material& material) {
    const auto block = crypto::block_size(material.suite->cipher);
    return sealed.ciphertext.size() < block ? Bytes{} : sealed.ciphertext.last(block);
}
Buffer copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

bool is_phase1(Label label) { return label == Label::mm5 || label == Label::mm6 || label == Label::am3; }

/// Keeps the last block of a message, from which the next one's IV is made (RFC 2409 appendix B).
void advance(Ikev1Material& material, const Sealed& sealed) {
    auto block = copy(last_block(sealed, material));
    switch (sealed.label) {
    case Label::mm5: material.last_mm5 = std::move(block); break;
    case Label::mm6: material.last_mm6 = std::move(block); break;
    case Label::am3: material.last_am3 = std::move(block); break;
    case Label::info:
        if (auto* chain = material.find_chain(sealed.header.message_id)) chain->iv = std::move(block);
        break;
    default: {
        auto& chain = material.chain(sealed.header.message_id);
        chain.previous = std::exchange(chain.iv, std::move(block));
        chain.alternative.clear();
    }
    }
}

/// New Group Mode (RFC 2409 5.6): the answer repeats what was asked for.
void learn_group(Ikev1Material& material, const dissect::Message& message, DhSecrets& dh) {
    constexpr std::size_t most = 8;
    const auto* sa = message.find(payload::sa);
    auto made = sa && material.new_groups.size() < most ? new_group(*sa) : std::nullopt;
    if (!made || made->number == 0) return;
    if (const auto number = dh.number_of(std::move(made->group)))
        material.new_groups.emplace_back(made->number, number);
}

/// What later messages need of an opened one.
void learn_opened(Ikev1Material& material, const Sealed& sealed, const dissect::Message& message) {
    if (const auto* id = message.find(payload::id); id && is_phase1(sealed.label))
        material.id_body[index_of(sealed.from)] = copy(id->body);
    if (sealed.label != Label::qm1 && sealed.label != Label::qm2) return;
    auto& chain = material.chain(sealed.header.message_id);
    const std::size_t who = sealed.label == Label::qm1 ? 0 : 1;
    if (const auto* nonce = message.find(payload::nonce)) chain.nonce[who] = copy(nonce->body);
    if (const auto* ke = message.find(payload::ke)) chain.ke[who] = copy(ke->body);
}

bool is_structural(const KeySource& source, const Keys& keys) {
    return source.kind == KeySource::Kind::signature ||
           (source.kind == KeySource::Kind::finished && keys.skeyid_a.empty());
}

} // namespace

Opener::Opener(const secrets::Store& store, bool always) : store_(store), dh_(store), useful_(always || !store.empty()) {
    tally_.psk_tried.resize(store.psks.size());
    tally_.psk_used.resize(store.psks.size());
    tally_.psk_order = RecentFirst(store.psks.size());
    tally_.dh_used.resize(store.dh.size());
    tally_.key_used.resize(store.ikev1_keys.size());
    tally_.key_tried.resize(store.ikev1_keys.size());
    tally_.key2_used.resize(store.ikev2_keys.size());
    tally_.key2_tried.resize(store.ikev2_keys.size());
    tally_.key2_garbage.resize(store.ikev2_keys.size());
    tally_.key_wanted.resize(store.ikev1_keys.size());
    tally_.esp_used.resize(store.esp_keys.size());
    tally_.esp_tried.resize(store.esp_keys.size());
    tally_.extra_used.resize(store.ikev2_extras.size());
    tally_.extra_tried.resize(store.ikev2_extras.size());
    tally_.private_used.resize(store.private_keys.size());
    tally_.private_tried.resize(store.private_keys.size());
    for (std::size_t i = 0; i < store.ikev1_keys.size(); ++i) {
        const auto& key = store.ikev1_keys[i];
        (key.form == secrets::Ikev1Key::Form::skeyid ? skeyids_ : keys_).add(i, key.any_sa ? nullptr : &key.initiator_cookie);
    }
}

/// SKEYID under every candidate that may belong to the SA.
Opener::Skeyids Opener::skeyids(const Track& track) {
    Skeyids candidates;
    const auto& material = *track.ikev1;
    const auto inputs = material.inputs(track);
    if (material.wrapped) {
        candidates.emplace_back(KeySource{KeySource::Kind::encryption, 0},
                                crypto::ikev1::skeyid_encryption(*material.suite, inputs));
        return candidates;
    }
    if (!by_signature(material.authentication))
        tally_.psk_order.each([&](std::size_t i) {
            candidates.emplace_back(KeySource{KeySource::Kind::psk, i}, Secret());
            return false;
        });
    // With a g^xy each: where thousands name no SA, the finished keys that logs print beside them must do.
    constexpr std::size_t most = 32;
    const auto wanted = crypto::digest_size(material.suite->hash);
    std::size_t unnamed = 0;
    const auto add = [&](std::size_t i) {
        if (store_.ikev1_keys[i].value.size() == wanted) candidates.emplace_back(KeySource{KeySource::Kind::skeyid, i}, store_.ikev1_keys[i].value);
        return false;
    };
    skeyids_.named(track.initiator_spi, add);
    skeyids_.unnamed([&](std::size_t i) { return ++unnamed > most || add(i); });
    return candidates;
}

/// The SKEYID of a candidate that is tried now.
const Secret& Opener::skeyid_of(const Track& track, std::pair<KeySource, Secret>& candidate) {
    auto& [source, skeyid] = candidate;
    if (source.kind != KeySource::Kind::psk) return skeyid;
    tally_.psk_tried[source.index] = true;
    const auto& material = *track.ikev1;
    if (skeyid.empty())
        skeyid = crypto::ikev1::skeyid_psk(*material.suite, store_.psks[source.index].key.reveal(), material.inputs(track));
    return skeyid;
}

std::vector<Opener::Iv> Opener::candidates(const Track& track, const Sealed& sealed, bool again) const {
    const auto& material = *track.ikev1;
    const auto& suite = *material.suite;
    Buffer initial;
    if (!material.public_value[0].empty() && !material.public_value[1].empty())
        initial = crypto::ikev1::initial_iv(suite, material.inputs(track));
    std::vector<Iv> ivs;
    const auto add = [&](const Buffer& iv, std::string_view how) {
        if (!iv.empty()) ivs.push_back({iv, how});
    };
    if (sealed.label == Label::mm6) {
        add(material.last_mm5, "last block of MM5");
        add(material.last_mm5_again, "last block of the repeated MM5");
    }
    if (is_phase1(sealed.label)) {
        add(initial, "initial IV");
        return ivs;
    }
    const auto id = sealed.header.message_id;
    const auto* chain = material.find_chain(id);
    if (chain && !(again ? chain->previous : chain->iv).empty()) {
        add(again ? chain->previous : chain->iv, "last block of the exchange");
        if (!again) add(chain->alternative, "last block of the repeated message");
        return ivs;
    }
    const auto of = [&](const Buffer& block, std::string_view how) {
        if (!block.empty()) add(crypto::ikev1::message_iv(suite, block, id), how);
    };
    of(material.last_mm6, "last block of MM6");
    of(material.last_am3, "last block of AM3");
    of(material.last_mm5, "last block of MM5");
    of(material.last_mm5_again, "last block of the repeated MM5");
    of(initial, "initial IV");
    return ivs;
}

/// One set of keys on one message, under each IV. `proved`: the keys are known to be this side's.
bool Opener::try_keys(const Track& track, const Sealed& sealed, const SideKeys& keys, const std::vector<Iv>& ivs,
                      bool proved, Result& result) {
    const auto& material = *track.ikev1;
    const auto& suite = *material.suite;
    const auto block = crypto::block_size(suite.cipher);
    for (const auto& iv : ivs) {
        const auto start = crypto::ikev1::open(suite, keys.keys.ka, iv.bytes, sealed.ciphertext.first(block));
        if (!start || !plausible_start(sealed.header.next_payload, *start, sealed.ciphertext.size(),
                                       crypto::digest_size(suite.hash)))
            continue;
        auto plain = crypto::ikev1::open(suite, keys.keys.ka, iv.bytes, sealed.ciphertext);
        if (!plain) continue;
        plain_.swap(*plain);
        dissect::walk_plain(sealed.header, sealed.header.next_payload, plain_, 0, message_);
        const auto hash = verify(track, material, sealed.label, sealed.from, keys.keys, message_, plain_);
        const bool whole = sound(message_, block);
        // HASH_I and HASH_R cover SAi_b: without MM1 or AM1 nothing can be checked but the shape of the message.
        const bool uncheckable = is_phase1(sealed.label) && hash == Proof::unknown && material.sa_body.empty();
        const bool structural = whole && hash != Proof::failed && message_.payloads.size() > 1 &&
                                (uncheckable || is_structural(keys.source, keys.keys));
        if (hash != Proof::verified && !structural && !(proved && whole)) continue;
        iv_ = iv.bytes;
        result = {true, true, hash, iv.how};
        return true;
    }
    return false;
}

void Opener::settle_dh(Track& track, std::size_t index, const Secret& shared) {
    auto& material = *track.ikev1;
    material.shared = shared;
    material.dh = index;
    material.dh_proved = true;
    dh_.own(index);
    tally_.dh_used[index] = true;
    track.rich().dh = index;
    track.rich().dh_proved = true;
}

void Opener::accept(Track& track, const Sealed& sealed, SideKeys keys) {
    const auto side = index_of(sealed.from);
    auto& rich = track.rich();
    const auto& source = keys.source;
    if (source.kind == KeySource::Kind::psk) {
        rich.psk[side] = source.index;
        tally_.psk_used[source.index] = true;
        tally_.psk_order.use(source.index);
    } else if (source.kind == KeySource::Kind::skeyid || source.kind == KeySource::Kind::finished) {
        rich.psk_words[side] = store_.ikev1_keys[source.index].origin.text;
        tally_.key_used[source.index] = true;
        if (source.kind == KeySource::Kind::skeyid) skeyids_.take(source.index);
    }
    settle_clear_signatures(track, keys.keys.skeyid);
    track.ikev1->side[side] = std::move(keys);
}

/// All candidates for SKEYID under one g^xy.
bool Opener::try_shared(Track& track, const Sealed& sealed, const std::vector<Iv>& ivs, Skeyids& skeyids,
                        const Secret& shared, Result& result) {
    const auto& material = *track.ikev1;
    const auto inputs = material.inputs(track);
    const auto attempt = [&](KeySource source, Secret skeyid) {
        result.attempted = true;
        dh_.spend();
        SideKeys keys{source, crypto::ikev1::derive(*material.suite, std::move(skeyid), shared.reveal(), inputs)};
        if (!try_keys(track, sealed, keys, ivs, false, result)) return false;
        accept(track, sealed, std::move(keys));
        return true;
    };
    for (auto& candidate : skeyids)
        if (attempt(candidate.first, skeyid_of(track, candidate))) return true;
    if (by_psk(material.authentication) || material.wrapped) return false;
    return attempt({KeySource::Kind::signature, 0},
                   crypto::ikev1::skeyid_signature(*material.suite, shared.reveal(), inputs));
}

/// A private value that belongs to one of the KE payloads settles g^xy without any trial.
void Opener::settle_private(Track& track) {
    auto& material = *track.ikev1;
    if (material.private_tried || material.shared) return;
    material.private_tried = true;
    if (const auto found = dh_.computed(material.group, material.public_value[0], material.public_value[1]))
        settle_dh(track, found->index, found->shared);
}

bool Opener::search(Track& track, const Sealed& sealed, const std::vector<Iv>& ivs, Result& result) {
    auto& material = *track.ikev1;
    const auto side = index_of(sealed.from);
    if (material.searches[side]++ >= std::min(dh_.order().repeats(), keys_.repeats())) return false;
    if (const auto& other_side = material.side[1 - side]; other_side.known()) {
        result.attempted = true;
        if (try_keys(track, sealed, other_side, ivs, true, result)) {
            accept(track, sealed, other_side);
            return true;
        }
    }
    if (material.has_inputs()) {
        settle_private(track);
        auto candidates_of_skeyid = skeyids(track);
        if (material.shared) {
            if (try_shared(track, sealed, ivs, candidates_of_skeyid, *material.shared, result)) return true;
        } else if (dh_.each_shared(material.group, track.initiator_spi, [&](std::size_t index, const Secret& shared) {
                       if (!try_shared(track, sealed, ivs, candidates_of_skeyid, shared, result)) return false;
                       settle_dh(track, index, shared);
                       return true;
                   }))
            return true;
    }
    const bool found = search_finished(track, sealed, ivs, result);
    if (!found && (dh_.order().exhausted() || keys_.exhausted())) track.note(std::string(not_all_tried));
    return found;
}

/// Ka or SKEYID_e that the user or a log gave. Those that name the SA come first.
bool Opener::search_finished(Track& track, const Sealed& sealed, const std::vector<Iv>& ivs, Result& result) {
    const auto& suite = *track.ikev1->suite;
    const auto attempt = [&](std::size_t i) {
        const auto& key = store_.ikev1_keys[i];
        const bool is_ka = key.form == secrets::Ikev1Key::Form::ka;
        const auto wanted = is_ka ? suite.key_bytes : crypto::digest_size(suite.hash);
        tally_.key_tried[i] = result.attempted = true;
        tally_.key_wanted[i] = key.value.size() == wanted ? 0 : wanted;
        if (key.value.size() != wanted) return false;
        SideKeys keys{{KeySource::Kind::finished, i}, {}};
        if (!is_ka) keys.keys.skeyid_e = key.value;
        keys.keys.ka = is_ka ? key.value : crypto::ikev1::cipher_key(suite, key.value);
        if (!try_keys(track, sealed, keys, ivs, false, result)) return false;
        accept(track, sealed, std::move(keys));
        keys_.take(i);
        return true;
    };
    return keys_.named(track.initiator_spi, attempt) || keys_.unnamed(attempt);
}

void Opener::keep_first(Track& track, const Sealed& sealed, const std::vector<Iv>& ivs) {
    auto& kept = track.ikev1->first[index_of(sealed.from)];
    if (kept || sealed.ciphertext.size() > KeptMessage::most) return;
    kept = KeptMessage{sealed.header, sealed.label, sealed.from, sealed.frame, copy(sealed.ciphertext), {}};
    for (const auto& iv : ivs) kept->ivs.push_back(iv.bytes);
}

Result Opener::open(Track& track, const Sealed& sealed) {
    Result result;
    if (!useful_ || !track.ikev1 || !track.ikev1->suite) return result;
    auto& material = *track.ikev1;
    const auto block = crypto::block_size(material.suite->cipher);
    if (sealed.ciphertext.empty() || sealed.ciphertext.size() % block != 0) return result;
    const auto ivs = candidates(track, sealed);
    keep_first(track, sealed, ivs);
    const auto& mine = material.side[index_of(sealed.from)];
    if (mine.known()) {
        result.attempted = true;
        try_keys(track, sealed, mine, ivs, true, result);
    } else {
        search(track, sealed, ivs, result);
    }
    advance(material, sealed);
    if (!result.opened) return result;
    track.rich().opened[index_of(sealed.from)] = true;
    learn_opened(material, sealed, message_);
    if (sealed.label == Label::new_group) learn_group(material, message_, dh_);
    if (is_phase1(sealed.label)) result.hash = judge_phase1(track, sealed, result.hash);
    material.remember({sealed.fingerprint, iv_, sealed.from});
    return result;
}

/// A message of phase 1 that carries a signature proves its sender by that. HASH payloads are judged already, unless finished keys
/// without SKEYID opened them: then a pre-shared key can be held against them, as if they were in clear.
Proof Opener::judge_phase1(Track& track, const Sealed& sealed, Proof hash) {
    const auto& skeyid = track.ikev1->side[index_of(sealed.from)].keys.skeyid;
    if (const auto* signature = message_.find(payload::sig)) {
        learn_certificates(track, sealed.from, message_);
        return check_signature(track, sealed.from, skeyid, signature->body);
    }
    const auto* carried = message_.find(payload::hash);
    return hash == Proof::unknown && skeyid.empty() && carried ? learn_hash(track, sealed.from, carried->body) : hash;
}

Result Opener::reopen(Track& track, const Sealed& sealed) {
    Result result;
    if (!track.ikev1 || !track.ikev1->suite) return result;
    const auto* before = track.ikev1->find_opened(sealed.fingerprint);
    const auto& keys = track.ikev1->side[index_of(sealed.from)];
    if (!before || !keys.known()) return result;
    auto plain = crypto::ikev1::open(*track.ikev1->suite, keys.keys.ka, before->iv, sealed.ciphertext);
    if (!plain) return result;
    plain_.swap(*plain);
    iv_ = before->iv;
    dissect::walk_plain(sealed.header, sealed.header.next_payload, plain_, 0, message_);
    return {true, true, Proof::unknown, "as the first copy"};
}

Result Opener::open_again(Track& track, const Sealed& sealed) {
    Result result;
    if (!useful_ || !track.ikev1 || !track.ikev1->suite) return result;
    auto& material = *track.ikev1;
    const auto block = crypto::block_size(material.suite->cipher);
    if (sealed.ciphertext.empty() || sealed.ciphertext.size() % block != 0) return result;
    if (sealed.label == Label::mm5)
        material.last_mm5_again = copy(last_block(sealed, material));
    else if (auto* chain = material.find_chain(sealed.header.message_id))
        chain->alternative = copy(last_block(sealed, material));
    const auto& mine = material.side[index_of(sealed.from)];
    if (!mine.known()) return result;
    result.attempted = true;
    if (try_keys(track, sealed, mine, candidates(track, sealed, true), true, result))
        material.remember({sealed.fingerprint, iv_, sealed.from});
    return result;
}

} // namespace ikescope::session::ikev1
