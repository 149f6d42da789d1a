#pragma once
// charon's level-4 logs as truth: what a daemon says it sent, and the values it printed. Both versions print alike.

#include <cstdint>
#include <string>
#include <vector>

namespace ikescope::session::test {

/// A message that a daemon says it sent: "generating ID_PROT request 0 [ SA V V ]". Payloads have our names.
struct Logged {
    std::uint32_t message_id;
    std::vector<std::string> payloads;
};

/// What the log of one end (`who` is "a" or "b") of a lab capture says it sent, in order.
std::vector<Logged> sent_messages(const std::string& scenario, const std::string& who);

/// The values that a log prints under a label, hexadecimal, in order.
std::vector<std::string> logged_values(const std::string& log, const std::string& label);
/// The first of them; empty when there is none (SK_ai and SK_ar of an AEAD are not printed).
std::string logged_value(const std::string& log, const std::string& label);

} // namespace ikescope::session::test
