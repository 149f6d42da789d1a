#pragma once
// Writing pcapng (draft-ietf-opsawg-pcapng): one section, an interface for each link type, nanoseconds, comments.

#include "base/result.hpp"
#include "capture/datagram.hpp"

namespace ikescope::capture {

class PcapngWriter {
public:
    /// Begins a file ("-" is standard output); an existing one is overwritten. `comment` goes into the section header.
    static Result<PcapngWriter> create(const std::string& path, std::string_view comment = {});
    /// Begins a capture in memory, for contents().
    static PcapngWriter in_memory(std::string_view comment = {});
    PcapngWriter(PcapngWriter&& other) noexcept;
    PcapngWriter& operator=(PcapngWriter&&) = delete;
    ~PcapngWriter();

    /// Appends a frame with its own comment, if any, and `comments`. Its link type gets an interface when it is new.
    Result<Done> write(const Frame& frame, std::span<const std::string> comments = {});
    /// Writes out what is buffered and closes; the only way to learn of a full disk. The destructor does it silently.
    Result<Done> finish();
    /// What was written in memory.
    const Buffer& contents() const { return pending_; }

private:
    PcapngWriter(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    void begin_section(std::string_view comment);
    std::uint32_t interface_of(std::uint16_t link_type);
    Result<Done> flush();

    std::string path_;
    int descriptor_; ///< -1: in memory
    Buffer pending_;
    std::vector<std::uint16_t> link_types_;
    std::optional<Error> failed_;
};

} // namespace ikescope::capture
