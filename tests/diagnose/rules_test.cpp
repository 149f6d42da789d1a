#include "tests/diagnose/made.hpp"

#include "diagnose/catalogue.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <span>

namespace ikescope::diagnose::tests {
namespace {

using session::Mode;
using session::Proof;
using session::Stage;

TEST(Catalogue, EveryFindingIsDocumented) {
    std::ifstream in(std::string(IKESCOPE_SOURCE_DIR) + "/docs/findings.md");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (const auto& row : catalogue())
        EXPECT_NE(text.find("`" + std::string(row.id) + "`"), std::string::npos) << row.id << " is not in docs/findings.md";
}

TEST(Catalogue, IdsOfTheContractAreThere) {
    for (const auto* id : {"keyring-mismatch", "wrong-psk", "profile-mismatch", "no-key-for-peer", "no-proposal-chosen", "child-no-proposal",
                           "ts-unacceptable", "auth-failed", "id-mismatch", "invalid-ke", "no-response", "retransmission", "fragment-loss",
                           "nat-t-blocked", "malformed", "weak-crypto", "aggressive-psk-exposed", "dh-secret-missing", "psk-missing",
                           "key-unusable"})
        EXPECT_NE(find_row(id), nullptr) << id;
}

const session::IncompleteMessage lacking_request{Side::initiator, false, 1, 3, "fragment 2 of 3 is missing"},
    lacking_response{Side::responder, true, 1, 4, "fragment 1 of 2 is missing"};

TEST(Silence, LostIkeFragmentsAreNoLostIpFragments) {
    auto sa = Story().message("MM1", Side::initiator, {"SA"}).sa;
    sa.incomplete = {lacking_request};
    const auto findings = findings_of(sa, {}, 10 * one_second);
    const auto* found = find_id(findings, "fragment-loss");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->severity, Severity::error);
    EXPECT_EQ(found->advice.find("Enable IKE fragmentation"), std::string::npos) << "it is in use";
    EXPECT_NE(found->advice.find("lower the fragment size"), std::string::npos);
    EXPECT_EQ(found->explanation.find("IP fragments"), std::string::npos);
}

Story init_exchange() {
    return Story(Mode::ikev2).message("IKE_SA_INIT request", Side::initiator, {"SA", "KE", "No"}, 34)
        .message("IKE_SA_INIT response", Side::responder, {"SA", "KE", "No"}, 34).stage(Stage::sa_init);
}

TEST(Silence, AnAnswerShowsThatOnlyTheCaptureLacksAFragment) {
    auto answered = init_exchange().message("IKE_AUTH response", Side::responder, {}, 35).sealed().stage(Stage::auth);
    answered.sa.messages.back().message_id = 1;
    answered.sa.messages.back().frame = 6;
    answered.sa.incomplete = {lacking_request};
    const auto findings = findings_of(answered.sa, {}, 30 * one_second);
    const auto* found = find_id(findings, "fragment-loss");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->severity, Severity::note);
    EXPECT_NE(found->title.find("frame 6 shows"), std::string::npos) << found->title;
    EXPECT_FALSE(any_of_severity(findings, Severity::error));

    auto both = init_exchange();
    both.sa.incomplete = {lacking_request, lacking_response};
    EXPECT_FALSE(any_of_severity(findings_of(both.sa, {}, 30 * one_second), Severity::error)) << "who is silent about an answer has it";

    auto ikev1 = Story().up_to_mm4().message("MM6", Side::responder).sealed().stage(Stage::mm6);
    ikev1.sa.messages.back().frame = 9;
    ikev1.sa.incomplete = {{Side::initiator, false, 1, 5, "piece 2 is missing"}};
    EXPECT_FALSE(any_of_severity(findings_of(ikev1.sa, {}, 30 * one_second), Severity::error));
}

