#pragma once
// Rules that change words, a part of hashcat's language: one rule per line, functions one behind the other.

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace ikescope::secrets {

struct KeyRule {
    struct Step {
        std::uint8_t function = 0;  ///< row of the table of functions
        Byte first = 0, second = 0; ///< its arguments: positions as numbers, characters as they are
    };
    std::string text;
    std::vector<Step> steps;

    /// Changes the word; false when a function rejects it.
    bool apply(Buffer& word) const;
};

/// Longer words are not made; functions that would make them leave the word as it is.
inline constexpr std::size_t longest_word = 256;

/// An error says which function of which line is unknown, or lacks an argument. Empty lines and those with # are none.
Result<std::vector<KeyRule>> read_rules(std::string_view text, std::string_view name);

} // namespace ikescope::secrets
