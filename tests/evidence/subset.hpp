#pragma once
// Does a document hold what an expectation lists? Objects: the listed keys, equal; arrays: same length, elementwise.
// Special keys: findings_include, findings_exclude, no_errors look at the `findings` beside them.

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace ikescope::tests {

using Json = nlohmann::json;

void compare(const Json& expected, const Json& actual, const std::string& path, std::vector<std::string>& differences);

} // namespace ikescope::tests
