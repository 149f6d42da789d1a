#pragma once
// A tree as indented lines, as tshark -V prints it: "Exchange type: IKE_AUTH (35)".

#include "present/field_value.hpp"

namespace ikescope::present {

class TreeText {
public:
    explicit TreeText(bool show_secrets, Escape escape = Escape::terminal) : values_({escape, false, false, show_secrets}) {}

    void tree(Output& out, const Tree& tree);
    /// One line without indentation and line end; windows show it, PDML calls it showname.
    void line(Output& out, const Tree& tree, const Node& node);

private:
    void note(Output& out, const Tree& tree, const Node& node);
    ValueWriter values_;
};

/// "..1. .... = " for a field that is part of its bytes.
void append_bit_picture(Output& out, const Node& node);

} // namespace ikescope::present
