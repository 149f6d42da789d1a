#include "present/packet_json.hpp"

namespace ikescope::present {

namespace {

std::string json_key(std::string_view name) { return "\"" + std::string(name) + "\":"; }
std::string json_quoted_key(std::string_view name) { return ',' + json_key(name) + '"'; }
std::string json_subtree_key(std::string_view name) { return "\"" + std::string(name) + "_tree\":"; }

void append_index(Output& out, TimeWriter& times, Timestamp time) {
    static thread_local std::string day;
    static thread_local Timestamp day_number = -1;
    constexpr Timestamp a_day = 86'400 * one_second;
    if (const auto number = time >= 0 ? time / a_day : (time - a_day + 1) / a_day;
        day.empty() || number != day_number) {
        StringSink sink;
        Output text(sink);
        times.iso(text, time);
        text.flush();
        day = "packets-" + sink.content.substr(0, sink.content.find('T'));
        day_number = number;
    }
    out.text(day);
}

} // namespace

KeyTexts::KeyTexts(std::string (*make)(std::string_view name)) {
    const auto& catalog = FieldCatalog::get();
    for (std::size_t i = 0; i <= catalog.size(); ++i) {
        const auto text = make(i < catalog.size() ? catalog.row(i).name : "unknown");
        places_.push_back({static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(text.size())});
        texts_ += text;
    }
    texts_.append(64, ' ');
}

JsonWriter::JsonWriter(bool show_secrets)
    : values_({Escape::json, true, false, show_secrets}), keys_(json_key), quoted_keys_(json_quoted_key),
      subtree_keys_(json_subtree_key) {}

void JsonWriter::value(Output& out, const Tree& tree, std::size_t node) {
    out.put('"');
    values_.value(out, tree, tree.nodes()[node]);
    out.put('"');
}

/// All nodes of one name among siblings: one value or an array, and the same of their subtrees. Headings have no value
/// of their own and are their subtree.
void JsonWriter::member(Output& out, const Tree& tree, std::size_t first) {
    const auto name = shape_.name(first);
    const bool several = shape_.next(first) != 0;
    const auto each = [&](auto write) {
        if (several) out.put('[');
        for (auto node = first; node || !several;) {
            write(node);
            node = shape_.next(node);
            if (!node) break;
            out.put(',');
        }
        if (several) out.put(']');
    };
    const auto subtree = [&](std::size_t node) {
        out.put('{');
        object(out, tree, node + 1, shape_.end(node));
        out.put('}');
    };
    keys_.append(out, name);
    if (tree.nodes()[first].field->kind == Kind::none)
        return each([&](std::size_t node) { shape_.is_leaf(node) ? value(out, tree, node) : subtree(node); });
    each([&](std::size_t node) { value(out, tree, node); });
    bool any = false;
    for (auto node = first; !any; node = shape_.next(node)) {
        any = !shape_.is_leaf(node);
        if (!shape_.next(node)) break;
    }
    if (!any) return;
    out.put(',');
    subtree_keys_.append(out, name);
    each([&](std::size_t node) { shape_.is_leaf(node) ? out.text("null") : subtree(node); });
}

void JsonWriter::object(Output& out, const Tree& tree, std::size_t from, std::size_t to) {
    shape_.link(from, to, false);
    const auto* nodes = tree.nodes().data();
    std::size_t first = 1; // the comma before the first member is left out
    for (auto node = from; node < to; node = shape_.end(node)) {
        if (!shape_.is_first(node)) continue;
        const bool simple = shape_.next(node) == 0 && shape_.is_leaf(node) && nodes[node].field->kind != Kind::none;
        if (simple && repeats(*nodes[node].field)) [[likely]] {
            members_.append(out, *nodes[node].field, nodes[node].number, 0, first, [&](Output& made) {
                quoted_keys_.append(made, shape_.name(node));
                values_.value(made, tree, nodes[node]);
                made.put('"');
            });
        } else if (simple) {
            quoted_keys_.append(out, shape_.name(node), first);
            values_.value(out, tree, nodes[node]);
            out.put('"');
        } else {
            if (!first) out.put(',');
            member(out, tree, node);
        }
        first = 0;
    }
}

/// What is wrong in this packet, beside the layers, so that layers keep tshark's shape.
void JsonWriter::notes(Output& out, const Tree& tree) {
    constexpr std::string_view severities[] = {"", "note", "warning", "error"};
    if (!shape_.judged()) return;
    bool any = false;
    for (const auto& node : tree.nodes()) {
        if (node.severity == Severity::none || node.note_length == 0) continue;
        out.text(any ? "},{\"field\":\"" : ",\"ike.notes\":[{\"field\":\"");
        any = true;
        out.text(node.field->name);
        out.text("\",\"severity\":\"");
        out.text(severities[static_cast<std::size_t>(node.severity)]);
        out.text("\",\"text\":\"");
        append_escaped(out, tree.note(node), Escape::json);
        out.put('"');
    }
    if (any) out.text("}]");
}

void JsonWriter::start(Output& out, const Packet& packet) {
    out.text(any_ ? ",\n{\"_index\":\"" : "{\"_index\":\"");
    any_ = true;
    append_index(out, times_, packet.frame->time);
    out.text("\",\"_type\":\"doc\",\"_score\":null,\"_source\":{\"layers\":{");
}

void JsonWriter::chosen(Output& out, const Packet& packet, const Tree& tree, FieldsWriter& fields) {
    start(out, packet);
    fields.members(out, packet, tree, values_, '.');
    out.text("}}}");
}

void JsonWriter::packet(Output& out, const Packet& packet, const Tree& tree) {
    shape_.read(tree);
    start(out, packet);
    object(out, tree, 0, shape_.size());
    notes(out, tree);
    out.text("}}}");
}

EkWriter::EkWriter(bool show_secrets)
    : values_({Escape::json, true, true, show_secrets}), keys_([](std::string_view name) {
          std::string key = "\"";
          key += name.substr(0, name.find('.'));
          key += '_';
          for (const char letter : name) key += letter == '.' ? '_' : letter;
          return key + "\":";
      }) {}

void EkWriter::value(Output& out, const Tree& tree, std::size_t index) {
    const auto& node = tree.nodes()[index];
    if (node.field->kind == Kind::boolean) return out.text(node.number ? "true" : "false");
    out.put('"');
    values_.value(out, tree, node);
    out.put('"');
}

void EkWriter::layer(Output& out, const Tree& tree, std::size_t from, std::size_t to) {
    shape_.link(from, to, true);
    bool any = false;
    for (auto node = from; node < to; ++node) {
        if (!shape_.is_first(node)) continue;
        if (any) out.put(',');
        any = true;
        keys_.append(out, shape_.name(node));
        const bool several = shape_.next(node) != 0;
        if (several) out.put('[');
        for (auto one = node;;) {
            value(out, tree, one);
            one = shape_.next(one);
            if (!one) break;
            out.put(',');
        }
        if (several) out.put(']');
    }
}

void EkWriter::start(Output& out, const Packet& packet) {
    out.text("{\"index\":{\"_index\":\"");
    append_index(out, times_, packet.frame->time);
    out.text("\",\"_type\":\"doc\"}}\n{\"timestamp\":\"");
    out.signed_decimal(packet.frame->time / 1'000'000);
    out.text("\",\"layers\":{");
}

void EkWriter::chosen(Output& out, const Packet& packet, const Tree& tree, FieldsWriter& fields) {
    start(out, packet);
    fields.members(out, packet, tree, values_, '_');
    out.text("}}\n");
}

void EkWriter::packet(Output& out, const Packet& packet, const Tree& tree) {
    shape_.read(tree);
    start(out, packet);
    for (std::size_t node = 0; node < shape_.size(); node = shape_.end(node)) {
        // Tunnels have a layer more than once; Elasticsearch wants a name once, so later ones are numbered.
        std::size_t before = 0;
        for (std::size_t i = 0; i < node; i = shape_.end(i)) before += shape_.name(i) == shape_.name(node);
        out.text(node ? ",\"" : "\"");
        for (const char letter : tree.nodes()[node].field->name) out.put(letter == '.' ? '_' : letter);
        if (before) out.put('_'), out.decimal(before + 1);
        out.text("\":{");
        layer(out, tree, node + 1, shape_.end(node));
        out.put('}');
    }
    out.text("}}\n");
}

} // namespace ikescope::present
