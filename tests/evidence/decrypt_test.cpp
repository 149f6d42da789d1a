// `ikescope decrypt`: tshark, which has no key, must read in the written capture what we read in the original with
// keys. Skipped where tshark is not installed.

#include "tests/evidence/lab.hpp"
#include "tests/evidence/subset.hpp"

#include <map>
#include <set>

namespace ikescope::tests { namespace {

namespace fs = std::filesystem;

class Decrypt : public LabTest {};

/// Frames whose bytes are written in a later frame: IKE fragments of what was opened, but the last.
std::set<std::size_t> merged(const Json& analysis) {
    std::set<std::size_t> frames;
    for (const auto& sa : analysis.at("sas"))
        for (const auto& message : sa.at("messages"))
            if (message.contains("fragments") &&
                (!message.value("encrypted", false) || message.value("decrypted", false)))
                for (const auto& fragment : message["fragments"])
                    if (fragment != message["frame"]) frames.insert(fragment.get<std::size_t>());
    return frames;
}

std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> parts(1);
    for (const char c : line)
        if (c == '\t')
            parts.emplace_back();
        else
            parts.back() += c;
    return parts;
}

/// Payload types without those that only wrap: SK, SKF, IKEv1 fragments.
std::string without_wrappers(const std::string& types) {
    std::string kept, one;
    for (const char c : types + ",") {
        if (c != ',') {
            one += c;
            continue;
        }
        if (!one.empty() && one != "46" && one != "53" && one != "132") kept += one + ",";
        one.clear();
    }
    return kept;
}

TEST_F(Decrypt, TsharkReadsEverythingWithoutKeys) {
    if (!installed("tshark")) GTEST_SKIP() << "tshark is not installed";
    const auto names = lab_names();
    const auto all = all_in_one(), clear = (folder / "clear.pcapng").string();
    const auto made = run(with_lab_secrets({"decrypt", all, "-w", clear}, names));
    ASSERT_EQ(made.status, cli::Exit::done) << made.err;
    const auto gone = merged(Json::parse(run(with_lab_secrets({"analyze", all, "--format", "json"}, names)).out));
    const auto ours =
        lines_of(run(with_lab_secrets({"read", all, "-T", "fields", "-e", "frame.number", "-e", "isakmp.typepayload",
                                       "-e", "isakmp.notify.msgtype", "-e", "frame.time_epoch"},
                                      names))
                     .out);
    // -o: the switch for checksums is off by default. Inner packets of ESP stand behind the frame they came out of.
    const auto theirs = lines_of(output_of(
        "tshark -o udp.check_checksum:TRUE -r '" + clear +
        "' -Y 'frame.interface_id == 0' -T fields -e frame.number -e isakmp.typepayload -e isakmp.notify.msgtype "
        "-e frame.time_epoch -e _ws.malformed -e udp.checksum.status -e frame.comment 2>/dev/null"));
    ASSERT_EQ(ours.size(), theirs.size() + gone.size());
    std::size_t at = 0, decrypted = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (gone.contains(i + 1)) continue;
        const auto left = cells(ours[i]), right = cells(theirs[at++]);
        ASSERT_EQ(right.size(), 7U);
        const bool changed = right[6].find("decrypted from frame") != std::string::npos;
        decrypted += changed;
        EXPECT_EQ(without_wrappers(left[1]), without_wrappers(right[1])) << "frame " << i + 1 << " " << right[6];
        EXPECT_EQ(left[2], right[2]) << "frame " << i + 1;
        EXPECT_EQ(left[3], right[3]) << "frame " << i + 1;
        EXPECT_EQ(right[4], "") << "frame " << i + 1 << " is malformed";
        EXPECT_TRUE(!changed || right[5] == "1") << "frame " << i + 1 << ": its checksum is wrong";
    }
    EXPECT_GT(decrypted, 350U);
}

TEST_F(Decrypt, SaysWhatTheFileIsAndWhatNobodyVouchesFor) {
    const auto clear = (folder / "clear.pcapng").string();
    const auto made =
        run(with_lab_secrets({"decrypt", lab_capture("v1mm_badpsk").string(), "-w", clear}, {"v1mm_badpsk"}));
    ASSERT_EQ(made.status, cli::Exit::done) << made.err;
    const auto list = output_of("cat '" + clear + "'");
    EXPECT_NE(list.find("NOT as captured"), std::string::npos);
    EXPECT_NE(list.find("wrong-psk"), std::string::npos);
    EXPECT_NE(list.find("decrypted from frame 5 of"), std::string::npos);
    EXPECT_EQ(fs::status(clear).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Decrypt, NeverOverTheOriginal) {
    const auto original = (folder / "x.pcap").string();
    fs::copy_file(lab_capture("v2_ok"), original);
    const auto refused = run({"decrypt", original, "-w", original});
    EXPECT_EQ(refused.status, cli::Exit::usage);
    EXPECT_NE(refused.err.find("never overwritten"), std::string::npos);
    EXPECT_EQ(fs::file_size(original), fs::file_size(lab_capture("v2_ok")));
}

TEST_F(Decrypt, WithoutKeysEverythingIsKeptAndSaidSo) {
    const auto clear = (folder / "clear.pcapng").string();
    const auto made = run({"decrypt", lab_capture("v2_rsa_frag").string(), "-w", clear});
    EXPECT_EQ(made.status, cli::Exit::done) << made.err;
    EXPECT_NE(made.err.find("0 messages in clear"), std::string::npos) << made.err;
    EXPECT_NE(output_of("cat '" + clear + "'").find("there is no key for it"), std::string::npos);
}

}} // namespace ikescope::tests
