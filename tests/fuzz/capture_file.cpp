// A whole capture file from memory: every frame is decoded and explained, and nothing may go wrong.

#include "capture/decoder.hpp"
#include "capture/explain.hpp"
#include "capture/file_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ikescope;
    auto reader = capture::FileReader::from_memory({data, size}, "fuzz", 0, 64);
    if (!reader) return 0;
    capture::Decoder decoder;
    capture::Frame frame;
    capture::Datagram datagram;
    Tree tree;
    // A few bytes of gzip can make gigabytes; what is tested are the frames, not the patience.
    for (int frames = 0; frames < 2000 && reader->next(frame); ++frames) {
        const bool found = decoder.decode(frame, datagram);
        tree.clear();
        capture::explain(frame, found ? &datagram : nullptr, tree);
    }
    decoder.finish();
    return 0;
}
