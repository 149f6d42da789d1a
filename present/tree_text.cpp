#include "present/tree_text.hpp"

#include <algorithm>
#include <bit>
#include <fmt/format.h>

namespace ikescope::present {

namespace {

/// What a heading says of the fields below it, in its own line.
struct Summary {
    std::string_view heading, words, field, behind = {};
};
constexpr Summary summaries[] = {
    {"frame", " ", "frame.number"},
    {"frame", ": ", "frame.len", " bytes on wire"},
    {"frame", ", ", "frame.cap_len", " bytes captured"},
    {"eth", ", Src: ", "eth.src"},
    {"eth", ", Dst: ", "eth.dst"},
    {"ip", ", Src: ", "ip.src"},
    {"ip", ", Dst: ", "ip.dst"},
    {"ipv6", ", Src: ", "ipv6.src"},
    {"ipv6", ", Dst: ", "ipv6.dst"},
    {"udp", ", Src Port: ", "udp.srcport"},
    {"udp", ", Dst Port: ", "udp.dstport"},
    {"tcp", ", Src Port: ", "tcp.srcport"},
    {"tcp", ", Dst Port: ", "tcp.dstport"},
    {"esp", ", SPI: ", "esp.spi"},
};

constexpr std::string_view severities[] = {"", "note: ", "warning: ", "error: "};

} // namespace

void append_bit_picture(Output& out, const Field& field, std::uint64_t value) {
    char picture[96];
    char* to = picture;
    for (int bit = 8 * std::clamp<int>(field.width, 1, 8) - 1; bit >= 0; --bit) {
        *to++ = (field.mask >> bit & 1) == 0 ? '.' : (value >> bit & 1) ? '1' : '0';
        if (bit > 0 && bit % 4 == 0) *to++ = ' ';
    }
    out.text({picture, static_cast<std::size_t>(to - picture)});
    out.text(" = ");
}

TreeText::TreeText(bool show_secrets, Escape escape) : values_({escape, false, false, show_secrets}) {
    StringSink sink;
    Output out(sink);
    for (std::size_t i = 0; i < catalog_->size(); ++i) {
        const auto& field = catalog_->row(i);
        const auto words = [&](std::optional<std::uint64_t> bits) {
            sink.content.clear();
            if (bits && field.mask) append_bit_picture(out, field, *bits);
            append_escaped(out, field.label, escape);
            if (field.kind != Kind::none) out.text(": ");
            out.flush();
            return sink.content;
        };
        const auto plain = words({});
        prefixes_.push_back({keep(plain), keep("[" + plain), {keep(words(0)), keep(words(field.mask))}, {}});
        for (const auto& row : summaries)
            if (row.heading == field.name)
                prefixes_.back().summary.push_back({row.words, row.behind, catalog_->find(row.field).front(), 1});
    }
    prefixes_.push_back({keep("Unknown: "), keep("[Unknown: "), {}, {}});
    texts_.append(64, ' ');
}

TreeText::Words TreeText::keep(const std::string& words) {
    const auto start = static_cast<std::uint32_t>(texts_.size());
    texts_ += words;
    return {start, static_cast<std::uint32_t>(words.size())};
}

void TreeText::summary(Output& out, const Tree& tree, const Node& heading, std::vector<Part>& parts) {
    const auto* const end = tree.nodes().data() + tree.nodes().size();
    for (auto& part : parts) {
        // Headers of one kind look alike, so what stands where it stood last is the first of its name.
        const auto* node = &heading + (part.place < end - &heading ? part.place : 1);
        if (node < end && node->field != part.field) node = &heading + 1;
        while (node < end && node->depth > heading.depth && node->field != part.field) ++node;
        if (node >= end || node->depth <= heading.depth) continue;
        part.place = node - &heading;
        out.text(part.words);
        values_.value(out, tree, *node);
        out.text(part.behind);
    }
}

void TreeText::note(Output& out, const Tree& tree, const Node& node) {
    const auto escape = values_.style().escape;
    if (note_is_value(node)) return;
    const auto words = tree.note(node);
    const bool title = words.starts_with('#'); // "# 1": which of several, whatever is said of it
    if (node.severity != Severity::none && !title) {
        out.text(" [");
        out.text(severities[static_cast<std::size_t>(node.severity)]);
        append_escaped(out, words, escape);
        return out.put(']');
    }
    out.text(node.field->kind == Kind::none && !title ? ": " : " ");
    append_escaped(out, words, escape);
}

void TreeText::line(Output& out, const Tree& tree, const Node& node) {
    const auto& field = *node.field;
    auto& words = prefix(field);
    if (node.generated) {
        put(out, words.generated);
    } else if (field.mask == 0) {
        put(out, words.plain);
    } else if (field.kind == Kind::boolean) {
        put(out, words.bits[node.number != 0]);
    } else {
        append_bit_picture(out, field, unscaled(field, node.number) << std::countr_zero(field.mask));
        put(out, words.plain);
    }
    if (field.kind != Kind::none) {
        values_.described(out, tree, node);
    } else if (!words.summary.empty() && node.note_length == 0) {
        summary(out, tree, node, words.summary);
    } else if (node.note_length == 0) {
        if (const auto name = value_name(node); !name.empty()) {
            out.text(": ");
            append_escaped(out, name, values_.style().escape);
        }
    }
    if (node.note_length) note(out, tree, node);
    if (node.generated) out.put(']');
}

Result<Done> TreeText::only(const std::vector<std::string>& protocols) {
    for (const auto& name : protocols) {
        const auto rows = catalog_->find(name);
        if (!rows.empty() && rows.front()->name == name && name.find('.') == std::string::npos) continue;
        const auto near = rows.empty() ? catalog_->suggestion(name) : std::string_view(); // an alias: no part of the tree of its own
        return Error{fmt::format("-O: there is no protocol \"{}\"{}", name, near.empty() ? "" : fmt::format("; did you mean {}?", near))};
    }
    only_ = protocols;
    return Done{};
}

/// What was put together or decrypted belongs to ISAKMP.
bool TreeText::opens(const Field& heading) const {
    const bool inside = heading.name == "ike.plain" || heading.name == "ike.whole";
    return std::ranges::any_of(only_, [&](const auto& name) { return name == heading.name || (inside && name == "isakmp"); });
}

void TreeText::whole_line(Output& out, const Tree& tree, const Node& node) {
    out.blanks(std::size_t{4} * node.depth);
    line(out, tree, node);
    out.put('\n');
}

void TreeText::tree(Output& out, const Tree& tree) {
    bool folded = false;
    for (const auto& node : tree.nodes()) {
        if (!only_.empty()) {
            if (node.depth == 0) folded = !opens(*node.field);
            else if (folded) continue;
        }
        if (!repeats(*node.field) || node.note_length != 0) {
            whole_line(out, tree, node);
            continue;
        }
        const std::uint32_t place = node.depth | std::uint32_t{node.generated} << 8;
        lines_.append(out, *node.field, node.number, place, 0, [&](Output& made) { whole_line(made, tree, node); });
    }
}

} // namespace ikescope::present
