#pragma once
// Is a decrypted chain what its sender wrote? Soundness of the chain, and the HASH payloads of RFC 2409 sections 5.4 to 5.7.

#include "session/ikev1_material.hpp"
#include "session/outcome.hpp"

namespace ikescope::session::ikev1 {

/// Can this be the first block of a chain that begins with a payload of type `first` in `total` bytes?
/// Costs one block; a wrong key passes about once in 2^16 to 2^24 times.
bool plausible_start(std::uint8_t first, Bytes block, std::size_t total, std::size_t digest_size);

/// Walks the generic headers and the ID type as a router does; false when one of them fails, which `check` then names.
bool headers_pass(Bytes plain, std::uint8_t first, SanityCheck& check);

/// Every header is legal, and nothing but padding stands behind the last payload. `block`: bytes of a cipher block.
bool sound(const dissect::Message& message, std::size_t block);

/// HASH_I, HASH_R, HASH(1), HASH(2) or HASH(3), whichever this message carries. Unknown when keys or inputs are missing.
Proof verify(const Track& track, const Ikev1Material& material, Label label, Side from,
             const crypto::ikev1::Keys& keys, const dissect::Message& message, Bytes plain);

/// Compares a phase 1 HASH with the one computed from `id_body`.
Proof verify_phase1(const Track& track, const Ikev1Material& material, Side from, const Secret& skeyid, Bytes id_body, Bytes hash);

/// May a payload of this type stand in an IKEv1 message? RFC 2408 3.1, RFC 3947, draft-ietf-ipsec-nat-t-ike, Cisco fragments.
bool known_payload(std::uint8_t type);

} // namespace ikescope::session::ikev1