TEST(Silence, ACaptureThatIsCutInsideFragmentsProvesNoLoss) {
    auto at_the_end = init_exchange();
    at_the_end.sa.incomplete = {lacking_request};
    at_the_end.sa.end = at_the_end.sa.messages.back().time;
    EXPECT_EQ(find_id(findings_of(at_the_end.sa), "fragment-loss"), nullptr);
    EXPECT_TRUE(any_of_severity(findings_of(at_the_end.sa, {}, 10 * one_second), Severity::error)) << "ten seconds of silence do";
    auto at_the_start = Story(Mode::ikev2).stage(Stage::unseen);
    at_the_start.sa.incomplete = {lacking_request};
    at_the_start.sa.starts_in_the_middle = true;
    at_the_start.sa.first_frame = 3;
    EXPECT_FALSE(any_of_severity(findings_of(at_the_start.sa, {}, 10 * one_second), Severity::error));
}

TEST(Silence, ARequestSentAgainShowsThatItsAnswerWasLost) {
    auto story = init_exchange().message("IKE_AUTH request", Side::initiator, {}, 35).sealed().again(1).stage(Stage::auth);
    for (auto& message : std::span(story.sa.messages).subspan(2)) message.message_id = 1;
    story.sa.messages.back().frame = 6;
    story.sa.incomplete = {lacking_response};
    const auto findings = findings_of(story.sa);
    const auto* found = find_id(findings, "fragment-loss");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->severity, Severity::error);
}

TEST(Silence, FragmentsSentAgainAreAProof) {
    Observations observations;
    const Buffer piece(60, 0x5a);
    dissect::Message message;
    dissect::walk(piece, 0, piece.size(), message);
    session::Outcome outcome;
    outcome.isakmp = true;
    outcome.sa = 0;
    outcome.label = "FRAGMENT";
    outcome.message = &message;
    observations.see(3, outcome);
    EXPECT_FALSE(observations.piece_repeated(0, 3));
    observations.see(5, outcome);
    EXPECT_TRUE(observations.piece_repeated(0, 3));
    EXPECT_FALSE(observations.piece_repeated(0, 5));
    EXPECT_FALSE(observations.piece_repeated(1, 3));

    auto story = init_exchange();
    story.sa.incomplete = {lacking_request};
    story.sa.end = story.sa.messages.back().time + one_second;
    Material material;
    material.observations = &observations;
    const auto findings = findings_of(story.sa, material);
    const auto* found = find_id(findings, "fragment-loss");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->certainty, Certainty::proved);
    story.sa.end = story.sa.messages.back().time; // at once: a mirror port
    EXPECT_EQ(find_id(findings_of(story.sa, material), "fragment-loss"), nullptr);
}

TEST(Silence, CopiesAtTheSameMomentAreNoRepetition) {
    auto story = Story().message("MM1", Side::initiator, {"SA"}).again(1).stage(Stage::mm1);
    story.sa.messages.back().time = story.sa.messages.front().time;
    EXPECT_EQ(find_id(findings_of(story.sa), "no-response"), nullptr);
}

TEST(Silence, AnAnswerInFrontOfItsQuestionIsAnAnswer) {
    const auto story = Story().up_to_mm4().message("QM2", Side::responder, {}, 32).sealed().message("QM1", Side::initiator, {}, 32).sealed()
                           .message("QM3", Side::initiator, {}, 32).sealed().stage(Stage::qm3);
    EXPECT_FALSE(any_of_severity(findings_of(story.sa, {}, 30 * one_second), Severity::error));
}

TEST(Silence, AnInformationalThatCannotBeReadMayBeTheAnswer) {
    const auto base = [] {
        return Story().up_to_mm4().message("MM5", Side::initiator).sealed().message("MM6", Side::responder).sealed()
            .message("QM1", Side::initiator, {}, 32).sealed().again(1).stage(Stage::qm1);
    };
    const auto findings = findings_of(base().message("INFO", Side::responder, {}, 5).sealed().sa, {}, 30 * one_second);
    const auto* found = find_id(findings, "no-response");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->severity, Severity::warning);
    EXPECT_EQ(found->certainty, Certainty::likely);
    EXPECT_NE(found->explanation.find("frame 9"), std::string::npos) << found->explanation;
    const auto silence = findings_of(base().sa, {}, 30 * one_second);
    ASSERT_TRUE(find_id(silence, "no-response"));
    EXPECT_EQ(find_id(silence, "no-response")->severity, Severity::error) << "nothing came at all";
}

