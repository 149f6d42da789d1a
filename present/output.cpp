#include "present/output.hpp"

#include <array>
#include <cerrno>
#include <ostream>
#include <unistd.h>

namespace ikescope::present {

namespace {

/// "00" to "ff", so that a byte costs one copy of two characters.
constexpr auto hex_pairs = [] {
    std::array<char, 512> pairs{};
    for (std::size_t i = 0; i < 256; ++i) {
        pairs[2 * i] = "0123456789abcdef"[i >> 4];
        pairs[2 * i + 1] = "0123456789abcdef"[i & 15];
    }
    return pairs;
}();

/// "00" to "99".
constexpr auto decimal_pairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

/// "00:" to "ff:" with a fourth byte that the next overwrites, so that a byte costs one store.
constexpr auto hex_colons = [] {
    std::array<char, 1024> triples{};
    for (std::size_t i = 0; i < 256; ++i) {
        triples[4 * i] = hex_pairs[2 * i];
        triples[4 * i + 1] = hex_pairs[2 * i + 1];
        triples[4 * i + 2] = triples[4 * i + 3] = ':';
    }
    return triples;
}();

/// Copies `Width` characters per byte out of a table and goes on by `Step`; eight at a time, which costs a load and a
/// store each.
template <std::size_t Width, std::size_t Step>
void append_each(char* to, Bytes bytes, const char* table) {
    const auto* from = bytes.data();
    const auto* const end = from + bytes.size();
    const auto copy = [&](std::size_t i) { std::memcpy(to + Step * i, table + Width * std::size_t{from[i]}, Width); };
    for (; end - from >= 8; from += 8, to += 8 * Step)
        copy(0), copy(1), copy(2), copy(3), copy(4), copy(5), copy(6), copy(7);
    for (; from < end; ++from, to += Step) copy(0);
}

/// Exactly `digits` decimal digits of a number, two per division.
void write_digits(char* to, std::uint32_t number, std::size_t digits) {
    for (; digits >= 2; digits -= 2, number /= 100)
        std::memcpy(to + digits - 2, decimal_pairs.data() + std::size_t{2} * (number % 100), 2);
    if (digits) *to = static_cast<char>('0' + number % 10);
}

} // namespace

bool DescriptorSink::write(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor_, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool StreamSink::write(std::string_view text) {
    return static_cast<bool>(stream_.write(text.data(), static_cast<std::streamsize>(text.size())));
}

void Output::flush() {
    if (used_ && alive_) alive_ = sink_.write({buffer_.get(), used_});
    handed_on_ += used_;
    used_ = 0;
}

void Output::long_text(std::string_view words) {
    flush();
    if (words.size() <= capacity) return text(words);
    if (alive_) alive_ = sink_.write(words);
    handed_on_ += words.size();
}

void Output::decimal(std::uint64_t number, std::size_t width, char fill) {
    char digits[20];
    const auto count = static_cast<std::size_t>(std::to_chars(digits, digits + 20, number).ptr - digits);
    make_room(slack);
    if (width > count && width <= slack) {
        std::memset(buffer_.get() + used_, fill, width - count);
        used_ += width - count;
    }
    std::memcpy(buffer_.get() + used_, digits, count);
    used_ += count;
}

void Output::hex(Bytes bytes) {
    while (!bytes.empty()) {
        make_room(slack);
        const auto now = bytes.first(std::min<std::size_t>(bytes.size(), (capacity - used_) / 2));
        append_each<2, 2>(buffer_.get() + used_, now, hex_pairs.data());
        used_ += 2 * now.size();
        bytes = bytes.subspan(now.size());
    }
}

void Output::colon_hex(Bytes bytes) {
    const bool any = !bytes.empty();
    while (!bytes.empty()) {
        make_room(slack);
        const auto now = bytes.first(std::min<std::size_t>(bytes.size(), (capacity - used_ - 1) / 3));
        append_each<4, 3>(buffer_.get() + used_, now, hex_colons.data());
        used_ += 3 * now.size();
        bytes = bytes.subspan(now.size());
    }
    if (any) --used_;
}

void Output::seconds(std::int64_t nanoseconds, std::size_t digits) {
    if (nanoseconds < 0) put('-');
    auto rest = nanoseconds < 0 ? 0 - static_cast<std::uint64_t>(nanoseconds) : static_cast<std::uint64_t>(nanoseconds);
    decimal(rest / 1'000'000'000);
    if (digits == 0) return;
    put('.');
    make_room(16);
    auto fraction = static_cast<std::uint32_t>(rest % 1'000'000'000);
    if (digits == 6)
        fraction /= 1000;
    else
        for (std::size_t i = digits; i < 9; ++i) fraction /= 10;
    write_digits(buffer_.get() + used_, fraction, digits);
    used_ += digits;
}

} // namespace ikescope::present
