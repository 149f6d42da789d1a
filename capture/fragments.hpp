#pragma once
// Putting IP fragments together (RFC 791 3.2, RFC 8200 4.5), within fixed bounds of number, size and time.
//
// Where fragments overlap, equal bytes are fine. Different bytes: the first copy wins, the datagram is delivered and
// marked as conflicting, because an analyst wants to see it, and to know that a receiver may have seen another one.

#include "capture/walk.hpp"

#include <list>
#include <utility>
#include <unordered_map>

namespace ikescope::capture {

/// The bounds: when one is reached, the oldest unfinished datagram is given up.
inline constexpr std::size_t most_fragmented = 1024;
inline constexpr std::size_t most_fragment_bytes = std::size_t{16} << 20;
inline constexpr std::size_t most_pieces = 2048; ///< of one datagram; MTU 68 needs 1366
inline constexpr Nanoseconds fragment_lifetime = 30 * one_second; ///< RFC 1122 3.3.2 says 60 to 120 s, Linux takes 30
inline constexpr std::size_t most_lost = 1024; ///< remembered for take_lost()

/// What tells the fragments of one datagram from others.
struct FragmentKey {
    IpAddress source, destination;
    std::uint8_t protocol = 0;
    std::uint32_t id = 0;
    friend bool operator==(const FragmentKey&, const FragmentKey&) = default;
};
struct FragmentKeyHash {
    std::size_t operator()(const FragmentKey& key) const noexcept;
};

/// A datagram that never became whole.
struct LostDatagram {
    FragmentKey key;
    Timestamp time = 0; ///< of its first fragment
    std::vector<std::uint64_t> frames;
    Buffer beginning; ///< its first bytes (a UDP header and some more) when the fragment with offset 0 came
};

class Reassembler {
public:
    struct Whole {
        Buffer bytes;
        std::vector<std::uint64_t> frames;
        bool conflicting = false;
    };

    /// Takes a fragment; the datagram it completes, or nullptr. The result is valid until the next call.
    /// `place` is where the fragment's bytes begin in its frame, for `notes`.
    const Whole* add(const FragmentKey& key, const FragmentPiece& piece, const Frame& frame, std::size_t place,
                     std::vector<LinkNote>& notes);
    /// What was given up since the last call.
    std::vector<LostDatagram> take_lost() { return std::exchange(lost_, {}); }
    /// Gives up everything unfinished: the capture has ended.
    void finish();

private:
    struct Span {
        std::uint32_t begin, end;
    };
    struct Chain {
        FragmentKey key;
        Timestamp first = 0;
        Whole whole;
        std::vector<Span> spans; ///< what is there, ascending and apart
        std::optional<std::uint32_t> total;
    };
    using Chains = std::list<Chain>; ///< oldest first

    Chain& chain_of(const FragmentKey& key, Timestamp now);
    bool acceptable(Chain& chain, const FragmentPiece& piece, std::size_t place, std::vector<LinkNote>& notes);
    void store(Chain& chain, const FragmentPiece& piece, std::size_t place, std::vector<LinkNote>& notes);
    void make_room(const Chain& keep, std::size_t bytes);
    void give_up(Chains::iterator chain);

    Chains chains_;
    std::unordered_map<FragmentKey, Chains::iterator, FragmentKeyHash> by_key_;
    std::size_t bytes_ = 0;
    Whole whole_;
    std::vector<LostDatagram> lost_;
};

} // namespace ikescope::capture
