#pragma once
// Packets as JSON for machines: tshark's layers and names, nothing lost. docs/packet-json.md says where it differs.

#include "present/field_value.hpp"
#include "present/packet.hpp"
#include "present/packet_fields.hpp"
#include "present/text_cache.hpp"
#include "present/tree_shape.hpp"

namespace ikescope::present {

/// Text that stands before every value of a field, with 64 readable bytes: copied in one step.
class KeyTexts {
public:
    /// One text per row of the catalogue.
    explicit KeyTexts(std::string (*make)(std::string_view name));
    void append(Output& out, std::size_t name) const { append(out, name, 0); }
    /// Without its first `skip` characters.
    void append(Output& out, std::size_t name, std::size_t skip) const {
        const auto& place = places_[name];
        out.padded(texts_.data() + place.start + skip, place.length - skip);
    }

private:
    struct Place {
        std::uint32_t start, length;
    };
    std::string texts_;
    std::vector<Place> places_;
};

/// [ {"_index": …, "_source": {"layers": {…}}}, … ], a packet a line.
class JsonWriter {
public:
    explicit JsonWriter(bool show_secrets);
    /// As ValueWriter::hide().
    void hide(const HiddenBytes& hidden) { values_.hide(hidden); }
    void begin(Output& out) { out.text("[\n"); }
    void packet(Output& out, const Packet& packet, const Tree& tree);
    /// Only the fields of -e, each an array.
    void chosen(Output& out, const Packet& packet, const Tree& tree, FieldsWriter& fields);
    void end(Output& out) { out.text(any_ ? "\n]\n" : "]\n"); }

private:
    void start(Output& out, const Packet& packet);
    void object(Output& out, const Tree& tree, std::size_t from, std::size_t to);
    void member(Output& out, const Tree& tree, std::size_t first);
    void value(Output& out, const Tree& tree, std::size_t node);
    void notes(Output& out, const Tree& tree);

    ValueWriter values_;
    TimeWriter times_;
    TreeShape shape_;
    KeyTexts keys_, quoted_keys_, subtree_keys_;
    TextCache members_;
    bool any_ = false;
};

/// An index line and a packet line each, for Elasticsearch's bulk interface.
class EkWriter {
public:
    explicit EkWriter(bool show_secrets);
    /// As ValueWriter::hide().
    void hide(const HiddenBytes& hidden) { values_.hide(hidden); }
    void packet(Output& out, const Packet& packet, const Tree& tree);
    /// Only the fields of -e, each an array.
    void chosen(Output& out, const Packet& packet, const Tree& tree, FieldsWriter& fields);

private:
    void start(Output& out, const Packet& packet);
    void layer(Output& out, const Tree& tree, std::size_t from, std::size_t to);
    void value(Output& out, const Tree& tree, std::size_t node);

    ValueWriter values_;
    TimeWriter times_;
    TreeShape shape_;
    KeyTexts keys_;
};

} // namespace ikescope::present
