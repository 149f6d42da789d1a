#pragma once
// Where the bytes of a capture come from: a file, standard input, memory, or a decompressor in front of one of these.

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <algorithm>
#include <memory>

namespace ikescope::capture {

/// A stream of bytes that is read once, from front to back.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Fills the front of `out` and says how much; 0 only at the end. An error is a clause such as "read error: …".
    virtual Result<std::size_t> read(std::span<Byte> out) = 0;
};

/// Opens a file, or standard input for "-"; the error is a whole sentence (missing, forbidden, a directory, …).
Result<std::unique_ptr<ByteSource>> open_file(const std::string& path);
/// Bytes that the caller keeps alive.
std::unique_ptr<ByteSource> memory_source(Bytes bytes);

/// "gzip", "zstd" or empty, by the first bytes.
std::string_view compression_of(Bytes head);
/// The decompressor for what compression_of() recognised in `head`, which was already read from `packed`.
std::unique_ptr<ByteSource> unpack(std::unique_ptr<ByteSource> packed, Buffer head);

/// Decompressors: `head` is what was already read from `packed` to recognise it.
std::unique_ptr<ByteSource> gzip_source(std::unique_ptr<ByteSource> packed, Buffer head);
std::unique_ptr<ByteSource> zstd_source(std::unique_ptr<ByteSource> packed, Buffer head);

/// The compressed input of a decompressor: first the head, then the source.
class PackedInput {
public:
    PackedInput(std::unique_ptr<ByteSource> source, Buffer head) : source_(std::move(source)), buffer_(std::move(head)) {
        end_ = buffer_.size();
        buffer_.resize(std::max(buffer_.size(), std::size_t{1} << 18));
    }
    Bytes left() const { return Bytes(buffer_).subspan(at_, end_ - at_); }
    void used(std::size_t count) { at_ += count; }
    /// Makes left() non-empty; false at the end.
    Result<bool> refill() {
        if (at_ < end_) return true;
        auto got = source_->read(buffer_);
        if (!got) return got.error();
        at_ = 0;
        end_ = *got;
        return end_ > 0;
    }

private:
    std::unique_ptr<ByteSource> source_;
    Buffer buffer_;
    std::size_t at_ = 0, end_ = 0;
};

} // namespace ikescope::capture
