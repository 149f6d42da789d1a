// What the payloads mean: words for people, values for the session.

#include "dissect/fields.hpp"
#include "tests/dissect/ikev2_samples.hpp"

namespace ikescope::dissect {
namespace {

using namespace ikev2;
using samples::ikev2_body;

template <class P>
P parsed(std::string_view name) {
    return parse<P>(samples::ref_of(ikev2_body(name)));
}
std::string short_name(std::string_view name) { return payload_name(Version::v2, samples::ref_of(ikev2_body(name))); }

/// The note of the first node of a field.
std::string note_of(const Tree& tree, std::string_view field) { return std::string(tree.note(samples::find(tree, field))); }
Tree tree_of(Buffer& message, std::string_view name, std::uint8_t second_byte = 0) {
    const auto& body = ikev2_body(name);
    message = samples::message_with(body.type, body.bytes, second_byte);
    return samples::explained(message);
}

TEST(Ikev2Proposal, IsOneLine) {
    const auto sa = parsed<SecurityAssociation>("sa-ike");
    ASSERT_EQ(sa.proposals.size(), 2U);
    EXPECT_EQ(sa.proposals[0].text(), "AES-CBC-256/HMAC-SHA2-256-128/HMAC-SHA2-256/ECP-256");
    EXPECT_EQ(sa.proposals[1].text(), "AES-GCM-16-128/HMAC-SHA2-384/CURVE25519/ML-KEM-768/NONE/ML-KEM-1024");
    EXPECT_EQ(sa.proposals[1].find(transform::encr)->key_bits(), 128);
    EXPECT_EQ(sa.proposals[1].find(transform::integ), nullptr);
    const auto esp = parsed<SecurityAssociation>("sa-esp");
    EXPECT_EQ(hex(esp.proposals[0].spi), "c0ffee01");
    EXPECT_EQ(esp.proposals[0].protocol, protocol::esp);
}

/// The heading of a Notify payload of a type.
std::string heading_of(Version version, std::uint16_t type) {
    const bool v2 = version == Version::v2;
    Buffer body = v2 ? Buffer{0, 0} : Buffer{0, 0, 0, 1, 1, 0};
    body.push_back(static_cast<Byte>(type >> 8));
    body.push_back(static_cast<Byte>(type));
    const std::uint8_t number = v2 ? 41 : 11;
    Buffer bytes(16, 1);
    for (const int byte : {int{number}, v2 ? 0x20 : 0x10, v2 ? 37 : 5, 0, 0, 0, 0, 0, 0, 0, 0, 28 + 4 + static_cast<int>(body.size())})
        bytes.push_back(static_cast<Byte>(byte));
    for (const int byte : {0, 0, 0, 4 + static_cast<int>(body.size())}) bytes.push_back(static_cast<Byte>(byte));
    bytes.insert(bytes.end(), body.begin(), body.end());
    const auto tree = samples::explained(bytes);
    return note_of(tree, "isakmp.typepayload");
}

TEST(NotifyHeading, SaysWhichOneOrWhatKindOfNumber) {
    EXPECT_EQ(heading_of(Version::v2, 24), "- AUTHENTICATION_FAILED");
    EXPECT_EQ(heading_of(Version::v2, 5000), "- 5000: an error type that nobody has assigned");
    EXPECT_EQ(heading_of(Version::v2, 9999), "- 9999: private use, an error");
    EXPECT_EQ(heading_of(Version::v2, 20000), "- 20000: a status type that nobody has assigned");
    EXPECT_EQ(heading_of(Version::v2, 65000), "- 65000: private use, a status");
    EXPECT_EQ(heading_of(Version::v1, 14), "- NO-PROPOSAL-CHOSEN");
    EXPECT_EQ(heading_of(Version::v1, 31), "- 31: an error type, reserved");
    EXPECT_EQ(heading_of(Version::v1, 8200), "- 8200: private use, an error");
    EXPECT_EQ(heading_of(Version::v1, 24579), "- 24579: a status of the DOI");
}

TEST(Ikev2Identity, HasText) {
    EXPECT_EQ(parsed<Identification>("idi-ipv4").text(), "192.0.2.1");
    EXPECT_EQ(parsed<Identification>("idr-fqdn").text(), "gw.example");
    EXPECT_EQ(parsed<Identification>("idi-rfc822").text(), "user@example");
    EXPECT_EQ(parsed<Identification>("idr-ipv6").text(), "2001:db8::1");
    EXPECT_EQ(parsed<Identification>("idi-keyid").text(), "group1");
    EXPECT_EQ(parsed<Identification>("idi-keyid-binary").text(), "01ff");
    EXPECT_EQ(parsed<Identification>("idi-null").text(), "");
    EXPECT_EQ(parsed<Identification>("idr-ipv6").address(), IpAddress::parse("2001:db8::1"));
    EXPECT_FALSE(parsed<Identification>("idr-fqdn").address());
}

TEST(Ikev2TrafficSelector, IsAPrefixWhereItIsOne) {
    const auto tsi = parsed<TrafficSelectors>("tsi");
    ASSERT_EQ(tsi.selectors.size(), 2U);
    EXPECT_EQ(tsi.selectors[0].text(), "10.1.0.0/24");
    EXPECT_EQ(tsi.selectors[1].text(), "2001:db8::-2001:db8::9[tcp/80-443]");
    const auto tsr = parsed<TrafficSelectors>("tsr");
    EXPECT_EQ(tsr.selectors[0].text(), "10.0.0.1-10.0.0.9[udp/500]");
    EXPECT_FALSE(tsr.selectors[0].prefix());
}

TEST(Ikev2TrafficSelector, OfIcmpHasTypesAndCodes) { // RFC 7296 3.13.1
    const Buffer first{10, 1, 0, 0}, last{10, 1, 0, 255};
    TrafficSelector selector;
    selector.type = ts_type::ipv4_range;
    selector.start = first;
    selector.end = last;
    const auto text = [&](std::uint8_t protocol, unsigned start, unsigned end) {
        selector.protocol = protocol;
        selector.start_port = static_cast<std::uint16_t>(start);
        selector.end_port = static_cast<std::uint16_t>(end);
        return selector.text();
    };
    EXPECT_EQ(text(1, 0x0800, 0x08ff), "10.1.0.0/24[icmp/type 8, codes 0-255]");
    EXPECT_EQ(text(1, 0x0303, 0x0303), "10.1.0.0/24[icmp/type 3, code 3]");
    EXPECT_TRUE(text(58, 0x8000, 0x81ff).ends_with("/types 128-129, codes 0-255]"));
    EXPECT_TRUE(text(1, 0x0802, 0x0901).ends_with("/2050-2305]")) << "no range of types and codes";
    EXPECT_EQ(text(1, 0, 0xffff), "10.1.0.0/24[icmp]");
}

TEST(Ikev2Certificate, SplitsHashAndUrl) {
    const auto certificate = parsed<Certificate>("cert-url");
    EXPECT_EQ(hex(certificate.hash()), "000102030405060708090a0b0c0d0e0f10111213");
    EXPECT_EQ(certificate.url(), "http://ca/x");
    EXPECT_TRUE(parsed<Certificate>("cert-x509").url().empty());
    EXPECT_EQ(parsed<CertificateRequest>("certreq").hashes().size(), 2U);
    EXPECT_TRUE(parsed<CertificateRequest>("certreq-other").hashes().empty());
}

TEST(Ikev2Authentication, NamesTheSignature) { // RFC 7427 appendix A
    const auto auth = parsed<Authentication>("auth-ecdsa");
    EXPECT_EQ(algorithm_name(auth.algorithm()), "ecdsa-with-sha256");
    EXPECT_EQ(auth.signature().size(), 64U);
    EXPECT_TRUE(parsed<Authentication>("auth-psk").signature().empty());
    EXPECT_EQ(algorithm_name(*parse_hex("300d06092a864886f70d01010b0500")), "sha256WithRSAEncryption");
    EXPECT_EQ(algorithm_name(*parse_hex("300506032b6570")), "Ed25519");
    EXPECT_EQ(algorithm_name(*parse_hex("300b0609608648016503040312")), "ML-DSA-65");
    EXPECT_EQ(algorithm_name(*parse_hex("300906072a8648ce3d0201")), "1.2.840.10045.2.1"); // id-ecPublicKey, RFC 5480
    EXPECT_EQ(algorithm_name(*parse_hex("3003")), "") << "cut short";
}

TEST(Ikev2Notify, SaysWhatItsDataSay) {
    EXPECT_EQ(parsed<Notification>("n-invalid-ke").accepted_group(), 19);
    EXPECT_EQ(notify_text(parsed<Notification>("n-invalid-ke")), "256-bit random ECP group");
    EXPECT_EQ(notify_text(parsed<Notification>("n-ip6")), "2001:db8::7");
    EXPECT_EQ(notify_text(parsed<Notification>("n-hashes")), "SHA1 SHA2-256 SHA2-384 SHA2-512 Identity");
    EXPECT_EQ(hex(parsed<Notification>("n-rekey").spi), "c0ffee01");
    EXPECT_TRUE(parsed<Notification>("n-selectors").error());
    EXPECT_FALSE(parsed<Notification>("n-cookie").error());
}

TEST(Ikev2Notify, OpensWhatTsharkLeavesInHexadecimal) {
    Buffer message;
    EXPECT_EQ(note_of(tree_of(message, "n-backoff"), "ike.notify.3gpp.backoff_timer.value"), "150 seconds");
    EXPECT_EQ(note_of(tree_of(message, "n-device"), "isakmp.notify.priv.3gpp.device_identity_imei"), "1234567890123456");
    EXPECT_EQ(note_of(tree_of(message, "n-emergency"), "isakmp.notify.priv.3gpp.emergency_call_number"), "112");
    EXPECT_EQ(note_of(tree_of(message, "n-auth-methods"), "ike.notify.announcement.algorithm"), "ecdsa-with-sha256");
    const auto tree = tree_of(message, "n-ppk");
    EXPECT_EQ(samples::find(tree, "ike.notify.ppk.type").number, 2U);
    EXPECT_EQ(text_of(tree.bytes(samples::find(tree, "ike.notify.ppk.id"))), "ppk-7");
}

TEST(Ikev2ShortNames, AreThoseOfStrongSwan) {
    EXPECT_EQ(short_name("sa-ike"), "SA");
    EXPECT_EQ(short_name("nonce"), "No");
    EXPECT_EQ(short_name("idi-ipv4"), "IDi");
    EXPECT_EQ(short_name("tsr"), "TSr");
    EXPECT_EQ(short_name("n-nat-source"), "N(NAT_DETECTION_SOURCE_IP)");
    EXPECT_EQ(short_name("n-cookie"), "N(COOKIE)");
    EXPECT_EQ(short_name("n-unknown"), "N(40960)");
    EXPECT_EQ(short_name("d-esp"), "D");
    EXPECT_EQ(short_name("skf"), "SKF");
    EXPECT_EQ(short_name("unknown-payload"), "96");
    EXPECT_EQ(payload_name(Version::v2, PayloadRef{payload::notify, 0, 0, 0, 6, {}}), "N");
}

/// What charon logged that it parsed out of IKE_AUTH of v2_gcm_ok, frame 3 (its log at level 1).
TEST(Ikev2ShortNames, AgreeWithCharonsLog) {
    for (const auto& chain : samples::ikev2_chains()) {
        if (chain.capture != "v2_gcm_ok" || chain.frame != 3) continue;
        Header header;
        header.version = 0x20;
        Message message;
        walk_plain(header, chain.first, chain.bytes, 0, message);
        std::string names;
        for (const auto& ref : message.payloads) names += ' ' + payload_name(Version::v2, ref);
        EXPECT_TRUE(names.starts_with(" IDi N(INITIAL_CONTACT) IDr AUTH SA TSi TSr")) << names;
    }
}

TEST(Ikev2GenericHeader, JudgesCriticalAndReservedBits) {
    Buffer message;
    auto tree = tree_of(message, "nonce", 0x80);
    EXPECT_EQ(samples::find(tree, "isakmp.criticalpayload").severity, Severity::note);
    EXPECT_EQ(samples::find(tree, "isakmp.reserved7").severity, Severity::none);
    tree = tree_of(message, "unknown-payload", 0x81);
    EXPECT_EQ(samples::find(tree, "isakmp.criticalpayload").severity, Severity::warning);
    EXPECT_NE(samples::find(tree, "isakmp.reserved7").severity, Severity::none);
    tree = tree_of(message, "nonce");
    EXPECT_EQ(samples::find(tree, "isakmp.criticalpayload").severity, Severity::none);
}

TEST(Ikev2Secrets, AreMarked) {
    Buffer message;
    auto tree = tree_of(message, "eap-gtc");
    EXPECT_TRUE(samples::find(tree, "ike.eap.password").field->secret);
    tree = tree_of(message, "kd");
    EXPECT_TRUE(samples::find(tree, "ike.kd.bag.attr.value").field->secret);
}

TEST(Ikev2Group, PoliciesAndWrappedKeys) { // RFC 9838 4.4.2.2, 4.4.3, 4.5.1
    Buffer message;
    auto tree = tree_of(message, "gsa");
    EXPECT_EQ(samples::find(tree, "ike.gsa.key_lifetime").number, 3600U);
    EXPECT_EQ(samples::find(tree, "ike.gsa.activation_delay").number, 10U);
    EXPECT_EQ(samples::find(tree, "ike.gsa.deactivation_delay").number, 20U);
    tree = tree_of(message, "kd");
    EXPECT_EQ(samples::find(tree, "ike.kd.wrapped.key_id").number, 0U);
    EXPECT_EQ(samples::find(tree, "ike.kd.wrapped.key").length, 28U);
    EXPECT_TRUE(samples::find(tree, "ike.kd.wrapped.key").field->secret);
    // SA_KEY 5 wrapped by 7, and one too short to be wrapped
    const auto kd = samples::message_with(payload::kd, *parse_hex("0304001dc0ffee01" "0001000900000005" "00000007aa" "0001000401020304"));
    tree = samples::explained(kd);
    EXPECT_EQ(samples::find(tree, "ike.kd.wrapped.key_id").number, 5U);
    EXPECT_EQ(samples::find(tree, "ike.kd.wrapped.kwk_id").number, 7U);
    EXPECT_EQ(samples::count(tree, "ike.kd.wrapped.key_id"), 1U);
    EXPECT_EQ(samples::partition_fault(tree, 0, kd.size()), "");
}

/// Explains a payload of this type; the bytes stay alive in `message`.
Tree tree_of_body(Buffer& message, std::uint8_t type, std::string_view body) {
    message = samples::message_with(type, *parse_hex(body));
    return samples::explained(message);
}

TEST(Ikev2Group, SenderIdsAreNoSecrets) { // RFC 9838 4.5.3: WRAP_KEY, GM_SENDER_ID
    Buffer message;
    const auto tree = tree_of_body(message, payload::kd, "00000014" "00010008 0000000700000000" "80030005");
    std::vector<bool> secret;
    for (const auto& node : tree.nodes())
        if (node.field->name == "ike.kd.bag.attr.value" || node.field->name == "ike.kd.bag.attr.open_value") secret.push_back(node.field->secret);
    EXPECT_EQ(secret, (std::vector{true, false})) << samples::dump(tree);
    EXPECT_EQ(hex(tree.bytes(samples::find(tree, "ike.kd.sender_id"))), "0005");
    EXPECT_EQ(samples::partition_fault(tree, 0, message.size()), "");
}

TEST(Ikev2Identity, SaysHowManyBytesItsTypeMustHave) { // RFC 7296 3.5, RFC 7619 2.2
    Buffer message;
    EXPECT_EQ(note_of(tree_of_body(message, payload::id_i, "0d000000 00"), "ike.id.data"), "ID_NULL must have 0 bytes, 1 is there");
    EXPECT_EQ(note_of(tree_of_body(message, payload::id_r, "01000000 0a0001"), "ike.id.data"), "ID_IPV4_ADDR must have 4 bytes, 3 are there");
    EXPECT_FALSE(samples::has(tree_of_body(message, payload::id_i, "0d000000"), "ike.id.data"));
}

bool has_error(const Tree& tree) {
    return std::ranges::any_of(tree.nodes(), [](const Node& node) { return node.severity == Severity::error; });
}

TEST(Ikev2Certificate, JudgesHashesAndUrls) { // RFC 7296 3.6, 3.7, RFC 4806 3.1
    Buffer message;
    const std::string hash(40, '5');
    EXPECT_FALSE(has_error(tree_of_body(message, payload::cert, "0c" + hash + "687474703a2f2f78")));
    EXPECT_EQ(note_of(tree_of_body(message, payload::cert, "0c 00112233"), "isakmp.cert.data"),
              "a SHA-1 hash of 20 bytes and a URL are wanted, 4 bytes are there (RFC 7296 3.6)");
    EXPECT_TRUE(has_error(tree_of_body(message, payload::cert, "0d" + hash))) << "no URL";
    EXPECT_FALSE(has_error(tree_of_body(message, payload::certreq, "04"))) << "any authority";
    EXPECT_FALSE(has_error(tree_of_body(message, payload::certreq, "04" + hash + hash)));
    EXPECT_EQ(note_of(tree_of_body(message, payload::certreq, "04" + hash + "7878"), "ike.certreq.data"),
              "the list is made of SHA-1 hashes of 20 bytes, 2 bytes are left over");
    const auto responders = tree_of_body(message, payload::certreq, "0e" + hash + hash);
    EXPECT_EQ(samples::count(responders, "ike.certreq.responder"), 2U);
    EXPECT_FALSE(has_error(responders));
    EXPECT_FALSE(has_error(tree_of_body(message, payload::certreq, "07616263"))) << "no list of hashes";
}

TEST(Ikev2Eap, AkaIdentityAndResponse) { // RFC 4187 10.5, 10.8
    Buffer message;
    auto tree = tree_of_body(message, payload::eap, "020c001c 17050000 0e05000d 3075736572407265616c6d3132 000000");
    EXPECT_EQ(samples::find(tree, "eap.identity.actual_len").number, 13U);
    EXPECT_EQ(text_of(tree.bytes(samples::find(tree, "eap.identity"))), "0user@realm12");
    EXPECT_EQ(samples::find(tree, "eap.identity.padding").length, 3U);
    EXPECT_EQ(samples::partition_fault(tree, 0, message.size()), "");
    tree = tree_of_body(message, payload::eap, "020c001c 17050000 0e0500ff 3075736572407265616c6d3132 000000");
    EXPECT_TRUE(has_error(tree)) << "255 bytes of 16";
    EXPECT_EQ(samples::partition_fault(tree, 0, message.size()), "");
    tree = tree_of_body(message, payload::eap, "020d0014 17010000 03030040 0102030405060708");
    EXPECT_EQ(samples::find(tree, "ike.eap.aka.res_length").number, 64U);
    EXPECT_EQ(samples::find(tree, "ike.eap.aka.res").length, 8U);
    EXPECT_FALSE(has_error(tree)) << samples::dump(tree);
}

TEST(Ikev2Eap, AkaPrimeNotificationsAndErrors) { // RFC 9048 3, RFC 4187 10.19, 10.20
    Buffer message;
    auto tree = tree_of_body(message, payload::eap, "010f0014 32010000 17020004574c414e 18010001");
    EXPECT_EQ(text_of(tree.bytes(samples::find(tree, "ike.eap.aka.network_name"))), "WLAN");
    EXPECT_EQ(samples::find(tree, "ike.eap.aka.kdf").number, 1U);
    EXPECT_FALSE(has_error(tree)) << samples::dump(tree);
    EXPECT_EQ(name_of(field("eap.aka.notification_type").names, 16384), "General failure");
    EXPECT_EQ(name_of(field("eap.sim.error_code").names, 0), "Unable to process packet");
}

TEST(Ikev2Eap, NamesVendorsAndServers) { // RFC 3748 5.7, RFC 1994 4.1
    Buffer message;
    const auto tree = tree_of(message, "eap-expanded");
    const auto& vendor = samples::find(tree, "eap.ext.vendor_id");
    EXPECT_EQ(name_of(vendor.field->names, vendor.number), "WFA");
    EXPECT_EQ(note_of(tree, "eap.ext.vendor_type"), "SimpleConfig");
    EXPECT_EQ(note_of(tree_of(message, "eap-md5"), "eap.md5.extra_data"), "gw");
}

TEST(Ikev2Eap, OneTimePasswordsAreSecret) { // RFC 3748 5.5
    Buffer message;
    EXPECT_TRUE(samples::has(tree_of_body(message, payload::eap, "02050009 05 31323334"), "ike.eap.password"));
    EXPECT_FALSE(samples::has(tree_of_body(message, payload::eap, "01050009 05 6368616c"), "ike.eap.password")) << "the challenge";
}

TEST(Ikev2Eap, Reauthentication) { // RFC 6696 5.3
    Buffer message;
    auto tree = tree_of_body(message, payload::eap, "05160021 02 20 0001 0106 6b40722e6578 02 000102030405060708090a0b0c0d0e0f");
    EXPECT_EQ(samples::find(tree, "ike.eap.erp.type").number, 2U);
    EXPECT_EQ(samples::find(tree, "ike.eap.erp.flags.lifetime").number, 1U);
    EXPECT_EQ(samples::find(tree, "ike.eap.erp.seq").number, 1U);
    EXPECT_EQ(text_of(tree.bytes(samples::find(tree, "ike.eap.erp.keyname_nai"))), "k@r.ex");
    EXPECT_EQ(samples::find(tree, "ike.eap.erp.cryptosuite").number, 2U);
    EXPECT_EQ(samples::find(tree, "ike.eap.erp.tag").length, 16U);
    EXPECT_FALSE(has_error(tree)) << samples::dump(tree);
    EXPECT_EQ(samples::partition_fault(tree, 0, message.size()), "");
    tree = tree_of_body(message, payload::eap, "0517000e 01 00 0406 722e6578616d");
    EXPECT_EQ(text_of(tree.bytes(samples::find(tree, "ike.eap.erp.domain_name"))), "r.exam");
}

TEST(Ikev2Notify, AggfragAndPpk) { // RFC 9347 5.1, RFC 8784 5.1
    Buffer message;
    const auto aggfrag = tree_of_body(message, payload::notify, "0000403a 02");
    EXPECT_EQ(samples::find(aggfrag, "ike.notify.aggfrag.congestion_control").number, 1U);
    EXPECT_EQ(samples::find(aggfrag, "ike.notify.aggfrag.dont_fragment").number, 0U);
    EXPECT_EQ(note_of(tree_of(message, "n-ppk"), "ike.notify.ppk.id"), "ppk-7");
}

TEST(Ikev2Configuration, ResolversAndLiveness) { // RFC 9464 3.1, 3.2, RFC 8598 4.2
    Buffer message;
    const auto tree = tree_of_body(message, payload::cp, "02000000 0018 0004 00000708"
                                                         "001a 0006 1234 08 02 abcd"
                                                         "001b 000c 0001 01 04 0a000001 612e6578"
                                                         "001d 000c 01 04 612e6578 0002 01020304");
    EXPECT_EQ(samples::find(tree, "ike.cfg.attr.liveness_timeout").number, 1800U);
    EXPECT_EQ(samples::find(tree, "ike.cfg.attr.dnssec.key_tag").number, 0x1234U);
    EXPECT_EQ(samples::find(tree, "ike.cfg.attr.encdns.ipv4").length, 4U);
    EXPECT_EQ(note_of(tree, "ike.cfg.attr.encdns.name"), "a.ex");
    EXPECT_EQ(samples::find(tree, "ike.cfg.attr.encdns.hash").number, 2U);
    EXPECT_FALSE(samples::has(tree, "ike.cut_short")) << samples::dump(tree);
}

TEST(Ikev2Transform, NoAdditionalKeyExchangeIsNone) { // RFC 9370 4.1
    EXPECT_EQ(name_of(field("ike.tf.id.addke").names, 0), "NONE");
    EXPECT_EQ(name_of(field("ike.tf.id.addke").names, 36), "ML-KEM-768");
}

TEST(Ikev2Fragment, MustCountFromOne) {
    const auto body = *parse_hex("00000003" + std::string(96, '0'));
    const auto message = samples::message_with(payload::skf, body);
    const auto tree = samples::explained(message);
    EXPECT_EQ(samples::find(tree, "isakmp.frag.number").severity, Severity::error);
}

} // namespace
} // namespace ikescope::dissect
