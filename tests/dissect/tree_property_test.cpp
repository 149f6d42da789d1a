// The leaves of a tree partition the message: no byte is unexplained, none explained twice, whatever the bytes are.

#include "tests/dissect/samples.hpp"

#include <map>

namespace ikescope::dissect {
namespace {

using samples::dump;
using samples::partition_fault;

/// Explains `bytes` as a datagram that stands at `base` of its frame; the fault of its tree.
std::string fault_of(Bytes bytes, std::size_t base, Message& message, Tree& tree) {
    tree.clear();
    tree.use_buffer("Frame", bytes);
    walk(bytes, static_cast<std::uint32_t>(base), bytes.size(), message);
    explain(message, tree);
    return partition_fault(tree, base, bytes.size());
}
std::string plain_fault_of(const samples::Plain& plain, Bytes bytes, Message& message, Tree& tree) {
    Header header;
    header.version = 0x10;
    header.flags = flag_encryption;
    tree.clear();
    tree.use_buffer("Decrypted IKE", bytes);
    walk_plain(header, plain.first, bytes, 0, message);
    explain_payloads(message, tree);
    return partition_fault(tree, 0, bytes.size());
}

TEST(TreeProperty, HoldsForEveryMessageOfTheLab) {
    Message message;
    Tree tree;
    ASSERT_GT(samples::lab_messages().size(), 150U);
    for (const auto& sample : samples::lab_messages()) {
        ASSERT_EQ(fault_of(sample.bytes, 42, message, tree), "") << sample.capture << ' ' << sample.frame << '\n' << dump(tree);
        EXPECT_FALSE(message.fault) << sample.capture << ' ' << sample.frame;
        EXPECT_FALSE(samples::has(tree, "ike.unexplained")) << sample.capture << ' ' << sample.frame << '\n' << dump(tree);
    }
}

TEST(TreeProperty, HoldsForEveryDecryptedChain) {
    Message message;
    Tree tree;
    ASSERT_GT(samples::plain_chains().size(), 40U);
    for (const auto& plain : samples::plain_chains()) {
        ASSERT_EQ(plain_fault_of(plain, plain.bytes, message, tree), "") << plain.capture << ' ' << plain.frame << '\n' << dump(tree);
        EXPECT_FALSE(message.fault);
        for (const auto& node : tree.nodes())
            EXPECT_LT(node.severity, Severity::warning) << plain.capture << ' ' << plain.frame << '\n' << dump(tree);
    }
}

/// Small messages that together have every payload type of the lab.
std::vector<Buffer> one_of_each() {
    std::map<std::pair<int, int>, Buffer> smallest;
    Message message;
    for (const auto& sample : samples::lab_messages()) {
        walk(sample.bytes, 0, sample.bytes.size(), message);
        for (const auto& payload : message.payloads) {
            auto& best = smallest[{message.header.major(), payload.type}];
            if (best.empty() || sample.bytes.size() < best.size()) best = sample.bytes;
        }
    }
    std::vector<Buffer> messages;
    for (auto& [_, bytes] : smallest)
        if (std::ranges::find(messages, bytes) == messages.end()) messages.push_back(std::move(bytes));
    return messages;
}

TEST(TreeProperty, HoldsForEveryFlippedBit) {
    Message message;
    Tree tree;
    for (auto bytes : one_of_each())
        for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
            const auto mask = static_cast<Byte>(1U << bit % 8);
            bytes[bit / 8] ^= mask;
            ASSERT_EQ(fault_of(bytes, 42, message, tree), "") << "bit " << bit << '\n' << dump(tree);
            bytes[bit / 8] ^= mask;
        }
}

TEST(TreeProperty, HoldsForEveryTruncation) {
    Message message;
    Tree tree;
    for (const auto& bytes : one_of_each())
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto cut = Bytes(bytes).first(size);
            ASSERT_EQ(fault_of(cut, 42, message, tree), "") << "size " << size << '\n' << dump(tree);
            ASSERT_TRUE(message.fault);
            walk(cut, 42, bytes.size(), message);
            EXPECT_TRUE(message.snapped) << size;
        }
}

TEST(TreeProperty, HoldsForFlippedAndTruncatedChains) {
    Message message;
    Tree tree;
    for (const auto& plain : samples::plain_chains()) {
        auto bytes = plain.bytes;
        for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
            const auto mask = static_cast<Byte>(1U << bit % 8);
            bytes[bit / 8] ^= mask;
            ASSERT_EQ(plain_fault_of(plain, bytes, message, tree), "") << "bit " << bit << '\n' << dump(tree);
            bytes[bit / 8] ^= mask;
        }
        for (std::size_t size = 0; size < bytes.size(); ++size)
            ASSERT_EQ(plain_fault_of(plain, Bytes(bytes).first(size), message, tree), "") << "size " << size << '\n' << dump(tree);
    }
}

} // namespace
} // namespace ikescope::dissect
