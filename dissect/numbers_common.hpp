#pragma once
// Numbers that both versions of IKE share. Where one number space serves both (exchange and payload types), one table.

#include "base/registry.hpp"

#include <array>

namespace ikescope::dissect {

inline constexpr Named exchange_types[] = {
    {0, "NONE", "RFC 2408 3.1"},
    {1, "Base", "RFC 2408 4.4"},
    {2, "Identity Protection (Main Mode)", "RFC 2408 4.5"},
    {3, "Authentication Only", "RFC 2408 4.6"},
    {4, "Aggressive", "RFC 2408 4.7"},
    {5, "Informational", "RFC 2408 4.8"},
    {6, "Transaction (Config Mode)", "draft-ietf-ipsec-isakmp-mode-cfg-05 3"},
    {32, "Quick Mode", "RFC 2409 appendix A"},
    {33, "New Group Mode", "RFC 2409 appendix A"},
    {34, "IKE_SA_INIT", "RFC 7296 3.1"},
    {35, "IKE_AUTH", "RFC 7296 3.1"},
    {36, "CREATE_CHILD_SA", "RFC 7296 3.1"},
    {37, "INFORMATIONAL", "RFC 7296 3.1"},
    {38, "IKE_SESSION_RESUME", "RFC 5723 9"},
    {39, "GSA_AUTH", "RFC 9838"},
    {40, "GSA_REGISTRATION", "RFC 9838"},
    {41, "GSA_REKEY", "RFC 9838"},
    {42, "GSA_INBAND_REKEY", "RFC 9838"},
    {43, "IKE_INTERMEDIATE", "RFC 9242 5"},
    {44, "IKE_FOLLOWUP_KE", "RFC 9370 4"},
};
static_assert(is_registry(exchange_types));

/// `brief` is the name in one-line summaries, as strongSwan's logs have it.
inline constexpr Named payload_types[] = {
    {0, "NONE / No Next Payload", "RFC 2408 3.1"},
    {1, "Security Association", "RFC 2408 3.1", "SA"},
    {2, "Proposal", "RFC 2408 3.1", "P"},
    {3, "Transform", "RFC 2408 3.1", "T"},
    {4, "Key Exchange", "RFC 2408 3.1", "KE"},
    {5, "Identification", "RFC 2408 3.1", "ID"},
    {6, "Certificate", "RFC 2408 3.1", "CERT"},
    {7, "Certificate Request", "RFC 2408 3.1", "CERTREQ"},
    {8, "Hash", "RFC 2408 3.1", "HASH"},
    {9, "Signature", "RFC 2408 3.1", "SIG"},
    {10, "Nonce", "RFC 2408 3.1", "No"},
    {11, "Notification", "RFC 2408 3.1", "N"},
    {12, "Delete", "RFC 2408 3.1", "D"},
    {13, "Vendor ID", "RFC 2408 3.1", "V"},
    {14, "Attributes", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.2", "CP"},
    {15, "SA KEK Payload", "RFC 6407 5.3", "SAK"},
    {16, "SA TEK Payload", "RFC 6407 5.5", "SAT"},
    {17, "Key Download", "RFC 6407 5.6", "KD"},
    {18, "Sequence Number", "RFC 6407 5.7", "SEQ"},
    {19, "Proof of Possession", "RFC 3547 5.7", "POP"},
    {20, "NAT-D (RFC 3947)", "RFC 3947 3.2", "NAT-D"},
    {21, "NAT-OA (RFC 3947)", "RFC 3947 5.2", "NAT-OA"},
    {22, "Group Associated Policy", "RFC 6407 5.4", "GAP"},
    {33, "Security Association", "RFC 7296 3.2", "SA"},
    {34, "Key Exchange", "RFC 7296 3.2", "KE"},
    {35, "Identification - Initiator", "RFC 7296 3.2", "IDi"},
    {36, "Identification - Responder", "RFC 7296 3.2", "IDr"},
    {37, "Certificate", "RFC 7296 3.2", "CERT"},
    {38, "Certificate Request", "RFC 7296 3.2", "CERTREQ"},
    {39, "Authentication", "RFC 7296 3.2", "AUTH"},
    {40, "Nonce", "RFC 7296 3.2", "No"},
    {41, "Notify", "RFC 7296 3.2", "N"},
    {42, "Delete", "RFC 7296 3.2", "D"},
    {43, "Vendor ID", "RFC 7296 3.2", "V"},
    {44, "Traffic Selector - Initiator", "RFC 7296 3.2", "TSi"},
    {45, "Traffic Selector - Responder", "RFC 7296 3.2", "TSr"},
    {46, "Encrypted and Authenticated", "RFC 7296 3.2", "SK"},
    {47, "Configuration", "RFC 7296 3.2", "CP"},
    {48, "Extensible Authentication", "RFC 7296 3.2", "EAP"},
    {49, "Generic Secure Password Method", "RFC 6467 4", "GSPM"},
    {50, "Group Identification", "RFC 9838", "IDg"},
    {51, "Group Security Association", "RFC 9838", "GSA"},
    {52, "Key Download", "RFC 9838", "KD"},
    {53, "Encrypted and Authenticated Fragment", "RFC 7383 2.5", "SKF"},
    {54, "Puzzle Solution", "RFC 8019 8.2", "PS"},
    {130, "NAT-D (draft-ietf-ipsec-nat-t-ike-01 to 03)", "draft-ietf-ipsec-nat-t-ike-03 3.2", "NAT-D"},
    {131, "NAT-OA (draft-ietf-ipsec-nat-t-ike-01 to 03)", "draft-ietf-ipsec-nat-t-ike-03 5.2", "NAT-OA"},
    {132, "Cisco-Fragmentation", "Cisco IKE fragmentation (Wireshark, racoon)", "FRAG"},
};
static_assert(is_registry(payload_types));

/// Numbers of payload_types by which early implementations of NAT traversal meant something else.
inline constexpr Named nat_draft_payload_types[] = {
    {15, "NAT-D (draft-ietf-ipsec-nat-t-ike-00)", "draft-ietf-ipsec-nat-t-ike-00 3.2", "NAT-D"},
    {16, "NAT-OA (draft-ietf-ipsec-nat-t-ike-00)", "draft-ietf-ipsec-nat-t-ike-00 4.2", "NAT-OA"},
};
static_assert(is_registry(nat_draft_payload_types));

inline constexpr Named domains_of_interpretation[] = {
    {0, "ISAKMP", "RFC 2408 3.4"},
    {1, "IPSEC", "RFC 2407 6"},
    {2, "GDOI", "RFC 6407 5.1"},
};
static_assert(is_registry(domains_of_interpretation));

/// Diffie-Hellman groups, one number space for IKEv1 group descriptions and IKEv2 transform type 4.
inline constexpr Named dh_groups[] = {
    {0, "UNDEFINED - 0", "RFC 2409 appendix A", "NONE"},
    {1, "Default 768-bit MODP group", "RFC 2409 6.1", "MODP-768"},
    {2, "Alternate 1024-bit MODP group", "RFC 2409 6.2", "MODP-1024"},
    {3, "EC2N group on GP[2^155] group", "RFC 2409 6.3", "EC2N-155"},
    {4, "EC2N group on GP[2^185] group", "RFC 2409 6.4", "EC2N-185"},
    {5, "1536 bit MODP group", "RFC 3526 2", "MODP-1536"},
    {6, "EC2N group over GF[2^163]", "draft-ietf-ipsec-ike-ecc-groups", "EC2N-163"},
    {7, "EC2N group over GF[2^163]", "draft-ietf-ipsec-ike-ecc-groups", "EC2N-163"},
    {8, "EC2N group over GF[2^283]", "draft-ietf-ipsec-ike-ecc-groups", "EC2N-283"},
    {9, "EC2N group over GF[2^283]", "draft-ietf-ipsec-ike-ecc-groups", "EC2N-283"},
    {10, "EC2N group over GF[2^409]", "draft-ietf-ipsec-ike-ecc-groups", "EC2N-409"},
    {11, "EC2N group over GF[2^409]", "draft-ietf-ipsec-ike-ecc-groups", "EC2N-409"},
    {12, "EC2N group over GF[2^571]", "draft-ietf-ipsec-ike-ecc-groups", "EC2N-571"},
    {13, "EC2N group over GF[2^571]", "draft-ietf-ipsec-ike-ecc-groups", "EC2N-571"},
    {14, "2048 bit MODP group", "RFC 3526 3", "MODP-2048"},
    {15, "3072 bit MODP group", "RFC 3526 4", "MODP-3072"},
    {16, "4096 bit MODP group", "RFC 3526 5", "MODP-4096"},
    {17, "6144 bit MODP group", "RFC 3526 6", "MODP-6144"},
    {18, "8192 bit MODP group", "RFC 3526 7", "MODP-8192"},
    {19, "256-bit random ECP group", "RFC 5903 3.1", "ECP-256"},
    {20, "384-bit random ECP group", "RFC 5903 3.2", "ECP-384"},
    {21, "521-bit random ECP group", "RFC 5903 3.3", "ECP-521"},
    {22, "1024-bit MODP Group with 160-bit Prime Order Subgroup", "RFC 5114 2.1", "MODP-1024-160"},
    {23, "2048-bit MODP Group with 224-bit Prime Order Subgroup", "RFC 5114 2.2", "MODP-2048-224"},
    {24, "2048-bit MODP Group with 256-bit Prime Order Subgroup", "RFC 5114 2.3", "MODP-2048-256"},
    {25, "192-bit Random ECP Group", "RFC 5114 2.4", "ECP-192"},
    {26, "224-bit Random ECP Group", "RFC 5114 2.5", "ECP-224"},
    {27, "224-bit Brainpool ECP group", "RFC 6954 2.1", "BRAINPOOL-224"},
    {28, "256-bit Brainpool ECP group", "RFC 6954 2.1", "BRAINPOOL-256"},
    {29, "384-bit Brainpool ECP group", "RFC 6954 2.1", "BRAINPOOL-384"},
    {30, "512-bit Brainpool ECP group", "RFC 6954 2.1", "BRAINPOOL-512"},
    {31, "Curve25519", "RFC 8031 2", "CURVE25519"},
    {32, "Curve448", "RFC 8031 2", "CURVE448"},
    {33, "GOST3410_2012_256", "RFC 9385 6", "GOST-256"},
    {34, "GOST3410_2012_512", "RFC 9385 6", "GOST-512"},
    {35, "ML-KEM-512", "draft-ietf-ipsecme-ikev2-mlkem", "ML-KEM-512"},
    {36, "ML-KEM-768", "draft-ietf-ipsecme-ikev2-mlkem", "ML-KEM-768"},
    {37, "ML-KEM-1024", "draft-ietf-ipsecme-ikev2-mlkem", "ML-KEM-1024"},
};
static_assert(is_registry(dh_groups));

/// The same numbers where 0 means that an additional key exchange is left out (RFC 9370 4.1).
inline constexpr auto additional_key_exchanges = [] {
    auto rows = std::to_array(dh_groups);
    rows[0] = {0, "NONE", "RFC 9370 4.1", "NONE"};
    return rows;
}();

/// Certificate encodings; the spaces of both versions agree where both define a number. RFC 2408 3.9, RFC 7296 3.6.
inline constexpr Named certificate_encodings[] = {
    {0, "NONE", "RFC 2408 3.9"},
    {1, "PKCS #7 wrapped X.509 certificate", "RFC 2408 3.9"},
    {2, "PGP Certificate", "RFC 2408 3.9"},
    {3, "DNS Signed Key", "RFC 2408 3.9"},
    {4, "X.509 Certificate - Signature", "RFC 2408 3.9"},
    {5, "X.509 Certificate - Key Exchange", "RFC 2408 3.9"},
    {6, "Kerberos Tokens", "RFC 2408 3.9"},
    {7, "Certificate Revocation List (CRL)", "RFC 2408 3.9"},
    {8, "Authority Revocation List (ARL)", "RFC 2408 3.9"},
    {9, "SPKI Certificate", "RFC 2408 3.9"},
    {10, "X.509 Certificate - Attribute", "RFC 2408 3.9"},
    {11, "Raw RSA Key", "RFC 7296 3.6"},
    {12, "Hash and URL of X.509 certificate", "RFC 7296 3.6"},
    {13, "Hash and URL of X.509 bundle", "RFC 7296 3.6"},
    {14, "OCSP Content", "RFC 4806 3"},
    {15, "Raw Public Key", "RFC 7670 3"},
};
static_assert(is_registry(certificate_encodings));

/// The IP protocols that selectors and phase 2 identities usually name; 0 leaves them open (RFC 2407 4.6.2). IANA protocol-numbers.
inline constexpr Named selector_protocols[] = {
    {0, "any", "RFC 7296 3.13.1"}, {1, "ICMP", "RFC 792"},  {2, "IGMP", "RFC 1112"},  {4, "IPv4", "RFC 2003"},
    {6, "TCP", "RFC 9293"},        {17, "UDP", "RFC 768"},  {41, "IPv6", "RFC 2473"}, {47, "GRE", "RFC 2784"},
    {50, "ESP", "RFC 4303"},       {51, "AH", "RFC 4302"},  {58, "ICMPv6", "RFC 4443"},
    {88, "EIGRP", "RFC 7868"},     {89, "OSPF", "RFC 2328"}, {103, "PIM", "RFC 7761"}, {132, "SCTP", "RFC 9260"},
};
static_assert(is_registry(selector_protocols));

} // namespace ikescope::dissect
