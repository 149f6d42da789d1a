// From a filter's words to its program. Precedence, weakest first: or, xor, and, not, comparisons, &, + -, * / %.

#include "present/filter_literal.hpp"
#include "present/filter_words.hpp"

#include <fmt/format.h>

namespace ikescope::present {

namespace {

constexpr std::size_t most_nesting = 200;

/// Thrown within this file only: the first fault ends the compilation.
struct Stop {};

class Parser {
public:
    Parser(std::vector<FilterToken> tokens, FilterProgram& program, FilterFault& fault)
        : tokens_(std::move(tokens)), program_(program), fault_(fault) {}

    void run() {
        if (now().kind == FilterToken::Kind::end) return; // no filter lets everything pass
        alternatives();
        if (now().kind != FilterToken::Kind::end) blame(fmt::format("\"{}\" was not expected here", now().text), now());
    }

private:
    const FilterToken& now() const { return tokens_[at_]; }
    const FilterToken& ahead(std::size_t count = 1) const { return tokens_[std::min(at_ + count, tokens_.size() - 1)]; }
    const FilterToken& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool accept(std::string_view word) {
        if (!now().is(word)) return false;
        take();
        return true;
    }
    bool accept(std::string_view word, std::string_view sign) { return accept(word) || accept(sign); }
    void expect(std::string_view sign) {
        if (!accept(sign)) blame(fmt::format("\"{}\" is missing here", sign), now());
    }
    [[noreturn]] void blame(std::string reason, const FilterToken& token) {
        fault_ = {std::move(reason), token.offset, token.length};
        throw Stop{};
    }
    [[noreturn]] void blame(std::string reason, const FilterOperand& operand) {
        fault_ = {std::move(reason), operand.offset, operand.length_in_text};
        throw Stop{};
    }

    void emit(FilterStep::Kind kind, std::size_t argument = 0) {
        program_.steps.push_back({kind, static_cast<std::uint32_t>(argument)});
    }
    void jump_here(std::size_t step) { program_.steps[step].argument = static_cast<std::uint32_t>(program_.steps.size()); }

    template <class Next>
    void chain(std::string_view word, std::string_view sign, FilterStep::Kind jump, Next next) {
        next();
        std::vector<std::size_t> jumps;
        while (accept(word, sign)) {
            jumps.push_back(program_.steps.size());
            emit(jump);
            next();
        }
        for (const auto step : jumps) jump_here(step);
    }
    void alternatives() {
        if (++nesting_ > most_nesting) blame("The filter is nested too deeply", now());
        chain("or", "||", FilterStep::Kind::jump_if_true, [&] { exclusives(); });
        --nesting_;
    }
    void exclusives() {
        conjunctions();
        while (accept("xor", "^^")) {
            emit(FilterStep::Kind::exclusive_save);
            conjunctions();
            emit(FilterStep::Kind::exclusive_join);
        }
    }
    void conjunctions() {
        chain("and", "&&", FilterStep::Kind::jump_if_false, [&] { negation(); });
    }
    void negation() {
        bool negated = false;
        while (accept("not", "!")) negated = !negated;
        condition();
        if (negated) emit(FilterStep::Kind::negate);
    }
    /// Opens a group if one begins here, and says what closes it; empty otherwise.
    std::string_view open_group() { return accept("(") ? ")" : accept("{") ? "}" : std::string_view(); }
    void condition() {
        if (!is_arithmetic_group())
            if (const auto close = open_group(); !close.empty()) {
                alternatives();
                return expect(close);
            }
        std::optional<FilterQuantifier> quantifier;
        if (accept("any")) quantifier = FilterQuantifier::any;
        else if (accept("all")) quantifier = FilterQuantifier::all;
        comparison(quantifier);
    }
    /// ( a + 1 ) > 5, { a + 1 } > 5: what follows the closing bracket tells.
    bool is_arithmetic_group() const {
        if (!now().is("(") && !now().is("{")) return false;
        std::size_t depth = 0;
        for (auto i = at_; i < tokens_.size(); ++i) {
            if (tokens_[i].is("(") || tokens_[i].is("{")) ++depth;
            if ((tokens_[i].is(")") || tokens_[i].is("}")) && --depth == 0) {
                const auto& next = tokens_[std::min(i + 1, tokens_.size() - 1)];
                return relation_of(next) || next.is("in") || calculates(next);
            }
        }
        return false;
    }
    static bool calculates(const FilterToken& token) {
        constexpr std::string_view signs[] = {"+", "-", "*", "/", "%", "&", "bitand", "bitwise_and"};
        return std::ranges::any_of(signs, [&](std::string_view sign) { return token.is(sign); });
    }
    static const RelationWord* relation_of(const FilterToken& token) {
        for (const auto& row : relation_words)
            if (token.is(row.word)) return &row;
        return nullptr;
    }