TEST(Silence, AnUnansweredFirstMessageThatIsRepeatedIsNoResponse) {
    const auto story = Story().message("MM1", Side::initiator, {"SA"}).again(3).stage(Stage::mm1);
    const auto findings = findings_of(story.sa);
    const auto* found = find_id(findings, "no-response");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->severity, Severity::error);
    EXPECT_EQ(found->frames, (std::vector<std::uint64_t>{1, 2, 3, 4}));
    EXPECT_EQ(find_id(findings, "retransmission"), nullptr) << "nothing was answered in the end";
}

TEST(Silence, ACaptureThatEndsRightBehindAMessageProvesNothing) {
    const auto story = Story().up_to_mm4().message("MM5", Side::initiator).sealed().stage(Stage::mm5);
    for (const auto& finding : findings_of(story.sa)) EXPECT_NE(finding.severity, Severity::error) << finding.id;
    EXPECT_TRUE(any_of_severity(findings_of(story.sa, {}, 30 * one_second), Severity::error)) << "half a minute of silence does";
}

TEST(Silence, RepetitionsThatWereAnsweredAreANote) {
    const auto story = Story().message("MM1", Side::initiator, {"SA"}).again(2).message("MM2", Side::responder, {"SA"}).stage(Stage::mm2);
    const auto findings = findings_of(story.sa);
    const auto* found = find_id(findings, "retransmission");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->severity, Severity::note);
    EXPECT_EQ(found->frames, (std::vector<std::uint64_t>{2, 3}));
    EXPECT_EQ(find_id(findings, "no-response"), nullptr);
}

/// RFC 2409 5.4: MM5 is the first message that depends on the pre-shared key.
TEST(Silence, SilenceIsToldApartByTheMessageThatGotNoAnswer) {
    const auto at_mm3 = Story().message("MM1", Side::initiator).message("MM2", Side::responder).message("MM3", Side::initiator).again(3).stage(Stage::mm3);
    EXPECT_TRUE(find_id(findings_of(at_mm3.sa), "no-response"));
    const auto at_mm5 = Story().up_to_mm4().message("MM5", Side::initiator).sealed().again(3).stage(Stage::mm5);
    const auto findings = findings_of(at_mm5.sa);
    const auto* found = find_id(findings, "wrong-psk");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->certainty, Certainty::likely) << "no key proves it";
    EXPECT_EQ(find_id(findings, "no-response"), nullptr) << "the explanation makes the symptom superfluous";
    EXPECT_TRUE(find_id(findings, "dh-secret-missing"));
}

TEST(Silence, CertificatesHaveNoWrongPsk) {
    auto story = Story().up_to_mm4().message("MM5", Side::initiator).sealed().again(3).stage(Stage::mm5);
    story.sa.suite.authentication = 3; // RSA signatures, RFC 2409 appendix A
    story.sa.signature = true;
    const auto findings = findings_of(story.sa);
    EXPECT_EQ(find_id(findings, "wrong-psk"), nullptr);
    EXPECT_TRUE(find_id(findings, "no-response"));
}

TEST(NatT, SilenceBehindTheChangeToPort4500IsItsOwnFinding) {
    const auto silent = Story().up_to_mm4().message("MM5", Side::initiator).sealed().on_port(4500).again(3).stage(Stage::mm5);
    EXPECT_TRUE(find_id(findings_of(silent.sa), "nat-t-blocked"));
    const auto answered = Story().up_to_mm4().message("MM5", Side::initiator).sealed().on_port(4500)
                              .message("INFO", Side::responder, {}, 5).sealed().on_port(4500).stage(Stage::mm5);
    auto more = answered;
    more.message("MM5", Side::initiator).sealed().on_port(4500);
    more.sa.messages.back().retransmission_of = 5;
    EXPECT_EQ(find_id(findings_of(more.sa), "nat-t-blocked"), nullptr) << "something came from port 4500";
}

