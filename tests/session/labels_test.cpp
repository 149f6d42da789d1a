// Which message of a Quick Mode is which, when the capture lacks some or has them out of order.

#include "tests/session/support.hpp"

namespace ikescope::session::test {
namespace {

/// Feeds a capture in which Quick Mode is all that is changed.
Sa fed(std::vector<Packet> packets, const secrets::Store& store) {
    Sessions sessions(store);
    feed(sessions, packets);
    EXPECT_EQ(sessions.size(), 1U);
    return sessions.at(0);
}
std::string label_of(const Sa& sa, std::uint64_t frame) {
    for (const auto& message : sa.messages)
        if (message.frame == frame) return message.label;
    return "none";
}

TEST(QuickModeLabels, WithoutQm1TheOthersAreWhatTheyAre) {
    for (const auto& store : {secrets::Store{}, store_of({lab("v1mm_ok", ".keys")})}) {
        auto packets = packets_of(lab("v1mm_ok", ".pcap"));
        packets.erase(packets.begin() + 6);
        std::size_t violations = 0;
        Sessions sessions(store);
        feed(sessions, packets, [&](const Packet&, const Outcome& seen) { violations += seen.violations.size(); });
        const auto sa = sessions.at(0);
        EXPECT_EQ(label_of(sa, 8), "QM2");
        EXPECT_EQ(label_of(sa, 9), "QM3");
        EXPECT_EQ(stage_name(sa.stage), "QM3");
        EXPECT_EQ(violations, 0U) << "QM3 has no SA";
        ASSERT_EQ(sa.notes.size(), 1U);
        EXPECT_TRUE(sa.notes[0].starts_with("QM1 of the Quick Mode") && sa.notes[0].ends_with("was not captured")) << sa.notes[0];
    }
}

TEST(QuickModeLabels, Qm3Alone) {
    auto packets = packets_of(lab("v1mm_ok", ".pcap"));
    packets.erase(packets.begin() + 6, packets.begin() + 8);
    EXPECT_EQ(label_of(fed(std::move(packets), {}), 9), "QM3");
}

TEST(QuickModeLabels, Qm2InFrontOfQm1) {
    for (const auto& [capture, first] : {std::pair{"vpnc-am-xauth", 9U}, {"v1mm_ok", 6U}}) {
        auto packets = packets_of(lab(capture, ".pcap"));
        std::swap(packets[first], packets[first + 1]);
        const auto sa = fed(std::move(packets), {});
        EXPECT_EQ(label_of(sa, first + 1), "QM1") << capture;
        EXPECT_EQ(label_of(sa, first + 2), "QM2") << capture;
        EXPECT_EQ(label_of(sa, first + 3), "QM3") << capture;
        EXPECT_EQ(stage_name(sa.stage), "QM3") << capture;
    }
}

TEST(QuickModeLabels, TheRightOrderStays) {
    for (const auto* capture : {"v1mm_ok", "vpnc-am-xauth", "v1_aes_sha384", "v1_des", "v1_ecdsa384", "v1_rsa_frag"}) {
        const auto sa = fed(packets_of(lab(capture, ".pcap")), {});
        std::string labels;
        for (const auto& message : sa.messages)
            if (message.label.starts_with("QM")) labels += message.label;
        EXPECT_TRUE(labels.starts_with("QM1QM2QM3")) << capture << ": " << labels;
        EXPECT_TRUE(sa.notes.empty()) << capture;
    }
}

} // namespace
} // namespace ikescope::session::test
