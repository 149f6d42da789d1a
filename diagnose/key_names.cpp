#include "diagnose/diagnose.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose {

namespace {

/// "keyring2 of R1", as ios::candidate_keys() calls it.
std::string origin_of(const ios::Router& router, const ios::KeyChoice& choice) {
    return fmt::format("{} of {}", choice.keyring_name(), router.name);
}

/// The keyring that side's rules pick by the addresses.
std::string expected_origin(const Case& at, Side side) {
    const auto* router = at.at(side);
    if (side == Side::initiator) {
        const auto choice = configured_initiator_key(at);
        return choice ? origin_of(*router, *choice) : std::string();
    }
    const auto choice = configured_responder_key(at);
    return choice && *choice ? origin_of(*router, *choice) : std::string();
}

} // namespace

void name_keys(session::Sa& sa, const Material& material) {
    const Case at(sa, material);
    for (const auto side : {Side::initiator, Side::responder}) {
        const auto index = static_cast<std::size_t>(side);
        const auto& key = sa.keys.psk_index[index];
        const auto* router = at.at(side);
        if (!key || !router || *key >= material.key_names.size()) continue;
        const auto& names = material.key_names[*key];
        auto best = std::ranges::find(names, expected_origin(at, side));
        if (best == names.end())
            best = std::ranges::find_if(names, [&](const auto& name) { return name.ends_with(" of " + router->name); });
        if (best != names.end()) sa.keys.psk[index] = *best;
    }
}

} // namespace ikescope::diagnose