/// Each side's messages open only with its own key (RFC 2409 5.4: SKEYID depends on the key).
TEST(WrongPsk, TwoKeysInTwoDirectionsAreAProof) {
    auto story = Story().up_to_mm4().message("MM5", Side::initiator, {"ID", "HASH"}).opened()
                     .message("INFO", Side::responder, {"HASH", "N(PAYLOAD_MALFORMED)"}, 5).opened().notify(16).stage(Stage::mm5);
    story.sa.keys = {{"key A", "key B"}, {0, 1}, "a log", true};
    const auto findings = findings_of(story.sa);
    const auto* found = find_id(findings, "wrong-psk");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->certainty, Certainty::proved);
    EXPECT_NE(found->title.find("the initiator used key A, the responder used key B"), std::string::npos);
    story.sa.keys.psk_index[1] = 0;
    EXPECT_EQ(find_id(findings_of(story.sa), "wrong-psk"), nullptr) << "the same key on both sides";
}

TEST(Phase2, ARefusalIsToldByItsNotify) {
    const auto base = [] {
        auto story = Story().up_to_mm4().message("MM5", Side::initiator, {"ID", "HASH"}).opened().message("MM6", Side::responder, {"ID", "HASH"})
                         .opened().message("QM1", Side::initiator, {"HASH", "SA", "No", "ID", "ID"}, 32).opened()
                         .message("INFO", Side::responder, {"HASH", "N"}, 5).opened().stage(Stage::qm1);
        story.sa.keys.available = true;
        return story;
    };
    auto ids = base().notify(18); // INVALID-ID-INFORMATION
    EXPECT_TRUE(find_id(findings_of(ids.sa), "ts-unacceptable"));
    EXPECT_EQ(find_id(findings_of(ids.sa), "id-mismatch"), nullptr) << "phase 1 was complete";
    auto proposal = base().notify(14); // NO-PROPOSAL-CHOSEN
    EXPECT_TRUE(find_id(findings_of(proposal.sa), "child-no-proposal"));
    EXPECT_EQ(find_id(findings_of(proposal.sa), "no-proposal-chosen"), nullptr);
}

TEST(Identity, ADeleteInsteadOfAQuickModeIsALikelyIdMismatch) {
    auto story = Story().up_to_mm4().message("MM5", Side::initiator, {"ID", "HASH"}).opened().message("MM6", Side::responder, {"ID", "HASH"}).opened()
                     .message("INFO", Side::initiator, {"HASH", "D"}, 5).opened().stage(Stage::deleted);
    story.sa.keys.available = true;
    const auto findings = findings_of(story.sa);
    const auto* found = find_id(findings, "id-mismatch");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->certainty, Certainty::likely);
    story.sa.messages.back().time += 3600 * one_second;
    EXPECT_EQ(find_id(findings_of(story.sa), "id-mismatch"), nullptr) << "an hour later it is an ordinary end";
}

TEST(Ikev2, RefusalsOfTheFirstExchange) {
    const auto refused = Story(Mode::ikev2).message("IKE_SA_INIT request", Side::initiator, {"SA", "KE", "No"}, 34)
                             .message("IKE_SA_INIT response", Side::responder, {"N(NO_PROPOSAL_CHOSEN)"}, 34).notify(14).stage(Stage::sa_init);
    EXPECT_TRUE(find_id(findings_of(refused.sa), "no-proposal-chosen"));
    auto retried = Story(Mode::ikev2).message("IKE_SA_INIT request", Side::initiator, {"SA", "KE", "No"}, 34)
                       .message("IKE_SA_INIT response", Side::responder, {"N(INVALID_KE_PAYLOAD)"}, 34).notify(17)
                       .message("IKE_SA_INIT request", Side::initiator, {"SA", "KE", "No"}, 34)
                       .message("IKE_SA_INIT response", Side::responder, {"SA", "KE", "No"}, 34).stage(Stage::sa_init);
    const auto findings = findings_of(retried.sa);
    const auto* found = find_id(findings, "invalid-ke");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->severity, Severity::note) << "RFC 7296 1.3: it is part of the protocol";
}

