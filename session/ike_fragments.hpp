#pragma once
// Cisco's IKEv1 fragments (payload 132): pieces of a whole message, put together whatever their order.
// A piece is a generic header, fragment id (2), number from 1 (1), flags (1; bit 0 = last), data.

#include "dissect/ikev1.hpp"
#include "session/piece_copies.hpp"
#include "session/recent_set.hpp"
#include "session/sa.hpp"

#include <map>

namespace ikescope::session {

class IkeFragments {
public:
    struct Whole {
        Buffer bytes;
        std::vector<std::uint64_t> frames;
        std::string words; ///< where its other pieces are
    };
    /// What is missing of a message when the capture ends.
    struct Incomplete {
        std::size_t sa = 0;
        Side from = Side::initiator;
        std::uint16_t id = 0;
        std::vector<std::uint64_t> frames;
        std::string missing; ///< "1-3, 7"
        bool end_unknown = false; ///< the last piece was not seen
    };

    /// Who sent a piece: the address counts, for who is the initiator may turn out only later.
    struct Sender {
        Endpoint source;
        Side side = Side::initiator;
    };
    /// Takes a piece in; the whole message when this was the last one missing.
    std::optional<Whole> add(std::size_t sa, const Sender& sender, const dissect::ikev1::Fragment& piece, std::uint64_t frame);
    /// What speaks against a piece that is about to be added, in one sentence; empty when nothing does.
    std::string objection(std::size_t sa, const Sender& sender, const dissect::ikev1::Fragment& piece) const;
    PieceCopies copies;
    /// What never came together. Copies of pieces of a message that did are no message of their own.
    std::vector<Incomplete> incomplete() const;

private:
    struct Part {
        Buffer data;
        std::uint64_t frame;
    };
    struct Set {
        std::map<std::uint8_t, Part> pieces;
        std::vector<std::uint64_t> frames;
        Side from = Side::initiator; ///< as the last piece was understood
        std::uint8_t last = 0; ///< number of the last piece, 0 while unknown
        std::uint64_t age = 0;
        std::size_t size = 0;
        bool repeated = false; ///< its pieces are copies of those of a message that is complete
    };
    struct Key {
        std::size_t sa;
        Endpoint source;
        std::uint16_t id;
        auto operator<=>(const Key&) const = default;
    };
    /// The last message of a sender under an id that became whole.
    struct Done {
        std::uint8_t last;
        std::uint64_t frame;
    };
    /// A piece of a certain message: implementations give the same id to all their messages, so the data counts.
    struct Print {
        Key key;
        std::uint8_t number;
        std::size_t data;
        auto operator<=>(const Print&) const = default;
    };
    static Print print_of(const Key& key, unsigned number, Bytes data);
    void make_room();

    static constexpr std::size_t most_bytes = 65'535; ///< of one message
    static constexpr std::size_t most_sets = 256; ///< messages in pieces at one time; the oldest gives way
    static constexpr std::size_t most_complete = 8'192; ///< pieces of complete messages that are known again
    std::map<Key, Set> sets_;
    RecentSet<Print> complete_{most_complete};
    std::map<Key, Done> done_; ///< forgotten all at once when there are too many
    std::uint64_t clock_ = 0;
};

} // namespace ikescope::session
