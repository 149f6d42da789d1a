#include "crypto/authenticate.hpp"

#include "base/writer.hpp"

namespace ikescope::crypto::ikev2 {

Buffer signed_octets(PrfId id, const AuthInputs& inputs, const Secret& sk_p) {
    Buffer out;
    Writer to(out);
    to.bytes(inputs.message);
    to.bytes(inputs.peer_nonce);
    to.bytes(prf(id, sk_p.reveal(), {inputs.id_body}));
    to.bytes(inputs.intermediate);
    return out;
}

Buffer shared_key_auth(PrfId id, Bytes secret, Bytes signed_octets) {
    const Secret key(prf(id, secret, {bytes_of(shared_key_pad)}));
    return prf(id, key.reveal(), {signed_octets});
}

Buffer intermediate_link(PrfId id, const Secret& sk_p, Bytes previous, Bytes a, Bytes p) {
    return prf(id, sk_p.reveal(), {previous, a, p});
}

Buffer intermediate_auth(Bytes initiator_link, Bytes responder_link, std::uint32_t auth_message_id) {
    Buffer out;
    Writer to(out);
    to.bytes(initiator_link);
    to.bytes(responder_link);
    to.number(auth_message_id, 4);
    return out;
}

} // namespace ikescope::crypto::ikev2
