#pragma once
// What an IKEv1 SA payload offers, in wire numbers, in words, and as crypto can compute with it.

#include "crypto/ikev1_keys.hpp"
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

/// The suite in crypto's names; nothing when encryption or hash are none that IKEv1 opens with here.
std::optional<crypto::ikev1::Suite> computable(const CompactSuite& suite);

/// "AES-CBC-128/HMAC-SHA2-256" of a phase 2 proposal's transform; AH has no cipher.
std::string quick_suite(std::uint8_t protocol, const dissect::ikev1::Transform& transform);

} // namespace ikescope::session::ikev1
