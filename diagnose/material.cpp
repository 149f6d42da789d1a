#include "diagnose/material.hpp"

#include <fmt/format.h>

namespace ikescope::diagnose {

using session::Side;

KeyOracle oracle_of(const session::Sessions& sessions) {
    return {[&sessions](const session::Sa& sa, Bytes psk) { return sessions.first_failed_check(sa, psk); },
            [&sessions](const session::Sa& sa, Side side, Bytes psk) { return sessions.try_psk(sa, side, psk); }};
}

Case::Case(const session::Sa& which, const Material& what) : sa(which), material(what) {
    for (const auto side : {Side::initiator, Side::responder})
        for (const auto& candidate : material.routers)
            if (candidate.has_address(endpoint(side).address)) {
                router[static_cast<std::size_t>(side)] = &candidate;
                break;
            }
}

std::string Case::name(Side side) const {
    if (const auto* known = at(side)) return known->name;
    return fmt::format("the {} ({})", session::side_name(side), endpoint(side).address.text());
}

std::string Case::role(Side side) const {
    return at(side) ? at(side)->name : fmt::format("the {}", session::side_name(side));
}

std::string Case::Name(Side side) const {
    auto text = name(side);
    if (!at(side)) text[0] = 'T';
    return text;
}

ios::Ends Case::ends(Side side) const {
    return ios::ends_of(*at(side), endpoint(side).address, endpoint(other(side)).address);
}

session::Proof Case::try_psk(Side side, Bytes psk) const {
    return material.keys.try_psk ? material.keys.try_psk(sa, side, psk) : session::Proof::unknown;
}

std::optional<session::SanityCheck> Case::first_failed_check(Bytes psk) const {
    if (!material.keys.first_failed_check) return std::nullopt;
    return material.keys.first_failed_check(sa, psk);
}

} // namespace ikescope::diagnose
