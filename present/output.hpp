#pragma once
// Text on its way out: one large buffer, appended to without checks per character, handed on in large pieces.

#include "base/bytes.hpp"

#include <charconv>
#include <iosfwd>
#include <cstring>
#include <memory>

namespace ikescope::present {

/// Where full buffers go. Returns false when nobody takes them any more (a closed pipe, a full disk).
class Sink {
public:
    virtual ~Sink() = default;
    virtual bool write(std::string_view text) = 0;
};

/// Keeps everything: for tests and for callers that want a string.
class StringSink final : public Sink {
public:
    bool write(std::string_view text) override {
        content += text;
        return true;
    }
    std::string content;
};

/// A file descriptor that the caller owns.
class DescriptorSink final : public Sink {
public:
    explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}
    bool write(std::string_view text) override;

private:
    int descriptor_;
};

/// A stream that the caller owns.
class StreamSink final : public Sink {
public:
    explicit StreamSink(std::ostream& stream) : stream_(stream) {}
    bool write(std::string_view text) override;

private:
    std::ostream& stream_;
};

class Output {
public:
    static constexpr std::size_t capacity = 1 << 18;
    /// Up to this much can be appended by one call without looking at the buffer twice.
    static constexpr std::size_t slack = 256;

    explicit Output(Sink& sink) : sink_(sink), buffer_(new char[capacity + slack]) {}
    ~Output() { flush(); }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    void put(char letter) {
        make_room(1);
        buffer_[used_++] = letter;
    }
    void text(std::string_view words) {
        if (words.size() > capacity - used_) [[unlikely]] return long_text(words);
        copy_short(buffer_.get() + used_, words.data(), words.size());
        used_ += words.size();
    }
    /// Words that lie in memory with at least 64 readable bytes from their start: copied in wide steps.
    void padded(const char* words, std::size_t size) {
        make_room(slack);
        char* to = buffer_.get() + used_;
        std::memcpy(to, words, 64);
        if (size > 64) [[unlikely]] std::memcpy(to + 64, words + 64, size - 64);
        used_ += size;
    }
    void blanks(std::size_t count) {
        while (count > 32) {
            blanks(32);
            count -= 32;
        }
        make_room(slack);
        std::memset(buffer_.get() + used_, ' ', 32); // a fixed size is two stores
        used_ += count;
    }
    void decimal(std::uint64_t number) {
        make_room(20);
        char* from = buffer_.get() + used_;
        if (number < 100) {
            const bool two = number >= 10;
            from[0] = static_cast<char>('0' + (two ? number / 10 : number));
            from[1] = static_cast<char>('0' + number % 10);
            used_ += two ? 2 : 1;
            return;
        }
        used_ += static_cast<std::size_t>(std::to_chars(from, from + 20, number).ptr - from);
    }
    /// Decimal, right-aligned with blanks or zeros in `width` columns.
    void decimal(std::uint64_t number, std::size_t width, char fill);
    void signed_decimal(std::int64_t number) {
        if (number < 0) put('-');
        decimal(number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number));
    }
    /// `digits` hexadecimal digits, no prefix.
    void hexadecimal(std::uint64_t number, std::size_t digits) {
        make_room(16);
        char* to = buffer_.get() + used_;
        if (digits == 2) {
            to[0] = digit(number >> 4 & 15);
            to[1] = digit(number & 15);
        } else {
            for (std::size_t i = digits; i-- > 0; number >>= 4) to[i] = digit(number & 15);
        }
        used_ += digits;
    }
    void hex(Bytes bytes);
    void colon_hex(Bytes bytes);
    /// Seconds with `digits` decimals; negative spans keep their sign.
    void seconds(std::int64_t nanoseconds, std::size_t digits);
    void ipv4(const Byte* octets) {
        make_room(16);
        char* to = buffer_.get() + used_;
        for (int i = 0; i < 4; ++i) {
            if (i) *to++ = '.';
            to = octet(to, octets[i]);
        }
        used_ = static_cast<std::size_t>(to - buffer_.get());
    }

    /// How much was written since construction; two calls give the width of what came between.
    std::uint64_t position() const { return handed_on_ + used_; }
    void flush();
    /// False once the sink refused: nothing more needs to be made.
    bool alive() const { return alive_; }

private:
    /// Short texts are what there is most of; a call of memcpy costs more than these few moves.
    static void copy_short(char* to, const char* from, std::size_t size) {
        if (size >= 8 && size <= 32) {
            if (size >= 16) {
                std::memcpy(to, from, 16);
                std::memcpy(to + size - 16, from + size - 16, 16);
            } else {
                std::memcpy(to, from, 8);
                std::memcpy(to + size - 8, from + size - 8, 8);
            }
        } else if (size < 8) {
            for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
        } else {
            std::memcpy(to, from, size);
        }
    }
    static char digit(std::uint64_t value) { return "0123456789abcdef"[value]; }
    static char* octet(char* to, Byte value) {
        if (value >= 100) *to++ = static_cast<char>('0' + value / 100);
        if (value >= 10) *to++ = static_cast<char>('0' + value / 10 % 10);
        *to++ = static_cast<char>('0' + value % 10);
        return to;
    }
    void make_room(std::size_t bytes) {
        if (capacity - used_ < bytes) [[unlikely]] flush();
    }
    void long_text(std::string_view words);

    Sink& sink_;
    std::unique_ptr<char[]> buffer_;
    std::size_t used_ = 0;
    std::uint64_t handed_on_ = 0;
    bool alive_ = true;
};

} // namespace ikescope::present
