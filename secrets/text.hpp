#pragma once
// What the readers of logs and tables share: lines, numbers, hexadecimal in the many ways people wrap it.

#include "base/bytes.hpp"
#include "base/secret.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace ikescope::secrets {

/// Walks through a text line by line, without line ends (\n or \r\n). Numbers count from 1.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}
    bool next(std::string_view& line) {
        if (rest_.empty()) return false;
        const auto end = rest_.find('\n');
        line = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        ++number_;
        return true;
    }
    std::size_t number() const { return number_; }

private:
    std::string_view rest_;
    std::size_t number_ = 0;
};

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
std::string_view trimmed(std::string_view text);
/// "log-a line 147"
std::string place(const std::string& name, std::size_t line);

/// The value of a hexadecimal digit of either case, -1 when it is none.
int digit_value(char c);
/// Only hexadecimal digits, and at least one.
bool all_hex(std::string_view text);
/// Blocks of up to eight hexadecimal digits between single blanks, as racoon and iked print bytes.
bool is_hex_blocks(std::string_view text);

/// A whole decimal number.
template <class Number>
std::optional<Number> number(std::string_view text, int base = 10) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (failed != std::errc{} || text.empty() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// The part of `text` between `from` and the next `to` behind it (or the end, where `to` is not found or is empty).
std::optional<std::string_view> between(std::string_view text, std::string_view from, std::string_view to = {});
/// Takes the next word, up to a blank, off `text`.
std::string_view next_word(std::string_view& text);

/// A row of hexadecimal digits as an array of N bytes; nothing when it is none.
template <std::size_t N>
std::optional<std::array<Byte, N>> exactly(std::string_view text) {
    const auto bytes = parse_hex(text);
    if (!bytes || bytes->size() != N) return std::nullopt;
    std::array<Byte, N> result{};
    std::copy(bytes->begin(), bytes->end(), result.begin());
    return result;
}

/// Hexadecimal digits that come in pieces. Wipes itself.
class HexCollector {
public:
    ~HexCollector() { clear(); }
    /// Adds the digits of `text`, passing over blanks.
    void add(std::string_view text) {
        for (const char c : text)
            if (!is_blank(c) && digits_.size() < most) digits_ += c;
    }
    std::size_t digits() const { return digits_.size(); }
    bool empty() const { return digits_.empty(); }
    void clear() {
        wipe({reinterpret_cast<Byte*>(digits_.data()), digits_.size()});
        digits_.clear();
    }
    /// The bytes; nothing when a byte is incomplete. Begins anew.
    std::optional<Secret> take() {
        auto bytes = parse_hex(digits_);
        clear();
        if (!bytes || bytes->empty()) return std::nullopt;
        return Secret(std::move(*bytes));
    }
    static constexpr std::size_t most = 8'192; ///< digits; MODP 8192 has 2048

private:
    std::string digits_;
};

} // namespace ikescope::secrets
