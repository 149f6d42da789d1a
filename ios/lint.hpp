#pragma once
// What is dangerous or pointless in one configuration, with line numbers.

#include "ios/selection.hpp"

namespace ikescope::ios {

enum class Weight : std::uint8_t { note, warning, error };
std::string_view weight_name(Weight weight);

/// One remark. `text` says what is wrong and shows no key; `advice` what to do.
struct Lint {
    std::string id; ///< "duplicate-peer-key"
    Weight severity = Weight::warning;
    std::size_t line = 0;
    std::string text;
    std::string advice;
};

/// All remarks of all checks, in the order of the lines.
std::vector<Lint> lint(const Router& router);

/// Every lint id there is, with its one-line meaning.
struct LintKind {
    std::string_view id;
    std::string_view meaning;
    std::string_view source;
};
std::vector<LintKind> lint_kinds();

} // namespace ikescope::ios
