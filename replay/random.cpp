#include "replay/random.hpp"

#include "base/writer.hpp"
#include "crypto/algorithms.hpp"

#include <algorithm>
#include <random>

namespace ikescope::replay {

Random Random::from_system() {
    std::random_device device;
    Buffer seed;
    for (Writer out(seed); seed.size() < 32;) out.number(device(), 4);
    Random made(seed);
    wipe(seed);
    return made;
}

void Random::fill(std::span<Byte> out) {
    while (!out.empty()) {
        if (block_.empty()) {
            Buffer counter;
            Writer(counter).number(counter_++, 8);
            block_ = crypto::hmac(crypto::HashId::sha256, seed_.reveal(), {counter});
        }
        const auto count = std::min(out.size(), block_.size());
        std::copy_n(block_.end() - static_cast<std::ptrdiff_t>(count), count, out.begin());
        block_.resize(block_.size() - count);
        out = out.subspan(count);
    }
}

Buffer Random::take(std::size_t count) {
    Buffer out(count);
    fill(out);
    return out;
}

std::uint32_t Random::number() {
    std::uint32_t value = 0;
    while (value == 0) value = static_cast<std::uint32_t>(big_endian(take(4)));
    return value;
}

} // namespace ikescope::replay
