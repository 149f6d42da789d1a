// Texts side by side: keys starred out, unified diffs.

#include "ios/predict.hpp"
#include "ios/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ikescope::ios {

std::string without_keys(std::string_view config_line) {
    // A prompt or `no` in front does not hide the key behind it.
    const auto prompt = config_line.find(")#");
    const auto from = prompt == std::string_view::npos ? 0 : prompt + 2;
    const auto negated = config_line.substr(from).find_first_not_of(" \t");
    auto begin = from;
    if (negated != std::string_view::npos && config_line.substr(from + negated).starts_with("no ")) begin = from + negated + 3;
    std::string out(config_line);
    if (const auto key = find_key(cut(config_line.substr(begin)))) out.replace(begin + key->begin, key->end - key->begin, "*****");
    return out;
}

} // namespace ikescope::ios
