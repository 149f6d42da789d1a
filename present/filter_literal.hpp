#pragma once
// What is written in a filter, understood as the types it is compared with understand it.

#include "present/filter_lexer.hpp"
#include "present/filter_program.hpp"

namespace ikescope::present {

/// A constant for comparing with `operand`; nothing when no type of its can be written like this, and `reason` says why.
std::optional<FilterConstant> understand(const FilterToken& token, const FilterOperand& operand, FilterRelation relation,
                                         std::string& reason);

/// 12, 0x0c, 014, 0b1100, 'a'; -1 wraps. Nothing for anything else or more than 64 bits.
std::optional<std::uint64_t> filter_number(std::string_view text);
/// "1-3", "0:4", "2", ":4", "4:", separated by commas. Nothing for anything else.
std::optional<std::vector<FilterSlice>> filter_slices(std::string_view text);

} // namespace ikescope::present
