#pragma once
// How much key material the ESP SAs of Quick Mode need.

#include "crypto/protection.hpp"
#include "replay/ikev1_policy.hpp"

namespace ikescope::replay::ikev1 {

/// IKEv1's numbers for what IKEv2 numbers anew: authentication algorithms (IANA isakmp-registry against transform type
/// 3).
struct EspAuthentication {
    std::uint16_t ikev1, ikev2;
};
inline constexpr EspAuthentication esp_authentication[] = {{1, 1}, {2, 2}, {5, 12}, {6, 13}, {7, 14}, {9, 5}};

/// Bytes of KEYMAT for one SA: encryption key with salt, then integrity key; 0 when the transform cannot be computed.
/// ESP transform numbers are those of IKEv2's transform type 1 but for GMAC (23 against 21).
inline std::size_t key_material_size(const EspOffer& offer) {
    const auto* encryption = crypto::find_encryption(offer.transform == 23 ? 21 : offer.transform);
    if (!encryption) return 0;
    auto size = encryption->material(offer.key_bits != 0 ? offer.key_bits / 8U : encryption->default_key);
    for (const auto& [ikev1, ikev2] : esp_authentication)
        if (ikev1 == offer.authentication) size += crypto::find_integrity(ikev2)->key;
    return size;
}

} // namespace ikescope::replay::ikev1
