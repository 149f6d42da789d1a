#include "session/ikev1_dh.hpp"

#include <algorithm>

namespace ikescope::session {
namespace {

/// Logs of big numbers drop leading zero bytes; more than this many are no accident.
constexpr std::size_t most_dropped = 3;

bool length_fits(std::size_t size, std::size_t wanted) { return size <= wanted && size + most_dropped >= wanted && size > 0; }

} // namespace

DhSecrets::DhSecrets(const secrets::Store& store)
    : store_(store), owned_(store.dh.size(), false), fates_(store.dh.size()) {
    for (std::size_t i = 0; i < store.dh.size(); ++i)
        if (const auto& secret = store.dh[i]; secret.form == secrets::DhSecret::Form::shared)
            order_.add(i, secret.initiator_spi ? &*secret.initiator_spi : nullptr);
}

void DhSecrets::compute_public_values(std::uint16_t group) {
    auto& known = public_values_[group];
    const auto* found = crypto::find_group(group);
    if (!found) return;
    for (std::size_t i = 0; i < store_.dh.size(); ++i) {
        const auto& secret = store_.dh[i];
        if (secret.form != secrets::DhSecret::Form::private_value) continue;
        if (const auto value = crypto::public_value(*found, secret.value)) known.emplace(text_of(*value), i);
    }
}

std::optional<std::size_t> DhSecrets::find_private(std::uint16_t group, Bytes public_value) {
    if (store_.dh.empty() || public_value.empty()) return std::nullopt;
    if (!public_values_.contains(group)) compute_public_values(group);
    const auto& known = public_values_[group];
    const auto at = known.find(std::string(text_of(public_value)));
    return at == known.end() ? std::nullopt : std::optional(at->second);
}

bool DhSecrets::may_fit(std::size_t index, std::uint16_t group, Bytes initiator_spi) const {
    const auto& secret = store_.dh[index];
    const auto* found = crypto::find_group(group);
    if (!found || secret.form != secrets::DhSecret::Form::shared) return false;
    if (!length_fits(secret.value.size(), found->shared_size)) return false;
    return !secret.initiator_spi || std::ranges::equal(*secret.initiator_spi, initiator_spi);
}

std::optional<std::size_t> DhSecrets::only_shared(std::uint16_t group, Bytes initiator_spi) const {
    std::optional<std::size_t> only;
    for (std::size_t i = 0; i < store_.dh.size(); ++i) {
        if (owned_[i] || !may_fit(i, group, initiator_spi)) continue;
        if (only && !(store_.dh[*only].value == store_.dh[i].value)) return std::nullopt;
        if (!only) only = i;
    }
    return only;
}

Secret DhSecrets::padded(std::size_t index, std::uint16_t group) const {
    const auto bytes = store_.dh[index].value.reveal();
    const auto* found = crypto::find_group(group);
    Buffer full(found && found->shared_size > bytes.size() ? found->shared_size - bytes.size() : 0);
    full.insert(full.end(), bytes.begin(), bytes.end());
    return Secret(std::move(full));
}

void DhSecrets::see_group(std::uint16_t group) {
    if (std::ranges::find(groups_seen_, group) != groups_seen_.end()) return;
    groups_seen_.push_back(group);
    const auto* found = crypto::find_group(group);
    if (!found) return;
    for (std::size_t i = 0; i < fates_.size(); ++i) {
        fates_[i].group_seen = true;
        fates_[i].wanted = found->shared_size;
        if (length_fits(store_.dh[i].value.size(), found->shared_size)) fates_[i].length_fits = true;
    }
}

} // namespace ikescope::session
