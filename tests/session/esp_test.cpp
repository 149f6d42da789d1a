// ESP: the lab's packets opened by what IKE negotiated, by given keys, and packets made here for what no lab has.

#include "crypto/esp.hpp"
#include "session/derived.hpp"
#include "tests/session/support.hpp"

namespace ikescope::session::test { namespace {

using Verdict = EspOutcome::Verdict;

struct Seen {
    std::uint64_t frame;
    EspOutcome esp;
    std::string inner; ///< "10.98.1.1 10.98.2.1 1"
};

std::vector<Seen> esp_of(Sessions& sessions, std::vector<Packet>& packets) {
    std::vector<Seen> all;
    feed(sessions, packets, [&](const Packet& packet, const Outcome& outcome) {
        if (!outcome.esp) return;
        EXPECT_FALSE(outcome.isakmp);
        Seen seen{packet.frame.number, *outcome.esp, {}};
        if (const auto* inner = outcome.esp->inner)
            seen.inner =
                inner->source.text() + " " + inner->destination.text() + " " + std::to_string(inner->ip_protocol);
        all.push_back(std::move(seen));
    });
    return all;
}

/// An ESP packet with that payload between two hosts.
Packet esp_packet(std::uint64_t frame, Buffer bytes) {
    Packet made;
    made.frame.number = frame;
    made.datagram.content = capture::Content::esp;
    made.datagram.transport = capture::Transport::esp;
    made.datagram.source = *IpAddress::parse("192.0.2.1");
    made.datagram.destination = *IpAddress::parse("192.0.2.2");
    made.datagram.esp_spi = static_cast<std::uint32_t>(big_endian(Bytes(bytes).first(4)));
    made.datagram.declared = static_cast<std::uint32_t>(bytes.size());
    made.payload = std::move(bytes);
    return made;
}

/// UDP from port 7 to port 9 with four bytes, padded as RFC 4303 2.4 says, next header 17.
Buffer udp_content() { return {0, 7, 0, 9, 0, 12, 0, 0, 1, 2, 3, 4, 1, 2, 2, 17}; }

secrets::EspKey key_of(std::uint16_t encryption, std::size_t size, std::uint16_t integrity = 0,
                       std::size_t integrity_size = 0) {
    secrets::EspKey key;
    key.spi = 0x11223344;
    key.encryption = encryption;
    key.encryption_key = Secret(Buffer(size, 0x11));
    key.integrity = integrity;
    key.integrity_key = Secret(Buffer(integrity_size, 0x22));
    key.origin.text = "test";
    return key;
}
crypto::Protection protection_of(const secrets::EspKey& key) {
    return {crypto::find_encryption(key.encryption), key.integrity ? crypto::find_integrity(key.integrity) : nullptr,
            key.encryption_key, key.integrity_key};
}
Packet sealed(std::uint64_t frame, const secrets::EspKey& key, std::uint32_t sequence,
              std::optional<std::uint32_t> high = {}, const Buffer& padded = udp_content()) {
    const auto protection = protection_of(key);
    const auto made = crypto::seal_esp(protection, 0x11223344, sequence, Buffer(protection.encryption->iv, 0x33),
                                       padded, high);
    EXPECT_TRUE(made);
    return esp_packet(frame, *made);
}

class EspOfLab : public testing::TestWithParam<std::pair<const char*, std::size_t>> {};

TEST_P(EspOfLab, EveryPingIsOpenedByWhatQuickModeOrIkeAuthNegotiated) {
    const auto& [name, count] = GetParam();
    const auto store = store_of({lab(name, ".keys")});
    Sessions sessions(store);
    auto packets = packets_of(lab(name, ".pcap"));
    const auto seen = esp_of(sessions, packets);
    ASSERT_EQ(seen.size(), count);
    for (const auto& one : seen) {
        EXPECT_EQ(one.esp.verdict, Verdict::opened) << one.frame << " " << one.esp.why;
        EXPECT_EQ(one.inner.substr(one.inner.rfind(' ')), " 1") << one.frame; // ICMP
        EXPECT_TRUE(one.esp.sa.has_value());
    }
    std::uint64_t opened = 0;
    for (const auto& sa : sessions)
        for (const auto& child : sa.children)
            for (const auto& traffic : child.traffic)
                if (traffic) opened += traffic->opened;
    EXPECT_EQ(opened, count);
    EXPECT_EQ(sessions.totals().esp_opened, count);
}
INSTANTIATE_TEST_SUITE_P(Lab, EspOfLab,
                         testing::Values(std::pair("ikev1-mm-qm-esp", std::size_t{6}),
                                         std::pair("ikev2-psk-esp", std::size_t{6})),
                         [](const auto& row) { return row.param.first[4] == '1' ? "Ikev1" : "Ikev2"; });

TEST(Esp, WithoutSecretsNothingIsLookedAt) {
    const secrets::Store store;
    Sessions sessions(store);
    auto packets = packets_of(lab("ikev2-psk-esp", ".pcap"));
    EXPECT_TRUE(esp_of(sessions, packets).empty());
}

TEST(Esp, AChangedPacketIsNeverShown) {
    const auto store = store_of({lab("ikev1-mm-qm-esp", ".keys")});
    auto packets = packets_of(lab("ikev1-mm-qm-esp", ".pcap"));
    std::size_t changed = 0;
    for (auto& packet : packets)
        if (packet.datagram.content == capture::Content::esp && changed++ % 2 == 1)
            packet.payload[packet.payload.size() / 2] ^= 1;
    Sessions sessions(store);
    std::size_t failed = 0;
    for (const auto& one : esp_of(sessions, packets))
        if (one.esp.verdict != Verdict::opened) {
            ++failed;
            EXPECT_FALSE(one.esp.shown());
            EXPECT_FALSE(one.esp.why.empty());
        }
    EXPECT_EQ(failed, 3U);
}

TEST(Esp, APacketThatTheCaptureCutIsSaidToBe) {
    const auto store = store_of({lab("ikev1-mm-qm-esp", ".keys")});
    auto packets = packets_of(lab("ikev1-mm-qm-esp", ".pcap"));
    for (auto& packet : packets)
        if (packet.datagram.content == capture::Content::esp) packet.payload.resize(60);
    Sessions sessions(store);
    for (const auto& one : esp_of(sessions, packets)) {
        EXPECT_EQ(one.esp.verdict, Verdict::malformed);
        EXPECT_NE(one.esp.why.find("only the beginning"), std::string::npos);
    }
}

TEST(Esp, EveryTransformWithGivenKeys) {
    struct Row {
        std::uint16_t encryption;
        std::size_t key;
        std::uint16_t integrity;
        std::size_t integrity_key;
    };
    constexpr Row rows[] = {{3, 24, 2, 20}, {12, 16, 12, 32}, {12, 32, 5, 16}, {13, 20, 8, 16}, {14, 19, 0, 0},
                            {16, 35, 0, 0}, {18, 20, 0, 0},   {20, 36, 0, 0},  {11, 0, 1, 16},  {23, 16, 2, 20},
                            {28, 36, 0, 0}, {30, 20, 0, 0},   {31, 36, 0, 0},  {21, 20, 0, 0}};
    for (const auto& row : rows)
        for (const bool extended : {false, true}) {
            const auto key = key_of(row.encryption, row.key, row.integrity, row.integrity_key);
            secrets::Store store;
            store.add_esp_key(key);
            Sessions sessions(store);
            std::vector<Packet> packets{sealed(1, key, 5, extended ? std::optional<std::uint32_t>(0) : std::nullopt)};
            const auto seen = esp_of(sessions, packets);
            ASSERT_EQ(seen.size(), 1U);
            EXPECT_EQ(seen[0].esp.verdict, Verdict::opened) << row.encryption << " " << seen[0].esp.why;
            EXPECT_EQ(seen[0].inner, "192.0.2.1 192.0.2.2 17")
                << row.encryption; // transport mode: the addresses outside
            const auto loose = sessions.loose_esp();
            ASSERT_EQ(loose.size(), 1U);
            EXPECT_EQ(loose[0].traffic.opened, 1U);
            EXPECT_EQ(loose[0].traffic.keys, "test");
            ASSERT_EQ(loose[0].traffic.flows.size(), 1U);
            EXPECT_EQ(loose[0].traffic.flows[0].destination_port, 9);
        }
}

TEST(Esp, TheUpperHalfOfSequenceNumbersFollowsTheLower) {
    auto key = key_of(12, 16, 2, 20);
    secrets::Store store;
    store.add_esp_key(key);
    Sessions sessions(store);
    std::vector<Packet> packets{sealed(1, key, 0xfffffff0, 2), sealed(2, key, 0x00000003, 3),
                                sealed(3, key, 0xfffffff8, 2), sealed(4, key, 0x00000010, 3)};
    const auto seen = esp_of(sessions, packets);
    ASSERT_EQ(seen.size(), 4U);
    constexpr std::uint64_t wanted[] = {0x2fffffff0, 0x300000003, 0x2fffffff8, 0x300000010};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(seen[i].esp.verdict, Verdict::opened) << i;
        EXPECT_TRUE(seen[i].esp.extended);
        EXPECT_EQ(seen[i].esp.sequence, wanted[i]) << i;
    }
}

TEST(Esp, WithoutIntegrityContentIsShownAndSaidToBeUnverified) {
    const auto key = key_of(12, 16);
    secrets::Store store;
    store.add_esp_key(key);
    Sessions sessions(store);
    std::vector<Packet> packets{sealed(1, key, 1)};
    const auto seen = esp_of(sessions, packets);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].esp.verdict, Verdict::unverified);
    EXPECT_NE(seen[0].esp.why.find("no integrity"), std::string::npos);

    auto wrong = key;
    wrong.encryption_key = Secret(Buffer(16, 0x77));
    secrets::Store other;
    other.add_esp_key(wrong);
    Sessions closed(other);
    const auto unseen = esp_of(closed, packets);
    ASSERT_EQ(unseen.size(), 1U);
    EXPECT_EQ(unseen[0].esp.verdict, Verdict::no_key);
    EXPECT_FALSE(unseen[0].esp.shown());
}

