#pragma once
// Which pieces of a message in fragments did not come, in words.

#include <fmt/format.h>

#include <string>

namespace ikescope::session {

/// The numbers from 1 to `last` that `pieces` (a map by number) lacks: "1-3, 7". After many gaps "…" ends the list; empty when
/// nothing is missing.
template <class Pieces>
std::string missing_text(const Pieces& pieces, unsigned last) {
    constexpr unsigned most_gaps = 32;
    std::string text;
    unsigned expected = 1, gaps = 0;
    const auto gap_before = [&](unsigned number) {
        if (number <= expected || gaps > most_gaps) return;
        if (!text.empty()) text += ", ";
        if (++gaps > most_gaps) text += "…";
        else text += number - expected == 1 ? fmt::format("{}", expected) : fmt::format("{}-{}", expected, number - 1);
    };
    for (const auto& [number, piece] : pieces) {
        if (number > last) break;
        gap_before(number);
        expected = number + 1U;
    }
    gap_before(last + 1);
    return text;
}

} // namespace ikescope::session
