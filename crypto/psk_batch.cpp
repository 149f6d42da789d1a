#include "crypto/psk_batch.hpp"

#include <bit>
#include <cassert>

namespace ikescope::crypto::psk {

Batch::Batch(unsigned lanes)
    : lanes_(lanes), shift_(static_cast<unsigned>(std::countr_zero(lanes))), memory_(std::make_unique<Memory>()) {
    assert(std::has_single_bit(lanes) && lanes <= most_lanes);
}

void Batch::extend(unsigned count, unsigned key_bytes, CandidateId first) {
    assert(count_ + count <= capacity() && key_bytes <= most_short);
    for (unsigned i = 0; i < count; ++i) {
        memory_->length[count_ + i] = key_bytes;
        memory_->id[count_ + i] = {first.place + i, first.detail};
    }
    count_ += count;
    used_ = std::max(used_, (key_bytes + 3) / 4);
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