TEST(Esp, AnIcvThatCannotBeCheckedIsCutOff) {
    const auto key = key_of(12, 16, 2, 20);
    auto unchecked = key_of(12, 16);
    unchecked.unchecked_icv = 12;
    secrets::Store store;
    store.add_esp_key(unchecked);
    Sessions sessions(store);
    std::vector<Packet> packets{sealed(1, key, 1), sealed(2, key, 2)};
    for (const auto& one : esp_of(sessions, packets)) {
        EXPECT_EQ(one.esp.verdict, Verdict::unverified) << one.esp.why;
        EXPECT_EQ(one.esp.icv.size(), 12U);
        EXPECT_EQ(one.inner, "192.0.2.1 192.0.2.2 17");
        EXPECT_NE(one.esp.why.find("cannot be checked"), std::string::npos) << one.esp.why;
    }
    ASSERT_EQ(sessions.loose_esp().size(), 1U);
    EXPECT_EQ(sessions.loose_esp()[0].traffic.unverified, 2U);
}

/// What Wireshark and tcpdump are given, without the keys of integrity, opens the same packets here.
TEST(Esp, OurFilesForOtherProgramsOpenIt) {
    constexpr std::pair<const char*, const char*> rows[] = {
        {"v1_esp_3des_md5", "tcpdump"}, {"v2_esp_cbc_xcbc", "tcpdump"}, {"v2_esp_cbc_xcbc", "wireshark"}};
    for (const auto& [name, program] : rows) {
        SCOPED_TRACE(std::string(name) + " " + program);
        const auto store = store_of({lab(name, ".keys")});
        auto packets = packets_of(lab(name, ".pcap"));
        Sessions first(store);
        const auto count = esp_of(first, packets).size();
        ASSERT_GT(count, 0U);
        const auto keys = derived(first, {}, store);
        const bool tcpdump = std::string_view(program) == "tcpdump";
        const auto made = tcpdump ? export_tcpdump(keys) : export_wireshark(keys);
        secrets::Store back;
        for (const auto& file : made.files)
            if (file.name == "tcpdump.secrets" || file.name == "esp_sa") {
                EXPECT_TRUE(secrets::read_secrets(file.text, file.name, back));
            }
        Sessions again(back);
        const auto seen = esp_of(again, packets);
        ASSERT_EQ(seen.size(), count);
        for (const auto& one : seen) EXPECT_EQ(one.esp.verdict, Verdict::unverified) << one.esp.why;
    }
}

