// `ikescope read` with the memory of SAs: what Wireshark cannot do, and fields of our own.

#include "cli/command.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ikescope::cli { namespace {

const std::string pcaps = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/";

/// The output of `read` on a capture of pcaps/ with its keys; other messages than warnings about keys fail.
std::string read_of(const std::string& capture, Arguments more, int status = 0) {
    Arguments arguments{"read", pcaps + capture + ".pcap", "--secrets", pcaps + capture + ".keys"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::ostringstream out, err;
    Terminal terminal{out, err};
    EXPECT_EQ(static_cast<int>(run(arguments, terminal)), status) << err.str();
    return out.str();
}
std::string fields_of(const std::string& capture, const std::vector<std::string>& fields, Arguments more = {}) {
    Arguments arguments{"-T", "fields"};
    for (const auto& field : fields) arguments.insert(arguments.end(), {"-e", field});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return read_of(capture, std::move(arguments));
}

TEST(Read, FragmentsOfIkev2InAnyOrderAreOneMessage) { // Wireshark: only when the last number completes it
    EXPECT_EQ(fields_of("order/skf-132-312", {"frame.number", "ike.payloads"}, {"-Y", "ike.decrypted == 1"}),
              "5\t[ IDi CERT N(INITIAL_CONTACT) CERTREQ IDr AUTH SA TSi TSr N(MULTIPLE_AUTH_SUPPORTED) "
              "N(EAP_ONLY_AUTHENTICATION) "
              "N(IKEV2_MESSAGE_ID_SYNC_SUPPORTED) ]\n8\t[ IDr CERT AUTH SA TSi TSr ]\n");
}

TEST(Read, InterleavedFragmentsOfTwoSasAreTwoMessages) { // Wireshark keys them by addresses and a constant
    EXPECT_EQ(fields_of("order/fragments-interleaved", {"frame.number", "ike.sa", "ike.label"},
                        {"-Y", "ike.whole && ike.label == MM5"}),
              "12\t1\tMM5\n13\t0\tMM5\n");
}

TEST(Read, NatDetectionOfIkev1HasAVerdict) {
    const std::vector<std::string> fields{"frame.number", "ike.nat"};
    const auto behind = fields_of("order/nat-v1", fields, {"-E", "occurrence=l", "-Y", "ike.label == MM3"});
    EXPECT_TRUE(behind.starts_with("3\tdoes not fit this packet's source (that would be ")) << behind;
    EXPECT_EQ(fields_of("lab/v1mm_nopfs_ok/v1mm_nopfs_ok", fields, {"-E", "occurrence=f", "-Y", "ike.label == MM3"}),
              "3\tfits this packet's destination: no NAT on the way to its address\n");
}

TEST(Read, NatDetectionOfIkev2HasAVerdict) {
    const auto text =
        fields_of("lab/v2_rsa/v2_rsa", {"frame.number", "ike.nat"}, {"-Y", "ike.nat", "-E", "occurrence=f"});
    EXPECT_EQ(text, "1\tfits this packet's source: no NAT on the way to its address\n2\tfits this packet's source: no "
                    "NAT on the way to its address\n");
}

TEST(Read, JsonHasAllSevenVendorIds) { // Wireshark repeats the key: readers keep the last
    const auto json = nlohmann::json::parse(read_of("order/vendor-ids-7", {"-T", "json"}));
    std::size_t count = 0;
    const std::function<void(const nlohmann::json&)> look = [&](const nlohmann::json& value) {
        if (value.is_object())
            for (const auto& [key, inner] : value.items()) {
                if (key == "isakmp.vid_bytes" || key == "isakmp.vid_string")
                    count += key == "isakmp.vid_bytes" ? (inner.is_array() ? inner.size() : 1) : 0;
                look(inner);
            }
        if (value.is_array())
            for (const auto& inner : value) look(inner);
    };
    look(json);
    EXPECT_EQ(count, 7U);
}

TEST(Read, RequestsKnowTheirAnswersInTwoPasses) {
    const std::vector<std::string> fields{"frame.number", "ike.response_to", "ike.response_in"};
    EXPECT_EQ(fields_of("lab/v2_ok/v2_ok", fields), "1\t\t\n2\t1\t\n3\t\t\n4\t3\t\n");
    EXPECT_EQ(fields_of("lab/v2_ok/v2_ok", fields, {"-2"}), "1\t\t2\n2\t1\t\n3\t\t4\n4\t3\t\n");
    EXPECT_EQ(fields_of("lab/v2_ok/v2_ok", {"frame.number"}, {"-2", "-Y", "ike.response_in == 4"}), "3\n");
    EXPECT_EQ(fields_of("lab/v2_ok/v2_ok", {"ike.request_in"}, {"-Y", "ike.request_in"}), "1\n3\n");
    std::ostringstream out, err;
    Terminal terminal{out, err};
    EXPECT_EQ(run({"read", "-", "-2"}, terminal), Exit::usage) << "standard input cannot be read twice";
}

TEST(Read, FindingsAndStagesAreFields) {
    EXPECT_EQ(fields_of("order/illegal-v1", {"frame.number", "ike.stage", "ike.finding"},
                        {"-Y", "ike.finding contains \"illegal-message\""}),
              "3\tMM3\tillegal-message: D does not belong here (RFC 2409 5.1, 5.4; NAT-D: RFC 3947 3.2)\n");
    EXPECT_EQ(fields_of("lab/v1mm_ok/v1mm_ok", {"ike.stage"}, {"-Y", "ike.label == QM3"}), "QM_COMPLETE\n");
    EXPECT_NE(read_of("order/illegal-v1", {"-V", "-Y", "ike.finding"})
                  .find("[Finding: illegal-message: D does not belong here"),
              std::string::npos);
}

TEST(Read, DetailsOfChosenProtocols) {
    const auto text = read_of("lab/v2_ok/v2_ok", {"-O", "isakmp", "-c", "1"});
    EXPECT_EQ(text.find("Frame Number"), std::string::npos);
    EXPECT_NE(text.find("Internet Protocol Version 4, Src: 10.77.0.1"), std::string::npos);
    EXPECT_NE(text.find("    Initiator SPI: "), std::string::npos);
    EXPECT_EQ(text.find("[Message: "), std::string::npos);
    std::ostringstream out, err;
    Terminal terminal{out, err};
    EXPECT_EQ(run({"read", pcaps + "lab/v2_ok/v2_ok.pcap", "-O", "isakmpp"}, terminal), Exit::usage);
    EXPECT_NE(err.str().find("did you mean isakmp?"), std::string::npos) << err.str();
}

TEST(Read, CertificatesAreDescribed) {
    for (const auto* capture : {"lab/v2_rsa/v2_rsa", "lab/v1_rsa_frag/v1_rsa_frag"}) {
        const auto text = fields_of(capture, {"ike.cert.subject", "ike.cert.alternative_name", "ike.cert.not_after"},
                                    {"-Y", "ike.cert"});
        EXPECT_NE(text.find("CN=a.example.net\tDNS:a.example.net"), std::string::npos) << capture << "\n" << text;
    }
}

TEST(Read, ATcpSegmentMayHoldSeveralMessages) {
    EXPECT_EQ(fields_of("tcp/iketcp", {"frame.number", "isakmp.messageid", "esp.spi"},
                        {"-Y", "frame.number in {12, 13, 17}"}),
              "12\t0x00000001\t0xeb9ac01d\n13\t\t0x60ad4e4b,0x60ad4e4b\n17\t0x00000003,0x00000004\t\n");
    EXPECT_EQ(
        fields_of("tcp/iketcp", {"frame.number", "ike.tcp.length", "tcp.segment"}, {"-Y", "tcp.segment.count > 1"}),
        "7\t478\t5,6,7\n10\t310\t8,10,9\n");
}

}} // namespace ikescope::cli
