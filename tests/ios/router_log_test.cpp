// Routers' logs: records out of lines, and the negotiations that the Cisco document's own transcripts tell.

#include "ios/router_log.hpp"
#include "tests/ios/published.hpp"

namespace ikescope::ios::test { namespace {

RouterLog transcript(const std::string& name) {
    return read_router_log(read_file("transcripts/" + name + ".txt"), "router", name);
}

TEST(Records, WrappedLinesAreJoinedAndFieldsKept) {
    const auto records = read_log_records("*Jun 19 10:04:24.826: ISAKMP:(0): sending packet to 192.168.0.2 "
                                          "my_port\n\n500 peer_port 500 (I) MM_NO_STATE\n"
                                          "*Jun 19 10:04:24.838: ISAKMP (1011): ID payload\n       next-payload : "
                                          "8\n\n6.\n\n       address      : 192.168.0.1\n")
                             .records;
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].text, "ISAKMP:(0): sending packet to 192.168.0.2 my_port 500 peer_port 500 (I) MM_NO_STATE");
    EXPECT_EQ(records[1].line, 4U);
    EXPECT_EQ(records[1].text, "ISAKMP (1011): ID payload\nnext-payload : 8\naddress      : 192.168.0.1");
    EXPECT_EQ(records[0].time->text(), "Jun 19 10:04:24.826");
}

TEST(Records, ALineThatFillsTheTerminalIsCutInsideAWord) {
    const std::string stamp = "*Jun 19 10:04:24.826: ";
    const std::string text =
        "ISAKMP:(1011):deleting SA reason \"Death by retransmission P1\" state (I) MM_KEY_EXCH (peer 192.168.0.2)";
    const auto whole = stamp + text;
    const auto records = read_log_records(whole.substr(0, 80) + "\n" + whole.substr(80) + "\n").records;
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].text, text);
}

TEST(Records, StampsOfAllKinds) {
    const auto stamp = [](std::string_view line) {
        const auto records = read_log_records(line).records;
        return records.size() == 1 && records[0].time ? records[0].time->text() + "|" + records[0].text
                                                      : std::string("?");
    };
    EXPECT_EQ(stamp("*Mar  1 00:55:40.767: ISAKMP (0:2): x"), "Mar 1 00:55:40.767|ISAKMP (0:2): x");
    EXPECT_EQ(stamp("Oct  7 08:13:58.428: ISAKMP:(0):: x"), "Oct 7 08:13:58.428|ISAKMP:(0):: x");
    EXPECT_EQ(stamp("000123: *Oct 25 20:37:02.884 UTC: ISAKMP: (1001):x"), "Oct 25 20:37:02.884|ISAKMP: (1001):x");
    EXPECT_EQ(stamp("Nov 23 17:00:01 10.0.0.1 123: *Nov 23 16:59:54.100: ISAKMP:(0):x"),
              "Nov 23 16:59:54.100|ISAKMP:(0):x");
    EXPECT_EQ(stamp("Nov 23 16:59:54 14[IKE] <lab|6> no proposal found"),
              "Nov 23 16:59:54.000|14[IKE] <lab|6> no proposal found");
    EXPECT_EQ(stamp("2023-01-13 11:39:21: DEBUG: final encryption key computed:"),
              "Jan 13 2023 11:39:21.000|DEBUG: final encryption key computed:");
    EXPECT_EQ(stamp("17:36:01 ipsec,debug failed to get valid proposal."),
              "17:36:01.000|ipsec,debug failed to get valid proposal.");
}

