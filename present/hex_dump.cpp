#include "present/hex_dump.hpp"

namespace ikescope::present {

namespace {

constexpr std::size_t per_line = 16;

} // namespace

void append_hex_dump(Output& out, Bytes bytes, const HiddenBytes* hidden) {
    const auto is_hidden = [&](const Byte& byte) { return hidden && hidden->touches({&byte, 1}); };
    const std::size_t digits = bytes.size() > 0x10000 ? 8 : 4;
    for (std::size_t at = 0; at < bytes.size(); at += per_line) {
        const auto line = bytes.subspan(at, std::min(per_line, bytes.size() - at));
        out.hexadecimal(at, digits);
        out.put(' ');
        for (const auto& byte : line) {
            out.put(' ');
            is_hidden(byte) ? out.text("xx") : out.hexadecimal(byte, 2);
        }
        out.blanks(3 * (per_line - line.size()) + 3);
        for (const auto& byte : line) out.put(byte >= ' ' && byte < 0x7f && !is_hidden(byte) ? static_cast<char>(byte) : '.');
        out.put('\n');
    }
}

void append_hex_dumps(Output& out, const Tree& tree, const HiddenBytes& hidden) {
    const bool several = tree.buffers().size() > 1;
    for (const auto& buffer : tree.buffers()) {
        if (several) {
            out.text(buffer.name);
            out.text(" (");
            out.decimal(buffer.bytes.size());
            out.text(" bytes):\n");
        }
        const bool made = &buffer != &tree.buffers().front();
        append_hex_dump(out, buffer.bytes, made && hidden.any() ? &hidden : nullptr);
        out.put('\n');
    }
}

} // namespace ikescope::present
