#pragma once
// A file of secrets as text, whatever wrote it.

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace ikescope::secrets {

/// Takes a byte order mark off, and makes UTF-8 of UTF-16 as Windows tools write it. `buffer` keeps the text where it
/// had to be made. An error for an empty file and for what is no text (a capture, something compressed, a program).
Result<std::string_view> plain_text(std::string_view raw, const std::string& name, std::string& buffer);

} // namespace ikescope::secrets
