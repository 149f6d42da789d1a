#include "present/ladder.hpp"
#include "present/paint.hpp"

namespace ikescope::present {
namespace {

using session::Sa;
using session::Side;

session::MessageRecord record(std::uint64_t frame, std::string label, Side from) {
    session::MessageRecord made;
    made.frame = frame;
    made.time = static_cast<Timestamp>(frame) * one_second;
    made.label = std::move(label);
    made.from = from;
    return made;
}

TEST(Ladder, CopiesAreFoldedIntoOneRungEvenWhenBothSidesRepeat) {
    Sa sa;
    sa.messages = {record(1, "MM4", Side::responder), record(2, "MM5", Side::initiator)};
    for (std::uint64_t frame = 3; frame < 9; ++frame) {
        auto copy = record(frame, frame % 2 ? "MM4" : "MM5", frame % 2 ? Side::responder : Side::initiator);
        copy.retransmission_of = frame % 2 ? 1 : 2;
        sa.messages.push_back(copy);
    }
    const auto rungs = ladder(sa);
    ASSERT_EQ(rungs.size(), 4U);
    EXPECT_EQ(rungs[2].frames, "3,5,7");
    EXPECT_EQ(rungs[3].frames, "4,6,8");
    EXPECT_FALSE(rungs[2].from_initiator);
}

TEST(Ladder, AnEndlessSaStaysReadable) {
    Sa sa;
    for (std::uint64_t frame = 1; frame <= 5000; ++frame) sa.messages.push_back(record(frame, "QM1", Side::initiator));
    EXPECT_EQ(ladder(sa, 50).size(), 50U);
}

TEST(Ladder, AMessageWhoseIvIsNotKnownDoesNotBlameTheKey) {
    Sa sa;
    sa.keys.available = true;
    sa.has_ke[1] = true;
    sa.messages = {record(1, "MM5", Side::initiator), record(2, "MM6", Side::responder)};
    for (auto& message : sa.messages) message.encrypted = true;
    const auto rungs = ladder(sa);
    ASSERT_EQ(rungs.size(), 2U);
    EXPECT_EQ(rungs[0].mark, "the key is known, the IV is not: MM3 not captured");
    EXPECT_EQ(rungs[1].mark, "does not open with the keys known");
}

TEST(Ladder, EqualPayloadsAreCounted) { EXPECT_EQ(payloads_text({"SA", "V", "V", "V", "KE"}), "SA V×3 KE"); }

TEST(Paint, NothingFromAPacketCanDriveATerminal) {
    EXPECT_EQ(harmless("a\x1b[2Jb\n"), "a\\x1b[2Jb\\x0a");
}

TEST(Paint, TextKeepsToTheWidthAndSnippetsStayAsTheyAre) {
    std::string out;
    append_wrapped(out, Style{false, 40}, "one two three four five six seven eight nine ten\nline  kept  as  it  is and however long it may be", 4, 4);
    EXPECT_EQ(out, "one two three four five six seven\n    eight nine ten\n      line  kept  as  it  is and however long it may be\n");
}

} // namespace
} // namespace ikescope::present
