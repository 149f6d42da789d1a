// What tshark found in the captures of this repository, and what we find. tests/data/capture/README.md says how it was recorded.

#include "capture/decoder.hpp"
#include "capture/explain.hpp"
#include "capture/source.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace ikescope::capture {
namespace {

struct Row {
    std::string file, number, time, length, captured, source, destination, source_port, destination_port, spi, payload_end, protocols;
};

std::vector<Row> rows() {
    std::ifstream file(std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/capture/tshark.tsv");
    std::vector<Row> all;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream in(line);
        Row row;
        for (auto* text : {&row.file, &row.number, &row.time, &row.length, &row.captured, &row.source, &row.destination, &row.source_port,
                           &row.destination_port, &row.spi, &row.payload_end, &row.protocols})
            std::getline(in, *text, '\t');
        all.push_back(std::move(row));
    }
    return all;
}

std::string last_eight(const Tree& tree) {
    for (const auto& node : tree.nodes())
        if (node.field->name == "udp.payload") {
            const auto bytes = tree.bytes(node);
            return hex(bytes.last(std::min<std::size_t>(8, bytes.size())));
        }
    return "-";
}

void compare(const Row& row, const Frame& frame, const Datagram* datagram) {
    const auto where = row.file + " frame " + row.number;
    EXPECT_EQ(row.time, seconds_text(frame.time, 9)) << where;
    EXPECT_EQ(row.length, std::to_string(frame.original_length)) << where;
    EXPECT_EQ(row.captured, std::to_string(frame.bytes.size())) << where;
    if (datagram == nullptr) {
        EXPECT_EQ(row.source, "-") << where;
        return;
    }
    EXPECT_EQ(row.source, datagram->source.text()) << where;
    EXPECT_EQ(row.destination, datagram->destination.text()) << where;
    if (datagram->transport == Transport::udp) {
        EXPECT_EQ(row.source_port, std::to_string(datagram->source_port)) << where;
        EXPECT_EQ(row.destination_port, std::to_string(datagram->destination_port)) << where;
    }
    Tree tree;
    explain(frame, datagram, tree);
    EXPECT_EQ(row.payload_end, last_eight(tree)) << where;
    const bool by_content = row.file.ends_with("port501.pcap"); // which tshark does not do
    EXPECT_EQ(row.spi != "-" || by_content, datagram->content == Content::isakmp) << where;
    if (row.spi == "-") return;
    EXPECT_EQ(row.spi, hex(datagram->payload.first(8))) << where;
    EXPECT_EQ(row.protocols, protocols_of(frame, datagram)) << where;
}

TEST(Tshark, FindsTheSame) {
    const auto all = rows();
    ASSERT_GT(all.size(), 400U);
    for (std::size_t at = 0; at < all.size();) {
        const std::string path = std::string(IKESCOPE_SOURCE_DIR) + "/" + all[at].file, file = all[at].file;
        auto source = Source::open({&path, 1});
        ASSERT_TRUE(source) << source.error().sentence;
        Decoder decoder;
        Frame frame;
        Datagram datagram;
        for (; source->next(frame); ++at) {
            ASSERT_LT(at, all.size());
            ASSERT_EQ(all[at].file, file) << "more frames than tshark";
            compare(all[at], frame, decoder.decode(frame, datagram) ? &datagram : nullptr);
        }
        ASSERT_TRUE(at == all.size() || all[at].file != file) << file << ": fewer frames than tshark";
        EXPECT_EQ(source->problems().size(), file.ends_with("truncated.pcap")) << file;
    }
}

} // namespace
} // namespace ikescope::capture
