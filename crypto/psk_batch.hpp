#pragma once
// Candidates for a pre-shared key, side by side as the kernels want them.

#include "base/secret.hpp"
#include "crypto/psk_kernel.hpp"

#include <cstring>
#include <memory>

namespace ikescope::crypto::psk {

/// Where a candidate came from, in numbers that only its maker understands.
struct CandidateId {
    std::uint64_t place = 0;
    std::uint32_t detail = 0;
};

/// Up to capacity() candidates. Keys of more than 64 bytes are kept aside: HMAC hashes them first.
class Batch {
public:
    /// `lanes` of the kernel that is to test it.
    explicit Batch(unsigned lanes);

    unsigned capacity() const { return vectors_per_batch * lanes_; }
    unsigned size() const { return count_; }
    bool full() const { return count_ == capacity(); }

    /// A key of any length; the batch must not be full.
    void add(Bytes key, CandidateId id) {
        const auto slot = count_++;
        memory_->id[slot] = id;
        memory_->length[slot] = static_cast<std::uint32_t>(key.size());
        if (key.size() > most_short) return add_long(slot, key);
        write(slot, key);
    }
    /// Keys that differ in their first four bytes only: each of `starts` (in memory order) is or-ed into those of `key`, which
    /// has 1 to most_short bytes. Their places count up from `first`; all must fit in.
    void extend(std::span<const std::uint32_t> starts, Bytes key, CandidateId first);

    Secret key(unsigned slot) const;
    CandidateId id(unsigned slot) const { return memory_->id[slot]; }
    void clear();

    static constexpr std::size_t most_short = std::size_t{4} * block_words;

    // For the search.
    const std::uint32_t* words() const { return memory_->words; }
    unsigned used_words() const { return used_; }
    struct Long {
        unsigned slot;
        Secret key;
    };
    const std::vector<Long>& longs() const { return longs_; }
    void write(unsigned slot, Bytes key) {
        auto* to = &memory_->words[index(slot, 0)];
        const auto whole = key.size() / 4;
        for (std::size_t i = 0; i < whole; ++i, to += lanes_) std::memcpy(to, key.data() + 4 * i, 4);
        const auto words = static_cast<unsigned>((key.size() + 3) / 4);
        if (words > whole) {
            std::uint32_t tail = 0;
            for (auto i = key.size(); i-- > 4 * whole;) tail = tail << 8 | key[i];
            *to = tail;
        }
        if (words > used_) used_ = words;
    }

private:
    struct alignas(64) Memory {
        std::uint32_t words[vectors_per_batch * block_words * most_lanes];
        std::uint32_t length[vectors_per_batch * most_lanes];
        CandidateId id[vectors_per_batch * most_lanes];
    };
    unsigned index(unsigned slot, unsigned word) const {
        return ((slot >> shift_) * block_words + word) * lanes_ + (slot & (lanes_ - 1));
    }
    void add_long(unsigned slot, Bytes key);

    unsigned lanes_, shift_, count_ = 0, used_ = 0;
    std::unique_ptr<Memory> memory_;
    std::vector<Long> longs_;
};

} // namespace ikescope::crypto::psk
