#pragma once
// Secrets with their origin: pre-shared keys, Diffie-Hellman secrets, finished keys.

#include "base/address.hpp"
#include "base/bytes.hpp"
#include "base/secret.hpp"

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ikescope::secrets {

/// Where a secret came from, in words that point a person to it: "keyring1 of R1", "psk-file line 3", "log-a line 147".
struct Origin {
    std::string text;
    bool explicit_ = true; ///< given by the user for this purpose; keys out of a configuration do not count (exit status 4)
    std::string log = {};       ///< the file, where a program wrote it: it may hold more than anybody needs
};

/// A candidate pre-shared key.
struct Psk {
    Secret key;
    Origin origin;
};

/// A source says with which key an end made or checked AUTH of IKEv2 in one SA (RFC 7296 2.15).
struct PskUse {
    Secret key;
    Origin origin;
    std::array<Byte, 8> initiator_spi{};
    bool of_initiator = false; ///< whose AUTH it was
};

/// A Diffie-Hellman secret: g^xy itself, or one side's private value (checked against KE payloads).
struct DhSecret {
    enum class Form : std::uint8_t { shared, private_value };
    Secret value;
    Form form = Form::shared;
    Origin origin;
    std::optional<std::array<Byte, 8>> initiator_spi; ///< when the source names the SA
};

/// A finished IKEv1 key: Ka or SKEYID_e of an initiator cookie.
struct Ikev1Key {
    enum class Form : std::uint8_t { ka, skeyid_e, skeyid };
    std::array<Byte, 8> initiator_cookie{};
    bool any_sa = false; ///< the source names no cookie: try it on every SA
    Form form = Form::ka;
    Secret value;
    Origin origin;
};

/// Finished IKEv2 keys of one IKE SA, as far as the source has them: empty is not known. SK_ei, SK_er include the salt.
struct Ikev2Key {
    std::array<Byte, 8> initiator_spi{}, responder_spi{};
    bool any_sa = false; ///< the source names no SPIs: try it on every SA
    Secret d, ai, ar, ei, er, pi, pr;
    Origin origin;
    /// Transform IDs and key length where the source names them; encryption 0: it does not, the capture must.
    std::uint16_t encryption = 0, key_bits = 0, integrity = 0;
};

/// Keys of one direction of an ESP SA, as kernels and tables list them. The key of an AEAD includes the salt at its
/// end.
struct EspKey {
    std::optional<IpAddress> source, destination; ///< nothing: any
    std::optional<std::uint32_t> spi;             ///< nothing: any
    std::uint16_t encryption = 0, key_bits = 0;   ///< transform IDs of IKEv2 (RFC 7296 3.3.2); key_bits without salt
    std::uint16_t integrity = 0;                  ///< 0: none, or an AEAD
    Secret encryption_key, integrity_key;
    std::optional<bool> esn; ///< nothing: try both
    Origin origin;
    std::uint8_t unchecked_icv = 0; ///< bytes of an ICV that the source names without algorithm or key; `integrity` is 0 then
};

/// What else one IKEv2 SA may need. `initiator_spi`: when the source names the SA; otherwise it is tried on every one.
struct Ikev2Extra {
    enum class Form : std::uint8_t {
        msk,        ///< EAP's master session key, which makes AUTH (RFC 7296 2.16)
        ppk,        ///< post-quantum pre-shared key (RFC 8784)
        additional, ///< result of an additional key exchange (RFC 9370), of ML-KEM: its shared secret
        old_d,      ///< SK_d of the SA whose ticket is resumed (RFC 5723)
    };
    Form form = Form::msk;
    Secret value;
    std::string id; ///< PPK_ID; empty: any
    std::optional<std::array<Byte, 8>> initiator_spi;
    Origin origin;
};

/// A private key of an end: PKCS#8 or the older forms in DER. Opens the public key encryption modes of IKEv1 (RFC 2409 5.2, 5.3).
struct PrivateKey {
    Secret der;
    Origin origin;
};

/// Finds what a list holds already, by hash: several thousand secrets are no quadratic matter. Lists may grow past it.
class Index {
public:
    /// Is one of the list `same` as the one with this hash? `hash_of` is for those that were not seen yet.
    template <class T, class Hash, class Same>
    bool contains(const std::vector<T>& list, std::size_t hash, Hash hash_of, Same same) {
        if (seen_ > list.size()) {
            places_.clear();
            seen_ = 0;
        }
        for (; seen_ < list.size(); ++seen_) places_.emplace(hash_of(list[seen_]), seen_);
        const auto [from, to] = places_.equal_range(hash);
        for (auto at = from; at != to; ++at)
            if (same(list[at->second])) return true;
        return false;
    }

private:
    std::unordered_multimap<std::size_t, std::size_t> places_;
    std::size_t seen_ = 0;
};

struct Store {
    std::vector<Psk> psks;
    std::vector<PskUse> psk_uses; ///< no candidates: their keys are among `psks`
    std::vector<DhSecret> dh;
    std::vector<Ikev1Key> ikev1_keys;
    std::vector<Ikev2Key> ikev2_keys;
    std::vector<EspKey> esp_keys;
    std::vector<Ikev2Extra> ikev2_extras;
    std::vector<PrivateKey> private_keys;
    std::vector<Buffer> authorities; ///< trusted certificates in DER: no secrets, they open nothing

    bool empty() const {
        return psks.empty() && dh.empty() && ikev1_keys.empty() && ikev2_keys.empty() && esp_keys.empty() && ikev2_extras.empty() &&
               private_keys.empty();
    }
    /// Adds a PSK unless the same key with the same origin is there already.
    void add_psk(Psk psk);
    /// Adds a PSK unless the same key is there already, wherever it came from; logs repeat theirs. Was it new?
    bool add_new_psk(Psk psk);
    /// Adds a secret unless the same value for the same SA is there already (the logs of both ends print the same one).
    bool add_dh(DhSecret secret);
    bool add_ikev1_key(Ikev1Key key);
    bool add_ikev2_key(Ikev2Key key);
    bool add_esp_key(EspKey key);
    bool add_ikev2_extra(Ikev2Extra extra);
    bool add_private_key(PrivateKey key);

private:
    Index psk_index_, dh_index_, ikev1_index_, ikev2_index_, esp_index_, extra_index_, private_index_;
};

} // namespace ikescope::secrets
