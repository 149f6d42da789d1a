#include "ios/predict.hpp"

#include "ios/decision.hpp"
#include "ios/reader.hpp"

#include <algorithm>

namespace ikescope::ios {

std::string_view outcome_name(Outcome outcome) {
    switch (outcome) {
    case Outcome::up: return "up";
    case Outcome::phase1_failed: return "phase1-failed";
    case Outcome::phase2_failed: return "phase2-failed";
    case Outcome::unpredictable: return "unpredictable";
    }
    return {};
}

Prediction predict(const Router& initiator, const Router& responder) {
    auto way = way_between(initiator, responder);
    return way.asking.ikev2() ? predict_ikev2(initiator, responder, std::move(way)) : predict_ikev1(initiator, responder, std::move(way));
}

namespace {

bool works(const Prediction& prediction) { return prediction.outcome == Outcome::up; }

std::string one_way_sentence(const Prediction& forth, const Prediction& back) {
    if (works(forth) == works(back)) return {};
    const auto& good = works(forth) ? forth : back;
    const auto& bad = works(forth) ? back : forth;
    if (bad.outcome == Outcome::unpredictable) return {};
    return "The tunnel comes up only when " + good.initiator + " starts it; when " + bad.initiator + " starts, it fails (" + bad.finding + " on " +
           bad.failing_router + ").";
}

} // namespace

BothDirections predict_directions(const Router& first, const Router& second) {
    BothDirections out;
    out.directions = {predict(first, second), predict(second, first)};
    out.one_way = one_way_sentence(out.directions[0], out.directions[1]);
    if (!out.one_way.empty())
        for (auto& direction : out.directions)
            if (!works(direction)) direction.causes.emplace_back("one-way-tunnel");
    return out;
}

PairPrediction predict_pair(Router first, Router second) {
    repair_masks(first, second);
    repair_masks(second, first);
    PairPrediction out;
    static_cast<BothDirections&>(out) = predict_directions(first, second);
    for (const auto* router : {&first, &second})
        for (auto& remark : lint(*router)) out.lint.emplace_back(router->name, std::move(remark));
    if (!std::ranges::all_of(out.directions, works)) out.proposal = propose(first, second, out.directions);
    return out;
}

} // namespace ikescope::ios
