// Filters on real captures: the frames that tshark 4.0.17 printed for the same filter, or ours with the reason where it
// refuses (tests/data/read/filters.tsv); and what is said about wrong filters.

#include "capture/file_reader.hpp"
#include "secrets/read.hpp"
#include "tests/capture/make_capture.hpp"
#include "tests/present/captures.hpp"

#include <map>
#include <set>

namespace ikescope::present {
namespace {

/// The frames that pass, separated by commas.
std::string selected(const std::string& capture, const std::string& text) {
    auto filter = Filter::compile(text);
    if (!filter) return filter.error().sentence;
    ReportOptions options;
    options.format = ReportOptions::Format::none;
    options.filter = std::move(*filter);
    std::vector<std::uint64_t> shown;
    testing::report(capture, std::move(options), &shown);
    std::string frames;
    for (const auto frame : shown) frames += (frames.empty() ? "" : ",") + std::to_string(frame);
    return frames;
}

TEST(Filter, SelectsTheFramesThatTsharkSelects) {
    for (const auto& row : testing::table("read/filters.tsv")) {
        ASSERT_GE(row.size(), 3U);
        const auto &capture = row[0], &text = row[1], &expected = row[2];
        if (!expected.starts_with("refused: ")) {
            EXPECT_EQ(selected(capture, text), expected) << capture << ": " << text;
            continue;
        }
        const auto filter = Filter::compile(text);
        ASSERT_FALSE(filter) << text;
        EXPECT_TRUE(filter.error().sentence.find(expected.substr(9)) != std::string::npos) << filter.error().sentence;
    }
}

/// As tshark 4.0.17 selects them, but for quoted Ethernet addresses, which it refuses.
TEST(Filter, SelectsWhatFiltersOfWireshark40Select) {
    constexpr std::string_view whole = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21", answers = "2,4,6,8,11,13,15,17",
                               encrypted = "5,6,7,8,9,16,17,18,19,20,21";
    struct Row {
        const char* filter;
        std::string_view frames;
    };
    constexpr Row rows[] = {
        // Scaled bit fields hold more than their mask.
        {"ip.hdr_len == 20", whole}, {"ip.hdr_len == 60", ""},
        {"string(ip.src) matches \"2$\"", answers}, {"string(ip.src) == \"10.98.0.2\"", answers},
        {"string(eth.src) contains \"01:0a\"", "1,3,5,7,9,10,12,14,16,18,19,20,21"}, {"string(frame.number) == \"12\"", "12"},
        {"ike.fault or frame.time_delta_displayed >= 0", whole}, {"frame.time_delta_displayed == 0", "1"},
        {"eth.src == \"02:00:00:00:01:0a\"", "1,3,5,7,9,10,12,14,16,18,19,20,21"}, {"eth.src contains 01:0b", answers},
        {"isakmp[19] & 01", encrypted}, {"isakmp[19] & 01 == 01", encrypted}, {"isakmp[17] & 20", ""},
        {"isakmp[19:1] & isakmp[19:1] == 01", encrypted},
        {"frame.number == {1 + 2} * 2", "6"}, {"ip.len == {udp.length + 20}", whole}, {"ip.src == {10.98.0.2}", answers},
        {"{frame.number + 1} == 5", "4"}, {"-frame.number + 10 == 7", "3"}, {"frame.number == +12", "12"}, {"frame.number == 10 - -2", "12"},
        {"isakmp.flag_e == \"Encrypted\"", encrypted}, {"isakmp.flag_e == \"Not encrypted\"", "1,2,3,4"},
        {"ip.flags.df == \"Set\"", whole}, {"ip.flags.df == \"Not set\"", ""},
        {"frame.time_relative > 0.01s && frame.number < 6", "4,5"},
        {"frame.time <= \"2026-11-23T18:30:58.42+01:00\"", "1,2,3"}, {"frame.time <= \"2026-11-23 12:00:58.42-0530\"", "1,2,3"},
        {" ", whole}, {"", whole},
    };
    for (const auto& row : rows) EXPECT_EQ(selected("lab/ikev1-mm-qm-esp/ikev1-mm-qm-esp.pcap", row.filter), row.frames) << row.filter;
}

TEST(Filter, CountsTheHeadersOfAProtocol) { // ERSPAN: IP within IP
    const auto frames = [](const char* filter) { return selected("crafted/erspan.pcap", filter); };
    EXPECT_EQ(frames("ip.src#2 == 192.168.0.1"), "1,3,5,7,9");
    EXPECT_EQ(frames("ip.src#[1-2] == 192.168.0.1"), "1,3,5,7,9");
    EXPECT_EQ(frames("ip.src#-1 == 192.168.0.1"), "1,3,5,7,9"); // tshark has no negative ones
    EXPECT_EQ(frames("ip.src#1 == 192.168.0.1"), "");
    EXPECT_EQ(frames("ip.src#2"), "1,2,3,4,5,6,7,8,9");
    EXPECT_EQ(frames("ip.src#3"), "");
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

TEST(Filter, WhatCouldNeverMatchIsRefused) {
    EXPECT_NE(refusal("_ws.col.Info contains \"IKE\"").find("ask for isakmp.exchangetype, ike.label"), std::string::npos);
    EXPECT_NE(refusal("string(frame.time) == \"x\"").find("string cannot be asked of a time"), std::string::npos);
    EXPECT_NE(refusal("string(isakmp.ispi) contains \"a\"").find("string cannot be asked of a byte sequence"), std::string::npos);
    EXPECT_NE(refusal("frame.protocols contains isakmp").find("a text stands in quotes"), std::string::npos);
    EXPECT_NE(refusal("eth.src == 00:50").find("six bytes"), std::string::npos);
    EXPECT_NE(refusal("eth.src == \"router\"").find("is not an Ethernet address"), std::string::npos);
    EXPECT_NE(refusal("ip.hdr_len == 61").find("at most 60"), std::string::npos);
    EXPECT_NE(refusal("ip.src#x == 1").find("#[1-2]"), std::string::npos);
}

TEST(Filter, ShowsTheFilterInItsOwnLetters) {
    EXPECT_TRUE(refusal("isakmp.vid_string contains \"\xc3\xbc\" and ip.foo")
                    .ends_with("\n    isakmp.vid_string contains \"\xc3\xbc\" and ip.foo\n    " + std::string(35, ' ') + "^~~~~~"));
    EXPECT_NE(refusal("\"\xff\xc2\x9b\x1b\" and ip.foo").find("\n    \"???\" and"), std::string::npos);
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
        if (!name.starts_with("_ws.") && !name.starts_with("ike.response") && name != "ike.fault")
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

/// Filters of one field each, on trees made for nothing else, against whole trees.
class FieldsAlone {
public:
    void check(const Packet& packet, const std::string& where) {
        build_tree(packet, everything_, whole_);
        std::set<std::string_view> names;
        for (const auto& node : whole_.nodes()) names.insert(node.field->name);
        for (const auto name : names) {
            auto* alone = made_for(name);
            if (!alone) continue;
            build_tree(packet, alone->demand, part_);
            EXPECT_TRUE(alone->filter.matches(part_)) << where << ", frame " << packet.frame->number << ": " << name;
        }
        seen_.insert(names.begin(), names.end());
    }
    bool saw(std::string_view name) const { return seen_.contains(name); }

private:
    struct Alone {
        Filter filter;
        Demand demand;
    };
    Alone* made_for(std::string_view name) {
        if (const auto known = alone_.find(name); known != alone_.end()) return &known->second;
        auto filter = Filter::compile(name);
        if (!filter) {
            ADD_FAILURE() << filter.error().sentence;
            return nullptr;
        }
        Demand demand;
        for (const auto field : filter->fields()) demand.add(field);
        return &alone_.emplace(name, Alone{std::move(*filter), std::move(demand)}).first->second;
    }

    const Demand everything_ = Demand::everything();
    Tree whole_, part_;
    std::map<std::string_view, Alone> alone_;
    std::set<std::string_view> seen_;
};

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void check_fields(Bytes file, const secrets::Store& store, const std::string& where, FieldsAlone& fields) {
    auto reader = capture::FileReader::from_memory(file, where);
    ASSERT_TRUE(reader) << where;
    session::Sessions sessions(store);
    capture::Decoder decoder;
    capture::Frame frame;
    capture::Datagram datagram;
    while (reader->next(frame)) {
        if (!decoder.decode(frame, datagram)) continue;
        const auto& seen = sessions.add(frame, datagram);
        Packet packet;
        packet.frame = &frame;
        packet.datagram = &datagram;
        packet.message = seen.isakmp ? seen.message : nullptr;
        packet.seen = seen.isakmp ? &seen : nullptr;
        packet.esp = seen.esp;
        packet.times = {frame.time, frame.time, frame.time};
        fields.check(packet, where);
    }
}

TEST(Filter, AFieldAloneIsFoundWhereverItStands) {
    FieldsAlone fields;
    for (const std::string name : {"lab/v1mm_ok/v1mm_ok", "lab/v2_ok/v2_ok", "lab/v1_xauth_main/v1_xauth_main", "lab/v1_rsa_frag/v1_rsa_frag",
                                   "lab/v2_eap_mschapv2/v2_eap_mschapv2", "order/skf-132-312"}) {
        secrets::Store store;
        ASSERT_TRUE(secrets::read_secrets(content_of(testing::capture_path(name + ".keys")), name, store));
        const auto file = content_of(testing::capture_path(name + ".pcap"));
        check_fields(bytes_of(file), store, name, fields);
    }
    for (const auto* name : {"eap.identity", "isakmp.enc.data", "isakmp.cert.data", "isakmp.frag.last", "isakmp.cfg.attr.xauth.user_name", "ike.plain"})
        EXPECT_TRUE(fields.saw(name)) << name << ": the captures do not show what this test is about";
}

TEST(Filter, AFieldAloneIsFoundInGroupKeysAndNatTraversalToo) {
    namespace make = capture::test;
    const char* messages[] = {
        // IKEv1: NAT-OA (RFC 3947 5.2); the number of its first drafts, which is GDOI's SAT today
        "1111111111111111 2222222222222222 15 10 20 00 00000001 00000028 00 00 000c 01 000000 0a000001",
        "1111111111111111 2222222222222222 83 10 20 00 00000002 00000028 00 00 000c 01 000000 0a000001",
        // IKEv2: IDg; GSA with transforms (draft-ietf-ipsecme-g-ikev2)
        "1111111111111111 2222222222222222 32 20 28 08 00000003 0000002a 00 00 000e 0b 000000 000000000007",
        ("1111111111111111 2222222222222222 33 20 28 08 00000004 00000064 00 00 0048 03 04 0044 01020304 07 00 0010 0000 ffff 0a000001 0a000001 "
        "07 00 0010 0000 ffff ef000001 ef000001 03 00 000c 01 000014 800e 0100 00 00 0008 05 000002 0001 0004 00000e10")};
    make::Maker file(false);
    file.pcap_header();
    std::uint32_t second = 0;
    for (const auto* hex : messages)
        file.record(++second, 0, make::ethernet(0x0800, make::ipv4(17, make::udp(500, 500, make::from_hex(hex)))));
    FieldsAlone fields;
    check_fields(file.bytes, secrets::Store(), "made", fields);
    for (const auto* name : {"isakmp.id.type", "isakmp.tf.type", "isakmp.ike2.attr.key_length"}) EXPECT_TRUE(fields.saw(name)) << name;
}

} // namespace
} // namespace ikescope::present
