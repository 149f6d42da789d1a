// The compiled filter at work.

#include "base/address.hpp"
#include "capture/fields.hpp"
#include "present/field_value.hpp"
#include "present/filter_program.hpp"

#include <algorithm>

namespace ikescope::present {

namespace {

constexpr std::size_t most_pairs = 1'000'000; ///< of values that are compared with each other in one packet

/// What a slice selects; out of bounds selects nothing, as Wireshark has it.
std::optional<Bytes> cut(Bytes whole, const FilterSlice& slice) {
    const auto size = static_cast<std::int64_t>(whole.size());
    const auto from = slice.from < 0 ? size + slice.from : slice.from;
    auto end = slice.length ? from + *slice.length : size;
    if (slice.to) end = (*slice.to < 0 ? size + *slice.to : *slice.to) + 1;
    if (from < 0 || from > size || end < from || end > size) return {};
    return whole.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(end - from));
}

/// The heading of a protocol below ISAKMP?
bool is_layer(const Field& field) {
    const auto rows = capture::all_fields();
    return &field >= rows.data() && &field < rows.data() + rows.size() && field.name.find('.') == std::string_view::npos;
}

char in_case(char letter, bool upper) {
    if (upper) return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - ('a' - 'A')) : letter;
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

std::optional<std::uint64_t> calculate(char sign, std::uint64_t left, std::uint64_t right) {
    switch (sign) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '&': return left & right;
    case '/': return right ? std::optional(left / right) : std::nullopt;
    case '%': return right ? std::optional(left % right) : std::nullopt;
    default: return {};
    }
}

/// The bits that both have, of as many bytes as both have.
std::string masked(Bytes left, Bytes right) {
    std::string bits;
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) bits += static_cast<char>(left[i] & right[i]);
    return bits;
}

/// Headers count from 1, negative numbers from the last.
bool is_chosen(const std::vector<FilterSlice>& layers, std::int64_t layer, std::int64_t count) {
    const auto place = [&](std::int64_t written) { return written < 0 ? count + 1 + written : written; };
    return std::ranges::any_of(layers, [&](const FilterSlice& chosen) {
        const auto from = place(chosen.from);
        const auto last = chosen.to ? place(*chosen.to) : chosen.length ? from + *chosen.length - 1 : count;
        return layer >= from && layer <= last;
    });
}

/// A value as it is shown.
std::string shown_text(const FilterValue& value) {
    switch (value.type) {
    case FilterType::ipv4: return IpAddress::v4(static_cast<std::uint32_t>(value.number)).text();
    case FilterType::ipv6: return IpAddress::from(value.bytes).text();
    case FilterType::ether: return hex(value.bytes, ":");
    default: return is_sequence(value.type) ? std::string(text_of(value.bytes)) : std::to_string(value.number);
    }
}

} // namespace

bool FilterRun::run(const FilterProgram& program, const Tree& tree) {
    tree_ = &tree;
    saved_.clear();
    bool result = program.steps.empty();
    for (std::size_t at = 0; at < program.steps.size(); ++at) {
        const auto& step = program.steps[at];
        switch (step.kind) {
        case FilterStep::Kind::test: result = test(program.tests[step.argument]); break;
        case FilterStep::Kind::negate: result = !result; break;
        case FilterStep::Kind::jump_if_true:
            if (result) at = step.argument - 1;
            break;
        case FilterStep::Kind::jump_if_false:
            if (!result) at = step.argument - 1;
            break;
        case FilterStep::Kind::exclusive_save: saved_.push_back(result); break;
        case FilterStep::Kind::exclusive_join:
            result = result != (saved_.back() != 0);
            saved_.pop_back();
            break;
        }
    }
    return result;
}

bool FilterRun::test(const FilterTest& test) {
    if (!made_.empty()) made_.clear();
    switch (test.kind) {
    case FilterTest::Kind::present: return present(test.left);
    case FilterTest::Kind::member: return member(test);
    case FilterTest::Kind::compare: return test.right ? compare_operands(test) : compare_constant(test);
    }
    return false;
}

bool FilterRun::present(const FilterOperand& operand) {
    if (operand.kind == FilterOperand::Kind::field && operand.layers.empty())
        return std::ranges::any_of(tree_->nodes(), [&](const Node& node) { return operand.rows.contains(catalog_.index(node.field)); });
    left_.clear();
    collect(operand, left_);
    if (operand.kind != FilterOperand::Kind::arithmetic) return !left_.empty();
    return std::ranges::any_of(left_, [](const FilterValue& value) {
        return is_sequence(value.type) ? std::ranges::any_of(value.bytes, [](Byte byte) { return byte != 0; }) : value.number != 0;
    });
}

/// tshark: a search in a protocol goes through all it carries; its length and slices are those of its header.
void FilterRun::collect_left(const FilterTest& test) {
    left_.clear();
    carried_ = test.left.kind == FilterOperand::Kind::field &&
               (test.relation == FilterRelation::contains || test.relation == FilterRelation::matches);
    collect(test.left, left_);
    carried_ = false;
}

bool FilterRun::compare_constant(const FilterTest& test) {
    const auto& constant = test.constants.front();
    const bool all = test.quantifier == FilterQuantifier::all;
    collect_left(test);
    const auto fits = [&](const FilterValue& value) { return relates(value, test.relation, constant); };
    return all ? !left_.empty() && std::ranges::all_of(left_, fits) : std::ranges::any_of(left_, fits);
}

bool FilterRun::compare_operands(const FilterTest& test) {
    collect_left(test);
    right_.clear();
    collect(*test.right, right_);
    if (left_.empty() || right_.empty()) return false;
    const bool all = test.quantifier == FilterQuantifier::all;
    std::size_t pairs = 0;
    for (const auto& left : left_)
        for (const auto& right : right_)
            if (++pairs > most_pairs || relates(left, test.relation, right) != all) return !all;
    return all;
}

