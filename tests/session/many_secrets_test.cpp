// Thousands of secrets against thousands of SAs: made out of v1mm_ok's Main Mode, each with cookies, nonces and g^xy of
// its own. The bounds are loose, for busy machines and builds without optimization; the times are printed.

#include "crypto/dh.hpp"
#include "crypto/ikev1_keys.hpp"
#include "session/trial_order.hpp"
#include "tests/session/support.hpp"

#include <algorithm>
#include <chrono>
#include <random>

namespace ikescope::session::test { namespace {

constexpr std::size_t header = 28, generic = 4, public_size = 128, nonce_size = 32;
constexpr crypto::ikev1::Suite suite{crypto::CipherId::aes_cbc, 16, crypto::HashId::sha1};

/// What of an SA is its own.
struct Made {
    Buffer shared, private_value;
    crypto::ikev1::Keys keys;
    std::array<Byte, 8> cookie{};
};

class ManySecrets : public testing::Test {
protected:
    Buffer random(std::size_t size) {
        Buffer bytes(size);
        for (auto& byte : bytes) byte = static_cast<Byte>(random_());
        return bytes;
    }
    static void put(Buffer& into, std::size_t at, Bytes bytes) {
        std::ranges::copy(bytes, into.begin() + static_cast<std::ptrdiff_t>(at));
    }

    /// MM1 to MM5 of one more SA. `real`: with public values that belong to a private one.
    Made make(bool real) {
        std::vector<Packet> five(template_.begin(), template_.begin() + 5);
        const auto initiator = random(8), responder = random(8), nonces = random(2 * nonce_size);
        Buffer publics = random(2 * public_size);
        Made made;
        std::ranges::copy(initiator, made.cookie.begin());
        made.shared = random(public_size);
        if (real) {
            const auto& group = *crypto::find_group(2);
            made.private_value = random(32);
            const Secret mine{Bytes(made.private_value)}, other{Bytes(random(32))};
            const auto own = crypto::public_value(group, mine), peer = crypto::public_value(group, other);
            put(publics, 0, *own);
            put(publics, public_size, *peer);
            const auto shared = crypto::shared_secret(group, mine, *peer);
            made.shared.assign(shared->reveal().begin(), shared->reveal().end());
        }
        for (std::size_t i = 0; i < 5; ++i) {
            auto& packet = five[i];
            packet.frame.number = packet.frame.overall = ++frames_;
            put(packet.payload, 0, initiator);
            if (i > 0) put(packet.payload, 8, responder);
            if (i != 2 && i != 3) continue;
            put(packet.payload, header + generic, Bytes(publics).subspan((i - 2) * public_size, public_size));
            put(packet.payload, header + generic + public_size + generic,
                Bytes(nonces).subspan((i - 2) * nonce_size, nonce_size));
        }
        const Bytes all_nonces(nonces), all_publics(publics), offer(five[0].payload);
        const auto sa_size = static_cast<std::size_t>(big_endian(offer.subspan(header + 2, 2)));
        const crypto::ikev1::Inputs inputs{initiator,
                                           responder,
                                           all_nonces.first(nonce_size),
                                           all_nonces.last(nonce_size),
                                           all_publics.first(public_size),
                                           all_publics.last(public_size),
                                           offer.subspan(header + generic, sa_size - generic)};
        made.keys = crypto::ikev1::derive(suite, crypto::ikev1::skeyid_psk(suite, bytes_of("labpsk"), inputs),
                                          made.shared, inputs);
        // ID (10.77.0.1) and HASH_I.
        const Buffer id{1, 0, 0, 0, 10, 77, 0, 1};
        Buffer plain{8, 0, 0, 12};
        plain.insert(plain.end(), id.begin(), id.end());
        plain.insert(plain.end(), {0, 0, 0, 24});
        const auto hash = crypto::ikev1::hash_i(suite, made.keys.skeyid, inputs, id);
        plain.insert(plain.end(), hash.begin(), hash.end());
        plain.resize(48);
        auto& sealed = five[4].payload;
        sealed.resize(header);
        put(sealed, 24, Buffer{0, 0, 0, header + 48});
        const auto ciphertext = crypto::ikev1::seal(suite, made.keys.ka, made.keys.initial_iv, plain);
        sealed.insert(sealed.end(), ciphertext->begin(), ciphertext->end());
        five[4].datagram.declared = static_cast<std::uint32_t>(sealed.size());
        packets_.insert(packets_.end(), five.begin(), five.end());
        return made;
    }
    /// How many messages were opened; prints how long it took.
    std::uint64_t run(const secrets::Store& store, const char* what, double bound) {
        const auto start = std::chrono::steady_clock::now();
        Sessions sessions(store);
        feed(sessions, packets_);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::printf("%zu SAs, %zu secrets, %s: %.2f s\n", sessions.size(), store.dh.size() + store.ikev1_keys.size(),
                    what, took.count());
        EXPECT_LT(took.count(), bound);
        return sessions.totals().decrypted;
    }
    static void shuffle(auto& list) { std::shuffle(list.begin(), list.end(), std::mt19937(7)); }

