#pragma once
// KEYMAT of the ESP SAs that a Quick Mode makes. RFC 2409 5.5.

#include "session/core.hpp"

namespace ikescope::session::ikev1 {

/// To be called once both SPIs of a child and the chosen transform are known: hands its two directions to the memory of
/// ESP, as far as their keys can be computed or searched for, and says so in the child.
void expect_esp(Core& core, std::uint32_t track, Child& child, const dissect::ikev1::Transform& chosen);

} // namespace ikescope::session::ikev1
