#pragma once
// Lines of libreswan's log.

#include "secrets/text.hpp"

namespace ikescope::secrets {

/// What stands behind "…: | "; nothing when the line is no debug output.
std::optional<std::string_view> libreswan_text(std::string_view line);
/// "  6c 61 62 70  73 6b   labpsk": the bytes of a row of a dump.
std::optional<Buffer> libreswan_row(std::string_view text);

} // namespace ikescope::secrets
