#pragma once
// Captures are evidence: no command writes over the one that it reads.

#include <string>
#include <vector>

namespace ikescope::cli {

/// The one of `inputs` that `output` is, by whatever name ("-" is standard input and output); empty when it is none of them.
/// Only regular files count.
std::string overwritten_input(const std::vector<std::string>& inputs, const std::string& output);

/// What to say of it.
std::string overwriting_refused(const std::string& input);

} // namespace ikescope::cli
