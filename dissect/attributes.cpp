#include "dissect/attributes.hpp"

#include "dissect/schema.hpp"

#include <charconv>

namespace ikescope::dissect {

namespace {

constexpr std::uint16_t brief_bit = 0x8000;

const AttributeRule* find_rule(const AttributeClass& kind, std::uint16_t type) {
    const auto at = std::ranges::lower_bound(kind.rules, type, {}, &AttributeRule::type);
    return at != kind.rules.end() && at->type == type ? &*at : nullptr;
}

/// The field that fits a value of this size; nullptr when the size cannot be right.
const Field* fitting(const AttributeRule& rule, std::size_t size) {
    if (!rule.decoded || size == 0) return nullptr;
    switch (rule.decoded->kind) {
    case Kind::number: {
        const auto limit = rule.wide ? 4U : 8U;
        return size <= limit ? rule.decoded : size <= 8 && rule.wide ? rule.wide : rule.bytes;
    }
    case Kind::ipv4: return size == 4 ? rule.decoded : nullptr;
    case Kind::ipv6: return size == 16 ? rule.decoded : nullptr;
    default: return rule.decoded;
    }
}

bool is_numeric(const Field& field) { return field.kind == Kind::number || field.kind == Kind::ipv4; }

/// "Encryption-Algorithm: AES-CBC", "Key-Length: 128"
void summarize(Tree& tree, Tree::Index node, const AttributeClass& kind, const Attribute& attribute, const Field* decoded) {
    std::array<char, 160> text;
    std::size_t used = 0;
    const auto append = [&](std::string_view part) {
        used += part.copy(text.data() + used, text.size() - used);
    };
    append(name_of(kind.names.empty() ? kind.attribute.names : kind.names, attribute.type, "unassigned"));
    if (decoded && decoded->kind == Kind::number) {
        append(": ");
        if (const auto* row = find_name(decoded->names, attribute.number())) append(row->name);
        else used = static_cast<std::size_t>(std::to_chars(text.data() + used, text.data() + text.size(), attribute.number()).ptr - text.data());
    }
    tree.annotate(node, {text.data(), used});
}

void explain_value(Tree& tree, const AttributeRule* rule, const AttributeClass& kind, const Attribute& attribute,
                   const Field* decoded, std::size_t at) {
    if (attribute.value.empty()) return;
    const bool secret = decoded && decoded->secret && kind.secret_value;
    tree.add(secret ? *kind.secret_value : kind.value, at, attribute.value.size());
    TreeLevel level(&tree);
    if (decoded) {
        tree.add(*decoded, at, attribute.value.size(), is_numeric(*decoded) ? attribute.number() : 0);
    } else if (rule && rule->parts) {
        Cursor in(attribute.value, at);
        rule->parts(in, tree);
        finish(&tree, in);
    }
}

void explain(Tree& tree, const AttributeClass& kind, const Attribute& attribute, std::size_t at, std::uint64_t claimed) {
    const auto* rule = find_rule(kind, attribute.type);
    const auto* decoded = rule ? fitting(*rule, attribute.value.size()) : nullptr;
    const auto value_at = at + (attribute.brief ? 2 : 4);
    const auto node = tree.add(kind.attribute, at, value_at - at + attribute.value.size(), attribute.type);
    summarize(tree, node, kind, attribute, decoded);
    TreeLevel level(&tree);
    tree.add(kind.format, at, 2, attribute.brief);
    tree.add(kind.type, at, 2, attribute.type);
    if (!attribute.brief) {
        const auto length = tree.add(kind.length, at + 2, 2, claimed);
        if (claimed > attribute.value.size()) {
            tree.judge(length, Severity::error);
            tree.annotate(length, "longer than what is left");
        }
    }
    explain_value(tree, rule, kind, attribute, decoded, value_at);
}

} // namespace

bool read_attribute(Attribute& out, Cursor& in, Tree* tree, const AttributeClass& kind) {
    if (in.fault() || in.left() < 4) return false;
    const auto at = in.offset();
    const auto first = static_cast<std::uint16_t>(in.number(2, "Attribute type"));
    out.type = first & static_cast<std::uint16_t>(~brief_bit);
    out.brief = (first & brief_bit) != 0;
    const auto claimed = out.brief ? 2 : static_cast<std::size_t>(in.number(2, "Attribute length"));
    const auto have = std::min(claimed, in.left());
    // A child takes what is there, so that a value cut short is still shown; the fault is the parent's.
    out.value = in.child(claimed, "Attribute value").rest("Attribute value");
    if (tree) explain(*tree, kind, out, at, out.brief ? have : claimed);
    return true;
}

void read_attributes(std::vector<Attribute>& out, Cursor& in, Tree* tree, const AttributeClass& kind) {
    for (Attribute attribute; read_attribute(attribute, in, tree, kind);) out.push_back(attribute);
}

void write_attributes(const std::vector<Attribute>& attributes, Writer& out) {
    for (const auto& attribute : attributes) {
        out.number(attribute.type | (attribute.brief ? brief_bit : 0U), 2);
        if (!attribute.brief) out.number(attribute.value.size(), 2);
        out.bytes(attribute.value);
    }
}

} // namespace ikescope::dissect
