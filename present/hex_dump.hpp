#pragma once
// Bytes as tshark -x shows them: offset, sixteen bytes, the printable ones as text.

#include "base/tree.hpp"
#include "present/hidden_bytes.hpp"
#include "present/output.hpp"

namespace ikescope::present {

/// "0000  01 02 …  .." lines; hidden bytes are "xx".
void append_hex_dump(Output& out, Bytes bytes, const HiddenBytes* hidden = nullptr);
/// One block per buffer of the tree, named when there are several, with a blank line behind each. The frame itself is shown as
/// it was on the wire; what was decrypted or put together is not where it is hidden.
void append_hex_dumps(Output& out, const Tree& tree, const HiddenBytes& hidden);

} // namespace ikescope::present
