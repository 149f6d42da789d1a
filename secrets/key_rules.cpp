#include "secrets/key_rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

using Step = KeyRule::Step;

bool is_lower(Byte byte) { return byte >= 'a' && byte <= 'z'; }
bool is_upper(Byte byte) { return byte >= 'A' && byte <= 'Z'; }
Byte to_lower(Byte byte) { return is_upper(byte) ? static_cast<Byte>(byte + 32) : byte; }
Byte to_upper(Byte byte) { return is_lower(byte) ? static_cast<Byte>(byte - 32) : byte; }
Byte toggled(Byte byte) { return is_lower(byte) ? to_upper(byte) : to_lower(byte); }
void lower(Buffer& word) { std::ranges::transform(word, word.begin(), to_lower); }
void upper(Buffer& word) { std::ranges::transform(word, word.begin(), to_upper); }
auto at(Buffer& word, std::size_t index) { return word.begin() + static_cast<std::ptrdiff_t>(index); }
bool room_for(const Buffer& word, std::size_t more) { return word.size() + more <= longest_word; }
void insert(Buffer& word, std::size_t index, std::size_t count, Byte byte) {
    if (index <= word.size() && room_for(word, count)) word.insert(at(word, index), count, byte);
}
void append(Buffer& word, const Buffer& more) {
    if (room_for(word, more.size())) word.insert(word.end(), more.begin(), more.end());
}
void exchange(Buffer& word, std::size_t a, std::size_t b) {
    if (std::max(a, b) < word.size()) std::swap(word[a], word[b]);
}

void capitalize(Buffer& word) {
    lower(word);
    if (!word.empty()) word[0] = to_upper(word[0]);
}
void invert_capitalize(Buffer& word) {
    upper(word);
    if (!word.empty()) word[0] = to_lower(word[0]);
}
void titles(Buffer& word, Byte separator) {
    lower(word);
    for (std::size_t i = 0; i < word.size(); ++i)
        if (i == 0 || word[i - 1] == separator) word[i] = to_upper(word[i]);
}
void repeat(Buffer& word, std::size_t times) {
    const auto once = word;
    if (room_for(word, times * once.size()))
        for (std::size_t i = 0; i < times; ++i) append(word, once);
}
void reflect(Buffer& word) { append(word, Buffer(word.rbegin(), word.rend())); }
void double_each(Buffer& word) {
    if (!room_for(word, word.size())) return;
    Buffer made;
    for (const auto byte : word) made.insert(made.end(), 2, byte);
    word = std::move(made);
}
void extract(Buffer& word, std::size_t from, std::size_t count) {
    if (from + count <= word.size()) word = Buffer(at(word, from), at(word, from + count));
}
void omit(Buffer& word, std::size_t from, std::size_t count) {
    if (from + count <= word.size()) word.erase(at(word, from), at(word, from + count));
}
void shift_left(Buffer& word, std::size_t index) {
    if (index < word.size()) word[index] = static_cast<Byte>(word[index] << 1);
}
void shift_right(Buffer& word, std::size_t index) {
    if (index < word.size()) word[index] = static_cast<Byte>(word[index] >> 1);
}
void add(Buffer& word, std::size_t index, int number) {
    if (index < word.size()) word[index] = static_cast<Byte>(word[index] + number);
}
/// The first of them becomes the second.
void copy_over(Buffer& word, std::size_t index, std::size_t from) {
    if (std::max(index, from) < word.size()) word[index] = word[from];
}
void repeat_start(Buffer& word, std::size_t count) {
    if (count > word.size() || !room_for(word, count)) return;
    const Buffer start(word.begin(), at(word, count));
    word.insert(word.begin(), start.begin(), start.end());
}
void repeat_end(Buffer& word, std::size_t count) {
    if (count <= word.size()) append(word, Buffer(at(word, word.size() - count), word.end()));
}
/// The first character behind the separator that is none itself; separators are counted from 0.
void toggle_behind(Buffer& word, std::size_t number, Byte separator) {
    auto found = std::ranges::find(word, separator);
    for (; number > 0 && found != word.end(); --number) found = std::find(found + 1, word.end(), separator);
    found = std::find_if(found, word.end(), [&](Byte byte) { return byte != separator; });
    if (found != word.end()) *found = toggled(*found);
}
bool contains(const Buffer& word, Byte byte) { return std::ranges::find(word, byte) != word.end(); }

