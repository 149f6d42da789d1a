#include "tests/dissect/samples.hpp"

#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>

namespace ikescope::dissect::samples {

namespace {

Buffer read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::size_t number(Bytes bytes, std::size_t at, std::size_t width) { return big_endian(bytes.subspan(at, width)); }

/// Ethernet, IPv4 in one piece, UDP: the ISAKMP message, or nothing.
Bytes message_of(Bytes frame) {
    if (frame.size() < 42 || number(frame, 12, 2) != 0x0800 || frame[23] != 17) return {};
    const auto udp = 14 + 4 * static_cast<std::size_t>(frame[14] & 15);
    if (frame.size() < udp + 8 || (number(frame, 20, 2) & 0x3fff) != 0) return {};
    auto payload = frame.subspan(udp + 8);
    const bool floated = number(frame, udp, 2) == 4500 || number(frame, udp + 2, 2) == 4500;
    if (!floated) return payload;
    if (payload.size() < 4 || number(payload, 0, 4) != 0) return {};
    return payload.subspan(4);
}

} // namespace

std::vector<Sample> read_capture(const std::filesystem::path& path) {
    std::vector<Sample> samples;
    const auto file = read_file(path);
    const Bytes all = file;
    if (file.size() < 24 || little_endian(all.first(4)) != 0xa1b2c3d4 || little_endian(all.subspan(20, 4)) != 1) return samples;
    std::size_t frame = 0;
    for (std::size_t at = 24; at + 16 <= all.size();) {
        const auto size = static_cast<std::size_t>(little_endian(all.subspan(at + 8, 4)));
        if (at + 16 + size > all.size()) break;
        const auto message = message_of(all.subspan(at + 16, size));
        ++frame;
        if (is_isakmp(message)) samples.push_back({path.stem().string(), frame, {message.begin(), message.end()}});
        at += 16 + size;
    }
    return samples;
}

const std::vector<Sample>& lab_messages() {
    static const auto all = [] {
        std::vector<Sample> samples;
        const std::filesystem::path lab = IKESCOPE_SOURCE_DIR "/pcaps/lab";
        for (const auto& entry : std::filesystem::recursive_directory_iterator(lab))
            if (entry.path().extension() == ".pcap")
                for (auto& sample : read_capture(entry.path())) samples.push_back(std::move(sample));
        return samples;
    }();
    return all;
}

const std::vector<Plain>& plain_chains() {
    static const auto all = [] {
        std::vector<Plain> chains;
        std::ifstream file(IKESCOPE_SOURCE_DIR "/tests/data/dissect/ikev1_plain.txt");
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with('#')) continue;
            std::istringstream in(line);
            Plain plain;
            unsigned exchange = 0, first = 0;
            std::string digits;
            in >> plain.capture >> plain.frame >> exchange >> first >> digits;
            plain.exchange = static_cast<std::uint8_t>(exchange);
            plain.first = static_cast<std::uint8_t>(first);
            plain.bytes = *parse_hex(digits);
            chains.push_back(std::move(plain));
        }
        return chains;
    }();
    return all;
}

std::string dump(const Tree& tree) {
    std::string text;
    for (const auto& node : tree.nodes())
        text += fmt::format("{:{}}{} [{},{}) {} {}\n", "", 2 * node.depth, node.field->name, node.offset,
                            node.offset + node.length, node.number, tree.note(node));
    return text;
}

const Node& find(const Tree& tree, std::string_view name) {
    for (const auto& node : tree.nodes())
        if (node.field->name == name) return node;
    ADD_FAILURE() << "no " << name << " in\n" << dump(tree);
    static const Node none;
    return none;
}

std::size_t count(const Tree& tree, std::string_view name) {
    return static_cast<std::size_t>(
        std::ranges::count(tree.nodes(), name, [](const Node& node) { return node.field->name; }));
}
bool has(const Tree& tree, std::string_view name) { return count(tree, name) > 0; }

namespace {

/// Every node within its parent; empty when so.
std::string nesting_fault(const Tree& tree) {
    std::vector<const Node*> path;
    for (const auto& node : tree.nodes()) {
        if (node.depth > path.size()) return fmt::format("{} skips a level", node.field->name);
        path.resize(node.depth);
        if (!path.empty() && node.length > 0) {
            const auto& parent = *path.back();
            if (node.offset < parent.offset || node.offset + node.length > parent.offset + parent.length)
                return fmt::format("{} leaves its parent {}", node.field->name, parent.field->name);
        }
        path.push_back(&node);
    }
    return {};
}

bool is_leaf(const std::vector<Node>& nodes, std::size_t index) {
    // Generated nodes below a node take none of its bytes.
    for (auto next = index + 1; next < nodes.size() && nodes[next].depth > nodes[index].depth; ++next)
        if (nodes[next].length > 0) return false;
    return true;
}

} // namespace

std::string partition_fault(const Tree& tree, std::size_t begin, std::size_t size) {
    if (auto fault = nesting_fault(tree); !fault.empty()) return fault;
    const auto& nodes = tree.nodes();
    std::size_t last_start = begin, covered = begin;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto& node = nodes[i];
        if (node.length == 0 || !is_leaf(nodes, i)) continue;
        const bool again = node.offset == last_start && node.offset + node.length == covered;
        if (!again && node.offset != covered)
            return fmt::format("{} begins at {}, covered until {}", node.field->name, node.offset, covered);
        last_start = node.offset;
        covered = node.offset + node.length;
    }
    return covered == begin + size ? std::string{} : fmt::format("covered until {} of {}", covered, begin + size);
}

} // namespace ikescope::dissect::samples
