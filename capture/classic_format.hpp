#pragma once
// Classic pcap files (draft-ietf-opsawg-pcap): a 24-byte header, then records.

#include "capture/reader_state.hpp"

namespace ikescope::capture {

class ClassicFormat {
public:
    /// Recognises the magic number; nothing when `head` is something else.
    static std::optional<ClassicFormat> recognise(Bytes head);
    /// Reads the file header.
    std::optional<Error> begin(ReaderState& state);
    bool next(ReaderState& state, Frame& frame);

private:
    std::uint32_t number(const Byte* at) const;

    bool big_ = false;
    std::uint32_t fraction_ = 1000;   ///< nanoseconds per unit of the second time field
    std::uint32_t record_header_ = 16; ///< 24 in Kuznetzov's variant
    std::uint32_t longest_ = usual_longest_frame;
    std::uint16_t link_type_ = 0;
};

} // namespace ikescope::capture
