#pragma once
// Finds SAs by cookies or SPIs: two open-addressing tables of indices with 32 bits of their hash, so that a look at
// other SAs costs no fetch of them; 32 to 64 bytes per SA. The slots of forgotten SAs stay until the table is full and
// made anew.

#include "session/tracks.hpp"

namespace ikescope::session {

class SaTable {
public:
    explicit SaTable(const Tracks& tracks);

    /// The SA of both cookies.
    std::uint32_t find(Version version, const Spi& initiator, const Spi& responder) const;
    /// The first SA of an initiator cookie, whatever the responder's.
    std::uint32_t find(Version version, const Spi& initiator) const;

    /// Makes an SA known under its initiator cookie, and under both when it has both.
    void insert(std::uint32_t track);
    /// An SA has got its responder cookie.
    void bind(std::uint32_t track);

private:
    struct Slot {
        std::uint32_t hash = 0, track = Track::none;
    };
    struct Slots {
        std::vector<Slot> at = std::vector<Slot>(64);
        std::size_t used = 0;
    };
    std::uint32_t hash(Version version, const Spi& initiator, const Spi* responder) const;
    bool same(std::uint32_t track, Version version, const Spi& initiator, const Spi* responder) const;
    std::uint32_t look_up(const Slots& slots, Version version, const Spi& initiator, const Spi* responder) const;
    void add(Slots& slots, const Slot& slot);
    void rebuild(Slots& slots);

    const Tracks& tracks_;
    Slots pairs_, cookies_;
    std::uint64_t seed_;
};

} // namespace ikescope::session
