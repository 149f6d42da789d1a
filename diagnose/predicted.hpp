#pragma once
// What the configurations predict for an SA, held against what its packets show, message by message.

#include "diagnose/material.hpp"
#include "ios/predict.hpp"

#include <map>

namespace ikescope::diagnose {

enum class Agreement : std::uint8_t { agrees, differs, unknown };
std::string_view agreement_name(Agreement agreement);

struct ComparedStep {
    std::string message;   ///< MM1 …
    std::string router;    ///< who sends it
    std::string predicted; ///< what both routers do with it
    std::string observed;  ///< "frame 5, opens with keyring1 of R2"; "not in the capture"
    std::optional<std::uint64_t> frame;
    Agreement agreement = Agreement::unknown;
};

/// Predictions by initiator and responder, made once each. The routers must outlive it.
class Predictions {
public:
    const ios::Prediction& of(const ios::Router& initiator, const ios::Router& responder);

private:
    std::map<std::pair<const ios::Router*, const ios::Router*>, ios::Prediction> made_;
};

struct Compared {
    const ios::Prediction* prediction = nullptr; ///< owned by the Predictions
    std::vector<ComparedStep> steps;
    Agreement agreement = Agreement::unknown;
    std::string sentence;
};
/// Only where both ends are configured routers and the SA was seen from its beginning.
std::optional<Compared> compare_with_prediction(const Case& at, Predictions& predictions);

} // namespace ikescope::diagnose
