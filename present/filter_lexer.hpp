#pragma once
// Words and signs of the filter language.

#include "present/filter.hpp"

namespace ikescope::present {

struct FilterToken {
    enum class Kind : std::uint8_t { end, word, quoted, character, slice, sign };
    Kind kind = Kind::end;
    std::string text;       ///< the sign or word; of quoted ones the content with escapes undone
    std::size_t offset = 0; ///< in the filter, with quotes and brackets
    std::size_t length = 0;

    bool is(std::string_view wanted) const { return (kind == Kind::sign || kind == Kind::word) && text == wanted; }
};

/// Splits a filter; the last token is `end`. Nothing when a quote or bracket is not closed or a sign is unknown.
std::optional<std::vector<FilterToken>> split_filter(std::string_view text, FilterFault& fault);

struct FilterProgram;
/// Fills a program from the words of a filter; false when they make no sense, and `fault` says where.
bool parse_filter(std::vector<FilterToken> tokens, FilterProgram& program, FilterFault& fault);

} // namespace ikescope::present
