#pragma once
// Writing captures: pcapng (draft-ietf-opsawg-pcapng) with one section and comments; and classic pcap for tools that
// want it. Frames of a capture keep their interface and the precision of their times.

#include "base/result.hpp"
#include "capture/source.hpp"

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
    std::span<const std::string> comments; ///< more of them
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
    /// Appends a frame of `source` on the interface that it was captured on. Every interface of every file is one here,
    /// with its name, its description, its snap length and its precision.
    Result<Done> copy(const Frame& frame, const Source& source);
    /// Writes out what is buffered and closes; the only way to learn of a full disk. The destructor does it silently.
    Result<Done> finish() { return file_.finish(); }
    /// What was written in memory.
    const Buffer& contents() const { return file_.pending(); }

private:
    explicit PcapngWriter(OutputFile file) : file_(std::move(file)) {}
    void begin_section(const Section& section);
    std::uint32_t interface_of(std::uint16_t link_type, std::string_view name);
    std::uint32_t interface_of(const Frame& frame, const Source& source);
    std::uint32_t add_interface(CaptureInterface interface);
    Result<Done> add_packet(const Frame& frame, std::uint32_t interface, std::span<const std::string> comments);

    OutputFile file_;
    std::vector<CaptureInterface> interfaces_;
    std::vector<std::vector<std::uint32_t>> copied_; ///< by file of the source and interface there
};

/// Writing classic pcap (draft-ietf-opsawg-pcap) in this machine's byte order: one link type, no comments.
class PcapWriter {
public:
    static Result<PcapWriter> create(const std::string& path);
    static PcapWriter in_memory() { return PcapWriter(OutputFile::in_memory()); }

    /// The first frame decides the link type; an error for a frame of another one, which is left out. Times have
    /// nanoseconds.
    Result<Done> write(const Frame& frame);
    /// The same with the precision and the largest snap length of `source`, as far as it told them by the first frame.
    Result<Done> copy(const Frame& frame, const Source& source);
    /// As PcapngWriter::finish(); a capture without frames becomes an empty one of Ethernet.
    Result<Done> finish();
    const Buffer& contents() const { return file_.pending(); }

private:
    explicit PcapWriter(OutputFile file) : file_(std::move(file)) {}
    void begin(std::uint16_t link_type);
    void number(std::uint32_t value);

    OutputFile file_;
    std::optional<std::uint16_t> link_type_;
    bool microseconds_ = false;
    std::uint32_t snap_length_ = usual_longest_frame;
};

} // namespace ikescope::capture
