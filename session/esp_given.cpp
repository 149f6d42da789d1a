#include "session/esp_given.hpp"

namespace ikescope::session {
namespace {

bool usable(const crypto::Protection& keys, std::size_t key_bytes_of_cipher) {
    return keys.encryption && keys.encryption_key.size() == keys.encryption->material(key_bytes_of_cipher) &&
           keys.integrity_key.size() == (keys.integrity ? keys.integrity->key : 0);
}

} // namespace

std::optional<crypto::Protection> protection_of(const secrets::EspKey& key, const crypto::ikev2::Suite& suite) {
    crypto::Protection keys{suite.encryption, suite.integrity, key.encryption_key, key.integrity_key,
                            key.unchecked_icv};
    return usable(keys, suite.key_bytes) ? std::optional(std::move(keys)) : std::nullopt;
}
std::optional<crypto::ikev2::Suite> suite_of(const secrets::EspKey& key) {
    if (key.encryption == 0) return std::nullopt;
    auto suite = crypto::ikev2::suite_of({key.encryption, key.key_bits, 0, key.integrity});
    if (!suite) return std::nullopt;
    const auto salt = suite->encryption->salt;
    if (key.key_bits == 0 && key.encryption_key.size() > salt) suite->key_bytes = key.encryption_key.size() - salt;
    return *suite;
}

std::vector<crypto::Protection> protections_of(const secrets::EspKey& key) {
    constexpr std::uint16_t sha256_128 = 12, sha256_96 = 1025;
    auto suite = suite_of(key);
    std::vector<crypto::Protection> all;
    const auto add = [&] {
        if (auto keys = suite ? protection_of(key, *suite) : std::nullopt) all.push_back(std::move(*keys));
    };
    add();
    if (key.integrity != sha256_128 || !suite) return all;
    suite->integrity = crypto::find_integrity(sha256_96);
    add();
    return all;
}

EspMisfit misfit(const secrets::EspKey& key) {
    if (key.encryption == 0) return {};
    const auto suite = crypto::ikev2::suite_of({key.encryption, key.key_bits, 0, key.integrity});
    if (!suite) return {suite.error().sentence, 0, 0};
    const auto& encryption = *suite->encryption;
    const auto bytes = suite_of(key)->key_bytes;
    if (const auto wanted = encryption.material(bytes); key.encryption_key.size() != wanted)
        return {std::string(encryption.name), key.encryption_key.size(), wanted};
    if (encryption.cipher == crypto::CipherId::null ? bytes != encryption.default_key
                                                    : !crypto::fits_key(encryption.cipher, bytes))
        return {std::string(encryption.name), bytes, encryption.default_key};
    const auto wanted = suite->integrity ? suite->integrity->key : 0;
    if (key.integrity_key.size() != wanted)
        return {suite->integrity ? std::string(suite->integrity->name) : "no integrity transform",
                key.integrity_key.size(), wanted};
    return {};
}

} // namespace ikescope::session
