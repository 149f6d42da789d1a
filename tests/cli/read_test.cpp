// `ikescope read` with the memory of SAs: what Wireshark cannot do, and fields of our own.

#include "tests/capture/make_capture.hpp"
#include "tests/cli/program.hpp"

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

TEST(Read, ANumberOfPacketsIsOneOrMore) {
    for (const auto* most : {"0", "x", "-1", ""})
        EXPECT_NE(ikescope({"read", pcaps + "lab/v2_ok/v2_ok.pcap", "-c", most}).err.find("it is 1 or more"), std::string::npos) << most;
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

/// `read` of a capture that holds one message on port 500 (or another), with `more` options; the message is in hexadecimal.
std::string read_one(const std::string& hex, Arguments more, unsigned port = 500) {
    namespace make = capture::test;
    const auto frame = make::ethernet(0x0800, make::ipv4(17, make::udp(port, port, make::from_hex(hex))));
    const auto file = make::Maker(false).pcap_header().record(1'000'000'000, 0, frame).bytes;
    const auto path = temporary("one-message.pcap", std::string(text_of(file)));
    more.insert(more.begin(), path);
    const auto ran = ikescope("read", std::move(more));
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
}

TEST(Read, AnOpenedSkPayloadIsSplit) { // RFC 7296 3.14: IV, ciphertext, ICV; inside, padding and its length
    const std::vector<std::string> fields{"isakmp.enc.iv", "isakmp.enc.icd", "isakmp.enc.padding", "isakmp.enc.pad_length", "isakmp.extradata"};
    const auto lengths_of = [](const std::string& line) { // bytes of each column
        std::vector<std::size_t> lengths;
        std::istringstream columns(line);
        for (std::string column; std::getline(columns, column, '\t');) lengths.push_back(column.size() / 2);
        return lengths;
    };
    const auto cbc = fields_of("lab/v2_ok/v2_ok", fields, {"-Y", "frame.number == 3"}); // AES-CBC, HMAC-SHA2-256-128
    EXPECT_EQ(lengths_of(cbc.substr(0, cbc.size() - 1)), (std::vector<std::size_t>{16, 16, 3, 0})) << cbc;
    const auto gcm = fields_of("lab/v2_gcm_ok/v2_gcm_ok", fields, {"-Y", "frame.number == 3"}); // AES-GCM-16
    EXPECT_EQ(lengths_of(gcm).front(), 8U) << gcm;
    EXPECT_EQ(lengths_of(gcm).at(1), 16U) << gcm;
    const auto text = read_of("lab/v2_ok/v2_ok", {"-V", "-Y", "isakmp.exchangetype == \"IKE_AUTH\""});
    EXPECT_NE(text.find("            Initialization vector: b23623db3f6c0cf5b1b13e084718fee1\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("behind the last payload"), std::string::npos) << text;
}

TEST(Read, HashAndUrlCertificatesAreSplit) { // RFC 7296 3.6, encodings 12 and 13
    const std::string hash = "000102030405060708090a0b0c0d0e0f10111213";
    const auto text = read_one("1111111111111111 2222222222222222 25 20 23 08 00000001 00000069" // header, next CERT
                               "25 00 0024 0c" + hash + "687474703a2f2f63612f78" // http://ca/x
                               "00 00 0029 0d" + hash + "687474703a2f2f63612f62756e646c65", {"-V"}); // http://ca/bundle
    for (const auto* line : {"Certificate encoding: Hash and URL of X.509 certificate (12)", "Hash: 000102030405060708090a0b0c0d0e0f10111213",
                             "URL: http://ca/x\n", "Certificate encoding: Hash and URL of X.509 bundle (13)", "URL: http://ca/bundle\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
    EXPECT_EQ(text.find("error"), std::string::npos) << text;
}

TEST(Read, AHashAndUrlTooShortForItsHashIsShownAsBytes) {
    const auto text = read_one("1111111111111111 2222222222222222 25 20 23 08 00000001 00000024 00 00 0008 0c 000102", {"-V"});
    EXPECT_NE(text.find("Certificate data: 000102"), std::string::npos) << text;
    EXPECT_EQ(text.find("URL:"), std::string::npos) << text;
}

TEST(Read, WhatIsBehindTheLastPayloadIsAFieldToo) {
    const std::string message = "1111111111111111 0000000000000000 0d 10 02 00 00000000 00000028 00 00 0008 01020304 c0ffee99";
    EXPECT_EQ(read_one(message, {"-T", "fields", "-e", "isakmp.extradata"}), "c0ffee99\n");
    EXPECT_EQ(read_one(message, {"-T", "fields", "-e", "isakmp.messageid", "-Y", "isakmp.extradata == c0:ff:ee:99"}), "0x00000000\n");
}

TEST(Read, AChainThatEndsTooEarlyIsSaidOnce) {
    const std::string message = "1111111111111111 0000000000000000 0d 10 02 00 00000000 00000024 0d 00 0008 01020304";
    const auto text = read_one(message, {"-V"});
    EXPECT_NE(text.find("Does not fit [error: another payload is announced, whose header needs 4 bytes; 0 are left]"), std::string::npos) << text;
    const auto ran = ikescope("analyze", {testing::TempDir() + "one-message.pcap"});
    std::string words; // the lines of the evidence joined
    for (const char letter : ran.out)
        if (letter != ' ' || words.empty() || words.back() != ' ') words += letter == '\n' ? ' ' : letter;
    EXPECT_NE(words.find("offset 78 of the frame: Payload header: another payload is announced"), std::string::npos) << ran.out;
    EXPECT_EQ(words.find("Payload header: Payload header"), std::string::npos) << ran.out;
}

TEST(Read, FieldsOfFragmentedIkev1MessagesStandInTheCompletingFrame) { // as with -V, also where nothing else needs the memory of SAs
    const std::vector<std::string> fields{"frame.number", "isakmp.typepayload", "isakmp.length", "isakmp.enc.data"};
    auto with_memory = fields;
    with_memory.emplace_back("ike.sa");
    for (const auto* capture : {"order/fragments-interleaved", "lab/v1_rsa_frag/v1_rsa_frag", "lab/v1_ecdsa_frag/v1_ecdsa_frag"}) {
        Arguments arguments{pcaps + capture + ".pcap", "-T", "fields", "-Y", "isakmp"};
        const auto chosen = [&](const std::vector<std::string>& names) {
            auto all = arguments;
            for (const auto& name : names) all.insert(all.end(), {"-e", name});
            return ikescope("read", all).out;
        };
        std::istringstream plain(chosen(fields)), whole(chosen(with_memory));
        std::size_t put_together = 0;
        for (std::string line, full; std::getline(plain, line) && std::getline(whole, full);) {
            EXPECT_EQ(line, full.substr(0, full.rfind('\t'))) << capture;
            const auto column = line.substr(line.find('\t', line.find('\t') + 1) + 1);
            put_together += column.substr(0, column.find('\t')).find(',') != std::string::npos; // two headers
        }
        EXPECT_GE(put_together, 1U) << capture;
        auto filtered = arguments;
        filtered[4] = "isakmp.frag.last && isakmp.flag_e == 1"; // the piece is not encrypted as such, the message is
        filtered.insert(filtered.end(), {"-e", "frame.number"});
        EXPECT_NE(ikescope("read", filtered).out, "") << capture << ": filters see it, too";
    }
}

TEST(Read, TheCaptureThatIsReadIsNeverOverwritten) {
    namespace fs = std::filesystem;
    const fs::path folder = testing::TempDir();
    const auto original = folder / "original.pcap", symbolic = folder / "symbolic.pcap", hard = folder / "hard.pcap";
    for (const auto& path : {original, symbolic, hard}) fs::remove(path);
    fs::copy_file(pcaps + "lab/v2_ok/v2_ok.pcap", original);
    fs::create_symlink(original, symbolic);
    fs::create_hard_link(original, hard);
    const auto size = fs::file_size(original);
    for (const Arguments& inputs : {Arguments{original}, Arguments{pcaps + "lab/v1mm_ok/v1mm_ok.pcap", original}, Arguments{original, "-2"}})
        for (const auto& output : {original, symbolic, hard, folder / "." / "original.pcap"}) {
            auto arguments = inputs;
            arguments.insert(arguments.end(), {"-Y", "frame.number < 3", "-w", output});
            const auto ran = ikescope("read", arguments);
            EXPECT_EQ(ran.status, 1) << output; // as decrypt
            EXPECT_NE(ran.err.find("the original is never overwritten"), std::string::npos) << ran.err;
            EXPECT_EQ(fs::file_size(original), size) << output;
        }
}

TEST(Read, WhatWritesPacketsPrintsNone) {
    const auto output = testing::TempDir() + "written.pcap";
    for (const Arguments& printing : {Arguments{"-T", "json"}, Arguments{"-T", "fields", "-e", "frame.number"}}) {
        Arguments arguments{pcaps + "lab/v2_ok/v2_ok.pcap", "-w", output};
        arguments.insert(arguments.end(), printing.begin(), printing.end());
        const auto ran = ikescope("read", arguments);
        EXPECT_EQ(ran.status, 1);
        EXPECT_NE(ran.err.find("-w writes packets to a file instead of printing them"), std::string::npos) << ran.err;
    }
}

TEST(Read, AFieldThatNeedsASecondPassSaysSo) {
    const auto file = pcaps + "lab/v2_ok/v2_ok.pcap";
    for (const Arguments& asking : {Arguments{file, "-Y", "ike.response_in == 4"}, Arguments{file, "-T", "fields", "-e", "ike.response_in"}}) {
        const auto once = ikescope("read", asking);
        EXPECT_EQ(once.status, 0);
        EXPECT_NE(once.err.find("ike.response_in is known only when the captures are read twice: add -2"), std::string::npos) << once.err;
        auto twice = asking;
        twice.emplace_back("-2");
        EXPECT_EQ(ikescope("read", twice).err, "");
    }
    EXPECT_EQ(ikescope("read", {file, "-V"}).err, "");
}

/// A password of eight letters in every spelling that bytes have here.
bool shows_password(const std::string& text) {
    constexpr std::string_view spellings[] = {"eap-word", "6561702d776f7264", "65:61:70:2d:77:6f:72:64", "65 61 70 2d 77 6f 72 64", "61 70 2d 77"};
    return std::ranges::any_of(spellings, [&](std::string_view spelling) { return text.find(spelling) != text.npos; });
}

TEST(Read, APasswordShowsInNoOtherValueEither) {
    const Arguments formats[] = {{"-V"}, {"-x"}, {"-V", "-x"}, {"-T", "json"}, {"-T", "ek"}, {"-T", "pdml"}};
    for (auto arguments : formats) {
        arguments.insert(arguments.end(), {"-Y", "isakmp.cfg.attr.xauth.user_password"});
        const auto hidden = read_of("lab/v1_xauth_main/v1_xauth_main", arguments);
        EXPECT_FALSE(shows_password(hidden)) << hidden;
        EXPECT_NE(hidden, "");
        arguments.emplace_back("--show-secrets");
        EXPECT_TRUE(shows_password(read_of("lab/v1_xauth_main/v1_xauth_main", arguments))) << arguments.front();
    }
}

TEST(Read, APasswordInClearIsHiddenInValuesAndStaysInTheFrame) { // EAP-GTC, RFC 3748 5.6
    const std::string message = "1111111111111111 2222222222222222 30 20 23 08 00000001 0000002d 00 00 0011 02 01 000d 06 6561702d776f7264";
    const Arguments columns{"-T", "fields", "-e", "ike.eap.password", "-e", "isakmp.eap.data", "-e", "udp.payload"};
    const std::string hidden = "(hidden, --show-secrets shows it)";
    EXPECT_EQ(read_one(message, columns), hidden + "\t" + hidden + "\t" + hidden + "\n");
    for (const auto* format : {"json", "pdml", "ek"}) EXPECT_FALSE(shows_password(read_one(message, {"-T", format}))) << format;
    std::string letters; // the columns of the dump's right side
    std::istringstream dump(read_one(message, {"-x"}));
    for (std::string line; std::getline(dump, line);)
        if (line.size() > 56 && line.starts_with("00")) letters += line.substr(56);
    EXPECT_NE(letters.find("eap-word"), letters.npos) << "who can read the frame knows it";
    EXPECT_EQ(read_one(message, {"-T", "fields", "-e", "eap.type", "-Y", "eap && eap.type == 6"}), "6\n");
}

TEST(Read, OfACutHeaderOnlyWhatWasCapturedIsShown) {
    namespace make = capture::test;
    const auto message = make::from_hex("1111111111111111 0000000000000000 21 20 22 08 00000007 0000001c");
    const auto frame = make::ethernet(0x0800, make::ipv4(17, make::udp(500, 500, message)));
    const auto row_of = [&](std::size_t captured) {
        const auto size = frame.size() - message.size() + captured;
        const auto file = make::Maker(false).pcap_header().record(1'000'000'000, 0, Bytes(frame).first(size), static_cast<std::uint32_t>(frame.size())).bytes;
        return ikescope("read", {temporary("cut-header.pcap", std::string(text_of(file)))}).out;
    };
    EXPECT_NE(row_of(18).find("ISAKMP header, incomplete [cut short by the capture]"), std::string::npos) << row_of(18);
    EXPECT_NE(row_of(19).find("IKE_SA_INIT [cut short by the capture]"), std::string::npos) << row_of(19);
    EXPECT_NE(row_of(20).find("IKE_SA_INIT Initiator Request [cut short by the capture]"), std::string::npos) << row_of(20);
    EXPECT_NE(row_of(24).find("IKE_SA_INIT MID=07 Initiator Request [cut short by the capture]"), std::string::npos) << row_of(24);
}

TEST(Read, WhatDoesNotFitWithinAPayloadIsMalformedToo) {
    const char* messages[] = {
        "1111111111111111 2222222222222222 2a 20 25 08 00000001 0000002c 00 00 0010 03 04 0009 01020304 05060708", // D: 9 SPIs, 2 are there
        "1111111111111111 2222222222222222 35 20 23 08 00000001 00000034 29 00 0018 0000 0003 00000000 00000000 00000000 00000000"}; // SKF 0 of 3
    for (const auto* message : messages) {
        EXPECT_NE(read_one(message, {}).find("[Malformed]"), std::string::npos) << read_one(message, {"-V"});
        EXPECT_EQ(read_one(message, {"-T", "fields", "-e", "frame.number", "-Y", "ike.finding contains \"malformed\""}), "1\n");
        EXPECT_NE(read_one(message, {"-V"}).find("[Finding: malformed: "), std::string::npos) << read_one(message, {"-V"});
    }
    EXPECT_EQ(read_of("lab/v2_ok/v2_ok", {}).find("[Malformed]"), std::string::npos);
}

const std::string null_capture = pcaps + "crafted/null.pcap", two_links = pcaps + "crafted/two-links.pcapng";

TEST(Read, AFullDiskIsSaid) {
    class Full final : public std::streambuf { // takes text and cannot write it out
        int overflow(int letter) override { return letter; }
        std::streamsize xsputn(const char*, std::streamsize count) override { return count; }
        int sync() override { return -1; }
    } full;
    for (const auto* format : {"text", "json", "ek", "pdml"}) {
        std::ostream out(&full);
        std::ostringstream err;
        Terminal terminal{out, err};
        EXPECT_EQ(run({"read", null_capture, "-T", format}, terminal), Exit::input) << format;
        EXPECT_NE(err.str().find("standard output cannot be written"), std::string::npos) << format;
    }
}

TEST(Read, WhatIsWrittenKeepsInterfacesAndPrecision) {
    namespace make = capture::test;
    const auto content_of = [](const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const auto frame = make::ethernet(0x0800, make::ipv4(17, make::udp(500, 500, make::isakmp())));
    make::Maker sides(false);
    sides.section().interface(1, make::Maker(false).option(2, "inside").n(0, 4)).interface(1, make::Maker(false).option(2, "outside").option(3, "uplink").n(0, 4));
    for (const auto side : {0U, 1U, 0U}) sides.packet(side, 1'000'000, frame, make::Maker(false));
    const auto from = temporary(own("sides.pcapng"), std::string(text_of(sides.bytes))), to = temporary(own("to.pcapng"), "");
    EXPECT_EQ(ikescope("read", {from, "-w", to}).err, "");
    EXPECT_EQ(ikescope("read", {to, "-T", "fields", "-e", "frame.interface_id"}).out, "0\n1\n0\n");
    for (const auto* word : {"inside", "outside", "uplink"}) EXPECT_NE(content_of(to).find(word), std::string::npos) << word;
    EXPECT_EQ(ikescope("read", {from, "-w", to, "-Y", "frame.interface_id == 1"}).status, 0);
    EXPECT_EQ(ikescope("read", {to, "-T", "fields", "-e", "frame.interface_id"}).out, "1\n"); // its number stays
    EXPECT_EQ(ikescope("read", {from, null_capture, "-w", to}).status, 0);
    EXPECT_EQ(ikescope("read", {to, "-T", "fields", "-e", "frame.interface_id", "-c", "4"}).out, "0\n1\n0\n2\n");
    EXPECT_EQ(ikescope("read", {two_links, "-w", to}).status, 0);
    const std::vector<std::string> times{"-T", "fields", "-e", "frame.interface_id", "-e", "frame.time_epoch", "-e", "frame.comment"};
    const auto shown = [&](const std::string& path) {
        Arguments arguments{path};
        arguments.insert(arguments.end(), times.begin(), times.end());
        return ikescope("read", arguments).out;
    };
    EXPECT_EQ(shown(to), shown(two_links));

    const auto classic = temporary(own("to.pcap"), "");
    EXPECT_EQ(ikescope("read", {null_capture, "-w", classic}).status, 0);
    EXPECT_EQ(content_of(classic), content_of(null_capture)); // this machine's byte order, microseconds, snap length
    EXPECT_EQ(ikescope("read", {null_capture, "-w", to, "-F", "pcap"}).status, 0);
    EXPECT_EQ(content_of(to), content_of(null_capture));
    EXPECT_EQ(ikescope("read", {pcaps + "crafted/nano-be.pcap", "-w", classic}).status, 0);
    EXPECT_EQ(shown(classic), shown(pcaps + "crafted/nano-be.pcap"));
}

TEST(Read, HabitsOfTsharkWorkOrAreRefusedInWords) {
    const auto whole = ikescope("read", {null_capture}).out, to = temporary(own("to.pcapng"), "");
    EXPECT_EQ(ikescope("read", {"-r", null_capture}).out, whole);
    EXPECT_EQ(ikescope("read", {"-r", null_capture, "-w", to, "-P"}).out, whole);
    EXPECT_EQ(ikescope("read", {"-r", null_capture, "-w", to, "-q"}).out, "");
    struct Refused {
        Arguments arguments;
        const char* words;
    };
    const Refused refused[] = {
        {{}, "FILE is required"},
        {{null_capture, "isakmp"}, "did you mean -Y 'isakmp'?"},
        {{null_capture, "-Y", "ip", "-Y", "udp"}, "ikescope: -Y stands more than once: leave all but one out\n"},
        {{null_capture, "-c", "1", "-c", "2"}, "-c stands more than once"},
        {{null_capture, "-q"}, "-w FILE only"},
        {{null_capture, "-F", "pcap"}, "add -w FILE"},
        {{null_capture, "-w", to, "-F", "snoop"}, "pcap or pcapng"},
        {{null_capture, "-w", to, "-V"}, "-V, -O and -x do not go with it; add -P"},
        {{null_capture, "-w", to, "-x"}, "-V, -O and -x do not go with it; add -P"},
        {{null_capture, "-w", "-", "-P"}, "name a file"},
        {{null_capture, "-z", "io,stat"}, "ikescope: there is no -z here: statistics are those of ikescope analyze\n"},
    };
    for (const auto& [arguments, words] : refused) {
        const auto ran = ikescope("read", arguments);
        EXPECT_EQ(ran.status, 1) << words;
        EXPECT_NE(ran.err.find(words), std::string::npos) << ran.err;
    }
}

TEST(Read, FieldsBelowIkeAreThoseOfTshark) {
    const auto values = [](const std::string& capture, const std::string& field, const Arguments& more = {"-c", "1"}) {
        Arguments arguments{pcaps + capture, "-T", "fields", "-e", field};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return ikescope("read", arguments).out;
    };
    EXPECT_EQ(values("crafted/null.pcap", "null.family"), "2\n"); // either byte order
    EXPECT_EQ(values("crafted/null-be.pcap", "null.family"), "2\n");
    EXPECT_EQ(values("crafted/ipv6-ext.pcap", "ip.version"), "6\n");
    EXPECT_EQ(values("crafted/frag-inorder.pcap", "ip.frag_offset", {"-c", "2"}), "0\n8\n"); // in units of 8 octets
    EXPECT_EQ(values("tcp/iketcp-port443.pcap", "tcp.flags.syn"), "1\n");
    EXPECT_EQ(values("tcp/iketcp-port443.pcap", "tcp.flags.ack"), "0\n");
    EXPECT_EQ(values("tcp/iketcp-port443.pcap", "eth.dst.lg"), "1\n");
    EXPECT_EQ(values("tcp/iketcp-port443.pcap", "eth.dst.ig"), "0\n");
}

}} // namespace ikescope::cli
