#pragma once
// What the tests of dissect read: messages of the lab's captures, and chains that were decrypted with logged keys.

#include "dissect/message.hpp"

#include <filesystem>

namespace ikescope::dissect::samples {

/// One UDP payload of a capture, non-ESP marker removed.
struct Sample {
    std::string capture; ///< file name without folder and ending
    std::size_t frame = 0;
    Buffer bytes;
};

/// A decrypted chain of tests/data/dissect/ikev1_plain.txt.
struct Plain {
    std::string capture;
    std::size_t frame = 0;
    std::uint8_t exchange = 0;
    std::uint8_t first = 0;
    Buffer bytes;
};

/// The ISAKMP messages of one classic little-endian Ethernet capture; only what our own lab's captures need.
std::vector<Sample> read_capture(const std::filesystem::path& path);
/// Of all captures in pcaps/lab.
const std::vector<Sample>& lab_messages();
const std::vector<Plain>& plain_chains();

/// The tree as text, one node a line: depth, name, [offset, end), number. For messages of failing tests.
std::string dump(const Tree& tree);
/// The first node of a name; fails the test when there is none.
const Node& find(const Tree& tree, std::string_view name);
bool has(const Tree& tree, std::string_view name);
std::size_t count(const Tree& tree, std::string_view name);

/// Empty when the leaves partition [begin, begin + size) of buffer 0, else what is wrong: the property every tree has.
/// Leaves may share a range exactly (bit fields); nodes of no length take no part; children lie within their parents.
std::string partition_fault(const Tree& tree, std::size_t begin, std::size_t size);

} // namespace ikescope::dissect::samples