    secrets::Store psk_only() const {
        secrets::Store store;
        store.add_psk({Secret(bytes_of("labpsk")), {"lab", true}});
        return store;
    }
    std::mt19937 random_{1};
    std::uint64_t frames_ = 0;
    std::vector<Packet> template_ = packets_of(lab("v1mm_ok", ".pcap")), packets_;
};

TEST_F(ManySecrets, FinishedKeysByCookie) {
    auto store = psk_only();
    for (std::size_t i = 0; i < 3'000; ++i) {
        auto made = make(false);
        store.add_ikev1_key({made.cookie, false, secrets::Ikev1Key::Form::ka, made.keys.ka, {}});
    }
    shuffle(store.ikev1_keys);
    EXPECT_EQ(run(store, "Ka with cookies", 20), 3'000U);
}

TEST_F(ManySecrets, SharedSecretsByCookie) {
    auto store = psk_only();
    for (std::size_t i = 0; i < 3'000; ++i) {
        auto made = make(false);
        store.add_dh({Secret(Bytes(made.shared)), secrets::DhSecret::Form::shared, {}, made.cookie});
    }
    shuffle(store.dh);
    EXPECT_EQ(run(store, "g^xy with cookies", 20), 3'000U);
}

TEST_F(ManySecrets, SharedSecretsInTheOrderOfALog) {
    auto store = psk_only();
    for (std::size_t i = 0; i < 3'000; ++i)
        store.add_dh({Secret(Bytes(make(false).shared)), secrets::DhSecret::Form::shared, {}, {}});
    EXPECT_EQ(run(store, "g^xy in order", 20), 3'000U);
}

TEST_F(ManySecrets, SharedSecretsInAnyOrder) {
    auto store = psk_only();
    for (std::size_t i = 0; i < 300; ++i)
        store.add_dh({Secret(Bytes(make(false).shared)), secrets::DhSecret::Form::shared, {}, {}});
    shuffle(store.dh);
    EXPECT_EQ(run(store, "g^xy in any order", 60), 300U);
}

TEST_F(ManySecrets, PrivateExponents) {
    auto store = psk_only();
    for (std::size_t i = 0; i < 300; ++i)
        store.add_dh({Secret(Bytes(make(true).private_value)), secrets::DhSecret::Form::private_value, {}, {}});
    shuffle(store.dh);
    EXPECT_EQ(run(store, "private exponents", 60), 300U);
}

// The key that opened the SAs before is tried first: with 3000 others it is not 3000 derivations for each.
TEST_F(ManySecrets, ManyPreSharedKeysOfWhichOneSiteUsesFew) {
    secrets::Store store;
    for (std::size_t i = 0; i < 3'000; ++i) store.add_psk({Secret(random(12)), {"list", true}});
    store.add_psk({Secret(bytes_of("labpsk")), {"lab", true}});
    for (std::size_t i = 0; i < 3'000; ++i) {
        auto made = make(false);
        store.add_dh({Secret(Bytes(made.shared)), secrets::DhSecret::Form::shared, {}, made.cookie});
    }
    EXPECT_EQ(run(store, "g^xy with cookies, 3001 pre-shared keys", 60), 3'000U);
}

// Every pair of a g^xy and a pre-shared key is a trial; what fits nothing ends at the limit of all trials.
TEST_F(ManySecrets, TrialsCountForEveryKeyTheyAreMadeWith) {
    TrialOrder order;
    for (std::size_t i = 0; i < 3'000; ++i) order.add(i, nullptr);
    std::size_t visits = 0;
    for (std::size_t sa = 0; sa < 3'000; ++sa)
        order.unnamed([&](std::size_t) {
            order.spend(2'999); // with as many pre-shared keys
            ++visits;
            return false;
        });
    EXPECT_TRUE(order.exhausted());
    EXPECT_LE(visits * 3'000, 10'003'000U);
}

TEST_F(ManySecrets, WhatWasOfUseLatelyComesFirst) {
    RecentFirst order(5'000);
    const auto visits_until = [&](std::size_t wanted) {
        std::size_t visits = 0;
        EXPECT_TRUE(order.each([&](std::size_t index) { return ++visits, index == wanted; }));
        return visits;
    };
    EXPECT_EQ(visits_until(4'999), 5'000U);
    order.use(4'999);
    order.use(17);
    EXPECT_EQ(visits_until(17), 1U);
    EXPECT_EQ(visits_until(4'999), 2U);
    std::vector<std::size_t> all;
    order.each([&](std::size_t index) { return all.push_back(index), false; });
    std::ranges::sort(all);
    ASSERT_EQ(all.size(), 5'000U);
    EXPECT_EQ(all.front(), 0U);
    EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST_F(ManySecrets, AddingIsNotQuadratic) {
    secrets::Store store;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < 60'000; ++i) {
        store.add_psk({Secret(random(12)), {"list", true}});
        store.add_dh({Secret(random(32)), secrets::DhSecret::Form::shared, {}, {}});
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("120000 secrets added: %.2f s\n", took.count());
    EXPECT_LT(took.count(), 20);
    EXPECT_EQ(store.psks.size() + store.dh.size(), 120'000U);
}

}} // namespace ikescope::session::test
