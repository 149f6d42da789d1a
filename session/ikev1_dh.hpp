#pragma once
// Which of the user's Diffie-Hellman secrets fits an SA: private values are found by their public value, shared ones by
// trial, those that another SA has proved last of all.

#include "crypto/dh.hpp"
#include "secrets/store.hpp"
#include "session/trial_order.hpp"

#include <map>
#include <unordered_map>

namespace ikescope::session {

class DhSecrets {
public:
    explicit DhSecrets(const secrets::Store& store);

    /// The private value whose public value this is. The public values of a group are computed at its first use.
    std::optional<std::size_t> find_private(std::uint16_t group, Bytes public_value);

    /// Calls `visit(index, shared)` with every shared secret that may fit the group and the SA, until it returns true.
    /// Shorter values are filled up with leading zeros, as the PRF wants them (RFC 2409 section 5).
    template <class Visit>
    bool each_shared(std::uint16_t group, Bytes initiator_spi, Visit visit) {
        const auto attempt = [&](std::size_t i) { return may_fit(i, group, initiator_spi) && visit(i, padded(i, group)); };
        return order_.named(initiator_spi, attempt) || order_.unnamed(attempt);
    }
    const TrialOrder& order() const { return order_; }
    /// The only shared secret that can fit and that no other SA has proved.
    std::optional<std::size_t> only_shared(std::uint16_t group, Bytes initiator_spi) const;
    Secret padded(std::size_t index, std::uint16_t group) const;

    /// This secret is proved for an SA; it will hardly fit another.
    void own(std::size_t index) {
        owned_[index] = true;
        order_.take(index);
    }
    bool owned(std::size_t index) const { return owned_[index]; }

    /// What happened to a secret: was a group of its length seen, and which length was wanted otherwise?
    struct Fate {
        bool group_seen = false, length_fits = false;
        std::size_t wanted = 0;
    };
    const std::vector<Fate>& fates() const { return fates_; }
    void see_group(std::uint16_t group);

private:
    bool may_fit(std::size_t index, std::uint16_t group, Bytes initiator_spi) const;
    void compute_public_values(std::uint16_t group);

    const secrets::Store& store_;
    std::map<std::uint16_t, std::unordered_map<std::string, std::size_t>> public_values_;
    std::vector<bool> owned_;
    TrialOrder order_; ///< of shared ones
    std::vector<Fate> fates_;
    std::vector<std::uint16_t> groups_seen_;
};

} // namespace ikescope::session
