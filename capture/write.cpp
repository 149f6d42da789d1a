#include "capture/write.hpp"

#include "base/writer.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace ikescope::capture {
namespace {

constexpr std::size_t buffered = std::size_t{256} << 10;
constexpr std::size_t longest_option = 65532; ///< padded, it still fits its 16-bit length
constexpr std::uint8_t finest = 9; ///< if_tsresol of nanoseconds
constexpr Timestamp one_microsecond = 1000;

/// if_tsresol of what is written: powers of two become nanoseconds.
std::uint8_t written_resolution(const CaptureInterface& interface) { return std::min(interface.resolution, finest); }

/// Nanoseconds in units of 10^-resolution seconds.
std::uint64_t to_units(Timestamp time, std::uint8_t resolution) {
    for (; resolution < finest; ++resolution) time /= 10;
    return static_cast<std::uint64_t>(time);
}

/// Everything that the files of a source are known to have been captured on.
template <class See>
void each_interface(const Source& source, See see) {
    for (std::size_t file = 0; file < source.files(); ++file)
        for (const auto& interface : source.facts(file).interfaces) see(interface);
}

/// A block that grows: type, length, body, length again. All numbers big-endian, as base/writer.hpp writes them.
class Block {
public:
    Block(Buffer& out, std::uint32_t type) : out_(out), start_(out.size()) {
        out_.number(type, 4);
        out_.placeholder(4);
    }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() {
        const auto length = out_.size() + 4 - start_;
        out_.patch(start_ + 4, length, 4);
        out_.number(length, 4);
    }
    void number(std::uint64_t value, std::size_t width) { out_.number(value, width); }
    void padded(Bytes bytes) {
        out_.bytes(bytes);
        out_.zeros((4 - bytes.size() % 4) % 4);
    }
    void option(std::uint16_t code, std::string_view text) {
        text = text.substr(0, longest_option);
        out_.number(code, 2);
        out_.number(text.size(), 2);
        padded(bytes_of(text));
    }
    void end_options() { out_.number(0, 4); }

private:
    Writer out_;
    std::size_t start_;
};

} // namespace

Result<OutputFile> OutputFile::create(const std::string& path) {
    const int descriptor =
        path == "-" ? STDOUT_FILENO : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) return Error{fmt::format("{} cannot be written: {}", path, std::strerror(errno))};
    return OutputFile(path, descriptor);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)),
      pending_(std::move(other.pending_)), failed_(std::move(other.failed_)) {}

OutputFile::~OutputFile() { static_cast<void>(finish()); }

Result<Done> OutputFile::drain() {
    if (failed_) return *failed_;
    if (descriptor_ >= 0 && pending_.size() >= buffered) return flush();
    return Done{};
}

