// The kernels for AVX2 and AES-NI: 8 candidates to a vector.

#if defined(__AVX2__)
#include "crypto/psk_aes.hpp"
#include "crypto/psk_des.hpp"
#include "crypto/psk_hmac.hpp"

namespace ikescope::crypto::psk {

const Kernel avx2_kernel = {"AVX2",
                            lane_count,
                            {Hmac<Md5>::pads, Hmac<Sha1>::pads, Hmac<Sha256>::pads},
                            {Hmac<Md5>::derive, Hmac<Sha1>::derive, Hmac<Sha256>::derive},
                            {Hmac<Md5>::compare, Hmac<Sha1>::compare, Hmac<Sha256>::compare},
                            {Hmac<Md5>::keys, Hmac<Sha1>::keys, Hmac<Sha256>::keys},
                            des_check,
                            aes_check_with_instructions};

} // namespace ikescope::crypto::psk
#endif
