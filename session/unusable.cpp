// Which of the user's secrets opened nothing, and why.

#include "dissect/numbers_ikev2.hpp"
#include "session/core.hpp"
#include "session/esp_given.hpp"
#include "session/ikev1_suite.hpp"
#include "session/ikev2_suite.hpp"

#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

namespace ikescope::session {
namespace {

using Kind = UnusableSecret::Kind;
using Reason = UnusableSecret::Reason;
using secrets::Ikev2Extra;

/// The same value under another origin did open something: the secret is good, its copy was not needed.
template <class Secrets, class Value>
bool used(const Secrets& all, const std::vector<bool>& used_ones, const Secret& value, Value value_of) {
    for (std::size_t i = 0; i < all.size(); ++i)
        if (used_ones[i] && value_of(all[i]) == value) return true;
    return false;
}

/// Keys without the name of an SA come out of logs, which print several for each: those not needed are no news.
template <class Key>
bool not_needed(const Key& key, bool tried) {
    return key.any_sa && !tried;
}

/// Is there an SA whose AUTH a post-quantum pre-shared key makes that is not known?
bool lacks_ppk(const Core& core) {
    return std::ranges::any_of(core.tracks, [&](const Track& track) { return ikev2::lacks_ppk(core.store, track); });
}

Reason why_psk(const Sessions::Totals& totals, bool tried, bool ppk_lacking, bool dh_known) {
    if (totals.encrypted == 0) return Reason::nothing_to_try;
    if (tried) return Reason::opens_nothing;
    if (ppk_lacking) return Reason::needs_ppk;
    return dh_known ? Reason::nothing_to_try : Reason::dh_secret_missing;
}

/// A post-quantum pre-shared key is judged by AUTH, which is made with the pre-shared key, too, unless an end signs.
bool ppk_needs_psk(const Core& core) {
    namespace method = dissect::ikev2::auth_method;
    const auto signs = [](const Ikev2Material& material) {
        return std::ranges::any_of(material.auth_method, [](auto way) { return way != 0 && way != method::shared_key; });
    };
    return core.store.psks.empty() && lacks_ppk(core) && std::ranges::none_of(core.tracks, [&](const Track& track) {
        return ikev2::lacks_ppk(core.store, track) && signs(*track.ikev2);
    });
}

/// Is there an SA with public key encryption whose nonces are not opened at both ends?
bool lacks_private_keys(const Core& core) {
    return std::ranges::any_of(core.tracks, [](const Track& track) {
        return track.ikev1 && track.ikev1->wrapped && (!track.ikev1->decoded[0] || !track.ikev1->decoded[1]);
    });
}

/// Were encrypted messages of that version seen?
bool has_encrypted(const Core& core, Version version) {
    return std::ranges::any_of(core.tracks, [=](const Track& track) { return track.version == version && track.encrypted_seen; });
}

/// Is there a g^xy that may be this SA's?
bool has_dh(const Core& core, const Track& track) {
    const auto& material = *track.ikev1;
    return material.shared || !core.opener.dh().fitting(material.group, track.initiator_spi).empty();
}

void blame(UnusableSecret& secret, Reason reason, std::string detail = {}) {
    secret.reason = reason;
    secret.detail = std::move(detail);
}
void blame_length(UnusableSecret& secret, std::size_t size, std::size_t wanted, std::string detail) {
    blame(secret, Reason::wrong_length, std::move(detail));
    secret.size = size;
    secret.wanted = wanted;
}

std::string cipher_words(const crypto::ikev1::Suite& suite) {
    return fmt::format("{} with {} bit keys", crypto::cipher_name(suite.cipher), suite.key_bytes * 8);
}

/// A finished IKEv1 key that names this SA.
void judge_ikev1(const Core& core, const secrets::Ikev1Key& key, const Track& track, UnusableSecret& one) {
    const auto* material = track.ikev1.get();
    if (!track.has_ke[0] || !track.has_ke[1]) return blame(one, Reason::ke_missing, "KE");
    if (!track.suite.known) return blame(one, Reason::ke_missing, "SA");
    if (!ikev1::computable(track.suite)) return blame(one, Reason::cannot_compute);
    if (!material || !material->suite) return;
    using Form = secrets::Ikev1Key::Form;
    const bool ka = key.form == Form::ka;
    const auto wanted = ka ? material->suite->key_bytes : crypto::digest_size(material->suite->hash);
    if (key.value.size() != wanted)
        return blame_length(one, key.value.size(), wanted,
                            ka ? cipher_words(*material->suite)
                               : std::string(crypto::hash_name(material->suite->hash)));
    for (const auto& side : material->side)
        if (side.source.kind == KeySource::Kind::finished || side.source.kind == KeySource::Kind::skeyid)
            return blame(one, Reason::second_for_sa, core.store.ikev1_keys[side.source.index].origin.text);
    if (material->side[0].known() || material->side[1].known())
        return blame(one, Reason::second_for_sa, "the Diffie-Hellman secret");
    if (key.form == Form::skeyid && track.encrypted_seen) one.reason = has_dh(core, track) ? Reason::opens_nothing : Reason::needs_dh;
}

std::string transform_words(std::uint16_t number, std::uint16_t bits) {
    const auto* row = crypto::find_encryption(number);
    const auto name = row ? std::string(row->name) : fmt::format("encryption transform {}", number);
    return bits == 0 ? name : fmt::format("{} with {} bit keys", name, bits);
}

std::string integrity_words(std::uint16_t number) {
    const auto* row = crypto::find_integrity(number);
    return row ? std::string(row->name) : fmt::format("integrity transform {}", number);
}

/// A key of a set, whose length an algorithm fixes.
struct Part {
    std::string_view name;
    const Secret& value;
    std::size_t wanted;
};
std::array<Part, 4> parts_of(const secrets::Ikev2Key& key, const crypto::ikev2::KeySizes& sizes) {
    return {{{"SK_ei", key.ei, sizes.encryption},
             {"SK_er", key.er, sizes.encryption},
             {"SK_ai", key.ai, sizes.integrity},
             {"SK_ar", key.ar, sizes.integrity}}};
}

/// Do the keys have the lengths that the set's own algorithms want?
bool judge_itself(const secrets::Ikev2Key& key, UnusableSecret& one) {
    if (key.encryption == 0) return false;
    const auto suite = crypto::ikev2::suite_of({key.encryption, key.key_bits, 0, key.integrity});
    if (!suite) return false;
    const auto sizes = suite->sizes();
    for (const auto& [name, value, wanted] : parts_of(key, sizes)) {
        if (value.size() == wanted || value.empty()) continue;
        const bool mac = name.starts_with("SK_a");
        if (mac && wanted == 0) continue; // an AEAD has no key for integrity; some tables repeat a name nonetheless
        blame(one, Reason::contradicts_itself,
              fmt::format("{} has {} bytes, {} needs {}", name, value.size(),
                          mac ? integrity_words(key.integrity) : transform_words(key.encryption, key.key_bits), wanted));
        return true;
    }
    return false;
}

/// One key of a direction alone opens nothing, where integrity has a key of its own.
bool judge_halves(const secrets::Ikev2Key& key, const crypto::ikev2::Suite& suite, UnusableSecret& one) {
    if (suite.sizes().integrity == 0) return false;
    const std::tuple<const Secret&, std::string_view, const Secret&, std::string_view> halves[] = {{key.ei, "SK_ei", key.ai, "SK_ai"},
                                                                                                  {key.er, "SK_er", key.ar, "SK_ar"}};
    for (const auto& [encryption, its_name, integrity, name] : halves) {
        if (encryption.empty() == integrity.empty()) continue;
        blame(one, Reason::part_missing,
              encryption.empty() ? fmt::format("{} is missing, without which {} opens nothing", its_name, name)
                                 : fmt::format("{} is missing, without which {} opens nothing", name, its_name));
        return true;
    }
    return false;
}

/// Does a set open one side's messages, and none of the other's although they are there?
bool judge_directions(const secrets::Ikev2Key& key, const Track& track, UnusableSecret& one) {
    for (const auto side : {Side::initiator, Side::responder}) {
        const auto& encryption = side == Side::initiator ? key.ei : key.er;
        const auto is_opened = [&](const Record& record) { return record.from == side && record.decrypted; };
        const auto is_closed = [&](const Record& record) { return record.from == side && record.encrypted && !record.malformed; };
        if (encryption.empty() || std::ranges::any_of(track.records, is_opened) || std::ranges::none_of(track.records, is_closed)) continue;
        blame(one, Reason::one_way, fmt::format("it opens nothing of the {}: {}", side_name(side), side == Side::initiator ? "SK_ei or SK_ai" : "SK_er or SK_ar"));
        return true;
    }
    return false;
}

/// Is one of the keys too short or too long for the SA? Also one of a set whose other half opened its direction.
bool judge_lengths(const secrets::Ikev2Key& key, const Track& track, const crypto::ikev2::Suite& suite,
                   UnusableSecret& one) {
    for (const auto& [name, value, wanted] : parts_of(key, suite.sizes())) {
        if (value.size() == wanted || value.empty()) continue;
        const auto cipher = transform_words(track.suite.encryption, track.suite.key_bits);
        blame_length(one, value.size(), wanted, fmt::format("{} of {}", name, cipher));
        return true;
    }
    return false;
}

/// Does the source name another algorithm than the SA uses?
bool judge_algorithm(const secrets::Ikev2Key& key, const Track& track, UnusableSecret& one) {
    const auto& used = track.suite;
    if (key.encryption == 0) return false;
    const bool other_length = key.key_bits != 0 && used.key_bits != 0 && key.key_bits != used.key_bits;
    if (key.encryption != used.encryption || other_length)
        blame(one, Reason::wrong_algorithm,
              fmt::format("it says {}, the SA uses {}", transform_words(key.encryption, key.key_bits),
                          transform_words(used.encryption, used.key_bits)));
    else if (key.integrity != used.integrity && key.integrity != 0 && used.integrity != 0) // an AEAD has none
        blame(one, Reason::wrong_algorithm,
              fmt::format("it says {}, the SA uses {}", integrity_words(key.integrity), integrity_words(used.integrity)));
    else
        return false;
    return true;
}

/// The SPIs that a key set names, for an SA that is not there.
std::string spi_words(const SaTable& table, const secrets::Ikev2Key& key) {
    if (table.find(Version::v2, key.responder_spi, key.initiator_spi) != Track::none)
        return fmt::format("{} and the responder's {} (the other way round there is one)", hex(key.initiator_spi),
                           hex(key.responder_spi));
    if (table.find(Version::v2, key.initiator_spi) == Track::none) return hex(key.initiator_spi);
    return fmt::format("{} and the responder's {}", hex(key.initiator_spi), hex(key.responder_spi));
}

/// Finished IKEv2 keys that name this SA.
void judge_ikev2(const secrets::Ikev2Key& key, const Track& track, UnusableSecret& one) {
    if (!track.suite.known) {
        if (key.encryption == 0) blame(one, Reason::ke_missing, "IKE_SA_INIT");
        judge_itself(key, one);
        return;
    }
    const auto suite = ikev2::computable(track.suite);
    if (!suite)
        return blame(one, Reason::cannot_compute, transform_words(track.suite.encryption, track.suite.key_bits));
    if (judge_algorithm(key, track, one) || judge_lengths(key, track, *suite, one) || judge_halves(key, *suite, one)) return;
    if (track.ikev2 && track.ikev2->keys) {
        const auto* rich = track.rich_part.get();
        blame(one, Reason::second_for_sa,
              rich && !rich->keys_words.empty() ? rich->keys_words : "the Diffie-Hellman secret");
    }
}

/// An SPI that packets have, and what opened them where it was negotiated here.
struct SeenEsp {
    const crypto::Protection* keys = nullptr;
    std::string whose = {}; ///< empty: nothing did
};
std::map<std::uint32_t, SeenEsp> seen_esp(const Core& core) {
    std::map<std::uint32_t, SeenEsp> all;
    if (core.store.esp_keys.empty()) return all;
    core.esp.each_loose([&](std::uint32_t, std::uint32_t spi) { all.try_emplace(spi); });
    for (const auto& track : core.tracks) {
        if (!track.rich_part) continue;
        for (const auto& child : track.rich_part->children)
            for (const std::size_t from : {0U, 1U}) {
                if (!child.esp[from]) continue;
                const auto& traffic = core.esp.traffic(*child.esp[from]);
                if (traffic.packets == 0) continue;
                const auto& spi = from == 0 ? child.responder_spi : child.initiator_spi; // the receiver chose it
                auto& seen = all[static_cast<std::uint32_t>(big_endian(spi))];
                if (traffic.opened == 0) continue;
                seen.keys = core.esp.keys(*child.esp[from]);
                seen.whose = traffic.keys.empty() ? "the negotiation's own keys open" : "the keys of " + traffic.keys + " open";
            }
    }
    return all;
}

/// A table may repeat what was negotiated.
bool same_keys(const secrets::EspKey& key, const SeenEsp& opened) {
    return opened.keys && key.encryption_key == opened.keys->encryption_key && key.integrity_key == opened.keys->integrity_key;
}

/// Is there neither an integrity key nor a cipher that checks by itself?
bool cannot_be_checked(const secrets::EspKey& key) {
    const auto suite = suite_of(key);
    return suite && !suite->encryption->is_aead() && !suite->integrity;
}

Kind kind_of(Ikev2Extra::Form form) {
    switch (form) {
    case Ikev2Extra::Form::msk: return Kind::msk;
    case Ikev2Extra::Form::ppk: return Kind::ppk;
    case Ikev2Extra::Form::additional: return Kind::additional;
    case Ikev2Extra::Form::old_d: return Kind::old_d;
    }
    return Kind::msk;
}

/// Logs hold the secrets of everything that happened: where some of a log were of use, the others are no news, and
/// where none was, one of them says it for all.
void thin_out(std::vector<UnusableSecret>& all, std::set<std::string> told) {
    const auto contradicts = [](const UnusableSecret& one) { // what names an SA that is there, and does not fit it
        return one.in_part || one.reason == Reason::second_for_sa || one.reason == Reason::wrong_algorithm ||
               one.reason == Reason::contradicts_itself ||
               (one.reason == Reason::wrong_length && !one.detail.empty());
    };
    std::erase_if(all, [&](const UnusableSecret& one) {
        return !one.origin.log.empty() && !contradicts(one) && !told.insert(one.origin.log).second;
    });
}

template <class Secrets>
void add_logs(const Secrets& all, const std::vector<bool>& used, std::set<std::string>& logs) {
    for (std::size_t i = 0; i < used.size(); ++i)
        if (used[i] && !all[i].origin.log.empty()) logs.insert(all[i].origin.log);
}

} // namespace

/// Shared secrets that may be the second one (PFS) of an exchange that was seen, while no ESP packet came to prove it; and
/// whether there are more of them than such exchanges, so that some must be superfluous.
std::map<std::size_t, bool> Core::may_be_pfs() const {
    std::map<std::size_t, bool> all;
    const auto exchanges = esp.awaiting();
    if (exchanges.empty()) return all;
    std::map<GroupNumber, std::size_t> of_group;
    for (const auto& [which, count] : exchanges) of_group[which.first] += count;
    const auto& dh = opener.dh();
    for (const auto& [group, count] : of_group) {
        std::vector<std::size_t> candidates;
        for (std::size_t i = 0; i < store.dh.size(); ++i) {
            const auto& named = store.dh[i].initiator_spi;
            if (dh.owned(i) || !dh.length_fits(i, group) || (named && !exchanges.contains({group, *named}))) continue;
            candidates.push_back(i);
        }
        for (const auto i : candidates) {
            auto& too_many = all.try_emplace(i, true).first->second;
            too_many = too_many && candidates.size() > count;
        }
    }
    return all;
}

void Core::unusable_dh(std::vector<UnusableSecret>& all) const {
    const auto& tally = opener.tally();
    const auto pfs = may_be_pfs();
    const bool wrapped = lacks_private_keys(*this), ikev1 = has_encrypted(*this, Version::v1);
    for (std::size_t i = 0; i < store.dh.size(); ++i) {
        if (used(store.dh, tally.dh_used, store.dh[i].value, [](const auto& dh) -> const Secret& { return dh.value; }))
            continue;
        const auto maybe = pfs.find(i);
        if (maybe != pfs.end() && !maybe->second) continue;
        const auto& secret = store.dh[i];
        const auto& fate = opener.dh().fates()[i];
        UnusableSecret one{secret.form == secrets::DhSecret::Form::shared ? Kind::dh_shared : Kind::dh_private,
                           Reason::nothing_to_try,
                           i,
                           secret.origin,
                           secret.value.size(),
                           0};
        if (maybe != pfs.end())
            one.reason = Reason::too_many_for_pfs;
        else if (!fate.tried && wrapped)
            one.reason = Reason::needs_private_keys;
        else if (fate.group_seen && one.kind == Kind::dh_private)
            one.reason = Reason::matches_no_ke;
        else if (fate.group_seen && !fate.length_fits)
            one.reason = Reason::wrong_length;
        else if (fate.tried && store.psks.empty() && store.ikev1_keys.empty() && only_ikev1())
            one.reason = Reason::needs_psk;
        else if (fate.tried)
            blame(one, Reason::opens_nothing, ikev1 ? "IKEv1" : "");
        else if (totals.encrypted > 0)
            blame(one, Reason::ke_missing, "KE");
        if (one.kind == Kind::dh_shared) one.wanted = fate.wanted;
        if (secret.initiator_spi && table.find(Version::v1, *secret.initiator_spi) == Track::none &&
            table.find(Version::v2, *secret.initiator_spi) == Track::none)
            blame(one, Reason::unknown_cookie, hex(*secret.initiator_spi));
        all.push_back(std::move(one));
    }
}

/// Are all encrypted messages those of IKEv1, whose keys depend on the pre-shared key, too?
bool Core::only_ikev1() const {
    return !has_encrypted(*this, Version::v2);
}

/// Does a log say that an end of one of the SAs here checked AUTH with this key?
bool Core::checked_with(const Secret& psk) const {
    return std::ranges::any_of(store.psk_uses, [&](const secrets::PskUse& use) {
        return use.key == psk && table.find(Version::v2, use.initiator_spi) != Track::none;
    });
}

/// Keys that opened something, while another one of the set or the name of the algorithm cannot be right.
void Core::half_used(std::size_t index, std::vector<UnusableSecret>& all) const {
    const auto& key = store.ikev2_keys[index];
    const auto named = key.any_sa ? Track::none : table.find(Version::v2, key.initiator_spi, key.responder_spi);
    if (named == Track::none) return;
    const auto suite = ikev2::computable(tracks[named].suite);
    UnusableSecret one{Kind::ikev2_key, Reason::wrong_length, index, key.origin, 0, 0, true};
    if (suite && (judge_algorithm(key, tracks[named], one) || judge_lengths(key, tracks[named], *suite, one) ||
                  judge_halves(key, *suite, one) || judge_directions(key, tracks[named], one)))
        all.push_back(std::move(one));
}

void Core::unusable_finished(std::vector<UnusableSecret>& all) const {
    const auto& tally = opener.tally();
    for (std::size_t i = 0; i < store.ikev1_keys.size(); ++i) {
        const auto& key = store.ikev1_keys[i];
        if (tally.key_used[i] || not_needed(key, tally.key_tried[i])) continue;
        UnusableSecret one{Kind::ikev1_key,
                           tally.key_tried[i] ? Reason::opens_nothing : Reason::nothing_to_try,
                           i,
                           key.origin,
                           key.value.size(),
                           0};
        const auto named = key.any_sa ? Track::none : table.find(Version::v1, key.initiator_cookie);
        if (!key.any_sa && named == Track::none)
            blame(one, Reason::unknown_cookie, hex(key.initiator_cookie));
        else if (key.any_sa && tally.key_wanted[i] != 0)
            blame_length(one, key.value.size(), tally.key_wanted[i], {});
        else if (!key.any_sa)
            judge_ikev1(*this, key, tracks[named], one);
        all.push_back(std::move(one));
    }
    for (std::size_t i = 0; i < store.ikev2_keys.size(); ++i) {
        const auto& key = store.ikev2_keys[i];
        if (tally.key2_used[i]) {
            half_used(i, all);
            continue;
        }
        if (not_needed(key, tally.key2_tried[i])) continue;
        UnusableSecret one{
            Kind::ikev2_key, tally.key2_tried[i] ? Reason::opens_nothing : Reason::nothing_to_try, i, key.origin, 0, 0};
        const auto named = key.any_sa ? Track::none : table.find(Version::v2, key.initiator_spi, key.responder_spi);
        if (!key.any_sa && named == Track::none)
            blame(one, Reason::unknown_cookie, spi_words(table, key));
        else if (const bool other_opened = !key.any_sa && tracks[named].ikev2 && tracks[named].ikev2->keys; tally.key2_garbage[i] && !other_opened)
            one.reason = Reason::opens_garbage;
        else if (!key.any_sa)
            judge_ikev2(key, tracks[named], one);
        all.push_back(std::move(one));
    }
}

void Core::unusable_esp(std::vector<UnusableSecret>& all) const {
    const auto& tally = opener.tally();
    const auto spis = seen_esp(*this);
    for (std::size_t i = 0; i < store.esp_keys.size(); ++i) {
        const auto& key = store.esp_keys[i];
        if (tally.esp_used[i] || (!key.spi && !tally.esp_tried[i])) continue;
        const auto seen = key.spi ? spis.find(*key.spi) : spis.end();
        if (seen != spis.end() && same_keys(key, seen->second)) continue;
        UnusableSecret one{Kind::esp_key,
                           tally.esp_tried[i] ? Reason::opens_nothing : Reason::nothing_to_try,
                           i,
                           key.origin,
                           key.encryption_key.size(),
                           0};
        if (const auto wrong = misfit(key); !wrong.why.empty() && wrong.wanted == 0)
            blame(one, Reason::cannot_compute, wrong.why);
        else if (!wrong.why.empty())
            blame_length(one, wrong.size, wrong.wanted, wrong.why);
        else if (seen != spis.end() && !seen->second.whose.empty())
            blame(one, Reason::second_for_sa, seen->second.whose);
        else if (tally.esp_tried[i] && cannot_be_checked(key))
            one.reason = Reason::unverifiable;
        else if (!tally.esp_tried[i] && key.spi && seen == spis.end())
            blame(one, Reason::unknown_cookie, fmt::format("{:08x}", *key.spi));
        all.push_back(std::move(one));
    }
}

std::vector<UnusableSecret> Core::unusable() const {
    std::vector<UnusableSecret> all;
    const auto& tally = opener.tally();
    const bool dh_known = std::ranges::find(tally.dh_used, true) != tally.dh_used.end();
    const bool ppk_lacking = !store.psks.empty() && lacks_ppk(*this), ppk_alone = !store.ikev2_extras.empty() && ppk_needs_psk(*this);
    for (std::size_t i = 0; i < store.psks.size(); ++i)
        if (!used(store.psks, tally.psk_used, store.psks[i].key,
                  [](const auto& psk) -> const Secret& { return psk.key; }) &&
            !checked_with(store.psks[i].key))
            all.push_back({Kind::psk, why_psk(totals, tally.psk_tried[i], ppk_lacking, dh_known), i, store.psks[i].origin,
                           store.psks[i].key.size(), 0});
    unusable_dh(all);
    unusable_finished(all);
    unusable_esp(all);
    const bool maybe_additional = esp.awaiting_additional();
    for (std::size_t i = 0; i < store.ikev2_extras.size(); ++i) {
        const auto& extra = store.ikev2_extras[i];
        if (maybe_additional && extra.form == Ikev2Extra::Form::additional) continue;
        if (tally.extra_used[i]) continue;
        const auto reason = !tally.extra_tried[i]                                        ? Reason::nothing_to_try
                            : extra.form == Ikev2Extra::Form::ppk && ppk_alone ? Reason::needs_psk
                                                                                          : Reason::opens_nothing;
        all.push_back({kind_of(extra.form), reason, i, extra.origin, extra.value.size(), 0});
    }
    for (std::size_t i = 0; i < store.private_keys.size(); ++i)
        if (!tally.private_used[i])
            all.push_back({Kind::private_key, tally.private_tried[i] ? Reason::opens_nothing : Reason::nothing_to_try,
                           i, store.private_keys[i].origin, 0, 0});
    // That a log's key waits for a secret that the same log has is no reason; why that one does not fit is.
    std::erase_if(all, [](const UnusableSecret& one) { return one.reason == Reason::dh_secret_missing && !one.origin.log.empty(); });
    std::set<std::string> useful_logs;
    add_logs(store.psks, tally.psk_used, useful_logs);
    add_logs(store.dh, tally.dh_used, useful_logs);
    add_logs(store.ikev1_keys, tally.key_used, useful_logs);
    add_logs(store.ikev2_keys, tally.key2_used, useful_logs);
    add_logs(store.esp_keys, tally.esp_used, useful_logs);
    thin_out(all, std::move(useful_logs));
    return all;
}

} // namespace ikescope::session
