#pragma once
// IKEv2's number registries. Names are IANA's ("Internet Key Exchange Version 2 (IKEv2) Parameters"); `brief` is what
// one-line summaries show. Exchange types, payload types, key exchange methods and certificate encodings are shared
// with IKEv1: numbers_common.hpp. Where Wireshark's wording differs: tests/data/dissect/ikev2_names_differences.tsv.

#include "dissect/numbers_common.hpp"

namespace ikescope::dissect::ikev2 {

namespace payload {
inline constexpr std::uint8_t none = 0, sa = 33, ke = 34, id_i = 35, id_r = 36, cert = 37, certreq = 38, auth = 39,
                              nonce = 40, notify = 41, delete_ = 42, vendor = 43, ts_i = 44, ts_r = 45, sk = 46, cp = 47,
                              eap = 48, gspm = 49, id_g = 50, gsa = 51, kd = 52, skf = 53, puzzle = 54;
inline constexpr std::uint8_t first = sa, last = puzzle;
} // namespace payload
namespace exchange {
inline constexpr std::uint8_t ike_sa_init = 34, ike_auth = 35, create_child_sa = 36, informational = 37,
                              ike_session_resume = 38, gsa_auth = 39, gsa_registration = 40, gsa_rekey = 41,
                              gsa_inband_rekey = 42, ike_intermediate = 43, ike_followup_ke = 44;
}
/// RFC 7296 3.3.2. Key exchange methods are named by type 4 and, for additional ones, by 6 to 12 (RFC 9370 2.2.1).
namespace transform {
inline constexpr std::uint8_t encr = 1, prf = 2, integ = 3, ke = 4, sn = 5, addke1 = 6, addke7 = 12, kwa = 13, gcauth = 14;
inline constexpr std::uint16_t key_length_attribute = 14, signature_algorithm_attribute = 18;
} // namespace transform
namespace protocol {
inline constexpr std::uint8_t none = 0, ike = 1, ah = 2, esp = 3, gike_update = 6;
}
namespace id_type {
inline constexpr std::uint8_t ipv4_addr = 1, fqdn = 2, rfc822_addr = 3, ipv6_addr = 5, der_asn1_dn = 9, der_asn1_gn = 10,
                              key_id = 11, fc_name = 12, null = 13;
}
namespace auth_method {
inline constexpr std::uint8_t rsa = 1, shared_key = 2, dss = 3, ecdsa_256 = 9, ecdsa_384 = 10, ecdsa_521 = 11, gspam = 12,
                              null = 13, digital_signature = 14;
}
namespace ts_type {
inline constexpr std::uint8_t ipv4_range = 7, ipv6_range = 8, fc_range = 9, seclabel = 10;
}
namespace eap_code {
inline constexpr std::uint8_t request = 1, response = 2, success = 3, failure = 4, initiate = 5, finish = 6;
}
namespace eap_type {
inline constexpr std::uint8_t identity = 1, notification = 2, nak = 3, md5 = 4, otp = 5, gtc = 6, tls = 13, sim = 18, ttls = 21,
                              aka = 23, peap = 25, mschapv2 = 26, fast = 43, aka_prime = 50, expanded = 254;
}

inline constexpr Named transform_types[] = {
    {0, "RESERVED", "RFC 7296 3.3.2"},
    {1, "Encryption Algorithm (ENCR)", "RFC 7296 3.3.2", "ENCR"},
    {2, "Pseudo-random Function (PRF)", "RFC 7296 3.3.2", "PRF"},
    {3, "Integrity Algorithm (INTEG)", "RFC 7296 3.3.2", "INTEG"},
    {4, "Key Exchange Method (KE)", "RFC 9370 4 (Diffie-Hellman Group in RFC 7296 3.3.2)", "KE"},
    {5, "Sequence Numbers (SN)", "RFC 9827 4 (Extended Sequence Numbers in RFC 7296 3.3.2)", "SN"},
    {6, "Additional Key Exchange 1 (ADDKE1)", "RFC 9370 4", "ADDKE1"},
    {7, "Additional Key Exchange 2 (ADDKE2)", "RFC 9370 4", "ADDKE2"},
    {8, "Additional Key Exchange 3 (ADDKE3)", "RFC 9370 4", "ADDKE3"},
    {9, "Additional Key Exchange 4 (ADDKE4)", "RFC 9370 4", "ADDKE4"},
    {10, "Additional Key Exchange 5 (ADDKE5)", "RFC 9370 4", "ADDKE5"},
    {11, "Additional Key Exchange 6 (ADDKE6)", "RFC 9370 4", "ADDKE6"},
    {12, "Additional Key Exchange 7 (ADDKE7)", "RFC 9370 4", "ADDKE7"},
    {13, "Key Wrap Algorithm (KWA)", "RFC 9838", "KWA"},
    {14, "Group Controller Authentication Method (GCAUTH)", "RFC 9838", "GCAUTH"},
};
static_assert(is_registry(transform_types));

inline constexpr Named transform_attribute_types[] = {
    {14, "Key Length", "RFC 7296 3.3.5"},
    {18, "Signature Algorithm Identifier", "RFC 9838"},
};
static_assert(is_registry(transform_attribute_types));

inline constexpr Named encryption_algorithms[] = {
    {0, "RESERVED", "RFC 7296 3.3.2"},
    {1, "ENCR_DES_IV64", "RFC 1827, deprecated by RFC 9395", "DES-IV64"},
    {2, "ENCR_DES", "RFC 2405, deprecated by RFC 9395", "DES-CBC"},
    {3, "ENCR_3DES", "RFC 2451", "3DES-CBC"},
    {4, "ENCR_RC5", "RFC 2451, deprecated by RFC 9395", "RC5-CBC"},
    {5, "ENCR_IDEA", "RFC 2451, deprecated by RFC 9395", "IDEA-CBC"},
    {6, "ENCR_CAST", "RFC 2451, deprecated by RFC 9395", "CAST-CBC"},
    {7, "ENCR_BLOWFISH", "RFC 2451, deprecated by RFC 9395", "BLOWFISH-CBC"},
    {8, "ENCR_3IDEA", "RFC 7296 3.3.2, deprecated by RFC 9395", "3IDEA"},
    {9, "ENCR_DES_IV32", "RFC 7296 3.3.2, deprecated by RFC 9395", "DES-IV32"},
    {10, "RESERVED", "RFC 7296 3.3.2"},
    {11, "ENCR_NULL", "RFC 2410", "NULL"},
    {12, "ENCR_AES_CBC", "RFC 3602", "AES-CBC"},
    {13, "ENCR_AES_CTR", "RFC 5930", "AES-CTR"},
    {14, "ENCR_AES_CCM_8", "RFC 5282", "AES-CCM-8"},
    {15, "ENCR_AES_CCM_12", "RFC 5282", "AES-CCM-12"},
    {16, "ENCR_AES_CCM_16", "RFC 5282", "AES-CCM-16"},
    {18, "ENCR_AES_GCM_8", "RFC 5282", "AES-GCM-8"},
    {19, "ENCR_AES_GCM_12", "RFC 5282", "AES-GCM-12"},
    {20, "ENCR_AES_GCM_16", "RFC 5282", "AES-GCM-16"},
    {21, "ENCR_NULL_AUTH_AES_GMAC", "RFC 4543", "NULL-AES-GMAC"},
    {22, "Reserved for IEEE P1619 XTS-AES", "IANA ikev2-parameters", "AES-XTS"},
    {23, "ENCR_CAMELLIA_CBC", "RFC 5529", "CAMELLIA-CBC"},
    {24, "ENCR_CAMELLIA_CTR", "RFC 5529", "CAMELLIA-CTR"},
    {25, "ENCR_CAMELLIA_CCM_8", "RFC 5529", "CAMELLIA-CCM-8"},
    {26, "ENCR_CAMELLIA_CCM_12", "RFC 5529", "CAMELLIA-CCM-12"},
    {27, "ENCR_CAMELLIA_CCM_16", "RFC 5529", "CAMELLIA-CCM-16"},
    {28, "ENCR_CHACHA20_POLY1305", "RFC 7634", "CHACHA20-POLY1305"},
    {29, "ENCR_AES_CCM_8_IIV", "RFC 8750", "AES-CCM-8-IIV"},
    {30, "ENCR_AES_GCM_16_IIV", "RFC 8750", "AES-GCM-16-IIV"},
    {31, "ENCR_CHACHA20_POLY1305_IIV", "RFC 8750", "CHACHA20-POLY1305-IIV"},
    {32, "ENCR_KUZNYECHIK_MGM_KTREE", "RFC 9227", "KUZNYECHIK-MGM-KTREE"},
    {33, "ENCR_MAGMA_MGM_KTREE", "RFC 9227", "MAGMA-MGM-KTREE"},
    {34, "ENCR_KUZNYECHIK_MGM_MAC_KTREE", "RFC 9227", "KUZNYECHIK-MGM-MAC-KTREE"},
    {35, "ENCR_MAGMA_MGM_MAC_KTREE", "RFC 9227", "MAGMA-MGM-MAC-KTREE"},
};
static_assert(is_registry(encryption_algorithms));

inline constexpr Named prf_algorithms[] = {
    {0, "RESERVED", "RFC 7296 3.3.2"},
    {1, "PRF_HMAC_MD5", "RFC 2104, deprecated by RFC 8247", "HMAC-MD5"},
    {2, "PRF_HMAC_SHA1", "RFC 2104", "HMAC-SHA1"},
    {3, "PRF_HMAC_TIGER", "RFC 2104, deprecated by RFC 9395", "HMAC-TIGER"},
    {4, "PRF_AES128_XCBC", "RFC 4434", "AES128-XCBC"},
    {5, "PRF_HMAC_SHA2_256", "RFC 4868", "HMAC-SHA2-256"},
    {6, "PRF_HMAC_SHA2_384", "RFC 4868", "HMAC-SHA2-384"},
    {7, "PRF_HMAC_SHA2_512", "RFC 4868", "HMAC-SHA2-512"},
    {8, "PRF_AES128_CMAC", "RFC 4615", "AES128-CMAC"},
    {9, "PRF_HMAC_STREEBOG_512", "RFC 9385", "HMAC-STREEBOG-512"},
};
static_assert(is_registry(prf_algorithms));

inline constexpr Named integrity_algorithms[] = {
    {0, "NONE", "RFC 7296 3.3.2"},
    {1, "AUTH_HMAC_MD5_96", "RFC 2403, deprecated by RFC 8247", "HMAC-MD5-96"},
    {2, "AUTH_HMAC_SHA1_96", "RFC 2404", "HMAC-SHA1-96"},
    {3, "AUTH_DES_MAC", "RFC 7296 3.3.2, deprecated by RFC 8247", "DES-MAC"},
    {4, "AUTH_KPDK_MD5", "RFC 7296 3.3.2, deprecated by RFC 8247", "KPDK-MD5"},
    {5, "AUTH_AES_XCBC_96", "RFC 3566", "AES-XCBC-96"},
    {6, "AUTH_HMAC_MD5_128", "RFC 4595, deprecated by RFC 9395", "HMAC-MD5-128"},
    {7, "AUTH_HMAC_SHA1_160", "RFC 4595, deprecated by RFC 9395", "HMAC-SHA1-160"},
    {8, "AUTH_AES_CMAC_96", "RFC 4494", "AES-CMAC-96"},
    {9, "AUTH_AES_128_GMAC", "RFC 4543", "AES-128-GMAC"},
    {10, "AUTH_AES_192_GMAC", "RFC 4543", "AES-192-GMAC"},
    {11, "AUTH_AES_256_GMAC", "RFC 4543", "AES-256-GMAC"},
    {12, "AUTH_HMAC_SHA2_256_128", "RFC 4868", "HMAC-SHA2-256-128"},
    {13, "AUTH_HMAC_SHA2_384_192", "RFC 4868", "HMAC-SHA2-384-192"},
    {14, "AUTH_HMAC_SHA2_512_256", "RFC 4868", "HMAC-SHA2-512-256"},
};
static_assert(is_registry(integrity_algorithms));

/// Transform type 5, "Extended Sequence Numbers" until RFC 9827.
inline constexpr Named sequence_numbers[] = {
    {0, "32-bit Sequential Numbers", "RFC 9827 4 (No Extended Sequence Numbers in RFC 7296 3.3.2)", "NO-ESN"},
    {1, "Partially Transmitted 64-bit Sequential Numbers", "RFC 9827 4 (Extended Sequence Numbers in RFC 7296 3.3.2)", "ESN"},
    {2, "32-bit Unspecified Numbers", "RFC 9827 4", "UNSPECIFIED"},
};
static_assert(is_registry(sequence_numbers));

inline constexpr Named key_wrap_algorithms[] = {
    {0, "RESERVED", "RFC 9838"},   {1, "KW_5649_128", "RFC 9838"}, {2, "KW_5649_192", "RFC 9838"},
    {3, "KW_5649_256", "RFC 9838"}, {4, "KW_ARX", "RFC 9838"},
};
static_assert(is_registry(key_wrap_algorithms));

inline constexpr Named group_controller_authentication[] = {
    {0, "RESERVED", "RFC 9838"},
    {1, "Implicit", "RFC 9838"},
    {2, "Digital Signature", "RFC 9838"},
};
static_assert(is_registry(group_controller_authentication));

inline constexpr Named protocol_ids[] = {
    {0, "RESERVED", "RFC 7296 3.3.1"},
    {1, "IKE", "RFC 7296 3.3.1"},
    {2, "AH", "RFC 7296 3.3.1"},
    {3, "ESP", "RFC 7296 3.3.1"},
    {4, "FC_ESP_HEADER", "RFC 4595"},
    {5, "FC_CT_AUTHENTICATION", "RFC 4595"},
    {6, "GIKE_UPDATE", "RFC 9838"},
};
static_assert(is_registry(protocol_ids));

inline constexpr Named id_types[] = {
    {0, "RESERVED", "RFC 7296 3.5"},
    {1, "ID_IPV4_ADDR", "RFC 7296 3.5"},
    {2, "ID_FQDN", "RFC 7296 3.5"},
    {3, "ID_RFC822_ADDR", "RFC 7296 3.5"},
    {5, "ID_IPV6_ADDR", "RFC 7296 3.5"},
    {9, "ID_DER_ASN1_DN", "RFC 7296 3.5"},
    {10, "ID_DER_ASN1_GN", "RFC 7296 3.5"},
    {11, "ID_KEY_ID", "RFC 7296 3.5"},
    {12, "ID_FC_NAME", "RFC 4595"},
    {13, "ID_NULL", "RFC 7619 2.2"},
};
static_assert(is_registry(id_types));

inline constexpr Named authentication_methods[] = {
    {0, "RESERVED TO IANA", "RFC 7296 3.8"},
    {1, "RSA Digital Signature", "RFC 7296 3.8"},
    {2, "Shared Key Message Integrity Code", "RFC 7296 3.8", "pre-shared key"},
    {3, "DSS Digital Signature", "RFC 7296 3.8"},
    {9, "ECDSA with SHA-256 on the P-256 curve", "RFC 4754 3"},
    {10, "ECDSA with SHA-384 on the P-384 curve", "RFC 4754 3"},
    {11, "ECDSA with SHA-512 on the P-521 curve", "RFC 4754 3"},
    {12, "Generic Secure Password Authentication Method", "RFC 6467"},
    {13, "NULL Authentication", "RFC 7619 2.1"},
    {14, "Digital Signature", "RFC 7427 3"},
};
static_assert(is_registry(authentication_methods));

inline constexpr Named signature_hash_algorithms[] = {
    {0, "Reserved", "RFC 7427 4"},     {1, "SHA1", "RFC 7427 4"},          {2, "SHA2-256", "RFC 7427 4"},
    {3, "SHA2-384", "RFC 7427 4"},     {4, "SHA2-512", "RFC 7427 4"},      {5, "Identity", "RFC 8420"},
    {6, "STREEBOG_256", "RFC 9385"},   {7, "STREEBOG_512", "RFC 9385"},
};
static_assert(is_registry(signature_hash_algorithms));

inline constexpr Named ts_types[] = {
    {7, "TS_IPV4_ADDR_RANGE", "RFC 7296 3.13.1"},
    {8, "TS_IPV6_ADDR_RANGE", "RFC 7296 3.13.1"},
    {9, "TS_FC_ADDR_RANGE", "RFC 4595"},
    {10, "TS_SECLABEL", "RFC 9478"},
};
static_assert(is_registry(ts_types));

inline constexpr Named ipcomp_transforms[] = {
    {0, "RESERVED", "RFC 7296 3.10.1"}, {1, "OUI", "RFC 7296 3.10.1"},  {2, "DEFLATE", "RFC 2394"},
    {3, "LZS", "RFC 2395"},      {4, "LZJH", "RFC 3051"},
};
static_assert(is_registry(ipcomp_transforms));

inline constexpr Named gateway_identity_types[] = {
    {1, "IPv4 address", "RFC 5685 7.2"},
    {2, "IPv6 address", "RFC 5685 7.2"},
    {3, "FQDN", "RFC 5685 7.2"},
};
static_assert(is_registry(gateway_identity_types));

inline constexpr Named rohc_attribute_types[] = {
    {1, "Maximum Context Identifier (MAX_CID)", "RFC 5857"},
    {2, "ROHC Profile (ROHC_PROFILE)", "RFC 5857"},
    {3, "ROHC Integrity Algorithm (ROHC_INTEG)", "RFC 5857"},
    {4, "ROHC ICV Length in bytes (ROHC_ICV_LEN)", "RFC 5857"},
    {5, "Maximum Reconstructed Reception Unit (MRRU)", "RFC 5857"},
};
static_assert(is_registry(rohc_attribute_types));

inline constexpr Named secure_password_methods[] = {
    {1, "PACE", "RFC 6631"},
    {2, "AugPAKE", "RFC 6628"},
    {3, "Secure PSK Authentication", "RFC 6617"},
};
static_assert(is_registry(secure_password_methods));

inline constexpr Named ppk_id_types[] = {
    {1, "PPK_ID_OPAQUE", "RFC 8784"},
    {2, "PPK_ID_FIXED", "RFC 8784"},
};
static_assert(is_registry(ppk_id_types));

inline constexpr Named device_identity_types[] = {
    {1, "IMEI", "3GPP TS 24.302 8.2.9.2"},
    {2, "IMEISV", "3GPP TS 24.302 8.2.9.2"},
};
static_assert(is_registry(device_identity_types));

/// Errors below 16384, status types from there on; private use 8192-16383 and 40960-65535, where 3GPP's and Fortinet's
/// numbers are shown as if nobody else used them.
inline constexpr std::uint16_t first_status_notify = 16384;
inline constexpr Named notify_types[] = {
    {0, "RESERVED", "RFC 7296 3.10.1"},
    {1, "UNSUPPORTED_CRITICAL_PAYLOAD", "RFC 7296 3.10.1"},
    {4, "INVALID_IKE_SPI", "RFC 7296 3.10.1"},
    {5, "INVALID_MAJOR_VERSION", "RFC 7296 3.10.1"},
    {7, "INVALID_SYNTAX", "RFC 7296 3.10.1"},
    {9, "INVALID_MESSAGE_ID", "RFC 7296 3.10.1"},
    {11, "INVALID_SPI", "RFC 7296 3.10.1"},
    {14, "NO_PROPOSAL_CHOSEN", "RFC 7296 3.10.1"},
    {17, "INVALID_KE_PAYLOAD", "RFC 7296 3.10.1"},
    {24, "AUTHENTICATION_FAILED", "RFC 7296 3.10.1"},
    {34, "SINGLE_PAIR_REQUIRED", "RFC 7296 3.10.1"},
    {35, "NO_ADDITIONAL_SAS", "RFC 7296 3.10.1"},
    {36, "INTERNAL_ADDRESS_FAILURE", "RFC 7296 3.10.1"},
    {37, "FAILED_CP_REQUIRED", "RFC 7296 3.10.1"},
    {38, "TS_UNACCEPTABLE", "RFC 7296 3.10.1"},
    {39, "INVALID_SELECTORS", "RFC 7296 3.10.1"},
    {40, "UNACCEPTABLE_ADDRESSES", "RFC 4555 4.1"},
    {41, "UNEXPECTED_NAT_DETECTED", "RFC 4555 4.1"},
    {42, "USE_ASSIGNED_HoA", "RFC 5026"},
    {43, "TEMPORARY_FAILURE", "RFC 7296 3.10.1"},
    {44, "CHILD_SA_NOT_FOUND", "RFC 7296 3.10.1"},
    {45, "INVALID_GROUP_ID", "RFC 9838"},
    {46, "AUTHORIZATION_FAILED", "RFC 9838"},
    {47, "STATE_NOT_FOUND", "RFC 9370 4"},
    {48, "TS_MAX_QUEUE", "RFC 9611"},
    {49, "REGISTRATION_FAILED", "RFC 9838"},
    {8192, "PDN_CONNECTION_REJECTION", "3GPP TS 24.302"},
    {8193, "MAX_CONNECTION_REACHED", "3GPP TS 24.302"},
    {8241, "SEMANTIC_ERROR_IN_THE_TFT_OPERATION", "3GPP TS 24.302"},
    {8242, "SYNTACTICAL_ERROR_IN_THE_TFT_OPERATION", "3GPP TS 24.302"},
    {8244, "SEMANTIC_ERRORS_IN_PACKET_FILTERS", "3GPP TS 24.302"},
    {8245, "SYNTACTICAL_ERRORS_IN_PACKET_FILTERS", "3GPP TS 24.302"},
    {9000, "NON_3GPP_ACCESS_TO_EPC_NOT_ALLOWED", "3GPP TS 24.302"},
    {9001, "USER_UNKNOWN", "3GPP TS 24.302"},
    {9002, "NO_APN_SUBSCRIPTION", "3GPP TS 24.302"},
    {9003, "AUTHORIZATION_REJECTED", "3GPP TS 24.302"},
    {9006, "ILLEGAL_ME", "3GPP TS 24.302"},
    {10500, "NETWORK_FAILURE", "3GPP TS 24.302"},
    {11001, "RAT_TYPE_NOT_ALLOWED", "3GPP TS 24.302"},
    {11005, "IMEI_NOT_ACCEPTED", "3GPP TS 24.302"},
    {11011, "PLMN_NOT_ALLOWED", "3GPP TS 24.302"},
    {11055, "UNAUTHENTICATED_EMERGENCY_NOT_SUPPORTED", "3GPP TS 24.302"},
    {15500, "CONGESTION", "3GPP TS 24.502"},
    {16384, "INITIAL_CONTACT", "RFC 7296 3.10.1"},
    {16385, "SET_WINDOW_SIZE", "RFC 7296 3.10.1"},
    {16386, "ADDITIONAL_TS_POSSIBLE", "RFC 7296 3.10.1"},
    {16387, "IPCOMP_SUPPORTED", "RFC 7296 3.10.1"},
    {16388, "NAT_DETECTION_SOURCE_IP", "RFC 7296 3.10.1"},
    {16389, "NAT_DETECTION_DESTINATION_IP", "RFC 7296 3.10.1"},
    {16390, "COOKIE", "RFC 7296 3.10.1"},
    {16391, "USE_TRANSPORT_MODE", "RFC 7296 3.10.1"},
    {16392, "HTTP_CERT_LOOKUP_SUPPORTED", "RFC 7296 3.10.1"},
    {16393, "REKEY_SA", "RFC 7296 3.10.1"},
    {16394, "ESP_TFC_PADDING_NOT_SUPPORTED", "RFC 7296 3.10.1"},
    {16395, "NON_FIRST_FRAGMENTS_ALSO", "RFC 7296 3.10.1"},
    {16396, "MOBIKE_SUPPORTED", "RFC 4555 4.2.1"},
    {16397, "ADDITIONAL_IP4_ADDRESS", "RFC 4555 4.2.2"},
    {16398, "ADDITIONAL_IP6_ADDRESS", "RFC 4555 4.2.2"},
    {16399, "NO_ADDITIONAL_ADDRESSES", "RFC 4555 4.2.3"},
    {16400, "UPDATE_SA_ADDRESSES", "RFC 4555 4.2.4"},
    {16401, "COOKIE2", "RFC 4555 4.2.5"},
    {16402, "NO_NATS_ALLOWED", "RFC 4555 4.2.6"},
    {16403, "AUTH_LIFETIME", "RFC 4478"},
    {16404, "MULTIPLE_AUTH_SUPPORTED", "RFC 4739"},
    {16405, "ANOTHER_AUTH_FOLLOWS", "RFC 4739"},
    {16406, "REDIRECT_SUPPORTED", "RFC 5685 7.1"},
    {16407, "REDIRECT", "RFC 5685 7.2"},
    {16408, "REDIRECTED_FROM", "RFC 5685 7.3"},
    {16409, "TICKET_LT_OPAQUE", "RFC 5723 7.1"},
    {16410, "TICKET_REQUEST", "RFC 5723 7.3"},
    {16411, "TICKET_ACK", "RFC 5723 7.3"},
    {16412, "TICKET_NACK", "RFC 5723 7.3"},
    {16413, "TICKET_OPAQUE", "RFC 5723 7.2"},
    {16414, "LINK_ID", "RFC 5739"},
    {16415, "USE_WESP_MODE", "RFC 5840"},
    {16416, "ROHC_SUPPORTED", "RFC 5857"},
    {16417, "EAP_ONLY_AUTHENTICATION", "RFC 5998"},
    {16418, "CHILDLESS_IKEV2_SUPPORTED", "RFC 6023"},
    {16419, "QUICK_CRASH_DETECTION", "RFC 6290"},
    {16420, "IKEV2_MESSAGE_ID_SYNC_SUPPORTED", "RFC 6311"},
    {16421, "IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED", "RFC 6311"},
    {16422, "IKEV2_MESSAGE_ID_SYNC", "RFC 6311"},
    {16423, "IPSEC_REPLAY_COUNTER_SYNC", "RFC 6311"},
    {16424, "SECURE_PASSWORD_METHODS", "RFC 6467"},
    {16425, "PSK_PERSIST", "RFC 6631"},
    {16426, "PSK_CONFIRM", "RFC 6631"},
    {16427, "ERX_SUPPORTED", "RFC 6867"},
    {16428, "IFOM_CAPABILITY", "3GPP TS 24.303"},
    {16429, "GROUP_SENDER", "RFC 9838"},
    {16430, "IKEV2_FRAGMENTATION_SUPPORTED", "RFC 7383 2.3"},
    {16431, "SIGNATURE_HASH_ALGORITHMS", "RFC 7427 4"},
    {16432, "CLONE_IKE_SA_SUPPORTED", "RFC 7791"},
    {16433, "CLONE_IKE_SA", "RFC 7791"},
    {16434, "PUZZLE", "RFC 8019"},
    {16435, "USE_PPK", "RFC 8784"},
    {16436, "PPK_IDENTITY", "RFC 8784"},
    {16437, "NO_PPK_AUTH", "RFC 8784"},
    {16438, "INTERMEDIATE_EXCHANGE_SUPPORTED", "RFC 9242 3.1"},
    {16439, "IP4_ALLOWED", "RFC 8983"},
    {16440, "IP6_ALLOWED", "RFC 8983"},
    {16441, "ADDITIONAL_KEY_EXCHANGE", "RFC 9370 2.2.4"},
    {16442, "USE_AGGFRAG", "RFC 9347"},
    {16443, "SUPPORTED_AUTH_METHODS", "RFC 9593 3.2"},
    {16444, "SA_RESOURCE_INFO", "RFC 9611"},
    {16445, "USE_PPK_INT", "RFC 9867"},
    {16446, "PPK_IDENTITY_KEY", "RFC 9867"},
    {16447, "IKE_SA_INIT_FULL_TRANSCRIPT_AUTH", "draft-ietf-ipsecme-ikev2-downgrade-prevention"},
    {40961, "REACTIVATION_REQUESTED_CAUSE", "3GPP TS 24.302"},
    {41041, "BACKOFF_TIMER", "3GPP TS 24.302"},
    {41050, "PDN_TYPE_IPv4_ONLY_ALLOWED", "3GPP TS 24.302"},
    {41051, "PDN_TYPE_IPv6_ONLY_ALLOWED", "3GPP TS 24.302"},
    {41101, "DEVICE_IDENTITY", "3GPP TS 24.302"},
    {41112, "EMERGENCY_SUPPORT", "3GPP TS 24.302"},
    {41134, "EMERGENCY_CALL_NUMBERS", "3GPP TS 24.302"},
    {41288, "NBIFOM_GENERIC_CONTAINER", "3GPP TS 24.302"},
    {41304, "P-CSCF_RESELECTION_SUPPORT", "3GPP TS 24.302"},
    {41501, "PTI", "3GPP TS 24.302"},
    {42011, "IKEV2_MULTIPLE_BEARER_PDN_CONNECTIVITY", "3GPP TS 24.302"},
    {42014, "EPS_QOS", "3GPP TS 24.302"},
    {42015, "EXTENDED_EPS_QOS", "3GPP TS 24.302"},
    {42017, "TFT", "3GPP TS 24.302"},
    {42020, "MODIFIED_BEARER", "3GPP TS 24.302"},
    {42094, "APN_AMBR", "3GPP TS 24.302"},
    {42095, "EXTENDED_APN_AMBR", "3GPP TS 24.302"},
    {51015, "N1_MODE_CAPABILITY", "3GPP TS 24.302"},
    {51115, "N1_MODE_INFORMATION", "3GPP TS 24.302"},
    {55501, "5G_QOS_INFO", "3GPP TS 24.502"},
    {55502, "NAS_IP4_ADDRESS", "3GPP TS 24.502"},
    {55503, "NAS_IP6_ADDRESS", "3GPP TS 24.502"},
    {55504, "UP_IP4_ADDRESS", "3GPP TS 24.502"},
    {55505, "UP_IP6_ADDRESS", "3GPP TS 24.502"},
    {55506, "NAS_TCP_PORT", "3GPP TS 24.502"},
    {55507, "N3GPP_BACKOFF_TIMER", "3GPP TS 24.502"},
    {61472, "AUTO_DISCOVERY_SENDER", "Fortinet, private use (Wireshark)"},
    {61473, "AUTO_DISCOVERY_RECEIVER", "Fortinet, private use (Wireshark)"},
    {61520, "NETWORK_OVERLAY_ID", "Fortinet, private use (Wireshark)"},
    {61696, "FORTICLIENT_CONNECT", "Fortinet, private use (Wireshark)"},
};
static_assert(is_registry(notify_types));

/// The notifies that have data of their own or that the program asks for.
namespace notify {
inline constexpr std::uint16_t
    unsupported_critical_payload = 1, invalid_ike_spi = 4, invalid_major_version = 5, invalid_syntax = 7,
    invalid_message_id = 9, invalid_spi = 11, no_proposal_chosen = 14, invalid_ke_payload = 17,
    authentication_failed = 24, single_pair_required = 34, no_additional_sas = 35, internal_address_failure = 36,
    failed_cp_required = 37, ts_unacceptable = 38, invalid_selectors = 39, temporary_failure = 43,
    child_sa_not_found = 44, state_not_found = 47, initial_contact = 16384, set_window_size = 16385,
    ipcomp_supported = 16387, nat_detection_source_ip = 16388, nat_detection_destination_ip = 16389, cookie = 16390,
    use_transport_mode = 16391, http_cert_lookup_supported = 16392, rekey_sa = 16393, additional_ip4_address = 16397,
    additional_ip6_address = 16398, update_sa_addresses = 16400, cookie2 = 16401, auth_lifetime = 16403,
    redirect = 16407, redirected_from = 16408, ticket_lt_opaque = 16409, ticket_opaque = 16413,
    rohc_supported = 16416, quick_crash_detection = 16419, ikev2_message_id_sync = 16422,
    ipsec_replay_counter_sync = 16423, secure_password_methods = 16424, ikev2_fragmentation_supported = 16430,
    signature_hash_algorithms = 16431, puzzle = 16434, use_ppk = 16435, ppk_identity = 16436, no_ppk_auth = 16437,
    intermediate_exchange_supported = 16438, additional_key_exchange = 16441, use_aggfrag = 16442, supported_auth_methods = 16443,
    ppk_identity_key = 16446, reactivation_requested_cause = 40961, backoff_timer = 41041, device_identity = 41101,
    emergency_call_numbers = 41134, nas_ip4_address = 55502, nas_ip6_address = 55503, up_ip4_address = 55504,
    up_ip6_address = 55505, nas_tcp_port = 55506, n3gpp_backoff_timer = 55507;
} // namespace notify

inline constexpr Named configuration_types[] = {
    {0, "RESERVED", "RFC 7296 3.15"},   {1, "CFG_REQUEST", "RFC 7296 3.15"}, {2, "CFG_REPLY", "RFC 7296 3.15"},
    {3, "CFG_SET", "RFC 7296 3.15"},    {4, "CFG_ACK", "RFC 7296 3.15"},
};
static_assert(is_registry(configuration_types));

inline constexpr Named configuration_attributes[] = {
    {0, "RESERVED", "RFC 7296 3.15.1"},
    {1, "INTERNAL_IP4_ADDRESS", "RFC 7296 3.15.1"},
    {2, "INTERNAL_IP4_NETMASK", "RFC 7296 3.15.1"},
    {3, "INTERNAL_IP4_DNS", "RFC 7296 3.15.1"},
    {4, "INTERNAL_IP4_NBNS", "RFC 7296 3.15.1"},
    {5, "INTERNAL_ADDRESS_EXPIRY", "RFC 4306 3.15.1, obsolete since RFC 5996"},
    {6, "INTERNAL_IP4_DHCP", "RFC 7296 3.15.1"},
    {7, "APPLICATION_VERSION", "RFC 7296 3.15.1"},
    {8, "INTERNAL_IP6_ADDRESS", "RFC 7296 3.15.1"},
    {9, "RESERVED", "RFC 7296 3.15.1"},
    {10, "INTERNAL_IP6_DNS", "RFC 7296 3.15.1"},
    {11, "INTERNAL_IP6_NBNS", "RFC 4306 3.15.1, obsolete since RFC 5996"},
    {12, "INTERNAL_IP6_DHCP", "RFC 7296 3.15.1"},
    {13, "INTERNAL_IP4_SUBNET", "RFC 7296 3.15.1"},
    {14, "SUPPORTED_ATTRIBUTES", "RFC 7296 3.15.1"},
    {15, "INTERNAL_IP6_SUBNET", "RFC 7296 3.15.1"},
    {16, "MIP6_HOME_PREFIX", "RFC 5026"},
    {17, "INTERNAL_IP6_LINK", "RFC 5739"},
    {18, "INTERNAL_IP6_PREFIX", "RFC 5739"},
    {19, "HOME_AGENT_ADDRESS", "3GPP TS 24.302 8.2.4.1"},
    {20, "P_CSCF_IP4_ADDRESS", "RFC 7651"},
    {21, "P_CSCF_IP6_ADDRESS", "RFC 7651"},
    {22, "FTT_KAT", "3GPP TS 24.302 8.2.4.3"},
    {23, "EXTERNAL_SOURCE_IP4_NAT_INFO", "3GPP TS 29.139"},
    {24, "TIMEOUT_PERIOD_FOR_LIVENESS_CHECK", "3GPP TS 24.302 8.2.4.2"},
    {25, "INTERNAL_DNS_DOMAIN", "RFC 8598"},
    {26, "INTERNAL_DNSSEC_TA", "RFC 8598"},
    {27, "ENCDNS_IP4", "RFC 9464"},
    {28, "ENCDNS_IP6", "RFC 9464"},
    {29, "ENCDNS_DIGEST_INFO", "RFC 9464"},
    {21514, "FORTINET_AUTO_NEGOTIATE", "Fortinet, private use (Wireshark)"},
    {21515, "FORTINET_KEEP_ALIVE", "Fortinet, private use (Wireshark)"},
    {21516, "FORTINET_DNS_SUFFIX", "Fortinet, private use (Wireshark)"},
    {28672, "UNITY_BANNER", "Cisco Unity, private use (Wireshark)"},
    {28673, "UNITY_SAVE_PASSWD", "Cisco Unity, private use (Wireshark)"},
    {28674, "UNITY_DEF_DOMAIN", "Cisco Unity, private use (Wireshark)"},
    {28675, "UNITY_SPLIT_DOMAIN", "Cisco Unity, private use (Wireshark)"},
    {28676, "UNITY_SPLIT_INCLUDE", "Cisco Unity, private use (Wireshark)"},
    {28677, "UNITY_NATT_PORT", "Cisco Unity, private use (Wireshark)"},
    {28678, "UNITY_SPLIT_EXCLUDE", "Cisco Unity, private use (Wireshark)"},
    {28679, "UNITY_PFS", "Cisco Unity, private use (Wireshark)"},
    {28680, "UNITY_FW_TYPE", "Cisco Unity, private use (Wireshark)"},
    {28681, "UNITY_BACKUP_SERVERS", "Cisco Unity, private use (Wireshark)"},
    {28682, "UNITY_DDNS_HOSTNAME", "Cisco Unity, private use (Wireshark)"},
};
static_assert(is_registry(configuration_attributes));

/// G-IKEv2. RFC 9838 4.4.2, 4.4.3, 4.5.
inline constexpr Named gsa_attributes[] = {
    {1, "GSA_KEY_LIFETIME", "RFC 9838 4.4.2.2"},
    {2, "GSA_INITIAL_MESSAGE_ID", "RFC 9838 4.4.2.2"},
    {3, "GSA_NEXT_SPI", "RFC 9838 4.4.2.2"},
};
static_assert(is_registry(gsa_attributes));
inline constexpr Named group_wide_policy_attributes[] = {
    {1, "GWP_ATD", "RFC 9838 4.4.3"},
    {2, "GWP_DTD", "RFC 9838 4.4.3"},
    {3, "GWP_SENDER_ID_BITS", "RFC 9838 4.4.3"},
};
static_assert(is_registry(group_wide_policy_attributes));
inline constexpr Named group_key_bag_attributes[] = {{1, "SA_KEY", "RFC 9838 4.5.2"}};
inline constexpr Named member_key_bag_attributes[] = {
    {1, "WRAP_KEY", "RFC 9838 4.5.3"},
    {2, "AUTH_KEY", "RFC 9838 4.5.3"},
    {3, "GM_SENDER_ID", "RFC 9838 4.5.3"},
};
static_assert(is_registry(member_key_bag_attributes));

inline constexpr Named eap_codes[] = {
    {1, "Request", "RFC 3748 4"}, {2, "Response", "RFC 3748 4"}, {3, "Success", "RFC 3748 4"},
    {4, "Failure", "RFC 3748 4"}, {5, "Initiate", "RFC 6696 5.3"}, {6, "Finish", "RFC 6696 5.3"},
};
static_assert(is_registry(eap_codes));

inline constexpr Named eap_types[] = {
    {1, "Identity", "RFC 3748 5.1"},
    {2, "Notification", "RFC 3748 5.2"},
    {3, "Legacy Nak", "RFC 3748 5.3.1", "Nak"},
    {4, "MD5-Challenge", "RFC 3748 5.4", "MD5"},
    {5, "One-Time Password (OTP)", "RFC 3748 5.5", "OTP"},
    {6, "Generic Token Card (GTC)", "RFC 3748 5.6", "GTC"},
    {13, "EAP-TLS", "RFC 5216", "TLS"},
    {15, "RSA Security SecurID EAP", "IANA eap-numbers", "SecurID"},
    {17, "EAP-Cisco Wireless (LEAP)", "IANA eap-numbers", "LEAP"},
    {18, "EAP-SIM", "RFC 4186", "SIM"},
    {21, "EAP-TTLS", "RFC 5281", "TTLS"},
    {23, "EAP-AKA", "RFC 4187", "AKA"},
    {25, "PEAP", "IANA eap-numbers", "PEAP"},
    {26, "MS-EAP-Authentication (EAP-MSCHAPv2)", "draft-kamath-pppext-eap-mschapv2-02 2", "MSCHAPV2"},
    {29, "EAP-MSCHAP-V2", "IANA eap-numbers (Cisco's; what clients speak is 26)", "Cisco-MSCHAPV2"},
    {32, "Protected One-Time Password (POTP)", "RFC 4793", "POTP"},
    {33, "MS-Authentication-TLV", "IANA eap-numbers", "MS-TLV"},
    {38, "HTTP Digest", "IANA eap-numbers"},
    {43, "EAP-FAST", "RFC 4851", "FAST"},
    {46, "EAP-PAX", "RFC 4746", "PAX"},
    {47, "EAP-PSK", "RFC 4764", "PSK"},
    {48, "EAP-SAKE", "RFC 4763", "SAKE"},
    {49, "EAP-IKEv2", "RFC 5106", "IKEv2"},
    {50, "EAP-AKA'", "RFC 9048", "AKA'"},
    {51, "EAP-GPSK", "RFC 5433", "GPSK"},
    {52, "EAP-pwd", "RFC 5931", "pwd"},
    {53, "EAP-EKE Version 1", "RFC 6124", "EKE"},
    {54, "EAP Method Type for PT-EAP", "RFC 7171", "PT-EAP"},
    {55, "TEAP", "RFC 7170", "TEAP"},
    {56, "EAP-NOOB", "RFC 9140", "NOOB"},
    {254, "Expanded Type", "RFC 3748 5.7", "Expanded"},
    {255, "Experimental", "RFC 3748 5.8"},
};
static_assert(is_registry(eap_types));

inline constexpr Named mschapv2_opcodes[] = {
    {1, "Challenge", "draft-kamath-pppext-eap-mschapv2-02 2"},
    {2, "Response", "draft-kamath-pppext-eap-mschapv2-02 2"},
    {3, "Success", "draft-kamath-pppext-eap-mschapv2-02 2"},
    {4, "Failure", "draft-kamath-pppext-eap-mschapv2-02 2"},
    {7, "Change-Password", "draft-kamath-pppext-eap-mschapv2-02 2"},
};
static_assert(is_registry(mschapv2_opcodes));

inline constexpr Named eap_aka_subtypes[] = {
    {1, "AKA-Challenge", "RFC 4187 11"},         {2, "AKA-Authentication-Reject", "RFC 4187 11"},
    {4, "AKA-Synchronization-Failure", "RFC 4187 11"}, {5, "AKA-Identity", "RFC 4187 11"},
    {10, "SIM-Start", "RFC 4186 14"},            {11, "SIM-Challenge", "RFC 4186 14"},
    {12, "Notification", "RFC 4187 11"},         {13, "Re-authentication", "RFC 4187 11"},
    {14, "Client-Error", "RFC 4187 11"},
};
static_assert(is_registry(eap_aka_subtypes));

inline constexpr Named eap_aka_attributes[] = {
    {1, "AT_RAND", "RFC 4186 14"},            {2, "AT_AUTN", "RFC 4187 11"},
    {3, "AT_RES", "RFC 4187 11"},             {4, "AT_AUTS", "RFC 4187 11"},
    {6, "AT_PADDING", "RFC 4186 14"},         {7, "AT_NONCE_MT", "RFC 4186 14"},
    {10, "AT_PERMANENT_ID_REQ", "RFC 4186 14"}, {11, "AT_MAC", "RFC 4186 14"},
    {12, "AT_NOTIFICATION", "RFC 4186 14"},   {13, "AT_ANY_ID_REQ", "RFC 4186 14"},
    {14, "AT_IDENTITY", "RFC 4186 14"},       {15, "AT_VERSION_LIST", "RFC 4186 14"},
    {16, "AT_SELECTED_VERSION", "RFC 4186 14"}, {17, "AT_FULLAUTH_ID_REQ", "RFC 4186 14"},
    {19, "AT_COUNTER", "RFC 4186 14"},        {20, "AT_COUNTER_TOO_SMALL", "RFC 4186 14"},
    {21, "AT_NONCE_S", "RFC 4186 14"},        {22, "AT_CLIENT_ERROR_CODE", "RFC 4186 14"},
    {23, "AT_KDF_INPUT", "RFC 9048 3.1"},     {24, "AT_KDF", "RFC 9048 3.2"},
    {129, "AT_IV", "RFC 4186 14"},            {130, "AT_ENCR_DATA", "RFC 4186 14"},
    {132, "AT_NEXT_PSEUDONYM", "RFC 4186 14"}, {133, "AT_NEXT_REAUTH_ID", "RFC 4186 14"},
    {134, "AT_CHECKCODE", "RFC 4187 11"},     {135, "AT_RESULT_IND", "RFC 4186 14"},
    {136, "AT_BIDDING", "RFC 9048 4"},        {137, "AT_IPMS_IND", "3GPP TS 24.302"},
    {138, "AT_IPMS_RES", "3GPP TS 24.302"},   {139, "AT_TRUST_IND", "3GPP TS 24.302"},
    {140, "AT_SHORT_NAME_FOR_NETWORK", "3GPP TS 24.302"}, {141, "AT_FULL_NAME_FOR_NETWORK", "3GPP TS 24.302"},
    {142, "AT_RQSI_IND", "3GPP TS 24.302"},   {143, "AT_RQSI_RES", "3GPP TS 24.302"},
    {144, "AT_TWAN_CONN_MODE", "3GPP TS 24.302"}, {145, "AT_VIRTUAL_NETWORK_ID", "RFC 6793"},
    {146, "AT_VIRTUAL_NETWORK_REQ", "RFC 6793"}, {147, "AT_CONNECTIVITY_TYPE", "RFC 6793"},
    {148, "AT_HANDOVER_INDICATION", "RFC 6793"}, {149, "AT_HANDOVER_SESSION_ID", "RFC 6793"},
    {150, "AT_MN_SERIAL_ID", "RFC 6793"},     {151, "AT_DEVICE_IDENTITY", "3GPP TS 24.302"},
};
static_assert(is_registry(eap_aka_attributes));

/// AT_NOTIFICATION and AT_CLIENT_ERROR_CODE. The first two bits of a notification say success and phase.
inline constexpr Named eap_aka_notifications[] = {
    {0, "General failure after authentication", "RFC 4187 10.19"},
    {1026, "User has been temporarily denied access", "RFC 4187 10.19"},
    {1031, "User has not subscribed to the requested service", "RFC 4187 10.19"},
    {8192, "Failure to terminate the authentication exchange", "Wireshark 4.0.17"},
    {16384, "General failure", "RFC 4187 10.19"},
    {32768, "Success", "RFC 4187 10.19"},
};
static_assert(is_registry(eap_aka_notifications));
inline constexpr Named eap_aka_client_errors[] = {
    {0, "Unable to process packet", "RFC 4187 10.20"},
    {1, "Unsupported version", "RFC 4186 10.19"},
    {2, "Insufficient number of challenges", "RFC 4186 10.19"},
    {3, "RANDs are not fresh", "RFC 4186 10.19"},
};
static_assert(is_registry(eap_aka_client_errors));
inline constexpr Named eap_aka_key_derivations[] = {
    {0, "Reserved", "RFC 9048 3.2"},
    {1, "EAP-AKA' with CK' and IK'", "RFC 9048 3.2"},
};
static_assert(is_registry(eap_aka_key_derivations));

/// Private enterprise numbers that name expanded types. RFC 3748 5.7.
inline constexpr Named eap_vendors[] = {
    {0, "IETF", "RFC 3748 5.7"}, {311, "Microsoft", "IANA enterprise-numbers"},
    {10415, "3GPP", "IANA enterprise-numbers"}, {14122, "WFA", "IANA enterprise-numbers"},
};
static_assert(is_registry(eap_vendors));

/// The re-authentication protocol. RFC 6696 5.3, 8.
inline constexpr Named erp_types[] = {{1, "Re-auth-Start", "RFC 6696 5.3.1"}, {2, "Re-auth", "RFC 6696 5.3.2"}};
inline constexpr Named erp_attributes[] = {
    {1, "keyName-NAI", "RFC 6696 5.3.4"},          {2, "rRK Lifetime", "RFC 6696 5.3.4"},
    {3, "rMSK Lifetime", "RFC 6696 5.3.4"},        {4, "Domain name", "RFC 6696 5.3.4"},
    {5, "Cryptosuite list", "RFC 6696 5.3.4"},     {6, "Authorization Indication", "RFC 6696 5.3.4"},
    {128, "Called-Station-Id", "RFC 6696 5.3.4"},  {129, "Calling-Station-Id", "RFC 6696 5.3.4"},
    {130, "NAS-Identifier", "RFC 6696 5.3.4"},     {131, "NAS-IP-Address", "RFC 6696 5.3.4"},
    {132, "NAS-IPv6-Address", "RFC 6696 5.3.4"},
};
static_assert(is_registry(erp_attributes));
inline constexpr Named erp_cryptosuites[] = {
    {1, "HMAC-SHA256-64", "RFC 6696 5.3.2"}, {2, "HMAC-SHA256-128", "RFC 6696 5.3.2"}, {3, "HMAC-SHA256-256", "RFC 6696 5.3.2"}};

using dissect::selector_protocols;

} // namespace ikescope::dissect::ikev2
