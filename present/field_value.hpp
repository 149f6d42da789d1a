#pragma once
// What a node's value looks like: bare as -T fields prints it, in JSON, and with its name for a person.

#include "base/tree.hpp"
#include "present/escape.hpp"
#include "present/time_text.hpp"

namespace ikescope::present {

/// How values are spelled where they go.
struct ValueStyle {
    Escape escape = Escape::terminal;
    bool colons = false;       ///< bytes as 01:02 instead of 0102
    bool iso_times = false;    ///< absolute times as RFC 3339 instead of a calendar's
    bool show_secrets = false; ///< passwords in clear; otherwise the text that stands for them
};
inline constexpr std::string_view hidden_secret = "(hidden, --show-secrets shows it)";

class HiddenBytes;

class ValueWriter {
public:
    explicit ValueWriter(ValueStyle style) : style_(style) {}
    const ValueStyle& style() const { return style_; }

    /// Bytes of secrets, which no value shows as a part of it; `hidden` must outlive this.
    void hide(const HiddenBytes& hidden) { hidden_ = &hidden; }
    /// Would the bytes of this node show a secret?
    bool hides(const Tree& tree, const Node& node) const;

    /// The bare value: numbers as their field displays them, flags as 1 and 0, addresses, bytes in hexadecimal.
    void value(Output& out, const Tree& tree, const Node& node);
    /// What a person reads: "IKE_AUTH (35)", "0x08", "Set".
    void described(Output& out, const Tree& tree, const Node& node);

private:
    void number(Output& out, const Node& node);
    ValueStyle style_;
    const HiddenBytes* hidden_ = nullptr;
    TimeWriter times_;
    std::string scratch_;
};

/// The text of a Kind::text node: the bytes it covers, or its note when it covers none.
std::string_view text_value(const Tree& tree, const Node& node);
/// A heading's or number's name in its registry; empty when it has none.
inline std::string_view value_name(const Node& node) { return name_of(node.field->names, node.number); }
/// Is the note already the value (and not words beside it)?
inline bool note_is_value(const Node& node) {
    return node.field->kind == Kind::text && (node.generated || node.length == 0);
}

} // namespace ikescope::present
