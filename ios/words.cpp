#include "ios/words.hpp"

#include "ios/config.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

constexpr bool blank(char c) { return c == ' ' || c == '\t'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr std::size_t most_words = 64; // a crypto line has a dozen; the rest of a hostile line stays uncut

// Words behind which a key stands, so that a `!` there starts the key and not a remark.
bool before_key(std::string_view word) {
    constexpr std::string_view words[] = {"key", "0", "6", "7", "hex", "local", "remote", "pre-shared-key", "password"};
    return std::ranges::find(words, word) != std::end(words);
}

// One way a key is written: the words in front of it and whether it takes the rest of the line.
struct KeyForm {
    std::string_view pattern;
    bool whole_line;
};
constexpr KeyForm key_forms[] = {
    {"crypto isakmp key ...", false},
    {"pre-shared-key address ipv6 P key ...", true},
    {"pre-shared-key address A key ...", true},
    {"pre-shared-key address A M key ...", true},
    {"pre-shared-key hostname H key ...", true},
    {"pre-shared-key local ...", true},
    {"pre-shared-key remote ...", true},
    {"pre-shared-key ...", true},
    {"authentication local pre-share key ...", true},
    {"authentication remote pre-share key ...", true},
    {"set aggressive-mode password ...", true},
    {"enable secret ...", true},
    {"enable password ...", true},
    {"key config-key password-encrypt ...", true},
    {"snmp-server community ...", false},
    {"username U password ...", true},
    {"username U secret ...", true},
    {"username U privilege N password ...", true},
    {"username U privilege N secret ...", true},
    {"password ...", true},
};

bool is_form(std::string_view word) { return word == "0" || word == "5" || word == "6" || word == "7" || word == "8" || word == "9"; }

} // namespace

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view Words::from(std::size_t place) const {
    if (place >= words.size()) return {};
    const auto begin = words[place].begin;
    return line.substr(begin, std::max(end, begin) - begin);
}

std::string plain_blanks(std::string_view line) {
    constexpr std::string_view no_break = "\xc2\xa0";
    std::string out(line);
    for (auto at = out.find(no_break); at != std::string::npos; at = out.find(no_break, at + 1))
        out.replace(at, no_break.size(), " ");
    return out;
}

Words cut(std::string_view line) {
    Words out{line, {}, line.size(), false};
    for (std::size_t at = 0; at < line.size() && out.words.size() < most_words;) {
        if (blank(line[at])) {
            ++at;
            continue;
        }
        auto end = at;
        while (end < line.size() && !blank(line[end])) ++end;
        const auto text = line.substr(at, end - at);
        const bool key = !out.words.empty() && before_key(out.words.back().text);
        if (text[0] == '!' && !out.words.empty() && !key) {
            out.remark = true;
            out.end = out.words.back().begin + out.words.back().text.size();
            break;
        }
        out.words.push_back({text, at});
        at = end;
    }
    return out;
}

bool abbreviates(std::string_view typed, std::string_view keyword) {
    if (typed.size() > keyword.size() || typed.empty()) return false;
    if (typed.size() < 2 && keyword.size() > typed.size()) return false;
    return same_word(typed, keyword.substr(0, typed.size()));
}

std::string_view complete(std::string_view typed, std::span<const std::string_view> options) {
    for (const auto option : options)
        if (same_word(typed, option)) return option;
    for (const auto option : options)
        if (abbreviates(typed, option)) return option;
    return {};
}

std::optional<Fit> fit(std::string_view pattern, const Words& words) {
    Fit out;
    std::size_t place = 0;
    while (!pattern.empty()) {
        const auto part = pattern.substr(0, pattern.find(' '));
        pattern.remove_prefix(std::min(part.size() + 1, pattern.size()));
        if (part == "...") {
            out.rest = place;
            return out;
        }
        if (place >= words.size()) return std::nullopt;
        if (part[0] >= 'A' && part[0] <= 'Z') {
            if (out.names < out.named.size()) out.named[out.names++] = place;
        } else {
            if (!abbreviates(words[place], part)) return std::nullopt;
            ++out.keywords;
            if (words[place].size() == part.size()) ++out.exact;
        }
        ++place;
    }
    out.rest = place;
    return place == words.size() ? std::optional(out) : std::nullopt;
}

std::optional<KeySpot> find_key(const Words& words) {
    for (const auto& [pattern, whole_line] : key_forms) {
        const auto found = fit(pattern, words);
        if (!found || found->rest >= words.size()) continue;
        // `pre-shared-key address …` without `key` is a line that we cannot read, not an IKEv2 key.
        if (pattern == "pre-shared-key ..." && (abbreviates(words[found->rest], "address") || abbreviates(words[found->rest], "hostname")) &&
            words.size() > found->rest + 1)
            continue;
        KeySpot spot;
        spot.place = found->rest;
        const bool more = words.size() > spot.place + 1;
        const auto next = words[spot.place + 1];
        const bool forwarded = !whole_line && (same_word(next, "address") || same_word(next, "hostname"));
        if (more && !forwarded && (is_form(words[spot.place]) || words[spot.place] == "hex"))
            spot.form = words[spot.place++];
        spot.begin = words.words[spot.place].begin;
        spot.end = whole_line ? words.end : spot.begin + words[spot.place].size();
        return spot;
    }
    return std::nullopt;
}

} // namespace ikescope::ios
