// Which of the user's secrets opened nothing, and why.

#include "session/core.hpp"

#include <algorithm>
#include <set>

namespace ikescope::session {
namespace {

using Kind = UnusableSecret::Kind;
using Reason = UnusableSecret::Reason;

std::vector<std::size_t> places_of(const std::vector<bool>& used) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < used.size(); ++i)
        if (used[i]) places.push_back(i);
    return places;
}

/// The same value under another origin did open something: the secret is good, its copy was not needed.
template <class Secrets, class Value>
bool used(const Secrets& all, const std::vector<std::size_t>& used_ones, const Secret& value, Value value_of) {
    return std::ranges::any_of(used_ones, [&](std::size_t i) { return value_of(all[i]) == value; });
}

/// Keys without the name of an SA come out of logs, which print several for each: those not needed are no news.
bool not_needed(const secrets::Ikev1Key& key, bool tried) { return key.any_sa && !tried; }

Reason why_psk(const Sessions::Totals& totals, bool tried, bool dh_known) {
    if (totals.encrypted == 0) return Reason::nothing_to_try;
    if (tried) return Reason::opens_nothing;
    return dh_known ? Reason::nothing_to_try : Reason::dh_secret_missing;
}

/// Logs hold the secrets of everything that happened: where some of a log were of use, the others are no news, and
/// where none was, one of them says it for all.
void thin_out(std::vector<UnusableSecret>& all, std::set<std::string> told) {
    std::erase_if(
        all, [&](const UnusableSecret& one) { return !one.origin.log.empty() && !told.insert(one.origin.log).second; });
}

template <class Secrets>
void add_logs(const Secrets& all, const std::vector<bool>& used, std::set<std::string>& logs) {
    for (const auto i : places_of(used))
        if (!all[i].origin.log.empty()) logs.insert(all[i].origin.log);
}

} // namespace

std::vector<UnusableSecret> Core::unusable() const {
    std::vector<UnusableSecret> all;
    const auto& tally = opener.tally();
    const bool dh_known = std::ranges::find(tally.dh_used, true) != tally.dh_used.end();
    const auto psks_used = places_of(tally.psk_used), dh_used = places_of(tally.dh_used);
    for (std::size_t i = 0; i < store.psks.size(); ++i)
        if (!used(store.psks, psks_used, store.psks[i].key, [](const auto& psk) -> const Secret& { return psk.key; }))
            all.push_back({Kind::psk, why_psk(totals, tally.psk_tried[i], dh_known), i, store.psks[i].origin,
                           store.psks[i].key.size(), 0});
    for (std::size_t i = 0; i < store.dh.size(); ++i) {
        if (used(store.dh, dh_used, store.dh[i].value, [](const auto& dh) -> const Secret& { return dh.value; }))
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
        if (one.reason == Reason::wrong_length) one.wanted = fate.wanted;
        if (secret.initiator_spi && table.find(Version::v1, *secret.initiator_spi) == Track::none &&
            table.find(Version::v2, *secret.initiator_spi) == Track::none)
            one.reason = Reason::unknown_cookie;
        all.push_back(std::move(one));
    }
    for (std::size_t i = 0; i < store.ikev1_keys.size(); ++i) {
        const auto& key = store.ikev1_keys[i];
        if (tally.key_used[i] || not_needed(key, tally.key_tried[i])) continue;
        UnusableSecret one{Kind::ikev1_key, Reason::nothing_to_try, i, key.origin, key.value.size(), 0};
        if (!key.any_sa && table.find(Version::v1, key.initiator_cookie) == Track::none)
            one.reason = Reason::unknown_cookie;
        else if (tally.key_wanted[i] != 0) {
            one.reason = Reason::wrong_length;
            one.wanted = tally.key_wanted[i];
        } else if (tally.key_tried[i]) {
            one.reason = Reason::opens_nothing;
        }
        all.push_back(std::move(one));
    }
    for (std::size_t i = 0; i < store.ikev2_keys.size(); ++i) {
        const auto& key = store.ikev2_keys[i];
        if (tally.key2_used[i] || (key.any_sa && !tally.key2_tried[i])) continue;
        UnusableSecret one{Kind::ikev2_key, Reason::nothing_to_try, i, key.origin, 0, 0};
        if (!key.any_sa && table.find(Version::v2, key.initiator_spi, key.responder_spi) == Track::none)
            one.reason = Reason::unknown_cookie;
        else if (tally.key2_tried[i])
            one.reason = Reason::opens_nothing;
        all.push_back(std::move(one));
    }
    std::set<std::string> useful_logs;
    add_logs(store.psks, tally.psk_used, useful_logs);
    add_logs(store.dh, tally.dh_used, useful_logs);
    add_logs(store.ikev1_keys, tally.key_used, useful_logs);
    add_logs(store.ikev2_keys, tally.key2_used, useful_logs);
    thin_out(all, std::move(useful_logs));
    return all;
}

} // namespace ikescope::session
