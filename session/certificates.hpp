#pragma once
// What an end's certificate says, and what the given authorities make of it. RFC 4945, RFC 5280.

#include "session/sa.hpp"

#include <span>

namespace ikescope::session {

/// `shown` are all certificates that came with it; `when` is the time of the message: whether a certificate has expired
/// is judged by the capture's clock, not by today's. Without authorities nothing is judged.
EndCertificate judge_certificate(Bytes leaf, std::span<const Buffer> shown, std::span<const Buffer> authorities,
                                 Timestamp when);

} // namespace ikescope::session
