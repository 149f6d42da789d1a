#pragma once
// IKEv2 key schedule: RFC 7296 sections 2.13-2.18, with RFC 5723 (resumption), RFC 8784 (PPK) and RFC 9370 (several key exchanges).

#include "crypto/prf.hpp"

#include <array>
#include <span>

namespace ikescope::crypto::ikev2 {

/// Bytes of each kind of key; integrity is 0 for an AEAD, encryption includes the salt.
struct KeySizes {
    std::size_t prf = 0, integrity = 0, encryption = 0;
};

/// Everything derived for an IKE SA.
struct Keys {
    Secret d, ai, ar, ei, er, pi, pr;
};

/// RFC 7296 section 2.14: {SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr} = prf+(SKEYSEED, …).
/// The order in which keys are cut, shown, exported and compared.
struct Slice {
    std::string_view name;
    Secret Keys::*into;
    std::size_t KeySizes::*size;
};
inline constexpr std::array slices = {
    Slice{"SK_d", &Keys::d, &KeySizes::prf},        Slice{"SK_ai", &Keys::ai, &KeySizes::integrity},
    Slice{"SK_ar", &Keys::ar, &KeySizes::integrity}, Slice{"SK_ei", &Keys::ei, &KeySizes::encryption},
    Slice{"SK_er", &Keys::er, &KeySizes::encryption}, Slice{"SK_pi", &Keys::pi, &KeySizes::prf},
    Slice{"SK_pr", &Keys::pr, &KeySizes::prf},
};

/// The public inputs of an exchange: nonce payload bodies, and the SPIs (8 bytes each) of the SA that is being made.
struct Inputs {
    Bytes initiator_nonce, responder_nonce;
    Bytes initiator_spi, responder_spi;
};

/// SKEYSEED = prf(Ni | Nr, g^ir); of each nonce only 8 bytes for AES-XCBC and AES-CMAC (RFC 7296 section 2.14).
Secret skeyseed(PrfId prf, Bytes shared, const Inputs& inputs);
/// SKEYSEED of a rekeyed IKE SA = prf(SK_d old, g^ir | Ni | Nr | SK(1) | … | SK(n)), with the OLD SA's prf (RFC 7296
/// section 2.18, RFC 9370 section 2.2.4); `additional` are the results of additional key exchanges, in order.
Secret skeyseed_rekey(PrfId old_prf, const Secret& old_d, Bytes shared, const Inputs& inputs, std::span<const Secret> additional = {});
/// SKEYSEED(n) = prf(SK_d(n-1), SK(n) | Ni | Nr) after an IKE_INTERMEDIATE key exchange (RFC 9370 section 2.2.2);
/// Ni, Nr are those of IKE_SA_INIT.
Secret skeyseed_intermediate(PrfId prf, const Secret& previous_d, Bytes shared, const Inputs& inputs);
/// SKEYSEED = prf(SK_d old, "Resumption" | Ni | Nr) (RFC 5723 section 5.1).
Secret skeyseed_resumption(PrfId prf, const Secret& old_d, const Inputs& inputs);

/// All keys of an IKE SA = prf+(SKEYSEED, Ni | Nr | SPIi | SPIr), cut by `slices`.
Keys derive(PrfId prf, const KeySizes& sizes, const Secret& skeyseed, const Inputs& inputs);
/// The keys with a post-quantum pre-shared key mixed in: SK_d, SK_pi, SK_pr = prf+(PPK, SK_x') (RFC 8784 section 3).
Keys with_ppk(PrfId prf, Keys keys, const Secret& ppk);

/// KEYMAT of a CHILD_SA = prf+(SK_d, [g^ir |] Ni | Nr [| SK(1) | …]), `size` bytes; the nonces of IKE_AUTH's CHILD_SA are
/// those of IKE_SA_INIT (RFC 7296 section 2.17, RFC 9370 section 2.2.4).
Secret child_keymat(PrfId prf, const Secret& sk_d, Bytes shared, const Inputs& inputs, std::size_t size,
                    std::span<const Secret> additional = {});

/// Keys of one CHILD_SA pair, cut in the order of RFC 7296 section 2.17: initiator's encryption, integrity, then responder's.
struct ChildKeys {
    Secret initiator_encryption, initiator_integrity, responder_encryption, responder_integrity;
};
ChildKeys cut_child(const Secret& keymat, std::size_t encryption, std::size_t integrity);

} // namespace ikescope::crypto::ikev2
