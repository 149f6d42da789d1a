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

std::uint64_t SaTable::hash(Version version, const Spi& initiator, const Spi* responder) const {
    auto value = mix(big_endian(initiator) ^ seed_ ^ static_cast<std::uint64_t>(version));
    return responder ? mix(value ^ big_endian(*responder)) : value;
}

std::uint64_t SaTable::hash_of(std::uint32_t track, bool pair) const {
    const auto& sa = tracks_[track];
    return hash(sa.version, sa.initiator_spi, pair ? &sa.responder_spi : nullptr);
}

bool SaTable::same(std::uint32_t track, Version version, const Spi& initiator, const Spi* responder) const {
    if (!tracks_.knows(track)) return false;
    const auto& sa = tracks_[track];
    return sa.version == version && sa.initiator_spi == initiator && (!responder || sa.responder_spi == *responder);
}

std::uint32_t SaTable::look_up(const Slots& slots, Version version, const Spi& initiator, const Spi* responder) const {
    const auto mask = slots.at.size() - 1;
    for (auto at = hash(version, initiator, responder) & mask;; at = (at + 1) & mask) {
        const auto track = slots.at[at];
        if (track == Track::none || same(track, version, initiator, responder)) return track;
    }
}

/// Twice as large unless most of it is forgotten.
void SaTable::rebuild(Slots& slots, bool pair) {
    auto old = std::move(slots.at);
    const auto gone = [&](std::uint32_t track) { return track == Track::none || !tracks_.knows(track); };
    const auto living = old.size() - static_cast<std::size_t>(std::ranges::count_if(old, gone));
    slots.at.assign(living * 4 >= old.size() ? old.size() * 2 : old.size(), Track::none);
    slots.used = 0;
    for (const auto each : old)
        if (!gone(each)) add(slots, each, pair);
}

void SaTable::add(Slots& slots, std::uint32_t track, bool pair) {
    if (slots.used * 2 >= slots.at.size()) rebuild(slots, pair);
    const auto mask = slots.at.size() - 1;
    auto at = hash_of(track, pair) & mask;
    while (slots.at[at] != Track::none) at = (at + 1) & mask;
    slots.at[at] = track;
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
    if (find(sa.version, sa.initiator_spi) == Track::none) add(cookies_, track, false);
    if (sa.responder_spi != dissect::no_spi) bind(track);
}

void SaTable::bind(std::uint32_t track) { add(pairs_, track, true); }

} // namespace ikescope::session
