#include "present/hex_dump.hpp"

namespace ikescope::present {

namespace {

constexpr std::size_t per_line = 16;

} // namespace

void append_hex_dump(Output& out, Bytes bytes) {
    const std::size_t digits = bytes.size() > 0x10000 ? 8 : 4;
    for (std::size_t at = 0; at < bytes.size(); at += per_line) {
        const auto line = bytes.subspan(at, std::min(per_line, bytes.size() - at));
        out.hexadecimal(at, digits);
        out.put(' ');
        for (const auto byte : line) {
            out.put(' ');
            out.hexadecimal(byte, 2);
        }
        out.blanks(3 * (per_line - line.size()) + 3);
        for (const auto byte : line) out.put(byte >= ' ' && byte < 0x7f ? static_cast<char>(byte) : '.');
        out.put('\n');
    }
}

void append_hex_dumps(Output& out, const Tree& tree) {
    const bool several = tree.buffers().size() > 1;
    for (const auto& buffer : tree.buffers()) {
        if (several) {
            out.text(buffer.name);
            out.text(" (");
            out.decimal(buffer.bytes.size());
            out.text(" bytes):\n");
        }
        append_hex_dump(out, buffer.bytes);
        out.put('\n');
    }
}

} // namespace ikescope::present
