#pragma once
// The words of the filter language: comparisons and functions. A new one is a row here.

#include "present/filter_program.hpp"

namespace ikescope::present {

struct RelationWord {
    std::string_view word;
    FilterRelation relation;
    FilterQuantifier quantifier;
};
/// What is not said to hold for `all` holds for `any`; `!=` is for all, as it is since Wireshark 4.0.
inline constexpr RelationWord relation_words[] = {
    {"==", FilterRelation::equal, FilterQuantifier::any},          {"eq", FilterRelation::equal, FilterQuantifier::any},
    {"any_eq", FilterRelation::equal, FilterQuantifier::any},      {"===", FilterRelation::equal, FilterQuantifier::all},
    {"all_eq", FilterRelation::equal, FilterQuantifier::all},      {"!=", FilterRelation::not_equal, FilterQuantifier::all},
    {"ne", FilterRelation::not_equal, FilterQuantifier::all},      {"all_ne", FilterRelation::not_equal, FilterQuantifier::all},
    {"!==", FilterRelation::not_equal, FilterQuantifier::any},     {"~=", FilterRelation::not_equal, FilterQuantifier::any},
    {"any_ne", FilterRelation::not_equal, FilterQuantifier::any},  {"<", FilterRelation::less, FilterQuantifier::any},
    {"lt", FilterRelation::less, FilterQuantifier::any},           {"<=", FilterRelation::less_equal, FilterQuantifier::any},
    {"le", FilterRelation::less_equal, FilterQuantifier::any},     {">", FilterRelation::greater, FilterQuantifier::any},
    {"gt", FilterRelation::greater, FilterQuantifier::any},        {">=", FilterRelation::greater_equal, FilterQuantifier::any},
    {"ge", FilterRelation::greater_equal, FilterQuantifier::any},  {"contains", FilterRelation::contains, FilterQuantifier::any},
    {"matches", FilterRelation::matches, FilterQuantifier::any},   {"~", FilterRelation::matches, FilterQuantifier::any},
};

struct FunctionWord {
    std::string_view word;
    FilterOperand::Kind kind;
};
inline constexpr FunctionWord function_words[] = {
    {"len", FilterOperand::Kind::length},   {"count", FilterOperand::Kind::count}, {"upper", FilterOperand::Kind::upper},
    {"lower", FilterOperand::Kind::lower},  {"string", FilterOperand::Kind::string}, {"min", FilterOperand::Kind::least},
    {"max", FilterOperand::Kind::most},     {"abs", FilterOperand::Kind::absolute},
};

} // namespace ikescope::present
