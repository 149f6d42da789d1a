#pragma once
// What to do about it: words and a snippet of configuration, for findings from captures as well as predictions.

#include "ios/selection.hpp"

namespace ikescope::ios {

struct Advice {
    std::string text;    ///< sentences
    std::string snippet; ///< configuration to enter, keys starred out
};

/// Remedy for a responder whose pick is not in the profile's keyrings, or that picks the wrong key.
/// `id`: keyring-mismatch, wrong-psk, no-key-for-peer, no-proposal-chosen, profile-mismatch, trust-point-mismatch.
Advice advise(std::string_view id, const Router& router, const Ends& ends, const KeyChoice& picked,
              const IsakmpProfile* profile);

} // namespace ikescope::ios
