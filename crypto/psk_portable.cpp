// The kernels for any processor: 4 candidates to a vector, which every 64 bit one has instructions for.

#include "crypto/psk_aes_table.hpp"
#include "crypto/psk_des.hpp"
#include "crypto/psk_hmac.hpp"

#include <bit>

namespace ikescope::crypto::psk {
namespace {

static_assert(std::endian::native == std::endian::little, "keys are read as words in memory order");

unsigned aes_check_with_tables(const std::uint32_t* ka, unsigned key_words, const BlockCheck& check,
                               std::uint16_t* slots) {
    unsigned found = 0;
    for (unsigned slot = 0; slot < vectors_per_batch * lane_count; ++slot) {
        std::uint32_t words[60];
        for (unsigned i = 0; i < key_words; ++i)
            words[i] = ka[(slot / lane_count * key_words + i) * lane_count + slot % lane_count];
        if (((aes_first_word(words, key_words, check.block) ^ check.iv) & check.mask) == check.value)
            slots[found++] = static_cast<std::uint16_t>(slot);
    }
    return found;
}

} // namespace

const Kernel portable_kernel = {"portable",
                                lane_count,
                                {Hmac<Md5>::pads, Hmac<Sha1>::pads, Hmac<Sha256>::pads},
                                {Hmac<Md5>::derive, Hmac<Sha1>::derive, Hmac<Sha256>::derive},
                                {Hmac<Md5>::compare, Hmac<Sha1>::compare, Hmac<Sha256>::compare},
                                {Hmac<Md5>::keys, Hmac<Sha1>::keys, Hmac<Sha256>::keys},
                                des_check,
                                aes_check_with_tables};

} // namespace ikescope::crypto::psk
