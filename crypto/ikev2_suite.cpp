#include "crypto/ikev2_suite.hpp"

#include <fmt/format.h>

namespace ikescope::crypto::ikev2 {
namespace {

Error unknown(std::string_view type, std::uint16_t number) {
    return {fmt::format("{} transform {} cannot be computed here", type, number)};
}

} // namespace

KeySizes Suite::sizes() const {
    return {prf ? prf->size : 0, integrity ? integrity->key : 0, encryption->material(key_bytes)};
}

Protection Suite::protection(const Keys& keys, bool from_initiator) const {
    return {encryption, integrity, from_initiator ? keys.ei : keys.er, from_initiator ? keys.ai : keys.ar};
}

Protection Suite::protection(const ChildKeys& keys, bool from_initiator) const {
    return {encryption, integrity, from_initiator ? keys.initiator_encryption : keys.responder_encryption,
            from_initiator ? keys.initiator_integrity : keys.responder_integrity};
}

Result<Suite> suite_of(const Transforms& transforms) {
    Suite suite;
    suite.encryption = find_encryption(transforms.encryption);
    if (!suite.encryption) return unknown("encryption", transforms.encryption);
    suite.key_bytes = transforms.key_bits != 0 ? transforms.key_bits / std::size_t{8} : suite.encryption->default_key;
    if (transforms.prf != 0 && !(suite.prf = find_prf(transforms.prf))) return unknown("pseudo-random function", transforms.prf);
    if (transforms.integrity != 0 && !suite.encryption->is_aead() && !(suite.integrity = find_integrity(transforms.integrity)))
        return unknown("integrity", transforms.integrity);
    return suite;
}

} // namespace ikescope::crypto::ikev2
