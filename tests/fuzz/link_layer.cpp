// Frames of any link type. Input: per frame a link type byte (index below), two length bytes, two bytes of snapped length, then the bytes;
// several frames in a row, so that fragments meet.

#include "capture/decoder.hpp"
#include "capture/explain.hpp"

#include <cstdlib>

namespace {

using namespace ikescope;
constexpr std::uint16_t link_types[] = {1, 113, 276, 101, 12, 228, 229, 0, 108, 9, 50, 51, 104, 147};

/// What must hold of any datagram.
void check(const capture::Frame& frame, const capture::Datagram& datagram) {
    const auto home = datagram.streamed ? datagram.unit : datagram.reassembled ? datagram.whole : frame.bytes;
    if (datagram.payload_offset > home.size() || datagram.payload.size() > home.size() - datagram.payload_offset) std::abort();
    if (datagram.payload.data() != home.data() + datagram.payload_offset) std::abort();
    const bool carried = datagram.transport == capture::Transport::udp || datagram.stream != capture::Stream::none;
    if (datagram.content == capture::Content::isakmp && !carried) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    capture::Decoder decoder;
    capture::Datagram datagram;
    Tree tree;
    Bytes left{data, size};
    std::uint64_t number = 0;
    while (left.size() > 5) {
        capture::Frame frame;
        frame.overall = frame.number = ++number;
        frame.link_type = link_types[left[0] % std::size(link_types)];
        const auto length = std::min<std::size_t>(big_endian(left.subspan(1, 2)), left.size() - 5);
        frame.original_length = static_cast<std::uint32_t>(length + big_endian(left.subspan(3, 2)));
        const Buffer bytes(left.begin() + 5, left.begin() + 5 + static_cast<std::ptrdiff_t>(length)); // borders that a sanitizer sees
        frame.bytes = bytes;
        left = left.subspan(5 + length);
        const bool found = decoder.decode(frame, datagram);
        if (found) check(frame, datagram);
        tree.clear();
        capture::explain(frame, found ? &datagram : nullptr, tree);
        while (found && decoder.pending()) {
            decoder.more(datagram);
            check(frame, datagram);
            tree.switch_buffer(datagram.reassembled ? 1 : 0);
            capture::explain_content(datagram, tree);
        }
    }
    return 0;
}
