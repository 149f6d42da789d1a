#pragma once
// A suite in words, from the registries of dissect.

#include "session/sa.hpp"

namespace ikescope::diagnose {

/// What the JSON document and the text call the parts of a suite; empty where there is none.
struct SuiteWords {
    std::string encryption;     ///< "3DES-CBC"
    std::uint32_t key_bits = 0; ///< 0 = not known or fixed by nothing
    std::string hash;           ///< "MD5"; IKEv1 only
    std::string prf;            ///< "HMAC-MD5"
    std::string integrity;      ///< "HMAC-SHA2-256-128"; IKEv2 only
    std::string authentication; ///< "pre-shared key"
};
SuiteWords words_of(const session::Suite& suite, session::Version version);
/// "3DES-CBC, MD5, group 2, pre-shared key"
std::string suite_text(const session::Suite& suite, session::Version version);
/// "group 2 (MODP-1024)"
std::string group_text(std::uint32_t group);
/// Name of a notify with '_' as in cli.md, or its number.
std::string notify_text(session::Version version, std::uint16_t type);

} // namespace ikescope::diagnose
