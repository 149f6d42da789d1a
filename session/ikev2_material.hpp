#pragma once
// What keys are made of in an IKEv2 SA, and the keys once an ICV has proved them. RFC 7296 sections 2.14 to 2.18.

#include "crypto/ikev2_suite.hpp"
#include "session/track.hpp"

namespace ikescope::session {

/// A negotiation of a Child SA or of a rekeyed IKE SA under way; that of IKE_AUTH counts as message id 1.
struct Ikev2Exchange {
    std::uint32_t message_id = 0;
    Side began = Side::initiator;
    bool ike = false;
    Buffer nonce[2], ke[2]; ///< [0] is of whoever began it
    std::uint16_t group = 0;
    std::vector<OfferedSpi> offered;
};

/// Where a rekeyed IKE SA comes from.
struct Ikev2Parent {
    Secret d; ///< SK_d of the old SA
    crypto::PrfId prf{};
};

struct Ikev2Material {
    Buffer init[2]; ///< per Side: IKE_SA_INIT as it was sent last, from the first byte of the header
    Buffer nonce[2], public_value[2];
    std::optional<crypto::ikev2::Suite> suite;
    std::uint16_t group = 0;
    std::optional<Ikev2Parent> parent;
    std::size_t additional = 0; ///< of a rekeyed SA: how many additional key exchanges its CREATE_CHILD_SA had (RFC 9370 2.2.4)

    std::optional<crypto::ikev2::Keys> keys; ///< proved by an ICV; of a table only SK_e and SK_a
    std::uint8_t searches[2] = {0, 0};

    Buffer id_body[2];
    std::vector<Buffer> certificates[2]; ///< per Side: the end's own first (RFC 7296 3.6)
    std::uint8_t auth_method[2] = {0, 0};
    Buffer auth[2];
    bool eap =
        false; ///< an EAP payload was seen: the last AUTH of each end is made with its MSK, or SK_p (RFC 7296 2.16)
    bool resumed =
        false; ///< IKE_SESSION_RESUME instead of IKE_SA_INIT: no KE; `parent` is the SA of the ticket (RFC 5723)

    /// Post-quantum pre-shared keys (RFC 8784): what IKE_AUTH's request names, and the keys once AUTH has proved one.
    std::optional<std::string> ppk_id;
    Buffer no_ppk_auth; ///< the initiator's AUTH for a responder that has no PPK
    std::optional<crypto::ikev2::Keys> mixed;

    bool intermediate = false;      ///< IKE_INTERMEDIATE was seen: AUTH covers it, and keys may change (RFC 9242, 9370)
    bool intermediate_lost = false; ///< a message of it was not opened, so nothing can be said about AUTH
    bool rekeying = false;          ///< an additional key exchange was completed whose result has not been needed yet
    Buffer link[2];                 ///< per Side: IntAuth so far (RFC 9242 3.3.2)
    std::uint32_t auth_id = 1;      ///< message id of the first IKE_AUTH

    std::vector<Ikev2Exchange> exchanges;
    static constexpr std::size_t most_exchanges = 16;

    bool has_inputs() const {
        return suite && suite->prf && !public_value[0].empty() && !public_value[1].empty() && !nonce[0].empty() &&
               !nonce[1].empty();
    }
    Ikev2Exchange* find(std::uint32_t message_id, Side began) {
        for (auto& known : exchanges)
            if (known.message_id == message_id && known.began == began) return &known;
        return nullptr;
    }
};

} // namespace ikescope::session
