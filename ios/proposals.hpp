#pragma once
// Phase 1 policies, transform sets, proxy identities: what is offered, what is taken, what is in the way.

#include "ios/selection.hpp"

namespace ikescope::ios {

/// Policies in order of priority; IOS's built-in ones only when none is configured.
std::vector<Policy> effective_policies(const Router& router);

enum class PolicyFault : std::uint8_t { none, encryption, key_length, hash, authentication, group, lifetime };
/// Why an offer is not equal to an own policy: the first attribute in IOS's order of checking.
PolicyFault compare(const Policy& offer, const Policy& own);
std::string policy_text(const Policy& policy); ///< "3des, md5, pre-share, group 2, 86400 s"

struct PolicyComparison {
    std::size_t transform = 1; ///< number of the offer, from 1
    Policy offer, own;
    PolicyFault fault = PolicyFault::none;
};
struct PolicyChoice {
    std::optional<Policy> offer, own;
    std::vector<PolicyComparison> tried; ///< in order; the last one is the hit if there is one
    explicit operator bool() const { return own.has_value(); }
};
/// The responder takes the first offer that equals one of its own.
PolicyChoice ikev1_choose_policy(const std::vector<Policy>& offers, const std::vector<Policy>& own);

enum class Phase2Fault : std::uint8_t { none, no_path, profile, proxies, transforms, pfs };
struct Phase2Choice {
    Phase2Fault fault = Phase2Fault::none;
    const Path* path = nullptr;          ///< into `paths` as given
    std::size_t profile_mismatches = 0;  ///< paths that would fit but are bound to another profile
    std::string transform;               ///< transforms agreed on
    std::string sentence;                ///< what was taken or what is in the way
};
/// The responder's answer to Quick Mode: paths that fit the proxy identities, bound to the profile in use or to none.
Phase2Choice ikev1_choose_path(const Router& responder, const std::vector<Path>& paths, const IsakmpProfile* in_use,
                               const Router& initiator, const Path& asking);
/// The same in IKEv2, where the path names an IKEv2 profile.
Phase2Choice ikev2_choose_path(const Router& responder, const std::vector<Path>& paths, const Ikev2Profile* in_use,
                               const Router& initiator, const Path& asking);

} // namespace ikescope::ios
