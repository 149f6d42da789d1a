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
              std::optional<std::uint32_t> high = {}) {
    const auto protection = protection_of(key);
    const auto made = crypto::seal_esp(protection, 0x11223344, sequence, Buffer(protection.encryption->iv, 0x33),
                                       udp_content(), high);
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
