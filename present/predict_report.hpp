#pragma once
// `ikescope predict`: what configured routers will do, as text for people and as JSON for scripts
// (docs/json-format.md).

#include "ios/predict.hpp"
#include "present/paint.hpp"

namespace ikescope::present {

/// Everything that was predicted. Of one router alone there are no directions but `alone`.
struct Predicted {
    ios::NetworkPrediction network;
    std::vector<ios::Outlook> alone;
};

struct PredictOptions {
    bool detail = false;       ///< also lines that only `debug crypto isakmp detail` prints
    bool log = true;           ///< lines of the routers' debug under each step
    bool show_secrets = false; ///< key values in the proposed changes
};

std::string predict_text(const Predicted& predicted, const Style& style, const PredictOptions& options);
/// The document `ikescope-predict/1`; keys may be added, never renamed. Logs hold the lines of both levels of debug.
std::string predict_json(const Predicted& predicted, const PredictOptions& options);

} // namespace ikescope::present
