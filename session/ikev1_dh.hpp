#pragma once
// Which of the user's Diffie-Hellman secrets fits an SA: private values are found by their public value, shared ones by
// trial, those that another SA has proved last of all.

#include "crypto/dh.hpp"
#include "secrets/store.hpp"
#include "session/trial_order.hpp"

#include <map>
#include <unordered_map>

namespace ikescope::session {

/// A number of IANA's registry, or above them the number of a group that two peers made up.
using GroupNumber = std::uint32_t;

class DhSecrets {
public:
    explicit DhSecrets(const secrets::Store& store);

    /// A group that two peers agreed on by its prime and generator; the same number for the same group. 0 when there
    /// are too many, or when it is larger than any of the registry: computing in it could take minutes.
    GroupNumber number_of(crypto::ModpGroup group);

    /// The private value whose public value this is. The public values of a group are computed at its first use.
    std::optional<std::size_t> find_private(GroupNumber group, Bytes public_value);

    /// g^xy of two public values when a private value belongs to one of them; they are in no order.
    struct Computed {
        std::size_t index;
        Secret shared;
    };
    std::optional<Computed> computed(GroupNumber group, Bytes one, Bytes other);

    /// Calls `visit(index, shared)` with every shared secret that may fit the group and the SA, until it returns true.
    /// Shorter values are filled up with leading zeros, as the PRF wants them (RFC 2409 section 5).
    template <class Visit>
    bool each_shared(GroupNumber group, Bytes initiator_spi, Visit visit) {
        const auto attempt = [&](std::size_t i) {
            if (!may_fit(i, group, initiator_spi)) return false;
            fates_[i].tried = true;
            return visit(i, padded(i, group));
        };
        return order_.named(initiator_spi, attempt) || order_.unnamed(attempt);
    }
    /// All shared secrets that may fit the group and the SA.
    std::vector<std::size_t> fitting(GroupNumber group, Bytes initiator_spi) const;
    const TrialOrder& order() const { return order_; }
    /// A trial with one of them; all together are bounded.
    void spend() { order_.spend(1); }
    /// The only shared secret that can fit and that no other SA has proved.
    std::optional<std::size_t> only_shared(GroupNumber group, Bytes initiator_spi) const;
    Secret padded(std::size_t index, GroupNumber group) const;

    /// This secret is proved for an SA; it will hardly fit another.
    void own(std::size_t index) {
        owned_[index] = true;
        order_.take(index);
    }
    bool owned(std::size_t index) const { return owned_[index]; }
    /// Is this a shared secret that can be one of the group, as far as its length tells?
    bool length_fits(std::size_t index, GroupNumber group) const;

    /// What happened to a secret: was a group of its length seen, and which length was wanted otherwise? Was it held against a
    /// message, or was there no SA of which all was captured that keys are made of?
    struct Fate {
        bool group_seen = false, length_fits = false, tried = false;
        std::size_t wanted = 0;
    };
    const std::vector<Fate>& fates() const { return fates_; }
    void see_group(GroupNumber group);

private:
    bool may_fit(std::size_t index, GroupNumber group, Bytes initiator_spi) const;
    std::size_t shared_size(GroupNumber group) const;
    const crypto::ModpGroup* own_group(GroupNumber group) const;
    Result<Buffer> public_of(GroupNumber group, const Secret& private_value) const;
    Result<Secret> shared_of(GroupNumber group, const Secret& private_value, Bytes peer) const;
    void compute_public_values(GroupNumber group);

    const secrets::Store& store_;
    std::map<GroupNumber, std::unordered_map<std::string, std::size_t>> public_values_;
    std::vector<bool> owned_;
    TrialOrder order_; ///< of shared ones
    std::vector<Fate> fates_;
    std::vector<GroupNumber> groups_seen_;
    std::vector<crypto::ModpGroup> own_groups_;
};

} // namespace ikescope::session
