#include "crypto/algorithms.hpp"

#include <array>

namespace ikescope::crypto {
namespace {

struct HashRow {
    std::string_view name;
    std::size_t size;
};
constexpr std::array<HashRow, hash_count> hashes = {{
    {"MD5", 16},      // RFC 1321
    {"SHA1", 20},     // FIPS 180-4
    {"SHA2-256", 32}, // FIPS 180-4
    {"SHA2-384", 48},
    {"SHA2-512", 64},
}};

struct CipherRow {
    std::string_view name;
    std::size_t block, smallest_key, largest_key, key_step;
};
constexpr std::array<CipherRow, cipher_count> ciphers = {{
    {"DES-CBC", 8, 8, 8, 8},          // RFC 2405
    {"3DES-CBC", 8, 24, 24, 8},       // RFC 2451
    {"AES-CBC", 16, 16, 32, 8},       // RFC 3602
    {"Blowfish-CBC", 8, 5, 56, 1},    // RFC 2451
    {"CAST-CBC", 8, 5, 16, 1},        // RFC 2144, RFC 2451
    {"Camellia-CBC", 16, 16, 32, 8},  // RFC 4312
    {"NULL", 1, 0, 0, 1},             // RFC 2410
}};
const CipherRow& row(CipherId cipher) { return ciphers[static_cast<std::size_t>(cipher)]; }

} // namespace

std::size_t digest_size(HashId hash) { return hashes[static_cast<std::size_t>(hash)].size; }
std::string_view hash_name(HashId hash) { return hashes[static_cast<std::size_t>(hash)].name; }
std::size_t block_size(CipherId cipher) { return row(cipher).block; }
std::string_view cipher_name(CipherId cipher) { return row(cipher).name; }

bool fits_key(CipherId cipher, std::size_t key_bytes) {
    const auto& limits = row(cipher);
    return key_bytes >= limits.smallest_key && key_bytes <= limits.largest_key &&
           (key_bytes - limits.smallest_key) % limits.key_step == 0;
}

Buffer joined(std::initializer_list<Bytes> parts) {
    Buffer all;
    for (const auto part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

} // namespace ikescope::crypto
