#include "base/address.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/cursor.hpp"

namespace ikescope {
namespace {

TEST(Hex, RoundTripsAndAcceptsTheSpellingsOfLogs) {
    EXPECT_EQ(hex(*parse_hex("0xDEADbeef")), "deadbeef");
    EXPECT_EQ(hex(*parse_hex("de:ad be-ef"), ":"), "de:ad:be:ef");
    EXPECT_FALSE(parse_hex("abc"));
    EXPECT_FALSE(parse_hex("zz"));
}

TEST(Cursor, KeepsTheFirstMisfortuneAndFencesChildren) {
    const Buffer bytes{0, 0, 1, 2, 3, 4};
    Cursor in(bytes, 100);
    EXPECT_EQ(in.number(3, "three"), 1U);
    auto child = in.child(9, "body");
    EXPECT_EQ(child.left(), 3U);
    ASSERT_TRUE(in.fault());
    EXPECT_EQ(in.fault()->offset, 103U);
    EXPECT_EQ(in.fault()->wanted, 9U);
    EXPECT_EQ(in.fault()->available, 3U);
    EXPECT_FALSE(child.fault());
}

TEST(IpAddress, TextFormsAndPrefixes) {
    EXPECT_EQ(IpAddress::v4(0xc0a80002).text(), "192.168.0.2");
    EXPECT_EQ(IpAddress::parse("2001:DB8::1")->text(), "2001:db8::1");
    EXPECT_FALSE(IpAddress::parse("192.168.0"));
    const Prefix net{*IpAddress::parse("192.168.0.0"), 23};
    EXPECT_TRUE(net.contains(*IpAddress::parse("192.168.1.255")));
    EXPECT_FALSE(net.contains(*IpAddress::parse("192.168.2.0")));
    EXPECT_TRUE((Prefix{IpAddress::v4(0), 0}.contains(IpAddress::v4(7))));
    EXPECT_EQ(mask_length(*IpAddress::parse("255.255.255.0")), 24);
    EXPECT_FALSE(mask_length(*IpAddress::parse("255.0.255.0")));
    EXPECT_EQ(mask_of(17).text(), "255.255.128.0");
}

TEST(Time, Rfc3339AndSeconds) {
    EXPECT_EQ(rfc3339(1'000'000'000'000'000'001), "2001-09-09T01:46:40.000000001Z");
    EXPECT_EQ(seconds_text(1'500'000'000, 6), "1.500000");
    EXPECT_EQ(seconds_text(-1, 9), "-0.000000001");
    EXPECT_EQ(seconds_text(2'000'000'000, 0), "2");
}

} // namespace
} // namespace ikescope
