#include "replay/ios_terms.hpp"

#include "session/ikev1_suite.hpp"

#include <algorithm>

namespace ikescope::replay {
namespace {

struct Word {
    std::string_view text;
    std::uint32_t number;
    unsigned key_bits = 0; ///< of policies that say the cipher's size apart
};
// RFC 2409 appendix A, RFC 3602, RFC 4868.
constexpr Word encryptions[] = {{"des", 1}, {"3des", 5}, {"aes", 7}};
constexpr Word hashes[] = {{"md5", 1}, {"sha", 2}, {"sha256", 4}, {"sha384", 5}, {"sha512", 6}};
constexpr Word authentications[] = {{"pre-share", 1}, {"rsa-sig", 3}, {"rsa-encr", 4}, {"ecdsa-sig", 9}};

std::optional<std::uint32_t> number_of(std::span<const Word> words, std::string_view text) {
    for (const auto& word : words)
        if (word.text == text) return word.number;
    return std::nullopt;
}
std::string text_of(std::span<const Word> words, std::uint32_t number) {
    for (const auto& word : words)
        if (word.number == number) return std::string(word.text);
    return "?";
}

/// One word of a transform set: it sets the cipher or the authentication.
struct EspWord {
    std::string_view text;
    EspTerms terms;
};
// Cisco command reference, `crypto ipsec transform-set`; numbers: RFC 2407, IANA isakmp-registry and ikev2-parameters.
constexpr EspWord esp_words[] = {
    {"esp-des", {2, 0, 2, 0, 0}},          {"esp-3des", {3, 0, 3, 0, 0}},         {"esp-null", {11, 0, 11, 0, 0}},
    {"esp-aes", {12, 0, 12, 0, 128}},      {"esp-aes 128", {12, 0, 12, 0, 128}},  {"esp-aes 192", {12, 0, 12, 0, 192}},
    {"esp-aes 256", {12, 0, 12, 0, 256}},  {"esp-gcm", {20, 0, 20, 0, 128}},      {"esp-gcm 128", {20, 0, 20, 0, 128}},
    {"esp-gcm 192", {20, 0, 20, 0, 192}},  {"esp-gcm 256", {20, 0, 20, 0, 256}},  {"esp-gmac", {23, 0, 21, 0, 128}},
    {"esp-gmac 128", {23, 0, 21, 0, 128}}, {"esp-gmac 192", {23, 0, 21, 0, 192}}, {"esp-gmac 256", {23, 0, 21, 0, 256}},
    {"esp-md5-hmac", {0, 1, 0, 1, 0}},     {"esp-sha-hmac", {0, 2, 0, 2, 0}},     {"esp-sha256-hmac", {0, 5, 0, 12, 0}},
    {"esp-sha384-hmac", {0, 6, 0, 13, 0}}, {"esp-sha512-hmac", {0, 7, 0, 14, 0}},
};

} // namespace

std::optional<session::Suite> suite_of(const ios::Policy& policy) {
    const auto encryption = number_of(encryptions, policy.encryption), hash = number_of(hashes, policy.hash);
    const auto authentication = number_of(authentications, policy.authentication);
    if (!encryption || !hash || !authentication) return std::nullopt;
    session::Suite suite;
    suite.encryption = *encryption;
    suite.key_bits = policy.key_bits;
    suite.hash = *hash;
    suite.authentication = *authentication;
    suite.group = policy.group;
    suite.life_seconds = policy.lifetime;
    suite.known = true;
    return suite;
}

ios::Policy policy_of(const session::Suite& suite) {
    ios::Policy policy;
    policy.encryption = text_of(encryptions, suite.encryption);
    policy.key_bits = suite.key_bits;
    policy.hash = text_of(hashes, suite.hash);
    policy.authentication = text_of(authentications, suite.authentication);
    policy.group = suite.group;
    policy.lifetime = static_cast<std::uint32_t>(std::min<std::uint64_t>(suite.life_seconds, 0xffffffff));
    return policy;
}

std::optional<EspTerms> esp_terms(const ios::TransformSet& set) {
    EspTerms out;
    for (const auto& transform : set.transforms) {
        const auto word = std::ranges::find(esp_words, transform, &EspWord::text);
        if (word == std::end(esp_words)) return std::nullopt;
        out.ikev1_transform |= word->terms.ikev1_transform;
        out.ikev1_authentication |= word->terms.ikev1_authentication;
        out.ikev2_encryption |= word->terms.ikev2_encryption;
        out.ikev2_integrity |= word->terms.ikev2_integrity;
        out.key_bits |= word->terms.key_bits;
    }
    return out.ikev1_transform != 0 ? std::optional(out) : std::nullopt;
}

std::vector<std::string> transforms_of(const ikev1::EspOffer& offer) {
    std::vector<std::string> out;
    for (const auto& [text, terms] : esp_words)
        if (terms.ikev1_transform == offer.transform && offer.transform != 0 && terms.key_bits == offer.key_bits) {
            out.emplace_back(text);
            break;
        }
    if (out.empty()) return {};
    for (const auto& [text, terms] : esp_words)
        if (terms.ikev1_authentication == offer.authentication && offer.authentication != 0) out.emplace_back(text);
    return out.size() == (offer.authentication != 0 ? 2U : 1U) ? out : std::vector<std::string>{};
}

} // namespace ikescope::replay
