#include "dissect/schema.hpp"

#include "dissect/fields.hpp"

#include <bit>
#include <fmt/format.h>

namespace ikescope::dissect {

void note_reserved(Tree& tree, Tree::Index node, Bytes bytes) {
    if (std::ranges::all_of(bytes, [](Byte byte) { return byte == 0; })) return;
    tree.judge(node, Severity::warning);
    tree.annotate(node, "must be zero");
}

std::uint64_t bit_value(const Field& field, std::uint64_t number) {
    const auto bits = number & field.mask;
    return field.kind == Kind::boolean ? bits != 0 : bits >> std::countr_zero(field.mask);
}

void add_bits(Tree& tree, const Field& field, std::size_t offset, std::size_t width, std::uint64_t number,
              std::span<const Bit> bits) {
    tree.add(field, offset, width, number);
    TreeLevel level(&tree);
    for (const auto& bit : bits) tree.add(bit.field, offset, width, bit_value(bit.field, number));
}

void finish(Tree* tree, const Cursor& in) {
    if (!tree) return;
    if (const auto& fault = in.fault()) {
        const auto node = tree->add(field("ike.cut_short"), in.offset(), in.left());
        tree->judge(node, Severity::error);
        tree->annotate(node, fmt::format("{} needs {} bytes, {} are left", fault->field, fault->wanted, fault->available));
    } else if (in.left() > 0) {
        tree->judge(tree->add(field("ike.unexplained"), in.offset(), in.left()), Severity::warning);
    }
}

} // namespace ikescope::dissect
