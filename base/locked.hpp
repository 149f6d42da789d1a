#pragma once
// Memory for key material: kept out of swap and of core dumps as far as the system allows it, and wiped before it is
// free.

#include <cstddef>
#include <limits>
#include <new>

namespace ikescope {

/// A block of locked memory; where the system locks no more (RLIMIT_MEMLOCK) or a bound is reached, ordinary memory.
void* locked_allocate(std::size_t size);
/// Wipes a block and gives it back.
void locked_release(void* block, std::size_t size) noexcept;

/// For standard containers.
template <class T>
struct LockedAllocator {
    using value_type = T;
    LockedAllocator() = default;
    template <class U>
    LockedAllocator(const LockedAllocator<U>&) {}
    T* allocate(std::size_t count) {
        if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
        return static_cast<T*>(locked_allocate(count * sizeof(T)));
    }
    void deallocate(T* block, std::size_t count) noexcept { locked_release(block, count * sizeof(T)); }
    friend bool operator==(const LockedAllocator&, const LockedAllocator&) { return true; }
};

/// From now on this process writes no core dump, also not to a helper, and nobody of its user may look into it.
void forbid_core_dumps();

} // namespace ikescope
