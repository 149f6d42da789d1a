// Logs that become captures: the packets are those of the capture that was recorded beside the log.

#include "capture/decoder.hpp"
#include "capture/source.hpp"
#include "tests/cli/program.hpp"

#include <nlohmann/json.hpp>

namespace ikescope::cli { namespace {

const std::string lab = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/lab/";

std::string place(const std::string& name) { return (std::filesystem::path(testing::TempDir()) / name).string(); }

/// "10.77.0.1:500 10.77.0.2:500 HEX" for every IKE message.
std::vector<std::string> messages(const std::string& path) {
    std::vector<std::string> all;
    const std::string paths[] = {path};
    auto source = capture::Source::open(paths);
    EXPECT_TRUE(source) << path;
    if (!source) return all;
    capture::Decoder decoder;
    capture::Frame frame;
    capture::Datagram datagram;
    while (source->next(frame))
        if (decoder.decode(frame, datagram) && datagram.content == capture::Content::isakmp)
            all.push_back(datagram.from().text() + " " + datagram.to().text() + " " + hex(datagram.payload));
    return all;
}

class Import : public testing::TestWithParam<const char*> {};

TEST_P(Import, TheSamePacketsAsTheCaptureBesideTheLog) {
    const std::string scenario = GetParam();
    const auto recorded = messages(lab + scenario + "/" + scenario + ".pcap");
    ASSERT_FALSE(recorded.empty());
    for (const auto* end : {"a.l4.log", "b.l4.log"}) {
        const auto made = place(scenario + "." + end + ".pcapng");
        const auto ran = ikescope({"import", lab_log(scenario, end), "-w", made});
        ASSERT_EQ(ran.status, 0) << ran.err;
        auto imported = messages(made);
        // Some captures were stopped before the deletes at the end; and what one thread sends while another receives
        // may be logged in the other order.
        ASSERT_GE(imported.size(), recorded.size()) << end;
        for (const auto& message : recorded) {
            const auto at = std::find(imported.begin(), imported.end(), message);
            EXPECT_NE(at, imported.end()) << scenario << " " << end << ": " << message.substr(0, 120);
            if (at != imported.end()) imported.erase(at);
        }
    }
}
constexpr const char* scenarios[] = {"v1am_badpsk",     "v1am_ok",       "v1mm_3des_md5_ok", "v1mm_badid",
                                     "v1mm_badpsk",     "v1mm_nopfs_ok", "v1mm_noprop",      "v1mm_ok",
                                     "v1qm_badts",      "v1qm_noprop",   "v2_badid",         "v2_badpsk",
                                     "v2_child_noprop", "v2_gcm_ok",     "v2_badts",         "v2_invalid_ke",
                                     "v2_noprop",       "v2_ok",         "v1qm_pfs_mismatch"};
INSTANTIATE_TEST_SUITE_P(Lab, Import, testing::ValuesIn(scenarios),
                         [](const auto& one) { return std::string(one.param); });

TEST(Imported, TheSameLogOpensIt) {
    for (const std::string scenario : {"v1mm_ok", "v2_ok"}) {
        const auto log = lab_log(scenario, "b.l4.log"), made = place(scenario + ".opens.pcapng");
        ASSERT_EQ(ikescope({"import", log, "-w", made}).status, 0);
        Arguments arguments{"analyze", "--format", "json", made, "--secrets", log};
        if (scenario == "v1mm_ok")
            arguments.insert(arguments.end(), {"--psk", "labpsk"}); // charon does not log it in IKEv1
        const auto ran = ikescope(arguments);
        ASSERT_EQ(ran.status, 0) << ran.err;
        std::size_t encrypted = 0;
        const auto document = nlohmann::json::parse(ran.out);
        for (const auto& message : document.at("sas").at(0).at("messages"))
            if (message.at("encrypted").get<bool>()) {
                ++encrypted;
                EXPECT_TRUE(message.at("decrypted").get<bool>()) << message;
            }
        EXPECT_GE(encrypted, 2U);
    }
}

TEST(Imported, LibreswanAndFortigate) {
    const auto made = place("lsw.pcapng");
    ASSERT_EQ(ikescope({"import", lab_log("lsw", "a.v2.pluto.log"), "-w", made}).status, 0);
    const auto recorded = messages(lab + "lsw/lsw.pcap");
    const auto imported = messages(made);
    ASSERT_GT(imported.size(), 4U);
    std::size_t found = 0;
    for (const auto& message : recorded)
        found += std::find(imported.begin(), imported.end(), message) != imported.end();
    EXPECT_GT(found, 4U);

    // v1mm_ok as FortiGate would print it: wrapped, with an empty line, and once on port 4500.
    const auto whole = messages(lab + "v1mm_ok/v1mm_ok.pcap");
    std::string log;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const auto first = whole[i].find(' '), second = whole[i].find(' ', first + 1);
        const auto from = whole[i].substr(0, first), to = whole[i].substr(first + 1, second - first - 1),
                   bytes = whole[i].substr(second + 1);
        std::string wrapped;
        for (std::size_t at = 0; at < bytes.size(); at += 80) wrapped += "\n" + bytes.substr(at, 80);
        if (i % 2 == 0)
            log += "2026-11-23 16:59:54.000" + std::to_string(100 + i) + " ike 0:p1:14: out\n" + wrapped +
                   "\n2026-11-23 16:59:54.001 ike 0:p1:14: sent IKE msg (x): " + from + "->" + to + ", len=1, id=1/2\n";
        else
            log += "2026-11-23 16:59:54 ike 0: comes " + from + "->" + to +
                   ",ifindex=6....\n2026-11-23 16:59:54 ike 0: in " + wrapped.substr(1) + "\n";
    }
    log += "ike 0: comes 10.0.0.1:500->10.0.0.2:500,ifindex=6....\nike 0: in 0102\n";
    const auto ran = ikescope({"import", temporary("forti.log", log), "-w", place("forti.pcapng")});
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(messages(place("forti.pcapng")), whole);
    EXPECT_NE(ran.err.find("shorter than an ISAKMP header"), std::string::npos) << ran.err;
}

// The reason in front of the interface has a "from" or a "to" of its own (libreswan 4.10).
TEST(Imported, LibreswansReasonsForSendingAreNoAddresses) {
    std::string log;
    for (const auto* reason :
         {"reply packet for main_outI1", "reply packet from quick_outI1", "retransmit in response to duplicate"})
        log += std::string("Nov 23 17:11:10.178674: | sending 28 bytes for ") + reason +
               " through fva from 10.77.0.1:500 to 10.77.0.2:500 using UDP (for #13)\n"
               "Nov 23 17:11:10.178674: |   8b cf 61 b0  11 01 e5 39  4a ff 4e fa  f6 6f 0f 3c   ..a....9J.N..o.<\n"
               "Nov 23 17:11:10.178675: |   08 10 20 01  c1 11 92 2e  00 00 00 1c               .. .........\n";
    const auto made = place("reasons.pcapng");
    const auto ran = ikescope({"import", temporary("reasons.log", log), "-w", made});
    ASSERT_EQ(ran.status, 0) << ran.err;
    const std::vector<std::string> wanted(
        3, "10.77.0.1:500 10.77.0.2:500 8bcf61b01101e5394aff4efaf66f0f3c08102001c111922e0000001c");
    EXPECT_EQ(messages(made), wanted);
}

TEST(Imported, SaysWhatItIs) {
    const auto made = place("marked.pcapng");
    ASSERT_EQ(ikescope({"import", lab_log("v1mm_ok", "a.l4.log"), "-w", made}).status, 0);
    std::ostringstream bytes;
    bytes << std::ifstream(made, std::ios::binary).rdbuf();
    EXPECT_NE(bytes.str().find("Made by ikescope import from the charon log"), std::string::npos);
    EXPECT_NE(bytes.str().find(" line 511"), std::string::npos); // where the second message is dumped
}

TEST(Imported, WhatCannotBeImportedIsSaid) {
    const std::pair<std::string, std::string> wrong[] = {
        {temporary("no.log", "hello\n"), "no log that carries packets"},
        {temporary("empty.log", ""), "the file is empty"},
        {lab + "v1mm_ok/a.l1.log", "holds no whole packets"},
        {testing::TempDir(), "Is a directory"},
        {"/nonexistent", "No such file"},
    };
    for (const auto& [log, sentence] : wrong) {
        const auto ran = ikescope({"import", log, "-w", place("none.pcapng")});
        EXPECT_EQ(ran.status, 2) << log;
        EXPECT_NE(ran.err.find(sentence), std::string::npos) << ran.err;
        EXPECT_FALSE(std::filesystem::exists(place("none.pcapng")));
    }
    EXPECT_EQ(ikescope({"import", "x.log"}).status, 1);
}

}} // namespace ikescope::cli
