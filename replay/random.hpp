#pragma once
// Random bytes that can be had again: everything the peer invents (cookies, nonces, private values, message ids) comes
// from here.

#include "base/secret.hpp"

#include <span>

namespace ikescope::replay {

/// Blocks of HMAC-SHA2-256(seed, counter): as good as its seed, and the same for the same seed.
class Random {
public:
    explicit Random(Bytes seed) : seed_(seed) {}
    /// Seeded by the operating system.
    static Random from_system();

    void fill(std::span<Byte> out);
    Buffer take(std::size_t count);
    /// Never zero: message ids and SPIs must not be.
    std::uint32_t number();

private:
    Secret seed_;
    std::uint64_t counter_ = 0;
    Buffer block_; ///< what is left of the last block
};

} // namespace ikescope::replay
