#pragma once
// Packets as PDML, the XML that tshark -T pdml writes.

#include "present/packet.hpp"
#include "present/tree_shape.hpp"
#include "present/tree_text.hpp"

namespace ikescope::present {

class PdmlWriter {
public:
    explicit PdmlWriter(bool show_secrets) : lines_(show_secrets, Escape::xml), values_({Escape::xml, true, false, show_secrets}) {}
    /// As ValueWriter::hide().
    void hide(const HiddenBytes& hidden) {
        lines_.hide(hidden);
        values_.hide(hidden);
    }
    void begin(Output& out, std::string_view file);
    void packet(Output& out, const Packet& packet, const Tree& tree);
    void end(Output& out) { out.text("</pdml>\n"); }

private:
    void general(Output& out, const Packet& packet);
    void element(Output& out, const Tree& tree, std::size_t node, std::size_t depth);

    TreeText lines_;
    ValueWriter values_;
    TimeWriter times_;
    TreeShape shape_;
};

} // namespace ikescope::present
