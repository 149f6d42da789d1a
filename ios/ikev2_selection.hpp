#pragma once
// IKEv2 on IOS: which proposal, profile and key. The sibling of selection.hpp; nothing here can pick too early.

#include "ios/selection.hpp"

namespace ikescope::ios {

struct Ikev2ProfileChoice {
    const Ikev2Profile* profile = nullptr;
    ProfileRule rule = ProfileRule::none;
    bool supported = true;
    std::vector<std::string> causes;

    explicit operator bool() const { return profile != nullptr; }
    std::string name() const { return profile ? profile->name : std::string(); }
};
/// The responder's profile by the ID of message 3: most specific `match identity remote` of the front-door VRF.
Ikev2ProfileChoice ikev2_profile_by_identity(const Router& router, const Identity& identity, const Ends& ends);
/// How specifically a `match identity remote` fits; negative: not.
int ikev2_specificity(const IdentityMatch& match, const Identity& identity);

/// Keys of a profile for a peer: its own `key`, else the peer block of its keyring by identity, then longest address.
struct Ikev2Key {
    const Ikev2Keyring* keyring = nullptr;
    const Ikev2Peer* peer = nullptr;
    std::optional<KeyMaterial> local, remote;
    std::string rule;
};
Ikev2Key ikev2_key_for(const Router& router, const Ikev2Profile* profile, const Ends& ends, const Identity& peer);

/// `identity local` of the profile, else the address.
Identity ikev2_own_identity(const Router& router, const Ikev2Profile* profile, const Ends& ends);
std::string ikev2_id_name(const Identity& identity); ///< as in IOS's log: "IPv4 address", "FQDN"

/// What a router offers and takes for the IKE SA: the proposals of the first policy that fits VRF and local address, else
/// IOS's own.
struct Ikev2Offer {
    std::string policy; ///< its name
    std::vector<Ikev2Proposal> proposals;
};
Ikev2Offer ikev2_offer_of(const Router& router, const Ends& ends);

struct Ikev2SuiteChoice {
    bool found = false;
    std::string policy;   ///< name of the responder's policy
    std::string sentence;
};
Ikev2SuiteChoice ikev2_choose_suite(const Router& initiator, const Ends& i_ends, const Router& responder, const Ends& r_ends);

} // namespace ikescope::ios
