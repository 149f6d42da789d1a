// Which of the user's secrets opened nothing, and why.

#include "session/core.hpp"
#include "session/esp_given.hpp"
#include "session/ikev1_suite.hpp"
#include "session/ikev2_suite.hpp"

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

Reason why_psk(const Sessions::Totals& totals, bool tried, bool dh_known) {
    if (totals.encrypted == 0) return Reason::nothing_to_try;
    if (tried) return Reason::opens_nothing;
    return dh_known ? Reason::nothing_to_try : Reason::dh_secret_missing;
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
void judge_ikev1(const secrets::Store& store, const secrets::Ikev1Key& key, const Track& track, UnusableSecret& one) {
    const auto* material = track.ikev1.get();
    if (!track.has_ke[0] || !track.has_ke[1]) return blame(one, Reason::ke_missing, "KE");
    if (track.suite.known && !ikev1::computable(track.suite)) return blame(one, Reason::cannot_compute);
    if (!material || !material->suite) return;
    const bool ka = key.form == secrets::Ikev1Key::Form::ka;
    const auto wanted = ka ? material->suite->key_bytes : crypto::digest_size(material->suite->hash);
    if (key.value.size() != wanted)
        return blame_length(one, key.value.size(), wanted,
                            ka ? cipher_words(*material->suite)
                               : std::string(crypto::hash_name(material->suite->hash)));
    for (const auto& side : material->side)
        if (side.source.kind == KeySource::Kind::finished || side.source.kind == KeySource::Kind::skeyid)
            return blame(one, Reason::second_for_sa, store.ikev1_keys[side.source.index].origin.text);
    if (material->side[0].known() || material->side[1].known())
        blame(one, Reason::second_for_sa, "the Diffie-Hellman secret");
}

std::string transform_words(std::uint16_t number, std::uint16_t bits) {
    const auto* row = crypto::find_encryption(number);
    const auto name = row ? std::string(row->name) : fmt::format("encryption transform {}", number);
    return bits == 0 ? name : fmt::format("{} with {} bit keys", name, bits);
}

/// Finished IKEv2 keys that name this SA.
void judge_ikev2(const secrets::Ikev2Key& key, const Track& track, UnusableSecret& one) {
    if (!track.suite.known) {
        if (key.encryption == 0) blame(one, Reason::ke_missing, "IKE_SA_INIT");
        return;
    }
    const auto suite = ikev2::computable(track.suite);
    if (!suite)
        return blame(one, Reason::cannot_compute, transform_words(track.suite.encryption, track.suite.key_bits));
    if (key.encryption != 0 &&
        (key.encryption != track.suite.encryption ||
         (key.key_bits != 0 && track.suite.key_bits != 0 && key.key_bits != track.suite.key_bits)))
        return blame(one, Reason::wrong_algorithm,
                     fmt::format("it says {}, the SA uses {}", transform_words(key.encryption, key.key_bits),
                                 transform_words(track.suite.encryption, track.suite.key_bits)));
    const auto sizes = suite->sizes();
    const std::tuple<std::string_view, const Secret*, std::size_t> parts[] = {{"SK_ei", &key.ei, sizes.encryption},
                                                                              {"SK_er", &key.er, sizes.encryption},
                                                                              {"SK_ai", &key.ai, sizes.integrity},
                                                                              {"SK_ar", &key.ar, sizes.integrity}};
    for (const auto& [name, value, wanted] : parts)
        if (value->size() != wanted && !value->empty())
            return blame_length(
                one, value->size(), wanted,
                fmt::format("{} of {}", name, transform_words(track.suite.encryption, track.suite.key_bits)));
    if (track.ikev2 && track.ikev2->keys) {
        const auto* rich = track.rich_part.get();
        blame(one, Reason::second_for_sa,
              rich && !rich->keys_words.empty() ? rich->keys_words : "the Diffie-Hellman secret");
    }
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

} // namespace

void Core::unusable_dh(std::vector<UnusableSecret>& all) const {
    const auto& tally = opener.tally();
    for (std::size_t i = 0; i < store.dh.size(); ++i) {
        if (used(store.dh, tally.dh_used, store.dh[i].value, [](const auto& dh) -> const Secret& { return dh.value; }))
            continue;
        const auto& secret = store.dh[i];
        const auto& fate = opener.dh().fates()[i];
        UnusableSecret one{secret.form == secrets::DhSecret::Form::shared ? Kind::dh_shared : Kind::dh_private,
                           Reason::nothing_to_try,
                           i,
                           secret.origin,
                           secret.value.size(),
                           0};
        if (fate.group_seen && one.kind == Kind::dh_private)
            one.reason = Reason::matches_no_ke;
        else if (fate.group_seen)
            one.reason = fate.length_fits ? Reason::opens_nothing : Reason::wrong_length;
        else if (totals.encrypted > 0)
            blame(one, Reason::ke_missing, "KE");
        if (one.reason == Reason::wrong_length) one.wanted = fate.wanted;
        if (secret.initiator_spi && table.find(Version::v1, *secret.initiator_spi) == Track::none &&
            table.find(Version::v2, *secret.initiator_spi) == Track::none)
            blame(one, Reason::unknown_cookie, hex(*secret.initiator_spi));
        all.push_back(std::move(one));
    }
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
            judge_ikev1(store, key, tracks[named], one);
        all.push_back(std::move(one));
    }
    for (std::size_t i = 0; i < store.ikev2_keys.size(); ++i) {
        const auto& key = store.ikev2_keys[i];
        if (tally.key2_used[i] || not_needed(key, tally.key2_tried[i])) continue;
        UnusableSecret one{
            Kind::ikev2_key, tally.key2_tried[i] ? Reason::opens_nothing : Reason::nothing_to_try, i, key.origin, 0, 0};
        const auto named = key.any_sa ? Track::none : table.find(Version::v2, key.initiator_spi, key.responder_spi);
        if (!key.any_sa && named == Track::none)
            blame(one, Reason::unknown_cookie, hex(key.initiator_spi));
        else if (!key.any_sa)
            judge_ikev2(key, tracks[named], one);
        all.push_back(std::move(one));
    }
}

