#pragma once
// Opens IKEv2's Encrypted payloads. A key is believed, and a plaintext shown, only when the ICV is right under it.

#include "session/ikev1_opener.hpp"
#include "session/ikev2_material.hpp"

namespace ikescope::session::ikev2 {

/// An SK payload or one SKF piece.
struct Sealed {
    const dissect::Message& message;
    const dissect::PayloadRef& payload;
    Side from;
};

class Opener {
public:
    /// DH secrets and books are those of the IKEv1 opener: the user's secrets are one heap.
    Opener(const secrets::Store& store, ikev1::Opener& first);

    bool useful() const { return useful_; }
    /// Learns from an IKE_SA_INIT message: its bytes, KE, nonce. The suite is that of the track.
    void learn(Track& track, Side from, const dissect::Message& message);
    /// The content of an SK payload or piece, with padding. `found` is nothing unless its ICV is right.
    struct Result {
        bool attempted = false;
        std::optional<Buffer> plain;
        bool garbage = false; ///< the ICV is right, but what the encryption key makes of it is no message
        std::string why; ///< one sentence: why the ICV of a message whose keys are known is not right
    };
    Result open(Track& track, const Sealed& sealed);

    /// Checks the AUTH payload that was kept of a side.
    void authenticate(Track& track, Side side);
    /// An opened message of IKE_INTERMEDIATE: goes into what AUTH covers. `sent` is the message as it was sent (its
    /// last fragment), `first` the type of the first payload inside.
    void take_intermediate(Track& track, Side from, const dissect::Message& sent);
    /// The responder's IKE_AUTH says whether the post-quantum pre-shared key counts.
    void settle_ppk(Track& track, bool accepted);
    /// Does this PSK make that side's AUTH?
    Proof try_psk(const Track& track, Side side, Bytes psk) const;
    /// What can prove a PSK of that side to a search; see key_search.hpp.
    Testability testability(const Track& track, Side side, KeySearch& search) const;

    /// The chain of an opened message, which then holds until the next show().
    const dissect::Message& show(const dissect::Header& header, std::uint8_t first, Buffer plain);
    const dissect::Message& message() const { return message_; }
    Bytes plain() const { return plain_; }
    Bytes iv() const { return iv_; }
    std::size_t icv_size() const { return icv_size_; }

private:
    using Keys = crypto::ikev2::Keys;
    bool try_keys(const Ikev2Material& material, const Keys& keys, const Sealed& sealed, Result& result);
    Keys derive(const Track& track, Bytes shared, std::span<const Secret> additional) const;
    /// g^ir, with every choice of additional secrets where the SA needs some.
    bool try_exchange(Track& track, const Sealed& sealed, Bytes shared, Result& result);
    void assume_suite(Track& track);
    bool search(Track& track, const Sealed& sealed, Result& result);
    bool guess_suite(Track& track, const Sealed& sealed, Result& result);
    bool try_finished(Track& track, const Sealed& sealed, std::size_t index, bool any, Result& result);
    bool search_finished(Track& track, const Sealed& sealed, bool any, Result& result);
    bool search_private(Track& track, const Sealed& sealed, Result& result);
    void settle_dh(Track& track, std::size_t index);
    bool is_garbage_under_given(Track& track, const Sealed& sealed, Result& result);
    bool search_additional(Track& track, const Sealed& sealed, Result& result);
    bool search_resumed(Track& track, const Sealed& sealed, Result& result);
    /// Calls `visit(index)` with the extras of a form that may belong to the SA, those that name it first, until it
    /// returns true.
    template <class Visit>
    bool each_extra(secrets::Ikev2Extra::Form form, const Track& track, Visit visit) {
        auto& order = extras_[static_cast<std::size_t>(form)];
        return order.named(track.initiator_spi, visit) || order.unnamed(visit);
    }
    /// It is proved, and will hardly be needed again.
    void take_extra(std::size_t index) {
        tally_.extra_used[index] = true;
        extras_[static_cast<std::size_t>(store_.ikev2_extras[index].form)].take(index);
    }
    std::optional<Buffer> octets(const Track& track, Side side, const Keys& keys) const;
    bool makes_auth(const Track& track, Side side, Bytes secret, Bytes octets) const;
    Proof judge_auth(Track& track, Side side, const Keys& keys);
    Proof judge_shared(Track& track, Side side, const Keys& keys, Bytes octets);
    Proof judge_signature(Track& track, Side side, Bytes octets);

    const secrets::Store& store_;
    DhSecrets& dh_;
    TrialOrder keys_; ///< finished ones
    static constexpr std::size_t extra_forms = 4;
    TrialOrder extras_[extra_forms];
    std::unordered_map<std::string, std::vector<std::size_t>> ppks_; ///< by PPK_ID; empty: any
    ikev1::Opener::Tally& tally_;
    bool useful_;
    dissect::Message message_;
    Buffer plain_, iv_;
    std::size_t icv_size_ = 0; ///< of the message opened last
    std::uint8_t first_ = 0; ///< type of the first payload in `plain_`
};

} // namespace ikescope::session::ikev2
