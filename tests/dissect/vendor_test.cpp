// Vendor IDs by longest prefix; bytes as field captures and the vendors' documents have them.

#include "dissect/vendor.hpp"
#include "tests/dissect/samples.hpp"

namespace ikescope::dissect {
namespace {

std::string_view name(std::string_view digits) {
    const auto* row = find_vendor(*parse_hex(digits));
    return row ? row->name : "";
}
Tree explained(const Buffer& bytes) {
    Tree tree;
    tree.use_buffer("Frame", bytes);
    Cursor in(bytes);
    Bytes id;
    read_vendor_id(id, in, &tree);
    EXPECT_EQ(samples::partition_fault(tree, 0, bytes.size()), "") << samples::dump(tree);
    return tree;
}

TEST(Vendor, TableIsSortedAndFindsEveryRow) {
    const auto rows = vendor_ids();
    EXPECT_GT(rows.size(), 550U);
    EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &VendorRow::hex));
    for (const auto& row : rows) {
        EXPECT_EQ(find_vendor(*parse_hex(row.hex)), &row) << row.hex;
        explained(*parse_hex(row.hex));
    }
}

TEST(Vendor, LongestPrefixWins) {
    EXPECT_EQ(name("4a131c81070358455c5728f20e95452f"), "RFC 3947 Negotiation of NAT-Traversal in the IKE");
    EXPECT_EQ(name("09002689dfd6b712aabb"), "XAUTH") << "bytes behind the known part";
    EXPECT_NE(name("09002689dfd6b71280a224dec33b81e5"), "XAUTH") << "a longer row";
    EXPECT_EQ(name("4a131c81070358455c5728f20e95452e"), "");
    EXPECT_EQ(name("0102"), "");
    EXPECT_EQ(find_vendor({}), nullptr);
}

TEST(Vendor, ExactRowsNeedTheWholePayload) {
    ASSERT_FALSE(name("101fb0b35c5a4f4c08b919f1cb9777b0").empty());
    EXPECT_EQ(name("101fb0b35c5a4f4c08b919f1cb9777b000"), "");
}

TEST(Vendor, VersionsBehindTheName) {
    const auto dpd = explained(*parse_hex("afcad71368a1f1c96b8696fc77570100"));
    EXPECT_EQ(samples::find(dpd, "ike.vid.dpd.major").number, 1U);
    EXPECT_EQ(samples::find(dpd, "ike.vid.dpd.minor").number, 0U);
    const auto unity = explained(*parse_hex("12f5f28c457168a9702d9fe274cc0100"));
    EXPECT_EQ(samples::find(unity, "isakmp.vid.cisco_unity.major").number, 1U);
    const auto windows = explained(*parse_hex("1e2b516905991c7d7c96fcbfb587e46100000009"));
    EXPECT_EQ(samples::find(windows, "isakmp.vid.ms_nt5_isakmpoakley").number, 9U);
    const auto fortigate = explained(*parse_hex("8299031757a36082c6a621de0005013e"));
    EXPECT_EQ(samples::find(fortigate, "isakmp.vid.fortinet.fortigate.release").number, 5U);
    EXPECT_EQ(samples::find(fortigate, "isakmp.vid.fortinet.fortigate.build").number, 318U);
    const auto check_point = explained(*parse_hex("f4ed19e0c114eb516faaac0ee37daf2807b4381f"
                                                  "00000001 0000138d 451b27de 00000000 18800000"));
    EXPECT_EQ(samples::find(check_point, "isakmp.vid.cp.product").number, 1U);
    EXPECT_EQ(samples::find(check_point, "isakmp.vid.cp.version").number, 5005U);
    EXPECT_EQ(samples::find(check_point, "isakmp.vid.cp.features").number, 0x18800000U);
}

TEST(Vendor, UnknownTextIsShownAsText) {
    const std::string text = "SOME-GATEWAY-1.0";
    const auto tree = explained(Buffer(text.begin(), text.end()));
    EXPECT_TRUE(samples::has(tree, "ike.vid.text"));
    EXPECT_EQ(tree.note(samples::find(tree, "isakmp.vid_string")), "Unknown Vendor ID");
}

TEST(Vendor, UnknownBytesAreNoVersion) {
    const std::string text("\x3a\xc5""ACME-GW\0\1", 11);
    const auto mixed = explained(Buffer(text.begin(), text.end()));
    EXPECT_FALSE(samples::has(mixed, "ike.vid.version"));
    EXPECT_EQ(mixed.note(samples::find(mixed, "ike.vid.unknown")), ":.ACME-GW..");
    const auto bytes = explained(*parse_hex("3ac5957241ff42"));
    EXPECT_EQ(bytes.note(samples::find(bytes, "ike.vid.unknown")), "");
}

} // namespace
} // namespace ikescope::dissect
