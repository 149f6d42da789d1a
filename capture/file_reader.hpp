#pragma once
// Reading capture files: pcap and pcapng, plain, gzip or zstd, from a file, standard input or memory.
//
// Everything before the first damage is used; then next() returns false and problem() has one sentence. A pcap that
// ends between two records, as an interrupted tcpdump leaves it, is whole.

#include "capture/classic_format.hpp"
#include "capture/pcapng_format.hpp"

#include <variant>

namespace ikescope::capture {

class FileReader {
public:
    /// `path` "-" is standard input; `index` goes into Frame::file.
    static Result<FileReader> open(const std::string& path, std::uint32_t index = 0,
                                   std::size_t window = Window::usual_size);
    /// The same from bytes that the caller keeps alive.
    static Result<FileReader> from_memory(Bytes bytes, std::string name, std::uint32_t index = 0,
                                          std::size_t window = Window::usual_size);

    /// The next frame; false at the end or at damage. Views in `frame` stay valid until the next call.
    bool next(Frame& frame) {
        if (auto* classic = std::get_if<ClassicFormat>(&format_)) return classic->next(*state_, frame);
        return std::get<PcapngFormat>(format_).next(*state_, frame);
    }
    /// What is wrong with the file, once next() returned false.
    const std::optional<Error>& problem() const { return state_->problem; }
    const FileFacts& facts() const { return state_->facts; }

private:
    using Format = std::variant<ClassicFormat, PcapngFormat>;
    FileReader(std::unique_ptr<ReaderState> state, Format format) : state_(std::move(state)), format_(std::move(format)) {}
    static Result<FileReader> start(std::unique_ptr<ByteSource> source, std::string name, std::uint32_t index,
                                    std::size_t window);

    std::unique_ptr<ReaderState> state_;
    Format format_;
};

} // namespace ikescope::capture