    bool at_sign(std::size_t from = 0) const { return ahead(from).is("-") || ahead(from).is("+"); }
    /// A value, with a sign or without; what is a field's name never is one.
    bool at_literal(std::size_t from = 0) const {
        const auto& token = ahead(from);
        if (token.kind == FilterToken::Kind::quoted || token.kind == FilterToken::Kind::character) return true;
        if (at_sign(from)) return ahead(from + 1).kind == FilterToken::Kind::word && at_literal(from + 1);
        return token.kind == FilterToken::Kind::word && !is_known(token.text) && !is_function(from);
    }
    bool is_function(std::size_t from = 0) const {
        if (!ahead(from + 1).is("(")) return false;
        for (const auto& row : function_words)
            if (ahead(from).text == row.word) return true;
        return false;
    }
    bool is_known(const std::string& name) const { return !FieldCatalog::get().find(name).empty(); }

    FilterToken literal() {
        if (!at_sign()) return take();
        auto token = ahead();
        token.length += token.offset - now().offset;
        token.offset = now().offset;
        if (now().is("-")) token.text.insert(token.text.begin(), '-');
        take();
        take();
        return token;
    }

    void comparison(std::optional<FilterQuantifier> quantifier) {
        FilterTest test;
        if (at_literal()) return literal_first(quantifier);
        test.left = operand();
        if (now().is("in") || (now().is("not") && ahead().is("in"))) return membership(std::move(test));
        const auto* row = relation_of(now());
        if (!row) {
            if (quantifier) blame("A comparison must follow any or all", now());
            return add(std::move(test));
        }
        take();
        test.kind = FilterTest::Kind::compare;
        test.relation = row->relation;
        test.quantifier = quantifier.value_or(row->quantifier);
        right_side(test, row->word);
        add(std::move(test));
    }
    void right_side(FilterTest& test, std::string_view word) {
        if (now().kind == FilterToken::Kind::end) blame(fmt::format("Something to compare with must follow {}", word), now());
        if (test.relation == FilterRelation::contains || test.relation == FilterRelation::matches) check_searchable(test);
        if (at_braced_literal()) {
            take();
            constant(test, literal());
            return expect("}");
        }
        const std::size_t sign = at_sign() ? 1 : 0;
        if (at_literal() && !(calculates(ahead(sign + 1)) && filter_number(ahead(sign).text))) return constant(test, literal());
        // A byte sequence like "fade" may also be the name of nothing; a field's name is always the field.
        test.right = operand();
        if (test.relation == FilterRelation::matches || !comparable(test.left.type, test.right->type))
            blame(fmt::format("This is {} and cannot be compared with {}{}", filter_type_name(test.left.type), filter_type_name(test.right->type),
                              test.left.type == FilterType::text ? "; a text stands in quotes" : ""),
                  *test.right);
    }
    /// Texts with texts, other byte sequences with each other, numbers with numbers.
    static bool comparable(FilterType left, FilterType right) {
        return is_sequence(left) == is_sequence(right) && (left == FilterType::text) == (right == FilterType::text);
    }
    /// ip.src == {192.0.2.1}: braces around a value that nothing is calculated with.
    bool at_braced_literal() const {
        if (!now().is("{") || !at_literal(1)) return false;
        const std::size_t end = at_sign(1) ? 3 : 2;
        return ahead(end).is("}") && !calculates(ahead(end + 1));
    }
    void check_searchable(const FilterTest& test) {
        const auto named = [](const Field* field) { return !field->names.empty(); };
        if (is_sequence(test.left.type) || std::ranges::any_of(test.left.fields, named)) return;
        blame(fmt::format("This is {}: it has no text and no bytes to search in", filter_type_name(test.left.type)), test.left);
    }
    void constant(FilterTest& test, const FilterToken& token) {
        std::string reason;
        auto understood = understand(token, test.left, test.relation, reason);
        if (!understood) blame(std::move(reason), token);
        test.constants.push_back(std::move(*understood));
    }
    /// 28 == isakmp.length: the same comparison seen from the other side.
    void literal_first(std::optional<FilterQuantifier> quantifier) {
        const auto token = literal();
        const auto* row = relation_of(now());
        if (!row || row->relation == FilterRelation::contains || row->relation == FilterRelation::matches) unknown(token);
        take();
        if (now().kind == FilterToken::Kind::end || at_literal()) unknown(token);
        FilterTest test;
        test.kind = FilterTest::Kind::compare;
        test.relation = mirrored(row->relation);
        test.quantifier = quantifier.value_or(row->quantifier);
        test.left = operand();
        constant(test, token);
        add(std::move(test));
    }
    static FilterRelation mirrored(FilterRelation relation) {
        switch (relation) {
        case FilterRelation::less: return FilterRelation::greater;
        case FilterRelation::less_equal: return FilterRelation::greater_equal;
        case FilterRelation::greater: return FilterRelation::less;
        case FilterRelation::greater_equal: return FilterRelation::less_equal;
        default: return relation;
        }
    }
    [[noreturn]] void unknown(const FilterToken& token) {
        const auto& catalog = FieldCatalog::get();
        for (const auto& refusal : field_refusals())
            if (refusal.name == token.text)
                blame(fmt::format("\"{}\" is a field of Wireshark that ikescope does not fill: {}", token.text, refusal.reason), token);
        const auto near = catalog.suggestion(token.text);
        auto reason = fmt::format("\"{}\" is neither a field nor a protocol", token.text);
        if (!near.empty()) reason += fmt::format("; did you mean {}?", near);
        blame(std::move(reason), token);
    }

