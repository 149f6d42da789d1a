#pragma once
// Key material: a buffer that wipes itself and does not print by accident.

#include "base/bytes.hpp"
#include "base/locked.hpp"

#include <utility>

namespace ikescope {

/// Overwrites memory so that the compiler cannot leave it out.
void wipe(std::span<Byte> bytes);

/// Owns secret bytes, in locked memory where the system grants it. Moved-from and destroyed secrets are wiped; there is no
/// stream operator and no implicit text.
class Secret {
public:
    Secret() = default;
    explicit Secret(Bytes bytes) : bytes_(bytes.begin(), bytes.end()) {}
    /// Takes the bytes over: the buffer is wiped.
    explicit Secret(Buffer&& bytes) : Secret(Bytes(bytes)) {
        wipe(bytes);
        bytes.clear();
    }
    Secret(const Secret& other) = default;
    Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
    Secret& operator=(Secret other) noexcept {
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~Secret() = default; // the allocator wipes

    /// The bytes, for computing with them; never for showing them.
    Bytes reveal() const { return bytes_; }
    std::size_t size() const { return bytes_.size(); }
    bool empty() const { return bytes_.empty(); }
    friend bool operator==(const Secret&, const Secret&) = default;

private:
    std::vector<Byte, LockedAllocator<Byte>> bytes_;
};

} // namespace ikescope
