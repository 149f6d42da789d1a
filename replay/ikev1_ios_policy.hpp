#pragma once
// The policy of an IOS router: every question of the IKEv1 peer is answered by the selection engine, from what is on
// the wire and in the configuration, and told in the words of the router's log. So it fails where and as the real one
// does.

#include "ios/narrator.hpp"
#include "replay/ikev1_policy.hpp"

namespace ikescope::replay::ikev1 {

class IosPolicy final : public Policy {
public:
    /// One end of a way; `router` must live as long. A responder looks at nothing but its own end.
    IosPolicy(const ios::Router& router, const ios::Way& way, bool initiator);
    IosPolicy(const IosPolicy&) = delete;
    IosPolicy& operator=(const IosPolicy&) = delete;

    std::vector<session::Suite> offers() override;
    bool answers_aggressive() override;
    std::optional<std::size_t> choose(const std::vector<session::Offer>& offers, const ios::Identity* peer) override;
    bool confirms(const session::Offer& chosen) override;
    std::optional<Secret> key(const ios::Identity* peer) override;
    ios::Identity own_identity() override;
    bool accepts(const ios::Identity& peer) override;
    QuickRequest request() override;
    QuickAnswer answer(const QuickRequest& asked) override;
    std::vector<std::string> told(const Event& event) override;

    /// What this router found wrong itself; `finding` is empty as long as nothing is.
    const ios::Verdict& verdict() const { return decision_.verdict; }

private:
    void identify(const ios::Identity& peer);
    bool fail(ios::Outcome outcome, std::string_view finding, std::string sentence);
    std::vector<std::string> unreadable(const Event& event);
    std::vector<std::string> wrong_hash(const Event& event);
    bool is_usable(const ios::KeyChoice& key);

    const ios::Router& router_;
    ios::Router nobody_; ///< what is known of the other router's configuration
    const bool initiator_;
    ios::Ikev1Decision decision_;
    ios::Ends ends_;
    ios::Ikev1Narrator narrator_; ///< reads decision_
    bool up_ = false;
};

} // namespace ikescope::replay::ikev1
