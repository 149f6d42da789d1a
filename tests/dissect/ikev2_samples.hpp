#pragma once
// Data of tests/data/dissect/ikev2_*: bodies of every payload type, decrypted chains of the lab, what tshark says.

#include "dissect/ikev2.hpp"
#include "tests/dissect/samples.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace ikescope::dissect::samples {

inline std::filesystem::path data_file(const char* name) {
    return std::filesystem::path(IKESCOPE_SOURCE_DIR) / "tests/data/dissect" / name;
}

/// The lines of a data file cut at `separator`; comments and empty lines left out.
inline std::vector<std::vector<std::string>> rows_of(const char* name, char separator) {
    std::ifstream file(data_file(name));
    EXPECT_TRUE(file) << name;
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::vector<std::string> cells(1);
        for (const auto letter : line) letter == separator ? static_cast<void>(cells.emplace_back()) : cells.back().push_back(letter);
        rows.push_back(std::move(cells));
    }
    return rows;
}

/// A payload body built from the RFCs' pictures by make_ikev2_facts.py.
struct Body {
    std::string name;
    std::uint8_t type = 0;
    Buffer bytes;
};
inline void PrintTo(const Body& body, std::ostream* out) { *out << body.name; }
inline const std::vector<Body>& ikev2_bodies() {
    static const auto all = [] {
        std::vector<Body> bodies;
        for (const auto& row : rows_of("ikev2_payloads.txt", ' '))
            bodies.push_back({row[0], static_cast<std::uint8_t>(std::stoi(row[1])), row[2] == "-" ? Buffer{} : *parse_hex(row[2])});
        return bodies;
    }();
    return all;
}
inline const Body& ikev2_body(std::string_view name) {
    const auto at = std::ranges::find(ikev2_bodies(), name, &Body::name);
    EXPECT_NE(at, ikev2_bodies().end()) << name;
    return *at;
}

inline const std::vector<Plain>& ikev2_chains() {
    static const auto all = [] {
        std::vector<Plain> chains;
        for (const auto& row : rows_of("ikev2_plain.txt", ' '))
            chains.push_back({row[0], std::stoul(row[1]), static_cast<std::uint8_t>(std::stoi(row[2])),
                              static_cast<std::uint8_t>(std::stoi(row[3])), *parse_hex(row[4])});
        return chains;
    }();
    return all;
}

/// An IKE_AUTH request that carries one payload in the clear.
inline Buffer message_with(std::uint8_t type, Bytes body, std::uint8_t second_byte = 0) {
    Buffer out;
    Writer writer(out);
    writer.number(0x1111111111111111, 8);
    writer.number(0x2222222222222222, 8);
    for (const auto byte : {int{type}, 0x20, 35, 8}) writer.number(static_cast<std::uint64_t>(byte), 1);
    writer.number(1, 4);
    writer.number(header_size + generic_header_size + body.size(), 4);
    writer.number(0, 1);
    writer.number(second_byte, 1);
    writer.number(generic_header_size + body.size(), 2);
    writer.bytes(body);
    return out;
}

/// The body as the walk would find it.
inline PayloadRef ref_of(const Body& body) {
    return {body.type, 0, 0, 0, static_cast<std::uint32_t>(body.bytes.size() + generic_header_size), body.bytes};
}

/// Walks and explains; `message` must outlive the tree.
inline Tree explained(Bytes message) {
    Message walked;
    walk(message, 0, message.size(), walked);
    Tree tree;
    tree.use_buffer("Frame", message);
    explain(walked, tree);
    return tree;
}

} // namespace ikescope::dissect::samples
