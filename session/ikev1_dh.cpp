#include "session/ikev1_dh.hpp"

#include <algorithm>

namespace ikescope::session {
namespace {

/// Logs of big numbers drop leading zero bytes; more than this many are no accident.
constexpr std::size_t most_dropped = 3;

constexpr GroupNumber first_own = 0x10000; ///< behind the 16 bits of the registry

bool fits_in(std::size_t size, std::size_t wanted) {
    return size <= wanted && size + most_dropped >= wanted && size > 0;
}

} // namespace

DhSecrets::DhSecrets(const secrets::Store& store)
    : store_(store), owned_(store.dh.size(), false), fates_(store.dh.size()) {
    for (std::size_t i = 0; i < store.dh.size(); ++i)
        if (const auto& secret = store.dh[i]; secret.form == secrets::DhSecret::Form::shared)
            order_.add(i, secret.initiator_spi ? &*secret.initiator_spi : nullptr);
}

GroupNumber DhSecrets::number_of(crypto::ModpGroup group) {
    constexpr std::size_t most = 16, largest = 1'024; // bytes: 8192 bits, as group 18
    const auto same = [&](const crypto::ModpGroup& known) {
        return known.prime == group.prime && known.generator == group.generator;
    };
    const auto at = std::ranges::find_if(own_groups_, same);
    const auto number = first_own + static_cast<GroupNumber>(at - own_groups_.begin());
    if (at != own_groups_.end()) return number;
    if (own_groups_.size() >= most || group.prime.size() > largest || group.prime.empty()) return 0;
    own_groups_.push_back(std::move(group));
    return number;
}

const crypto::ModpGroup* DhSecrets::own_group(GroupNumber group) const {
    return group >= first_own && group - first_own < own_groups_.size() ? &own_groups_[group - first_own] : nullptr;
}

std::size_t DhSecrets::shared_size(GroupNumber group) const {
    if (const auto* mine = own_group(group)) return mine->prime.size();
    const auto* found = group < first_own ? crypto::find_group(static_cast<std::uint16_t>(group)) : nullptr;
    return found ? found->shared_size : 0;
}

Result<Buffer> DhSecrets::public_of(GroupNumber group, const Secret& private_value) const {
    if (const auto* mine = own_group(group)) return crypto::public_value(*mine, private_value);
    const auto* found = group < first_own ? crypto::find_group(static_cast<std::uint16_t>(group)) : nullptr;
    return found ? crypto::public_value(*found, private_value) : Error{};
}

Result<Secret> DhSecrets::shared_of(GroupNumber group, const Secret& private_value, Bytes peer) const {
    if (const auto* mine = own_group(group)) return crypto::shared_secret(*mine, private_value, peer);
    const auto* found = group < first_own ? crypto::find_group(static_cast<std::uint16_t>(group)) : nullptr;
    return found ? crypto::shared_secret(*found, private_value, peer) : Error{};
}

void DhSecrets::compute_public_values(GroupNumber group) {
    auto& known = public_values_[group];
    for (std::size_t i = 0; i < store_.dh.size(); ++i) {
        const auto& secret = store_.dh[i];
        if (secret.form != secrets::DhSecret::Form::private_value) continue;
        if (const auto value = public_of(group, secret.value)) known.emplace(text_of(*value), i);
    }
}

std::optional<std::size_t> DhSecrets::find_private(GroupNumber group, Bytes public_value) {
    if (store_.dh.empty() || public_value.empty()) return std::nullopt;
    if (!public_values_.contains(group)) compute_public_values(group);
    const auto& known = public_values_[group];
    const auto at = known.find(std::string(text_of(public_value)));
    return at == known.end() ? std::nullopt : std::optional(at->second);
}

std::optional<DhSecrets::Computed> DhSecrets::computed(GroupNumber group, Bytes one, Bytes other) {
    for (const auto& [mine, peer] : {std::pair(one, other), std::pair(other, one)}) {
        const auto index = find_private(group, mine);
        if (!index) continue;
        if (auto shared = shared_of(group, store_.dh[*index].value, peer)) return Computed{*index, std::move(*shared)};
    }
    return std::nullopt;
}

bool DhSecrets::length_fits(std::size_t index, GroupNumber group) const {
    const auto& secret = store_.dh[index];
    const auto wanted = shared_size(group);
    return wanted != 0 && secret.form == secrets::DhSecret::Form::shared && fits_in(secret.value.size(), wanted);
}

bool DhSecrets::may_fit(std::size_t index, GroupNumber group, Bytes initiator_spi) const {
    const auto& named = store_.dh[index].initiator_spi;
    return length_fits(index, group) && (!named || std::ranges::equal(*named, initiator_spi));
}

std::vector<std::size_t> DhSecrets::fitting(GroupNumber group, Bytes initiator_spi) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < store_.dh.size(); ++i)
        if (may_fit(i, group, initiator_spi)) found.push_back(i);
    return found;
}

std::optional<std::size_t> DhSecrets::only_shared(GroupNumber group, Bytes initiator_spi) const {
    std::optional<std::size_t> only;
    for (std::size_t i = 0; i < store_.dh.size(); ++i) {
        if (owned_[i] || !may_fit(i, group, initiator_spi)) continue;
        if (only && !(store_.dh[*only].value == store_.dh[i].value)) return std::nullopt;
        if (!only) only = i;
    }
    return only;
}

Secret DhSecrets::padded(std::size_t index, GroupNumber group) const {
    const auto bytes = store_.dh[index].value.reveal();
    const auto wanted = shared_size(group);
    Buffer full(wanted > bytes.size() ? wanted - bytes.size() : 0);
    full.insert(full.end(), bytes.begin(), bytes.end());
    return Secret(std::move(full));
}

void DhSecrets::see_group(GroupNumber group) {
    if (std::ranges::find(groups_seen_, group) != groups_seen_.end()) return;
    groups_seen_.push_back(group);
    const auto wanted = shared_size(group);
    if (wanted == 0) return;
    for (std::size_t i = 0; i < fates_.size(); ++i) {
        fates_[i].group_seen = true;
        fates_[i].wanted = wanted;
        if (fits_in(store_.dh[i].value.size(), wanted)) fates_[i].length_fits = true;
    }
}

} // namespace ikescope::session
