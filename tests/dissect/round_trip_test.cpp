// The other direction: write(read(bytes)) == bytes for every IKEv1 payload of the lab, clear and decrypted.

#include "dissect/ikev1.hpp"
#include "tests/dissect/samples.hpp"

#include <set>

namespace ikescope::dissect::ikev1 {
namespace {

template <class P>
Buffer rewritten(const PayloadRef& payload) {
    std::optional<Fault> fault;
    Buffer out;
    append(parse<P>(payload, &fault), out);
    EXPECT_FALSE(fault);
    return out;
}

Buffer rewritten(const PayloadRef& payload) {
    switch (payload.type) {
    case payload::sa: return rewritten<SecurityAssociation>(payload);
    case payload::ke: return rewritten<KeyExchange>(payload);
    case payload::id: return rewritten<Identification>(payload);
    case payload::cert: return rewritten<Certificate>(payload);
    case payload::certreq: return rewritten<CertificateRequest>(payload);
    case payload::hash: return rewritten<Hash>(payload);
    case payload::sig: return rewritten<Signature>(payload);
    case payload::nonce: return rewritten<Nonce>(payload);
    case payload::notify: return rewritten<Notification>(payload);
    case payload::delete_: return rewritten<Delete>(payload);
    case payload::vendor: return rewritten<VendorId>(payload);
    case payload::attributes: return rewritten<Configuration>(payload);
    case payload::sak: return rewritten<KekPolicy>(payload);
    case payload::sat: return rewritten<TekPolicy>(payload);
    case payload::kd: return rewritten<KeyDownload>(payload);
    case payload::seq: return rewritten<SequenceNumber>(payload);
    case payload::gap: return rewritten<GroupPolicy>(payload);
    case payload::nat_d: return rewritten<NatDiscovery>(payload);
    case payload::nat_oa: return rewritten<NatOriginalAddress>(payload);
    case payload::fragment: return rewritten<Fragment>(payload);
    default: return {};
    }
}

TEST(RoundTrip, EveryPayloadOfTheLab) {
    std::set<int> types;
    std::size_t payloads = 0;
    const auto check = [&](const Message& message, const std::string& where) {
        for (const auto& payload : message.payloads) {
            EXPECT_EQ(hex(rewritten(payload)), hex(payload.body)) << where << " payload " << int(payload.type);
            types.insert(payload.type);
            ++payloads;
        }
    };
    Message message;
    for (const auto& sample : samples::lab_messages()) {
        walk(sample.bytes, 0, sample.bytes.size(), message);
        if (message.version() == Version::v1) check(message, sample.capture);
    }
    Header header;
    header.version = 0x10;
    for (const auto& plain : samples::plain_chains()) {
        walk_plain(header, plain.first, plain.bytes, 0, message);
        check(message, plain.capture);
    }
    EXPECT_GE(types.size(), 9U);
    EXPECT_GT(payloads, 400U);
}

TEST(RoundTrip, PayloadsTheLabLacks) {
    const std::pair<std::uint8_t, std::string_view> cases[] = {
        {payload::attributes, "020012344089000561 6c696365c08f0001"},
        {payload::sak, "11010000040a00000101000004ef010101000102030405060708090a0b0c0d0e0f0000000080010001"},
        {payload::sat, "0111040000080a000000ff00000001000004ef0101010c0102030480040001"},
        {payload::sat, "090102030405"},
        {payload::kd, "0001000001000015 04c0ffee01 00010008 0011223344556677"},
        {payload::seq, "00000007"},
        {payload::gap, "80010005"},
        {payload::fragment, "00010201deadbeef"},
        {payload::nat_oa, "01000000c0a80002"},
        {payload::cert, "0430820102"},
        {payload::sa, "00000002000000000010000000000008 01020304"},
        {payload::sa, "0000000100000001 02000018 01030401 c0ffee01 0000000c 010d0000 80040001 00000018 02020401 c0ffee02 0000000c 01050000 80050005"},
    };
    for (const auto& [type, digits] : cases) {
        const auto body = *parse_hex(digits);
        EXPECT_EQ(hex(rewritten({type, 0, 0, 0, 0, body})), hex(body)) << int(type);
    }
}

TEST(RoundTrip, WhatIsBuiltIsReadBack) {
    const Buffer spi = *parse_hex("c0ffee01");
    const Buffer mode = *parse_hex("0001");
    const Buffer duration = *parse_hex("00015180");
    SecurityAssociation sa;
    sa.doi = sa.situation = 1;
    auto& proposal = sa.proposals.emplace_back();
    proposal.number = 1;
    proposal.protocol = 3;
    proposal.spi = spi;
    for (std::uint8_t number = 1; number <= 3; ++number)
        proposal.transforms.push_back({number, 12, {{4, true, mode}, {2, false, duration}}});
    Buffer bytes;
    append_payload(payload::nonce, sa, bytes);
    Message message;
    walk_plain({}, payload::sa, bytes, 0, message);
    ASSERT_EQ(message.payloads.size(), 1U);
    EXPECT_EQ(message.payloads[0].next, payload::nonce);
    EXPECT_EQ(message.payloads[0].declared, bytes.size());
    const auto read = parse<SecurityAssociation>(message.payloads[0]);
    ASSERT_EQ(read.proposals.size(), 1U);
    EXPECT_EQ(hex(read.proposals[0].spi), "c0ffee01");
    EXPECT_EQ(read.proposals[0].transform_count, 3U);
    ASSERT_EQ(read.proposals[0].transforms.size(), 3U);
    EXPECT_EQ(read.proposals[0].transforms[2].number, 3U);
    EXPECT_EQ(read.proposals[0].transforms[2].find(2)->number(), 86400U);
}

} // namespace
} // namespace ikescope::dissect::ikev1
