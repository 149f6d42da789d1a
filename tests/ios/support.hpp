#pragma once
// Configurations from tests/data/ios and what predictions hold.

#include "ios/predict.hpp"
#include "ios/reader.hpp"
#include "tests/ios/published.hpp"

namespace ikescope::ios::test {

inline Router router_file(const std::string& name) { return read_config(read_file("scenarios/" + name + ".cfg"), name); }

inline std::vector<std::string> log_of(const Prediction& prediction, const std::string& router) {
    std::vector<std::string> out;
    for (const auto& step : prediction.steps)
        if (step.router == router) out.insert(out.end(), step.log.begin(), step.log.end());
    return out;
}

inline const Step* find_step(const Prediction& prediction, const std::string& message, const std::string& router, bool sends) {
    for (const auto& step : prediction.steps)
        if (step.message == message && step.router == router && step.sends == sends) return &step;
    return nullptr;
}

} // namespace ikescope::ios::test
