#pragma once
// Lines as words: cutting, keywords abbreviated as people type them, patterns, and where a key stands in a line.

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ikescope::ios {

struct Word {
    std::string_view text;
    std::size_t begin = 0; ///< offset in the line
};

/// Words of a line up to a remark behind it (`!R2`). A `!` where a key stands belongs to the key.
struct Words {
    std::string_view line;
    std::vector<Word> words;
    std::size_t end = 0; ///< where the remark or the line ends
    bool remark = false; ///< a remark was cut off

    std::size_t size() const { return words.size(); }
    /// The word at a place, empty behind the end.
    std::string_view operator[](std::size_t place) const { return place < words.size() ? words[place].text : ""; }
    /// The words from a place on as written; trailing blanks count unless a remark follows.
    std::string_view from(std::size_t place) const;
};
Words cut(std::string_view line);
/// Text copied out of a document has no-break spaces (U+00A0) where the router printed blanks.
std::string plain_blanks(std::string_view line);

/// Is `typed` the keyword or an abbreviation of at least two letters?
bool abbreviates(std::string_view typed, std::string_view keyword);
/// The option that a typed word stands for; empty when none. An exact spelling wins, then the first in the list.
std::string_view complete(std::string_view typed, std::span<const std::string_view> options);

/// How a pattern fits a line. Patterns are keywords in lower case, NAMES in upper case for any one word, and `...`
/// for whatever follows; without `...` the line must end there.
struct Fit {
    std::size_t exact = 0;    ///< keywords spelled out
    std::size_t keywords = 0;
    std::size_t rest = 0;     ///< place of the first word behind the pattern
    std::array<std::size_t, 4> named{}; ///< places of the words for NAMES
    std::size_t names = 0;
};
std::optional<Fit> fit(std::string_view pattern, const Words& words);

/// Where the secret stands in a line, as [begin, end) with its trailing blanks; nothing when there is none.
struct KeySpot {
    std::size_t place = 0; ///< word number of the key
    std::size_t begin = 0, end = 0;
    std::string_view form; ///< "0", "6", "7", "hex" or empty
};
std::optional<KeySpot> find_key(const Words& words);

} // namespace ikescope::ios
