#include "present/field_value.hpp"

#include "base/address.hpp"
#include "present/hidden_bytes.hpp"

namespace ikescope::present {

std::string_view text_value(const Tree& tree, const Node& node) {
    return note_is_value(node) ? tree.note(node) : ikescope::text_of(tree.bytes(node));
}

void ValueWriter::number(Output& out, const Node& node) {
    if (node.field->display == Display::decimal) return out.decimal(node.number);
    out.text("0x");
    out.hexadecimal(node.number, std::size_t{2} * std::max<std::uint8_t>(node.field->width, 1));
}

bool ValueWriter::hides(const Tree& tree, const Node& node) const {
    if (style_.show_secrets) return false;
    return node.field->secret || (hidden_ && hidden_->any() && hidden_->touches(tree.bytes(node)));
}

void ValueWriter::value(Output& out, const Tree& tree, const Node& node) {
    const auto& field = *node.field;
    const bool raw = field.secret || field.kind == Kind::bytes || field.kind == Kind::text;
    if (raw && hides(tree, node)) [[unlikely]] return out.text(hidden_secret);
    switch (field.kind) {
    case Kind::number: return number(out, node);
    case Kind::boolean: return out.put(node.number ? '1' : '0');
    case Kind::frame_number: return out.decimal(node.number);
    case Kind::bytes: return style_.colons ? out.colon_hex(tree.bytes(node)) : out.hex(tree.bytes(node));
    case Kind::ether: return out.colon_hex(tree.bytes(node));
    case Kind::text: return append_escaped(out, text_value(tree, node), style_.escape);
    case Kind::ipv4: {
        Byte octets[4];
        for (std::size_t i = 0; i < 4; ++i) octets[i] = static_cast<Byte>(node.number >> (24 - 8 * i));
        const auto bytes = tree.bytes(node);
        return out.ipv4(bytes.size() == 4 ? bytes.data() : octets);
    }
    case Kind::ipv6: {
        scratch_.clear();
        IpAddress::from(tree.bytes(node)).append_to(scratch_);
        return out.text(scratch_);
    }
    case Kind::absolute_time: {
        const auto time = static_cast<Timestamp>(node.number);
        return style_.iso_times ? times_.iso(out, time) : times_.calendar(out, time);
    }
    case Kind::relative_time: return out.seconds(static_cast<Nanoseconds>(node.number), 9);
    case Kind::none: break;
    }
    const auto note = tree.note(node);
    const auto name = value_name(node);
    // A protocol's value is its name, a heading's that it is there; both as tshark has it.
    const std::string_view bare = field.name.find('.') == std::string_view::npos ? field.name : "1";
    // Nor is what we have to complain of the value of a field of Wireshark's.
    const bool complaint = node.severity != Severity::none && !field.name.starts_with("ike.");
    append_escaped(out, !name.empty() ? name : !note.empty() && !complaint && field.name != bare ? note : bare, style_.escape);
}

void ValueWriter::described(Output& out, const Tree& tree, const Node& node) {
    const auto& field = *node.field;
    if (field.kind == Kind::number && !field.names.empty()) {
        const auto name = value_name(node);
        if (style_.escape == Escape::xml) append_escaped(out, name.empty() ? std::string_view("Unknown") : name, style_.escape);
        else out.text(name.empty() ? std::string_view("Unknown") : name); // registries are ours: nothing to escape
        out.text(" (");
        number(out, node);
        return out.put(')');
    }
    if (field.kind == Kind::boolean) {
        const auto name = value_name(node);
        return out.text(!name.empty() ? name : node.number ? "Set" : "Not set");
    }
    value(out, tree, node);
}

} // namespace ikescope::present
