// What is not to be trusted says so: changed messages and packets, captures out of order, captures that were decrypted before.

#include "tests/cli/program.hpp"

#include "capture/file_reader.hpp"
#include "capture/write.hpp"

#include <functional>
#include <nlohmann/json.hpp>

namespace ikescope::cli {
namespace {

using nlohmann::json;

const std::string lab = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/lab/";

std::string lab_file(const std::string& scenario, const std::string& end) { return lab + scenario + "/" + scenario + end; }

/// A copy of a lab capture: `change` may alter each frame's bytes; frames come in the order of `order` when it is not empty.
std::string copy_of(const std::string& scenario, const std::function<void(std::uint64_t, Buffer&)>& change,
                    const std::vector<std::size_t>& order = {}) {
    struct Kept {
        capture::Frame frame;
        Buffer bytes;
    };
    std::vector<Kept> all;
    auto reader = capture::FileReader::open(lab_file(scenario, ".pcap"));
    EXPECT_TRUE(reader);
    for (capture::Frame frame; reader->next(frame);) {
        all.push_back({frame, Buffer(frame.bytes.begin(), frame.bytes.end())});
        if (change) change(frame.number, all.back().bytes);
    }
    const auto path = temporary(own(scenario + ".pcapng"), "");
    auto writer = capture::PcapngWriter::create(path, "a copy for a test");
    EXPECT_TRUE(writer);
    for (std::size_t i = 0; i < (order.empty() ? all.size() : order.size()); ++i) {
        auto& kept = all[order.empty() ? i : order[i]];
        kept.frame.bytes = kept.bytes;
        EXPECT_TRUE(writer->write(kept.frame));
    }
    EXPECT_TRUE(writer->finish());
    return path;
}

json findings_of(const std::string& capture, const std::string& secrets, std::size_t sa = 0) {
    const auto ran = ikescope("analyze", {capture, "--secrets", secrets, "--format", "json"});
    return json::parse(ran.out)["sas"].at(sa)["findings"];
}
const json* find(const json& findings, std::string_view id) {
    for (const auto& finding : findings)
        if (finding["id"] == id) return &finding;
    return nullptr;
}

/// One bit of a message behind phase 1 is another one: it is shown as not authentic, and a finding says so.
TEST(NotAuthentic, AChangedMessage) {
    for (const auto& [scenario, frame] : {std::pair<std::string, std::uint64_t>{"v1_dpd", 10}, {"v2_ok", 4}}) {
        const auto changed = copy_of(scenario, [&, which = frame](std::uint64_t number, Buffer& bytes) {
            if (number == which) bytes[bytes.size() - 20] ^= 1;
        });
        const auto findings = findings_of(changed, lab_file(scenario, ".keys"));
        const auto* finding = find(findings, "auth-failed");
        ASSERT_NE(finding, nullptr) << scenario << findings.dump(1);
        EXPECT_EQ((*finding)["severity"], "warning");
        EXPECT_EQ((*finding)["frames"], json::array({frame}));
        EXPECT_EQ((*finding)["title"], "1 message is not authentic");
        const auto list = ikescope("read", {changed, "--secrets", lab_file(scenario, ".keys"), "-Y", "frame.number == " + std::to_string(frame)}).out;
        EXPECT_TRUE(list.find("NOT authentic") != std::string::npos || list.find("ICV is WRONG") != std::string::npos) << list;
    }
}

TEST(NotAuthentic, AChangedEspPacket) {
    const auto changed = copy_of("v2_esp_cbc", [](std::uint64_t number, Buffer& bytes) {
        if (number == 7) bytes[bytes.size() - 40] ^= 1;
    });
    const auto findings = findings_of(changed, lab_file("v2_esp_cbc", ".keys"));
    const auto* finding = find(findings, "auth-failed");
    ASSERT_NE(finding, nullptr) << findings.dump(1);
    EXPECT_EQ((*finding)["title"], "1 ESP packet is not authentic");
}

TEST(NotAuthentic, WhatWentWellSaysNothing) {
    for (const auto* scenario : {"v1_dpd", "v2_ok", "v2_esp_cbc"})
        EXPECT_EQ(find(findings_of(lab_file(scenario, ".pcap"), lab_file(scenario, ".keys")), "auth-failed"), nullptr) << scenario;
}

/// Only the log of the end that refuses: the other end's key stays unknown, but it is another one.
TEST(OneLog, OfTheResponderProvesDifferentKeys) {
    for (const auto* scenario : {"v1mm_badpsk", "v2_badpsk"}) {
        const auto findings = findings_of(lab_file(scenario, ".pcap"), lab_log(scenario, "b.l4.log"));
        ASSERT_FALSE(findings.empty());
        EXPECT_EQ(findings[0]["id"], "wrong-psk") << scenario << findings.dump(1);
        EXPECT_EQ(findings[0]["certainty"], "proved") << scenario;
        EXPECT_NE(findings[0]["title"].get<std::string>().find("b.l4.log"), std::string::npos);
        EXPECT_EQ(findings[0]["advice"].get<std::string>().find("--dh-secret"), std::string::npos) << "it was given";
    }
}

/// The key set of v2_ok as Wireshark's table has it.
std::string exported_row() {
    const auto directory = testing::TempDir() + own("key_set");
    std::filesystem::remove_all(directory);
    EXPECT_EQ(ikescope("keys", {lab_file("v2_ok", ".pcap"), "--secrets", lab_file("v2_ok", ".keys"), "--export", "wireshark", "-o", directory}).status, 0);
    std::ifstream in(directory + "/ikev2_decryption_table");
    std::string row;
    while (std::getline(in, row) && row.starts_with('#')) {}
    return row;
}

/// A table for Wireshark whose keys of one direction are another SA's, and one with a name that nobody knows.
TEST(KeySet, OfWhichHalfIsWrongSaysSo) {
    const auto row = exported_row();
    auto wrong = row;
    wrong[40] = wrong[40] == '0' ? '1' : '0'; // in SK_ei
    const auto report = ikescope("analyze", {lab_file("v2_ok", ".pcap"), "--secrets", temporary("half_set.txt", wrong + "\n"), "--format", "json"}).out;
    EXPECT_NE(report.find("fits only in part: it opens nothing of the initiator: SK_ei or SK_ai"), std::string::npos) << report;
    auto unknown = row;
    const auto name = unknown.find("AES-CBC");
    ASSERT_NE(name, std::string::npos) << row;
    unknown.replace(name, 3, "FOO");
    const auto ran = ikescope("analyze", {lab_file("v2_ok", ".pcap"), "--secrets", temporary("foo_set.txt", unknown + "\n")});
    EXPECT_NE(ran.err.find("FOO-CBC"), std::string::npos) << ran.err;
    EXPECT_NE(ran.out.find("integrity verified"), std::string::npos) << "the SA's own algorithm is used";
}

/// SK_a of a direction is right and its SK_e is not: nothing of what comes out is shown, and the next set has its turn.
TEST(KeySet, ADirectionThatDecryptsToNoiseStaysClosed) {
    const auto row = exported_row();
    auto wrong = row;
    const auto at = wrong.find(',', wrong.find(',', wrong.find(',') + 1) + 1) + 5; // in SK_er
    wrong[at] = wrong[at] == '0' ? '1' : '0';
    const auto alone = json::parse(ikescope("analyze", {lab_file("v2_ok", ".pcap"), "--secrets", temporary("noise_set.txt", wrong + "\n"), "--format", "json"}).out);
    EXPECT_EQ(alone["sas"][0]["messages"][3]["decrypted"], false);
    EXPECT_EQ(alone["sas"][0]["messages"][3]["hash"], "unknown");
    EXPECT_EQ(find(alone["sas"][0]["findings"], "malformed"), nullptr);
    EXPECT_NE(find(alone["findings"], "key-unusable"), nullptr) << alone["findings"].dump(1);
    const auto both = json::parse(
        ikescope("analyze", {lab_file("v2_ok", ".pcap"), "--secrets", temporary("noise_first.txt", wrong + "\n" + row + "\n"), "--format", "json"}).out);
    for (const auto index : {2, 3}) EXPECT_EQ(both["sas"][0]["messages"][static_cast<std::size_t>(index)]["decrypted"], true) << index;
}

/// QM1 alone is not in the capture.
TEST(Lost, QuickModesFirstMessageIsNoReasonForAnError) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < 17; ++i)
        if (i != 6) order.push_back(i);
    for (const auto& finding : findings_of(copy_of("v1_dpd", {}, order), lab_file("v1_dpd", ".keys"))) EXPECT_NE(finding["severity"], "error") << finding.dump(1);
}

