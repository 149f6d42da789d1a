#define PCRE2_CODE_UNIT_WIDTH 8
#include "present/filter_regex.hpp"

#include <fmt/format.h>
#include <pcre2.h>

namespace ikescope::present {

namespace {

/// A hostile pattern on a hostile packet ends after this much backtracking (about a millisecond).
constexpr std::uint32_t most_steps = 100'000, most_depth = 1'000, most_heap_kilobytes = 1'024;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};

} // namespace

struct FilterRegex::Parts {
    std::unique_ptr<pcre2_code, Freed<pcre2_code_free>> code;
    std::unique_ptr<pcre2_match_data, Freed<pcre2_match_data_free>> data;
    std::unique_ptr<pcre2_match_context, Freed<pcre2_match_context_free>> limits;
};

FilterRegex::FilterRegex() : parts_(std::make_unique<Parts>()) {}
FilterRegex::~FilterRegex() = default;

std::shared_ptr<const FilterRegex> FilterRegex::compile(std::string_view expression, std::string& reason) {
    int error = 0;
    PCRE2_SIZE at = 0;
    std::shared_ptr<FilterRegex> made(new FilterRegex);
    auto& parts = *made->parts_;
    parts.code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                                   PCRE2_CASELESS | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &at, nullptr));
    if (!parts.code) {
        PCRE2_UCHAR words[160]{};
        pcre2_get_error_message(error, words, sizeof words);
        reason = fmt::format("The regular expression is wrong at its character {}: {}", at + 1,
                             reinterpret_cast<const char*>(words));
        return {};
    }
    pcre2_jit_compile(parts.code.get(), PCRE2_JIT_COMPLETE); // without JIT matching is slower, not wrong
    parts.data.reset(pcre2_match_data_create_from_pattern(parts.code.get(), nullptr));
    parts.limits.reset(pcre2_match_context_create(nullptr));
    if (!parts.data || !parts.limits) {
        reason = "There is no memory for the regular expression";
        return {};
    }
    pcre2_set_match_limit(parts.limits.get(), most_steps);
    pcre2_set_depth_limit(parts.limits.get(), most_depth);
    pcre2_set_heap_limit(parts.limits.get(), most_heap_kilobytes);
    return made;
}

bool FilterRegex::matches(Bytes text) const {
    return pcre2_match(parts_->code.get(), reinterpret_cast<PCRE2_SPTR>(text_of(text).data()), text.size(), 0, 0,
                       parts_->data.get(), parts_->limits.get()) >= 0;
}

} // namespace ikescope::present
