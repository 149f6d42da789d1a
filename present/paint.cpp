#include "present/paint.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::present {

namespace {

std::string_view code(Tint tint) {
    switch (tint) {
    case Tint::plain: return "0";
    case Tint::bold: return "1";
    case Tint::dim: return "2";
    case Tint::red: return "1;31";
    case Tint::yellow: return "33";
    case Tint::green: return "32";
    case Tint::cyan: return "36";
    case Tint::magenta: return "35";
    }
    return "0";
}

void append_filled(std::string& out, const Style& style, std::string_view paragraph, std::size_t at,
                   std::size_t indent) {
    std::size_t column = at;
    bool first = true;
    while (!paragraph.empty()) {
        const auto blank = paragraph.find(' ');
        const auto word = paragraph.substr(0, blank);
        paragraph.remove_prefix(blank == std::string_view::npos ? paragraph.size() : blank + 1);
        if (word.empty()) continue;
        const auto wide = columns(word);
        if (!first && column + 1 + wide > std::max(style.width, indent + 30)) {
            out += '\n';
            out.append(indent, ' ');
            column = indent;
        } else if (!first) {
            out += ' ';
            ++column;
        }
        out += word;
        column += wide;
        first = false;
    }
}

/// Nothing to fill: it fits, and single blanks stand between its words. Bytes count at least as much as columns.
bool is_one_line(std::string_view text, std::size_t at, std::size_t width) {
    if (text.empty() || at + text.size() > width || text.front() == ' ' || text.back() == ' ') return false;
    char before = 0;
    for (const char letter : text) {
        if (letter == '\n' || (letter == ' ' && before == ' ')) return false;
        before = letter;
    }
    return true;
}

} // namespace

std::string paint(const Style& style, Tint tint, std::string_view text) {
    if (!style.color || tint == Tint::plain || text.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code(tint), text);
}

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void append_padded(std::string& out, std::string_view text, std::size_t width) {
    out += text;
    const auto used = columns(text);
    if (used < width) out.append(width - used, ' ');
}

void append_wrapped(std::string& out, const Style& style, std::string_view text, std::size_t at, std::size_t indent) {
    if (is_one_line(text, at, style.width)) {
        out += text;
        out += '\n';
        return;
    }
    auto end = text.find('\n');
    append_filled(out, style, text.substr(0, end), at, indent);
    while (end != std::string_view::npos) {
        text.remove_prefix(end + 1);
        end = text.find('\n');
        out += '\n';
        if (end == std::string_view::npos && text.empty()) return;
        out.append(indent + 2, ' ');
        out += text.substr(0, end);
    }
    out += '\n';
}

std::string harmless(std::string_view text) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::ranges::none_of(text, is_control)) [[likely]]
        return std::string(text);
    std::string clean;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f)
            clean += fmt::format("\\x{:02x}", byte);
        else
            clean += c;
    }
    return clean;
}

} // namespace ikescope::present