/// Wireshark is known to miss these.
TEST(Exports, WarnOfTcpAndOfFragmentsOutOfOrder) {
    const std::string pcaps = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/";
    for (const auto& [capture, words] : {std::pair<std::string, std::string>{"tcp/iketcp", "it came by TCP"}, {"order/skf-132-312", "came out of order"}}) {
        const auto directory = testing::TempDir() + "warned";
        std::filesystem::remove_all(directory);
        const auto ran = ikescope("keys", {pcaps + capture + ".pcap", "--secrets", pcaps + capture + ".keys", "--export", "wireshark", "-o", directory});
        EXPECT_NE(ran.err.find(words), std::string::npos) << ran.err;
    }
}

TEST(Order, MessagesBehindLaterOnesAreTold) {
    const auto swapped = copy_of("v2_ok", {}, {0, 1, 3, 2});
    const auto ran = ikescope("analyze", {swapped, "--secrets", lab_file("v2_ok", ".keys")});
    EXPECT_NE(ran.err.find("1 IKE message stands behind later ones, the first of them in frame 4"), std::string::npos) << ran.err;
    EXPECT_EQ(ikescope("analyze", {lab_file("v2_ok", ".pcap")}).err.find("behind later ones"), std::string::npos);
}

TEST(Decrypted, ACaptureMadeByDecryptIsRecognised) {
    const auto clear = temporary("clear_v2_ok.pcapng", "");
    ASSERT_EQ(ikescope("decrypt", {lab_file("v2_ok", ".pcap"), "--secrets", lab_file("v2_ok", ".keys"), "-w", clear}).status, 0);
    for (const auto* command : {"analyze", "read"})
        EXPECT_NE(ikescope(command, {clear}).err.find("made by ikescope decrypt and is not as captured"), std::string::npos) << command;
}

} // namespace
} // namespace ikescope::cli
