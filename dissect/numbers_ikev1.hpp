#pragma once
// Numbers of IKEv1. Names are Wireshark's where it has one, so that filters keep working; sources say where a number
// is defined. "IANA isakmp-registry" is https://www.iana.org/assignments/isakmp-registry, "IANA ipsec-registry"
// https://www.iana.org/assignments/ipsec-registry.

#include "base/registry.hpp"
#include "dissect/numbers_common.hpp"

namespace ikescope::dissect::ikev1 {

inline constexpr Named protocols[] = {
    {0, "RESERVED", "RFC 2407 4.4.1"},       {1, "ISAKMP", "RFC 2407 4.4.1"}, {2, "IPSEC_AH", "RFC 2407 4.4.1", "AH"},
    {3, "IPSEC_ESP", "RFC 2407 4.4.1", "ESP"}, {4, "IPCOMP", "RFC 2407 4.4.1"}, {5, "GIGABEAM_RADIO", "RFC 4705 5"},
};

inline constexpr Named isakmp_transforms[] = {
    {0, "RESERVED", "RFC 2407 4.4.2"},
    {1, "KEY_IKE", "RFC 2407 4.4.2.1"},
};
inline constexpr Named ah_transforms[] = {
    {0, "RESERVED", "RFC 2407 4.4.3"},
    {1, "RESERVED", "RFC 2407 4.4.3"},
    {2, "AH_MD5", "RFC 2407 4.4.3.1"},
    {3, "AH_SHA", "RFC 2407 4.4.3.2"},
    {4, "AH_DES", "RFC 2407 4.4.3.3"},
    {5, "AH_SHA2-256", "RFC 4868 2.5"},
    {6, "AH_SHA2-384", "RFC 4868 2.5"},
    {7, "AH_SHA2-512", "RFC 4868 2.5"},
    {8, "AH_RIPEMD", "RFC 2857"},
    {9, "AH_AES-XCBC-MAC", "RFC 3566"},
    {10, "AH_RSA", "RFC 4359 5"},
    {11, "AH_AES-128-GMAC", "RFC 4543 9"},
    {12, "AH_AES-192-GMAC", "RFC 4543 9"},
    {13, "AH_AES-256-GMAC", "RFC 4543 9"},
};
inline constexpr Named esp_transforms[] = {
    {0, "RESERVED", "RFC 2407 4.4.4"},
    {1, "ESP_DES_IV64", "RFC 2407 4.4.4.1"},
    {2, "ESP_DES", "RFC 2407 4.4.4.2", "DES-CBC"},
    {3, "ESP_3DES", "RFC 2407 4.4.4.3", "3DES-CBC"},
    {4, "ESP_RC5", "RFC 2407 4.4.4.4"},
    {5, "ESP_IDEA", "RFC 2407 4.4.4.5"},
    {6, "ESP_CAST", "RFC 2407 4.4.4.6"},
    {7, "ESP_BLOWFISH", "RFC 2407 4.4.4.7"},
    {8, "ESP_3IDEA", "RFC 2407 4.4.4.8"},
    {9, "ESP_DES_IV32", "RFC 2407 4.4.4.9"},
    {10, "ESP_RC4", "RFC 2407 4.4.4.10"},
    {11, "ESP_NULL", "RFC 2407 4.4.4.11", "NULL"},
    {12, "ESP_AES", "RFC 3602 5.1", "AES-CBC"},
    {13, "ESP_AES-CTR", "RFC 3686 8.2", "AES-CTR"},
    {14, "ESP_AES-CCM_8", "RFC 4309 8", "AES-CCM-8"},
    {15, "ESP_AES-CCM_12", "RFC 4309 8", "AES-CCM-12"},
    {16, "ESP_AES-CCM_16", "RFC 4309 8", "AES-CCM-16"},
    {18, "ESP_AES-GCM_8", "RFC 4106 8.2", "AES-GCM-8"},
    {19, "ESP_AES-GCM_12", "RFC 4106 8.2", "AES-GCM-12"},
    {20, "ESP_AES-GCM_16", "RFC 4106 8.2", "AES-GCM-16"},
    {21, "ESP_SEED_CBC", "RFC 4196 5.1"},
    {22, "ESP_CAMELLIA", "RFC 4312 5.1", "CAMELLIA-CBC"},
    {23, "ESP_NULL_AUTH_AES-GMAC", "RFC 4543 9", "AES-GMAC"},
    {252, "ESP_SERPENT", "private use, strongSwan and libreswan"},
    {253, "ESP_TWOFISH", "private use, strongSwan and libreswan"},
};
inline constexpr Named ipcomp_transforms[] = {
    {0, "RESERVED", "RFC 2407 4.4.5"}, {1, "IPCOMP_OUI", "RFC 2407 4.4.5.1"}, {2, "IPCOMP_DEFLATE", "RFC 2407 4.4.5.2"},
    {3, "IPCOMP_LZS", "RFC 2407 4.4.5.3"}, {4, "IPCOMP_LZJH", "RFC 3051"},
};

/// Phase 1 attribute classes. RFC 2409 appendix A.
namespace phase1 {
inline constexpr std::uint16_t encryption = 1, hash = 2, authentication = 3, group = 4, group_type = 5, group_prime = 6,
                               generator_one = 7, generator_two = 8, curve_a = 9, curve_b = 10, life_type = 11,
                               life_duration = 12, prf = 13, key_length = 14, field_size = 15, group_order = 16,
                               block_size = 17, asymmetric_algorithm = 20;
}
inline constexpr Named phase1_attributes[] = {
    {1, "Encryption-Algorithm", "RFC 2409 appendix A"},
    {2, "Hash-Algorithm", "RFC 2409 appendix A"},
    {3, "Authentication-Method", "RFC 2409 appendix A"},
    {4, "Group-Description", "RFC 2409 appendix A"},
    {5, "Group-Type", "RFC 2409 appendix A"},
    {6, "Group-Prime", "RFC 2409 appendix A"},
    {7, "Group-Generator-One", "RFC 2409 appendix A"},
    {8, "Group-Generator-Two", "RFC 2409 appendix A"},
    {9, "Group-Curve-A", "RFC 2409 appendix A"},
    {10, "Group-Curve-B", "RFC 2409 appendix A"},
    {11, "Life-Type", "RFC 2409 appendix A"},
    {12, "Life-Duration", "RFC 2409 appendix A"},
    {13, "PRF", "RFC 2409 appendix A"},
    {14, "Key-Length", "RFC 2409 appendix A"},
    {15, "Field-Size", "RFC 2409 appendix A"},
    {16, "Group-Order", "RFC 2409 appendix A"},
    {17, "Block-Size", "Wireshark 4.0.17"},
    {20, "Asymmetric-Cryptographic-Algorithm-Type", "GM/T 0022"},
};
inline constexpr Named encryption_algorithms[] = {
    {0, "RESERVED", "RFC 2409 appendix A"},
    {1, "DES-CBC", "RFC 2409 appendix A"},
    {2, "IDEA-CBC", "RFC 2409 appendix A"},
    {3, "BLOWFISH-CBC", "RFC 2409 appendix A"},
    {4, "RC5-R16-B64-CBC", "RFC 2409 appendix A"},
    {5, "3DES-CBC", "RFC 2409 appendix A"},
    {6, "CAST-CBC", "RFC 2409 appendix A"},
    {7, "AES-CBC", "RFC 3602 5.2"},
    {8, "CAMELLIA-CBC", "RFC 4312 5.2"},
    {127, "SM4-CBC (DEPRECATED)", "GM/T 0022"},
    {128, "SM1-CBC", "GM/T 0022"},
    {129, "SM4-CBC", "GM/T 0022"},
    {65001, "MARS-CBC", "private use, strongSwan and libreswan"},
    {65002, "RC6-CBC", "private use, strongSwan and libreswan"},
    {65004, "SERPENT-CBC", "private use, strongSwan and libreswan"},
    {65005, "TWOFISH-CBC", "private use, strongSwan and libreswan"},
};
inline constexpr Named hash_algorithms[] = {
    {0, "RESERVED", "RFC 2409 appendix A"}, {1, "MD5", "RFC 2409 appendix A"},
    {2, "SHA", "RFC 2409 appendix A", "SHA1"}, {3, "TIGER", "RFC 2409 appendix A"},
    {4, "SHA2-256", "RFC 4868 2.5"},         {5, "SHA2-384", "RFC 4868 2.5"},
    {6, "SHA2-512", "RFC 4868 2.5"},         {20, "SM3", "GM/T 0022"},
};
inline constexpr Named authentication_methods[] = {
    {0, "RESERVED", "RFC 2409 appendix A"},
    {1, "Pre-shared key", "RFC 2409 appendix A"},
    {2, "DSS signatures", "RFC 2409 appendix A"},
    {3, "RSA signatures", "RFC 2409 appendix A"},
    {4, "Encryption with RSA", "RFC 2409 appendix A"},
    {5, "Revised encryption with RSA", "RFC 2409 appendix A"},
    {6, "Reserved (was Encryption with El-Gamal)", "IANA ipsec-registry"},
    {7, "Reserved (was Revised encryption with El-Gamal)", "IANA ipsec-registry"},
    {8, "Reserved (was ECDSA signatures)", "IANA ipsec-registry"},
    {9, "ECDSA with SHA-256 on the P-256 curve", "RFC 4754 7"},
    {10, "ECDSA with SHA-384 on the P-384 curve", "RFC 4754 7"},
    {11, "ECDSA with SHA-512 on the P-521 curve", "RFC 4754 7"},
    {64221, "HybridInitRSA", "draft-ietf-ipsec-isakmp-hybrid-auth-05 3.2.1"},
    {64222, "HybridRespRSA", "draft-ietf-ipsec-isakmp-hybrid-auth-05 3.2.1"},
    {64223, "HybridInitDSS", "draft-ietf-ipsec-isakmp-hybrid-auth-05 3.2.1"},
    {64224, "HybridRespDSS", "draft-ietf-ipsec-isakmp-hybrid-auth-05 3.2.1"},
    {65001, "XAUTHInitPreShared", "draft-beaulieu-ike-xauth-02 7.2"},
    {65002, "XAUTHRespPreShared", "draft-beaulieu-ike-xauth-02 7.2"},
    {65003, "XAUTHInitDSS", "draft-beaulieu-ike-xauth-02 7.2"},
    {65004, "XAUTHRespDSS", "draft-beaulieu-ike-xauth-02 7.2"},
    {65005, "XAUTHInitRSA", "draft-beaulieu-ike-xauth-02 7.2"},
    {65006, "XAUTHRespRSA", "draft-beaulieu-ike-xauth-02 7.2"},
    {65007, "XAUTHInitRSAEncryption", "draft-beaulieu-ike-xauth-02 7.2"},
    {65008, "XAUTHRespRSAEncryption", "draft-beaulieu-ike-xauth-02 7.2"},
    {65009, "XAUTHInitRSARevisedEncryption", "draft-beaulieu-ike-xauth-02 7.2"},
    {65010, "XAUTHRespRSARevisedEncryption", "draft-beaulieu-ike-xauth-02 7.2"},
};
inline constexpr Named group_types[] = {
    {0, "UNDEFINED - 0", "RFC 2409 appendix A"}, {1, "MODP", "RFC 2409 appendix A"},
    {2, "ECP", "RFC 2409 appendix A"},           {3, "EC2N", "RFC 2409 appendix A"},
};
inline constexpr Named life_types[] = {
    {0, "RESERVED", "RFC 2409 appendix A"}, {1, "Seconds", "RFC 2409 appendix A"}, {2, "Kilobytes", "RFC 2409 appendix A"},
};
inline constexpr Named asymmetric_algorithms[] = {{1, "RSA", "GM/T 0022"}, {2, "SM2", "GM/T 0022"}};

/// Phase 2 attribute classes. RFC 2407 4.5.
namespace phase2 {
inline constexpr std::uint16_t life_type = 1, life_duration = 2, group = 3, encapsulation = 4, authentication = 5,
                               key_length = 6, key_rounds = 7, dictionary_size = 8, compression = 9, ecn_tunnel = 10,
                               extended_sequence_numbers = 11, authentication_key_length = 12, signature_encoding = 13,
                               address_preservation = 14, direction = 15;
}
inline constexpr Named phase2_attributes[] = {
    {1, "SA-Life-Type", "RFC 2407 4.5"},
    {2, "SA-Life-Duration", "RFC 2407 4.5"},
    {3, "Group-Description", "RFC 2407 4.5"},
    {4, "Encapsulation-Mode", "RFC 2407 4.5"},
    {5, "Authentication-Algorithm", "RFC 2407 4.5"},
    {6, "Key-Length", "RFC 2407 4.5"},
    {7, "Key-Rounds", "RFC 2407 4.5"},
    {8, "Compress-Dictionary-Size", "RFC 2407 4.5"},
    {9, "Compress-Private-Algorithm", "RFC 2407 4.5"},
    {10, "ECN Tunnel", "RFC 3168 9.2.1.2"},
    {11, "Extended (64-bit) Sequence Number", "RFC 4304 3"},
    {12, "Authentication Key Length", "RFC 4359 5"},
    {13, "Signature Encoding Algorithm", "RFC 4359 5"},
    {14, "Address Preservation", "RFC 6407 5.5.1.1"},
    {15, "SA Direction", "RFC 6407 5.5.1.1"},
};
inline constexpr Named encapsulation_modes[] = {
    {0, "RESERVED", "RFC 2407 4.5"},
    {1, "Tunnel", "RFC 2407 4.5"},
    {2, "Transport", "RFC 2407 4.5"},
    {3, "UDP-Encapsulated-Tunnel", "RFC 3947 5.1"},
    {4, "UDP-Encapsulated-Transport", "RFC 3947 5.1"},
    {61440, "Check Point IPSec UDP Encapsulation", "Wireshark 4.0.17"},
    {61443, "UDP-Encapsulated-Tunnel (draft)", "draft-ietf-ipsec-nat-t-ike-03 5.1"},
    {61444, "UDP-Encapsulated-Transport (draft)", "draft-ietf-ipsec-nat-t-ike-03 5.1"},
};
inline constexpr Named authentication_algorithms[] = {
    {0, "RESERVED", "RFC 2407 4.5"},      {1, "HMAC-MD5", "RFC 2407 4.5"},
    {2, "HMAC-SHA", "RFC 2407 4.5", "HMAC-SHA1"}, {3, "DES-MAC", "RFC 2407 4.5"},
    {4, "KPDK", "RFC 2407 4.5"},          {5, "HMAC-SHA2-256", "RFC 4868 2.5"},
    {6, "HMAC-SHA2-384", "RFC 4868 2.5"}, {7, "HMAC-SHA2-512", "RFC 4868 2.5"},
    {8, "HMAC-RIPEMD", "RFC 2857"},       {9, "AES-XCBC-MAC", "RFC 3566"},
    {10, "SIG-RSA", "RFC 4359 5"},        {11, "AES-128-GMAC", "RFC 4543 9"},
    {12, "AES-192-GMAC", "RFC 4543 9"},   {13, "AES-256-GMAC", "RFC 4543 9"},
};
inline constexpr Named ecn_tunnel_values[] = {
    {0, "RESERVED", "RFC 3168 9.2.1.2"}, {1, "Allowed", "RFC 3168 9.2.1.2"}, {2, "Forbidden", "RFC 3168 9.2.1.2"}};
inline constexpr Named sequence_number_values[] = {{0, "RESERVED", "RFC 4304 3"}, {1, "64-bit Sequence Number", "RFC 4304 3"}};
inline constexpr Named address_preservation_values[] = {
    {0, "Reserved", "RFC 6407 5.5.1.1"},         {1, "None", "RFC 6407 5.5.1.1"},
    {2, "Source-Only", "RFC 6407 5.5.1.1"},      {3, "Destination-Only", "RFC 6407 5.5.1.1"},
    {4, "Source-and-Destination", "RFC 6407 5.5.1.1"},
};
inline constexpr Named sa_direction_values[] = {
    {0, "Reserved", "RFC 6407 5.5.1.1"},
    {1, "Sender-Only", "RFC 6407 5.5.1.1"},
    {2, "Receiver-Only", "RFC 6407 5.5.1.1"},
    {3, "Symmetric", "RFC 6407 5.5.1.1"},
};

/// Identification types. RFC 2407 4.6.2.1.
namespace id {
inline constexpr std::uint8_t ipv4_addr = 1, fqdn = 2, user_fqdn = 3, ipv4_subnet = 4, ipv6_addr = 5, ipv6_subnet = 6,
                              ipv4_range = 7, ipv6_range = 8, der_asn1_dn = 9, der_asn1_gn = 10, key_id = 11, list = 12;
}
inline constexpr Named id_types[] = {
    {0, "RESERVED", "RFC 2407 4.6.2.1"},
    {1, "IPV4_ADDR", "RFC 2407 4.6.2.2"},
    {2, "FQDN", "RFC 2407 4.6.2.3"},
    {3, "USER_FQDN", "RFC 2407 4.6.2.4"},
    {4, "IPV4_ADDR_SUBNET", "RFC 2407 4.6.2.5"},
    {5, "IPV6_ADDR", "RFC 2407 4.6.2.6"},
    {6, "IPV6_ADDR_SUBNET", "RFC 2407 4.6.2.7"},
    {7, "IPV4_ADDR_RANGE", "RFC 2407 4.6.2.8"},
    {8, "IPV6_ADDR_RANGE", "RFC 2407 4.6.2.9"},
    {9, "DER_ASN1_DN", "RFC 2407 4.6.2.10"},
    {10, "DER_ASN1_GN", "RFC 2407 4.6.2.11"},
    {11, "KEY_ID", "RFC 2407 4.6.2.12"},
    {12, "KEY_LIST", "RFC 3554 3, where it is ID_LIST"},
};

/// Notify message types. RFC 2408 3.14.1, RFC 2407 4.6.3.
namespace notify {
inline constexpr std::uint16_t no_proposal_chosen = 14, payload_malformed = 16, invalid_id_information = 18,
                               invalid_hash_information = 23, authentication_failed = 24, connected = 16384,
                               responder_lifetime = 24576, replay_status = 24577, initial_contact = 24578,
                               r_u_there = 36136, r_u_there_ack = 36137, unity_load_balance = 40501,
                               unity_group_hash = 40503;
}
inline constexpr Named notify_types[] = {
    {1, "INVALID-PAYLOAD-TYPE", "RFC 2408 3.14.1"},
    {2, "DOI-NOT-SUPPORTED", "RFC 2408 3.14.1"},
    {3, "SITUATION-NOT-SUPPORTED", "RFC 2408 3.14.1"},
    {4, "INVALID-COOKIE", "RFC 2408 3.14.1"},
    {5, "INVALID-MAJOR-VERSION", "RFC 2408 3.14.1"},
    {6, "INVALID-MINOR-VERSION", "RFC 2408 3.14.1"},
    {7, "INVALID-EXCHANGE-TYPE", "RFC 2408 3.14.1"},
    {8, "INVALID-FLAGS", "RFC 2408 3.14.1"},
    {9, "INVALID-MESSAGE-ID", "RFC 2408 3.14.1"},
    {10, "INVALID-PROTOCOL-ID", "RFC 2408 3.14.1"},
    {11, "INVALID-SPI", "RFC 2408 3.14.1"},
    {12, "INVALID-TRANSFORM-ID", "RFC 2408 3.14.1"},
    {13, "ATTRIBUTES-NOT-SUPPORTED", "RFC 2408 3.14.1"},
    {14, "NO-PROPOSAL-CHOSEN", "RFC 2408 3.14.1"},
    {15, "BAD-PROPOSAL-SYNTAX", "RFC 2408 3.14.1"},
    {16, "PAYLOAD-MALFORMED", "RFC 2408 3.14.1"},
    {17, "INVALID-KEY-INFORMATION", "RFC 2408 3.14.1"},
    {18, "INVALID-ID-INFORMATION", "RFC 2408 3.14.1"},
    {19, "INVALID-CERT-ENCODING", "RFC 2408 3.14.1"},
    {20, "INVALID-CERTIFICATE", "RFC 2408 3.14.1"},
    {21, "CERT-TYPE-UNSUPPORTED", "RFC 2408 3.14.1"},
    {22, "INVALID-CERT-AUTHORITY", "RFC 2408 3.14.1"},
    {23, "INVALID-HASH-INFORMATION", "RFC 2408 3.14.1"},
    {24, "AUTHENTICATION-FAILED", "RFC 2408 3.14.1"},
    {25, "INVALID-SIGNATURE", "RFC 2408 3.14.1"},
    {26, "ADDRESS-NOTIFICATION", "RFC 2408 3.14.1"},
    {27, "NOTIFY-SA-LIFETIME", "RFC 2408 3.14.1"},
    {28, "CERTIFICATE-UNAVAILABLE", "RFC 2408 3.14.1"},
    {29, "UNSUPPORTED-EXCHANGE-TYPE", "RFC 2408 3.14.1"},
    {30, "UNEQUAL-PAYLOAD-LENGTHS", "RFC 2408 3.14.1"},
    {16384, "CONNECTED", "RFC 2408 3.14.1"},
    {24576, "RESPONDER-LIFETIME", "RFC 2407 4.6.3.1"},
    {24577, "REPLAY-STATUS", "RFC 2407 4.6.3.2"},
    {24578, "INITIAL-CONTACT", "RFC 2407 4.6.3.3"},
    {36136, "R-U-THERE", "RFC 3706 5.3"},
    {36137, "R-U-THERE-ACK", "RFC 3706 5.3"},
    {40501, "UNITY-LOAD-BALANCE", "Cisco Unity, Wireshark 4.0.17"},
    {40502, "UNITY-UNKNOWN", "Cisco Unity, Wireshark 4.0.17"},
    {40503, "UNITY-GROUP-HASH", "Cisco Unity, Wireshark 4.0.17"},
};

inline constexpr Named config_types[] = {
    {0, "Reserved", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.2"},
    {1, "ISAKMP_CFG_REQUEST", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.2"},
    {2, "ISAKMP_CFG_REPLY", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.2"},
    {3, "ISAKMP_CFG_SET", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.2"},
    {4, "ISAKMP_CFG_ACK", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.2"},
};
inline constexpr Named config_attributes[] = {
    {0, "RESERVED", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {1, "INTERNAL_IP4_ADDRESS", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {2, "INTERNAL_IP4_NETMASK", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {3, "INTERNAL_IP4_DNS", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {4, "INTERNAL_IP4_NBNS", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {5, "INTERNAL_ADDRESS_EXPIRY", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {6, "INTERNAL_IP4_DHCP", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {7, "APPLICATION_VERSION", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {8, "INTERNAL_IP6_ADDRESS", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {9, "INTERNAL_IP6_NETMASK", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {10, "INTERNAL_IP6_DNS", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {11, "INTERNAL_IP6_NBNS", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {12, "INTERNAL_IP6_DHCP", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.3"},
    {13, "INTERNAL_IP4_SUBNET", "draft-dukes-ike-mode-cfg-02 3.4"},
    {14, "SUPPORTED_ATTRIBUTES", "draft-dukes-ike-mode-cfg-02 3.4"},
    {15, "INTERNAL_IP6_SUBNET", "draft-dukes-ike-mode-cfg-02 3.4"},
    {16387, "CHKPT_DEF_DOMAIN", "Check Point, Wireshark 4.0.17"},
    {16388, "CHKPT_MAC_ADDRESS", "Check Point, Wireshark 4.0.17"},
    {16389, "CHKPT_MARCIPAN_REASON_CODE", "Check Point, Wireshark 4.0.17"},
    {16400, "CHKPT_UNKNOWN1", "Check Point, Wireshark 4.0.17"},
    {16401, "CHKPT_UNKNOWN2", "Check Point, Wireshark 4.0.17"},
    {16402, "CHKPT_UNKNOWN3", "Check Point, Wireshark 4.0.17"},
    {16520, "XAUTH_TYPE", "draft-beaulieu-ike-xauth-02 6"},
    {16521, "XAUTH_USER_NAME", "draft-beaulieu-ike-xauth-02 6"},
    {16522, "XAUTH_USER_PASSWORD", "draft-beaulieu-ike-xauth-02 6"},
    {16523, "XAUTH_PASSCODE", "draft-beaulieu-ike-xauth-02 6"},
    {16524, "XAUTH_MESSAGE", "draft-beaulieu-ike-xauth-02 6"},
    {16525, "XAUTH_CHALLENGE", "draft-beaulieu-ike-xauth-02 6"},
    {16526, "XAUTH_DOMAIN", "draft-beaulieu-ike-xauth-02 6"},
    {16527, "XAUTH_STATUS", "draft-beaulieu-ike-xauth-02 6"},
    {16528, "XAUTH_NEXT_PIN", "draft-beaulieu-ike-xauth-02 6"},
    {16529, "XAUTH_ANSWER", "draft-beaulieu-ike-xauth-02 6"},
    {28672, "UNITY_BANNER", "Cisco Unity, Wireshark 4.0.17"},
    {28673, "UNITY_SAVE_PASSWD", "Cisco Unity, Wireshark 4.0.17"},
    {28674, "UNITY_DEF_DOMAIN", "Cisco Unity, Wireshark 4.0.17"},
    {28675, "UNITY_SPLIT_DOMAIN", "Cisco Unity, Wireshark 4.0.17"},
    {28676, "UNITY_SPLIT_INCLUDE", "Cisco Unity, Wireshark 4.0.17"},
    {28677, "UNITY_NATT_PORT", "Cisco Unity, Wireshark 4.0.17"},
    {28678, "UNITY_SPLIT_EXCLUDE", "Cisco Unity, Wireshark 4.0.17"},
    {28679, "UNITY_PFS", "Cisco Unity, Wireshark 4.0.17"},
    {28680, "UNITY_FW_TYPE", "Cisco Unity, Wireshark 4.0.17"},
    {28681, "UNITY_BACKUP_SERVERS", "Cisco Unity, Wireshark 4.0.17"},
    {28682, "UNITY_DDNS_HOSTNAME", "Cisco Unity, Wireshark 4.0.17"},
};
inline constexpr Named xauth_types[] = {
    {0, "Generic", "draft-beaulieu-ike-xauth-02 6.1"},
    {1, "RADIUS-CHAP", "draft-beaulieu-ike-xauth-02 6.1"},
    {2, "OTP", "draft-beaulieu-ike-xauth-02 6.1"},
    {3, "S/KEY", "draft-beaulieu-ike-xauth-02 6.1"},
};
inline constexpr Named xauth_statuses[] = {
    {0, "Fail", "draft-beaulieu-ike-xauth-02 6.2"}, {1, "Success", "draft-beaulieu-ike-xauth-02 6.2"}};

inline constexpr Named fragment_last_values[] = {{0, "More fragments", "Wireshark 4.0.17"}, {1, "Last fragment", "Wireshark 4.0.17"}};

// Version numbers behind vendor IDs.
inline constexpr Named check_point_products[] = {
    {1, "Firewall-1", "Wireshark 4.0.17"}, {2, "SecuRemote/SecureClient", "Wireshark 4.0.17"}};
inline constexpr Named check_point_versions[] = {
    {2, "4.1", "Wireshark 4.0.17"},
    {3, "4.1 SP-1", "Wireshark 4.0.17"},
    {4002, "4.1 (SP-2 or above)", "Wireshark 4.0.17"},
    {5000, "NG", "Wireshark 4.0.17"},
    {5001, "NG Feature Pack 1", "Wireshark 4.0.17"},
    {5002, "NG Feature Pack 2", "Wireshark 4.0.17"},
    {5003, "NG Feature Pack 3", "Wireshark 4.0.17"},
    {5004, "NG with Application Intelligence", "Wireshark 4.0.17"},
    {5005, "NG with Application Intelligence R55", "Wireshark 4.0.17"},
    {5006, "NG with Application Intelligence R56", "Wireshark 4.0.17"},
};
inline constexpr Named windows_versions[] = {
    {2, "Windows 2000", "Wireshark 4.0.17"},
    {3, "Windows XP SP1", "Wireshark 4.0.17"},
    {4, "Windows 2003 and Windows XP SP2", "Wireshark 4.0.17"},
    {5, "Windows Vista", "Wireshark 4.0.17"},
    {7, "Windows 7", "strongSwan, ike-scan"},
    {8, "Windows Server 2008 R2", "strongSwan, ike-scan"},
    {9, "Windows 8, 8.1, 10, Server 2012 R2, Server 2016", "strongSwan, ike-scan"},
};

// Group Domain of Interpretation, RFC 6407.
inline constexpr Named tek_protocols[] = {
    {0, "Reserved", "RFC 6407 5.5"}, {1, "GDOI_PROTO_IPSEC_ESP", "RFC 6407 5.5"}, {2, "GDOI_PROTO_IPSEC_AH", "RFC 6407 5.5"},
    {3, "GDOI_PROTO_IEC_61850", "RFC 8052"}};
inline constexpr Named key_download_types[] = {
    {0, "Reserved", "RFC 6407 5.6"}, {1, "TEK", "RFC 6407 5.6.1"}, {2, "KEK", "RFC 6407 5.6.2"},
    {3, "LKH", "RFC 6407 5.6.3"},    {4, "SID", "RFC 6407 5.6.4"},
};
/// Attributes of key packets, by the packet's type.
inline constexpr Named tek_download_attributes[] = {
    {1, "TEK_ALGORITHM_KEY", "RFC 6407 5.6.1"}, {2, "TEK_INTEGRITY_KEY", "RFC 6407 5.6.1"}, {3, "TEK_SOURCE_AUTH_KEY", "RFC 6407 5.6.1"}};
inline constexpr Named kek_download_attributes[] = {
    {1, "KEK_ALGORITHM_KEY", "RFC 6407 5.6.2"}, {2, "SIG_ALGORITHM_KEY", "RFC 6407 5.6.2"}};
inline constexpr Named lkh_download_attributes[] = {
    {1, "LKH_DOWNLOAD_ARRAY", "RFC 6407 5.6.3"}, {2, "LKH_UPDATE_ARRAY", "RFC 6407 5.6.3"}, {3, "SIG_ALGORITHM_KEY", "RFC 6407 5.6.3"}};
inline constexpr Named sid_download_attributes[] = {
    {1, "NUMBER_OF_SID_BITS", "RFC 6407 5.6.4"}, {2, "SID_VALUE", "RFC 6407 5.6.4"}};
inline constexpr Named kek_attributes[] = {
    {1, "KEK_MANAGEMENT_ALGORITHM", "RFC 6407 5.3.2"}, {2, "KEK_ALGORITHM", "RFC 6407 5.3.3"},
    {3, "KEK_KEY_LENGTH", "RFC 6407 5.3.4"},           {4, "KEK_KEY_LIFETIME", "RFC 6407 5.3.5"},
    {5, "SIG_HASH_ALGORITHM", "RFC 6407 5.3.6"},       {6, "SIG_ALGORITHM", "RFC 6407 5.3.7"},
    {7, "SIG_KEY_LENGTH", "RFC 6407 5.3.8"},           {8, "KE_OAKLEY_GROUP", "RFC 3547 5.3.9"},
    {9, "KEK_ACK_REQUESTED", "RFC 8263"},
};
/// Values of KEK attributes.
inline constexpr Named kek_management_algorithms[] = {{0, "RESERVED", "RFC 6407 5.3.2"}, {1, "LKH", "RFC 6407 5.3.2"}};
inline constexpr Named kek_algorithms[] = {
    {0, "RESERVED", "RFC 6407 5.3.3"}, {1, "KEK_ALG_DES", "RFC 6407 5.3.3"},
    {2, "KEK_ALG_3DES", "RFC 6407 5.3.3"}, {3, "KEK_ALG_AES", "RFC 6407 5.3.3"}};
inline constexpr Named kek_signature_hashes[] = {
    {0, "RESERVED", "RFC 6407 5.3.6"},        {1, "SIG_HASH_MD5", "RFC 6407 5.3.6"},    {2, "SIG_HASH_SHA1", "RFC 6407 5.3.6"},
    {3, "SIG_HASH_SHA256", "RFC 6407 5.3.6"}, {4, "SIG_HASH_SHA384", "RFC 6407 5.3.6"}, {5, "SIG_HASH_SHA512", "RFC 6407 5.3.6"}};
inline constexpr Named kek_signature_algorithms[] = {
    {0, "RESERVED", "RFC 6407 5.3.7"},         {1, "SIG_ALG_RSA", "RFC 6407 5.3.7"},
    {2, "SIG_ALG_DSS", "RFC 6407 5.3.7"},      {3, "SIG_ALG_ECDSS", "RFC 6407 5.3.7"},
    {4, "SIG_ALG_ECDSA-256", "RFC 6407 5.3.7"}, {5, "SIG_ALG_ECDSA-384", "RFC 6407 5.3.7"},
    {6, "SIG_ALG_ECDSA-521", "RFC 6407 5.3.7"}};
inline constexpr Named group_policy_attributes[] = {
    {1, "ACTIVATION_TIME_DELAY", "RFC 6407 5.4.1"},
    {2, "DEACTIVATION_TIME_DELAY", "RFC 6407 5.4.1"},
    {3, "SENDER_ID_REQUEST", "RFC 6407 5.4.2"},
};

static_assert(is_registry(protocols) && is_registry(ah_transforms) && is_registry(esp_transforms) &&
              is_registry(ipcomp_transforms) && is_registry(phase1_attributes) && is_registry(encryption_algorithms) &&
              is_registry(hash_algorithms) && is_registry(authentication_methods) && is_registry(phase2_attributes) &&
              is_registry(encapsulation_modes) && is_registry(authentication_algorithms) && is_registry(id_types) &&
              is_registry(notify_types) && is_registry(config_attributes) && is_registry(kek_attributes) &&
              is_registry(tek_download_attributes) && is_registry(kek_download_attributes) &&
              is_registry(lkh_download_attributes) && is_registry(sid_download_attributes));

/// Transform identifiers of a protocol; empty for unknown protocols.
constexpr Registry transforms_of(std::uint8_t protocol) {
    switch (protocol) {
    case 1: return isakmp_transforms;
    case 2: return ah_transforms;
    case 3: return esp_transforms;
    case 4: return ipcomp_transforms;
    default: return {};
    }
}

} // namespace ikescope::dissect::ikev1
