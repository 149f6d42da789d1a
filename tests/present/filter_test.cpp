// Filters on real captures: the frames that tshark 4.0.17 printed for the same filter, or ours with the reason where it
// refuses (tests/data/read/filters.tsv); and what is said about wrong filters.

#include "tests/present/captures.hpp"

namespace ikescope::present {
namespace {

TEST(Filter, SelectsTheFramesThatTsharkSelects) {
    for (const auto& row : testing::table("read/filters.tsv")) {
        ASSERT_GE(row.size(), 3U);
        const auto &capture = row[0], &text = row[1], &expected = row[2];
        auto filter = Filter::compile(text);
        if (expected.starts_with("refused: ")) {
            ASSERT_FALSE(filter) << text;
            EXPECT_TRUE(filter.error().sentence.find(expected.substr(9)) != std::string::npos) << filter.error().sentence;
            continue;
        }
        ASSERT_TRUE(filter) << filter.error().sentence;
        ReportOptions options;
        options.format = ReportOptions::Format::none;
        options.filter = std::move(*filter);
        std::vector<std::uint64_t> shown;
        testing::report(capture, std::move(options), &shown);
        std::string frames;
        for (const auto frame : shown) frames += (frames.empty() ? "" : ",") + std::to_string(frame);
        EXPECT_EQ(frames, expected) << capture << ": " << text;
    }
}

std::string refusal(std::string_view text) {
    FilterFault fault;
    const auto filter = Filter::compile(text, &fault);
    if (filter) return "accepted";
    return filter.error().sentence;
}

TEST(Filter, PointsAtTheFaultAndGuessesWhatWasMeant) {
    EXPECT_EQ(refusal("isakmp.exchangtype == 2"), "\"isakmp.exchangtype\" is neither a field nor a protocol; did you mean isakmp.exchangetype?\n"
                                                  "    isakmp.exchangtype == 2\n"
                                                  "    ^~~~~~~~~~~~~~~~~~");
    EXPECT_NE(refusal("isakmp.notify.msgtype == \"NO_PROPOSAL_CHOOSEN\"").find("did you mean"), std::string::npos);
    EXPECT_NE(refusal("isakmp and").find("^"), std::string::npos);
    EXPECT_NE(refusal("_ws.malformed").find("ike.finding contains \"malformed\""), std::string::npos); // what a user of Wireshark tries
}

TEST(Filter, DeepAndLongFiltersEndInASentence) {
    EXPECT_NE(refusal(std::string(5000, '(') + "isakmp").find("nested too deeply"), std::string::npos);
    EXPECT_NE(refusal(std::string(70'000, ' ')).find("64 KiB"), std::string::npos);
    std::string sum = "1";
    for (int i = 0; i < 5000; ++i) sum += " + 1";
    EXPECT_NE(refusal("isakmp.length == " + sum).find("too long"), std::string::npos);
}

TEST(Filter, AHostileRegularExpressionEnds) {
    auto filter = Filter::compile("frame matches \"(.*)*(.*)*(.*)*(.*)*x{500}y\"");
    ASSERT_TRUE(filter) << filter.error().sentence;
    const std::string letters(60'000, 'x');
    Tree tree;
    tree.use_buffer("Frame", bytes_of(letters));
    tree.add(*FieldCatalog::get().find("frame").front(), 0, letters.size());
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(filter->matches(tree));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(Filter, AnswersTheSameOnATreeMadeForItAsOnAWholeTree) {
    const char* captures[] = {"lab/v2_noprop/v2_noprop.pcap", "crafted/gre.pcap", "crafted/truncated.pcap"};
    std::vector<std::string> names;
    for (const auto name : FieldCatalog::get().names())
        if (!name.starts_with("_ws.") && !name.starts_with("ike.response") && name != "frame.time_delta_displayed" && name != "ike.fault")
            names.emplace_back(name);
    for (const auto* capture : captures) {
        // All fields printed from a tree made whole, and every field alone from a tree made for it.
        ReportOptions whole;
        whole.format = ReportOptions::Format::fields;
        whole.fields = names;
        whole.fields.emplace_back("ike.fault"); // which can be anywhere: a whole tree
        std::vector<std::string> columns(names.size() + 1);
        std::size_t column = 0;
        for (const char c : testing::report(capture, std::move(whole))) {
            if (c == '\n') {
                EXPECT_EQ(column, names.size()) << capture;
                for (auto& each : columns) each += '\n';
                column = 0;
            } else if (c == '\t') {
                ++column;
            } else if (column < columns.size()) {
                columns[column] += c;
            }
        }
        for (std::size_t at = 0; at < names.size(); ++at) {
            ReportOptions part;
            part.format = ReportOptions::Format::fields;
            part.fields = {names[at]};
            EXPECT_EQ(testing::report(capture, std::move(part)), columns[at]) << capture << ": " << names[at];
        }
    }
}

} // namespace
} // namespace ikescope::present
