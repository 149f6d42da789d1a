#pragma once
// What Wireshark calls algorithms in its tables: the strings are part of the file formats, to the letter (4.0.17).

#include <cstdint>
#include <span>
#include <string_view>

namespace ikescope::secrets {

/// A name, and its numbers in IANA's IKEv2 transform types 1 and 3; key_bits 0: any length.
struct WiresharkName {
    std::string_view name;
    std::uint16_t number, key_bits = 0;
};

/// Column "Encryption algorithm" of ikev2_decryption_table.
inline constexpr WiresharkName wireshark_ike_ciphers[] = {
    {"3DES [RFC2451]", 3},
    {"NULL [RFC2410]", 11},
    {"AES-CBC-128 [RFC3602]", 12, 128},
    {"AES-CBC-192 [RFC3602]", 12, 192},
    {"AES-CBC-256 [RFC3602]", 12, 256},
    {"AES-CTR-128 [RFC5930]", 13, 128},
    {"AES-CTR-192 [RFC5930]", 13, 192},
    {"AES-CTR-256 [RFC5930]", 13, 256},
    {"AES-CCM-128 with 8 octet ICV [RFC5282]", 14, 128},
    {"AES-CCM-192 with 8 octet ICV [RFC5282]", 14, 192},
    {"AES-CCM-256 with 8 octet ICV [RFC5282]", 14, 256},
    {"AES-CCM-128 with 12 octet ICV [RFC5282]", 15, 128},
    {"AES-CCM-192 with 12 octet ICV [RFC5282]", 15, 192},
    {"AES-CCM-256 with 12 octet ICV [RFC5282]", 15, 256},
    {"AES-CCM-128 with 16 octet ICV [RFC5282]", 16, 128},
    {"AES-CCM-192 with 16 octet ICV [RFC5282]", 16, 192},
    {"AES-CCM-256 with 16 octet ICV [RFC5282]", 16, 256},
    {"AES-GCM-128 with 8 octet ICV [RFC5282]", 18, 128},
    {"AES-GCM-192 with 8 octet ICV [RFC5282]", 18, 192},
    {"AES-GCM-256 with 8 octet ICV [RFC5282]", 18, 256},
    {"AES-GCM-128 with 12 octet ICV [RFC5282]", 19, 128},
    {"AES-GCM-192 with 12 octet ICV [RFC5282]", 19, 192},
    {"AES-GCM-256 with 12 octet ICV [RFC5282]", 19, 256},
    {"AES-GCM-128 with 16 octet ICV [RFC5282]", 20, 128},
    {"AES-GCM-192 with 16 octet ICV [RFC5282]", 20, 192},
    {"AES-GCM-256 with 16 octet ICV [RFC5282]", 20, 256},
};
/// Column "Integrity algorithm" of ikev2_decryption_table.
inline constexpr WiresharkName wireshark_ike_integrities[] = {
    {"NONE [RFC4306]", 0},
    {"HMAC_MD5_96 [RFC2403]", 1},
    {"HMAC_SHA1_96 [RFC2404]", 2},
    {"HMAC_MD5_128 [RFC4595]", 6},
    {"HMAC_SHA1_160 [RFC4595]", 7},
    {"HMAC_SHA2_256_128 [RFC4868]", 12},
    {"HMAC_SHA2_384_192 [RFC4868]", 13},
    {"HMAC_SHA2_512_256 [RFC4868]", 14},
    {"HMAC_SHA2_256_96 [draft-ietf-ipsec-ciph-sha-256-00]", 1025},
};
/// For the integrity algorithms of 96 bits that Wireshark cannot compute (AES-XCBC, AES-CMAC): it decrypts without
/// checking.
inline constexpr std::string_view wireshark_ike_unchecked_96 = "ANY 96-bits of Authentication [No Checking]";

/// Columns "Encryption" and "Authentication" of esp_sa.
inline constexpr WiresharkName wireshark_esp_ciphers[] = {
    {"DES-CBC [RFC2405]", 2},
    {"TripleDES-CBC [RFC2451]", 3},
    {"CAST5-CBC [RFC2144]", 6},
    {"BLOWFISH-CBC [RFC2451]", 7},
    {"NULL", 11},
    {"AES-CBC [RFC3602]", 12},
    {"AES-CTR [RFC3686]", 13},
    {"AES-GCM with 8 octet ICV [RFC4106]", 18},
    {"AES-GCM with 12 octet ICV [RFC4106]", 19},
    {"AES-GCM with 16 octet ICV [RFC4106]", 20},
};
inline constexpr WiresharkName wireshark_esp_integrities[] = {
    {"NULL", 0},
    {"HMAC-MD5-96 [RFC2403]", 1},
    {"HMAC-SHA-1-96 [RFC2404]", 2},
    {"HMAC-SHA-256-128 [RFC4868]", 12},
    {"HMAC-SHA-384-192 [RFC4868]", 13},
    {"HMAC-SHA-512-256 [RFC4868]", 14},
    {"HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]", 1025},
};
inline constexpr std::string_view wireshark_esp_unchecked_96 = "ANY 96 bit authentication [no checking]";

/// The row of these numbers, or nullptr: Wireshark has no such algorithm.
const WiresharkName* wireshark_name(std::span<const WiresharkName> table, std::uint16_t number,
                                    std::uint16_t key_bits = 0);

} // namespace ikescope::secrets
