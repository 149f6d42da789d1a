#pragma once
// What keys are made of in an IKEv1 SA, and the keys once they are found: one set per direction, because each end may
// have used another PSK. RFC 2409 section 5 and appendix B.

#include "crypto/ikev1_keys.hpp"
#include "session/track.hpp"

namespace ikescope::session {

/// Where a set of keys came from.
struct KeySource {
    enum class Kind : std::uint8_t { none, psk, skeyid, signature, encryption, finished } kind = Kind::none;
    std::size_t index = 0; ///< into the store's psks or ikev1_keys
};

struct SideKeys {
    KeySource source;
    crypto::ikev1::Keys keys;
    bool known() const { return source.kind != KeySource::Kind::none; }
};

/// The IV chain of one message id, and the nonces that HASH(2) and HASH(3) need.
struct Chain {
    std::uint32_t message_id = 0;
    Buffer iv, alternative; ///< last block of the last message; of its differently encrypted repetition
    Buffer previous;        ///< last block of the message before it
    Buffer nonce[2];        ///< Ni_b, Nr_b of a Quick Mode; [0] is that of whoever began it
    Buffer ke[2];
};

/// How a message was opened, so that a repetition can be opened again without advancing a chain.
struct Opened {
    std::uint64_t fingerprint = 0;
    Buffer iv;
    Side side = Side::initiator;
};

/// The first encrypted message of a side, kept to ask later what another key would make of it.
struct KeptMessage {
    dissect::Header header;
    Label label = Label::none;
    Side from = Side::initiator;
    std::uint64_t frame = 0;
    Buffer ciphertext;
    std::vector<Buffer> ivs;

    static constexpr std::size_t most = 16'384; ///< bytes; larger ones are not kept
};

struct Ikev1Material {
    Buffer sa_body; ///< SAi_b
    Buffer public_value[2], nonce[2], id_body[2];
    std::optional<crypto::ikev1::Suite> suite;
    std::uint32_t group = 0; ///< as DhSecrets counts them
    std::uint16_t authentication = 0;
    std::vector<std::pair<std::uint16_t, std::uint32_t>>
        new_groups; ///< of New Group Mode (RFC 2409 5.6): what the peers call them
    std::uint32_t group_named(std::uint16_t number) const {
        for (const auto& [name, made] : new_groups)
            if (name == number) return made;
        return number;
    }

    std::optional<Secret> shared; ///< g^xy that is proved, or follows from a private value
    std::optional<std::size_t> dh;
    bool dh_proved = false, private_tried = false;
    SideKeys side[2];
    std::uint8_t searches[2] = {0, 0};

    // The last ciphertext blocks of phase 1: what phase 2's IVs may be made of.
    Buffer last_mm5, last_mm5_again, last_mm6, last_am3;
    std::optional<KeptMessage> first[2];
    std::vector<Buffer> certificates[2]; ///< per Side: X.509 certificates it sent along
    Buffer clear_signature[2];           ///< SIG_R of AM2, SIG_I of an AM3 in clear, until SKEYID is known
    Buffer clear_hash[2];                ///< HASH_R of AM2, HASH_I of an AM3 in clear; of MM5, MM6 that finished keys without SKEYID opened
    Secret hash_skeyid[2];               ///< the SKEYID under which it is right

    std::vector<Chain> chains;  ///< the latest message ids
    std::vector<Opened> opened; ///< the latest opened messages
    std::size_t next_opened = 0;

    static constexpr std::size_t most_chains = 32, most_opened = 16;

    /// Public key encryption: nonces and identities are encrypted (and with the revised mode KE, too) until private
    /// keys open them.
    bool wrapped = false, decoded[2] = {false, false};

    bool has_inputs() const {
        return (!wrapped || (decoded[0] && decoded[1])) && suite && !public_value[0].empty() &&
               !public_value[1].empty() && !nonce[0].empty() && !nonce[1].empty();
    }
    /// The chain of a message id; the oldest one gives way.
    Chain& chain(std::uint32_t message_id);
    Chain* find_chain(std::uint32_t message_id);
    /// Do both sides' messages need the same SKEYID? Nothing while one of them is unknown.
    std::optional<bool> one_skeyid() const;
    const Chain* find_chain(std::uint32_t message_id) const;
    void remember(Opened opened_message);
    const Opened* find_opened(std::uint64_t fingerprint) const;
    crypto::ikev1::Inputs inputs(const Track& track) const;
};

} // namespace ikescope::session
