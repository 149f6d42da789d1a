#include "diagnose/sanity.hpp"

#include "dissect/numbers_common.hpp"

#include <fmt/format.h>

namespace ikescope::diagnose {

using session::SanityCheck;
using What = SanityCheck::What;

namespace {

std::string_view payload_word(std::uint8_t type) { return brief_of(dissect::payload_types, type, "unknown"); }

} // namespace

std::string check_name(const SanityCheck& check) {
    const auto payload = payload_word(check.payload);
    switch (check.what) {
    case What::passed: return "all checks passed";
    case What::reserved: return fmt::format("reserved not zero on {} payload", payload);
    case What::length: return fmt::format("impossible length of {} payload", payload);
    case What::next_payload: return fmt::format("impossible next payload in {} payload", payload);
    case What::id_type: return "unknown type of identity";
    case What::chain: return fmt::format("unsound {} payload", payload);
    case What::hash: return "HASH_I is not right";
    }
    return {};
}

std::string check_words(const SanityCheck& check) {
    const auto payload = payload_word(check.payload);
    const auto where = check.width == 1 ? fmt::format("byte {}", check.offset + 1)
                                        : fmt::format("bytes {} and {}", check.offset + 1, check.offset + check.width);
    switch (check.what) {
    case What::passed: return "everything can be read and HASH_I is right";
    case What::reserved: return fmt::format("{}, RESERVED in the header of the {} payload, is 0x{:02x} and must be 0", where, payload, check.value);
    case What::length: return fmt::format("{}, the length of the {} payload, say {}, which cannot be", where, payload, check.value);
    case What::next_payload: return fmt::format("{}, the next payload behind {}, is {}, which cannot be", where, payload, check.value);
    case What::id_type: return fmt::format("{}, the type of the identity, is {}, which does not exist", where, check.value);
    case What::chain: return fmt::format("the {} payload behind the ID is unsound ({})", payload, where);
    case What::hash: return "HASH_I, computed with this key, differs from the one in the message";
    }
    return {};
}

std::string check_bytes(const SanityCheck& check) {
    std::string text;
    for (std::size_t i = 0; i < check.first_bytes.size(); ++i) {
        const bool opens = i == check.offset, closes = i + 1 == check.offset + check.width;
        text += fmt::format("{}{}{:02x}{}", text.empty() ? "" : " ", opens ? "[" : "", check.first_bytes[i], closes ? "]" : "");
    }
    return text;
}

ios::LogLines log_of_check(const SanityCheck& check, const ios::Ends& ends) {
    if (check.what == What::reserved && check.payload == 5) return ios::log_wrong_psk(ends);
    if (check.what == What::hash) return {};
    ios::LogFacts facts; // the syslog line is the same whatever check fails
    facts.peer = ends.peer.text();
    facts.local = ends.local.text();
    return {ios::log_line(ios::Say::bad_message, facts)};
}

} // namespace ikescope::diagnose
