#pragma once
// Opens IKEv1 messages: finds DH secret and PSK for each direction, chooses the IV, decrypts and proves the HASH.
//
// No key is ever believed by luck: a key that is searched for is accepted only when a HASH payload verifies under it,
// or, where no HASH can be checked (signatures, a finished Ka), when a whole chain of payloads tiles the plaintext.

#include "secrets/store.hpp"
#include "session/ikev1_dh.hpp"
#include "session/ikev1_material.hpp"
#include "session/key_search.hpp"
#include "session/outcome.hpp"

namespace ikescope::session::ikev1 {

/// An encrypted message as the opener needs it.
struct Sealed {
    const dissect::Header& header;
    Bytes ciphertext;
    Label label;
    Side from;
    std::uint64_t fingerprint;
    std::uint64_t frame;
};

/// What came of it. `plain` and `message` live in the opener until the next open().
struct Result {
    bool attempted = false, opened = false;
    Proof hash = Proof::unknown;
    std::string_view how;
};

class Opener {
public:
    /// `always`: remember what keys can be tested with even when the store is empty.
    explicit Opener(const secrets::Store& store, bool always = false);

    /// Is there anything to open with?
    bool useful() const { return useful_; }

    /// Learns from a clear phase 1 message: KE, nonce, ID, SA; checks a clear HASH (Aggressive Mode).
    Proof learn(Track& track, Label label, Side from, const dissect::Message& message);
    /// Opens a message that is no retransmission and advances its IV chain.
    Result open(Track& track, const Sealed& sealed);
    /// Opens a repetition of an opened message again.
    Result reopen(Track& track, const Sealed& sealed);
    /// Opens a repetition whose bytes differ; an answer's IV may come from either copy.
    Result open_again(Track& track, const Sealed& sealed);

    const dissect::Message& message() const { return message_; }
    Bytes plain() const { return plain_; }
    Bytes iv() const { return iv_; }

    /// See Sessions.
    std::optional<SanityCheck> first_failed_check(const Track& track, Bytes psk) const;
    Proof try_psk(const Track& track, Side side, Bytes psk) const;
    /// The same with this g^xy, where it is needed at all.
    Proof try_psk(const Track& track, Side side, Bytes psk, const std::optional<Secret>& shared) const;
    /// What can prove a PSK of that side to a search; see key_search.hpp.
    Testability testability(const Track& track, Side side, KeySearch& search) const;

    /// What became of each secret.
    struct Tally {
        std::vector<bool> psk_tried, psk_used, dh_used, key_used, key_tried, key2_used, key2_tried, esp_used, esp_tried,
            extra_used, extra_tried, private_used, private_tried, key2_garbage; ///< key2_garbage: the ICV was right, the plaintext no message
        std::vector<std::size_t> key_wanted; ///< bytes; 0 where the length was right
        RecentFirst psk_order; ///< in which pre-shared keys are tried
    };
    const Tally& tally() const { return tally_; }
    Tally& tally() { return tally_; }
    const DhSecrets& dh() const { return dh_; }
    DhSecrets& dh() { return dh_; }

private:
    struct Iv {
        Buffer bytes;
        std::string_view how;
    };
    using Skeyids = std::vector<std::pair<KeySource, Secret>>; ///< of pre-shared keys empty until it is needed
    Skeyids skeyids(const Track& track);
    const Secret& skeyid_of(const Track& track, std::pair<KeySource, Secret>& candidate);
    std::vector<Iv> candidates(const Track& track, const Sealed& sealed, bool again = false) const;
    bool try_keys(const Track& track, const Sealed& sealed, const SideKeys& keys, const std::vector<Iv>& ivs,
                  bool proved, Result& result);
    bool try_shared(Track& track, const Sealed& sealed, const std::vector<Iv>& ivs, Skeyids& skeyids,
                    const Secret& shared, Result& result);
    bool search(Track& track, const Sealed& sealed, const std::vector<Iv>& ivs, Result& result);
    bool search_finished(Track& track, const Sealed& sealed, const std::vector<Iv>& ivs, Result& result);
    void keep_first(Track& track, const Sealed& sealed, const std::vector<Iv>& ivs);
    void accept(Track& track, const Sealed& sealed, SideKeys keys);
    void decode_encrypted(Track& track);
    void learn_certificates(Track& track, Side from, const dissect::Message& message);
    Proof check_signature(Track& track, Side from, const Secret& skeyid, Bytes signature);
    Proof judge_phase1(Track& track, const Sealed& sealed, Proof hash);
    void settle_clear_signatures(Track& track, const Secret& skeyid);
    Proof learn_hash(Track& track, Side from, Bytes hash);
    void settle_private(Track& track);
    std::optional<Secret> shared_of(const Track& track) const;
    std::optional<crypto::ikev1::Keys> keys_under(const Track& track, Bytes psk, const std::optional<Secret>& shared) const;
    std::vector<std::optional<std::size_t>> shared_candidates(const Track& track) const;
    Testability test_hash(const Track& track, Side side, KeySearch& search) const;
    Testability test_sealed(const Track& track, Side side, KeySearch& search) const;
    void settle_dh(Track& track, std::size_t index, const Secret& shared);

    const secrets::Store& store_;
    DhSecrets dh_;
    TrialOrder keys_, skeyids_; ///< Ka and SKEYID_e; SKEYID
    bool useful_;
    Tally tally_;
    dissect::Message message_;
    Buffer plain_, iv_;
};

} // namespace ikescope::session::ikev1
