#pragma once
// ESP: which SA an SPI belongs to, with which keys its packets open, and what was inside. RFC 4303; extended sequence
// numbers: appendix A. A key is believed, and content shown as the peer's, only when an ICV is right under it; a given key
// that has one for the cipher and another for the ICV, only when besides what it decrypts looks like a packet.

#include "crypto/ikev2_suite.hpp"
#include "session/ikev1_opener.hpp"

#include <deque>
#include <functional>
#include <map>
#include <unordered_map>

namespace ikescope::session {

/// One direction of an ESP SA, as far as a negotiation or a given key says.
struct EspPlan {
    std::uint32_t spi = 0;
    std::optional<std::size_t> track = {}; ///< the IKE SA that negotiated it
    std::optional<Side> from = {};         ///< which side of that IKE SA sends
    std::optional<bool> extended = {};     ///< nothing: not known
    std::optional<crypto::ikev2::Suite> suite =
        {};                                    ///< what given keys without a name of their algorithm are tried with
    std::vector<crypto::Protection> keys = {}; ///< to be tried, in this order
    /// With PFS and an unknown second Diffie-Hellman secret: the keys under a candidate of `group`.
    std::function<std::vector<crypto::Protection>(Bytes shared)> under = {};
    /// Where additional key exchanges (RFC 9370) went into the keys: to be told which ones a packet proved.
    std::function<void(const crypto::Protection&)> settled = {};
    GroupNumber group = 0;
    Spi initiator_spi{};
    std::optional<std::size_t> given = {}; ///< into the store's esp_keys, when `keys` are one of these
};

class EspSas {
public:
    EspSas(const secrets::Store& store, DhSecrets& dh, ikev1::Opener::Tally& tally);

    /// Is there anything to open ESP with?
    bool any() const { return !by_spi_.empty() || !loose_.empty(); }
    /// Puts the keys into a plan: at once where the exchange had no Diffie-Hellman values of its own (both empty) or
    /// one of the private values given belongs to it; else to be searched for. Says whether they are there.
    bool provide(EspPlan& plan, GroupNumber group, const Buffer (&ke)[2], decltype(EspPlan::under) under);
    /// Packets with this plan's SPI are to be expected; returns the number of the direction.
    std::uint32_t expect(EspPlan plan);
    /// Nothing when the SPI is none that there could be keys for. Views hold until the next call.
    const EspOutcome* open(const capture::Datagram& datagram);

    /// No packet has shown yet which of the given Diffie-Hellman secrets it is, but there are some that may be it.
    bool promising(std::uint32_t number) const;
    const EspTraffic& traffic(std::uint32_t number) const { return directions_[number].traffic; }
    /// The keys of a direction: those that opened a packet, or the only ones it can have. Null: not known.
    const crypto::Protection* keys(std::uint32_t number) const {
        const auto& direction = directions_[number];
        if (direction.proved) return &*direction.proved;
        return direction.plan.keys.size() == 1 ? &direction.plan.keys.front() : nullptr;
    }
    bool extended(std::uint32_t number) const {
        return directions_[number].plan.extended.value_or(directions_[number].traffic.extended);
    }
    /// Exchanges with Diffie-Hellman values of their own whose ESP did not come to show which of the given secrets is
    /// theirs, although there are some that may be it: by group and initiator's SPI of the IKE SA.
    std::map<std::pair<GroupNumber, Spi>, std::size_t> awaiting() const;
    /// Did packets of this direction come that stay closed for want of the second Diffie-Hellman secret (PFS)?
    bool lacks_secret(std::uint32_t number) const {
        const auto& direction = directions_[number];
        return direction.plan.under && !direction.proved && direction.traffic.packets > 0;
    }
    /// Is there a Child SA with additional key exchanges (RFC 9370) whose ESP did not come to show which secrets are theirs?
    bool awaiting_additional() const;
    /// A direction with given keys.
    std::optional<std::uint32_t> find_given(std::uint32_t spi) const;
    /// Calls `tell(number, spi)` for every direction that belongs to no negotiation and had packets.
    template <class Tell>
    void each_loose(Tell tell) const {
        for (std::uint32_t i = 0; i < directions_.size(); ++i)
            if (!directions_[i].plan.track && directions_[i].traffic.packets > 0) tell(i, directions_[i].plan.spi);
    }

private:
    struct Direction {
        EspPlan plan;
        std::optional<crypto::Protection> proved;
        std::uint64_t highest = 0; ///< sequence number so far
        std::uint8_t searches = 0;
        std::uint8_t in_a_row = 0; ///< packets that were neither sound nor wrong
        IpAddress to;              ///< of the last packet that opened
        bool half_fits = false; ///< a given key made a right ICV, but no packet
        std::optional<std::uint8_t> maybe = {}; ///< next header of the packet before, when it was neither sound nor wrong
        bool unverifiable = false; ///< proved by looks only: there is no ICV, or none that can be checked
        EspTraffic traffic;
    };
    /// Searches for the keys of these directions, unless they are known or were searched for often enough.
    void search_among(std::span<const std::uint32_t> those, Bytes packet);
    /// The direction whose known keys open the packet; null: none.
    Direction* opener_of(std::span<const std::uint32_t> those, Bytes packet);
    std::span<const std::uint32_t> of_spi(std::uint32_t spi, std::span<std::uint32_t> room) const;
    bool search(Direction& direction, Bytes packet);
    bool search_given(Direction& direction, Bytes packet);
    /// The keys of the direction are found.
    static void settle(Direction& direction, const crypto::Protection& keys);
    bool search_shared(Direction& direction, Bytes packet);
    bool try_keys(Direction& direction, const crypto::Protection& keys, Bytes packet);
    bool try_given(Direction& direction, const crypto::Protection& keys, Bytes packet);
    bool believable(Direction& direction);
    bool try_unverified(Direction& direction, const crypto::Protection& keys, Bytes packet);
    void show(Direction& direction, const crypto::Protection& keys, const capture::Datagram& datagram);
    void account(Direction& direction);
    bool adopt(std::uint32_t spi);
    void forget_oldest();

    const secrets::Store& store_;
    DhSecrets& dh_;
    ikev1::Opener::Tally& tally_;
    std::deque<Direction> directions_;
    std::unordered_multimap<std::uint32_t, std::uint32_t> by_spi_;
    std::vector<std::size_t> loose_; ///< given keys without SPI
    std::size_t adopted_ = 0, next_to_forget_ = 0, trials_ = 0;
    EspOutcome outcome_;
    capture::Datagram inner_;
    Buffer plain_;
    std::uint32_t high_ = 0;
};

} // namespace ikescope::session
