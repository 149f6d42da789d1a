#include "session/ikev1_suite.hpp"

#include "base/registry.hpp"
#include "dissect/numbers_ikev1.hpp"

#include <fmt/format.h>

namespace ikescope::session::ikev1 {
namespace {

// RFC 2409 appendix A: attribute classes of phase 1.
constexpr std::uint16_t attr_encryption = 1, attr_hash = 2, attr_authentication = 3, attr_group = 4,
                        attr_life_type = 11, attr_life = 12, attr_prf = 13, attr_key_length = 14;
constexpr std::uint64_t life_in_seconds = 1;
// RFC 2407 4.5: attribute classes of phase 2.
constexpr auto quick_authentication = dissect::ikev1::phase2::authentication,
               quick_key_length = dissect::ikev1::phase2::key_length;
constexpr std::uint8_t protocol_ah = 2, protocol_esp = 3, protocol_ipcomp = 4;

std::uint32_t number_of(const dissect::ikev1::Transform& transform, std::uint16_t type) {
    const auto* attribute = transform.find(type);
    return attribute ? static_cast<std::uint32_t>(attribute->number()) : 0;
}

/// Life types and durations come in pairs, the duration behind its type.
std::uint64_t life_seconds(const dissect::ikev1::Transform& transform) {
    std::uint64_t type = 0;
    for (const auto& attribute : transform.attributes) {
        if (attribute.type == attr_life_type) type = attribute.number();
        if (attribute.type == attr_life && type == life_in_seconds) return attribute.number();
    }
    return 0;
}

Suite suite_of(const dissect::ikev1::Transform& transform) {
    Suite suite;
    suite.encryption = number_of(transform, attr_encryption);
    suite.key_bits = number_of(transform, attr_key_length);
    suite.hash = number_of(transform, attr_hash);
    suite.prf = number_of(transform, attr_prf);
    suite.group = number_of(transform, attr_group);
    suite.authentication = number_of(transform, attr_authentication);
    suite.life_seconds = life_seconds(transform);
    suite.known = true;
    return suite;
}

/// Ciphers of RFC 2409 appendix A and RFC 3602/4312 with their key lengths in bits; 0 = the attribute says it.
struct Cipher {
    std::uint32_t number;
    crypto::CipherId id;
    std::uint32_t bits, default_bits;
};
constexpr Cipher ciphers[] = {
    {1, crypto::CipherId::des_cbc, 64, 64},    {3, crypto::CipherId::blowfish_cbc, 0, 128},
    {5, crypto::CipherId::des3_cbc, 192, 192}, {6, crypto::CipherId::cast_cbc, 0, 128},
    {7, crypto::CipherId::aes_cbc, 0, 128},    {8, crypto::CipherId::camellia_cbc, 0, 128},
};

// RFC 2407 4.4.4 and IANA "IPSEC ESP Transform Identifiers".
constexpr Named esp_names[] = {
    {1, "DES-IV64", "RFC 2407"},     {2, "DES-CBC", "RFC 2405"},       {3, "3DES-CBC", "RFC 2451"},
    {4, "RC5", "RFC 2451"},          {5, "IDEA", "RFC 2451"},          {6, "CAST", "RFC 2451"},
    {7, "BLOWFISH-CBC", "RFC 2451"}, {8, "3IDEA", "RFC 2407"},         {9, "DES-IV32", "RFC 2407"},
    {11, "NULL", "RFC 2410"},        {12, "AES-CBC", "RFC 3602"},      {13, "AES-CTR", "RFC 3686"},
    {14, "AES-CCM-8", "RFC 4309"},   {15, "AES-CCM-12", "RFC 4309"},   {16, "AES-CCM-16", "RFC 4309"},
    {18, "AES-GCM-8", "RFC 4106"},   {19, "AES-GCM-12", "RFC 4106"},   {20, "AES-GCM-16", "RFC 4106"},
    {21, "SEED-CBC", "RFC 4196"},    {22, "CAMELLIA-CBC", "RFC 4312"}, {23, "NULL-AES-GMAC", "RFC 4543"},
};
static_assert(is_registry(esp_names));
// IANA "IPSEC Security Association Attributes", Authentication Algorithm (5).
constexpr Named authentication_names[] = {
    {1, "HMAC-MD5", "RFC 2403"},      {2, "HMAC-SHA1", "RFC 2404"},     {3, "DES-MAC", "RFC 2407"},
    {4, "KPDK", "RFC 2407"},          {5, "HMAC-SHA2-256", "RFC 4868"}, {6, "HMAC-SHA2-384", "RFC 4868"},
    {7, "HMAC-SHA2-512", "RFC 4868"}, {8, "HMAC-RIPEMD", "RFC 2857"},   {9, "AES-XCBC-MAC", "RFC 3566"},
    {11, "AES-128-GMAC", "RFC 4543"}, {12, "AES-192-GMAC", "RFC 4543"}, {13, "AES-256-GMAC", "RFC 4543"},
};
static_assert(is_registry(authentication_names));

/// The same algorithms under both versions' numbers: IANA "IPSEC ESP Transform Identifiers" and "IKEv2 Encryption
/// Algorithm Transform IDs"; "IPSEC Security Association Attributes" 5 and "Integrity Algorithm Transform IDs".
struct EspNumber {
    std::uint32_t ikev1;
    std::uint16_t ikev2;
};
constexpr EspNumber esp_ciphers[] = {
    {2, 2},   {3, 3},   {6, 6},   {7, 7},   {11, 11}, {12, 12}, {13, 13}, {14, 14},
    {15, 15}, {16, 16}, {18, 18}, {19, 19}, {20, 20}, {22, 23}, {23, 21},
};
constexpr EspNumber esp_integrities[] = {
    {0, 0}, {1, 1}, {2, 2}, {5, 12}, {5, 1025}, {6, 13}, {7, 14}, {9, 5}, {11, 0}, {12, 0}, {13, 0},
};

std::string name_or_number(Registry registry, std::uint32_t number) {
    const auto name = name_of(registry, number);
    return name.empty() ? fmt::format("{}", number) : std::string(name);
}

} // namespace

std::vector<Offer> offers_of(const dissect::PayloadRef& sa) {
    std::vector<Offer> offers;
    for (const auto& proposal : dissect::ikev1::parse<dissect::ikev1::SecurityAssociation>(sa).proposals)
        for (const auto& transform : proposal.transforms) offers.push_back({transform.number, suite_of(transform)});
    return offers;
}

CompactSuite compact(const Suite& suite) {
    const auto narrow = [](std::uint32_t value) { return static_cast<std::uint16_t>(std::min(value, 0xffffU)); };
    CompactSuite packed{narrow(suite.encryption),
                        narrow(suite.key_bits),
                        narrow(suite.hash),
                        narrow(suite.prf),
                        narrow(suite.integrity),
                        narrow(suite.group),
                        narrow(suite.authentication),
                        suite.known,
                        0};
    packed.life_seconds = static_cast<std::uint32_t>(std::min<std::uint64_t>(suite.life_seconds, 0xffffffff));
    return packed;
}

Suite expand(const CompactSuite& suite) {
    return {suite.encryption, suite.key_bits,       suite.hash,         suite.prf,  suite.integrity,
            suite.group,      suite.authentication, suite.life_seconds, suite.known};
}

bool by_psk(std::uint32_t authentication) {
    // XAUTHInitPreShared, XAUTHRespPreShared: draft-beaulieu-ike-xauth-02
    return authentication == 1 || authentication == 65001 || authentication == 65002;
}

bool by_signature(std::uint32_t authentication) {
    // DSS, RSA, ECDSA (RFC 4754) signatures; hybrid and XAUTH variants of DSS and RSA
    return authentication == 2 || authentication == 3 || (authentication >= 8 && authentication <= 11) ||
           (authentication >= 64221 && authentication <= 64224) || (authentication >= 65003 && authentication <= 65006);
}

bool by_revised_encryption(std::uint32_t authentication) {
    return authentication == 5 || authentication == 65009 || authentication == 65010;
}
bool by_encryption(std::uint32_t authentication) {
    return authentication == 4 || authentication == 65007 || authentication == 65008 ||
           by_revised_encryption(authentication);
}

std::optional<crypto::ikev1::Suite> computable(const CompactSuite& suite) {
    if (!suite.known) return std::nullopt;
    crypto::ikev1::Suite result;
    switch (suite.hash) {
    case 1: result.hash = crypto::HashId::md5; break;
    case 2: result.hash = crypto::HashId::sha1; break;
    case 4: result.hash = crypto::HashId::sha256; break;
    case 5: result.hash = crypto::HashId::sha384; break;
    case 6: result.hash = crypto::HashId::sha512; break;
    default: return std::nullopt;
    }
    for (const auto& cipher : ciphers) {
        if (cipher.number != suite.encryption) continue;
        result.cipher = cipher.id;
        result.key_bytes = (cipher.bits ? cipher.bits : suite.key_bits ? suite.key_bits : cipher.default_bits) / 8;
        return result;
    }
    return std::nullopt;
}

std::vector<crypto::ikev2::Suite> esp_suites(const dissect::ikev1::Transform& transform) {
    std::vector<crypto::ikev2::Suite> suites;
    const auto* encryption = std::ranges::find(esp_ciphers, transform.id, &EspNumber::ikev1);
    if (encryption == std::end(esp_ciphers)) return suites;
    const auto bits = static_cast<std::uint16_t>(number_of(transform, quick_key_length));
    const auto authentication = number_of(transform, quick_authentication);
    for (const auto& row : esp_integrities) {
        if (row.ikev1 != authentication) continue;
        if (auto suite = crypto::ikev2::suite_of({encryption->ikev2, bits, 0, row.ikev2})) suites.push_back(*suite);
    }
    return suites;
}

std::optional<NewGroup> new_group(const dissect::PayloadRef& sa) {
    namespace attribute = dissect::ikev1::phase1;
    constexpr std::uint32_t modp = 1;
    const auto parsed = dissect::ikev1::parse<dissect::ikev1::SecurityAssociation>(sa);
    if (parsed.proposals.empty() || parsed.proposals.front().transforms.empty()) return std::nullopt;
    const auto& transform = parsed.proposals.front().transforms.front();
    const auto *prime = transform.find(attribute::group_prime), *generator = transform.find(attribute::generator_one);
    if (!prime || !generator || number_of(transform, attribute::group_type) > modp) return std::nullopt;
    return NewGroup{static_cast<std::uint16_t>(number_of(transform, attribute::group)),
                    {{prime->value.begin(), prime->value.end()}, {generator->value.begin(), generator->value.end()}}};
}

std::uint16_t quick_group(const dissect::ikev1::Transform& transform) {
    return static_cast<std::uint16_t>(number_of(transform, dissect::ikev1::phase2::group));
}
bool quick_extended(const dissect::ikev1::Transform& transform) {
    return number_of(transform, dissect::ikev1::phase2::extended_sequence_numbers) == 1;
}

std::string quick_suite(std::uint8_t protocol, const dissect::ikev1::Transform& transform) {
    const auto bits = number_of(transform, quick_key_length);
    const auto authentication = number_of(transform, quick_authentication);
    std::string text;
    if (protocol == protocol_ipcomp) return "IPCOMP";
    if (protocol == protocol_esp) text = name_or_number(esp_names, transform.id);
    if (protocol == protocol_esp && bits != 0) text += fmt::format("-{}", bits);
    if (authentication == 0) return text.empty() && protocol == protocol_ah ? "AH" : text;
    if (!text.empty()) text += '/';
    return text + name_or_number(authentication_names, authentication);
}

} // namespace ikescope::session::ikev1
