// ESP and certificates on the command line: shown as tshark shows them, refused and explained when they do not fit.

#include "tests/cli/program.hpp"

#include <algorithm>

namespace ikescope::cli { namespace {

const std::string root = std::string(IKESCOPE_SOURCE_DIR) + "/";
const std::string esp_capture = root + "pcaps/lab/ikev1-mm-qm-esp/ikev1-mm-qm-esp";

TEST(Esp, FieldsAreThoseThatTsharkShows) {
    std::ifstream table(root + "tests/data/read/esp_tshark.tsv");
    std::string line, wanted, names;
    Arguments arguments{"read", esp_capture + ".pcap", "--secrets", esp_capture + ".keys", "-Y", "esp", "-T", "fields"};
    while (std::getline(table, line)) {
        if (!line.starts_with("#"))
            wanted += line + "\n";
        else
            names = line.substr(2); // the second of two lines
    }
    std::istringstream fields(names);
    for (std::string field; fields >> field;) arguments.insert(arguments.end(), {"-e", field});
    ASSERT_GT(wanted.size(), 500U);
    EXPECT_EQ(ikescope(arguments).out, wanted);
}

TEST(Esp, ListAndTreeShowWhatWasInside) {
    const auto list = ikescope({"read", esp_capture + ".pcap", "--secrets", esp_capture + ".keys", "-Y", "icmp"});
    EXPECT_NE(list.out.find("ESP (SPI=0xc151076b), decrypted: 10.96.0.1 \u2192 10.97.0.1 ICMP\n"), std::string::npos)
        << list.out;
    const auto tree =
        ikescope({"read", esp_capture + ".pcap", "--secrets", esp_capture + ".keys", "-Y", "frame.number == 10", "-V"});
    EXPECT_NE(tree.out.find("Internet Protocol Version 4, Src: 10.96.0.1, Dst: 10.97.0.1\n"), std::string::npos)
        << tree.out;
}

TEST(Esp, GivenKeysAloneOpenIt) {
    // What the daemon's log prints for the SA of one direction; the other one stays closed.
    const auto keys = temporary("esp.keys", R"(format = "ikescope-secrets/1"
[[esp]]
spi = "c151076b"
encryption = "ENCR_AES_CBC"
key = "6657779256b6dd732fdc28da4cf6aeb1"
integrity = "AUTH_HMAC_SHA1_96"
integrity_key = "a85fffbad9252ccaffc56451cf933fe74fb42dc5"
)");
    const auto analyzed = ikescope({"analyze", esp_capture + ".pcap", "--secrets", keys});
    EXPECT_EQ(analyzed.status, 0) << analyzed.err;
    EXPECT_NE(analyzed.out.find("SPI c151076b: 3 of 3 packets opened (252 bytes)"), std::string::npos) << analyzed.out;
    const auto read = ikescope({"read", esp_capture + ".pcap", "--secrets", keys, "-Y", "ike.esp"});
    EXPECT_EQ(std::ranges::count(read.out, '\n'), 3);
}

TEST(Esp, KeysThatDoNotFitAreExplainedInOneSentence) {
    const auto keys = temporary("short.keys", R"(format = "ikescope-secrets/1"
[[esp]]
spi = "c151076b"
encryption = "ENCR_AES_CBC"
key = "6657779256b6dd732fdc28da4cf6ae"
integrity = "AUTH_HMAC_SHA1_96"
integrity_key = "a85fffbad9252ccaffc56451cf933fe74fb42dc5"
)");
    const auto analyzed = ikescope({"analyze", esp_capture + ".pcap", "--secrets", keys, "--format", "json"});
    EXPECT_NE(analyzed.out.find("it is too short for ENCR_AES_CBC: it has 15 bytes, 16 are needed"), std::string::npos)
        << analyzed.out;
    const auto bad = temporary("bad.keys", "format = \"ikescope-secrets/1\"\n[[esp]]\nspi = \"12\"\nkey = \"00\"\n");
    const auto refused = ikescope({"analyze", esp_capture + ".pcap", "--secrets", bad});
    EXPECT_EQ(refused.status, 2);
    EXPECT_NE(refused.err.find("bad.keys line 2: [[esp]] number 1: `spi` must be 8 hexadecimal digits"),
              std::string::npos)
        << refused.err;
}

TEST(Certificates, OfOthersAuthoritiesAreNotTrusted) {
    const auto scenario = root + "pcaps/lab/v2_rsa/v2_rsa";
    const auto judged = [&](const std::string& authority) {
        return ikescope({"analyze", scenario + ".pcap", "--secrets", scenario + ".keys", "--ca", authority, "--format",
                         "json"})
            .out;
    };
    EXPECT_NE(judged(root + "pcaps/lab/v2_rsa/ca.pem").find("\"trusted\":true,\"why\":null"), std::string::npos);
    EXPECT_NE(judged(root + "pcaps/lab/v2_ecdsa/ca.pem").find("\"trusted\":false"), std::string::npos);
    const auto none = ikescope({"analyze", scenario + ".pcap", "--ca", scenario + ".keys"});
    EXPECT_EQ(none.status, 2);
    EXPECT_NE(none.err.find("there is no certificate in it"), std::string::npos) << none.err;
}

}} // namespace ikescope::cli
