#pragma once
// Regular expressions of `matches`: Perl's syntax, letter case ignored as Wireshark does, bounded in time and memory.

#include "base/bytes.hpp"

#include <memory>

namespace ikescope::present {

class FilterRegex {
public:
    /// Nothing when the expression is wrong; then `reason` says why.
    static std::shared_ptr<const FilterRegex> compile(std::string_view expression, std::string& reason);
    ~FilterRegex();
    /// False also when the match would cost more than the limit.
    bool matches(Bytes text) const;

private:
    FilterRegex();
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace ikescope::present