TEST(Esp, AnIcvSaysNothingAboutTheKeyOfTheCipher) {
    const auto good = key_of(12, 16, 2, 20);
    std::vector<Packet> packets;
    for (std::uint32_t i = 1; i <= 5; ++i) packets.push_back(sealed(i, good, i));
    auto other_key = good;
    other_key.encryption_key = Secret(Buffer(16, 0x77));
    for (const auto& wrong : {other_key, key_of(11, 0, 2, 20), key_of(3, 24, 2, 20)}) {
        SCOPED_TRACE(wrong.encryption);
        secrets::Store store;
        store.add_esp_key(wrong);
        Sessions sessions(store);
        const auto seen = esp_of(sessions, packets);
        ASSERT_EQ(seen.size(), 5U);
        for (const auto& one : seen) {
            EXPECT_EQ(one.esp.verdict, Verdict::no_key);
            EXPECT_FALSE(one.esp.shown());
            EXPECT_NE(one.esp.why.find("encryption key or cipher is another one"), std::string::npos) << one.esp.why;
        }
        EXPECT_TRUE(sessions.totals().nothing_opened());
        ASSERT_EQ(sessions.unusable().size(), 1U);
        EXPECT_EQ(sessions.unusable()[0].reason, UnusableSecret::Reason::opens_nothing);
        for (const bool first : {true, false}) {
            secrets::Store both;
            both.add_esp_key(first ? wrong : good);
            both.add_esp_key(first ? good : wrong);
            Sessions again(both);
            for (const auto& one : esp_of(again, packets)) {
                EXPECT_EQ(one.esp.verdict, Verdict::opened) << one.esp.why;
                EXPECT_EQ(one.inner, "192.0.2.1 192.0.2.2 17");
            }
            ASSERT_EQ(again.unusable().size(), 1U);
            EXPECT_EQ(again.unusable()[0].index, first ? 0U : 1U);
            EXPECT_EQ(again.unusable()[0].reason, UnusableSecret::Reason::opens_nothing);
        }
    }
}

