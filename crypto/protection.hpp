#pragma once
// Encryption and integrity transforms of IKEv2 and ESP, and what they protect: the Encrypted payload (RFC 7296 section 3.14,
// RFC 5282) and ESP packets (RFC 4303). Unauthenticated plaintext cannot be had by accident: open() gives a plaintext only
// when the ICV is right, and the one function that does not check gives another type.

#include "crypto/algorithms.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ikescope::crypto {

enum class Mode : std::uint8_t { null, cbc, ctr, gcm, ccm, chacha20_poly1305, gmac };

/// A row of "Transform Type 1 - Encryption Algorithm Transform IDs" that can be computed.
struct Encryption {
    std::uint16_t number;
    std::string_view name;
    Mode mode;
    CipherId cipher;
    std::size_t default_key;  ///< bytes without salt, when no Key Length attribute says otherwise
    std::size_t salt, iv;     ///< bytes; the salt is the tail of the key material
    std::size_t icv;          ///< bytes; 0 unless the transform brings its own integrity
    std::size_t block;        ///< the ciphertext is whole blocks of that many bytes

    bool is_aead() const { return icv != 0; }
    /// The IV is not sent but made of the sequence number (RFC 8750).
    bool has_implicit_iv() const { return number >= 29 && number <= 31; }
    /// Bytes that are cut from the key material for a cipher key of `key_bytes`.
    std::size_t material(std::size_t key_bytes) const { return key_bytes + salt; }
};
/// A row of "Transform Type 3 - Integrity Algorithm Transform IDs" that can be computed.
struct Integrity {
    std::uint16_t number;
    std::string_view name;
    std::size_t key, icv; ///< bytes
};
/// The row of a transform ID, or nullptr when it is unknown or cannot be computed.
const Encryption* find_encryption(std::uint16_t number);
const Integrity* find_integrity(std::uint16_t number);
/// The MAC of an integrity transform, cut to its ICV.
Buffer integrity_value(const Integrity& integrity, Bytes key, std::initializer_list<Bytes> parts);

/// How one direction of an SA is protected. `integrity` is null for an AEAD.
struct Protection {
    const Encryption* encryption = nullptr;
    const Integrity* integrity = nullptr;
    Secret encryption_key; ///< with the salt at its end
    Secret integrity_key;
    std::size_t unchecked_icv = 0; ///< bytes of an ICV whose algorithm is not known (`integrity` null): cut off, not checked

    std::size_t icv_size() const { return encryption->is_aead() ? encryption->icv : integrity ? integrity->icv : unchecked_icv; }
};

/// One protected message in parts.
///   IKEv2:  aad = IKE header … generic header of the SK or SKF payload (with SKF: and its two fragment numbers)
///   ESP:    aad = SPI | sequence number; `extended` = high half of the extended sequence number (4 bytes) or nothing
struct Parts {
    Bytes aad, iv, ciphertext, icv, extended;
};

/// What became of opening. A plaintext exists only with the verdict `authentic`.
class Opened {
public:
    enum class Verdict : std::uint8_t {
        authentic,
        wrong_icv,   ///< other keys, or the message was changed
        malformed,   ///< lengths that do not fit the transform
        unsupported  ///< cannot be computed here
    };
    Verdict verdict() const { return verdict_; }
    explicit operator bool() const { return verdict_ == Verdict::authentic; }
    /// With padding and what follows it; nullptr unless authentic.
    const Buffer* plaintext() const { return *this ? &bytes_ : nullptr; }
    /// One sentence; empty when authentic.
    const std::string& why() const { return why_; }

private:
    friend class Opener;
    Verdict verdict_ = Verdict::unsupported;
    Buffer bytes_;
    std::string why_;
};
Opened open(const Protection& protection, const Parts& parts);

/// Plaintext that nobody vouches for: where only the encryption key is known, or ESP without integrity.
struct Unverified {
    Buffer bytes;
};
Result<Unverified> decrypt_without_checking(const Protection& protection, const Parts& parts);

struct Sealed {
    Buffer ciphertext, icv;
};
/// Protects a padded plaintext; `iv` is the caller's, `ciphertext` and `icv` of the parts are not looked at.
Result<Sealed> seal(const Protection& protection, const Parts& parts, Bytes padded);

/// Bytes of content in front of IKEv2's padding (… | padding | pad length), or nothing when the pad length is larger than the rest.
std::optional<std::size_t> content_size(Bytes plaintext);
/// The content padded as IKEv2 wants it: zeros up to whole blocks, then the pad length.
Buffer pad(const Encryption& encryption, Bytes content);

} // namespace ikescope::crypto