void Core::unusable_esp(std::vector<UnusableSecret>& all) const {
    const auto& tally = opener.tally();
    for (std::size_t i = 0; i < store.esp_keys.size(); ++i) {
        const auto& key = store.esp_keys[i];
        if (tally.esp_used[i] || (!key.spi && !tally.esp_tried[i])) continue;
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
        else if (!tally.esp_tried[i] && key.spi)
            blame(one, Reason::unknown_cookie, fmt::format("{:08x}", *key.spi));
        all.push_back(std::move(one));
    }
}

std::vector<UnusableSecret> Core::unusable() const {
    std::vector<UnusableSecret> all;
    const auto& tally = opener.tally();
    const bool dh_known = std::ranges::find(tally.dh_used, true) != tally.dh_used.end();
    for (std::size_t i = 0; i < store.psks.size(); ++i)
        if (!used(store.psks, tally.psk_used, store.psks[i].key,
                  [](const auto& psk) -> const Secret& { return psk.key; }))
            all.push_back({Kind::psk, why_psk(totals, tally.psk_tried[i], dh_known), i, store.psks[i].origin,
                           store.psks[i].key.size(), 0});
    unusable_dh(all);
    unusable_finished(all);
    unusable_esp(all);
    for (std::size_t i = 0; i < store.ikev2_extras.size(); ++i) {
        const auto& extra = store.ikev2_extras[i];
        if (!tally.extra_used[i])
            all.push_back({kind_of(extra.form), tally.extra_tried[i] ? Reason::opens_nothing : Reason::nothing_to_try,
                           i, extra.origin, extra.value.size(), 0});
    }
    for (std::size_t i = 0; i < store.private_keys.size(); ++i)
        if (!tally.private_used[i])
            all.push_back({Kind::private_key, tally.private_tried[i] ? Reason::opens_nothing : Reason::nothing_to_try,
                           i, store.private_keys[i].origin, 0, 0});
    return all;
}

} // namespace ikescope::session
