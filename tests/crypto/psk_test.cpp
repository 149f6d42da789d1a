// The search kernels of every width against the library: planted keys are found, and nothing else.

#include "crypto/psk.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace ikescope::crypto::psk { namespace {

std::mt19937 made_from(unsigned seed) { return std::mt19937(seed); }

Buffer random_bytes(std::mt19937& random, std::size_t size) {
    Buffer bytes(size);
    for (auto& byte : bytes) byte = static_cast<Byte>(random());
    return bytes;
}

/// A batch of different keys of all lengths, those at both sides of a hash block among them.
std::vector<Buffer> candidates(std::mt19937& random, unsigned count) {
    std::vector<Buffer> keys;
    for (unsigned i = 0; i < count; ++i)
        keys.push_back(random_bytes(random, i % 9 == 0 ? i % 74 + (i > 0) : 4 + i % 20));
    return keys;
}

/// Slots in which each test hits, one kernel and one batch.
std::vector<std::vector<unsigned>> hits_of(const Kernel& kernel, const std::vector<KeyTest>& tests,
                                           const std::vector<Buffer>& keys) {
    const Plan plan(tests);
    Worker worker(plan, kernel);
    Batch batch(kernel.lanes);
    for (const auto& key : keys) batch.add(key, {});
    std::vector<std::vector<unsigned>> found(tests.size());
    for (const auto& hit : worker.run(batch)) found[hit.test].push_back(hit.slot);
    return found;
}

MacTest mac_test(std::mt19937& random, PrfId prf_id, Bytes key, std::size_t first, std::size_t second) {
    MacTest made{prf_id, random_bytes(random, first), random_bytes(random, second), {}};
    made.expected = prf(prf_id, prf(prf_id, key, {made.first}), {made.second});
    return made;
}

CipherTest cipher_test(std::mt19937& random, HashId hash, CipherId cipher, std::size_t key_bytes, Bytes key,
                       std::size_t shared) {
    const auto block = block_size(cipher);
    CipherTest made{{cipher, key_bytes, hash},
                    random_bytes(random, 16 + shared % 50),
                    Secret(random_bytes(random, shared)),
                    random_bytes(random, 16),
                    random_bytes(random, block),
                    {},
                    0xffffffff,
                    0};
    const auto plain = random_bytes(random, block);
    made.value = static_cast<std::uint32_t>(big_endian(Bytes(plain).first(4)));
    const auto cookies = Bytes(made.cookies);
    const ikev1::Inputs inputs{cookies.first(8), cookies.subspan(8), made.nonces, {}, {}, {}, {}};
    const auto keys =
        ikev1::derive(made.suite, ikev1::skeyid_psk(made.suite, key, inputs), made.shared.reveal(), inputs);
    made.block = *ikev1::seal(made.suite, keys.ka, made.iv, plain);
    return made;
}

TEST(Psk, ThereIsAlwaysAKernel) {
    ASSERT_FALSE(kernels().empty());
    EXPECT_STREQ(kernels().back()->name, "portable");
}

TEST(Psk, MacsAreTheLibrarys) {
    for (const auto* kernel : kernels()) {
        auto random = made_from(1);
        const auto keys = candidates(random, vectors_per_batch * kernel->lanes);
        std::vector<KeyTest> tests;
        std::vector<unsigned> planted;
        for (const auto id :
             {PrfId::hmac_md5, PrfId::hmac_sha1, PrfId::hmac_sha256, PrfId::hmac_sha384, PrfId::aes128_xcbc})
            // Messages around the sizes at which padding needs one more block.
            for (const std::size_t size : {0U, 1U, 17U, 40U, 55U, 56U, 64U, 119U, 120U, 332U, 512U}) {
                planted.push_back(static_cast<unsigned>(random() % keys.size()));
                tests.emplace_back(mac_test(random, id, keys[planted.back()], size, (size * 7) % 600));
            }
        const auto found = hits_of(*kernel, tests, keys);
        for (std::size_t i = 0; i < tests.size(); ++i)
            EXPECT_EQ(found[i], std::vector{planted[i]})
                << kernel->name << ", test " << i << ", key of " << keys[planted[i]].size();
    }
}

TEST(Psk, EveryLaneComputes) {
    for (const auto* kernel : kernels()) {
        auto random = made_from(2);
        const auto keys = candidates(random, vectors_per_batch * kernel->lanes);
        std::vector<KeyTest> tests;
        for (unsigned slot = 0; slot < keys.size(); ++slot) {
            const auto id = slot % 3 == 0 ? PrfId::hmac_md5 : slot % 3 == 1 ? PrfId::hmac_sha1 : PrfId::hmac_sha256;
            tests.emplace_back(mac_test(random, id, keys[slot], 40, 100));
        }
        const auto found = hits_of(*kernel, tests, keys);
        for (unsigned slot = 0; slot < keys.size(); ++slot) EXPECT_EQ(found[slot], std::vector{slot}) << kernel->name;
    }
}

