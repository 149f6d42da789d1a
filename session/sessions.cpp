#include "session/sessions.hpp"

#include "session/core.hpp"

namespace ikescope::session {

Sessions::Sessions(const secrets::Store& store, Options options) : core_(std::make_unique<Core>(store, options)) {}
Sessions::~Sessions() = default;

const Outcome& Sessions::add(const capture::Frame& frame, const capture::Datagram& datagram) {
    return core_->add(frame, datagram);
}
void Sessions::finish() { core_->finish(); }
std::size_t Sessions::size() const { return core_->tracks.size(); }
Sa Sessions::at(std::size_t index) const { return core_->describe(index); }
const Sessions::Totals& Sessions::totals() const { return core_->totals; }
std::optional<Sessions::EspKeys> Sessions::esp_keys(std::uint32_t direction) const {
    const auto* keys = core_->esp.keys(direction);
    if (!keys) return std::nullopt;
    return EspKeys{*keys, core_->esp.extended(direction)};
}
std::vector<Sessions::LooseEsp> Sessions::loose_esp() const { return core_->loose_esp(); }
std::vector<UnusableSecret> Sessions::unusable() const { return core_->unusable(); }

std::optional<SanityCheck> Sessions::first_failed_check(const Sa& sa, Bytes psk) const {
    return core_->tracks.knows(sa.index) ? core_->opener.first_failed_check(core_->tracks[sa.index], psk)
                                         : std::nullopt;
}
Proof Sessions::try_psk(const Sa& sa, Side side, Bytes psk) const {
    if (!core_->tracks.knows(sa.index)) return Proof::unknown;
    const auto& track = core_->tracks[sa.index];
    return track.version == Version::v2 ? core_->opener2.try_psk(track, side, psk)
                                        : core_->opener.try_psk(track, side, psk);
}

std::optional<crypto::ikev1::Keys> Sessions::ikev1_keys(std::size_t sa, Side side) const {
    if (!core_->tracks.knows(sa) || !core_->tracks[sa].ikev1) return std::nullopt;
    const auto& keys = core_->tracks[sa].ikev1->side[index_of(side)];
    return keys.known() ? std::optional(keys.keys) : std::nullopt;
}

std::optional<crypto::ikev2::Keys> Sessions::ikev2_keys(std::size_t sa) const {
    if (!core_->tracks.knows(sa) || !core_->tracks[sa].ikev2) return std::nullopt;
    return core_->tracks[sa].ikev2->keys;
}

Bytes Sessions::plain(std::size_t sa, std::size_t record) const {
    if (!core_->tracks.knows(sa) || !core_->tracks[sa].rich_part) return {};
    for (const auto& extra : core_->tracks[sa].rich_part->extras)
        if (extra.record == record) return extra.plain;
    return {};
}

} // namespace ikescope::session
