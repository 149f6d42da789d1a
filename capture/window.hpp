#pragma once
// A large read() window that slides over a byte source (reading beats mmap twofold here and keeps memory flat).

#include "capture/byte_source.hpp"

#include <cstring>

namespace ikescope::capture {

class Window {
public:
    static constexpr std::size_t usual_size = std::size_t{1} << 20;

    /// `head` is what was already read from the source.
    Window(std::unique_ptr<ByteSource> source, Bytes head, std::size_t size = usual_size)
        : source_(std::move(source)), buffer_(std::max(size, head.size())) {
        std::copy(head.begin(), head.end(), buffer_.begin());
        end_ = head.size();
    }

    /// Are `count` bytes there in one piece? Views handed out before are invalid afterwards.
    bool ensure(std::size_t count) { return end_ - at_ >= count || fill(count); }
    const Byte* data() const { return buffer_.data() + at_; }
    Bytes view(std::size_t count) const { return {data(), count}; }
    std::size_t available() const { return end_ - at_; }
    void advance(std::size_t count) { at_ += count; }
    /// Goes over `count` bytes without keeping them; false when the source ends before.
    bool skip(std::uint64_t count) {
        while (count > available()) {
            count -= available();
            at_ = end_;
            if (!fill(1)) return false;
        }
        advance(static_cast<std::size_t>(count));
        return true;
    }
    /// Offset of data() from the beginning of the source.
    std::uint64_t offset() const { return base_ + at_; }
    /// Why reading failed, if it was not simply the end.
    const std::optional<Error>& error() const { return error_; }

private:
    bool fill(std::size_t count) {
        std::memmove(buffer_.data(), data(), available());
        base_ += at_;
        end_ -= at_;
        at_ = 0;
        while (end_ < count && !ended_) {
            // Grows with what really arrives, so that a lying length costs nothing.
            if (end_ == buffer_.size()) buffer_.resize(std::min(std::max(count, buffer_.size()), 2 * buffer_.size()));
            auto got = source_->read(std::span(buffer_).subspan(end_));
            if (!got) error_ = got.error();
            ended_ = !got || *got == 0;
            if (got) end_ += *got;
        }
        return end_ >= count;
    }

    std::unique_ptr<ByteSource> source_;
    Buffer buffer_;
    std::size_t at_ = 0, end_ = 0;
    std::uint64_t base_ = 0;
    bool ended_ = false;
    std::optional<Error> error_;
};

} // namespace ikescope::capture