/// RFC 4303 2.4 and 2.6: what senders may put where others put 1, 2, 3.
TEST(Esp, PaddingOfAnotherKindIsNoReasonToRefuse) {
    const auto key = key_of(12, 16, 2, 20);
    const auto verdicts = [&](const Buffer& padded) {
        secrets::Store store;
        store.add_esp_key(key);
        Sessions sessions(store);
        std::vector<Packet> packets{sealed(1, key, 1, {}, padded), sealed(2, key, 2, {}, padded)};
        std::vector<Verdict> list;
        for (const auto& one : esp_of(sessions, packets)) list.push_back(one.esp.verdict);
        return list;
    };
    using List = std::vector<Verdict>;
    const List both{Verdict::opened, Verdict::opened}, second{Verdict::no_key, Verdict::opened},
        none{Verdict::no_key, Verdict::no_key};
    Buffer tunnel{0x45, 0, 0, 20, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2};
    tunnel.insert(tunnel.end(), {7, 7, 7, 7, 9, 9, 9, 9, 6, 4}); // padded for secrecy, and at random
    tunnel.insert(tunnel.begin() + 20, {0, 0});
    EXPECT_EQ(verdicts(tunnel), both);
    tunnel[0] = 0x95;
    EXPECT_EQ(verdicts(tunnel), none);
    EXPECT_EQ(verdicts({5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1, 2, 3, 4, 4, 59}), both);   // a dummy
    EXPECT_EQ(verdicts({5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1, 2, 3, 4, 4, 253}), both);  // an experiment
    EXPECT_EQ(verdicts({5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0, 4, 47}), second); // GRE, zeros
    EXPECT_EQ(verdicts({5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0, 4, 234}), none);
    EXPECT_EQ(verdicts({5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0, 15, 47}), none); // more padding than there is
}

TEST(Esp, HmacSha256IsTriedWithBothTruncations) {
    constexpr std::uint16_t of_96_bits = 1025;
    secrets::Store store;
    store.add_esp_key(key_of(12, 16, 12, 32));
    Sessions sessions(store);
    std::vector<Packet> packets{sealed(1, key_of(12, 16, of_96_bits, 32), 1), sealed(2, key_of(12, 16, of_96_bits, 32), 2)};
    for (const auto& one : esp_of(sessions, packets)) {
        EXPECT_EQ(one.esp.verdict, Verdict::opened) << one.esp.why;
        EXPECT_EQ(one.esp.integrity, "AUTH_HMAC_SHA2_256_96");
    }
}

TEST(Esp, KeysOfAnotherSpiOpenNothing) {
    const auto good = key_of(12, 16, 2, 20);
    std::vector<Packet> packets{sealed(1, good, 1), sealed(2, good, 2)};
    auto other_spi = good, too_short = good;
    other_spi.spi = 0x99;
    too_short.integrity_key = Secret(Buffer(19, 0x22));
    for (const auto& key : {other_spi, too_short}) {
        secrets::Store store;
        store.add_esp_key(key);
        Sessions sessions(store);
        EXPECT_TRUE(esp_of(sessions, packets).empty());
        EXPECT_EQ(sessions.totals().esp, 2U);
        EXPECT_TRUE(sessions.totals().nothing_opened());
    }
    const secrets::Store none;
    Sessions sessions(none);
    esp_of(sessions, packets);
    EXPECT_FALSE(sessions.totals().nothing_opened());
}

