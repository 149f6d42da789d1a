#include "crypto/psk_batch.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace ikescope::crypto::psk {

Batch::Batch(unsigned lanes)
    : lanes_(lanes), shift_(static_cast<unsigned>(std::countr_zero(lanes))), memory_(std::make_unique<Memory>()) {
    assert(std::has_single_bit(lanes) && lanes <= most_lanes);
}

void Batch::extend(std::span<const std::uint32_t> starts, Bytes key, CandidateId first) {
    assert(count_ + starts.size() <= capacity() && !key.empty() && key.size() <= most_short);
    Byte padded[most_short] = {};
    std::ranges::copy(key, padded);
    const auto words = static_cast<unsigned>((key.size() + 3) / 4);
    std::fill_n(memory_->length + count_, starts.size(), static_cast<std::uint32_t>(key.size()));
    for (std::size_t i = 0; i < starts.size(); ++i) memory_->id[count_ + i] = {first.place + i, first.detail};
    while (!starts.empty()) {
        const auto run = std::min<std::size_t>(starts.size(), lanes_ - count_ % lanes_); // what fits into this vector
        for (unsigned word = 0; word < words; ++word) {
            const auto same = static_cast<std::uint32_t>(little_endian(Bytes(padded).subspan(std::size_t{4} * word, 4)));
            auto* to = &memory_->words[index(count_, word)];
            if (word > 0)
                std::fill_n(to, run, same);
            else
                std::ranges::transform(starts.first(run), to, [&](std::uint32_t start) { return start | same; });
        }
        count_ += static_cast<unsigned>(run);
        starts = starts.subspan(run);
    }
    used_ = std::max(used_, words);
}

void Batch::add_long(unsigned slot, Bytes key) { longs_.push_back({slot, Secret(key)}); }

Secret Batch::key(unsigned slot) const {
    for (const auto& aside : longs_)
        if (aside.slot == slot) return aside.key;
    Buffer bytes(memory_->length[slot]);
    for (unsigned i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<Byte>(memory_->words[index(slot, i / 4)] >> (8 * (i % 4)));
    return Secret(std::move(bytes));
}

void Batch::clear() {
    for (unsigned vector = 0; vector < vectors_per_batch && used_ > 0; ++vector)
        std::memset(&memory_->words[index(vector * lanes_, 0)], 0, std::size_t{4} * used_ * lanes_);
    longs_.clear();
    count_ = used_ = 0;
}

} // namespace ikescope::crypto::psk