Result<Done> OutputFile::flush() {
    Bytes left = pending_;
    while (!left.empty() && !failed_) {
        const auto written = ::write(descriptor_, left.data(), left.size());
        if (written >= 0)
            left = left.subspan(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            failed_ = Error{fmt::format("writing {} fails: {}", path_, std::strerror(errno))};
    }
    pending_.clear();
    if (failed_) return *failed_;
    return Done{};
}

Result<Done> OutputFile::finish() {
    if (descriptor_ < 0) return Done{};
    auto result = flush();
    if (descriptor_ > STDERR_FILENO && ::close(descriptor_) != 0 && result)
        result = Error{fmt::format("writing {} fails: {}", path_, std::strerror(errno))};
    descriptor_ = -1;
    return result;
}

Result<PcapngWriter> PcapngWriter::create(const std::string& path, const Section& section) {
    auto file = OutputFile::create(path);
    if (!file) return file.error();
    PcapngWriter writer(std::move(*file));
    writer.begin_section(section);
    return writer;
}

PcapngWriter PcapngWriter::in_memory(const Section& section) {
    PcapngWriter writer(OutputFile::in_memory());
    writer.begin_section(section);
    return writer;
}

/// 4.1 Section Header Block; the section's length is left open (-1).
void PcapngWriter::begin_section(const Section& section) {
    Block block(file_.pending(), 0x0a0d0d0a);
    block.number(0x1a2b3c4d, 4);
    block.number(1, 2);
    block.number(0, 2);
    block.number(~std::uint64_t{0}, 8);
    for (const auto& comment : section.comments) block.option(1, comment);
    for (const auto& [code, text] :
         {std::pair(1, section.comment), {2, section.hardware}, {3, section.system}, {4, section.application}})
        if (!text.empty()) block.option(static_cast<std::uint16_t>(code), text);
    block.end_options();
}

/// 4.2 Interface Description Block: link type, reserved, snap length, if_name, if_description, if_tsresol.
std::uint32_t PcapngWriter::add_interface(CaptureInterface interface) {
    interface.resolution = written_resolution(interface);
    {
        Block block(file_.pending(), 1);
        block.number(interface.link_type, 2);
        block.number(0, 2);
        block.number(interface.snap_length, 4);
        if (!interface.name.empty()) block.option(2, interface.name);
        if (!interface.description.empty()) block.option(3, interface.description);
        const auto resolution = static_cast<char>(interface.resolution);
        block.option(9, {&resolution, 1});
        block.end_options();
    }
    interfaces_.push_back(std::move(interface));
    return static_cast<std::uint32_t>(interfaces_.size() - 1);
}

std::uint32_t PcapngWriter::interface_of(std::uint16_t link_type, std::string_view name) {
    const auto at = std::ranges::find_if(
        interfaces_, [&](const auto& known) { return known.link_type == link_type && known.name == name; });
    if (at != interfaces_.end()) return static_cast<std::uint32_t>(at - interfaces_.begin());
    return add_interface({link_type, 0, finest, 0, std::string(name), {}});
}

/// Those before it come, too: the interfaces of one file keep their numbers.
std::uint32_t PcapngWriter::interface_of(const Frame& frame, const Source& source) {
    if (copied_.size() <= frame.file) copied_.resize(frame.file + std::size_t{1});
    auto& known = copied_[frame.file];
    const auto& interfaces = source.facts(frame.file).interfaces;
    while (known.size() <= frame.interface) known.push_back(add_interface(interfaces[known.size()]));
    return known[frame.interface];
}

Result<Done> PcapngWriter::write(const Frame& frame, std::span<const std::string> comments,
                                 std::string_view interface_name) {
    return add_packet(frame, interface_of(frame.link_type, interface_name), comments);
}

Result<Done> PcapngWriter::copy(const Frame& frame, const Source& source) {
    return add_packet(frame, interface_of(frame, source), {});
}

/// 4.3 Enhanced Packet Block.
Result<Done> PcapngWriter::add_packet(const Frame& frame, std::uint32_t interface,
                                      std::span<const std::string> comments) {
    {
        Block block(file_.pending(), 6);
        block.number(interface, 4);
        block.number(to_units(frame.time, interfaces_[interface].resolution), 8);
        block.number(frame.bytes.size(), 4);
        block.number(std::max<std::size_t>(frame.original_length, frame.bytes.size()), 4);
        block.padded(frame.bytes);
        if (!frame.comment.empty()) block.option(1, frame.comment);
        for (const auto& comment : comments) block.option(1, comment);
        if (!frame.comment.empty() || !comments.empty()) block.end_options();
    }
    return file_.drain();
}

Result<PcapWriter> PcapWriter::create(const std::string& path) {
    auto file = OutputFile::create(path);
    if (!file) return file.error();
    return PcapWriter(std::move(*file));
}

/// base/writer.hpp writes big-endian numbers.
void PcapWriter::number(std::uint32_t value) {
    Writer(file_.pending()).number(std::endian::native == std::endian::big ? value : __builtin_bswap32(value), 4);
}

/// Magic, version 2.4 (two short numbers), two unused numbers, snap length, link type.
void PcapWriter::begin(std::uint16_t link_type) {
    link_type_ = link_type;
    number(microseconds_ ? 0xa1b2c3d4 : 0xa1b23c4d);
    number(std::endian::native == std::endian::big ? 0x00020004 : 0x00040002);
    number(0);
    number(0);
    number(snap_length_);
    number(link_type);
}

Result<Done> PcapWriter::write(const Frame& frame) {
    if (!link_type_) begin(frame.link_type);
    if (*link_type_ != frame.link_type)
        return Error{fmt::format(
            "{} holds one link type ({}) and packet {} is of another ({}); write pcapng, which holds several",
            file_.path(), *link_type_, frame.overall, frame.link_type)};
    const auto time = std::max<Timestamp>(frame.time, 0), unit = microseconds_ ? one_microsecond : 1;
    if (time % unit != 0)
        return Error{fmt::format("{} holds microseconds, as the capture began, and packet {} has nanoseconds; write pcapng, which holds both",
                                 file_.path(), frame.overall)};
    number(static_cast<std::uint32_t>(time / one_second));
    number(static_cast<std::uint32_t>(time % one_second / unit));
    number(static_cast<std::uint32_t>(frame.bytes.size()));
    number(static_cast<std::uint32_t>(std::max<std::size_t>(frame.original_length, frame.bytes.size())));
    Writer(file_.pending()).bytes(frame.bytes);
    return file_.drain();
}

Result<Done> PcapWriter::copy(const Frame& frame, const Source& source) {
    if (!link_type_) {
        microseconds_ = true;
        std::uint32_t snap_length = 0;
        each_interface(source, [&](const CaptureInterface& interface) {
            microseconds_ = microseconds_ && written_resolution(interface) <= 6;
            const bool none = interface.snap_length == 0;
            snap_length = std::max(snap_length, none ? usual_longest_frame : interface.snap_length);
        });
        if (snap_length != 0) snap_length_ = snap_length;
    }
    return write(frame);
}

Result<Done> PcapWriter::finish() {
    if (!link_type_) begin(1);
    return file_.finish();
}

} // namespace ikescope::capture
