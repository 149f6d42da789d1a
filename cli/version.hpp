#pragma once

#include <string_view>

#ifndef IKESCOPE_VERSION
#define IKESCOPE_VERSION "0.1.0" // as in CMakeLists.txt
#endif

namespace ikescope::cli {
/// The writing application in captures that `ikescope decrypt` made: what was encrypted stands in the clear in them.
inline constexpr std::string_view decrypt_application = "ikescope " IKESCOPE_VERSION " decrypt";
} // namespace ikescope::cli
