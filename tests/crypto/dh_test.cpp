#include "crypto/dh.hpp"
#include "crypto/dh_primes.hpp"
#include "vectors.hpp"

#include <algorithm>

namespace ikescope {
namespace {

using namespace crypto;
using tests::each_case;

void expect_shared(const DhGroup& group, const Secret& mine, Bytes theirs, const Buffer& expected) {
    const auto shared = shared_secret(group, mine, theirs);
    ASSERT_TRUE(shared) << shared.error().sentence;
    EXPECT_EQ(hex(shared->reveal()), hex(expected));
    EXPECT_EQ(shared->size(), group.shared_size);
}

void expect_public(const DhGroup& group, const Secret& mine, const Buffer& expected) {
    const auto made = public_value(group, mine);
    ASSERT_TRUE(made) << made.error().sentence;
    EXPECT_EQ(hex(*made), hex(expected));
}

TEST(Dh, PublishedVectorsBothSides) {
    each_case("dh.vec", "dh", 30, [](const auto& one) {
        const auto* group = find_group(static_cast<std::uint16_t>(one.number("Group")));
        ASSERT_NE(group, nullptr);
        const Secret mine(one.bytes("Private"));
        expect_shared(*group, mine, one.bytes("PeerPublic"), one.bytes("Shared"));
        if (one.has("Public")) expect_public(*group, mine, one.bytes("Public"));
        if (!one.has("PeerPrivate")) return;
        const Secret theirs(one.bytes("PeerPrivate"));
        expect_shared(*group, theirs, one.bytes("Public"), one.bytes("Shared"));
        expect_public(*group, theirs, one.bytes("PeerPublic"));
    });
}

TEST(Dh, PublicValuesOfRfc6932) {
    each_case("dh.vec", "dh public", 2, [](const auto& one) {
        expect_public(*find_group(static_cast<std::uint16_t>(one.number("Group"))), Secret(one.bytes("Private")), one.bytes("Public"));
    });
}

TEST(Dh, GroupsThatPeersMadeUpThemselves) {
    each_case("dh.vec", "modp", 4, [](const auto& one) {
        const ModpGroup group{one.bytes("Prime"), one.bytes("Generator")};
        const Secret mine(one.bytes("Private")), theirs(one.bytes("PeerPrivate"));
        EXPECT_EQ(hex(*public_value(group, mine)), one.text("Public"));
        EXPECT_EQ(hex(shared_secret(group, mine, one.bytes("PeerPublic"))->reveal()), one.text("Shared"));
        EXPECT_EQ(hex(shared_secret(group, theirs, one.bytes("Public"))->reveal()), one.text("Shared"));
    });
}

TEST(Dh, PrimesAreThoseOfRfc3526) {
    each_case("dh.vec", "prime", 6, [](const auto& one) {
        const auto row = std::ranges::find(modp_table(), one.number("Group"), &ModpRow::number);
        EXPECT_EQ(row->prime, one.text("Prime"));
    });
}

// base^(n - 1) mod n; 1 for a prime n (Fermat).
Buffer fermat(const Buffer& n, Byte base) {
    auto less = n;
    less.back() = static_cast<Byte>(less.back() - 1); // n is odd
    return *public_value(ModpGroup{n, Buffer{base}}, Secret(less));
}
bool is_one(const Buffer& number) {
    return number.back() == 1 && std::all_of(number.begin(), number.end() - 1, [](Byte byte) { return byte == 0; });
}
Buffer half(Buffer number) {
    Byte carry = 0;
    for (auto& byte : number) {
        const auto low = static_cast<Byte>(byte & 1);
        byte = static_cast<Byte>(byte >> 1 | carry << 7);
        carry = low;
    }
    return number;
}

// RFC 2412 appendix E: 64 one bits, digits of pi (their last bits changed by the search), 64 one bits; p and (p-1)/2 prime.
TEST(Dh, PrimesArePrimeAndHaveTheFormOfOakley) {
    const auto pi = modp_table()[7].prime; // the longest has the most digits of pi
    for (const auto& row : modp_table()) {
        SCOPED_TRACE(row.number);
        const auto prime = *parse_hex(row.prime);
        EXPECT_EQ(find_group(row.number)->public_size, prime.size());
        EXPECT_TRUE(is_one(fermat(prime, 2)) && is_one(fermat(prime, 3)));
        if (row.number >= 22) continue;
        EXPECT_TRUE(row.prime.starts_with("ffffffffffffffff") && row.prime.ends_with("ffffffffffffffff"));
        EXPECT_EQ(row.prime.substr(0, row.prime.size() - 24), pi.substr(0, row.prime.size() - 24));
        EXPECT_TRUE(is_one(fermat(half(prime), 3)));
    }
}

TEST(Dh, BadPeerValuesAreRefusedWithASentence) {
    const Secret mine(Buffer(32, 7));
    const auto sentence = [&](std::uint16_t number, Buffer peer) {
        const auto shared = shared_secret(*find_group(number), mine, peer);
        return shared ? std::string("accepted") : shared.error().sentence;
    };
    Buffer small(128);
    EXPECT_NE(sentence(2, small).find("0 or 1"), std::string::npos);
    small.back() = 1;
    EXPECT_NE(sentence(2, small).find("0 or 1"), std::string::npos);
    auto prime = *parse_hex(modp_table()[1].prime);
    EXPECT_NE(sentence(2, prime).find("not below"), std::string::npos);
    prime.back() -= 1;
    EXPECT_NE(sentence(2, prime).find("minus 1"), std::string::npos);
    EXPECT_NE(sentence(2, Buffer(127, 3)).find("127 bytes"), std::string::npos);
    EXPECT_NE(sentence(19, Buffer(64, 3)).find("no point"), std::string::npos);
    EXPECT_NE(sentence(19, Buffer(64)).find("no point"), std::string::npos);
    EXPECT_NE(sentence(31, Buffer(32)).find("small order"), std::string::npos);
    EXPECT_EQ(find_group(3), nullptr);
    EXPECT_EQ(find_group(0), nullptr);
}

TEST(Dh, NonsensicalGroupsAndPrivateValuesAreRefused) {
    EXPECT_FALSE(public_value(ModpGroup{Buffer{}, Buffer{2}}, Secret(Buffer{5})));
    EXPECT_FALSE(public_value(ModpGroup{Buffer{0x10, 0x00}, Buffer{2}}, Secret(Buffer{5})));
    EXPECT_FALSE(public_value(ModpGroup{Buffer(100'000, 1), Buffer{2}}, Secret(Buffer{5})));
    EXPECT_FALSE(public_value(*find_group(2), Secret()));
    EXPECT_FALSE(public_value(*find_group(19), Secret(Buffer(100, 1))));
    EXPECT_FALSE(public_value(*find_group(31), Secret(Buffer(31, 1))));
}

} // namespace
} // namespace ikescope
