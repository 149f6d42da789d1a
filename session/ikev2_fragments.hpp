#pragma once
// Encrypted fragments (RFC 7383): each piece was opened on its own; here the contents come together, whatever their order.

#include "session/piece_copies.hpp"
#include "session/recent_set.hpp"
#include "session/sa.hpp"

#include <map>
#include <tuple>

namespace ikescope::session {

/// Bytes of Fragment Number and Total Fragments at the beginning of SKF (RFC 7383 2.5): authenticated, not encrypted.
inline constexpr std::size_t fragment_numbers = 4;

class SkFragments {
public:
    struct Key {
        std::size_t sa = 0;
        Side from = Side::initiator;
        bool response = false;
        std::uint32_t message_id = 0;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    struct Piece {
        std::uint16_t number = 0, total = 0;
        std::uint8_t first = 0;        ///< type of the first payload inside, in piece 1
        std::optional<Buffer> content; ///< without padding; nothing when it could not be opened
        std::uint64_t frame = 0, fingerprint = 0;
    };
    struct Whole {
        std::optional<Buffer> content; ///< nothing when some piece could not be opened
        std::uint8_t first = 0;
        std::uint64_t fingerprint = 0; ///< of all pieces, whatever their order
        std::vector<std::uint64_t> frames; ///< in order of capture
        bool in_order = true;              ///< so were the fragments
        std::string words;                 ///< where its other fragments are
    };
    struct Incomplete {
        Key key;
        std::vector<std::uint64_t> frames;
        std::string missing; ///< "1-3, 7"
        unsigned total = 0;
    };

    /// The whole message when this was the last piece missing. Pieces of a larger total replace those of a smaller one
    /// (RFC 7383 section 2.6); of two copies the first stays.
    std::optional<Whole> add(const Key& key, Piece piece);
    /// What speaks against a fragment that is about to be added, in one sentence; empty when nothing does.
    std::string objection(const Key& key, const Piece& piece) const;
    PieceCopies copies;
    /// What never came together. Copies of fragments of a message that did are no message of their own.
    std::vector<Incomplete> incomplete() const;

private:
    struct Set {
        std::uint16_t total = 0;
        std::map<std::uint16_t, Piece> pieces;
        std::size_t size = 0;
        std::uint64_t age = 0;
    };
    void make_room();
    static Whole join(Set& set);

    static constexpr std::size_t most_sets = 256, most_bytes = 1 << 18, most_complete = 4'096;
    std::map<Key, Set> sets_;
    RecentSet<Key> complete_{most_complete};
    std::uint64_t clock_ = 0;
};

} // namespace ikescope::session