TEST(Records, AYearThatIsNotPrintedIsTheOneNearTheCapture) {
    LogTime time{0, 12, 31, 86'399 * one_second};
    constexpr Timestamp new_year_2027 = 1'798'761'600LL * one_second;
    EXPECT_EQ(time.at(new_year_2027 + 5 * one_second), new_year_2027 - one_second);
    time.month = 0; // no date at all: the day before is nearer
    EXPECT_EQ(time.at(new_year_2027 + 5 * one_second), new_year_2027 - one_second);
    const Timestamp last_day_2105 = 49'672LL * 86'400 * one_second;
    EXPECT_EQ((LogTime{2426, 11, 23, 0}.at(new_year_2027)), last_day_2105);
    EXPECT_EQ((LogTime{1066, 10, 14, 0}.at(new_year_2027)), 0);
}

TEST(Transcript, R1InitiatesAndKnowsItsProfile) {
    const auto log = transcript("r1-initiates-R1");
    ASSERT_EQ(log.negotiations.size(), 1U);
    const auto& n = log.negotiations[0];
    EXPECT_EQ(n.role, 'I');
    EXPECT_EQ(n.peer.text(), "192.168.0.2");
    EXPECT_EQ(n.local.text(), "192.168.0.1");
    EXPECT_EQ(n.requested_profile, "profile2");
    EXPECT_EQ(n.picked, "keyring2");
    EXPECT_EQ(n.identity, "192.168.0.2");
    EXPECT_EQ(n.encryption, "3DES-CBC");
    EXPECT_EQ(n.hash, "MD5");
    EXPECT_EQ(n.group, 2U);
    EXPECT_TRUE(n.complete);
    EXPECT_NE(std::ranges::find(n.majors, 69U), n.majors.end());
    std::vector<std::string> labels;
    for (const auto index : n.entries)
        if (log.entries[index].event == LogEvent::packet) labels.push_back(log.entries[index].label);
    EXPECT_EQ(labels, (std::vector<std::string>{"MM1", "MM2", "MM3", "MM4", "MM5", "MM6"}));
}

TEST(Transcript, R2AnswersAndSelectsByTheId) {
    const auto log = transcript("r1-initiates-R2");
    ASSERT_EQ(log.negotiations.size(), 1U);
    const auto& n = log.negotiations[0];
    EXPECT_EQ(n.role, 'R');
    EXPECT_EQ(n.profile, "profile1");
    EXPECT_EQ(n.profile_keyring, "keyring1");
    EXPECT_EQ(n.picked, "") << "without detail the log does not name the keyring that the address picked";
    EXPECT_EQ(n.identity, "192.168.0.1");
    EXPECT_TRUE(n.complete);
}

TEST(Transcript, R1AbortsBehindMm5) {
    const auto log = transcript("r2-initiates-R1");
    ASSERT_EQ(log.negotiations.size(), 1U);
    const auto& n = log.negotiations[0];
    EXPECT_EQ(n.role, 'R');
    EXPECT_EQ(n.peer.text(), "192.168.0.2");
    EXPECT_EQ(n.stage, "MM5");
    EXPECT_FALSE(n.complete);
    EXPECT_EQ(n.profile, "profile2");
    EXPECT_EQ(n.profile_keyring, "keyring2");
}

TEST(Transcript, DetailNamesTheKeyring) {
    const auto initiator = transcript("initiator-order-R1");
    ASSERT_EQ(initiator.negotiations.size(), 1U);
    EXPECT_EQ(initiator.negotiations[0].picked, "keyring2");
    EXPECT_TRUE(initiator.negotiations[0].no_profile);
    const auto responder = transcript("responder-order-R1");
    ASSERT_EQ(responder.negotiations.size(), 1U);
    EXPECT_EQ(responder.negotiations[0].picked, "keyring2");
    EXPECT_EQ(responder.negotiations[0].peer.text(), "192.168.0.2");
}

TEST(Transcript, BothRoutersInOneText) {
    const auto log = read_router_log(
        read_file("transcripts/r2-initiates-R2.txt") + read_file("transcripts/r2-initiates-R1.txt"), "both");
    ASSERT_EQ(log.negotiations.size(), 2U) << "one per router, although the connection has the same number on both";
    EXPECT_EQ(log.negotiations[0].role, 'I');
    EXPECT_EQ(log.negotiations[1].role, 'R');
    EXPECT_EQ(log.negotiations[1].profile, "profile2");
}

TEST(IosXe, PacketsSpisAndProfilesOfIkev2) {
    const auto log = read_router_log("*Nov 23 10:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):Received Packet [From "
                                     "10.0.0.2:500/To 10.0.0.1:500/VRF i0:f0]\n"
                                     " Initiator SPI : 1D418169B24BF95A - Responder SPI : 0000000000000000 Message id: "
                                     "0\nIKEv2 IKE_SA_INIT Exchange REQUEST\n"
                                     "*Nov 23 10:00:00.010: IKEv2:(SESSION ID = 1,SA ID = 1):Sending Packet [To "
                                     "10.0.0.2:500/From 10.0.0.1:500/VRF i0:f0]\n"
                                     " Initiator SPI : 1D418169B24BF95A - Responder SPI : A645046F734260C6 Message id: "
                                     "0\n IKEv2 IKE_SA_INIT Exchange RESPONSE\n"
                                     "*Nov 23 10:00:00.020: IKEv2:found matching IKEv2 profile 'X'\n"
                                     "*Nov 23 10:00:00.021: IKEv2:% Getting preshared key from profile keyring K\n"
                                     "*Nov 23 10:00:00.022: IKEv2-ERROR:(SESSION ID = 1,SA ID = 1):: Verification of "
                                     "peer's authentication data FAILED\n",
                                     "r");
    ASSERT_EQ(log.negotiations.size(), 1U);
    const auto& n = log.negotiations[0];
    EXPECT_EQ(n.version, 2);
    EXPECT_EQ(n.role, 'R');
    EXPECT_EQ(n.peer.text(), "10.0.0.2");
    EXPECT_EQ(n.initiator_spi, "1d418169b24bf95a");
    EXPECT_EQ(n.responder_spi, "a645046f734260c6");
    EXPECT_EQ(n.stage, "IKE_SA_INIT response");
    EXPECT_EQ(n.profile, "X");
}

TEST(IosXe, Ikev1LinesWithTheirOwnPrefixes) {
    const auto log = read_router_log(
        "*Oct 25 20:37:02.884: ISAKMP-PAK: (0):sending packet to 10.0.0.2 my_port 500 peer_port 500 (I) MM_NO_STATE\n"
        "*Oct 25 20:37:02.900: ISAKMP-ERROR: (0):No pre-shared key with 10.0.0.2!\n",
        "r");
    ASSERT_EQ(log.negotiations.size(), 1U);
    EXPECT_EQ(log.negotiations[0].peer.text(), "10.0.0.2");
    EXPECT_EQ(log.entries[0].label, "MM1");
}

TEST(RouterLog, AnythingElseGivesRecordsOrNothing) {
    EXPECT_TRUE(read_router_log("", "x").entries.empty());
    EXPECT_FALSE(read_router_log("Nov 23 16:59:54 14[IKE] <6> no proposal found\n", "x").cisco);
    EXPECT_FALSE(read_router_log(std::string(100'000, 'x'), "x").cisco);
    EXPECT_TRUE(read_router_log(std::string(1000, '\0'), "x").negotiations.empty());
}

}} // namespace ikescope::ios::test
