#pragma once
// KEYMAT of the ESP SAs that IKE_AUTH and CREATE_CHILD_SA make. RFC 7296 2.17.

#include "dissect/ikev2.hpp"
#include "session/core.hpp"

namespace ikescope::session::ikev2 {

/// To be called once both SPIs of a child and the chosen proposal are known: hands its two directions to the memory of
/// ESP, as far as their keys can be computed or searched for, and says so in the child.
void expect_esp(Core& core, std::uint32_t track, Child& child, const dissect::ikev2::Proposal& chosen,
                const Ikev2Exchange& exchange);

} // namespace ikescope::session::ikev2
