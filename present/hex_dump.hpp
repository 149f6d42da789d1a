#pragma once
// Bytes as tshark -x shows them: offset, sixteen bytes, the printable ones as text.

#include "base/tree.hpp"
#include "present/output.hpp"

namespace ikescope::present {

/// "0000  01 02 …  .." lines.
void append_hex_dump(Output& out, Bytes bytes);
/// One block per buffer of the tree, named when there are several, with a blank line behind each.
void append_hex_dumps(Output& out, const Tree& tree);

} // namespace ikescope::present
