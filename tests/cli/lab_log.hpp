#pragma once
// Logs of the lab's daemons; the long ones are kept packed.

#include <string>

namespace ikescope::cli {

/// The path of pcaps/lab/SCENARIO/FILE, unpacked into the folder of this test where it is kept packed.
std::string lab_log(const std::string& scenario, const std::string& file);

} // namespace ikescope::cli
