#pragma once
// Display filters in Wireshark's language (wireshark-filter(4)), compiled once and asked of every packet's tree.
// What the language is, and where ours goes beyond: docs/man/ikescope-filter.7.scd.

#include "base/result.hpp"
#include "base/tree.hpp"

#include <memory>

namespace ikescope::present {

/// Why a filter cannot be compiled, and which part of it is to blame.
struct FilterFault {
    std::string reason;
    std::size_t offset = 0, length = 0;

    /// The reason, the filter, and ^~~~ under the part.
    std::string shown(std::string_view filter) const;
};

struct FilterState;

class Filter {
public:
    /// Compiles; blanks alone let every packet pass. With `fault` given, a failure is described there as well.
    static Result<Filter> compile(std::string_view text, FilterFault* fault = nullptr);
    Filter(Filter&&) noexcept;
    Filter& operator=(Filter&&) noexcept;
    ~Filter();

    /// Not for two threads at once: reuses its memory.
    bool matches(const Tree& tree) const;
    /// Names of the fields it looks at, as the tables spell them: what a tree must contain for matches() to be right.
    const std::vector<std::string_view>& fields() const;

private:
    explicit Filter(std::unique_ptr<FilterState> state);
    std::unique_ptr<FilterState> state_;
};

} // namespace ikescope::present
