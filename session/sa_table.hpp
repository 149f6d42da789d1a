#pragma once
// Finds SAs by cookies or SPIs: two open-addressing tables of indices, eight to sixteen bytes per SA, no keys of their
// own. The slots of forgotten SAs stay until the table is full and made anew.

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
    struct Slots {
        std::vector<std::uint32_t> at = std::vector<std::uint32_t>(64, Track::none);
        std::size_t used = 0;
    };
    std::uint64_t hash(Version version, const Spi& initiator, const Spi* responder) const;
    std::uint64_t hash_of(std::uint32_t track, bool pair) const;
    bool same(std::uint32_t track, Version version, const Spi& initiator, const Spi* responder) const;
    std::uint32_t look_up(const Slots& slots, Version version, const Spi& initiator, const Spi* responder) const;
    void add(Slots& slots, std::uint32_t track, bool pair);
    void rebuild(Slots& slots, bool pair);

    const Tracks& tracks_;
    Slots pairs_, cookies_;
    std::uint64_t seed_;
};

} // namespace ikescope::session
