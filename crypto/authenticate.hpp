#pragma once
// The AUTH payload with a shared secret: RFC 7296 section 2.15, RFC 9242 section 3.3 (IKE_INTERMEDIATE).

#include "crypto/prf.hpp"

namespace ikescope::crypto::ikev2 {

/// What an end signs. For the initiator: its IKE_SA_INIT message, Nr, SK_pi, its ID payload's body; for the responder:
/// its own message, Ni, SK_pr, its ID. `intermediate` is IntAuth, empty without IKE_INTERMEDIATE.
struct AuthInputs {
    Bytes message;    ///< from the first byte of the IKE header, the last version sent (with COOKIE, right group, …)
    Bytes peer_nonce; ///< nonce payload body of the other end
    Bytes id_body;    ///< RestOfIDPayload: ID type, reserved, data
    Bytes intermediate;
};
/// SignedOctets = RealMessage | Nonce of the peer | prf(SK_px, RestOfIDPayload) [| IntAuth]
Buffer signed_octets(PrfId prf, const AuthInputs& inputs, const Secret& sk_p);
inline constexpr std::string_view shared_key_pad = "Key Pad for IKEv2";
/// AUTH = prf(prf(secret, "Key Pad for IKEv2"), SignedOctets); the secret is a PSK, an EAP MSK, or SK_px for EAP without one.
Buffer shared_key_auth(PrfId prf, Bytes secret, Bytes signed_octets);

/// One link of IntAuth: prf(SK_px, [previous link |] A | P) for one IKE_INTERMEDIATE message (RFC 9242 section 3.3.2).
Buffer intermediate_link(PrfId prf, const Secret& sk_p, Bytes previous, Bytes a, Bytes p);
/// IntAuth = last link of the initiator | last link of the responder | message id of IKE_AUTH
Buffer intermediate_auth(Bytes initiator_link, Bytes responder_link, std::uint32_t auth_message_id);

} // namespace ikescope::crypto::ikev2
