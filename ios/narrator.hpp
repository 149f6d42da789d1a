#pragma once
// The words of a prediction while it happens: one end of a negotiation tells step by step what it logs.

#include "ios/decision.hpp"

#include <memory>

namespace ikescope::ios {

class Telling;

/// Reads a decision that grows: before a step is told, the choices it mentions must have been made.
class Ikev1Narrator {
public:
    /// All three must live as long; an end that is not known may be an empty router, as long as only the other one speaks.
    Ikev1Narrator(const Router& initiator, const Router& responder, const Ikev1Decision& decision);
    ~Ikev1Narrator();
    /// The lines of debug crypto isakmp and ipsec, both levels together. `message`: MM1 to MM6, AM1 to AM3, QM1.
    LogLines tell(std::string_view message, bool at_initiator, bool sends);
    /// The message id of Quick Mode, before its first step is told.
    void name_message(std::uint32_t id);

private:
    Telling& telling();
    const Router &initiator_, &responder_;
    const Ikev1Decision& decision_;
    std::unique_ptr<Telling> told_;
};

} // namespace ikescope::ios
