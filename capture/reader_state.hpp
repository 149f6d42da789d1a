#pragma once
// What both capture formats share while a file is read: the window, what is known about the file, and its damage.

#include "base/address.hpp"
#include "capture/datagram.hpp"
#include "capture/window.hpp"

namespace ikescope::capture {

/// A record longer than this is taken for damage: LINKTYPE_USB and the like allow 128 MiB, IP frames 256 KiB.
inline constexpr std::uint32_t longest_frame = std::uint32_t{64} << 20;
/// Without a larger snap length in the file no frame is longer (libpcap's MAXIMUM_SNAPLEN).
inline constexpr std::uint32_t usual_longest_frame = 256 << 10;

/// One interface that frames were captured on; classic files have one.
struct CaptureInterface {
    std::uint16_t link_type = 0;
    std::uint32_t snap_length = 0; ///< 0 = none
    std::uint8_t resolution = 6;   ///< if_tsresol: 10^-n seconds, or 2^-(n & 127) when bit 7 is set
    std::int64_t offset = 0;       ///< if_tsoffset: seconds to add
    std::string name, description;
};

/// What a capture file says about itself; grows while it is read.
struct FileFacts {
    std::string name;             ///< path as given, or "standard input"
    std::string_view format;      ///< "pcap" or "pcapng"
    std::string_view compression; ///< "gzip", "zstd" or empty
    std::uint64_t packets = 0;    ///< read so far
    std::vector<CaptureInterface> interfaces; ///< of all sections, in order of appearance; Frame::interface counts here
    std::vector<std::string> comments;        ///< of sections
    std::vector<std::pair<IpAddress, std::string>> names; ///< Name Resolution Blocks
    std::string hardware, system, application; ///< of the first section
};

struct ReaderState {
    Window window;
    std::uint32_t index = 0;
    FileFacts facts;
    std::optional<Error> problem;
    Timestamp last_time = 0;

    /// Ends reading: `what` completes "FILE is … at byte N (packet M): ".
    bool damaged(std::string_view what) { return stop("is damaged", window.offset(), what); }
    /// The window ended inside something that began at `began`.
    bool cut_short(std::uint64_t began, std::string_view what) {
        if (window.error()) return stop("cannot be read on", window.offset() + window.available(), window.error()->sentence);
        return stop("is cut short", began, what);
    }

private:
    bool stop(std::string_view how, std::uint64_t where, std::string_view what);
};

} // namespace ikescope::capture
