#include "secrets/esp_names.hpp"

#include <algorithm>

namespace ikescope::secrets {
namespace {

/// `icv_bits` 0: whatever is asked for.
struct Name {
    Dialect dialect;
    std::string_view name;
    std::uint16_t id;
    unsigned icv_bits = 0;
};

using enum Dialect;

// libcharon: encryption_algorithm_names; Linux: xfrm_algo.c; KAME: setkey(8); Wireshark: packet-ipsec.c; tcpdump: names
// of OpenSSL; FortiOS: diagnose vpn tunnel list.
constexpr Name encryptions[] = {
    {charon, "DES_CBC", 2},
    {charon, "3DES_CBC", 3},
    {charon, "CAST_CBC", 6},
    {charon, "BLOWFISH_CBC", 7},
    {charon, "NULL", 11},
    {charon, "AES_CBC", 12},
    {charon, "AES_CTR", 13},
    {charon, "AES_CCM_8", 14},
    {charon, "AES_CCM_12", 15},
    {charon, "AES_CCM_16", 16},
    {charon, "AES_GCM_8", 18},
    {charon, "AES_GCM_12", 19},
    {charon, "AES_GCM_16", 20},
    {charon, "NULL_AES_GMAC", 21},
    {charon, "CAMELLIA_CBC", 23},
    {charon, "CAMELLIA_CTR", 24},
    {charon, "CHACHA20_POLY1305", 28},
    {libreswan, "3DES_CBC", 3},
    {libreswan, "NULL", 11},
    {libreswan, "AES_CBC", 12},
    {libreswan, "AES_CTR", 13},
    {libreswan, "AES_CCM_8", 14},
    {libreswan, "AES_CCM_12", 15},
    {libreswan, "AES_CCM_16", 16},
    {libreswan, "AES_GCM_8", 18},
    {libreswan, "AES_GCM_12", 19},
    {libreswan, "AES_GCM_16", 20},
    {libreswan, "NULL_AUTH_AES_GMAC", 21},
    {libreswan, "CAMELLIA_CBC", 23},
    {libreswan, "CHACHA20_POLY1305", 28},
    {linux_kernel, "cbc(des)", 2},
    {linux_kernel, "cbc(des3_ede)", 3},
    {linux_kernel, "cbc(cast5)", 6},
    {linux_kernel, "cbc(blowfish)", 7},
    {linux_kernel, "ecb(cipher_null)", 11},
    {linux_kernel, "cipher_null", 11},
    {linux_kernel, "cbc(aes)", 12},
    {linux_kernel, "rfc3686(ctr(aes))", 13},
    {linux_kernel, "rfc4309(ccm(aes))", 14, 64},
    {linux_kernel, "rfc4309(ccm(aes))", 15, 96},
    {linux_kernel, "rfc4309(ccm(aes))", 16, 128},
    {linux_kernel, "rfc4106(gcm(aes))", 18, 64},
    {linux_kernel, "rfc4106(gcm(aes))", 19, 96},
    {linux_kernel, "rfc4106(gcm(aes))", 20, 128},
    {linux_kernel, "rfc4543(gcm(aes))", 21},
    {linux_kernel, "cbc(camellia)", 23},
    {linux_kernel, "rfc7539esp(chacha20,poly1305)", 28},
    {setkey, "des-cbc", 2},
    {setkey, "3des-cbc", 3},
    {setkey, "cast128-cbc", 6},
    {setkey, "blowfish-cbc", 7},
    {setkey, "null", 11},
    {setkey, "rijndael-cbc", 12},
    {setkey, "aes-cbc", 12},
    {setkey, "aes-ctr", 13},
    {setkey, "aes-gcm-16", 20},
    {setkey, "camellia-cbc", 23},
    {wireshark, "DES-CBC", 2},
    {wireshark, "TripleDES-CBC", 3},
    {wireshark, "CAST5-CBC", 6},
    {wireshark, "BLOWFISH-CBC", 7},
    {wireshark, "NULL", 11},
    {wireshark, "AES-CBC", 12},
    {wireshark, "AES-CTR", 13},
    {wireshark, "AES-GCM with 8 octet ICV", 18},
    {wireshark, "AES-GCM with 12 octet ICV", 19},
    {wireshark, "AES-GCM with 16 octet ICV", 20},
    {wireshark, "AES-GCM", 20},
    {wireshark, "ChaCha20 with Poly1305", 28},
    {tcpdump, "des", 2},
    {tcpdump, "des-cbc", 2},
    {tcpdump, "3des", 3},
    {tcpdump, "3des-cbc", 3},
    {tcpdump, "des-ede3-cbc", 3},
    {tcpdump, "des3", 3},
    {tcpdump, "cast128-cbc", 6},
    {tcpdump, "cast5-cbc", 6},
    {tcpdump, "cast", 6},
    {tcpdump, "cast-cbc", 6},
    {tcpdump, "blowfish-cbc", 7},
    {tcpdump, "bf-cbc", 7},
    {tcpdump, "bf", 7},
    {tcpdump, "blowfish", 7},
    {tcpdump, "none", 11},
    {tcpdump, "aes128", 12},
    {tcpdump, "aes192", 12},
    {tcpdump, "aes256", 12},
    {tcpdump, "aes128-cbc", 12},
    {tcpdump, "aes192-cbc", 12},
    {tcpdump, "aes256-cbc", 12},
    {tcpdump, "aes-128-cbc", 12},
    {tcpdump, "aes-192-cbc", 12},
    {tcpdump, "aes-256-cbc", 12},
    {tcpdump, "camellia128", 23},
    {tcpdump, "camellia192", 23},
    {tcpdump, "camellia256", 23},
    {tcpdump, "camellia-128-cbc", 23},
    {tcpdump, "camellia-192-cbc", 23},
    {tcpdump, "camellia-256-cbc", 23},
    {fortigate, "des", 2},
    {fortigate, "3des", 3},
    {fortigate, "null", 11},
    {fortigate, "aes", 12},
    {fortigate, "aes-gcm", 20},
    {fortigate, "aes128gcm", 20},
    {fortigate, "aes256gcm", 20},
    {fortigate, "chacha20poly1305", 28},
};
constexpr Name integrities[] = {
    {charon, "HMAC_MD5_96", 1},
    {charon, "HMAC_SHA1_96", 2},
    {charon, "AES_XCBC_96", 5},
    {charon, "HMAC_MD5_128", 6},
    {charon, "HMAC_SHA1_160", 7},
    {charon, "AES_CMAC_96", 8},
    {charon, "HMAC_SHA2_256_128", 12},
    {charon, "HMAC_SHA2_384_192", 13},
    {charon, "HMAC_SHA2_512_256", 14},
    {charon, "HMAC_SHA2_256_96", 1025},
    {libreswan, "NONE", 0},
    {libreswan, "HMAC_MD5_96", 1},
    {libreswan, "HMAC_SHA1_96", 2},
    {libreswan, "AES_XCBC_96", 5},
    {libreswan, "AES_CMAC_96", 8},
    {libreswan, "HMAC_SHA2_256_128", 12},
    {libreswan, "HMAC_SHA2_384_192", 13},
    {libreswan, "HMAC_SHA2_512_256", 14},
    {linux_kernel, "digest_null", 0},
    {linux_kernel, "hmac(md5)", 1, 96},
    {linux_kernel, "hmac(md5)", 6, 128},
    {linux_kernel, "hmac(sha1)", 2, 96},
    {linux_kernel, "hmac(sha1)", 7, 160},
    {linux_kernel, "xcbc(aes)", 5},
    {linux_kernel, "cmac(aes)", 8},
    {linux_kernel, "hmac(sha256)", 12, 128},
    {linux_kernel, "hmac(sha256)", 1025, 96},
    {linux_kernel, "hmac(sha384)", 13, 192},
    {linux_kernel, "hmac(sha512)", 14, 256},
    {setkey, "null", 0},
    {setkey, "hmac-md5", 1},
    {setkey, "hmac-sha1", 2},
    {setkey, "aes-xcbc-mac", 5},
    {setkey, "hmac-sha256", 12},
    {setkey, "hmac-sha2-256", 12},
    {setkey, "hmac-sha384", 13},
    {setkey, "hmac-sha2-384", 13},
    {setkey, "hmac-sha512", 14},
    {setkey, "hmac-sha2-512", 14},
    {wireshark, "NULL", 0},
    {wireshark, "HMAC-MD5-96", 1},
    {wireshark, "HMAC-SHA-1-96", 2},
    {wireshark, "AES-XCBC-MAC-96", 5},
    {wireshark, "HMAC-SHA-256-128", 12},
    {wireshark, "HMAC-SHA-256-96", 1025},
    {wireshark, "HMAC-SHA-384-192", 13},
    {wireshark, "HMAC-SHA-512-256", 14},
    {tcpdump, "md5", 1},
    {tcpdump, "sha1", 2},
    {tcpdump, "xcbc", 5},
    {tcpdump, "cmac", 8},
    {tcpdump, "sha256", 12},
    {tcpdump, "sha384", 13},
    {tcpdump, "sha512", 14},
    {fortigate, "null", 0},
    {fortigate, "md5", 1},
    {fortigate, "sha1", 2},
    {fortigate, "sha256", 12},
    {fortigate, "sha384", 13},
    {fortigate, "sha512", 14},
};

bool alike(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

template <std::size_t N>
std::optional<std::uint16_t> find(const Name (&table)[N], Dialect dialect, std::string_view name, unsigned icv_bits) {
    for (const auto& row : table)
        if (row.dialect == dialect && alike(row.name, name) && (row.icv_bits == 0 || row.icv_bits == icv_bits))
            return row.id;
    return std::nullopt;
}

} // namespace

std::optional<std::uint16_t> esp_encryption(Dialect dialect, std::string_view name, unsigned icv_bits) {
    return find(encryptions, dialect, name, icv_bits);
}
std::optional<std::uint16_t> esp_integrity(Dialect dialect, std::string_view name, unsigned icv_bits) {
    return find(integrities, dialect, name, icv_bits);
}

std::size_t salt_size(std::uint16_t encryption) {
    switch (encryption) {
    case 14:
    case 15:
    case 16: return 3;
    case 13:
    case 18:
    case 19:
    case 20:
    case 21:
    case 24:
    case 28: return 4;
    default: return 0;
    }
}

std::uint16_t measured_bits(std::uint16_t encryption, std::size_t size) {
    constexpr std::uint16_t fixed[] = {2, 3, 11, 28}; // DES, 3DES, NULL, ChaCha20: no attribute for their length
    const auto salt = salt_size(encryption);
    if (std::ranges::find(fixed, encryption) != std::end(fixed) || size <= salt) return 0;
    return static_cast<std::uint16_t>(8 * (size - salt));
}
void measure_key(EspKey& key) { key.key_bits = measured_bits(key.encryption, key.encryption_key.size()); }

} // namespace ikescope::secrets
