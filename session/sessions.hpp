#pragma once
// The memory of IKE SAs: packets go in one at a time, in order; SAs with their stages, messages and keys come out.
//
//   Sessions sessions{store, {}};
//   for every frame:  const Outcome& seen = sessions.add(frame, datagram);
//   sessions.finish();
//   for (const Sa& sa : sessions) …
//
// SAs are found by cookies and SPIs, never by addresses. Without secrets an SA costs about 1 kB, a packet that is no
// IKE message costs nothing. ESP is looked at once there are keys that may open it.

#include "capture/datagram.hpp"
#include "crypto/ikev1_keys.hpp"
#include "crypto/ikev2_keys.hpp"
#include "crypto/protection.hpp"
#include "session/key_search.hpp"
#include "session/outcome.hpp"

#include <iterator>
#include <memory>

namespace ikescope::session {

class Core;

class Sessions {
public:
    /// The store must outlive the sessions.
    explicit Sessions(const secrets::Store& store, Options options = {});
    ~Sessions();
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;

    /// Takes in one packet. The outcome holds until the next call. Anything that is neither ISAKMP nor ESP is passed over.
    const Outcome& add(const capture::Frame& frame, const capture::Datagram& datagram);
    /// To be called once behind the last packet: what only the end shows (missing fragments, one direction only).
    void finish();

    /// SAs there were, with those that Options::max_kept made it forget: at() is for the others.
    std::size_t size() const;
    bool empty() const { return size() == 0; }
    /// An SA as a value of its own, made from the compact memory. Cost: its messages.
    Sa at(std::size_t index) const;
    Sa operator[](std::size_t index) const { return at(index); }

    /// Steps from SA to SA in the order of their first frames; each step makes the Sa.
    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Sa;
        using difference_type = std::ptrdiff_t;
        using pointer = const Sa*;
        using reference = Sa;
        Iterator() = default;
        Iterator(const Sessions& owner, std::size_t index) : owner_(&owner), index_(index) {}
        Sa operator*() const { return owner_->at(index_); }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        Iterator operator++(int) {
            auto before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const Iterator&, const Iterator&) = default;

    private:
        const Sessions* owner_ = nullptr;
        std::size_t index_ = 0;
    };
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

    /// What happened to ISAKMP messages as a whole.
    struct Totals {
        std::uint64_t messages = 0;   ///< ISAKMP messages seen
        std::uint64_t encrypted = 0;  ///< of these, encrypted
        std::uint64_t decrypted = 0;  ///< of these, opened
        std::uint64_t untracked = 0;  ///< belonged to an SA beyond Options::max_sas
        std::uint64_t shed = 0;       ///< SAs that lost their messages to Options::max_detailed
        std::uint64_t esp = 0;        ///< ESP packets: all when keys of ESP were given, else those for whose SPI there were keys
        std::uint64_t esp_opened = 0; ///< of these, opened

        /// Something was encrypted, keys were there, and nothing came of it.
        bool nothing_opened() const { return encrypted + esp > 0 && decrypted + esp_opened == 0; }
    };
    const Totals& totals() const;

    /// The keys of a child's direction (Child::esp); `extended` sequence numbers included.
    struct EspKeys {
        crypto::Protection keys;
        bool extended = false;
    };
    std::optional<EspKeys> esp_keys(std::uint32_t direction) const;

    /// ESP SAs opened with given keys that no Child SA of the capture accounts for.
    struct LooseEsp {
        std::uint32_t spi = 0;
        EspTraffic traffic;
    };
    std::vector<LooseEsp> loose_esp() const;

    /// Secrets that opened nothing, with the reason; meaningful after the last packet.
    std::vector<UnusableSecret> unusable() const;

    /// What a router that picked `psk` finds when it decrypts MM5 of this SA and checks it in its order. Nothing when
    /// that cannot be computed: no MM5, no fitting DH secret, no nonces, an unknown suite.
    std::optional<SanityCheck> first_failed_check(const Sa& sa, Bytes psk) const;
    /// Does this key open that side's messages, or prove its HASH? Unknown when it cannot be tried.
    Proof try_psk(const Sa& sa, Side side, Bytes psk) const;

    /// Everything a pre-shared key can be tested with; needs Options::key_search. Meaningful after the last packet.
    KeySearch key_search() const;
    /// Proves, in full, that a candidate is the key of a target of key_search().
    Proof prove(const KeyTarget& target, const KeyTrial& trial, Bytes psk) const;

    /// The IKEv1 keys under which that side's messages open, if known.
    std::optional<crypto::ikev1::Keys> ikev1_keys(std::size_t sa, Side side) const;
    /// The IKEv2 keys of an SA, once an ICV has proved them; of a decryption table only SK_e and SK_a.
    std::optional<crypto::ikev2::Keys> ikev2_keys(std::size_t sa) const;
    /// A decrypted message, with Options::plain only; empty otherwise.
    Bytes plain(std::size_t sa, std::size_t record) const;

private:
    std::unique_ptr<Core> core_;
};

} // namespace ikescope::session
