#pragma once
// Which of the results of additional key exchanges that were given belong to a CREATE_CHILD_SA, and in which order:
// they name no exchange, so every choice is tried. RFC 9370 2.2.4.

#include "dissect/ikev2.hpp"
#include "secrets/store.hpp"

#include <algorithm>
#include <span>

namespace ikescope::session::ikev2 {

/// How many additional key exchanges the chosen proposal has: ADDKE1 to ADDKE7, NONE left out.
inline std::size_t additional_exchanges(const dissect::ikev2::Proposal& chosen) {
    namespace type = dissect::ikev2::transform;
    return static_cast<std::size_t>(std::ranges::count_if(chosen.transforms, [](const auto& transform) {
        return transform.type >= type::addke1 && transform.type <= type::addke7 && transform.id != 0;
    }));
}

/// The given results that may belong to the SA, by their places in the store.
inline std::vector<std::size_t> additional_candidates(const secrets::Store& store, Bytes initiator_spi) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < store.ikev2_extras.size(); ++i) {
        const auto& extra = store.ikev2_extras[i];
        const bool named = extra.initiator_spi.has_value();
        if (extra.form == secrets::Ikev2Extra::Form::additional &&
            (!named || std::ranges::equal(*extra.initiator_spi, initiator_spi)))
            places.push_back(i);
    }
    return places;
}

/// Calls `visit(secrets, places)` with every ordered choice of `count` of them until it returns true; with one empty
/// choice when `count` is 0. Many thousand choices end it.
template <class Visit>
bool each_choice(const secrets::Store& store, std::size_t count, Bytes initiator_spi, Visit visit) {
    constexpr std::size_t most = 20'000;
    std::vector<std::size_t> candidates;
    if (count > 0) candidates = additional_candidates(store, initiator_spi);
    std::vector<Secret> values;
    std::vector<std::size_t> places;
    std::size_t choices = 0;
    const auto choose = [&](const auto& self) -> bool {
        if (places.size() == count)
            return ++choices <= most && visit(std::span<const Secret>(values), std::span<const std::size_t>(places));
        for (const auto place : candidates) {
            if (choices > most) return false;
            if (std::ranges::find(places, place) != places.end()) continue;
            places.push_back(place);
            values.push_back(store.ikev2_extras[place].value);
            if (self(self)) return true;
            places.pop_back();
            values.pop_back();
        }
        return false;
    };
    return choose(choose);
}

} // namespace ikescope::session::ikev2
