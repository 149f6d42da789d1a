#include "replay/ikev1_plain_policy.hpp"

#include "dissect/ikev1.hpp"
#include "dissect/numbers_ikev1.hpp"

#include <algorithm>

namespace ikescope::replay::ikev1 {
namespace {

/// Lifetimes may differ: the shorter one is kept (RFC 2407 4.5.4).
bool same_algorithms(const session::Suite& a, const session::Suite& b) {
    return a.encryption == b.encryption && a.key_bits == b.key_bits && a.hash == b.hash && a.group == b.group &&
           a.authentication == b.authentication;
}
bool same_algorithms(EspOffer a, const EspOffer& b) {
    a.life_seconds = b.life_seconds;
    a.life_kilobytes = b.life_kilobytes;
    return a == b;
}

bool inside(const ios::Selector& small, const ios::Selector& big) {
    return big.prefix.length <= small.prefix.length && big.prefix.contains(small.prefix.address);
}

} // namespace

std::optional<std::size_t> PlainPolicy::choose(const std::vector<session::Offer>& offers, const ios::Identity*) {
    for (std::size_t i = 0; i < offers.size(); ++i)
        for (const auto& own : settings_.suites)
            if (same_algorithms(offers[i].suite, own)) return i;
    return std::nullopt;
}

bool PlainPolicy::accepts(const ios::Identity& peer) {
    return !settings_.peer || (settings_.peer->type == peer.type && settings_.peer->text == peer.text);
}

QuickAnswer PlainPolicy::answer(const QuickRequest& asked) {
    if (!inside(asked.local, settings_.remote) || !inside(asked.remote, settings_.local))
        return {std::nullopt, dissect::ikev1::notify::invalid_id_information,
                "the peer asks for other traffic than is to be protected"};
    for (std::size_t i = 0; i < asked.offers.size(); ++i)
        for (const auto& own : settings_.esp)
            if (same_algorithms(asked.offers[i], own)) return {i, 0, {}};
    return {std::nullopt, dissect::ikev1::notify::no_proposal_chosen, "none of the peer's ESP proposals is acceptable"};
}

} // namespace ikescope::replay::ikev1
