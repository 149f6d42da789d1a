#pragma once
// Reads IOS and IOS-XE configurations as people have them: whole running-configs, pasted fragments, prompts in front,
// abbreviated keywords, remarks behind lines.

#include "ios/config.hpp"

namespace ikescope::ios {

/// Never fails: what cannot be understood and matters is in Router::remarks, the rest is ignored.
/// `fallback_name` is used when the text gives no hostname.
Router read_config(std::string_view text, std::string_view fallback_name = "router");

/// The clear text of a type 7 key; nothing when it is not one.
std::optional<Secret> decode_type7(std::string_view digits);

/// A mask cut short (`255.255.255.`) takes the length that the other router uses on the same network, if it has one.
void repair_masks(Router& router, const Router& other);

} // namespace ikescope::ios
