#pragma once
// What secrets made of a capture: the keys of every SA, for showing and for handing on to other programs.

#include "secrets/export.hpp"
#include "session/sessions.hpp"

#include <map>

namespace ikescope::session {

struct NamedKey {
    std::string name; ///< "SKEYID_e", "SK_ai"; where the ends' keys differ "initiator's SKEYID_e"
    Secret value;
};
/// The keys of an IKE SA in the order of their derivation; none when nothing opened it.
std::vector<NamedKey> named_keys(const Sessions& sessions, const Sa& sa);

/// "ENCR_AES_CBC-128/AUTH_HMAC_SHA1_96"
std::string suite_text(const secrets::EspKey& key);

/// Remembers what HASH_R of every Aggressive Mode is made of. That takes no secret: whoever listens has it.
class AggressiveProofs {
public:
    void see(const Outcome& outcome);
    const std::map<std::size_t, secrets::Derived::Proof>& by_sa() const { return proofs_; }

private:
    std::map<std::size_t, secrets::Derived::Proof> proofs_;
};

/// Everything that other programs can use. `given` adds the ESP keys that the user gave.
secrets::Derived derived(const Sessions& sessions, const AggressiveProofs& proofs, const secrets::Store& given);

} // namespace ikescope::session
