#pragma once
// IKEv1 key schedule and proofs: RFC 2409 sections 5 and 5.4-5.7, appendix B.

#include "crypto/algorithms.hpp"

namespace ikescope::crypto::ikev1 {

/// What both ends negotiated; key_bytes is the cipher's key length.
struct Suite {
    CipherId cipher = CipherId::des3_cbc;
    std::size_t key_bytes = 24;
    HashId hash = HashId::sha1; ///< prf is HMAC with this hash
};

/// The public inputs of a phase 1, exactly as on the wire.
struct Inputs {
    Bytes initiator_cookie, responder_cookie; ///< 8 bytes each
    Bytes initiator_nonce, responder_nonce;   ///< Ni_b, Nr_b: nonce payload bodies
    Bytes initiator_public, responder_public; ///< g^xi, g^xr: KE payload bodies
    Bytes sa_body;                            ///< SAi_b: the initiator's SA payload body (without generic header)
};

/// Everything derived in phase 1; every intermediate is kept for showing and for comparing with logs.
struct Keys {
    Secret skeyid, skeyid_d, skeyid_a, skeyid_e;
    Secret ka;          ///< cipher key, expanded from SKEYID_e where needed (appendix B)
    Buffer initial_iv;  ///< hash(g^xi | g^xr), cut to the block size
};

/// SKEYID = prf(pre-shared-key, Ni_b | Nr_b)
Secret skeyid_psk(const Suite& suite, Bytes psk, const Inputs& inputs);
/// SKEYID = prf(Ni_b | Nr_b, g^xy), for signatures
Secret skeyid_signature(const Suite& suite, Bytes shared, const Inputs& inputs);
/// SKEYID = prf(hash(Ni_b | Nr_b), CKY-I | CKY-R), for public key encryption and revised public key encryption.
/// The nonces are those of the plaintext, which the wire does not show.
Secret skeyid_encryption(const Suite& suite, const Inputs& inputs);
/// SKEYID_d, _a, _e, Ka and the initial IV from SKEYID and g^xy.
Keys derive(const Suite& suite, Secret skeyid, Bytes shared, const Inputs& inputs);
/// Ka from SKEYID_e: cut, or expanded with K1 = prf(SKEYID_e, 0), K2 = prf(SKEYID_e, K1), …
Secret cipher_key(const Suite& suite, const Secret& skeyid_e);
/// Whether a DES key is one of the weak or semi-weak ones of appendix A. RFC 2409 takes "the first eight non-weak bytes" of
/// SKEYID_e; daemons take the first eight or give up, so cipher_key() takes the first eight and this says when to wonder.
bool weak_des_key(Bytes key);
/// Initial IV of phase 1.
Buffer initial_iv(const Suite& suite, const Inputs& inputs);
/// IV of a new message id: hash(last phase 1 block | message id), cut to the block size.
Buffer message_iv(const Suite& suite, Bytes last_block, std::uint32_t message_id);

/// What HASH_I and HASH_R are the prf of: see there.
Buffer hash_i_octets(const Inputs& inputs, Bytes id_body);
Buffer hash_r_octets(const Inputs& inputs, Bytes id_body);
/// HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b); `id_body` is the ID payload's body.
Buffer hash_i(const Suite& suite, const Secret& skeyid, const Inputs& inputs, Bytes id_body);
/// HASH_R = prf(SKEYID, g^xr | g^xi | CKY-R | CKY-I | SAi_b | IDir_b)
Buffer hash_r(const Suite& suite, const Secret& skeyid, const Inputs& inputs, Bytes id_body);
/// HASH(1) = prf(SKEYID_a, M-ID | rest of the message); also of Informational and Transaction exchanges.
Buffer hash_1(const Suite& suite, const Secret& skeyid_a, std::uint32_t message_id, Bytes rest);
/// HASH(2) = prf(SKEYID_a, M-ID | Ni_b | rest of the message)
Buffer hash_2(const Suite& suite, const Secret& skeyid_a, std::uint32_t message_id, Bytes initiator_nonce, Bytes rest);
/// HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b)
Buffer hash_3(const Suite& suite, const Secret& skeyid_a, std::uint32_t message_id, Bytes initiator_nonce, Bytes responder_nonce);

/// KEYMAT of a phase 2 SA: prf+(SKEYID_d, [g(qm)^xy |] protocol | SPI | Ni_b | Nr_b), `size` bytes.
Secret keymat(const Suite& suite, const Secret& skeyid_d, Bytes quick_shared, std::uint8_t protocol, Bytes spi,
              Bytes initiator_nonce, Bytes responder_nonce, std::size_t size);

/// Opens an encrypted message body.
Result<Buffer> open(const Suite& suite, const Secret& ka, Bytes iv, Bytes ciphertext);
/// Encrypts a padded body (simulation, replay, tests).
Result<Buffer> seal(const Suite& suite, const Secret& ka, Bytes iv, Bytes padded);

} // namespace ikescope::crypto::ikev1
