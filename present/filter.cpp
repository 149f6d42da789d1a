#include "present/filter.hpp"

#include "present/filter_lexer.hpp"
#include "present/filter_program.hpp"

#include <fmt/format.h>

namespace ikescope::present {

namespace {

constexpr std::size_t most_text = 1 << 16;

} // namespace

struct FilterState {
    FilterProgram program;
    FilterRun run;
};

std::string FilterFault::shown(std::string_view filter) const {
    const auto at = std::min(offset, filter.size());
    const auto marks = std::max<std::size_t>(1, std::min(length, filter.size() - at));
    std::string line;
    for (const char letter : filter) line += letter >= ' ' && letter < 0x7f ? letter : '?';
    return fmt::format("{}{}\n    {}\n    {}^{}", reason, reason.ends_with('?') ? "" : ".", line, std::string(at, ' '), std::string(marks - 1, '~'));
}

Filter::Filter(std::unique_ptr<FilterState> state) : state_(std::move(state)) {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

Result<Filter> Filter::compile(std::string_view text, FilterFault* fault) {
    FilterFault local;
    auto& blamed = fault ? *fault : local;
    blamed = {};
    if (text.size() > most_text) {
        blamed.reason = "The filter is longer than 64 KiB";
        return Error{blamed.reason + "."};
    }
    auto state = std::make_unique<FilterState>();
    auto tokens = split_filter(text, blamed);
    if (!tokens || !parse_filter(std::move(*tokens), state->program, blamed)) return Error{blamed.shown(text)};
    return Filter(std::move(state));
}

bool Filter::matches(const Tree& tree) const { return state_->run.run(state_->program, tree); }

const std::vector<std::string_view>& Filter::fields() const { return state_->program.fields; }

} // namespace ikescope::present
