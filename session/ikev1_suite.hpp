#pragma once
// What an IKEv1 SA payload offers, in wire numbers, in words, and as crypto can compute with it.

#include "crypto/dh.hpp"
#include "crypto/ikev1_keys.hpp"
#include "crypto/ikev2_suite.hpp"
#include "dissect/ikev1.hpp"
#include "session/track.hpp"

namespace ikescope::session::ikev1 {

/// All ISAKMP transforms of a phase 1 SA payload, in order. RFC 2409 appendix A.
std::vector<Offer> offers_of(const dissect::PayloadRef& sa);

CompactSuite compact(const Suite& suite);
Suite expand(const CompactSuite& suite);

/// Is the authentication method one by pre-shared keys (RFC 2409 appendix A, XAUTH's 65001 to 65002 among them)?
bool by_psk(std::uint32_t authentication);
/// By signatures: SKEYID needs no PSK.
bool by_signature(std::uint32_t authentication);

/// By public key encryption, plain (RFC 2409 5.2) or revised (5.3); with XAUTH's variants.
bool by_encryption(std::uint32_t authentication);
bool by_revised_encryption(std::uint32_t authentication);

/// The suite in crypto's names; nothing when encryption or hash are none that IKEv1 opens with here.
std::optional<crypto::ikev1::Suite> computable(const CompactSuite& suite);

/// "AES-CBC-128/HMAC-SHA2-256" of a phase 2 proposal's transform; AH has no cipher.
std::string quick_suite(std::uint8_t protocol, const dissect::ikev1::Transform& transform);

/// What an ESP transform of phase 2 is computed with. More than one where implementations differ (HMAC-SHA2-256 cut to
/// 96 bits, as before RFC 4868); empty when it cannot be computed here, and of AH.
std::vector<crypto::ikev2::Suite> esp_suites(const dissect::ikev1::Transform& transform);
/// The MODP group whose prime and generator stand in the first transform (RFC 2409 appendix A, classes 5 to 7); nothing
/// when there is none, or when it is an elliptic curve. `number`: what New Group Mode calls it, 0 without a
/// description.
struct NewGroup {
    std::uint16_t number = 0;
    crypto::ModpGroup group;
};
std::optional<NewGroup> new_group(const dissect::PayloadRef& sa);

/// Group of the second Diffie-Hellman exchange (PFS), 0 without; and whether sequence numbers have 64 bits (RFC 4304).
std::uint16_t quick_group(const dissect::ikev1::Transform& transform);
bool quick_extended(const dissect::ikev1::Transform& transform);

} // namespace ikescope::session::ikev1
