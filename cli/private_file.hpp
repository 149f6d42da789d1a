#pragma once
// Files with secrets in them, which only their owner may read.

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace ikescope::cli {

/// Writes DIRECTORY/NAME with mode 0600, over what was there; the directory is made (0700) when it is missing.
Result<Done> write_private(const std::string& directory, const std::string& name, std::string_view text);

} // namespace ikescope::cli
