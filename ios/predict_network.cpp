// More than two routers, or only one: every pair that reaches each other, or what one configuration says alone.

#include "ios/decision.hpp"
#include "ios/ikev2_selection.hpp"
#include "ios/reader.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::ios {
namespace {

bool reaches(const Router& from, const Router& to) {
    return std::ranges::any_of(paths_of(from),
                               [&](const Path& path) { return !path.any_peer && to.has_address(path.ends.peer); });
}

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
Pairs pairs_of(const std::vector<Router>& routers) {
    Pairs out;
    for (std::size_t i = 0; i < routers.size(); ++i)
        for (std::size_t j = i + 1; j < routers.size(); ++j)
            if (routers.size() == 2 || reaches(routers[i], routers[j]) || reaches(routers[j], routers[i]))
                out.emplace_back(i, j);
    return out;
}

void repair_all(std::vector<Router>& routers) {
    for (auto& router : routers)
        for (const auto& other : routers)
            if (&other != &router) repair_masks(router, other);
}

void apply(const Change& change, std::vector<Router>& routers) {
    for (auto& router : routers) {
        if (router.name != change.router) continue;
        auto again = read_config(change.after, router.name);
        again.name = router.name;
        again.given_addresses = router.given_addresses;
        router = std::move(again);
    }
    repair_all(routers);
}

std::string text_of(const Router& router) {
    std::string out;
    for (const auto& line : router.lines) out += line + "\n";
    return out;
}

// One proposal out of those of all pairs: each pair starts from what the pairs before it changed.
std::optional<Proposal> propose_all(const std::vector<Router>& routers, const Pairs& pairs) {
    auto now = routers;
    Proposal out;
    for (const auto& [i, j] : pairs) {
        const std::vector<Prediction> directions{predict(now[i], now[j]), predict(now[j], now[i])};
        const auto works = [](const Prediction& one) { return one.outcome == Outcome::up; };
        if (std::ranges::all_of(directions, works)) continue;
        const auto proposal = propose(now[i], now[j], directions);
        if (!proposal) continue;
        out.sentence += (out.sentence.empty() ? "" : " ") + proposal->sentence;
        for (const auto& change : proposal->changes) apply(change, now);
    }
    if (out.sentence.empty()) return std::nullopt;
    for (std::size_t i = 0; i < routers.size(); ++i)
        if (routers[i].lines != now[i].lines)
            out.changes.push_back({routers[i].name, text_of(routers[i]), text_of(now[i])});
    for (const auto& [i, j] : pairs) {
        out.directions.push_back(predict(now[i], now[j]));
        out.directions.push_back(predict(now[j], now[i]));
    }
    return out;
}

Outlook ikev2_outlook(const Router& router, const Path& path, Outlook out) {
    const auto* profile = router.find_ikev2_profile(path.terms.ikev2_profile);
    const auto key = ikev2_key_for(router, profile, path.ends, Identity::of(path.ends.peer));
    out.initiator_profile = path.terms.ikev2_profile;
    out.initiator_keyring = key.keyring ? key.keyring->name : std::string();
    out.initiator_rule = key.rule;
    out.responder_profile = ikev2_profile_by_identity(router, Identity::of(path.ends.peer), path.ends).name();
    out.sentence = "IKEv2: the peer's ID selects the profile before any key is needed";
    return out;
}

std::string sentence_of(const Router& router, const KeyChoice& own, const KeyChoice& picked,
                        const ProfileChoice& selected, const KeyringCheck& check, const Path& path) {
    if (!own && !picked)
        return fmt::format("{} has no key for {}: nothing is sent, nothing is answered", router.name,
                           path.ends.peer.text());
    if (!picked) return fmt::format("{} can start but has no key to answer with", router.name);
    if (!check.passed)
        return fmt::format("{} can start, but as responder it aborts after MM5: {}", router.name, check.rule);
    const auto& bound = path.terms.isakmp_profile;
    if (!bound.empty() && bound != selected.name())
        return fmt::format(
            "an SA that {} starts ends in {}, but {} takes only SAs of profile {}: Quick Mode is refused",
            path.ends.peer.text(), selected ? "profile " + selected.name() : "no profile", path.name, bound);
    return "starts and answers with the same keyring, if the peer has the same key and sends its address as ID";
}

} // namespace

NetworkPrediction predict_all(std::vector<Router> routers) {
    repair_all(routers);
    NetworkPrediction out;
    const auto pairs = pairs_of(routers);
    for (const auto& [i, j] : pairs) {
        auto both = predict_directions(routers[i], routers[j]);
        if (!both.one_way.empty()) out.one_way.push_back(std::move(both.one_way));
        for (auto& direction : both.directions) out.directions.push_back(std::move(direction));
    }
    for (const auto& router : routers)
        for (auto& remark : lint(router)) out.lint.emplace_back(router.name, std::move(remark));
    out.proposal = propose_all(routers, pairs);
    return out;
}

std::vector<Outlook> outlook(const Router& router) {
    std::vector<Outlook> out;
    for (const auto& path : paths_of(router)) {
        Outlook one{router.name,
                    path.name,
                    path.any_peer ? "" : path.ends.peer.text(),
                    path.line.number,
                    {},
                    {},
                    {},
                    {},
                    {},
                    {},
                    true,
                    {}};
        if (path.any_peer) {
            one.sentence = "answers any peer and never starts; what it picks depends on who comes";
            out.push_back(std::move(one));
            continue;
        }
        if (path.ikev2()) {
            out.push_back(ikev2_outlook(router, path, std::move(one)));
            continue;
        }
        const auto own = ikev1_initiator_key(router, path), picked = ikev1_key_by_address(router, path.ends);
        const auto selected = ikev1_profile_by_identity(router, Identity::of(path.ends.peer), path.ends.vrf);
        one.initiator_profile = ikev1_initiator_profile(router, path).name();
        one.initiator_keyring = own.keyring_name();
        one.initiator_rule = rule_text(own.rule);
        one.responder_keyring = picked.keyring_name();
        one.responder_rule = rule_text(picked.rule);
        one.responder_profile = selected.name();
        one.supported = picked.supported && selected.supported;
        const auto check = ikev1_check_keyring(router, picked, selected.profile, path.ends);
        one.sentence = sentence_of(router, own, picked, selected, check, path);
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace ikescope::ios
