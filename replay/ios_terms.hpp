#pragma once
// What an IOS configuration says, in wire numbers, and back.

#include "ios/proposals.hpp"
#include "replay/ikev1_policy.hpp"

namespace ikescope::replay {

/// A configured phase 1 policy as it is offered. Nothing when a word of it has no number here.
std::optional<session::Suite> suite_of(const ios::Policy& policy);
/// An offer in the configuration's words; a number without a word gives a policy that equals none.
ios::Policy policy_of(const session::Suite& suite);

/// Terms of a transform set in wire numbers of both versions; 0 = absent.
struct EspTerms {
    std::uint16_t ikev1_transform = 0, ikev1_authentication = 0; ///< RFC 2407 4.4.4, 4.5
    std::uint16_t ikev2_encryption = 0, ikev2_integrity = 0;     ///< RFC 7296 3.3.2
    std::uint16_t key_bits = 0;
};
/// Nothing for what is not ESP alone (AH, compression) or has no number here.
std::optional<EspTerms> esp_terms(const ios::TransformSet& set);
/// The transforms of an offer in the configuration's words: {"esp-aes 256", "esp-sha256-hmac"}; empty when one has
/// none.
std::vector<std::string> transforms_of(const ikev1::EspOffer& offer);

} // namespace ikescope::replay