/// A function: its letter, its arguments (N a position or number, X a character), and what it does; false rejects the
/// word.
struct Function {
    char letter;
    std::string_view arguments;
    bool (*apply)(Buffer& word, Step step);
};
#define IKESCOPE_CHANGE(body)                                                                                          \
    [](Buffer& w, [[maybe_unused]] Step s) {                                                                           \
        body;                                                                                                          \
        return true;                                                                                                   \
    }
constexpr Function functions[] = {
    {':', "", IKESCOPE_CHANGE(static_cast<void>(w))},
    {'l', "", IKESCOPE_CHANGE(lower(w))},
    {'u', "", IKESCOPE_CHANGE(upper(w))},
    {'c', "", IKESCOPE_CHANGE(capitalize(w))},
    {'C', "", IKESCOPE_CHANGE(invert_capitalize(w))},
    {'t', "", IKESCOPE_CHANGE(std::ranges::transform(w, w.begin(), toggled))},
    {'T', "N", IKESCOPE_CHANGE(if (s.first < w.size()) w[s.first] = toggled(w[s.first]))},
    {'E', "", IKESCOPE_CHANGE(titles(w, ' '))},
    {'e', "X", IKESCOPE_CHANGE(titles(w, s.first))},
    {'r', "", IKESCOPE_CHANGE(std::ranges::reverse(w))},
    {'d', "", IKESCOPE_CHANGE(repeat(w, 1))},
    {'p', "N", IKESCOPE_CHANGE(repeat(w, s.first))},
    {'f', "", IKESCOPE_CHANGE(reflect(w))},
    {'q', "", IKESCOPE_CHANGE(double_each(w))},
    {'{', "", IKESCOPE_CHANGE(if (!w.empty()) std::rotate(w.begin(), w.begin() + 1, w.end()))},
    {'}', "", IKESCOPE_CHANGE(if (!w.empty()) std::rotate(w.begin(), w.end() - 1, w.end()))},
    {'$', "X", IKESCOPE_CHANGE(insert(w, w.size(), 1, s.first))},
    {'^', "X", IKESCOPE_CHANGE(insert(w, 0, 1, s.first))},
    {'[', "", IKESCOPE_CHANGE(if (!w.empty()) w.erase(w.begin()))},
    {']', "", IKESCOPE_CHANGE(if (!w.empty()) w.pop_back())},
    {'D', "N", IKESCOPE_CHANGE(omit(w, s.first, 1))},
    {'x', "NN", IKESCOPE_CHANGE(extract(w, s.first, s.second))},
    {'O', "NN", IKESCOPE_CHANGE(omit(w, s.first, s.second))},
    {'\'', "N", IKESCOPE_CHANGE(if (s.first < w.size()) w.resize(s.first))},
    {'i', "NX", IKESCOPE_CHANGE(insert(w, s.first, 1, s.second))},
    {'o', "NX", IKESCOPE_CHANGE(if (s.first < w.size()) w[s.first] = s.second)},
    {'s', "XX", IKESCOPE_CHANGE(std::ranges::replace(w, s.first, s.second))},
    {'@', "X", IKESCOPE_CHANGE(std::erase(w, s.first))},
    {'z', "N", IKESCOPE_CHANGE(if (!w.empty()) insert(w, 0, s.first, w.front()))},
    {'Z', "N", IKESCOPE_CHANGE(if (!w.empty()) insert(w, w.size(), s.first, w.back()))},
    {'k', "", IKESCOPE_CHANGE(exchange(w, 0, 1))},
    {'K', "", IKESCOPE_CHANGE(if (w.size() > 1) exchange(w, w.size() - 2, w.size() - 1))},
    {'*', "NN", IKESCOPE_CHANGE(exchange(w, s.first, s.second))},
    {'+', "N", IKESCOPE_CHANGE(add(w, s.first, 1))},
    {'-', "N", IKESCOPE_CHANGE(add(w, s.first, -1))},
    {'.', "N", IKESCOPE_CHANGE(copy_over(w, s.first, s.first + std::size_t{1}))},
    {',', "N", IKESCOPE_CHANGE(if (s.first > 0) copy_over(w, s.first, s.first - std::size_t{1}))},
    {'L', "N", IKESCOPE_CHANGE(shift_left(w, s.first))},
    {'R', "N", IKESCOPE_CHANGE(shift_right(w, s.first))},
    {'y', "N", IKESCOPE_CHANGE(repeat_start(w, s.first))},
    {'Y', "N", IKESCOPE_CHANGE(repeat_end(w, s.first))},
    {'3', "NX", IKESCOPE_CHANGE(toggle_behind(w, s.first, s.second))},
    {'<', "N", [](Buffer& w, Step s) { return w.size() <= s.first; }},
    {'>', "N", [](Buffer& w, Step s) { return w.size() >= s.first; }},
    {'_', "N", [](Buffer& w, Step s) { return w.size() == s.first; }},
    {'!', "X", [](Buffer& w, Step s) { return !contains(w, s.first); }},
    {'/', "X", [](Buffer& w, Step s) { return contains(w, s.first); }},
    {'=', "NX", [](Buffer& w, Step s) { return s.first < w.size() && w[s.first] == s.second; }},
    {'%', "NX", [](Buffer& w, Step s) { return std::ranges::count(w, s.second) >= s.first; }},
    {'(', "X", [](Buffer& w, Step s) { return !w.empty() && w.front() == s.first; }},
    {')', "X", [](Buffer& w, Step s) { return !w.empty() && w.back() == s.first; }},
};
#undef IKESCOPE_CHANGE

