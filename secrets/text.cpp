#include "secrets/text.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string place(const std::string& name, std::size_t line) { return fmt::format("{} line {}", name, line); }

int digit_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool all_hex(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return digit_value(c) >= 0; });
}

bool is_hex_blocks(std::string_view text) {
    constexpr std::size_t longest = 8;
    text = trimmed(text);
    if (text.empty()) return false;
    while (!text.empty()) {
        const auto block = text.substr(0, text.find(' '));
        if (block.size() > longest || !all_hex(block)) return false;
        text.remove_prefix(std::min(text.size(), block.size() + 1));
    }
    return true;
}

std::optional<std::string_view> between(std::string_view text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string_view::npos) return std::nullopt;
    const auto rest = text.substr(at + from.size());
    return to.empty() ? rest : rest.substr(0, rest.find(to));
}

std::string_view next_word(std::string_view& text) {
    text = trimmed(text);
    const auto end = std::min(text.find_first_of(" \t"), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

} // namespace ikescope::secrets
