#include "secrets/decode.hpp"

#include "base/bytes.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

using namespace std::string_view_literals;

/// Files that people give by mistake, by their first bytes.
struct NoText {
    std::string_view magic, sentence;
};
constexpr NoText no_texts[] = {
    {"\xd4\xc3\xb2\xa1"sv, "is a capture, not a log or a file of secrets: name it where captures are named"},
    {"\xa1\xb2\xc3\xd4"sv, "is a capture, not a log or a file of secrets: name it where captures are named"},
    {"\x4d\x3c\xb2\xa1"sv, "is a capture, not a log or a file of secrets: name it where captures are named"},
    {"\xa1\xb2\x3c\x4d"sv, "is a capture, not a log or a file of secrets: name it where captures are named"},
    {"\x0a\x0d\x0d\x0a"sv, "is a capture, not a log or a file of secrets: name it where captures are named"},
    {"\x1f\x8b"sv, "is compressed with gzip: unpack it first (gzip -dk)"},
    {"\x28\xb5\x2f\xfd"sv, "is compressed with zstd: unpack it first (zstd -dk)"},
    {"\xfd"
     "7zXZ"sv,
     "is compressed with xz: unpack it first (xz -dk)"},
    {"BZh"sv, "is compressed with bzip2: unpack it first (bzip2 -dk)"},
    {"PK\x03\x04"sv, "is a zip archive: unpack it first"},
    {"\x7f"
     "ELF"sv,
     "is a program, not a file of secrets"},
    {"__CURSOR="sv, "is of journalctl -o export: write it with -o short or -o json"},
    {"LPKSHHRH"sv, "is systemd's binary journal: write it as text first (journalctl --file=… -o short, or -o json)"},
};

void append_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        put(0xe0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3f));
    } else {
        put(0xf0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3f));
        put(0x80 | (code >> 6 & 0x3f));
    }
    put(0x80 | (code & 0x3f));
}

/// RFC 2781. Lone surrogates become U+FFFD: a broken character somewhere is no reason to lose the keys.
std::string from_utf16(std::string_view raw, bool big) {
    const auto unit = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(raw[at]), second = static_cast<unsigned char>(raw[at + 1]);
        return static_cast<std::uint32_t>(big ? first << 8 | second : second << 8 | first);
    };
    constexpr std::uint32_t replacement = 0xfffd;
    std::string out;
    out.reserve(raw.size() / 2 + 16);
    for (std::size_t at = 0; at + 1 < raw.size(); at += 2) {
        auto code = unit(at);
        if ((code & 0xf800) == 0xd800) {
            const bool pair = (code & 0xfc00) == 0xd800 && at + 3 < raw.size() && (unit(at + 2) & 0xfc00) == 0xdc00;
            code = pair ? 0x10000 + ((code & 0x3ff) << 10 | (unit(at + 2) & 0x3ff)) : replacement;
            if (pair) at += 2;
        }
        append_utf8(out, code);
    }
    return out;
}

/// UTF-16 without a mark: plain ASCII has a zero in every second byte.
std::optional<bool> utf16_order(std::string_view raw) {
    constexpr std::size_t looked_at = 512;
    std::size_t zeros[2] = {0, 0};
    const auto size = std::min(raw.size(), looked_at) & ~std::size_t{1};
    for (std::size_t i = 0; i < size; ++i) zeros[i % 2] += raw[i] == '\0';
    if (size < 16) return std::nullopt;
    if (zeros[1] > size / 3 && zeros[0] == 0) return false;
    if (zeros[0] > size / 3 && zeros[1] == 0) return true;
    return std::nullopt;
}

} // namespace

Result<std::string_view> plain_text(std::string_view raw, const std::string& name, std::string& buffer) {
    if (raw.empty()) return Error{fmt::format("{}: the file is empty", name)};
    for (const auto& known : no_texts)
        if (raw.starts_with(known.magic)) return Error{fmt::format("{} {}", name, known.sentence)};
    if (raw.starts_with("\xef\xbb\xbf"))
        raw.remove_prefix(3);
    else if (raw.starts_with("\xff\xfe") || raw.starts_with("\xfe\xff"))
        return std::string_view(buffer = from_utf16(raw.substr(2), raw[0] == '\xfe'));
    else if (const auto big = utf16_order(raw))
        return std::string_view(buffer = from_utf16(raw, *big));
    constexpr std::size_t looked_at = 4'096; // a log may have a zero byte somewhere, where a disk was full
    if (raw.substr(0, looked_at).find('\0') != std::string_view::npos)
        return Error{fmt::format("{}: it is no text; --secrets takes logs, tables and TOML as text", name)};
    return raw;
}

} // namespace ikescope::secrets
