#include "base/bytes.hpp"

namespace ikescope {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

int digit_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

bool separates_bytes(char character) {
    return character == ' ' || character == ':' || character == '-' || character == '\t';
}

} // namespace

void append_hex(std::string& out, Bytes bytes, std::string_view separator) {
    out.reserve(out.size() + bytes.size() * (2 + separator.size()));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i != 0) out += separator;
        out += digits[bytes[i] >> 4];
        out += digits[bytes[i] & 15];
    }
}

std::string hex(Bytes bytes, std::string_view separator) {
    std::string out;
    append_hex(out, bytes, separator);
    return out;
}

std::optional<Buffer> parse_hex(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
    Buffer out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size();) {
        if (separates_bytes(text[i])) {
            ++i;
            continue;
        }
        if (i + 1 == text.size()) return std::nullopt;
        const int high = digit_value(text[i]), low = digit_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out.push_back(static_cast<Byte>(high << 4 | low));
        i += 2;
    }
    return out;
}

std::string printable(Bytes bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (auto byte : bytes) out += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
    return out;
}

} // namespace ikescope