    void membership(FilterTest test) {
        const bool negated = accept("not");
        expect("in");
        expect("{");
        test.kind = FilterTest::Kind::member;
        do {
            constant(test, literal_in_set());
            if (accept("..")) constant(test, literal_in_set());
            else test.constants.emplace_back();
        } while (accept(","));
        expect("}");
        add(std::move(test));
        if (negated) emit(FilterStep::Kind::negate);
    }
    FilterToken literal_in_set() {
        if (now().kind == FilterToken::Kind::end || (now().kind == FilterToken::Kind::sign && !now().is("-")))
            blame("A value is missing in the set", now());
        return literal();
    }

    void add(FilterTest test) {
        note_fields(test.left);
        if (test.right) note_fields(*test.right);
        emit(FilterStep::Kind::test, program_.tests.size());
        program_.tests.push_back(std::move(test));
    }
    void note_fields(const FilterOperand& operand) {
        for (const auto* fields : {&operand.fields, &operand.headings})
            for (const auto* field : *fields)
                if (std::ranges::find(program_.fields, field->name) == program_.fields.end()) program_.fields.push_back(field->name);
        for (const auto& input : operand.inputs) note_fields(input);
    }

    FilterOperand operand() {
        return binary({"&", "bitand", "bitwise_and"}, [&] {
            return binary({"+", "-"}, [&] { return binary({"*", "/", "%"}, [&] { return primary(); }); });
        });
    }
    template <class Next>
    FilterOperand binary(std::initializer_list<std::string_view> signs, Next next) {
        auto left = next();
        for (;;) {
            const auto sign = std::ranges::find_if(signs, [&](std::string_view known) { return now().is(known); });
            if (sign == signs.end()) return left;
            take();
            const char operation = sign->starts_with("bit") ? '&' : (*sign)[0];
            auto right = operation == '&' && is_sequence(left.type) && at_literal() ? bytes(literal()) : next();
            left = calculation(operation, std::move(left), std::move(right));
        }
    }
    FilterOperand calculation(char sign, FilterOperand left, FilterOperand right) {
        const auto has_bits = [](const FilterOperand& side) { return is_sequence(side.type) && side.type != FilterType::text; };
        const bool mask = sign == '&' && has_bits(left) && has_bits(right);
        for (const auto* side : {&left, &right})
            if (is_sequence(side->type) && !mask)
                blame(fmt::format("This is {}, nothing to calculate with", filter_type_name(side->type)), *side);
        FilterOperand joined;
        joined.kind = FilterOperand::Kind::arithmetic;
        joined.type = mask ? FilterType::bytes : left.kind == FilterOperand::Kind::constant ? right.type : left.type;
        if (joined.type == FilterType::boolean) joined.type = FilterType::number;
        joined.sign = sign;
        joined.offset = left.offset;
        joined.length_in_text = right.offset + right.length_in_text - left.offset;
        if (++operations_ > most_nesting) blame("The calculation is too long", right);
        joined.inputs.push_back(std::move(left));
        joined.inputs.push_back(std::move(right));
        return joined;
    }
    FilterOperand primary() {
        if (++nesting_ > most_nesting) blame("The filter is nested too deeply", now());
        auto made = unsliced();
        while (now().kind == FilterToken::Kind::slice) made = sliced(std::move(made));
        --nesting_;
        return made;
    }
    FilterOperand unsliced() {
        if (const auto close = open_group(); !close.empty()) {
            auto inner = operand();
            expect(close);
            return inner;
        }
        if (at_sign() && !at_literal()) return signed_operand();
        if (now().kind == FilterToken::Kind::end) blame("The filter ends where a field is expected", now());
        if (now().kind != FilterToken::Kind::word && !at_literal())
            blame(fmt::format("\"{}\" stands where a field is expected", now().text), now());
        if (is_function()) return function();
        if (at_literal()) return number(literal());
        return field(take());
    }
    /// -ip.len: what is missing from zero.
    FilterOperand signed_operand() {
        FilterOperand zero;
        zero.kind = FilterOperand::Kind::constant;
        zero.offset = now().offset;
        const char sign = take().text[0];
        return calculation(sign, std::move(zero), primary());
    }
    static FilterOperand written(const FilterToken& token) {
        FilterOperand made;
        made.kind = FilterOperand::Kind::constant;
        made.offset = token.offset;
        made.length_in_text = token.length;
        return made;
    }
    FilterOperand number(const FilterToken& token) {
        const auto value = filter_number(token.text);
        if (!value) unknown(token);
        auto made = written(token);
        made.number = *value;
        return made;
    }
    FilterOperand bytes(const FilterToken& token) {
        auto made = written(token);
        made.type = FilterType::bytes;
        std::string reason;
        auto understood = understand(token, made, FilterRelation::equal, reason);
        if (!understood) blame(std::move(reason), token);
        made.bytes = std::move(*understood->bytes);
        return made;
    }
    FilterOperand field(const FilterToken& token) {
        for (const auto& row : column_words)
            if (row.column == token.text)
                blame(fmt::format("\"{}\" is a column of the packet list, no field of the packet: ask for {}", row.column, row.instead), token);
        const auto& catalog = FieldCatalog::get();
        FilterOperand made;
        made.fields = catalog.find(token.text);
        made.rows = catalog.set(token.text);
        made.type = filter_type(made.fields.front()->kind);
        made.offset = token.offset;
        made.length_in_text = token.length;
        if (accept("#")) choose_layers(made);
        return made;
    }
    /// ip.src#2, ip.src#[1-2], ip.src#-1: in the second header of the protocol, in the first two, in the last.
    void choose_layers(FilterOperand& made) {
        const std::string sign = now().is("-") && ahead().kind == FilterToken::Kind::word ? take().text : "";
        const auto& token = take();
        const bool fits = token.kind == FilterToken::Kind::word || token.kind == FilterToken::Kind::slice;
        auto layers = fits ? filter_slices(sign + token.text) : std::nullopt;
        if (!layers) blame("This is no number of a protocol's header: write #2, #[1-2] or #-1", token);
        const auto name = made.fields.front()->name;
        made.headings = FieldCatalog::get().find(name.substr(0, name.find('.')));
        if (made.headings.empty()) blame(fmt::format("{} belongs to no protocol whose headers could be counted", name), made);
        made.layers = std::move(*layers);
        made.length_in_text = token.offset + token.length - made.offset;
    }
    FilterOperand function() {
        const auto name = take();
        FilterOperand made;
        for (const auto& row : function_words)
            if (row.word == name.text) made.kind = row.kind;
        made.offset = name.offset;
        expect("(");
        do made.inputs.push_back(operand());
        while (accept(","));
        made.length_in_text = now().offset + now().length - name.offset;
        expect(")");
        check_function(made, name);
        return made;
    }
    void check_function(FilterOperand& made, const FilterToken& name) {
        using K = FilterOperand::Kind;
        const auto& input = made.inputs.front();
        const bool folds = made.kind == K::count || made.kind == K::least || made.kind == K::most;
        if (!folds && made.inputs.size() != 1) blame(fmt::format("{} takes one field", name.text), name);
        const bool wants_bytes = made.kind == K::length || made.kind == K::upper || made.kind == K::lower;
        const bool has_text = input.type != FilterType::bytes && input.type != FilterType::time && input.type != FilterType::span;
        if ((wants_bytes && !is_sequence(input.type)) || (made.kind == K::string && !has_text))
            blame(fmt::format("{} cannot be asked of {}", name.text, filter_type_name(input.type)), input);
        made.type = made.kind == K::upper || made.kind == K::lower || made.kind == K::string ? FilterType::text
                    : made.kind == K::length || made.kind == K::count                        ? FilterType::number
                                                                                            : input.type;
    }
    FilterOperand sliced(FilterOperand whole) {
        const auto token = take();
        auto slices = filter_slices(token.text);
        if (!slices) blame("This is no slice: write [2], [0:4] (length), [1-3], [:4], [4:] or several with commas", token);
        if (!is_sequence(whole.type) && whole.type != FilterType::ipv4)
            blame(fmt::format("This is {}: it has no bytes to cut a slice from", filter_type_name(whole.type)), whole);
        FilterOperand made;
        made.kind = FilterOperand::Kind::slice;
        made.type = whole.type == FilterType::text ? FilterType::text : FilterType::bytes;
        made.slices = std::move(*slices);
        made.offset = whole.offset;
        made.length_in_text = token.offset + token.length - whole.offset;
        made.inputs.push_back(std::move(whole));
        return made;
    }

    std::vector<FilterToken> tokens_;
    FilterProgram& program_;
    FilterFault& fault_;
    std::size_t at_ = 0, nesting_ = 0, operations_ = 0;
};

} // namespace

bool parse_filter(std::vector<FilterToken> tokens, FilterProgram& program, FilterFault& fault) {
    try {
        Parser(std::move(tokens), program, fault).run();
        return true;
    } catch (const Stop&) {
        return false;
    }
}

} // namespace ikescope::present
