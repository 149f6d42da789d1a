#pragma once
// Writing captures: pcapng (draft-ietf-opsawg-pcapng) with one section, an interface for each link type, nanoseconds
// and comments; and classic pcap for tools that want it.

#include "base/result.hpp"
#include "capture/datagram.hpp"

#include <concepts>

namespace ikescope::capture {

/// Buffers what goes into a file, and remembers the first thing that went wrong.
class OutputFile {
public:
    /// "-" is standard output; an existing file is overwritten.
    static Result<OutputFile> create(const std::string& path);
    static OutputFile in_memory() { return OutputFile("memory", -1); }
    OutputFile(OutputFile&& other) noexcept;
    OutputFile& operator=(OutputFile&&) = delete;
    ~OutputFile();

    /// Bytes not yet written out; append here. In memory, all of them.
    Buffer& pending() { return pending_; }
    const Buffer& pending() const { return pending_; }
    const std::string& path() const { return path_; }
    /// Writes out what is pending once there is enough of it.
    Result<Done> drain();
    /// Writes out the rest and closes.
    Result<Done> finish();

private:
    OutputFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    Result<Done> flush();

    std::string path_;
    int descriptor_; ///< -1: in memory
    Buffer pending_;
    std::optional<Error> failed_;
};

/// What the section header says of a capture (4.1, options 1 to 4); empty: not said.
struct Section {
    Section() = default;
    /// A comment alone is enough.
    template <std::convertible_to<std::string_view> Text>
    Section(const Text& text) : comment(text) {}

    std::string_view comment, hardware, system, application = "ikescope";
};

class PcapngWriter {
public:
    /// Begins a file ("-" is standard output); an existing one is overwritten.
    static Result<PcapngWriter> create(const std::string& path, const Section& section = {});
    /// Begins a capture in memory, for contents().
    static PcapngWriter in_memory(const Section& section = {});

    /// Appends a frame with its own comment, if any, and `comments`. Its link type and the name of an interface, if
    /// any, get an interface when they are new.
    Result<Done> write(const Frame& frame, std::span<const std::string> comments = {}, std::string_view interface = {});
    /// Writes out what is buffered and closes; the only way to learn of a full disk. The destructor does it silently.
    Result<Done> finish() { return file_.finish(); }
    /// What was written in memory.
    const Buffer& contents() const { return file_.pending(); }

private:
    explicit PcapngWriter(OutputFile file) : file_(std::move(file)) {}
    void begin_section(const Section& section);
    std::uint32_t interface_of(std::uint16_t link_type, std::string_view name);

    OutputFile file_;
    std::vector<std::pair<std::uint16_t, std::string>> interfaces_;
};

/// Writing classic pcap (draft-ietf-opsawg-pcap) with nanoseconds: one link type, no comments.
class PcapWriter {
public:
    static Result<PcapWriter> create(const std::string& path);
    static PcapWriter in_memory() { return PcapWriter(OutputFile::in_memory()); }

    /// The first frame decides the link type; an error for a frame of another one, which is left out.
    Result<Done> write(const Frame& frame);
    /// As PcapngWriter::finish(); a capture without frames becomes an empty one of Ethernet.
    Result<Done> finish();
    const Buffer& contents() const { return file_.pending(); }

private:
    explicit PcapWriter(OutputFile file) : file_(std::move(file)) {}
    void begin(std::uint16_t link_type);

    OutputFile file_;
    std::optional<std::uint16_t> link_type_;
};

} // namespace ikescope::capture
