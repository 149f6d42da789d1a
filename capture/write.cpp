#include "capture/write.hpp"

#include "base/writer.hpp"
#include "capture/reader_state.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace ikescope::capture {
namespace {

constexpr std::size_t buffered = std::size_t{256} << 10;
constexpr std::size_t longest_option = 65532; ///< padded, it still fits its 16-bit length

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
    for (const auto& [code, text] :
         {std::pair(1, section.comment), {2, section.hardware}, {3, section.system}, {4, section.application}})
        if (!text.empty()) block.option(static_cast<std::uint16_t>(code), text);
    block.end_options();
}

/// 4.2 Interface Description Block: no snap length, if_tsresol 9.
std::uint32_t PcapngWriter::interface_of(std::uint16_t link_type, std::string_view name) {
    const auto at = std::ranges::find_if(
        interfaces_, [&](const auto& known) { return known.first == link_type && known.second == name; });
    const auto index = static_cast<std::uint32_t>(at - interfaces_.begin());
    if (at != interfaces_.end()) return index;
    interfaces_.emplace_back(link_type, name);
    Block block(file_.pending(), 1);
    block.number(link_type, 2);
    block.number(0, 2);
    block.number(0, 4);
    if (!name.empty()) block.option(2, name);
    block.option(9, "\x09");
    block.end_options();
    return index;
}

/// 4.3 Enhanced Packet Block.
Result<Done> PcapngWriter::write(const Frame& frame, std::span<const std::string> comments,
                                 std::string_view interface_name) {
    const auto interface = interface_of(frame.link_type, interface_name);
    {
        Block block(file_.pending(), 6);
        block.number(interface, 4);
        block.number(static_cast<std::uint64_t>(frame.time), 8);
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

/// Magic of nanoseconds, version 2.4, two unused numbers, snap length, link type.
void PcapWriter::begin(std::uint16_t link_type) {
    link_type_ = link_type;
    Writer out(file_.pending());
    out.number(0xa1b23c4d, 4);
    out.number(0x00020004, 4);
    out.number(0, 8);
    out.number(usual_longest_frame, 4);
    out.number(link_type, 4);
}

Result<Done> PcapWriter::write(const Frame& frame) {
    if (!link_type_) begin(frame.link_type);
    if (*link_type_ != frame.link_type)
        return Error{fmt::format(
            "{} holds one link type ({}) and packet {} is of another ({}); write pcapng, which holds several",
            file_.path(), *link_type_, frame.overall, frame.link_type)};
    const auto time = static_cast<std::uint64_t>(std::max<Timestamp>(frame.time, 0)),
               second = static_cast<std::uint64_t>(one_second);
    Writer out(file_.pending());
    out.number(time / second, 4);
    out.number(time % second, 4);
    out.number(frame.bytes.size(), 4);
    out.number(std::max<std::size_t>(frame.original_length, frame.bytes.size()), 4);
    out.bytes(frame.bytes);
    return file_.drain();
}

Result<Done> PcapWriter::finish() {
    if (!link_type_) begin(1);
    return file_.finish();
}

} // namespace ikescope::capture
