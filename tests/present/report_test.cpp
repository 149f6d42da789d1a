// The formats of `read`, as their readers take them: JSON and XML parsers, tshark's columns.

#include "tests/present/captures.hpp"

#include <nlohmann/json.hpp>

namespace ikescope::present {
namespace {

constexpr auto main_mode = "lab/ikev1-mm-qm-esp/ikev1-mm-qm-esp.pcap";

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

TEST(Report, AListLineHasTsharksColumns) {
    const auto line = first_line(testing::report(main_mode, {}));
    // tshark 4.0.17 -r, up to its Info
    EXPECT_TRUE(line.starts_with("    1   0.000000    10.98.0.1 \u2192 10.98.0.2    ISAKMP 222 Identity Protection (Main Mode)")) << line;
    EXPECT_TRUE(line.ends_with(" [ SA V V V V V ]")) << line;
}

TEST(Report, TimesAreTsharks) {
    setenv("TZ", "UTC", 1);
    // tshark 4.0.17 -t …, second line, first columns
    const std::pair<TimeForm, std::string_view> forms[] = {
        {TimeForm::absolute_date, "    2 2026-11-23 17:30:58.414157    10.98.0.2"}, {TimeForm::absolute, "    2 17:30:58.414157    10.98.0.2"},
        {TimeForm::absolute_year_day, "    2 2026/327 17:30:58.414157    10.98.0.2"}, {TimeForm::delta, "    2   0.001696    10.98.0.2"},
        {TimeForm::epoch, "    2 1795455058.414157    10.98.0.2"}};
    for (const auto& [form, expected] : forms) {
        ReportOptions options;
        options.rows.time = form;
        const auto text = testing::report(main_mode, std::move(options));
        EXPECT_TRUE(text.substr(text.find('\n') + 1).starts_with(expected)) << text.substr(text.find('\n') + 1, 60);
    }
}

TEST(Report, JsonKeepsEveryPayload) {
    ReportOptions options;
    options.format = ReportOptions::Format::json;
    const auto packets = nlohmann::json::parse(testing::report(main_mode, std::move(options)));
    ASSERT_EQ(packets.size(), 21U);
    const auto& isakmp = packets[0]["_source"]["layers"]["isakmp"];
    EXPECT_EQ(isakmp["isakmp.typepayload"].size(), 6U);
    EXPECT_EQ(isakmp["isakmp.typepayload_tree"].size(), 6U);
    EXPECT_EQ(isakmp["isakmp.exchangetype"], "2");
    EXPECT_EQ(isakmp["isakmp.flags_tree"]["isakmp.flag_e"], "0");
}

TEST(Report, EkIsTwoJsonLinesPerPacket) {
    ReportOptions options;
    options.format = ReportOptions::Format::ek;
    std::istringstream lines(testing::report("crafted/gre.pcap", std::move(options)));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const auto parsed = nlohmann::json::parse(line);
        if (count == 0) {
            EXPECT_TRUE(parsed.contains("index"));
        } else if (count == 1) {
            EXPECT_EQ(parsed["layers"]["isakmp"]["isakmp_isakmp_flag_e"], false);
        }
    }
    EXPECT_EQ(count, 18U);
}

TEST(Report, BitsAreThoseOfThePacket) { // 0x45: the value counts bytes, the bits count words
    ReportOptions details, pdml;
    details.format = ReportOptions::Format::details;
    pdml.format = ReportOptions::Format::pdml;
    const auto text = testing::report(main_mode, std::move(details)), document = testing::report(main_mode, std::move(pdml));
    EXPECT_NE(text.find("\n    .... 0101 = Header Length: 20\n"), std::string::npos);
    EXPECT_NE(document.find("show=\"20\" value=\"5\" unmaskedvalue=\"45\""), std::string::npos);
    EXPECT_NE(text.find("]\n    [Time delta from previous displayed frame: 0.000000000]\n"), std::string::npos);
}

TEST(Report, WhatTheSnapLengthCutIsNoError) {
    ReportOptions options;
    options.format = ReportOptions::Format::details;
    const auto text = testing::report("crafted/snap96.pcap", std::move(options));
    EXPECT_NE(text.find("    Payload: Proposal (2) # 1\n"), std::string::npos);
    EXPECT_NE(text.find("[warning: Reserved needs 2 bytes, 0 are left]"), std::string::npos);
    EXPECT_EQ(text.find("error"), std::string::npos);
}

TEST(Report, AComplaintIsNoValue) { // an ID_IPV4_ADDR of one byte
    const Byte identity[] = {0xde};
    Tree tree;
    tree.use_buffer("Frame", identity);
    const auto node = tree.add(*FieldCatalog::get().find("isakmp.id.data").front(), 0, 1);
    tree.annotate(node, "IPV4_ADDR must have 4 bytes, 1 is there");
    tree.judge(node, Severity::error);
    StringSink sink;
    Output out(sink);
    ValueWriter({}).value(out, tree, tree.nodes()[node]);
    out.flush();
    EXPECT_EQ(sink.content, "1");
}

TEST(Report, FieldsFollowTheirOptions) {
    ReportOptions options;
    options.format = ReportOptions::Format::fields;
    options.fields = {"frame.number", "isakmp.typepayload", "ip.addr"};
    for (const auto* word : {"header=y", "separator=;", "quote=d", "occurrence=l"}) ASSERT_TRUE(options.field_options.set(word));
    const auto text = testing::report(main_mode, std::move(options));
    EXPECT_TRUE(text.starts_with("frame.number;isakmp.typepayload;ip.addr\n\"1\";\"13\";\"10.98.0.2\"\n")) << text.substr(0, 80);
    EXPECT_FALSE(FieldOptions().set("quote=x"));
    EXPECT_FALSE(FieldOptions().set("colour=y"));
    EXPECT_FALSE(FieldOptions().set("escape=y")) << "tshark 4.0 has no such word";
}

TEST(Report, FieldsMayBeginWithAByteOrderMark) {
    ReportOptions options;
    options.format = ReportOptions::Format::fields;
    options.fields = {"frame.number"};
    for (const auto* word : {"bom=y", "header=y"}) ASSERT_TRUE(options.field_options.set(word));
    EXPECT_TRUE(testing::report(main_mode, std::move(options)).starts_with("\xef\xbb\xbf" "frame.number\n1\n")); // as tshark 4.0.17
}

TEST(Report, AFieldThatIsNeverFilledIsAnEmptyColumn) { // scripts made for tshark work on
    ReportOptions options;
    options.format = ReportOptions::Format::fields;
    options.fields = {"frame.number", "isakmp.attribute_value_empty", "ip.src"};
    EXPECT_TRUE(never_filled(options.fields).find("isakmp.attribute_value_empty (no field but a judgement") != std::string::npos);
    EXPECT_EQ(never_filled({"frame.number"}), "");
    EXPECT_TRUE(testing::report(main_mode, std::move(options)).starts_with("1\t\t10.98.0.1\n"));
}

TEST(Report, ArpSaysWhoAsksForWhom) {
    Buffer bytes(12, 2);
    const auto append = [&](std::initializer_list<int> more) { for (const int byte : more) bytes.push_back(static_cast<Byte>(byte)); };
    append({8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2});
    const auto info = [&](std::size_t size) {
        capture::Frame frame;
        frame.bytes = Bytes(bytes).first(size);
        frame.link_type = 1;
        Packet packet;
        packet.frame = &frame;
        return std::string(RowWriter({}).info(packet));
    };
    EXPECT_EQ(info(bytes.size()), "Who has 192.0.2.2? Tell 192.0.2.1");
    bytes[21] = 2;
    EXPECT_EQ(info(bytes.size()), "192.0.2.1 is at 02:00:00:00:00:01");
    EXPECT_EQ(info(bytes.size() - 1), "");
}

TEST(Report, AnUnknownFieldIsAnErrorThatGuesses) {
    StringSink sink;
    Output out(sink);
    ReportOptions options;
    options.fields = {"isakmp.ispii"};
    const auto made = PacketReport::make(std::move(options), out);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().sentence.find("did you mean isakmp.ispi?"), std::string::npos);
}

