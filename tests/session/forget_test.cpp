// Options::max_kept: the SAs that began longest ago are forgotten, numbers go on, and whoever is left is known as
// before.

#include "tests/session/support.hpp"

namespace ikescope::session::test { namespace {

Packet with_cookie(Packet packet, std::uint32_t number) {
    packet.payload[0] = 1;
    for (std::size_t at = 0; at < 4; ++at) packet.payload[at + 1] = static_cast<Byte>(number >> (8 * at));
    return packet;
}

TEST(Forget, OldSasMakeRoomForNewOnes) {
    const auto good = packets_of(lab("v1mm_ok", ".pcap"));
    const secrets::Store none;
    Sessions sessions(none, {.messages = false, .max_kept = 100});
    std::vector<Packet> flood;
    for (std::uint32_t i = 0; i < 5'000; ++i) flood.push_back(with_cookie(good[0], i));
    flood.push_back(with_cookie(good[0], 4'999)); // still known: a copy
    flood.push_back(with_cookie(good[0], 4'950));
    flood.push_back(with_cookie(good[0], 10)); // forgotten long ago: it begins anew
    std::vector<std::pair<std::size_t, bool>> seen;
    feed(sessions, flood, [&](const Packet&, const Outcome& outcome) {
        ASSERT_TRUE(outcome.sa.has_value());
        seen.emplace_back(*outcome.sa, outcome.retransmission_of.has_value());
        EXPECT_EQ(outcome.label, "MM1");
    });
    for (std::size_t i = 0; i < 5'000; ++i) EXPECT_EQ(seen[i], std::pair(i, false));
    EXPECT_EQ(seen[5'000], std::pair(std::size_t{4'999}, true));
    EXPECT_EQ(seen[5'001], std::pair(std::size_t{4'950}, true));
    EXPECT_EQ(seen[5'002], std::pair(std::size_t{5'000}, false));
    EXPECT_EQ(sessions.size(), 5'001U);
    EXPECT_EQ(sessions.totals().untracked, 0U);
    EXPECT_EQ(sessions.at(5'000).initiator_spi[1], 10);
}

TEST(Forget, WholeExchangesGoOnWhileOthersAreForgotten) {
    const auto good = packets_of(lab("v1mm_ok", ".pcap"));
    ASSERT_GE(good.size(), 6U);
    const secrets::Store none;
    Sessions sessions(none, {.messages = false, .max_kept = 3});
    for (std::uint32_t i = 0; i < 50; ++i) {
        std::vector<Packet> one;
        for (const auto& packet : good) one.push_back(with_cookie(packet, i));
        std::string labels;
        feed(sessions, one, [&](const Packet&, const Outcome& outcome) { labels += std::string(outcome.label) + ' '; });
        EXPECT_TRUE(labels.starts_with("MM1 MM2 MM3 MM4 MM5 MM6 ")) << labels;
    }
    EXPECT_EQ(sessions.size(), 50U);
}

}} // namespace ikescope::session::test
