#pragma once
// Whole files as text: secrets, configurations, logs.

#include "base/result.hpp"

#include <string>

namespace ikescope::cli {

/// All of a file, unpacked where it is gzip or zstd; "-" is standard input. At most a gigabyte. An error names the file and says why.
Result<std::string> read_file(const std::string& path);

} // namespace ikescope::cli
