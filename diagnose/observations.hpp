#pragma once
// What only shows while packets pass by and is not kept in an Sa: bytes that lie, messages that no SA owns.
// Bounded: so many faults in full, the rest as a number.

#include "base/tree.hpp"
#include "dissect/soundness.hpp"
#include "session/outcome.hpp"

#include <bitset>
#include <map>
#include <optional>
#include <unordered_map>

namespace ikescope::diagnose {

/// A field that did not fit. Offsets count in the frame, or in the buffer that `where` names.
struct Malformation {
    std::uint64_t frame = 0;
    std::string label; ///< of the message, may be empty
    std::string field; ///< what a person reads: "Payload length"
    std::string words; ///< more, when the dissector has more to say
    std::size_t offset = 0, wanted = 0, available = 0;
    std::string where = "frame";
};

/// A message that broke a rule for its place.
struct Illegality {
    std::uint64_t frame = 0;
    std::string label;
    session::Side from = session::Side::initiator;
    std::vector<session::Violation> violations;
};

/// The fields of an ID payload that routers print and an Sa does not keep. RFC 2407 4.6.2.
struct IdHeader {
    std::uint8_t next_payload = 0, protocol = 0;
    std::uint16_t port = 0;
};

class Observations {
public:
    /// Takes note of one ISAKMP message. `tree` is scratch space and is reused.
    void see(std::uint64_t frame, const session::Outcome& outcome);
    /// A sentence about a frame that carries no message that could be read: a lost IP fragment, a lying UDP length.
    /// Told only when an SA has these two ends.
    void link_note(std::uint64_t frame, const IpAddress& source, const IpAddress& destination, std::string sentence);

    /// Malformations of an SA's messages; nullptr when there are none.
    const std::vector<Malformation>* of(std::size_t sa) const;
    /// Messages of an SA that broke rules; nullptr when there are none.
    const std::vector<Illegality>* illegal(std::size_t sa) const;
    /// Of the ID payload in an SA's opened MM5; nothing when it could not be read.
    std::optional<IdHeader> mm5_identity(std::size_t sa) const;
    /// Is there a vendor ID in an SA's clear messages whose octet 14 has that value? IOS logs it as `major N mismatch`.
    bool vendor_octet(std::size_t sa, unsigned value) const;
    /// Was a piece of a fragmented message, first seen in this frame and completing none, sent again?
    bool piece_repeated(std::size_t sa, std::uint64_t frame) const;
    /// Those in messages that no SA owns.
    const std::vector<Malformation>& ownerless() const { return ownerless_; }
    /// Frames of messages cut by the capture's snap length; nullptr when there are none.
    const std::vector<std::uint64_t>* snapped(std::size_t sa) const;
    std::uint64_t left_out() const { return left_out_; }
    struct LinkNote {
        std::uint64_t frame;
        IpAddress source, destination;
        std::string sentence;
    };
    const std::vector<LinkNote>& link_notes() const { return link_notes_; }

private:
    void remember_identity(const session::Outcome& outcome);
    void remember_vendors(const session::Outcome& outcome);
    void remember_piece(std::uint64_t frame, const session::Outcome& outcome);
    void keep(const session::Outcome& outcome, Malformation malformation);
    void inspect(std::uint64_t frame, const session::Outcome& outcome, const dissect::Message& message,
                 std::string_view where);

    static constexpr std::size_t per_sa = 16, in_all = 10'000;
    std::unordered_map<std::size_t, std::vector<Malformation>> by_sa_;
    std::unordered_map<std::size_t, std::vector<std::uint64_t>> snapped_;
    std::unordered_map<std::size_t, IdHeader> identities_;
    std::unordered_map<std::size_t, std::bitset<256>> vendor_octets_;
    std::unordered_map<std::size_t, std::vector<Illegality>> illegal_;
    struct Piece {
        std::uint64_t frame = 0; ///< where it was seen first
        bool repeated = false;
    };
    std::map<std::pair<std::size_t, std::size_t>, Piece> pieces_; ///< by SA and the hash of their bytes
    std::vector<Malformation> ownerless_;
    std::vector<LinkNote> link_notes_;
    dissect::Soundness sound_;
    std::uint64_t kept_ = 0, left_out_ = 0;
    Tree tree_;
};

} // namespace ikescope::diagnose