TEST(Esp, AGivenKeyWaitsForItsPacketsBehindThoseOfAnotherWithItsSpi) {
    const auto first = key_of(12, 16, 2, 20);
    auto second = first;
    second.encryption_key = Secret(Buffer(16, 0x44));
    second.integrity_key = Secret(Buffer(20, 0x55));
    std::vector<Packet> packets;
    for (std::uint32_t i = 1; i <= 16; ++i) packets.push_back(sealed(i, first, i));
    for (std::uint32_t i = 17; i <= 18; ++i) packets.push_back(sealed(i, second, i));
    secrets::Store store;
    store.add_esp_key(first);
    store.add_esp_key(second);
    Sessions sessions(store);
    for (const auto& one : esp_of(sessions, packets)) EXPECT_EQ(one.esp.verdict, Verdict::opened) << one.esp.why;
    EXPECT_TRUE(sessions.unusable().empty());
    secrets::Store late; // the first packets are of an SA whose key nobody gave
    late.add_esp_key(second);
    Sessions others(late);
    const auto opened = esp_of(others, packets);
    for (const std::size_t i : {16U, 17U}) EXPECT_EQ(opened[i].esp.verdict, Verdict::opened) << opened[i].esp.why;
}

TEST(Esp, InterleavedFragmentsAreToldToUsersOfWireshark) {
    const auto store = store_of({pcaps("order/fragments-interleaved.keys")});
    auto packets = packets_of(pcaps("order/fragments-interleaved.pcap"));
    Sessions sessions(store);
    feed(sessions, packets, [](const Packet&, const Outcome&) {});
    const auto keys = derived(sessions, {}, store);
    ASSERT_EQ(keys.ikev1.size(), 2U);
    for (const auto& sa : keys.ikev1) EXPECT_TRUE(sa.interleaved) << sa.name;
    const auto made = export_wireshark(keys);
    EXPECT_TRUE(std::ranges::any_of(made.warnings, [](const std::string& warning) {
        return warning.starts_with("SA 2: fragments of its messages stand between those of another SA");
    }));
}

TEST(Esp, KeysWithoutSpiFindTheirPackets) {
    auto key = key_of(20, 20);
    key.spi.reset();
    secrets::Store store;
    auto wrong = key;
    wrong.encryption_key = Secret(Buffer(20, 0x99));
    store.add_esp_key(wrong);
    store.add_esp_key(key);
    Sessions sessions(store);
    std::vector<Packet> packets{sealed(1, key, 1), sealed(2, key, 2)};
    for (const auto& one : esp_of(sessions, packets)) EXPECT_EQ(one.esp.verdict, Verdict::opened);
    EXPECT_EQ(sessions.unusable().size(), 1U);
}

TEST(Esp, KeysThatDoNotFitAreExplained) {
    const auto good = key_of(12, 16, 2, 20);
    const auto reason = [&](secrets::EspKey key) {
        secrets::Store store;
        store.add_esp_key(std::move(key));
        Sessions sessions(store);
        std::vector<Packet> packets{sealed(1, good, 1)};
        esp_of(sessions, packets);
        const auto all = sessions.unusable();
        return all.size() == 1 ? all[0].reason : UnusableSecret::Reason::dh_secret_missing;
    };
    using Reason = UnusableSecret::Reason;
    auto other = good;
    other.encryption_key = Secret(Buffer(15, 1));
    EXPECT_EQ(reason(other), Reason::wrong_length);
    other = good;
    other.integrity_key = Secret(Buffer(19, 1));
    EXPECT_EQ(reason(other), Reason::wrong_length);
    other = good;
    other.spi = 1;
    EXPECT_EQ(reason(other), Reason::unknown_cookie);
    other = good;
    other.encryption = 33;
    EXPECT_EQ(reason(other), Reason::cannot_compute);
    other = good;
    other.integrity = 1;
    other.integrity_key = Secret(Buffer(16, 0x22));
    EXPECT_EQ(reason(other), Reason::opens_nothing);
}

}} // namespace ikescope::session::test