TEST(Ikev2, AnotherGroupIsAskedForAndTheCaptureEnds) {
    auto refused = Story(Mode::ikev2).message("IKE_SA_INIT request", Side::initiator, {"SA", "KE", "No"}, 34)
                       .message("IKE_SA_INIT response", Side::responder, {"N(INVALID_KE_PAYLOAD)"}, 34).notify(17).stage(Stage::sa_init);
    refused.sa.suite = {};
    const auto severity = [](const std::vector<Finding>& findings) {
        const auto* found = find_id(findings, "invalid-ke");
        return found ? found->severity : Severity::none;
    };
    EXPECT_EQ(severity(findings_of(refused.sa)), Severity::note) << "there was no time to try again";
    EXPECT_EQ(severity(findings_of(refused.sa, {}, 10 * one_second)), Severity::error);
    auto retried = refused;
    retried.message("IKE_SA_INIT request", Side::initiator, {"SA", "KE", "No"}, 34);
    EXPECT_EQ(severity(findings_of(retried.sa)), Severity::note);
    EXPECT_FALSE(any_of_severity(findings_of(retried.sa), Severity::error));
    EXPECT_TRUE(find_id(findings_of(retried.sa, {}, 10 * one_second), "no-response")) << "the second attempt got no answer";
}

TEST(Weakness, OnlyWhatTheRfcsCallWeak) {
    auto strong = Story().up_to_mm4();
    EXPECT_EQ(find_id(findings_of(strong.sa), "weak-crypto"), nullptr) << "AES-256, SHA2-256, group 14";
    strong.sa.suite = {5, 0, 1, 0, 0, 2, 1, 0, true}; // 3DES, MD5, group 2
    const auto findings = findings_of(strong.sa);
    const auto* found = find_id(findings, "weak-crypto");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->severity, Severity::warning) << "never an error";
}

TEST(AggressiveMode, OnlyAPreSharedKeyIsExposed) {
    auto story = Story(Mode::aggressive).message("AM1", Side::initiator, {"SA", "KE", "No", "ID"}, 4)
                     .message("AM2", Side::responder, {"SA", "KE", "No", "ID", "HASH"}, 4).stage(Stage::am2);
    EXPECT_TRUE(find_id(findings_of(story.sa), "aggressive-psk-exposed"));
    story.sa.suite.authentication = 3;
    story.sa.signature = true;
    EXPECT_EQ(find_id(findings_of(story.sa), "aggressive-psk-exposed"), nullptr);
}

TEST(Malformed, NamesFrameOffsetFieldAndBytes) {
    auto story = Story().up_to_mm4().stage(Stage::mm4);
    Observations observations;
    session::Outcome outcome;
    dissect::Message message;
    const Buffer cut{1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 40, // header: 40 bytes
                     0, 0, 0, 60, 0, 0, 0, 1, 0, 0, 0, 1};                                                 // an SA payload that claims 60
    dissect::walk(cut, 42, cut.size(), message);
    outcome.isakmp = true;
    outcome.sa = 0;
    outcome.label = "MM1";
    outcome.message = &message;
    observations.see(7, outcome);
    ASSERT_TRUE(observations.of(0));
    Material material;
    material.observations = &observations;
    const auto findings = findings_of(story.sa, material);
    const auto* found = find_id(findings, "malformed");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->frames, std::vector<std::uint64_t>{7});
    ASSERT_FALSE(found->evidence.empty());
    EXPECT_NE(found->evidence.front().find("frame 7"), std::string::npos);
    EXPECT_NE(found->evidence.front().find("60"), std::string::npos) << found->evidence.front();
}

} // namespace
} // namespace ikescope::diagnose::tests
