#include "present/escape.hpp"

#include <array>
#include <cstring>

namespace ikescope::present {

namespace {

/// Characters that stand for themselves: bit 0 on a terminal, 1 in JSON, 2 in XML. Bytes above 0x7e never do.
constexpr auto plain_bits = [] {
    std::array<std::uint8_t, 256> bits{};
    for (std::size_t letter = ' '; letter < 0x7f; ++letter) bits[letter] = 7;
    bits['\\'] = 5; // tshark leaves it alone, and scripts expect what tshark prints
    bits['"'] = 1;
    for (const char letter : {'&', '<', '>'}) bits[static_cast<unsigned char>(letter)] = 3;
    return bits;
}();

std::string_view short_form(char letter, Escape escape) {
    if (escape == Escape::xml) {
        switch (letter) {
        case '&': return "&amp;";
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '"': return "&quot;";
        default: return {};
        }
    }
    switch (letter) {
    case '\\': return "\\\\";
    case '"': return "\\\"";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return {};
    }
}

/// A control character, which XML 1.0 cannot carry at all.
void append_control(Output& out, unsigned value, Escape escape) {
    if (escape == Escape::json) {
        out.text("\\u");
        out.hexadecimal(value, 4);
    } else {
        out.text("\\x");
        out.hexadecimal(value, 2);
    }
}

/// U+FFFE and U+FFFF, which XML 1.0 (2.2) has no place for.
bool is_noncharacter(std::string_view rest) { return rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf"); }

/// The first sequence of `rest`, which is no plain character; how many bytes it took.
std::size_t append_special(Output& out, std::string_view rest, Escape escape) {
    if (const auto form = short_form(rest[0], escape); !form.empty()) {
        out.text(form);
        return 1;
    }
    const auto first = static_cast<unsigned char>(rest[0]);
    if (first < 0x80) {
        append_control(out, first, escape);
        return 1;
    }
    const auto length = utf8_length(rest);
    const bool forbidden = escape == Escape::xml && is_noncharacter(rest);
    if (length == 0 || forbidden) {
        out.text("\xef\xbf\xbd");
        return std::max<std::size_t>(length, 1);
    }
    const auto second = static_cast<unsigned char>(rest[1]);
    if (first == 0xc2 && second < 0xa0)
        append_control(out, second, escape); // C1: terminals obey these
    else
        out.text(rest.substr(0, length));
    return length;
}

/// Of eight characters: is one a control character, above 0x7e, or one of those that only some places escape?
bool any_special(std::uint64_t eight) {
    constexpr std::uint64_t ones = 0x0101010101010101U, highs = 0x80 * ones;
    const auto has = [&](char letter) {
        const auto differ = eight ^ ones * static_cast<unsigned char>(letter);
        return (differ - ones) & ~differ & highs;
    };
    const auto below_blank = (eight - ones * 0x20) & ~eight & highs;
    return ((eight | below_blank | has(0x7f) | has('\\') | has('"') | has('&') | has('<') | has('>')) & highs) != 0;
}

/// How many characters from the beginning on certainly stand for themselves everywhere, in steps of eight.
std::size_t plain_run(std::string_view text) {
    std::size_t run = 0;
    for (std::uint64_t eight = 0; run + 8 <= text.size(); run += 8) {
        std::memcpy(&eight, text.data() + run, 8);
        if (any_special(eight)) break;
    }
    return run;
}

} // namespace

std::size_t utf8_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const auto continues = [&](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
    const auto first = at(0);
    if (text.empty()) return 0;
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool overlong = first == 0xe0 && at(1) < 0xa0, surrogate = first == 0xed && at(1) > 0x9f;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool overlong = first == 0xf0 && at(1) < 0x90, beyond = first == 0xf4 && at(1) > 0x8f;
        return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

void append_escaped(Output& out, std::string_view text, Escape escape) {
    const auto bit = static_cast<std::uint8_t>(1u << static_cast<unsigned>(escape));
    while (!text.empty()) {
        auto run = plain_run(text);
        while (run < text.size() && plain_bits[static_cast<unsigned char>(text[run])] & bit) ++run;
        out.text(text.substr(0, run));
        text.remove_prefix(run);
        if (!text.empty()) text.remove_prefix(append_special(out, text, escape));
    }
}

} // namespace ikescope::present
