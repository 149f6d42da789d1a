#pragma once
// Text for a terminal or a file: colours only where they are wanted, lines no wider than the window.

#include <cstddef>
#include <string>
#include <string_view>

namespace ikescope::present {

enum class Tint : unsigned char { plain, bold, dim, red, yellow, green, cyan, magenta };

struct Style {
    bool color = false;
    std::size_t width = 100; ///< columns; wrapped text keeps to them, quoted lines (logs, configurations) do not
};

/// The text in that colour, or as it is when the style has none.
std::string paint(const Style& style, Tint tint, std::string_view text);

/// Columns a UTF-8 text takes, one per code point.
std::size_t columns(std::string_view text);

/// Appends `text` filled up with blanks to `width` columns.
void append_padded(std::string& out, std::string_view text, std::size_t width);

/// Appends `text` broken at blanks; the first line continues at column `at`, the others begin with `indent` blanks.
/// Lines behind the first '\n' are kept as they are (a snippet of configuration). Ends with a newline.
void append_wrapped(std::string& out, const Style& style, std::string_view text, std::size_t at, std::size_t indent);

/// Control characters as \x1b and the like, so that no packet can drive a terminal.
std::string harmless(std::string_view text);

} // namespace ikescope::present
