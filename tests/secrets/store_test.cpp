// The store keeps every secret once, however many a log repeats, and adding one does not look at all others.

#include "secrets/store.hpp"

#include <ctime>
#include <gtest/gtest.h>
#include <random>

namespace ikescope::secrets { namespace {

std::mt19937_64 made_from(unsigned seed) { return std::mt19937_64(seed); }

class Adding : public testing::Test {
protected:
    Secret random(std::size_t size) {
        Buffer bytes(size);
        for (auto& byte : bytes) byte = static_cast<Byte>(engine_());
        return Secret(bytes);
    }

private:
    std::mt19937_64 engine_ = made_from(20260101);
};

TEST_F(Adding, TheSameExtraIsKeptOnce) {
    Store store;
    const Ikev2Extra ppk{Ikev2Extra::Form::ppk, random(32), "id", {}, {}};
    EXPECT_TRUE(store.add_ikev2_extra(ppk));
    EXPECT_FALSE(store.add_ikev2_extra(ppk));
    auto other = ppk;
    other.id = "another";
    EXPECT_TRUE(store.add_ikev2_extra(other));
    other = ppk;
    other.form = Ikev2Extra::Form::msk;
    EXPECT_TRUE(store.add_ikev2_extra(other));
    other = ppk;
    other.initiator_spi.emplace();
    EXPECT_TRUE(store.add_ikev2_extra(other)) << "of another SA";
    other = ppk;
    other.value = random(32);
    EXPECT_TRUE(store.add_ikev2_extra(other));
    EXPECT_FALSE(store.add_ikev2_extra(ppk));
    EXPECT_EQ(store.ikev2_extras.size(), 5U);
}

TEST_F(Adding, TheSamePrivateKeyIsKeptOnce) {
    Store store;
    const PrivateKey key{random(300), {"one.pem", true}};
    EXPECT_TRUE(store.add_private_key(key));
    EXPECT_FALSE(store.add_private_key({key.der, {"two.pem", true}}));
    EXPECT_TRUE(store.add_private_key({random(300), {"one.pem", true}}));
    EXPECT_EQ(store.private_keys.size(), 2U);
}

// Compared with all before it, that would be 3.6 thousand million comparisons.
TEST_F(Adding, IsNotQuadratic) {
    constexpr std::size_t many = 60'000;
    Store store;
    const auto start = std::clock(); // of the processor: other programs do not count
    for (std::size_t i = 0; i < many; ++i) {
        store.add_ikev2_extra({Ikev2Extra::Form::msk, random(64), {}, {}, {"list", true}});
        store.add_private_key({random(300), {"list", true}});
    }
    EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 20);
    EXPECT_EQ(store.ikev2_extras.size(), many);
    EXPECT_EQ(store.private_keys.size(), many);
}

}} // namespace ikescope::secrets
