// Hostile and damaged packets: whatever is done to captured exchanges, nothing crashes and nothing wrong is believed.

#include "tests/session/support.hpp"

#include <random>

namespace ikescope::session::test {
namespace {

TEST(Robust, DamagedPacketsAreNeverVerifiedAsSomethingElse) {
    std::mt19937 dice(1);
    for (const char* scenario : {"v1mm_ok", "v1am_ok", "v1mm_badpsk", "vpnc-am-xauth", "v2_ok"}) {
        const auto good = packets_of(lab(scenario, ".pcap"));
        const auto store = store_of({lab(scenario, ".keys")});
        for (int round = 0; round < 60; ++round) {
            auto packets = good;
            for (auto& packet : packets) {
                if (dice() % 3 != 0 || packet.payload.empty()) continue;
                if (dice() % 4 == 0) packet.payload.resize(dice() % packet.payload.size());
                else packet.payload[dice() % packet.payload.size()] = static_cast<Byte>(dice());
            }
            Sessions sessions(store, {.plain = true});
            feed(sessions, packets);
            for (const auto& sa : sessions) {
                // What is encrypted and believed is what the daemons wrote.
                const bool main_mode = sa.mode == Mode::main && sa.roles_known;
                if (main_mode && sa.authentication[0] == Proof::verified) {
                    EXPECT_EQ(sa.identity[0], "10.77.0.1");
                }
                if (main_mode && sa.authentication[1] == Proof::verified) {
                    EXPECT_EQ(sa.identity[1], "10.77.0.2");
                }
                for (const auto& message : sa.messages) EXPECT_TRUE(!message.decrypted || !message.payloads.empty());
                (void)sessions.first_failed_check(sa, bytes_of("x"));
                (void)sessions.try_psk(sa, Side::responder, bytes_of("x"));
            }
            (void)sessions.unusable();
        }
    }
}

TEST(Robust, ManyOpenSasStayBounded) {
    const auto good = packets_of(lab("v1mm_ok", ".pcap"));
    const secrets::Store none;
    Sessions sessions(none, {.max_detailed = 100, .max_sas = 1'000});
    std::vector<Packet> flood;
    for (std::uint32_t i = 0; i < 1'200; ++i) {
        flood.push_back(good[0]);
        for (std::size_t at = 0; at < 4; ++at) flood.back().payload[at] = static_cast<Byte>(i >> (8 * at) | 1U << at);
        flood.back().payload[4] = static_cast<Byte>(i);
        flood.back().payload[5] = static_cast<Byte>(i >> 8);
    }
    feed(sessions, flood);
    EXPECT_EQ(sessions.size(), 1'000U);
    EXPECT_EQ(sessions.totals().untracked, 200U);
    EXPECT_EQ(sessions.totals().shed, 900U);
    EXPECT_TRUE(sessions.at(0).shed);
    EXPECT_EQ(stage_name(sessions.at(0).stage), "MM1");
    EXPECT_EQ(sessions.at(999).messages.size(), 1U);
}

TEST(Robust, WithoutRecordsStagesAndRepetitionsAreKnown) {
    auto packets = packets_of(lab("v1mm_badpsk", ".pcap"));
    const auto store = store_of({lab("v1mm_badpsk", ".keys")});
    Sessions sessions(store, {.messages = false});
    std::size_t repeated = 0;
    feed(sessions, packets, [&](const Packet&, const Outcome& outcome) { repeated += outcome.retransmission_of.has_value(); });
    EXPECT_EQ(repeated, 3U);
    EXPECT_EQ(stage_name(sessions.at(0).stage), "MM5");
    EXPECT_TRUE(sessions.at(0).messages.empty());
}

TEST(Robust, Ikev2SuiteAndStageWithoutKeys) {
    // tshark 4.0.17 names the same numbers: ENCR_AES_CBC (12) 128, DH group 14.
    const secrets::Store none;
    auto packets = packets_of(lab("v2_ok", ".pcap"));
    Sessions sessions(none);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    EXPECT_EQ(sa.suite.encryption, 12U);
    EXPECT_EQ(sa.suite.key_bits, 128U);
    EXPECT_EQ(sa.suite.group, 14U);
    EXPECT_EQ(stage_name(sa.stage), "AUTH");
    EXPECT_EQ(sa.messages.at(0).label, "IKE_SA_INIT request");
    EXPECT_EQ(sa.messages.at(3).payloads, std::vector<std::string>{"SK"});
}

TEST(Robust, AnotherGroupStaysInItsSa) {
    const secrets::Store none;
    auto packets = packets_of(lab("v2_invalid_ke", ".pcap"));
    Sessions sessions(none);
    feed(sessions, packets);
    EXPECT_EQ(sessions.size(), 1U);
}

} // namespace
} // namespace ikescope::session::test
