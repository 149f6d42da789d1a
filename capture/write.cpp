#include "capture/write.hpp"

#include "base/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
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

Result<PcapngWriter> PcapngWriter::create(const std::string& path, std::string_view comment) {
    const int descriptor = path == "-" ? STDOUT_FILENO : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) return Error{fmt::format("{} cannot be written: {}", path, std::strerror(errno))};
    PcapngWriter writer(path, descriptor);
    writer.begin_section(comment);
    return writer;
}

PcapngWriter PcapngWriter::in_memory(std::string_view comment) {
    PcapngWriter writer("memory", -1);
    writer.begin_section(comment);
    return writer;
}

PcapngWriter::PcapngWriter(PcapngWriter&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), pending_(std::move(other.pending_)),
      link_types_(std::move(other.link_types_)), failed_(std::move(other.failed_)) {}

PcapngWriter::~PcapngWriter() { static_cast<void>(finish()); }

/// 4.1 Section Header Block; the section's length is left open (-1).
void PcapngWriter::begin_section(std::string_view comment) {
    Block block(pending_, 0x0a0d0d0a);
    block.number(0x1a2b3c4d, 4);
    block.number(1, 2);
    block.number(0, 2);
    block.number(~std::uint64_t{0}, 8);
    if (!comment.empty()) block.option(1, comment);
    block.option(4, "ikescope");
    block.end_options();
}

/// 4.2 Interface Description Block: no snap length, if_tsresol 9.
std::uint32_t PcapngWriter::interface_of(std::uint16_t link_type) {
    const auto at = std::ranges::find(link_types_, link_type);
    const auto index = static_cast<std::uint32_t>(at - link_types_.begin());
    if (at != link_types_.end()) return index;
    link_types_.push_back(link_type);
    Block block(pending_, 1);
    block.number(link_type, 2);
    block.number(0, 2);
    block.number(0, 4);
    block.option(9, "\x09");
    block.end_options();
    return index;
}

/// 4.3 Enhanced Packet Block.
Result<Done> PcapngWriter::write(const Frame& frame, std::span<const std::string> comments) {
    if (failed_) return *failed_;
    const auto interface = interface_of(frame.link_type);
    {
        Block block(pending_, 6);
        block.number(interface, 4);
        block.number(static_cast<std::uint64_t>(frame.time), 8);
        block.number(frame.bytes.size(), 4);
        block.number(std::max<std::size_t>(frame.original_length, frame.bytes.size()), 4);
        block.padded(frame.bytes);
        if (!frame.comment.empty()) block.option(1, frame.comment);
        for (const auto& comment : comments) block.option(1, comment);
        if (!frame.comment.empty() || !comments.empty()) block.end_options();
    }
    if (descriptor_ >= 0 && pending_.size() >= buffered) return flush();
    return Done{};
}

Result<Done> PcapngWriter::flush() {
    Bytes left = pending_;
    while (!left.empty() && !failed_) {
        const auto written = ::write(descriptor_, left.data(), left.size());
        if (written >= 0) left = left.subspan(static_cast<std::size_t>(written));
        else if (errno != EINTR) failed_ = Error{fmt::format("writing {} fails: {}", path_, std::strerror(errno))};
    }
    pending_.clear();
    if (failed_) return *failed_;
    return Done{};
}

Result<Done> PcapngWriter::finish() {
    if (descriptor_ < 0) return Done{};
    auto result = flush();
    if (descriptor_ > STDERR_FILENO && ::close(descriptor_) != 0 && result) result = Error{fmt::format("writing {} fails: {}", path_, std::strerror(errno))};
    descriptor_ = -1;
    return result;
}

} // namespace ikescope::capture
