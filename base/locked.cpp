#include "base/locked.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace ikescope {
namespace {

/// One range of addresses, locked piece by piece as it is needed and cut into blocks of a power of two.
class Arena {
public:
    static Arena& get() {
        static Arena& arena = *new Arena; // secrets with static storage outlive every order of destruction
        return arena;
    }
    void* take(std::size_t size) {
        const auto which = class_of(size);
        if (which >= classes) return nullptr;
        const std::lock_guard guard(mutex_);
        auto& list = free_[which];
        if (!list && !grow(which)) return nullptr;
        auto* block = list;
        list = block->next;
        return block;
    }
    /// Is it one of ours? Then it is free again.
    bool give(void* block, std::size_t size) {
        const auto at = reinterpret_cast<std::uintptr_t>(block);
        if (!base_ || at < reinterpret_cast<std::uintptr_t>(base_) ||
            at >= reinterpret_cast<std::uintptr_t>(base_) + most)
            return false;
        const std::lock_guard guard(mutex_);
        auto& list = free_[class_of(size)];
        list = new (block) Free{list};
        return true;
    }

private:
    struct Free {
        Free* next;
    };
    static constexpr std::size_t most = std::size_t{4} << 20, piece = std::size_t{64} << 10;
    static constexpr std::size_t smallest = 32, classes = 9; ///< 32 … 8192 bytes

    static std::size_t class_of(std::size_t size) {
        return static_cast<std::size_t>(std::bit_width((size < smallest ? smallest : size) - 1) -
                                        std::bit_width(smallest - 1));
    }
    Arena() {
        void* range = mmap(nullptr, most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (range == MAP_FAILED) return;
        madvise(range, most, MADV_DONTDUMP);
        base_ = static_cast<std::byte*>(range);
    }
    /// Cuts another piece into blocks of this class; false when the system locks no more.
    bool grow(std::size_t which) {
        if (!base_ || used_ == most) return false;
        auto* start = base_ + used_;
        if (mlock(start, piece) != 0) {
            used_ = most;
            return false;
        }
        used_ += piece;
        const auto size = smallest << which;
        for (std::size_t at = piece; at >= size; at -= size) free_[which] = new (start + at - size) Free{free_[which]};
        return true;
    }

    std::mutex mutex_;
    std::byte* base_ = nullptr;
    std::size_t used_ = 0;
    std::array<Free*, classes> free_{};
};

} // namespace

void* locked_allocate(std::size_t size) {
    if (auto* block = Arena::get().take(size)) return block;
    return ::operator new(size);
}

void locked_release(void* block, std::size_t size) noexcept {
    explicit_bzero(block, size);
    if (!Arena::get().give(block, size)) ::operator delete(block);
}

void forbid_core_dumps() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    // The leak checker of a sanitizer build looks into its own process; there only the limit holds.
#if !defined(__SANITIZE_ADDRESS__)
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

} // namespace ikescope
