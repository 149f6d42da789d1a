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

/// The key under its own suite. Lists name HMAC-SHA-256 without saying how much of it is sent: 128 bits (RFC 4868) are
/// tried first, then the 96 of draft-ietf-ipsec-ciph-sha-256-00, which old Linux kernels send. Empty when nothing fits.
std::vector<crypto::Protection> protections_of(const secrets::EspKey& key);

/// Why a given key with a named algorithm can open nothing: lengths (bytes) that do not fit, or, `wanted` being 0, an
/// algorithm that cannot be computed here. `why` is empty when nothing is wrong.
struct EspMisfit {
    std::string why;
    std::size_t size = 0, wanted = 0;
};
EspMisfit misfit(const secrets::EspKey& key);

} // namespace ikescope::session
