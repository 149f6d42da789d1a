// The daemons' own logs as truth: what charon printed at level 4 (x.truth.json) must be what we derive and open.

#include "tests/session/charon_log.hpp"
#include "tests/session/support.hpp"

#include <algorithm>

namespace ikescope::session::test {
namespace {

struct Scenario {
    const char* name;
    const char* stage;
    bool authenticated[2];
};
std::ostream& operator<<(std::ostream& out, const Scenario& scenario) { return out << scenario.name; }

// Which of the captures' messages were sent by whom stands in the logs; which HASHes the daemons accepted, too.
constexpr Scenario scenarios[] = {
    {"v1mm_ok", "QM_COMPLETE", {true, true}},           {"v1mm_nopfs_ok", "QM_COMPLETE", {true, true}},
    {"v1mm_3des_md5_ok", "QM_COMPLETE", {true, true}},  {"v1am_ok", "QM_COMPLETE", {true, true}},
    {"v1mm_badid", "DELETED", {true, true}},            {"v1qm_badts", "QM1", {true, true}},
    {"v1qm_noprop", "QM1", {true, true}},               {"v1qm_pfs_mismatch", "QM1", {true, true}},
    {"v1mm_badpsk", "MM5", {true, false}},              {"v1am_badpsk", "AM2", {false, true}},
    {"ikev1-mm-qm-esp", "DELETED", {true, true}},
};

class Lab : public testing::TestWithParam<Scenario> {
protected:
    /// Every message is opened and lists what the log of its sender lists.
    void expect_opened(const secrets::Store& store) {
        const std::string name = GetParam().name;
        auto packets = packets_of(lab(name, ".pcap"));
        Sessions sessions(store);
        feed(sessions, packets);
        ASSERT_EQ(sessions.size(), 1U);
        const auto sa = sessions.at(0);
        const std::vector<Logged> logged[2] = {sent_messages(name, "a"), sent_messages(name, "b")};
        std::size_t next[2] = {0, 0};
        for (const auto& message : sa.messages) {
            if (message.retransmission_of) continue;
            const auto side = static_cast<std::size_t>(message.from);
            SCOPED_TRACE(name + " frame " + std::to_string(message.frame));
            EXPECT_EQ(message.decrypted, message.encrypted);
            EXPECT_EQ(message.hash, message.encrypted || message.label == "AM2" ? Proof::verified : Proof::unknown);
            ASSERT_LT(next[side], logged[side].size());
            EXPECT_EQ(message.message_id, logged[side][next[side]].message_id);
            EXPECT_EQ(message.payloads, logged[side][next[side]].payloads);
            ++next[side];
        }
        EXPECT_EQ(stage_name(sa.stage), GetParam().stage);
        for (const std::size_t side : {0U, 1U}) {
            EXPECT_EQ(sa.authentication[side] == Proof::verified, GetParam().authenticated[side]);
            EXPECT_LE(next[side], logged[side].size()); // the captures end before the daemons do
        }
        EXPECT_EQ(sessions.totals().decrypted, sessions.totals().encrypted);
    }
};

TEST_P(Lab, OpensEverythingFromPskAndDhSecret) { expect_opened(store_of({lab(GetParam().name, ".keys")})); }

TEST_P(Lab, OpensEverythingFromTheLogsAlone) {
    const std::string folder = "lab/" + std::string(GetParam().name) + "/";
    expect_opened(store_of({pcaps(folder + "a.l4.log"), pcaps(folder + "b.l4.log")}));
}

TEST_P(Lab, DerivesTheKeysThatTheLogsPrint) {
    const std::string name = GetParam().name;
    const auto store = store_of({lab(name, ".keys")});
    auto packets = packets_of(lab(name, ".pcap"));
    Sessions sessions(store);
    feed(sessions, packets);
    for (const auto side : {Side::initiator, Side::responder}) {
        const auto keys = sessions.ikev1_keys(0, side);
        if (!keys) continue; // it sent nothing encrypted
        const auto log = text_of_file(pcaps("lab/" + name + (side == Side::initiator ? "/a.l4.log" : "/b.l4.log")));
        EXPECT_EQ(hex(keys->skeyid.reveal()), logged_values(log, "SKEYID").at(0));
        EXPECT_EQ(hex(keys->skeyid_d.reveal()), logged_values(log, "SKEYID_d").at(0));
        EXPECT_EQ(hex(keys->skeyid_a.reveal()), logged_values(log, "SKEYID_a").at(0));
        EXPECT_EQ(hex(keys->skeyid_e.reveal()), logged_values(log, "SKEYID_e").at(0));
        EXPECT_EQ(hex(keys->ka.reveal()), logged_values(log, "encryption key Ka").at(0));
        EXPECT_EQ(hex(keys->initial_iv), logged_values(log, "initial IV").at(0));
    }
}

INSTANTIATE_TEST_SUITE_P(Charon, Lab, testing::ValuesIn(scenarios), [](const auto& each) {
    std::string name = each.param.name;
    std::ranges::replace(name, '-', '_');
    return name;
});

} // namespace
} // namespace ikescope::session::test
