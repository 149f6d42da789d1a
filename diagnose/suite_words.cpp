#include "diagnose/suite_words.hpp"

#include "dissect/numbers_ikev1.hpp"
#include "dissect/numbers_ikev2.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose {

using session::Suite;
using session::Version;

namespace {

std::string brief(Registry names, std::uint32_t value) {
    const auto name = brief_of(names, value);
    return name.empty() ? fmt::format("unknown ({})", value) : std::string(name);
}

/// "Pre-shared key" in the middle of a sentence; abbreviations stay.
std::string uncapitalized(std::string text) {
    if (text.size() > 1 && text[1] >= 'a' && text[1] <= 'z') text[0] = static_cast<char>(text[0] | 0x20);
    return text;
}

SuiteWords ikev1_words(const Suite& suite) {
    SuiteWords words{brief(dissect::ikev1::encryption_algorithms, suite.encryption), suite.key_bits,
                     brief(dissect::ikev1::hash_algorithms, suite.hash), {}, {},
                     uncapitalized(brief(dissect::ikev1::authentication_methods, suite.authentication))};
    words.prf = "HMAC-" + words.hash; // RFC 2409 4: the hash's HMAC unless a prf is negotiated
    return words;
}

SuiteWords ikev2_words(const Suite& suite) {
    SuiteWords words{brief(dissect::ikev2::encryption_algorithms, suite.encryption), suite.key_bits, {},
                     brief(dissect::ikev2::prf_algorithms, suite.prf), {}, {}};
    if (suite.integrity) words.integrity = brief(dissect::ikev2::integrity_algorithms, suite.integrity);
    return words;
}

/// Key sizes that the algorithm fixes and that the wire therefore does not mention.
std::uint32_t fixed_bits(std::string_view encryption) {
    return encryption == "3DES-CBC" ? 192 : encryption == "DES-CBC" ? 64 : 0;
}

} // namespace

SuiteWords words_of(const Suite& suite, Version version) {
    auto words = version == Version::v2 ? ikev2_words(suite) : ikev1_words(suite);
    if (words.key_bits == 0) words.key_bits = fixed_bits(words.encryption);
    return words;
}

std::string group_text(std::uint32_t group) {
    const auto name = brief_of(dissect::dh_groups, group);
    return name.empty() ? fmt::format("group {}", group) : fmt::format("group {} ({})", group, name);
}

std::string suite_text(const Suite& suite, Version version) {
    const auto words = words_of(suite, version);
    auto text = words.encryption;
    if (words.key_bits && fixed_bits(words.encryption) == 0) text += fmt::format("-{}", words.key_bits);
    for (const auto& part : {words.hash, version == Version::v2 ? words.integrity : std::string(),
                             version == Version::v2 ? "PRF " + words.prf : std::string()})
        if (!part.empty()) text += ", " + part;
    text += ", " + group_text(suite.group);
    if (!words.authentication.empty()) text += ", " + words.authentication;
    return text;
}

std::string notify_text(Version version, std::uint16_t type) {
    const auto name = version == Version::v2 ? name_of(dissect::ikev2::notify_types, type)
                                             : name_of(dissect::ikev1::notify_types, type);
    if (name.empty()) return fmt::format("{}", type);
    std::string text(name);
    std::ranges::replace(text, '-', '_');
    return text;
}

} // namespace ikescope::diagnose
