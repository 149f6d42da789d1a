#pragma once
// The policy of an IOS router in IKEv2: the sibling of ikev1_ios_policy.hpp. Here the profile is chosen by the ID
// before any key is needed.

#include "ios/decision.hpp"
#include "ios/ikev2_selection.hpp"
#include "replay/ikev2_policy.hpp"

namespace ikescope::replay::ikev2 {

class IosPolicy final : public Policy {
public:
    /// One end of a way; `router` must live as long. A responder looks at nothing but its own end.
    IosPolicy(const ios::Router& router, const ios::Way& way, bool initiator);

    std::vector<Proposal> proposals() override;
    ios::Identity own_identity() override;
    bool accepts(const ios::Identity& peer) override;
    std::optional<Secret> own_key() override;
    std::optional<Secret> peer_key() override;
    ChildRequest child_request() override;
    ChildAnswer child_answer(const ChildRequest& asked) override;
    std::vector<std::string> told(const Event& event) override;

    /// What this router found wrong itself; `finding` is empty as long as nothing is.
    const ios::Verdict& verdict() const { return verdict_; }

private:
    void fail(ios::Outcome outcome, std::string_view finding, std::string sentence);
    std::optional<Secret> usable(const std::optional<ios::KeyMaterial>& key);
    ios::Ikev2Key keys() const;

    const ios::Router& router_;
    const bool initiator_;
    ios::Path asking_;
    ios::Ends ends_;
    const ios::Ikev2Profile* profile_ = nullptr;
    ios::Identity peer_; ///< before it has said so: its address
    ios::Verdict verdict_;
};

} // namespace ikescope::replay::ikev2
