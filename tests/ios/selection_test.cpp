// Properties of the choices, over many generated configurations with a fixed seed.

#include "tests/ios/support.hpp"

#include <fmt/format.h>

#include <random>

namespace ikescope::ios::test {
namespace {

const IpAddress here = *IpAddress::parse("192.168.0.1"), there = *IpAddress::parse("192.168.0.2");

std::string ring(std::string_view name, unsigned length, std::string_view vrf = "", std::string_view local = "") {
    const auto network = IpAddress::v4(there.v4_number() & mask_of(static_cast<std::uint8_t>(length)).v4_number());
    return fmt::format("crypto keyring {}{}\n{} pre-shared-key address {} {} key of-{}\n", name, vrf.empty() ? "" : fmt::format(" vrf {}", vrf), local,
                       network.text(), mask_of(static_cast<std::uint8_t>(length)).text(), name);
}

std::string picked(const std::string& config, std::string vrf = "") {
    const auto router = read_config(config);
    return ikev1_key_by_address(router, {here, there, std::move(vrf)}).keyring_name();
}

TEST(KeyByAddress, OrderOfKeyringsWithDifferentMasksNeverMatters) {
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round) {
        std::vector<unsigned> lengths(32);
        for (unsigned i = 0; i < 32; ++i) lengths[i] = i + 1;
        std::ranges::shuffle(lengths, random);
        lengths.resize(4);
        const auto longest = *std::ranges::max_element(lengths);
        std::string config;
        for (const auto length : lengths) config += ring("len" + std::to_string(length), length);
        EXPECT_EQ(picked(config), "len" + std::to_string(longest)) << config;
    }
}

TEST(KeyByAddress, EqualMasksFollowTheOrderAndAreCalledUnsupported) {
    for (unsigned length = 1; length <= 32; ++length) {
        EXPECT_EQ(picked(ring("a", length) + ring("b", length)), "a");
        EXPECT_EQ(picked(ring("b", length) + ring("a", length)), "b");
        const auto router = read_config(ring("a", length) + ring("b", length));
        const auto choice = ikev1_key_by_address(router, {here, there, {}});
        EXPECT_FALSE(choice.supported);
        EXPECT_EQ(choice.rule, KeyRule::first_of_equal);
        EXPECT_EQ(choice.causes, std::vector<std::string>{"duplicate-peer-key"});
        ASSERT_EQ(choice.others.size(), 1U);
        EXPECT_NE(choice.others[0].why_not.find("later"), std::string::npos);
    }
}

TEST(KeyByAddress, AGlobalKeyThatMatchesAlwaysWinsInTheDefaultVrfAndNeverInAnother) {
    for (unsigned global = 0; global <= 32; ++global)
        for (const unsigned named : {1U, 16U, 24U, 32U}) {
            const auto network = IpAddress::v4(there.v4_number() & mask_of(static_cast<std::uint8_t>(global)).v4_number());
            const auto key = fmt::format("crypto isakmp key g address {} {}\n", network.text(), mask_of(static_cast<std::uint8_t>(global)).text());
            EXPECT_EQ(picked(ring("plain", named) + ring("red", named, "RED") + key), "default");
            EXPECT_EQ(picked(ring("plain", named) + ring("red", named, "RED") + key, "RED"), "red");
            EXPECT_EQ(picked(ring("plain", named) + key, "RED"), "");
        }
}

TEST(KeyByAddress, LongestMaskWinsAmongGlobalKeysToo) {
    const auto router = read_config("crypto isakmp key any address 0.0.0.0\ncrypto isakmp key net address 192.168.0.0 255.255.0.0\n");
    const auto choice = ikev1_key_by_address(router, {here, there, {}});
    EXPECT_EQ(choice.entry->line.number, 2U);
    EXPECT_EQ(choice.rule, KeyRule::default_first);
    EXPECT_TRUE(choice.causes.empty());
}

TEST(KeyByAddress, LocalAddressAndHostNamesKeepKeysOut) {
    const auto config = ring("elsewhere", 32, "", " local-address 10.9.9.9\n") + ring("net", 24) + "crypto isakmp key h hostname r2.example.net\n";
    const auto router = read_config(config);
    const auto choice = ikev1_key_by_address(router, {here, there, {}});
    EXPECT_EQ(choice.keyring_name(), "net");
    EXPECT_EQ(choice.rule, KeyRule::only_match);
    ASSERT_EQ(choice.others.size(), 2U);
    EXPECT_NE(choice.others[0].why_not.find("host name"), std::string::npos);
    EXPECT_NE(choice.others[1].why_not.find("local address"), std::string::npos);
    EXPECT_EQ(ikev1_key_by_address(router, {*IpAddress::parse("10.9.9.9"), there, {}}).keyring_name(), "elsewhere");
}

TEST(Check, IsAboutTheObjectAndNotThePassword) {
    const auto router = read_config("crypto keyring a\n pre-shared-key address 192.168.0.2 key same\ncrypto keyring b\n pre-shared-key address 192.168.0.2 key same\n"
                                    "crypto isakmp profile one\n keyring b\n match identity address 192.168.0.2\n"
                                    "crypto isakmp profile both\n keyring b a\n match identity host x\n"
                                    "crypto isakmp profile none\n match identity host y\n");
    const Ends ends{here, there, {}};
    const auto key = ikev1_key_by_address(router, ends);
    const auto one = ikev1_check_keyring(router, key, router.find_profile("one"), ends);
    EXPECT_FALSE(one.passed);
    EXPECT_TRUE(one.same_password);
    EXPECT_EQ(one.expected->name, "b");
    EXPECT_TRUE(ikev1_check_keyring(router, key, router.find_profile("both"), ends).passed);
    const auto none = ikev1_check_keyring(router, key, router.find_profile("none"), ends);
    EXPECT_FALSE(none.passed) << "a profile without keyring uses the default keyring";
    EXPECT_TRUE(ikev1_check_keyring(router, key, nullptr, ends).passed);
}

TEST(ProfileByIdentity, MostSpecificWinsWhateverTheOrder) {
    const std::string net = "crypto isakmp profile net\n match identity address 192.168.0.0 255.255.255.0\n";
    const std::string host = "crypto isakmp profile host\n match identity address 192.168.0.2 255.255.255.255\n";
    for (const auto& config : {net + host, host + net}) {
        const auto router = read_config(config);
        const auto choice = ikev1_profile_by_identity(router, Identity::of(there));
        EXPECT_EQ(choice.name(), "host");
        EXPECT_EQ(choice.rule, ProfileRule::most_specific);
        EXPECT_FALSE(choice.supported) << "one peer ID in two profiles is invalid";
    }
}

TEST(ProfileByIdentity, NamesDomainsAndVrfs) {
    const auto router = read_config("crypto isakmp profile d\n match identity host domain example.net\n"
                                    "crypto isakmp profile h\n match identity host R2.example.net\n"
                                    "crypto isakmp profile u\n match identity user domain example.net\n"
                                    "crypto isakmp profile v\n match identity address 192.168.0.2 255.255.255.255 RED\n");
    EXPECT_EQ(ikev1_profile_by_identity(router, Identity::of(id_type::fqdn, "r2.example.net")).name(), "h");
    EXPECT_EQ(ikev1_profile_by_identity(router, Identity::of(id_type::fqdn, "r3.example.net")).name(), "d");
    EXPECT_FALSE(ikev1_profile_by_identity(router, Identity::of(id_type::fqdn, "r3.badexample.net")));
    EXPECT_EQ(ikev1_profile_by_identity(router, Identity::of(id_type::user_fqdn, "me@example.net")).name(), "u");
    EXPECT_FALSE(ikev1_profile_by_identity(router, Identity::of(there)));
    EXPECT_EQ(ikev1_profile_by_identity(router, Identity::of(there), "RED").name(), "v");
}

TEST(OwnIdentity, ProfileThenRouterThenAddress) {
    auto router = read_config("hostname R1\nip domain-name example.net\ncrypto isakmp identity hostname\ncrypto isakmp profile p\n self-identity user-fqdn me@example.net\n");
    const Ends ends{here, there, {}};
    EXPECT_EQ(ikev1_own_identity(router, router.find_profile("p"), ends).text, "me@example.net");
    EXPECT_EQ(ikev1_own_identity(router, nullptr, ends).text, "R1.example.net");
    router.identity = {};
    EXPECT_EQ(ikev1_own_identity(router, nullptr, ends).text, "192.168.0.1");
}

Policy policy(const std::string& lines) { return read_config("crypto isakmp policy 10\n" + lines).policies.at(0); }

TEST(Policies, FirstAttributeThatDiffersAndTheLifetimeRule) {
    const auto own = policy(" encr aes 256\n hash sha256\n auth pre-share\n group 14\n lifetime 3600\n");
    EXPECT_EQ(compare(own, own), PolicyFault::none);
    EXPECT_EQ(compare(policy(" encr 3des\n"), own), PolicyFault::encryption);
    EXPECT_EQ(compare(policy(" encr aes\n"), own), PolicyFault::key_length);
    EXPECT_EQ(compare(policy(" encr aes 256\n hash md5\n"), own), PolicyFault::hash);
    auto longer = own, shorter = own;
    longer.lifetime = 7200;
    shorter.lifetime = 60;
    EXPECT_EQ(compare(longer, own), PolicyFault::lifetime);
    EXPECT_EQ(compare(shorter, own), PolicyFault::none);
}

TEST(Policies, BuiltInOnesOnlyWhenNoneIsConfigured) {
    EXPECT_EQ(effective_policies(read_config("hostname x\n")).size(), 8U);
    EXPECT_EQ(effective_policies(read_config("crypto isakmp policy 5\n")).size(), 1U);
    EXPECT_TRUE(effective_policies(read_config("no crypto isakmp default policy\n")).empty());
}

} // namespace
} // namespace ikescope::ios::test
