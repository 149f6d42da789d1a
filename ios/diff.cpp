// Texts side by side: keys starred out, unified diffs.

#include "ios/predict.hpp"
#include "ios/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ikescope::ios {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

struct Edit {
    char sign; ///< ' ', '-', '+'
    std::size_t before, after; ///< indices of the line in either text
};

// Longest common subsequence of what lies between the equal head and tail. Changes are a few lines, so the table stays
// small; a change of more than 2000 lines is shown as one block.
std::vector<Edit> edits(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
    std::size_t head = 0, tail = 0;
    while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
    while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
    const auto n = a.size() - head - tail, m = b.size() - head - tail;
    constexpr std::size_t most = 2000;
    const bool table = n <= most && m <= most;
    std::vector<std::vector<std::uint16_t>> common(table ? n + 1 : 0, std::vector<std::uint16_t>(table ? m + 1 : 0));
    for (auto i = table ? n : 0; i-- > 0;)
        for (auto j = m; j-- > 0;)
            common[i][j] = a[head + i] == b[head + j] ? static_cast<std::uint16_t>(common[i + 1][j + 1] + 1) : std::max(common[i + 1][j], common[i][j + 1]);
    std::vector<Edit> out;
    for (std::size_t i = 0; i < head; ++i) out.push_back({' ', i, i});
    std::size_t i = 0, j = 0;
    while (i < n || j < m) {
        if (table && i < n && j < m && a[head + i] == b[head + j]) out.push_back({' ', head + i++, head + j++});
        else if (i < n && (!table || j == m || common[i + 1][j] >= common[i][j + 1])) out.push_back({'-', head + i++, head + j});
        else out.push_back({'+', head + i, head + j++});
    }
    for (std::size_t k = 0; k < tail; ++k) out.push_back({' ', head + n + k, head + m + k});
    return out;
}

} // namespace

std::string without_keys(std::string_view config_line) {
    // A prompt or `no` in front does not hide the key behind it.
    const auto prompt = config_line.find(")#");
    auto begin = prompt == std::string_view::npos ? 0 : prompt + 2;
    const auto first = config_line.substr(begin).find_first_not_of(" \t");
    if (first != std::string_view::npos && config_line.substr(begin + first).starts_with("no ")) begin += first + 3;
    std::string out(config_line);
    if (const auto key = find_key(cut(config_line.substr(begin)))) out.replace(begin + key->begin, key->end - key->begin, "*****");
    return out;
}

std::string unified_diff(std::string_view name, std::string_view before, std::string_view after, bool show_secrets) {
    constexpr std::size_t context = 3;
    const auto a = lines_of(before), b = lines_of(after);
    const auto all = edits(a, b);
    const auto changed = [](const Edit& edit) { return edit.sign != ' '; };
    std::string out;
    for (auto at = std::ranges::find_if(all, changed); at != all.end();) {
        const auto first = at - std::min<std::ptrdiff_t>(context, at - all.begin());
        auto last = at;
        for (auto next = at; next != all.end() && next - last <= static_cast<std::ptrdiff_t>(2 * context); ++next)
            if (changed(*next)) last = next;
        const auto end = last + std::min<std::ptrdiff_t>(context + 1, all.end() - last);
        const auto removed = std::count_if(first, end, [](const Edit& edit) { return edit.sign != '+'; });
        const auto added = std::count_if(first, end, [](const Edit& edit) { return edit.sign != '-'; });
        if (out.empty()) out = fmt::format("--- a/{0}\n+++ b/{0}\n", name);
        out += fmt::format("@@ -{},{} +{},{} @@\n", first->before + (removed > 0 ? 1U : 0U), removed, first->after + (added > 0 ? 1U : 0U), added);
        for (auto line = first; line != end; ++line) {
            const auto text = line->sign == '+' ? b[line->after] : a[line->before];
            out += line->sign + (show_secrets ? std::string(text) : without_keys(text)) + "\n";
        }
        at = std::find_if(end, all.end(), changed);
    }
    return out;
}

std::string Change::diff(bool show_secrets) const { return unified_diff(router + ".cfg", before, after, show_secrets); }

} // namespace ikescope::ios
