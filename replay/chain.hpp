#pragma once
// A chain of payloads while it is written: every generic header names the payload behind it. RFC 2408 3.2, RFC
// 7296 3.2.

#include "base/writer.hpp"
#include "dissect/message.hpp"

namespace ikescope::replay {

class Chain {
public:
    /// Appends a payload with its generic header.
    void add(std::uint8_t type, Bytes body) {
        (bytes_.empty() ? first_ : bytes_[last_]) = type;
        last_ = bytes_.size();
        Writer out(bytes_);
        out.number(0, 2);
        out.number(dissect::generic_header_size + body.size(), 2);
        out.bytes(body);
    }
    /// Appends another chain.
    void add(const Chain& more) {
        if (more.bytes_.empty()) return;
        (bytes_.empty() ? first_ : bytes_[last_]) = more.first_;
        last_ = bytes_.size() + more.last_;
        bytes_.insert(bytes_.end(), more.bytes_.begin(), more.bytes_.end());
    }
    std::uint8_t first() const { return first_; }
    const Buffer& bytes() const { return bytes_; }

private:
    std::uint8_t first_ = 0;
    std::size_t last_ = 0;
    Buffer bytes_;
};

/// A whole message: the header with its length, and what stands behind it.
inline Buffer message_of(dissect::Header header, Bytes rest) {
    header.length = static_cast<std::uint32_t>(dissect::header_size + rest.size());
    Buffer out;
    dissect::write_header(header, out);
    Writer(out).bytes(rest);
    return out;
}

} // namespace ikescope::replay
