#pragma once
// Untrusted text made harmless for where it goes: a terminal, a JSON string, an XML attribute.

#include "present/output.hpp"

namespace ikescope::present {

enum class Escape : std::uint8_t { terminal, json, xml };

/// Appends text so that it neither breaks out of its place nor moves a cursor; bytes that are no UTF-8 become U+FFFD.
void append_escaped(Output& out, std::string_view text, Escape escape);

/// Length in bytes of the UTF-8 sequence at the start of `text`; 0 when it is none (RFC 3629 section 4).
std::size_t utf8_length(std::string_view text);

} // namespace ikescope::present
