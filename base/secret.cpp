#include "base/secret.hpp"

#include <string.h>

namespace ikescope {

void wipe(std::span<Byte> bytes) {
    if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

} // namespace ikescope
