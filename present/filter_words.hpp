#pragma once
// The words of the filter language: comparisons, functions, what flags are called. A new one is a row here.

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

/// What Wireshark calls the two values of flags, where our tree says Not set and Set.
struct FlagWords {
    std::string_view field, clear, set;
};
inline constexpr FlagWords flag_words[] = { // as tshark 4.0.17 prints them
    {"isakmp.flag_e", "Not encrypted", "Encrypted"},
    {"isakmp.flag_c", "No commit", "Commit"},
    {"isakmp.flag_a", "No authentication", "Authentication"},
    {"isakmp.flag_i", "Responder", "Initiator"},
    {"isakmp.flag_v", "No higher version", "A higher version enabled"},
    {"isakmp.flag_r", "Request", "Response"},
    {"isakmp.criticalpayload", "Not critical", "Critical"},
};

/// Columns of the packet list, which are made only when it is printed, and the fields to ask instead.
struct ColumnWord {
    std::string_view column, instead;
};
inline constexpr ColumnWord column_words[] = {
    {"_ws.col.No.", "frame.number"},
    {"_ws.col.Time", "frame.time_relative or frame.time"},
    {"_ws.col.Source", "ip.src, ipv6.src or eth.src"},
    {"_ws.col.Destination", "ip.dst, ipv6.dst or eth.dst"},
    {"_ws.col.Protocol", "the protocol by its name (isakmp, esp), or frame.protocols"},
    {"_ws.col.Length", "frame.len"},
    {"_ws.col.Info", "isakmp.exchangetype, ike.label, ike.payloads or ike.finding"},
};

} // namespace ikescope::present
