#pragma once
// Several capture files as one, in order of time.

#include "capture/file_reader.hpp"
#include "capture/pcap_filter.hpp"

namespace ikescope::capture {

class Source {
public:
    /// Opens the files. One that cannot be opened becomes a problem while others can; an error when none can.
    static Result<Source> open(std::span<const std::string> paths);

    /// Frames that do not match are left out; they keep their numbers.
    void set_filter(PacketFilter filter) { filter_ = std::move(filter); }

    /// The earliest frame left (of equal times that of the earlier file). Frame::overall counts them; a file's own order is
    /// kept even where its times run backwards. Views stay valid until the next call.
    bool next(Frame& frame) {
        do {
            if (!(inputs_.size() == 1 ? inputs_[0].reader->next(frame) : merge(frame))) return false;
            frame.overall = ++count_;
        } while (filter_ && !filter_->matches(frame));
        return true;
    }

    /// What is wrong: files that could not be opened, and those that ended in damage, as far as they were read.
    std::vector<Error> problems() const;
    /// As many as paths were given; Frame::file is the index.
    std::size_t files() const { return names_.size(); }
    const FileFacts& facts(std::size_t file) const;

private:
    struct Input {
        std::unique_ptr<FileReader> reader;
        Frame head;
        bool waiting = false; ///< `head` was read and not yet handed out
        bool ended = false;
    };
    bool merge(Frame& frame);

    std::vector<Input> inputs_; ///< those that could be opened
    std::vector<FileFacts> names_;
    std::vector<const FileReader*> by_file_;
    std::vector<Error> unopened_;
    std::optional<PacketFilter> filter_;
    std::uint64_t count_ = 0;
};

} // namespace ikescope::capture
