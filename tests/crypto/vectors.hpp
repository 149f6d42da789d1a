#pragma once
// Reads .vec files: "[section]" lines, cases of "Name = value" lines ended by a blank line, "#" comments.
// A case knows its file and line, so that a red test is one click away from its evidence.

#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ikescope::tests {

struct VectorCase {
    std::string file, section;
    int line = 0;
    std::map<std::string, std::string, std::less<>> values;

    bool has(std::string_view name) const { return values.contains(name); }
    /// The value's text; fails the test when the case has no such line.
    std::string text(std::string_view name) const;
    /// The value's bytes, from hexadecimal digits.
    Buffer bytes(std::string_view name) const;
    /// The same, nothing when the case has no such line.
    Buffer bytes_if(std::string_view name) const { return has(name) ? bytes(name) : Buffer{}; }
    unsigned number(std::string_view name) const;
};

/// Calls `check` for every case of the section of tests/data/vectors/`file`; fails unless there are at least `least`.
void each_case(std::string_view file, std::string_view section, std::size_t least,
               const std::function<void(const VectorCase&)>& check);

} // namespace ikescope::tests
