#include "secrets/key_mask.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace ikescope::secrets {
namespace {

struct Set {
    char name;
    void (*fill)(Buffer&);
};
void range(Buffer& into, int first, int last) {
    for (int byte = first; byte <= last; ++byte) into.push_back(static_cast<Byte>(byte));
}
void punctuation(Buffer& into) {
    range(into, 0x20, 0x2f);
    range(into, 0x3a, 0x40);
    range(into, 0x5b, 0x60);
    range(into, 0x7b, 0x7e);
}
constexpr Set sets[] = {
    {'l', [](Buffer& into) { range(into, 'a', 'z'); }},
    {'u', [](Buffer& into) { range(into, 'A', 'Z'); }},
    {'d', [](Buffer& into) { range(into, '0', '9'); }},
    {'h', [](Buffer& into) { range(into, '0', '9'), range(into, 'a', 'f'); }},
    {'H', [](Buffer& into) { range(into, '0', '9'), range(into, 'A', 'F'); }},
    {'s', punctuation},
    {'a', [](Buffer& into) { range(into, 0x20, 0x7e); }},
    {'b', [](Buffer& into) { range(into, 0, 255); }},
};

/// The set at `at`, which moves behind it.
Result<Buffer> set_at(std::string_view text, std::size_t& at, std::span<const Buffer> own) {
    const char first = text[at++];
    if (first != '?') return Buffer{static_cast<Byte>(first)};
    if (at == text.size()) return Error{fmt::format("'{}' ends with a single ?; write ?? for a question mark", text)};
    const char name = text[at++];
    if (name == '?') return Buffer{Byte{'?'}};
    Buffer made;
    if (name >= '1' && name <= '4') {
        const auto index = static_cast<std::size_t>(name - '1');
        if (index >= own.size() || own[index].empty())
            return Error{fmt::format("'{}' uses ?{}, but there is no option -{}", text, name, name)};
        return own[index];
    }
    const auto set = std::ranges::find(sets, name, &Set::name);
    if (set == std::end(sets))
        return Error{fmt::format(
            "'{}' has no set ?{}; there are ?l ?u ?d ?h ?H ?s ?a ?b ?1 to ?4, and ?? for a question mark", text, name)};
    set->fill(made);
    return made;
}

} // namespace

void KeyMask::write(std::uint64_t index, Byte* out) const {
    for (const auto& position : positions) {
        *out++ = position[index % position.size()];
        index /= position.size();
    }
}

Result<Buffer> read_set(std::string_view text, std::span<const Buffer> own) {
    Buffer all;
    for (std::size_t at = 0; at < text.size();) {
        auto set = set_at(text, at, own);
        if (!set) return set.error();
        for (const auto byte : *set)
            if (std::ranges::find(all, byte) == all.end()) all.push_back(byte);
    }
    return all;
}

Result<KeyMask> read_mask(std::string_view text, std::span<const Buffer> own) {
    if (text.empty()) return Error{"an empty mask makes no keys"};
    KeyMask mask{std::string(text), {}, 1};
    for (std::size_t at = 0; at < text.size();) {
        auto set = set_at(text, at, own);
        if (!set) return set.error();
        if (mask.count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / set->size())
            return Error{fmt::format("'{}' makes more than 2^63 keys; nobody lives that long", text)};
        mask.count *= set->size();
        mask.positions.push_back(std::move(*set));
    }
    return mask;
}

} // namespace ikescope::secrets
