#include "present/filter.hpp"

#include "present/escape.hpp"
#include "present/filter_lexer.hpp"
#include "present/filter_program.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::present {

namespace {

constexpr std::size_t most_text = 1 << 16;

/// Does a terminal show this character as it is?
bool is_harmless(std::string_view character) {
    if (character.size() > 1) return character[0] != '\xc2' || static_cast<unsigned char>(character[1]) >= 0xa0; // C1 controls
    return character[0] >= ' ' && character[0] < 0x7f;
}
/// A text in one line with a column for each character: one that a terminal would obey or not understand is a '?'.
std::string one_line(std::string_view text) {
    std::string line;
    while (!text.empty()) {
        const auto character = text.substr(0, std::max<std::size_t>(1, utf8_length(text)));
        if (is_harmless(character)) line += character;
        else line += '?';
        text.remove_prefix(character.size());
    }
    return line;
}
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(one_line(text), [](char c) { return (c & 0xc0) != 0x80; }));
}

} // namespace

struct FilterState {
    FilterProgram program;
    FilterRun run;
};

std::string FilterFault::shown(std::string_view filter) const {
    const auto at = std::min(offset, filter.size());
    const auto marks = std::max<std::size_t>(1, columns(filter.substr(at, length)));
    return fmt::format("{}{}\n    {}\n    {}^{}", reason, reason.ends_with('?') ? "" : ".", one_line(filter),
                       std::string(columns(filter.substr(0, at)), ' '), std::string(marks - 1, '~'));
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