TEST(Escape, TextCannotLeaveItsPlace) {
    const auto escaped = [](std::string_view text, Escape escape) {
        StringSink sink;
        Output out(sink);
        append_escaped(out, text, escape);
        out.flush();
        return sink.content;
    };
    EXPECT_EQ(escaped("a\x1b[31m\n", Escape::terminal), "a\\x1b[31m\\n");
    EXPECT_EQ(escaped("\xc2\x9b", Escape::terminal), "\\x9b"); // a C1 control introducer
    EXPECT_EQ(escaped("\"\\\x01\xff", Escape::json), "\\\"\\\\\\u0001\xef\xbf\xbd");
    EXPECT_EQ(escaped("<&\">", Escape::xml), "&lt;&amp;&quot;&gt;");
    EXPECT_EQ(escaped("a\xef\xbf\xbe\xef\xbf\xbfz", Escape::xml), "a\xef\xbf\xbd\xef\xbf\xbdz"); // no characters of XML 1.0
    EXPECT_EQ(escaped("\xed\xa0\x80", Escape::json), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); // a surrogate is no UTF-8
}

TEST(Output, LongTextsAndManyShortOnesArriveWhole) {
    StringSink sink;
    std::string expected;
    {
        Output out(sink);
        const std::string large(Output::capacity * 2 + 7, 'x');
        for (int i = 0; i < 40'000; ++i) {
            out.text("seven77");
            out.decimal(static_cast<std::uint64_t>(i));
            out.hexadecimal(0xbeef, 8);
            expected += "seven77" + std::to_string(i) + "0000beef";
        }
        out.text(large);
        out.colon_hex(bytes_of(large));
        expected += large;
        for (std::size_t i = 0; i < large.size(); ++i) expected += i ? ":78" : "78";
        out.blanks(700);
        expected += std::string(700, ' ');
    }
    EXPECT_TRUE(sink.content == expected);
}

} // namespace
} // namespace ikescope::present
