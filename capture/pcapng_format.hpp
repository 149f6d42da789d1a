#pragma once
// pcapng files (draft-ietf-opsawg-pcapng): sections of blocks.

#include "capture/reader_state.hpp"

namespace ikescope::capture {

class PcapngFormat {
public:
    static bool recognise(Bytes head);
    /// Reads the first section header.
    std::optional<Error> begin(ReaderState& state);
    bool next(ReaderState& state, Frame& frame);

private:
    /// What one block turned out to be.
    enum class Outcome : std::uint8_t { frame, other, stop };
    struct Packet;

    std::uint16_t short_at(const Byte* at) const;
    std::uint32_t number(const Byte* at) const;
    Outcome block(ReaderState& state, Frame& frame);
    bool section(ReaderState& state);
    bool skip_block(ReaderState& state, std::uint32_t length);
    bool whole_block(ReaderState& state, std::uint32_t length);
    bool read_section(ReaderState& state, Bytes body);
    bool read_interface(ReaderState& state, Bytes body);
    void read_names(ReaderState& state, Bytes body) const;
    bool enhanced(ReaderState& state, Bytes body, Frame& frame);
    bool simple(ReaderState& state, Bytes body, Frame& frame);
    bool obsolete(ReaderState& state, Bytes body, Frame& frame);
    bool fill(ReaderState& state, const Packet& packet, Frame& frame);
    void read_comments(Bytes options, Frame& frame);
    template <class Visit>
    void each_option(Bytes options, Visit visit) const;

    bool big_ = false;
    bool begun_ = false;
    std::size_t first_interface_ = 0; ///< of this section, in FileFacts::interfaces
    std::string comments_;            ///< several comments of one packet, joined
};

} // namespace ikescope::capture
