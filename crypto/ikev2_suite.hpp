#pragma once
// What two ends of IKEv2 agreed on, as rows of what can be computed, and the keys brought together with it.

#include "crypto/ikev2_keys.hpp"
#include "crypto/protection.hpp"

namespace ikescope::crypto::ikev2 {

/// The transform IDs and the Key Length attribute (bits, 0 when absent) of a chosen proposal.
struct Transforms {
    std::uint16_t encryption = 0, key_bits = 0, prf = 0, integrity = 0;
};

/// For an IKE SA; a CHILD_SA has no prf of its own and leaves it null.
struct Suite {
    const Encryption* encryption = nullptr;
    const Integrity* integrity = nullptr; ///< null for an AEAD, or where none was negotiated
    const Prf* prf = nullptr;
    std::size_t key_bytes = 0; ///< of the cipher, without salt

    KeySizes sizes() const;
    /// What the initiator (or the responder) sends with.
    Protection protection(const Keys& keys, bool from_initiator) const;
    Protection protection(const ChildKeys& keys, bool from_initiator) const;
    /// Bytes that child_keymat() must give for cut_child().
    std::size_t child_size() const { return 2 * (sizes().encryption + sizes().integrity); }
};

/// An Error names the transform that cannot be computed here. A prf or integrity of 0 stays null.
Result<Suite> suite_of(const Transforms& transforms);

} // namespace ikescope::crypto::ikev2
