#pragma once
// ESP keys as the user or a log gives them, as crypto can compute with them.

#include "crypto/ikev2_suite.hpp"
#include "secrets/store.hpp"

namespace ikescope::session {

/// What the source says about algorithms; nothing when it says nothing, or names one that cannot be computed here.
/// Where it gives no key length, that of the key counts.
std::optional<crypto::ikev2::Suite> suite_of(const secrets::EspKey& key);
/// The key under a suite; nothing when lengths do not fit.
std::optional<crypto::Protection> protection_of(const secrets::EspKey& key, const crypto::ikev2::Suite& suite);

/// Why a given key with a named algorithm can open nothing: lengths (bytes) that do not fit, or, `wanted` being 0, an
/// algorithm that cannot be computed here. `why` is empty when nothing is wrong.
struct EspMisfit {
    std::string why;
    std::size_t size = 0, wanted = 0;
};
EspMisfit misfit(const secrets::EspKey& key);

} // namespace ikescope::session
