#pragma once
// Which payload may stand in which message, how often, in the clear or encrypted: a table whose rows can be read aloud.
// RFC 2408, RFC 2409, RFC 7296 and extensions; each row says where from.

#include "dissect/message.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ikescope::session {

enum class Protection : std::uint8_t { clear, sealed, either };

/// `least` to `most` payloads of a type; where `or_type` is given, of both types together (HASH or SIG).
struct Allowed {
    std::uint8_t type, least, most;
    std::uint8_t or_type = 0;
};

/// What one kind of message must and may carry, and how a person would tell it.
struct MessageRule {
    std::string_view story, source;
    dissect::Version version;
    std::uint8_t exchange;
    /// Number of the message in its exchange: IKEv1 from 1 (main mode to 6), IKEv2 1 = request, 2 = response; 0 = any.
    std::uint8_t step;
    Protection protection;
    std::uint8_t first; ///< type of the payload that must come first; 0 = any
    std::span<const Allowed> payloads;
};
/// All rows. A message may have several (the forms of IKE_AUTH): it is legal when one of them is content.
std::span<const MessageRule> message_rules();

/// One sentence about what is wrong and the section that says so.
struct Violation {
    std::string text;
    std::string_view source;
    bool ignored = false; ///< the source tells receivers to ignore it
};
/// Holds the payload types of a message, in their order, against one row. IKEv2's payload types that no RFC defines yet
/// are passed over as RFC 7296 2.5 wants.
std::vector<Violation> check(const MessageRule& rule, std::span<const std::uint8_t> seen);
/// A message that stands in the clear but must be encrypted, or the reverse.
std::vector<Violation> check_protection(const MessageRule& rule, bool sealed);

/// The row that fits best, and what is wrong by it. `rule` is nullptr, and nothing wrong, for messages that no row knows.
struct Verdict {
    const MessageRule* rule = nullptr;
    std::vector<Violation> violations;
};
/// With `sealed`, only rows count that allow this protection.
Verdict judge(dissect::Version version, std::uint8_t exchange, std::uint8_t step, std::span<const std::uint8_t> seen,
              std::optional<bool> sealed = {});

} // namespace ikescope::session
