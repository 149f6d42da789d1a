#pragma once
// ESP packets (RFC 4303): SPI | sequence number | IV | ciphertext | ICV.

#include "crypto/protection.hpp"

namespace ikescope::crypto {

/// Opens a packet that begins with the SPI. `high` is the upper half of the sequence number where extended sequence
/// numbers were negotiated. Transforms with an implicit IV (RFC 8750) take it from the sequence number.
/// With NULL encryption and no integrity, or any cipher without integrity: unsupported, see decrypt_esp_without_checking(), which
/// cuts an ICV off that cannot be checked.
Opened open_esp(const Protection& protection, Bytes packet, std::optional<std::uint32_t> high = std::nullopt);
Result<Unverified> decrypt_esp_without_checking(const Protection& protection, Bytes packet);

/// Builds the packet around a padded plaintext (simulation, tests); `iv` as long as the transform wants it on the wire.
Result<Buffer> seal_esp(const Protection& protection, std::uint32_t spi, std::uint32_t sequence, Bytes iv, Bytes padded,
                        std::optional<std::uint32_t> high = std::nullopt);

/// What stands behind the inner packet: padding | pad length | next header.
struct EspTrailer {
    std::size_t content = 0; ///< bytes of the inner packet
    std::uint8_t padding = 0, next_header = 0;
    bool counts_up = true; ///< padding is 1, 2, 3, … as RFC 4303 section 2.4 wants it: a sign that the key is right
};
/// Nothing when the pad length is larger than what there is.
std::optional<EspTrailer> esp_trailer(Bytes plaintext);

} // namespace ikescope::crypto
