#include "present/packet_pdml.hpp"

namespace ikescope::present {

void PdmlWriter::begin(Output& out, std::string_view file) {
    out.text("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<pdml version=\"0\" creator=\"ikescope\" capture_file=\"");
    append_escaped(out, file, Escape::xml);
    out.text("\">\n");
}

void PdmlWriter::general(Output& out, const Packet& packet) {
    const auto field = [&](std::string_view name, std::string_view words, auto show) {
        out.text("    <field name=\"");
        out.text(name);
        out.text("\" pos=\"0\" show=\"");
        show();
        out.text("\" showname=\"");
        out.text(words);
        out.text("\" size=\"");
        out.decimal(packet.frame->original_length);
        out.text("\"/>\n");
    };
    out.text("  <proto name=\"geninfo\" pos=\"0\" showname=\"General information\" size=\"");
    out.decimal(packet.frame->original_length);
    out.text("\">\n");
    field("num", "Number", [&] { out.decimal(packet.frame->number); });
    field("len", "Frame Length", [&] { out.decimal(packet.frame->original_length); });
    field("caplen", "Captured Length", [&] { out.decimal(packet.frame->bytes.size()); });
    field("timestamp", "Captured Time", [&] { times_.calendar(out, packet.frame->time); });
    out.text("  </proto>\n");
}

void PdmlWriter::element(Output& out, const Tree& tree, std::size_t index, std::size_t depth) {
    const auto& node = tree.nodes()[index];
    const std::string_view tag = depth == 1 ? "proto" : "field";
    out.blanks(2 * depth);
    out.put('<');
    out.text(tag);
    out.text(" name=\"");
    out.text(node.field->name);
    out.text("\" showname=\"");
    lines_.line(out, tree, node);
    out.text("\" size=\"");
    out.decimal(node.length);
    out.text("\" pos=\"");
    out.decimal(node.offset);
    if (depth > 1 && node.field->kind != Kind::none) {
        out.text("\" show=\"");
        values_.value(out, tree, node);
    }
    if (depth > 1 && node.length > 0 && !values_.hides(tree, node)) {
        const auto bits = node.field->mask != 0;
        out.text("\" value=\"");
        const auto number = unscaled(*node.field, node.number);
        bits ? out.hexadecimal(number, number > 0xffff ? 8 : number > 0xff ? 4 : number > 0xf ? 2 : 1) : out.hex(tree.bytes(node));
        if (bits) {
            out.text("\" unmaskedvalue=\"");
            out.hex(tree.bytes(node));
        }
    }
    if (shape_.is_leaf(index)) return out.text("\"/>\n");
    out.text("\">\n");
    for (auto child = index + 1; child < shape_.end(index); child = shape_.end(child)) element(out, tree, child, depth + 1);
    out.blanks(2 * depth);
    out.text("</");
    out.text(tag);
    out.text(">\n");
}

void PdmlWriter::packet(Output& out, const Packet& packet, const Tree& tree) {
    shape_.read(tree);
    out.text("<packet>\n");
    general(out, packet);
    for (std::size_t node = 0; node < shape_.size(); node = shape_.end(node)) element(out, tree, node, 1);
    out.text("</packet>\n\n");
}

} // namespace ikescope::present
