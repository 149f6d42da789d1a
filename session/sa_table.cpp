#include "session/sa_table.hpp"

#include <algorithm>
#include <chrono>

namespace ikescope::session {
namespace {

/// The finalizer of a well-known mixing function (splitmix64): every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

} // namespace

// The seed keeps a hostile capture from choosing cookies that collide.
SaTable::SaTable(const Tracks& tracks)
    : tracks_(tracks),
      seed_(mix(static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()))) {}

std::uint32_t SaTable::hash(Version version, const Spi& initiator, const Spi* responder) const {
    auto value = mix(big_endian(initiator) ^ seed_ ^ static_cast<std::uint64_t>(version));
    if (responder) value = mix(value ^ big_endian(*responder));
    return static_cast<std::uint32_t>(value);
}

bool SaTable::same(std::uint32_t track, Version version, const Spi& initiator, const Spi* responder) const {
    if (!tracks_.knows(track)) return false;
    const auto& sa = tracks_[track];
    return sa.version == version && sa.initiator_spi == initiator && (!responder || sa.responder_spi == *responder);
}

std::uint32_t SaTable::look_up(const Slots& slots, Version version, const Spi& initiator, const Spi* responder) const {
    const auto mask = slots.at.size() - 1;
    const auto wanted = hash(version, initiator, responder);
    for (auto at = wanted & mask;; at = (at + 1) & mask) {
        const auto& slot = slots.at[at];
        if (slot.track == Track::none) return Track::none;
        if (slot.hash == wanted && same(slot.track, version, initiator, responder)) return slot.track;
    }
}

/// Twice as large unless most of it is forgotten.
void SaTable::rebuild(Slots& slots) {
    const auto size = slots.at.size();
    auto old = std::move(slots.at);
    std::erase_if(old, [&](const Slot& slot) { return slot.track == Track::none || !tracks_.knows(slot.track); });
    slots.at.assign(old.size() * 4 >= size ? size * 2 : size, Slot{});
    slots.used = 0;
    for (const auto& each : old) add(slots, each);
}

void SaTable::add(Slots& slots, const Slot& slot) {
    if (slots.used * 2 >= slots.at.size()) rebuild(slots);
    const auto mask = slots.at.size() - 1;
    auto at = slot.hash & mask;
    while (slots.at[at].track != Track::none) at = (at + 1) & mask;
    slots.at[at] = slot;
    ++slots.used;
}

std::uint32_t SaTable::find(Version version, const Spi& initiator, const Spi& responder) const {
    return look_up(pairs_, version, initiator, &responder);
}
std::uint32_t SaTable::find(Version version, const Spi& initiator) const {
    return look_up(cookies_, version, initiator, nullptr);
}

void SaTable::insert(std::uint32_t track) {
    const auto& sa = tracks_[track];
    if (find(sa.version, sa.initiator_spi) == Track::none)
        add(cookies_, {hash(sa.version, sa.initiator_spi, nullptr), track});
    if (sa.responder_spi != dissect::no_spi) bind(track);
}

void SaTable::bind(std::uint32_t track) {
    const auto& sa = tracks_[track];
    add(pairs_, {hash(sa.version, sa.initiator_spi, &sa.responder_spi), track});
}

} // namespace ikescope::session
