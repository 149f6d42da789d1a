#include "present/tree_text.hpp"

#include <bit>

namespace ikescope::present {

namespace {

constexpr std::string_view severities[] = {"", "note: ", "warning: ", "error: "};

} // namespace

void append_bit_picture(Output& out, const Node& node) {
    const auto& field = *node.field;
    const auto value = field.kind == Kind::boolean ? (node.number ? field.mask : 0) : node.number << std::countr_zero(field.mask);
    char picture[96];
    char* to = picture;
    for (int bit = 8 * std::clamp<int>(field.width, 1, 8) - 1; bit >= 0; --bit) {
        *to++ = (field.mask >> bit & 1) == 0 ? '.' : (value >> bit & 1) ? '1' : '0';
        if (bit > 0 && bit % 4 == 0) *to++ = ' ';
    }
    out.text({picture, static_cast<std::size_t>(to - picture)});
    out.text(" = ");
}

void TreeText::note(Output& out, const Tree& tree, const Node& node) {
    const auto escape = values_.style().escape;
    if (node.note_length == 0 || note_is_value(node)) return;
    const auto words = tree.note(node);
    if (node.severity != Severity::none) {
        out.text(" [");
        out.text(severities[static_cast<std::size_t>(node.severity)]);
        append_escaped(out, words, escape);
        return out.put(']');
    }
    out.text(node.field->kind == Kind::none ? (words.starts_with('#') ? " " : ": ") : " ");
    append_escaped(out, words, escape);
}

void TreeText::line(Output& out, const Tree& tree, const Node& node) {
    const auto escape = values_.style().escape;
    const auto& field = *node.field;
    if (node.generated) out.put('[');
    if (field.mask != 0 && !node.generated) append_bit_picture(out, node);
    append_escaped(out, field.label, escape);
    if (field.kind != Kind::none) {
        out.text(": ");
        values_.described(out, tree, node);
    } else if (node.note_length == 0) {
        if (const auto name = value_name(node); !name.empty()) {
            out.text(": ");
            append_escaped(out, name, escape);
        }
    }
    note(out, tree, node);
    if (node.generated) out.put(']');
}

void TreeText::tree(Output& out, const Tree& tree) {
    for (const auto& node : tree.nodes()) {
        out.blanks(std::size_t{4} * node.depth);
        line(out, tree, node);
        out.put('\n');
    }
}

} // namespace ikescope::present
