// Keys in every layout that programs write them in open the capture they belong to.

#include "tests/session/support.hpp"

namespace ikescope::session::test { namespace {

struct Sample {
    std::string_view file, format, capture;
};

void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.file; }

class SecretFiles : public testing::TestWithParam<Sample> {};

TEST_P(SecretFiles, OpenTheirCapture) {
    const auto& sample = GetParam();
    secrets::Store store;
    const auto text =
        text_of_file(std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/secrets/" + std::string(sample.file));
    const auto report = secrets::read_secrets(text, std::string(sample.file), store);
    ASSERT_TRUE(report) << report.error().sentence;
    EXPECT_EQ(report->format, sample.format);
    EXPECT_TRUE(report->notes.empty()) << report->notes.front();
    auto packets = packets_of(lab(std::string(sample.capture), ".pcap"));
    Sessions sessions(store);
    feed(sessions, packets);
    EXPECT_GE(sessions.totals().encrypted, 2U);
    EXPECT_EQ(sessions.totals().decrypted, sessions.totals().encrypted);
}

constexpr Sample samples[] = {
    {"journal-short.v1mm_ok.log", "charon log", "v1mm_ok"},
    {"journal-json.v1mm_ok.log", "charon log", "v1mm_ok"},
    {"file-json.v2_ok.log", "charon log", "v2_ok"},
    {"syslog.v2_ok.log", "charon log", "v2_ok"},
    {"racoon.v1mm_ok.log", "racoon log", "v1mm_ok"},
    {"racoon-syslog.v1mm_ok.log", "racoon log", "v1mm_ok"},
    {"racoon2.v1mm_ok.log", "racoon log", "v1mm_ok"},
    {"mikrotik.v1mm_ok.log", "MikroTik log", "v1mm_ok"},
    {"mikrotik-wrapped.v1mm_ok.log", "MikroTik log", "v1mm_ok"},
    {"fortigate.v1mm_ok.log", "FortiGate log", "v1mm_ok"},
    {"fortigate.v2_ok.log", "FortiGate log", "v2_ok"},
    {"openiked.v2_ok.log", "iked log", "v2_ok"},
    {"ikev1-table.v1mm_ok.txt", "Wireshark IKEv1 decryption table", "v1mm_ok"},
    {"ikev2-table.v2_ok.txt", "Wireshark IKEv2 decryption table", "v2_ok"},
    {"tcpdump.v2_ok.txt", "tcpdump -E", "v2_ok"},
};
INSTANTIATE_TEST_SUITE_P(All, SecretFiles, testing::ValuesIn(samples));

}} // namespace ikescope::session::test
