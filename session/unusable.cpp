// Which of the user's secrets opened nothing, and why.

#include "session/core.hpp"

namespace ikescope::session {
namespace {

using Kind = UnusableSecret::Kind;
using Reason = UnusableSecret::Reason;

/// The same value under another origin did open something: the secret is good, its copy was not needed.
template <class Secrets, class Value>
bool used(const Secrets& all, const std::vector<bool>& used_ones, const Secret& value, Value value_of) {
    for (std::size_t i = 0; i < all.size(); ++i)
        if (used_ones[i] && value_of(all[i]) == value) return true;
    return false;
}

/// Keys without the name of an SA come out of logs, which print several for each: those not needed are no news.
bool not_needed(const secrets::Ikev1Key& key, bool tried) { return key.any_sa && !tried; }

Reason why_psk(const Sessions::Totals& totals, bool tried, bool dh_known) {
    if (totals.encrypted == 0) return Reason::nothing_to_try;
    if (tried) return Reason::opens_nothing;
    return dh_known ? Reason::nothing_to_try : Reason::dh_secret_missing;
}

} // namespace

std::vector<UnusableSecret> Core::unusable() const {
    std::vector<UnusableSecret> all;
    const auto& tally = opener.tally();
    const bool dh_known = std::ranges::find(tally.dh_used, true) != tally.dh_used.end();
    for (std::size_t i = 0; i < store.psks.size(); ++i)
        if (!used(store.psks, tally.psk_used, store.psks[i].key, [](const auto& psk) -> const Secret& { return psk.key; }))
            all.push_back({Kind::psk, why_psk(totals, tally.psk_tried[i], dh_known), i, store.psks[i].origin, store.psks[i].key.size(), 0});
    for (std::size_t i = 0; i < store.dh.size(); ++i) {
        if (used(store.dh, tally.dh_used, store.dh[i].value, [](const auto& dh) -> const Secret& { return dh.value; })) continue;
        const auto& secret = store.dh[i];
        const auto& fate = opener.dh().fates()[i];
        UnusableSecret one{secret.form == secrets::DhSecret::Form::shared ? Kind::dh_shared : Kind::dh_private,
                           Reason::nothing_to_try, i, secret.origin, secret.value.size(), 0};
        if (fate.group_seen && one.kind == Kind::dh_private) one.reason = Reason::matches_no_ke;
        else if (fate.group_seen) one.reason = fate.length_fits ? Reason::opens_nothing : Reason::wrong_length;
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
        if (!key.any_sa && table.find(Version::v1, key.initiator_cookie) == Track::none) one.reason = Reason::unknown_cookie;
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
        if (!key.any_sa && table.find(Version::v2, key.initiator_spi, key.responder_spi) == Track::none) one.reason = Reason::unknown_cookie;
        else if (tally.key2_tried[i]) one.reason = Reason::opens_nothing;
        all.push_back(std::move(one));
    }
    return all;
}

} // namespace ikescope::session
