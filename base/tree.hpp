#pragma once
// A packet explained: nodes in reading order, each pointing at the bytes it explains.
//
// The tree is flat (pre-order, with depths) and is reused from packet to packet, so building one allocates nothing in
// the long run. Values stay numbers and ranges; words are made by whoever shows them (present).

#include "base/bytes.hpp"
#include "base/cursor.hpp"
#include "base/field.hpp"

#include <string>
#include <vector>

namespace ikescope {

enum class Severity : std::uint8_t { none, note, warning, error };

/// One line of the tree. Covers [offset, offset + length) of buffer number `buffer`; derived nodes have length 0.
struct Node {
    const Field* field = nullptr;
    std::uint64_t number = 0; ///< value of number, boolean, IPv4, time kinds
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    std::uint32_t note = 0;        ///< place of the annotation in the text pool
    std::uint32_t note_length = 0; ///< 0 = no annotation
    std::uint16_t buffer = 0;
    std::uint8_t depth = 0;
    Severity severity = Severity::none;
    bool generated = false; ///< stands in no byte of the packet: computed or concluded
};

/// A byte sequence that nodes point into: the frame, or something made from it.
struct TreeBuffer {
    std::string name; ///< "Frame", "Decrypted IKE", "Reassembled IKE"
    Bytes bytes;
};

class Tree {
public:
    using Index = std::size_t;

    /// Forgets everything but keeps the memory.
    void clear() {
        nodes_.clear();
        texts_.clear();
        buffers_.clear();
        depth_ = 0;
        buffer_ = 0;
    }

    /// Makes another byte sequence known and directs the nodes that follow to it; returns its number.
    std::uint16_t use_buffer(std::string_view name, Bytes bytes) {
        buffers_.push_back({std::string(name), bytes});
        return buffer_ = static_cast<std::uint16_t>(buffers_.size() - 1);
    }
    /// Directs the nodes that follow to a known buffer.
    void switch_buffer(std::uint16_t buffer) { buffer_ = buffer; }
    std::uint16_t current_buffer() const { return buffer_; }

    Index add(const Field& field, std::size_t offset, std::size_t length, std::uint64_t number = 0) {
        nodes_.push_back(Node{&field, number, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length), 0, 0,
                              buffer_, depth_, Severity::none, false});
        return nodes_.size() - 1;
    }
    /// A node that stands in no byte of the packet.
    Index add_generated(const Field& field, std::uint64_t number = 0, std::string_view note = {}) {
        const auto index = add(field, 0, 0, number);
        nodes_[index].generated = true;
        if (!note.empty()) annotate(index, note);
        return index;
    }
    /// Words beside the value, or the value itself for Kind::text and Kind::none nodes that are not read from bytes.
    void annotate(Index index, std::string_view note) {
        nodes_[index].note = static_cast<std::uint32_t>(texts_.size());
        nodes_[index].note_length = static_cast<std::uint32_t>(note.size());
        texts_ += note;
    }
    void judge(Index index, Severity severity) { nodes_[index].severity = severity; }
    /// Ends a node whose length was not known at its start.
    void end_at(Index index, std::size_t end_offset) {
        nodes_[index].length = static_cast<std::uint32_t>(end_offset - nodes_[index].offset);
    }

    /// What follows stands one level deeper, until close().
    void open() { ++depth_; }
    void close() { --depth_; }

    const std::vector<Node>& nodes() const { return nodes_; }
    Node& node(Index index) { return nodes_[index]; }
    const std::vector<TreeBuffer>& buffers() const { return buffers_; }
    std::string_view note(const Node& node) const {
        return std::string_view(texts_).substr(node.note, node.note_length);
    }
    /// The bytes a node covers; nothing for derived nodes.
    Bytes bytes(const Node& node) const {
        if (node.buffer >= buffers_.size()) return {};
        const auto all = buffers_[node.buffer].bytes;
        if (node.offset > all.size() || node.length > all.size() - node.offset) return {};
        return all.subspan(node.offset, node.length);
    }

private:
    std::vector<Node> nodes_;
    std::string texts_;
    std::vector<TreeBuffer> buffers_;
    std::uint8_t depth_ = 0;
    std::uint16_t buffer_ = 0;
};

/// Opens a level for the lifetime of the object.
class TreeLevel {
public:
    explicit TreeLevel(Tree* tree) : tree_(tree) {
        if (tree_) tree_->open();
    }
    ~TreeLevel() {
        if (tree_) tree_->close();
    }
    TreeLevel(const TreeLevel&) = delete;
    TreeLevel& operator=(const TreeLevel&) = delete;

private:
    Tree* tree_;
};

} // namespace ikescope
