// Headers and payload chains: what is found, and what is said about bytes that lie. RFC 2408 3, RFC 7296 3.

#include "dissect/header.hpp"
#include "tests/dissect/samples.hpp"

namespace ikescope::dissect {
namespace {

/// Header with the given first payload and claimed length, then `body`.
Buffer message(std::string_view first, std::string_view length, std::string_view body) {
    auto bytes = *parse_hex("1111111111111111 2222222222222222 " + std::string(first) + "10 02 00 00000000 " + std::string(length));
    const auto rest = *parse_hex(body);
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}
Message walked(Bytes bytes, std::size_t declared = 0) {
    Message out;
    walk(bytes, 42, declared == 0 ? bytes.size() : declared, out);
    return out;
}

TEST(Walk, FollowsTheChain) {
    const auto bytes = message("04", "00000028", "0a000008 01020304 00000004");
    const auto found = walked(bytes);
    EXPECT_FALSE(found.fault);
    ASSERT_EQ(found.payloads.size(), 2U);
    EXPECT_EQ(found.payloads[0].type, 4);
    EXPECT_EQ(found.payloads[0].next, 10);
    EXPECT_EQ(found.payloads[0].offset, 42U + 28);
    EXPECT_EQ(found.payloads[0].body_offset(), 42U + 32);
    EXPECT_EQ(hex(found.payloads[0].body), "01020304");
    EXPECT_EQ(found.payloads[1].type, 10);
    EXPECT_TRUE(found.payloads[1].body.empty());
    EXPECT_TRUE(found.trailing.empty());
}

TEST(Walk, ALengthBelowFourEndsTheChainAndSaysSo) {
    const auto bytes = message("0d", "00000028", "0d000003 01020304 00000004");
    const auto found = walked(bytes);
    ASSERT_TRUE(found.fault);
    EXPECT_EQ(found.fault->offset, 42U + 30);
    EXPECT_EQ(found.fault->wanted, 4U);
    EXPECT_EQ(found.fault->available, 3U);
    EXPECT_EQ(found.fault->field, "Payload length");
    ASSERT_EQ(found.payloads.size(), 1U);
    EXPECT_EQ(hex(found.trailing), "0102030400000004");
    Tree tree;
    tree.use_buffer("Frame", bytes);
    explain(found, tree);
    EXPECT_EQ(samples::find(tree, "isakmp.typepayload").severity, Severity::error);
}

TEST(Walk, ALengthThatLiesDoesNotHideItsNeighbours) {
    // A hash that claims 200 bytes is the last to be seen, but what was before it is whole.
    const auto bytes = message("0a", "00000028", "08000008 01020304 000000c8");
    const auto found = walked(bytes);
    ASSERT_EQ(found.payloads.size(), 2U);
    EXPECT_EQ(hex(found.payloads[0].body), "01020304");
    ASSERT_TRUE(found.fault);
    EXPECT_EQ(found.fault->offset, 42U + 36);
    EXPECT_EQ(found.fault->wanted, 200U);
    EXPECT_EQ(found.fault->available, 4U);
    EXPECT_FALSE(found.snapped);
}

TEST(Walk, AnInnerLieStaysInside) {
    // The transform inside the SA claims 0xffff bytes; the nonce behind the SA is found all the same.
    const auto bytes = message("01", "00000040", "0a00001c 00000001 00000001 00000010 01010001 0000ffff 01010000 00000008 a1a2a3a4");
    const auto found = walked(bytes);
    EXPECT_FALSE(found.fault);
    ASSERT_EQ(found.payloads.size(), 2U);
    EXPECT_EQ(found.payloads[1].type, 10);
    EXPECT_EQ(hex(found.payloads[1].body), "a1a2a3a4");
}

TEST(Walk, TellsSnapLengthFromLies) {
    auto bytes = message("0a", "00000028", "08000008 01020304 00000004");
    bytes.resize(34);
    const auto cut = walked(bytes, 40);
    EXPECT_TRUE(cut.snapped);
    ASSERT_TRUE(cut.fault);
    EXPECT_EQ(cut.fault->wanted, 40U);
    EXPECT_EQ(cut.fault->available, 34U);
    const auto lie = walked(bytes, 34);
    EXPECT_FALSE(lie.snapped);
    EXPECT_TRUE(lie.fault);
    EXPECT_TRUE(walked(Bytes(bytes).first(20), 40).snapped);
    EXPECT_FALSE(walked(Bytes(bytes).first(20), 20).snapped);
}

TEST(Walk, HoldsTheHeadersLengthAgainstTheDatagram) {
    const auto longer = message("00", "0000001c", "deadbeef");
    const auto found = walked(longer);
    EXPECT_FALSE(found.fault);
    EXPECT_EQ(found.bytes.size(), 28U);
    EXPECT_EQ(hex(found.excess), "deadbeef");
    const auto none = message("0a", "00000000", "00000008 01020304");
    const auto zero = walked(none);
    ASSERT_TRUE(zero.fault);
    EXPECT_EQ(zero.fault->field, "Length");
    EXPECT_EQ(zero.payloads.size(), 1U) << "a header length of zero hides nothing";
}

TEST(Walk, EncryptedMessages) {
    auto v1 = message("05", "00000024", "0102030405060708");
    v1[19] = flag_encryption;
    const auto sealed = walked(v1);
    EXPECT_TRUE(sealed.payloads.empty());
    EXPECT_EQ(hex(sealed.ciphertext), "0102030405060708");

    // IKEv2: SK's next payload names what is inside and must not be followed.
    auto v2 = message("2e", "00000024", "23000008 01020304");
    v2[17] = 0x20;
    const auto inside = walked(v2);
    ASSERT_EQ(inside.payloads.size(), 1U);
    EXPECT_EQ(inside.payloads[0].type, 46);
    EXPECT_EQ(inside.payloads[0].next, 35);
    EXPECT_FALSE(inside.fault);
}

TEST(Walk, BoundsTheNumberOfPayloads) {
    std::string body;
    for (int i = 0; i < 2000; ++i) body += "0d000004";
    const auto bytes = message("0d", "00001f5c", body);
    const auto found = walked(bytes);
    EXPECT_EQ(found.payloads.size(), max_payloads);
    ASSERT_TRUE(found.fault);
    EXPECT_EQ(found.fault->field, "Number of payloads");
}

TEST(Walk, KeepsItsMemory) {
    const auto bytes = message("04", "00000028", "0a000008 01020304 00000004");
    Message out;
    walk(bytes, 0, bytes.size(), out);
    const auto* before = out.payloads.data();
    walk(bytes, 0, bytes.size(), out);
    EXPECT_EQ(out.payloads.data(), before);
    EXPECT_EQ(out.payloads.size(), 2U);
}

TEST(IsIsakmp, IsStricterThanLengths) {
    auto bytes = message("01", "0000001c", "");
    EXPECT_TRUE(is_isakmp(bytes));
    EXPECT_FALSE(is_isakmp(Bytes(bytes).first(27)));
    bytes[17] = 0x30;
    EXPECT_FALSE(is_isakmp(bytes)) << "major version 3";
    bytes[17] = 0x10;
    std::fill_n(bytes.begin(), 8, Byte{0});
    EXPECT_FALSE(is_isakmp(bytes)) << "no initiator SPI";
}

TEST(Header, HotPathAndSchemaAgreeAndRoundTrip) {
    for (const auto& sample : samples::lab_messages()) {
        const auto found = walked(sample.bytes);
        Cursor in(sample.bytes);
        const auto slow = read<Header>(in);
        EXPECT_EQ(slow.initiator_spi, found.header.initiator_spi);
        EXPECT_EQ(slow.responder_spi, found.header.responder_spi);
        EXPECT_EQ(slow.message_id, found.header.message_id);
        EXPECT_EQ(slow.exchange, found.header.exchange);
        EXPECT_EQ(slow.flags, found.header.flags);
        EXPECT_EQ(slow.length, found.header.length);
        Buffer written;
        write_header(found.header, written);
        EXPECT_EQ(hex(written), hex(Bytes(sample.bytes).first(header_size)));
    }
}

} // namespace
} // namespace ikescope::dissect
