#pragma once
// What other programs call ESP's algorithms, and what IKEv2's registry calls them.

#include "secrets/store.hpp"

#include <string_view>

namespace ikescope::secrets {

enum class Dialect : std::uint8_t { charon, libreswan, linux_kernel, setkey, wireshark, tcpdump, fortigate };

/// Transform ID of type 1 (RFC 7296 3.3.2); nothing for what the dialect does not have. Case does not count. `icv_bits`
/// is for names that leave it open (Linux: rfc4106(gcm(aes)) with 64, 96 or 128).
std::optional<std::uint16_t> esp_encryption(Dialect dialect, std::string_view name, unsigned icv_bits = 0);
/// Transform ID of type 3; 0 is none.
std::optional<std::uint16_t> esp_integrity(Dialect dialect, std::string_view name, unsigned icv_bits = 0);

/// Bytes of salt at the end of a key (RFC 3686, 4106, 4309, 7634).
std::size_t salt_size(std::uint16_t encryption);
/// The key length attribute (RFC 7296 3.3.5) that a key of `size` bytes with its salt stands for; 0: the cipher has one length only.
std::uint16_t measured_bits(std::uint16_t encryption, std::size_t size);
/// Sets key_bits from the key that is there.
void measure_key(EspKey& key);

} // namespace ikescope::secrets
