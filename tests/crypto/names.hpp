#pragma once
// The spellings of algorithms in the .vec files.

#include "crypto/algorithms.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace ikescope::tests {

inline crypto::HashId hash_named(std::string_view name) {
    using enum crypto::HashId;
    if (name == "md5") return md5;
    if (name == "sha1") return sha1;
    if (name == "sha256") return sha256;
    if (name == "sha384") return sha384;
    EXPECT_EQ(name, "sha512");
    return sha512;
}

inline crypto::CipherId cipher_named(std::string_view name) {
    using enum crypto::CipherId;
    if (name == "des-cbc") return des_cbc;
    if (name == "3des-cbc") return des3_cbc;
    if (name == "aes-cbc") return aes_cbc;
    if (name == "blowfish-cbc") return blowfish_cbc;
    if (name == "cast-cbc") return cast_cbc;
    EXPECT_EQ(name, "camellia-cbc");
    return camellia_cbc;
}

} // namespace ikescope::tests
