#pragma once
// Writing wire formats: big-endian numbers, bytes, and lengths that are known only afterwards.

#include "base/bytes.hpp"

namespace ikescope {

/// Appends to a buffer it does not own.
class Writer {
public:
    explicit Writer(Buffer& out) : out_(out) {}

    void number(std::uint64_t value, std::size_t width) {
        while (width-- > 0) out_.push_back(static_cast<Byte>(value >> (8 * width)));
    }
    void bytes(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
    void zeros(std::size_t count) { out_.insert(out_.end(), count, Byte{0}); }

    /// Leaves room for a number and says where; patch() fills it in.
    std::size_t placeholder(std::size_t width) {
        zeros(width);
        return out_.size() - width;
    }
    void patch(std::size_t at, std::uint64_t value, std::size_t width) {
        for (std::size_t i = 0; i < width; ++i) out_[at + i] = static_cast<Byte>(value >> (8 * (width - 1 - i)));
    }
    std::size_t size() const { return out_.size(); }

private:
    Buffer& out_;
};

} // namespace ikescope
