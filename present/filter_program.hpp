#pragma once
// A compiled filter: operands that yield values, tests on them, and a program of jumps over the tests.

#include "present/field_catalog.hpp"
#include "present/filter.hpp"
#include "present/filter_regex.hpp"

#include <deque>

namespace ikescope::present {

/// What comparisons care about. Frame numbers are numbers, times are signed numbers, headings are the bytes they cover.
enum class FilterType : std::uint8_t { number, time, span, boolean, ipv4, ipv6, bytes, ether, text };
FilterType filter_type(Kind kind);
std::string_view filter_type_name(FilterType type);
/// Are its values byte sequences (and not numbers)?
constexpr bool is_sequence(FilterType type) { return type >= FilterType::ipv6; }

/// A value of a packet, or one computed from it.
struct FilterValue {
    FilterType type = FilterType::number;
    std::uint64_t number = 0;
    Bytes bytes;
    const Field* field = nullptr; ///< where the value stood as it is; nullptr when computed
};

/// Something written in the filter, understood for every type it is compared with.
struct FilterConstant {
    struct Name {
        const Field* field;
        std::uint64_t number;
    };
    std::optional<std::uint64_t> number; ///< also times, IPv4 addresses and flags
    std::uint64_t mask = ~std::uint64_t{0}; ///< IPv4 prefix
    std::vector<Name> names;             ///< numbers that go by this name, each in its field's registry
    std::optional<Buffer> bytes;
    std::size_t prefix_bits = 0;         ///< IPv6 prefix; 0 = all
    std::shared_ptr<const FilterRegex> regex;
};

enum class FilterRelation : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal, contains, matches };
enum class FilterQuantifier : std::uint8_t { any, all };

struct FilterSlice {
    std::int64_t from = 0;           ///< negative: from the end
    std::optional<std::int64_t> length; ///< nothing: to the end
    std::optional<std::int64_t> to;  ///< inclusive end, for [from-to]
};

/// Yields the values of a packet.
struct FilterOperand {
    enum class Kind : std::uint8_t { field, constant, slice, length, count, upper, lower, string, least, most, absolute, arithmetic };
    Kind kind = Kind::field;
    FilterType type = FilterType::number;
    FieldSet rows;                         ///< field
    std::vector<const Field*> fields;      ///< field: the same rows, for registries and messages
    std::vector<FilterSlice> layers;       ///< field: only in these headers of its protocol, counted from 1; empty: in all
    std::vector<const Field*> headings;    ///< field: of the protocol, when its headers are counted
    std::uint64_t number = 0;              ///< constant
    Buffer bytes;                          ///< constant: of a byte sequence
    std::vector<FilterSlice> slices;       ///< slice
    char sign = '\0';                      ///< arithmetic: + - * / % &
    std::vector<FilterOperand> inputs;
    std::size_t offset = 0, length_in_text = 0; ///< where it stands in the filter
};

struct FilterTest {
    enum class Kind : std::uint8_t { present, compare, member };
    Kind kind = Kind::present;
    FilterRelation relation = FilterRelation::equal;
    FilterQuantifier quantifier = FilterQuantifier::any;
    FilterOperand left;
    std::optional<FilterOperand> right;    ///< compare with other values …
    std::vector<FilterConstant> constants; ///< … or with a constant; member: low and high of each range in turn
};

struct FilterStep {
    enum class Kind : std::uint8_t { test, negate, jump_if_true, jump_if_false, exclusive_save, exclusive_join };
    Kind kind = Kind::test;
    std::uint32_t argument = 0; ///< index of the test, or where to jump
};

struct FilterProgram {
    std::vector<FilterStep> steps;
    std::vector<FilterTest> tests;
    std::vector<std::string_view> fields;
};

/// Runs a program over a tree. One per filter: keeps its memory.
class FilterRun {
public:
    bool run(const FilterProgram& program, const Tree& tree);

private:
    using Values = std::vector<FilterValue>;
    bool test(const FilterTest& test);
    void collect_left(const FilterTest& test);
    bool compare_constant(const FilterTest& test);
    bool compare_operands(const FilterTest& test);
    bool member(const FilterTest& test);
    bool present(const FilterOperand& operand);
    void collect(const FilterOperand& operand, Values& values);
    void collect_fields(const FilterOperand& operand, Values& values);
    void collect_of_layers(const FilterOperand& operand, Values& values);
    void collect_sliced(const FilterOperand& operand, Values& values);
    void collect_arithmetic(const FilterOperand& operand, Values& values);
    void collect_folded(const FilterOperand& operand, Values& values);
    FilterValue value_of(const Node& node) const;
    Bytes bytes_of_node(const Node& node) const;
    Bytes keep(std::string text);

    const Tree* tree_ = nullptr;
    const FieldCatalog& catalog_ = FieldCatalog::get();
    std::deque<std::string> made_;   ///< byte sequences that were computed
    std::vector<std::uint8_t> saved_;
    Values left_, right_;
    bool carried_ = false; ///< a protocol's bytes are its header and what it carries
};

/// Does a value stand in the relation to a constant?
bool relates(const FilterValue& value, FilterRelation relation, const FilterConstant& constant);
/// To another value?
bool relates(const FilterValue& left, FilterRelation relation, const FilterValue& right);
/// Is it between two constants, both included?
bool is_between(const FilterValue& value, const FilterConstant& low, const FilterConstant& high);

} // namespace ikescope::present
