// IKEv1's payloads one by one, built from the pictures of the RFCs and drafts, and what the tree says of them.

#include "dissect/ikev1.hpp"
#include "dissect/numbers_ikev1.hpp"
#include "tests/dissect/samples.hpp"

namespace ikescope::dissect::ikev1 {
namespace {

using samples::count;
using samples::find;
using samples::has;

/// A payload (generic header with a true length, then `body`) explained, as the only one of a chain.
struct Explained {
    Buffer bytes;
    Message message;
    Tree tree;
    Explained(std::uint8_t type, std::string_view body) {
        const auto inside = *parse_hex(body);
        bytes = {0, 0, static_cast<Byte>((inside.size() + 4) >> 8), static_cast<Byte>(inside.size() + 4)};
        bytes.insert(bytes.end(), inside.begin(), inside.end());
        Header header;
        header.version = 0x10;
        tree.use_buffer("Decrypted IKE", bytes);
        walk_plain(header, type, bytes, 0, message);
        explain_payloads(message, tree);
        EXPECT_EQ(samples::partition_fault(tree, 0, bytes.size()), "") << samples::dump(tree);
    }
    const PayloadRef& payload() const { return message.payloads.at(0); }
    std::uint64_t number(std::string_view name) const { return find(tree, name).number; }
    std::string bytes_of(std::string_view name) const { return hex(tree.bytes(find(tree, name))); }
    std::string text_of(std::string_view name) const { return printable(tree.bytes(find(tree, name))); }
    bool sound() const {
        return std::ranges::all_of(tree.nodes(), [](const Node& node) { return node.severity == Severity::none; });
    }
};

TEST(Sa, ShortAndLongAttributes) {
    // AES-CBC 256, SHA2-256, PSK, group 14, seconds, 86400
    const Explained sa(payload::sa, "00000001 00000001 00000030 01010001 00000028 01010000"
                                    "80010007 800e0100 80020004 80030001 8004000e 800b0001 000c0004 00015180");
    EXPECT_TRUE(sa.sound()) << samples::dump(sa.tree);
    EXPECT_EQ(sa.number("isakmp.sa.doi"), 1U);
    EXPECT_EQ(sa.number("isakmp.sa.situation.identity_only"), 1U);
    EXPECT_EQ(sa.number("isakmp.sa.situation.secrecy"), 0U);
    EXPECT_EQ(sa.number("isakmp.ike.attr.encryption_algorithm"), 7U);
    EXPECT_EQ(sa.number("isakmp.ike.attr.key_length"), 256U);
    EXPECT_EQ(sa.number("isakmp.ike.attr.life_duration"), 86400U);
    EXPECT_EQ(count(sa.tree, "isakmp.ike.attr"), 7U);
    EXPECT_EQ(sa.tree.note(find(sa.tree, "isakmp.ike.attr")), "Encryption-Algorithm: AES-CBC");
    std::optional<Fault> fault;
    const auto parsed = parse<SecurityAssociation>(sa.payload(), &fault);
    EXPECT_FALSE(fault);
    ASSERT_EQ(parsed.proposals.size(), 1U);
    ASSERT_EQ(parsed.proposals[0].transforms.size(), 1U);
    const auto& transform = parsed.proposals[0].transforms[0];
    ASSERT_TRUE(transform.find(phase1::life_duration));
    EXPECT_EQ(transform.find(phase1::life_duration)->number(), 86400U);
    EXPECT_FALSE(transform.find(phase1::life_duration)->brief);
    EXPECT_EQ(transform.find(phase1::group)->number(), 14U);
    EXPECT_FALSE(transform.find(phase1::group_prime));
}

TEST(Sa, Phase2WithTwoProtocolsAndSpis) {
    // Proposal 1: ESP with AES-CTR in tunnel mode, and AH with SHA2-256
    const Explained sa(payload::sa, "00000001 00000001"
                                    "02000018 01030401 c0ffee01 0000000c 010d0000 80040001"
                                    "00000018 01020401 c0ffee02 0000000c 01050000 80050005");
    EXPECT_TRUE(sa.sound()) << samples::dump(sa.tree);
    const auto parsed = parse<SecurityAssociation>(sa.payload());
    ASSERT_EQ(parsed.proposals.size(), 2U);
    EXPECT_EQ(hex(parsed.proposals[1].spi), "c0ffee02");
    EXPECT_EQ(sa.number("isakmp.ipsec.attr.encap_mode"), 1U);
    EXPECT_EQ(sa.number("isakmp.ipsec.attr.auth_algorithm"), 5U);
    const auto& id = find(sa.tree, "isakmp.trans.id");
    EXPECT_EQ(name_of(id.field->names, id.number), "ESP_AES-CTR");
}

TEST(Sa, LifeDurationsOfManyBytes) {
    const Explained eight(payload::sa, "00000001 00000001 0000001c 01030001 00000014 01030000 00020008 0000000100000000");
    EXPECT_EQ(eight.number("isakmp.ipsec.attr.life_duration64"), 0x100000000U);
    const Explained ten(payload::sa, "00000001 00000001 0000001e 01030001 00000016 01030000 0002000a 00000000000100000000");
    EXPECT_EQ(ten.bytes_of("isakmp.ipsec.attr.life_duration_bytes"), "00000000000100000000");
    const Explained brief(payload::sa, "00000001 00000001 00000014 01030001 0000000c 01030000 80020e10");
    EXPECT_EQ(brief.number("isakmp.ipsec.attr.life_duration"), 3600U);
}

TEST(Sa, LiesAreNamed) {
    // Two transforms are claimed, one is there, and its attribute claims nine bytes of four.
    const Explained sa(payload::sa, "00000001 00000001 00000018 01010002 00000010 01010000 000c0009 00015180");
    EXPECT_EQ(find(sa.tree, "isakmp.prop.transforms").severity, Severity::warning);
    EXPECT_EQ(find(sa.tree, "isakmp.ike.attr.length").severity, Severity::error);
    EXPECT_EQ(find(sa.tree, "ike.cut_short").severity, Severity::error);
    std::optional<Fault> fault;
    parse<SecurityAssociation>(sa.payload(), &fault);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->wanted, 9U);
    EXPECT_EQ(fault->available, 4U);
}

TEST(Sa, GroupDomainOfInterpretation) {
    // RFC 6407 5.2: situation 0, next SAT, the SAT for ESP 10.0.0.0/8 to 239.1.1.1 with AES
    const Explained sa(payload::sa, "00000002 00000000 0010 0000"
                                    "00000027 01 11 04 0000 08 0a000000ff000000 01 0000 04 ef010101 0c 01020304 80040001 80060080");
    EXPECT_TRUE(sa.sound()) << samples::dump(sa.tree);
    EXPECT_EQ(sa.bytes_of("isakmp.sa.next_attribute_payload"), "0010");
    EXPECT_EQ(sa.number("isakmp.sat.protocol_id"), 1U);
    EXPECT_EQ(sa.bytes_of("isakmp.sat.dst_id_data"), "ef010101");
    EXPECT_EQ(sa.number("isakmp.sat.transform_id"), 12U);
    EXPECT_EQ(sa.bytes_of("isakmp.sat.spi"), "01020304");
    EXPECT_EQ(sa.number("isakmp.ipsec.attr.key_length"), 128U);
}

struct IdCase {
    std::string_view body, field, text;
};
TEST(Id, EveryType) {
    const IdCase cases[] = {
        {"01 11 01f4 c0a80002", "isakmp.id.data.ipv4_addr", "192.168.0.2"},
        {"02 00 0000 72312e6578616d706c65", "isakmp.id.data.fqdn", "r1.example"},
        {"03 00 0000 7540682e6578616d706c65", "isakmp.id.data.user_fqdn", "u@h.example"},
        {"04 00 0000 0a010000 ffffff00", "isakmp.id.data.ipv4_subnet", "10.1.0.0/24"},
        {"04 00 0000 0a010000 ff00ff00", "isakmp.id.data.ipv4_subnet", "10.1.0.0/255.0.255.0"},
        {"05 00 0000 20010db8000000000000000000000001", "isakmp.id.data.ipv6_addr", "2001:db8::1"},
        {"06 00 0000 20010db8000000000000000000000000 ffffffff000000000000000000000000", "isakmp.id.data.ipv6_subnet", "2001:db8::/32"},
        {"07 00 0000 0a010001 0a010009", "isakmp.id.data.ipv4_range_end", "10.1.0.1-10.1.0.9"},
        {"08 00 0000 20010db8000000000000000000000001 20010db8000000000000000000000009", "isakmp.id.data.ipv6_range_start", "2001:db8::1-2001:db8::9"},
        {"09 00 0000 300d310b3009", "ike.id.data.der", "300d310b3009"},
        {"0b 00 0000 67726f7570", "isakmp.id.data.key_id", "group"},
        {"0b 00 0000 00ff", "isakmp.id.data.key_id", "00ff"},
        {"c8 00 0000 00ff", "ike.id.data.bytes", "00ff"},
    };
    for (const auto& each : cases) {
        const Explained id(payload::id, each.body);
        EXPECT_TRUE(id.sound()) << samples::dump(id.tree);
        EXPECT_TRUE(has(id.tree, each.field)) << samples::dump(id.tree);
        EXPECT_EQ(parse<Identification>(id.payload()).text(), each.text);
    }
    const Explained address(payload::id, cases[0].body);
    EXPECT_EQ(parse<Identification>(address.payload()).address()->text(), "192.168.0.2");
    EXPECT_EQ(address.number("isakmp.id.data.ipv4_addr"), 0xc0a80002U);
    EXPECT_EQ(address.number("isakmp.id.port"), 500U);
}

TEST(Id, AnAddressOfTheWrongSizeIsAnError) {
    const Explained id(payload::id, "01 00 0000 c0a800");
    EXPECT_EQ(find(id.tree, "isakmp.id.data").severity, Severity::error);
    EXPECT_FALSE(parse<Identification>(id.payload()).address());
    EXPECT_EQ(parse<Identification>(id.payload()).text(), "c0a800");
}

TEST(Notify, DataOfTheTypesThatHaveSuch) {
    const Explained lifetime(payload::notify, "00000001 03 04 6000 c0ffee01 80010001 00020004 00000e10");
    EXPECT_TRUE(lifetime.sound()) << samples::dump(lifetime.tree);
    EXPECT_EQ(lifetime.bytes_of("isakmp.spi"), "c0ffee01");
    EXPECT_EQ(lifetime.number("isakmp.notify.data.resp_lifetime.ipsec.attr.life_duration"), 3600U);
    const Explained phase1(payload::notify, "00000001 01 00 6000 800b0001 800c0e10");
    EXPECT_EQ(phase1.number("isakmp.notify.data.resp_lifetime.ike.attr.life_duration"), 3600U);
    const Explained replay(payload::notify, "00000001 03 04 6001 c0ffee01 00000001");
    EXPECT_EQ(replay.number("ike.notify.data.replay_status"), 1U);
    const Explained there(payload::notify, "00000001 01 10 8d28 00112233445566778899aabbccddeeff 0000abcd");
    EXPECT_EQ(there.number("isakmp.notify.data.dpd.are_you_there"), 0xabcdU);
    const Explained ack(payload::notify, "00000001 01 10 8d29 00112233445566778899aabbccddeeff 0000abcd");
    EXPECT_EQ(ack.number("isakmp.notify.data.dpd.are_you_there_ack"), 0xabcdU);
    const Explained balance(payload::notify, "00000001 01 00 9e35 c0a80003");
    EXPECT_EQ(balance.number("isakmp.notify.data.unity.load_balance"), 0xc0a80003U);
    const Explained contact(payload::notify, "00000001 01 10 6002 00112233445566778899aabbccddeeff");
    EXPECT_FALSE(has(contact.tree, "isakmp.notify.data"));
}

TEST(Notify, ASpiSizeThatLies) {
    const Explained lying(payload::notify, "00000001 01 10 0010 0011");
    EXPECT_EQ(lying.tree.note(find(lying.tree, "ike.cut_short")), "SPI needs 16 bytes, 2 are left");
    EXPECT_EQ(parse<Notification>(lying.payload()).type, notify::payload_malformed);
}

TEST(Delete, Spis) {
    const Explained two(payload::delete_, "00000001 03 04 0002 c0ffee01 c0ffee02");
    EXPECT_TRUE(two.sound());
    const auto parsed = parse<Delete>(two.payload());
    ASSERT_EQ(parsed.spis.size(), 2U);
    EXPECT_EQ(hex(parsed.spis[1]), "c0ffee02");
    const Explained lying(payload::delete_, "00000001 03 04 ffff c0ffee01");
    EXPECT_EQ(find(lying.tree, "ike.cut_short").severity, Severity::error);
    EXPECT_EQ(parse<Delete>(lying.payload()).spis.size(), 1U);
    const Explained none(payload::delete_, "00000001 03 00 ffff");
    EXPECT_TRUE(parse<Delete>(none.payload()).spis.empty()) << "SPIs of no size end at once";
}

TEST(Configuration, XauthAndUnity) {
    // REPLY: user name, password, status; address, DNS, banner, split network
    const Explained config(payload::attributes, "02 00 1234 40890005 616c696365 408a0006 736563726574 c08f0001"
                                                "00010004 0a0a0a01 00030004 0a0a0a35 70000002 6869"
                                                "7004000e 0a000000 ff000000 0000 0000 0000");
    EXPECT_TRUE(config.sound()) << samples::dump(config.tree);
    EXPECT_EQ(config.number("isakmp.cfg.type"), 2U);
    EXPECT_EQ(config.number("isakmp.cfg.identifier"), 0x1234U);
    EXPECT_EQ(config.text_of("isakmp.cfg.attr.xauth.user_name"), "alice");
    EXPECT_EQ(config.number("isakmp.cfg.attr.xauth.status"), 1U);
    EXPECT_EQ(config.number("isakmp.cfg.attr.internal_ip4_address"), 0x0a0a0a01U);
    EXPECT_EQ(config.text_of("isakmp.cfg.attr.unity.banner"), "hi");
    EXPECT_EQ(config.number("ike.cfg.attr.unity.split.netmask"), 0xff000000U);
}

TEST(Configuration, APasswordIsMarkedAsSecretWhereverItsBytesAreShown) {
    const Explained config(payload::attributes, "02 00 1234 408a0006 736563726574");
    for (const auto& node : config.tree.nodes())
        if (hex(config.tree.bytes(node)).find("736563726574") == 0) {
            EXPECT_TRUE(node.field->secret) << node.field->name;
        }
    EXPECT_TRUE(find(config.tree, "isakmp.cfg.attr.value").field->secret);
    EXPECT_TRUE(find(config.tree, "isakmp.cfg.attr.xauth.user_password").field->secret);
}

TEST(Configuration, RequestsHaveEmptyValues) {
    const Explained config(payload::attributes, "01 00 0001 40890000 408a0000 00080000 70040000");
    EXPECT_TRUE(config.sound()) << samples::dump(config.tree);
    EXPECT_EQ(parse<Configuration>(config.payload()).attributes.size(), 4U);
}

TEST(Simple, PayloadsOfOneField) {
    EXPECT_EQ(Explained(payload::ke, "0102").bytes_of("isakmp.key_exchange.data"), "0102");
    EXPECT_EQ(Explained(payload::nonce, "0102").bytes_of("isakmp.nonce"), "0102");
    EXPECT_EQ(Explained(payload::hash, "0102").bytes_of("isakmp.hash"), "0102");
    EXPECT_EQ(Explained(payload::sig, "0102").bytes_of("isakmp.sig"), "0102");
    EXPECT_EQ(Explained(payload::nat_d, "0102").bytes_of("isakmp.ike.nat_hash"), "0102");
    EXPECT_EQ(Explained(payload::nat_d_draft, "0102").bytes_of("isakmp.ike.nat_hash"), "0102");
    EXPECT_EQ(Explained(payload::pop, "0102").bytes_of("isakmp.datapayload"), "0102");
    const Explained cert(payload::cert, "04 30820102");
    EXPECT_EQ(cert.number("isakmp.cert.encoding"), 4U);
    EXPECT_EQ(cert.bytes_of("isakmp.cert.data"), "30820102");
    EXPECT_EQ(Explained(payload::certreq, "04").number("isakmp.certreq.type"), 4U);
}

TEST(NatOa, BothFamilies) {
    EXPECT_EQ(Explained(payload::nat_oa, "01000000 c0a80002").number("isakmp.ike.nat_original_address_ipv4"), 0xc0a80002U);
    EXPECT_EQ(Explained(payload::nat_oa_draft, "05000000 20010db8000000000000000000000001")
                  .bytes_of("isakmp.ike.nat_original_address_ipv6"),
              "20010db8000000000000000000000001");
    EXPECT_EQ(find(Explained(payload::nat_oa, "01000000 c0a8").tree, "ike.id.data.bytes").severity, Severity::error);
}

TEST(Identification, SaysHowManyBytesItsTypeMustHave) { // RFC 2407 4.6.2.2
    const Explained address(payload::id, "01 00 0000 0102");
    EXPECT_EQ(address.tree.note(find(address.tree, "isakmp.id.data")), "IPV4_ADDR must have 4 bytes, 2 are there");
    const Explained nothing(payload::id, "04 00 0000");
    EXPECT_EQ(nothing.tree.note(find(nothing.tree, "isakmp.id.data")), "IPV4_ADDR_SUBNET must have 8 bytes, 0 are there");
    const Explained original(payload::nat_oa, "05000000 20");
    EXPECT_EQ(original.tree.note(find(original.tree, "ike.id.data.bytes")), "IPV6_ADDR must have 16 bytes, 1 is there");
    const Explained name(payload::id, "02 00 0000");
    EXPECT_TRUE(name.sound()) << samples::dump(name.tree);
}

TEST(Identification, KeyIdsAndProtocolsAreWords) {
    const Explained id(payload::id, "0b 11 01f4 67726f7570");
    EXPECT_EQ(id.tree.note(find(id.tree, "isakmp.id.data.key_id")), "group");
    const auto& protocol = find(id.tree, "isakmp.id.protoid");
    EXPECT_EQ(name_of(protocol.field->names, protocol.number), "UDP");
}

TEST(Fragment, Fields) {
    const Explained fragment(payload::fragment, "0001 02 01 deadbeef");
    EXPECT_EQ(fragment.number("isakmp.frag.packetid"), 1U);
    EXPECT_EQ(fragment.number("isakmp.frag.seq"), 2U);
    EXPECT_EQ(fragment.number("isakmp.frag.last"), 1U);
    EXPECT_EQ(hex(parse<Fragment>(fragment.payload()).data), "deadbeef");
}

TEST(Gdoi, KekPolicyKeyDownloadAndSequence) {
    const Explained kek(payload::sak, "11 01 0000 04 0a000001 01 0000 04 ef010101"
                                      "000102030405060708090a0b0c0d0e0f 00000000 80010001 80020003");
    EXPECT_TRUE(kek.sound()) << samples::dump(kek.tree);
    EXPECT_EQ(kek.bytes_of("isakmp.sak.spi"), "000102030405060708090a0b0c0d0e0f");
    EXPECT_EQ(kek.tree.note(find(kek.tree, "ike.gdoi.attr")), "KEK_MANAGEMENT_ALGORITHM: LKH");
    const Explained keys(payload::kd, "0001 0000 01 00 0015 04 c0ffee01 00010008 0011223344556677");
    EXPECT_TRUE(keys.sound()) << samples::dump(keys.tree);
    EXPECT_EQ(keys.number("isakmp.kd.payload.type"), 1U);
    EXPECT_TRUE(find(keys.tree, "isakmp.key_download.attr.value").field->secret);
    EXPECT_EQ(keys.tree.note(find(keys.tree, "isakmp.key_download.attr")), "TEK_ALGORITHM_KEY");
    const Explained sender(payload::kd, "0001 0000 04 00 0009 00 80010008"); // the same number in a SID packet
    EXPECT_EQ(sender.tree.note(find(sender.tree, "isakmp.key_download.attr")), "NUMBER_OF_SID_BITS: 8");
    EXPECT_EQ(Explained(payload::seq, "00000007").number("isakmp.seq.seq"), 7U);
    // Cisco IOS 12 sends draft-00 NAT-D under the number that later became SAK.
    const Explained nat(payload::sak, "000102030405060708090a0b0c0d0e0f10111213");
    EXPECT_TRUE(has(nat.tree, "isakmp.ike.nat_hash"));
    EXPECT_EQ(payload_name(Version::v1, nat.payload()), "NAT-D");
    const auto& heading = find(nat.tree, "isakmp.typepayload");
    EXPECT_EQ(heading.number, 15U);
    EXPECT_EQ(name_of(heading.field->names, 15), "NAT-D (draft-ietf-ipsec-nat-t-ike-00)");
}

TEST(Gdoi, ValuesHaveNames) { // RFC 6407 5.3-5.6
    const Explained kek(payload::sak, "11 01 0350 04 0a000001 01 0350 04 ef010101 00000000000000000000000000000000 00000000"
                                      "80010001 80020003 80030080 00040004 00000e10 80050003 80060004 80070100 80090001");
    EXPECT_TRUE(kek.sound()) << samples::dump(kek.tree);
    EXPECT_EQ(kek.tree.note(find(kek.tree, "isakmp.sak.src_id_data")), "10.0.0.1");
    EXPECT_EQ(kek.tree.note(find(kek.tree, "isakmp.sak.dst_id_data")), "239.1.1.1");
    EXPECT_EQ(kek.number("ike.gdoi.kek_lifetime"), 3600U);
    std::vector<std::string> summaries;
    for (const auto& node : kek.tree.nodes())
        if (node.field->name == "ike.gdoi.attr") summaries.emplace_back(kek.tree.note(node));
    const std::vector<std::string> expected{"KEK_MANAGEMENT_ALGORITHM: LKH", "KEK_ALGORITHM: KEK_ALG_AES", "KEK_KEY_LENGTH: 128",
                                            "KEK_KEY_LIFETIME: 3600",        "SIG_HASH_ALGORITHM: SIG_HASH_SHA256",
                                            "SIG_ALGORITHM: SIG_ALG_ECDSA-256", "SIG_KEY_LENGTH: 256", "KEK_ACK_REQUESTED: 1"};
    EXPECT_EQ(summaries, expected);
    const Explained gap(payload::gap, "8001000a 80020014 80030005");
    EXPECT_TRUE(gap.sound()) << samples::dump(gap.tree);
    EXPECT_EQ(gap.number("ike.gap.activation_delay"), 10U);
    EXPECT_EQ(gap.number("ike.gap.deactivation_delay"), 20U);
    EXPECT_EQ(gap.number("ike.gap.sender_ids"), 5U);
}

TEST(Gdoi, KeysAreSecretAndSenderIdsAreNot) { // RFC 6407 5.6.1, 5.6.4
    const Explained keys(payload::kd, "0001 0000 01 00 0015 04 c0ffee01 00010008 0011223344556677");
    const auto& type = find(keys.tree, "isakmp.key_download.attr.type");
    EXPECT_EQ(name_of(type.field->names, type.number), "TEK_ALGORITHM_KEY");
    const Explained sender(payload::kd, "0001 0000 04 00 0010 00 80010008 00020003 0a0b0c");
    EXPECT_TRUE(sender.sound()) << samples::dump(sender.tree);
    EXPECT_EQ(sender.number("ike.key_download.sid_bits"), 8U);
    EXPECT_EQ(sender.bytes_of("ike.key_download.sid"), "0a0b0c");
    for (const auto& node : sender.tree.nodes()) EXPECT_FALSE(node.field->secret) << node.field->name;
}

TEST(Gdoi, ItsShortPoliciesAreNoNatDetection) { // RFC 6407 5.2: the SA says DOI 2
    const auto bytes = *parse_hex("0f000010 00000002 00000000 000f0000"  // SA
                                  "10000018 000102030405060708090a0b0c0d0e0f10111213" // SAK of 20 bytes
                                  "0000000f 01 0102030405060708090a");  // SAT of 11 bytes
    Header header;
    header.version = 0x10;
    Message message;
    walk_plain(header, payload::sa, bytes, 0, message);
    ASSERT_EQ(message.payloads.size(), 3U);
    EXPECT_EQ(payload_name(Version::v1, message.payloads[1]), "SAK");
    EXPECT_EQ(payload_name(Version::v1, message.payloads[2]), "SAT");
    EXPECT_TRUE(speaks_gdoi(message));
    EXPECT_EQ(Explained(payload::sat, "0102030405060708090a0b").message.payloads.at(0).meant, 0) << "no size of an address";
}

} // namespace
} // namespace ikescope::dissect::ikev1
