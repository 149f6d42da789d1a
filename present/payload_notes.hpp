#pragma once
// What stands below a payload and is not read from it alone: certificates in words, verdicts on NAT detection.

#include "dissect/message.hpp"
#include "session/outcome.hpp"

namespace ikescope::present {

class PayloadNotes : public dissect::Annotator {
public:
    /// `seen` may be nullptr: then nothing is said that needs the memory of SAs.
    explicit PayloadNotes(const session::Outcome* seen) : seen_(seen) {}
    void annotate(const dissect::Message& message, const dissect::PayloadRef& payload, Tree& tree) override;

private:
    const session::Outcome* seen_;
};

} // namespace ikescope::present
