// Candidates per second of the key search, each kernel, on one core's CPU time, beside the obvious loop over the
// library: HMAC() and EVP_CIPHER as its manual shows them. The messages have the sizes of a real Aggressive Mode (DH
// group 2, two nonces of 20 bytes, HASH_R over 332 bytes), of Main Mode with group 2, and of an IKE_AUTH.
//   bench_psk [SAMPLES [NAME]]     medians; NAME picks rows by a part of their title

#include "crypto/psk.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string>

using namespace ikescope;
using namespace ikescope::crypto;

namespace {

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Calls per second, times `each`.
double rate(const std::function<void()>& once, double each, double seconds) {
    once();
    const auto start = cpu_seconds();
    double done = 0, spent = 0;
    do {
        once();
        done += each;
        spent = cpu_seconds() - start;
    } while (spent < seconds);
    return done / spent;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

Buffer filled(std::size_t size, unsigned seed) {
    Buffer bytes(size);
    for (auto& byte : bytes) byte = static_cast<Byte>((seed = seed * 1664525 + 1013904223) >> 24);
    return bytes;
}

struct Row {
    std::string title;
    psk::KeyTest test;
};

Row mac_row(std::string title, PrfId prf, std::size_t first, std::size_t second) {
    return {std::move(title), psk::MacTest{prf, filled(first, 1), filled(second, 2), filled(row_of(prf).size, 3)}};
}
Row cipher_row(std::string title, HashId hash, CipherId cipher, std::size_t key_bytes, std::size_t shared) {
    return {std::move(title), psk::CipherTest{{cipher, key_bytes, hash},
                                              filled(40, 1),
                                              Secret(filled(shared, 2)),
                                              filled(16, 3),
                                              filled(block_size(cipher), 4),
                                              filled(block_size(cipher), 5),
                                              0x00ff8000,
                                              0}};
}

const EVP_MD* library_hash(PrfId prf) {
    return prf == PrfId::hmac_md5 ? EVP_md5() : prf == PrfId::hmac_sha1 ? EVP_sha1() : EVP_sha256();
}

struct Digest {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size;
    Bytes view() const { return {bytes, size}; }
};
Digest obvious_hmac(const EVP_MD* hash, Bytes key, Bytes message) {
    Digest made{};
    HMAC(hash, key.data(), static_cast<int>(key.size()), message.data(), message.size(), made.bytes, &made.size);
    return made;
}

bool obvious_mac(const psk::MacTest& test, Bytes key) {
    const auto* hash = library_hash(test.prf);
    const auto skeyid = obvious_hmac(hash, key, test.first);
    return std::ranges::equal(obvious_hmac(hash, skeyid.view(), test.second).view(), test.expected);
}

bool obvious_cipher(const psk::CipherTest& test, Bytes key) {
    const auto* hash = test.suite.hash == HashId::md5    ? EVP_md5()
                       : test.suite.hash == HashId::sha1 ? EVP_sha1()
                                                         : EVP_sha256();
    const auto skeyid = obvious_hmac(hash, key, test.nonces);
    Buffer message;
    Digest last{};
    for (Byte number = 0; number < 3; ++number) {
        message.assign(last.bytes, last.bytes + last.size);
        message.insert(message.end(), test.shared.reveal().begin(), test.shared.reveal().end());
        message.insert(message.end(), test.cookies.begin(), test.cookies.end());
        message.push_back(number);
        last = obvious_hmac(hash, skeyid.view(), message);
    }
    Buffer ka(last.bytes, last.bytes + last.size);
    if (test.suite.key_bytes > ka.size()) {
        const Digest skeyid_e = last;
        ka.clear();
        message.assign(1, 0);
        while (ka.size() < test.suite.key_bytes) {
            last = obvious_hmac(hash, skeyid_e.view(), message);
            message.assign(last.bytes, last.bytes + last.size);
            ka.insert(ka.end(), message.begin(), message.end());
        }
    }
    const auto* cipher = test.suite.cipher == CipherId::des3_cbc ? EVP_des_ede3_cbc() : EVP_aes_128_cbc();
    auto* context = EVP_CIPHER_CTX_new();
    unsigned char plain[32];
    int size = 0;
    EVP_DecryptInit_ex(context, cipher, nullptr, ka.data(), test.iv.data());
    EVP_CIPHER_CTX_set_padding(context, 0);
    EVP_DecryptUpdate(context, plain, &size, test.block.data(), static_cast<int>(test.block.size()));
    EVP_CIPHER_CTX_free(context);
    return (big_endian(Bytes(plain, 4)) & test.mask) == test.value;
}

bool obvious(const psk::KeyTest& test, Bytes key) {
    if (const auto* mac = std::get_if<psk::MacTest>(&test)) return obvious_mac(*mac, key);
    return obvious_cipher(std::get<psk::CipherTest>(test), key);
}

/// One batch filled again and again with eight-byte keys, as a word list would.
double ours(const psk::KeyTest& test, const psk::Kernel& kernel) {
    const psk::Plan plan({test});
    psk::Worker worker(plan, kernel);
    psk::Batch batch(kernel.lanes);
    std::uint64_t key = 0x3030303030303030;
    return rate(
        [&] {
            batch.clear();
            while (!batch.full()) {
                key += 0x0101;
                batch.add({reinterpret_cast<const Byte*>(&key), sizeof key}, {});
            }
            worker.run(batch);
        },
        batch.capacity(), 0.15);
}

double peers(const psk::KeyTest& test) {
    std::uint64_t key = 0x3030303030303030;
    return rate(
        [&] {
            for (int i = 0; i < 256; ++i) {
                key += 0x0101;
                static_cast<void>(obvious(test, {reinterpret_cast<const Byte*>(&key), sizeof key}));
            }
        },
        256, 0.1);
}

} // namespace

int main(int count, char** words) {
    const int samples = count > 1 ? std::atoi(words[1]) : 5;
    const std::string part = count > 2 ? words[2] : "";
    const Row rows[] = {mac_row("Aggressive Mode MD5", PrfId::hmac_md5, 40, 332),
                        mac_row("Aggressive Mode SHA-1", PrfId::hmac_sha1, 40, 332),
                        mac_row("Aggressive Mode SHA-256", PrfId::hmac_sha256, 40, 332),
                        mac_row("IKEv2 AUTH SHA-1", PrfId::hmac_sha1, 17, 376),
                        mac_row("IKEv2 AUTH SHA-256", PrfId::hmac_sha256, 17, 376),
                        cipher_row("Main Mode MD5/3DES", HashId::md5, CipherId::des3_cbc, 24, 128),
                        cipher_row("Main Mode SHA-1/3DES", HashId::sha1, CipherId::des3_cbc, 24, 128),
                        cipher_row("Main Mode SHA-1/AES-128", HashId::sha1, CipherId::aes_cbc, 16, 128),
                        cipher_row("Main Mode SHA-256/AES-128 g14", HashId::sha256, CipherId::aes_cbc, 16, 256)};
    std::printf("million candidates per second of CPU time, one core, medians of %d\n%-30s", samples, "");
    for (const auto* kernel : psk::kernels()) std::printf(" %9s      ", kernel->name);
    std::printf(" %9s\n", "HMAC()/EVP");
    for (const auto& row : rows) {
        if (row.title.find(part) == std::string::npos) continue;
        std::vector<std::vector<double>> rates(psk::kernels().size() + 1);
        for (int sample = 0; sample < samples; ++sample) { // alternately: what else the machine does meets all of them
            for (std::size_t k = 0; k < psk::kernels().size(); ++k)
                rates[k].push_back(ours(row.test, *psk::kernels()[k]));
            rates.back().push_back(peers(row.test));
        }
        const auto peer = median(rates.back());
        std::printf("%-30s", row.title.c_str());
        for (std::size_t k = 0; k < psk::kernels().size(); ++k)
            std::printf(" %9.2f %4.1fx", median(rates[k]) / 1e6, median(rates[k]) / peer);
        std::printf(" %9.3f\n", peer / 1e6);
    }
}