struct Cipher {
    CipherId id;
    std::size_t key_bytes;
};
constexpr Cipher ciphers[] = {{CipherId::des_cbc, 8},
                              {CipherId::des3_cbc, 24},
                              {CipherId::aes_cbc, 16},
                              {CipherId::aes_cbc, 24},
                              {CipherId::aes_cbc, 32}};

TEST(Psk, FirstBlocksAreTheLibrarys) {
    for (const auto* kernel : kernels()) {
        auto random = made_from(3);
        const auto keys = candidates(random, vectors_per_batch * kernel->lanes);
        std::vector<KeyTest> tests;
        std::vector<unsigned> planted;
        for (const auto hash : {HashId::md5, HashId::sha1, HashId::sha256})
            for (const auto& [cipher, key_bytes] : ciphers)
                for (const std::size_t shared : {96U, 128U, 256U, 31U}) {
                    planted.push_back(static_cast<unsigned>(random() % keys.size()));
                    tests.emplace_back(cipher_test(random, hash, cipher, key_bytes, keys[planted.back()], shared));
                    EXPECT_TRUE(is_vectorized(tests.back()));
                }
        planted.push_back(7);
        tests.emplace_back(cipher_test(random, HashId::sha512, CipherId::aes_cbc, 32, keys[7], 128));
        EXPECT_FALSE(is_vectorized(tests.back()));
        const auto found = hits_of(*kernel, tests, keys);
        for (std::size_t i = 0; i < tests.size(); ++i)
            EXPECT_EQ(found[i], std::vector{planted[i]})
                << kernel->name << ", test " << i << ", key of " << keys[planted[i]].size();
    }
}

/// With few bits to look at, many keys pass by chance: exactly those that pass in the library, in every lane.
TEST(Psk, LooseFiltersPassWhatTheLibraryPasses) {
    for (const auto* kernel : kernels())
        for (const auto& [cipher, key_bytes] : ciphers) {
            auto random = made_from(4);
            const auto keys = candidates(random, vectors_per_batch * kernel->lanes);
            auto test = cipher_test(random, HashId::sha1, cipher, key_bytes, keys[1], 128);
            test.mask = 0x01020480;
            std::vector<unsigned> expected;
            for (unsigned slot = 0; slot < keys.size(); ++slot)
                if (passes(test, keys[slot])) expected.push_back(slot);
            auto found = hits_of(*kernel, {test}, keys)[0];
            std::ranges::sort(found);
            EXPECT_EQ(found, expected) << kernel->name;
            EXPECT_GT(expected.size(), 1U);
        }
}

TEST(Psk, APartialBatchHasNoHitsBehindItsEnd) {
    for (const auto* kernel : kernels()) {
        auto random = made_from(5);
        const Buffer nothing; // what empty slots look like
        const auto found =
            hits_of(*kernel, {mac_test(random, PrfId::hmac_sha1, nothing, 40, 40)}, {random_bytes(random, 8)});
        EXPECT_TRUE(found[0].empty()) << kernel->name;
    }
}

TEST(Psk, ABatchGivesBackItsKeysAndForgetsThem) {
    Batch batch(kernels().front()->lanes);
    for (int round = 0; round < 3; ++round) {
        auto random = made_from(6);
        const auto keys = candidates(random, batch.capacity() - static_cast<unsigned>(round));
        for (unsigned i = 0; i < keys.size(); ++i) batch.add(keys[i], {i, 3});
        for (unsigned i = 0; i < keys.size(); ++i) {
            EXPECT_EQ(batch.key(i), Secret(Bytes(keys[i])));
            EXPECT_EQ(batch.id(i).place, i);
        }
        EXPECT_EQ(batch.full(), round == 0);
        batch.clear();
        EXPECT_TRUE(std::all_of(batch.words(), batch.words() + batch.capacity() * block_words,
                                [](auto word) { return word == 0; }));
    }
}

TEST(Psk, TestsThatAreDoneAreLeftOut) {
    auto random = made_from(7);
    const auto keys = candidates(random, 20);
    const Plan plan(
        {mac_test(random, PrfId::hmac_md5, keys[3], 40, 40), mac_test(random, PrfId::hmac_md5, keys[4], 40, 40)});
    Worker worker(plan, *kernels().front());
    Batch batch(kernels().front()->lanes);
    for (const auto& key : keys) batch.add(key, {});
    std::vector<std::atomic<bool>> done(2);
    done[0] = true;
    const auto& hits = worker.run(batch, done);
    ASSERT_EQ(hits.size(), 1U);
    EXPECT_EQ(hits[0].test, 1U);
    EXPECT_EQ(hits[0].slot, 4U);
}

}} // namespace ikescope::crypto::psk
