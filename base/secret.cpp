#include "base/secret.hpp"

#include <cstring>

namespace ikescope {

void wipe(std::span<Byte> bytes) {
    if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

} // namespace ikescope
