// The kernels for AVX-512: 16 candidates to a vector. AES has a second version in psk_vaes.cpp.

#if defined(__AVX512F__)
#include "crypto/psk_aes.hpp"
#include "crypto/psk_des.hpp"
#include "crypto/psk_hmac.hpp"

namespace ikescope::crypto::psk {

const Kernel avx512_kernel = {"AVX-512",
                              lane_count,
                              {Hmac<Md5>::pads, Hmac<Sha1>::pads, Hmac<Sha256>::pads},
                              {Hmac<Md5>::derive, Hmac<Sha1>::derive, Hmac<Sha256>::derive},
                              {Hmac<Md5>::compare, Hmac<Sha1>::compare, Hmac<Sha256>::compare},
                              {Hmac<Md5>::keys, Hmac<Sha1>::keys, Hmac<Sha256>::keys},
                              des_check,
                              aes_check_with_instructions};

} // namespace ikescope::crypto::psk
#endif
