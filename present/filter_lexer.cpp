#include "present/filter_lexer.hpp"

#include <algorithm>

namespace ikescope::present {

namespace {

/// Longest first.
constexpr std::string_view signs[] = {"===", "!==", "==", "!=", "~=", "<=", ">=", "&&", "||", "^^", "..", "<", ">",
                                      "!",   "~",   "(",  ")",  "{",  "}",  ",",  "&",  "+",  "-",  "*",  "/", "%",  "#"};

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

class Splitter {
public:
    Splitter(std::string_view text, FilterFault& fault) : text_(text), fault_(fault) {}

    bool run(std::vector<FilterToken>& tokens) {
        for (;;) {
            while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r'))) ++at_;
            start_ = at_;
            FilterToken token;
            token.offset = at_;
            if (at_ == text_.size()) {
                tokens.push_back(token);
                return true;
            }
            if (!next(token)) return false;
            token.length = at_ - start_;
            tokens.push_back(std::move(token));
        }
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    bool next(FilterToken& token) {
        const char c = peek();
        if (c == '"') return quoted(token, '"', FilterToken::Kind::quoted, false);
        if (c == '\'') return quoted(token, '\'', FilterToken::Kind::character, false);
        if ((c == 'r' || c == 'R') && peek(1) == '"') {
            ++at_;
            return quoted(token, '"', FilterToken::Kind::quoted, true);
        }
        if (c == '[') return slice(token);
        if (letter(c) || (c == ':' && (peek(1) == ':' || letter(peek(1)))) || (c == '.' && letter(peek(1))) ) return word(token);
        return sign(token);
    }

    /// Letters, digits, dots, colons; hyphens and slashes only between such, so that 10.0.0.0/8 and 01-02 are words.
    bool word(FilterToken& token) {
        token.kind = FilterToken::Kind::word;
        while (at_ < text_.size()) {
            const char c = peek();
            if (c == '.' && peek(1) == '.') break;
            const bool joint = (c == '-' || c == '/') && letter(peek(1));
            if (!letter(c) && c != '.' && c != ':' && !joint) break;
            ++at_;
        }
        token.text = text_.substr(start_, at_ - start_);
        return true;
    }

    bool slice(FilterToken& token) {
        const auto close = text_.find(']', at_);
        if (close == std::string_view::npos) return blame("The slice has no closing ]", text_.size() - start_);
        token.kind = FilterToken::Kind::slice;
        token.text = text_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
        return true;
    }

    bool sign(FilterToken& token) {
        for (const auto known : signs)
            if (text_.substr(at_).starts_with(known)) {
                token.kind = FilterToken::Kind::sign;
                token.text = known;
                at_ += known.size();
                return true;
            }
        return blame("This character means nothing in a filter", 1);
    }

    bool quoted(FilterToken& token, char quote, FilterToken::Kind kind, bool raw) {
        token.kind = kind;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == quote) {
                ++at_;
                return true;
            }
            if (text_[at_] != '\\') token.text += text_[at_];
            else if (raw) raw_backslash(token.text);
            else if (!escape(token.text)) return false;
        }
        return blame("The quotation has no end", text_.size() - start_);
    }
    /// In r"..." a backslash stays, but a quote behind it does not end the quotation.
    void raw_backslash(std::string& out) {
        out += '\\';
        if (peek(1) == '"') out += text_[++at_];
    }

    /// at_ stands on the backslash and is left on the escape's last character.
    bool escape(std::string& out) {
        constexpr std::string_view from = "abfnrtv", to = "\a\b\f\n\r\t\v";
        const char c = peek(1);
        if (const auto known = from.find(c); known != std::string_view::npos) return ++at_, out += to[known], true;
        if (c == 'x') return number(out, 2, 16, 2);
        if (c >= '0' && c <= '7') return number(out, 1, 8, 3);
        if (c == '\0') return blame("The quotation has no end", text_.size() - start_);
        // Unknown ones stay as they are, so that "\d" reaches a regular expression.
        if (c != '\\' && c != '"' && c != '\'') out += '\\';
        out += text_[++at_];
        return true;
    }
    bool number(std::string& out, std::size_t skip, unsigned base, std::size_t most) {
        unsigned value = 0;
        std::size_t digits = 0;
        for (; digits < most; ++digits) {
            const char c = peek(skip + digits);
            const auto digit = static_cast<unsigned>(std::string_view("0123456789abcdef").find(lower(c)));
            if (c == '\0' || digit >= base) break;
            value = value * base + digit;
        }
        if (digits == 0 || value > 255) return blame("This escape is no byte", at_ + skip + digits - start_);
        out += static_cast<char>(value);
        at_ += skip + digits - 1;
        return true;
    }
    static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

    bool blame(std::string reason, std::size_t length) {
        fault_ = {std::move(reason), start_, std::min(length, text_.size() - start_)};
        return false;
    }

    std::string_view text_;
    FilterFault& fault_;
    std::size_t at_ = 0, start_ = 0;
};

} // namespace

std::optional<std::vector<FilterToken>> split_filter(std::string_view text, FilterFault& fault) {
    std::vector<FilterToken> tokens;
    if (!Splitter(text, fault).run(tokens)) return {};
    return tokens;
}

} // namespace ikescope::present