bool FilterRun::member(const FilterTest& test) {
    left_.clear();
    collect(test.left, left_);
    return std::ranges::any_of(left_, [&](const FilterValue& value) {
        for (std::size_t i = 0; i + 1 < test.constants.size(); i += 2) {
            const auto &low = test.constants[i], &high = test.constants[i + 1];
            const bool range = high.number || high.bytes || !high.names.empty();
            if (range ? is_between(value, low, high) : relates(value, FilterRelation::equal, low)) return true;
        }
        return false;
    });
}

Bytes FilterRun::bytes_of_node(const Node& node) const {
    const auto bytes = tree_->bytes(node);
    if (!carried_ || bytes.empty() || node.field->kind != Kind::none || !is_layer(*node.field)) return bytes;
    return tree_->buffers()[node.buffer].bytes.subspan(node.offset);
}

FilterValue FilterRun::value_of(const Node& node) const {
    const auto type = filter_type(node.field->kind);
    FilterValue value{type, node.number, {}, node.field};
    if (type == FilterType::text) {
        value.bytes = bytes_of(text_value(*tree_, node));
    } else if (is_sequence(type) || type == FilterType::ipv4) {
        value.bytes = bytes_of_node(node);
        if (type == FilterType::ipv4 && value.bytes.size() == 4) value.number = big_endian(value.bytes);
    }
    return value;
}

Bytes FilterRun::keep(std::string text) { return bytes_of(made_.emplace_back(std::move(text))); }

void FilterRun::collect_fields(const FilterOperand& operand, Values& values) {
    if (!operand.layers.empty()) return collect_of_layers(operand, values);
    for (const auto& node : tree_->nodes())
        if (operand.rows.contains(catalog_.index(node.field))) values.push_back(value_of(node));
}

/// Which header of its protocol a field belongs to is told by how many began before it.
void FilterRun::collect_of_layers(const FilterOperand& operand, Values& values) {
    const auto begins = [&](const Node& node) { return std::ranges::find(operand.headings, node.field) != operand.headings.end(); };
    const auto count = std::ranges::count_if(tree_->nodes(), begins);
    std::int64_t layer = 0;
    for (const auto& node : tree_->nodes()) {
        if (begins(node)) ++layer;
        if (operand.rows.contains(catalog_.index(node.field)) && is_chosen(operand.layers, layer, count)) values.push_back(value_of(node));
    }
}

void FilterRun::collect_sliced(const FilterOperand& operand, Values& values) {
    Values inputs;
    collect(operand.inputs.front(), inputs);
    for (const auto& input : inputs) {
        std::string joined;
        bool whole = true;
        for (const auto& slice : operand.slices) {
            const auto part = cut(input.bytes, slice);
            whole = whole && part;
            if (part) joined += text_of(*part);
        }
        if (whole) values.push_back({operand.type, 0, keep(std::move(joined)), nullptr});
    }
}

void FilterRun::collect_arithmetic(const FilterOperand& operand, Values& values) {
    Values left, right;
    collect(operand.inputs[0], left);
    collect(operand.inputs[1], right);
    if (left.size() * right.size() > most_pairs) return;
    for (const auto& a : left)
        for (const auto& b : right)
            if (is_sequence(operand.type)) values.push_back({operand.type, 0, keep(masked(a.bytes, b.bytes)), nullptr});
            else if (const auto result = calculate(operand.sign, a.number, b.number)) values.push_back({operand.type, *result, {}, nullptr});
}

/// Functions that make one value out of all.
void FilterRun::collect_folded(const FilterOperand& operand, Values& values) {
    Values inputs;
    for (const auto& input : operand.inputs) collect(input, inputs);
    if (inputs.empty()) return;
    if (operand.kind == FilterOperand::Kind::count) {
        values.push_back({FilterType::number, inputs.size(), {}, nullptr});
        return;
    }
    const auto relation = operand.kind == FilterOperand::Kind::least ? FilterRelation::less : FilterRelation::greater;
    auto best = inputs.front();
    for (const auto& input : inputs)
        if (relates(input, relation, best)) best = input;
    values.push_back(best);
}

void FilterRun::collect(const FilterOperand& operand, Values& values) {
    using K = FilterOperand::Kind;
    switch (operand.kind) {
    case K::field: return collect_fields(operand, values);
    case K::constant: return values.push_back({operand.type, operand.number, operand.bytes, nullptr});
    case K::slice: return collect_sliced(operand, values);
    case K::arithmetic: return collect_arithmetic(operand, values);
    case K::count:
    case K::least:
    case K::most: return collect_folded(operand, values);
    default: break;
    }
    Values inputs;
    collect(operand.inputs.front(), inputs);
    for (auto& input : inputs) {
        if (operand.kind == K::length) input = {FilterType::number, input.bytes.size(), {}, nullptr};
        if (operand.kind == K::absolute) {
            const auto number = static_cast<std::int64_t>(input.number);
            if (number < 0 && (input.type == FilterType::span)) input.number = 0 - input.number;
        }
        if (operand.kind == K::string) input = {FilterType::text, 0, keep(shown_text(input)), nullptr};
        if (operand.kind == K::upper || operand.kind == K::lower) {
            std::string text(text_of(input.bytes));
            for (auto& letter : text) letter = in_case(letter, operand.kind == K::upper);
            input = {FilterType::text, 0, keep(std::move(text)), nullptr};
        }
        values.push_back(input);
    }
}

} // namespace ikescope::present
