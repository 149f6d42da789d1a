#pragma once
// Reading untrusted bytes: a cursor whose reads are total and which keeps its first misfortune.

#include "base/bytes.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace ikescope {

/// The first read that could not be satisfied, in coordinates of the buffer that is being read.
struct Fault {
    std::size_t offset = 0;    ///< where the read began
    std::size_t wanted = 0;    ///< bytes the field needs
    std::size_t available = 0; ///< bytes that were left
    std::string_view field;    ///< name of the field, a literal
};

/// Reads big-endian fields. After a fault every read yields zero or nothing and the first fault is kept,
/// so callers read straight down and ask once.
class Cursor {
public:
    explicit Cursor(Bytes bytes, std::size_t base = 0) : bytes_(bytes), base_(base) {}

    /// A number of `width` (at most 8) bytes; 0 after a fault.
    std::uint64_t number(std::size_t width, std::string_view field) { return big_endian(take(width, field)); }

    /// The next `count` bytes; nothing after a fault.
    Bytes take(std::size_t count, std::string_view field) {
        if (fault_ || count > left()) {
            if (!fault_) fault_ = Fault{offset(), count, left(), field};
            return {};
        }
        const auto taken = bytes_.subspan(used_, count);
        used_ += count;
        return taken;
    }
    /// All that is left.
    Bytes rest(std::string_view field) { return take(left(), field); }
    void skip(std::size_t count, std::string_view field) { take(count, field); }

    /// A child confined to `count` bytes, or to what is left of them. The child's faults are its own and the parent
    /// already stands behind it, so one bad payload never hides the next.
    Cursor child(std::size_t count, std::string_view field) {
        const auto start = offset();
        if (count > left() && !fault_) fault_ = Fault{start, count, left(), field};
        const auto have = std::min(count, left());
        used_ += have;
        return Cursor{bytes_.subspan(used_ - have, have), start};
    }

    /// Looks at the next bytes without reading them; fewer than `count` at the end.
    Bytes peek(std::size_t count) const { return bytes_.subspan(used_, std::min(count, left())); }

    std::size_t offset() const { return base_ + used_; }
    std::size_t left() const { return bytes_.size() - used_; }
    bool more() const { return !fault_ && left() > 0; }
    const std::optional<Fault>& fault() const { return fault_; }

private:
    Bytes bytes_;
    std::size_t base_;
    std::size_t used_ = 0;
    std::optional<Fault> fault_;
};

} // namespace ikescope