/// 0-9, then A-Z for 10 to 35.
std::optional<Byte> number_of(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<Byte>(digit - '0');
    if (digit >= 'A' && digit <= 'Z') return static_cast<Byte>(digit - 'A' + 10);
    return std::nullopt;
}

/// "\x41" at the beginning of a text, a byte that cannot be typed.
std::optional<Byte> escaped(std::string_view text) {
    if (text.size() < 4 || !text.starts_with("\\x")) return std::nullopt;
    const auto bytes = parse_hex(text.substr(2, 2));
    return bytes && bytes->size() == 1 ? std::optional(bytes->front()) : std::nullopt;
}

/// The function at `at`, which moves behind it and its arguments; the sentence is the end of one.
Result<Step> step_at(std::string_view text, std::size_t& at) {
    const char letter = text[at++];
    const auto function = std::ranges::find(functions, letter, &Function::letter);
    if (function == std::end(functions)) return Error{fmt::format("the function '{}' is unknown", letter)};
    Step step{static_cast<std::uint8_t>(function - std::begin(functions)), 0, 0};
    for (std::size_t i = 0; i < function->arguments.size(); ++i) {
        if (at == text.size()) return Error{fmt::format("the function '{}' lacks an argument", letter)};
        const char given = text[at++];
        const auto number = number_of(given);
        const bool wants_number = function->arguments[i] == 'N';
        if (wants_number && !number)
            return Error{fmt::format("the function '{}' takes a position (0-9, A-Z), not '{}'", letter, given)};
        auto value = wants_number ? *number : static_cast<Byte>(given);
        if (const auto byte = wants_number ? std::nullopt : escaped(text.substr(at - 1))) {
            value = *byte;
            at += 3;
        }
        (i == 0 ? step.first : step.second) = value;
    }
    return step;
}

Result<KeyRule> rule_of(std::string_view text) {
    KeyRule rule{std::string(text), {}};
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == ' ' || text[at] == '\t') {
            ++at;
            continue;
        }
        const auto column = at + 1;
        const auto step = step_at(text, at);
        if (!step) return Error{fmt::format("column {}: {}", column, step.error().sentence)};
        rule.steps.push_back(*step);
    }
    return rule;
}

} // namespace

bool KeyRule::apply(Buffer& word) const {
    return std::ranges::all_of(steps, [&](const Step& step) { return functions[step.function].apply(word, step); });
}

Result<std::vector<KeyRule>> read_rules(std::string_view text, std::string_view name) {
    std::vector<KeyRule> rules;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    for (std::size_t line = 1; !text.empty(); ++line) {
        auto one = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        if (one.ends_with('\r')) one.remove_suffix(1);
        if (one.empty() || one.front() == '#') continue;
        auto rule = rule_of(one);
        if (!rule)
            return Error{fmt::format("{} line {}, {}; see ikescope-psk(1) for what rules may do", name, line,
                                     rule.error().sentence)};
        if (!rule->steps.empty()) rules.push_back(std::move(*rule));
    }
    if (rules.empty()) return Error{fmt::format("{} holds no rules", name)};
    return rules;
}

} // namespace ikescope::secrets
