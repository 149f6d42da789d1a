// AES for processors that have it 512 bits wide.

#if defined(__VAES__)
#include "crypto/psk_aes.hpp"

namespace ikescope::crypto::psk {

unsigned vaes_check(const std::uint32_t* ka, unsigned key_words, const BlockCheck& check, std::uint16_t* slots) {
    return aes_check_with_instructions(ka, key_words, check, slots);
}

} // namespace ikescope::crypto::psk
#endif
