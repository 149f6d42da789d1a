#include "cli/read_file.hpp"

#include "base/secret.hpp"
#include "capture/byte_source.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace ikescope::cli {

namespace {

constexpr std::size_t piece = 1 << 16, most = std::size_t{1} << 30;

/// All that `read` gives; it fills the front of a buffer and says how much, 0 at the end.
template <class Read>
Result<std::string> gather(const std::string& path, Read read) {
    std::string text;
    Buffer buffer(piece);
    Result<Done> outcome = Done{};
    while (true) {
        const Result<std::size_t> got = read(std::span<Byte>(buffer));
        if (!got) outcome = got.error();
        if (!got || *got == 0) break;
        text.append(text_of(Bytes(buffer).first(*got)));
        if (text.size() <= most) continue;
        outcome = Error{fmt::format("{}: it is larger than a gigabyte; give the part that matters", path)};
        break;
    }
    wipe(buffer);
    if (!outcome) return outcome.error();
    return text;
}

} // namespace

Result<std::string> read_file(const std::string& path) {
    const bool standard_input = path == "-";
    const auto failed = [&] { return Error{fmt::format("{}: {}", path, std::generic_category().message(errno))}; };
    const int descriptor = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return failed();
    auto text = gather(path, [&](std::span<Byte> out) -> Result<std::size_t> {
        ssize_t got = -1;
        do got = ::read(descriptor, out.data(), out.size());
        while (got < 0 && errno == EINTR);
        if (got < 0) return failed();
        return static_cast<std::size_t>(got);
    });
    if (!standard_input) ::close(descriptor);
    constexpr std::size_t magic = 4;
    if (!text || capture::compression_of(bytes_of(*text)).empty()) return text; // old logs are kept packed
    const auto bytes = bytes_of(*text);
    const auto head = std::min(magic, bytes.size());
    const auto packed = capture::unpack(capture::memory_source(bytes.subspan(head)), Buffer(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(head)));
    return gather(path, [&](std::span<Byte> out) -> Result<std::size_t> {
        auto got = packed->read(out);
        if (!got) return Error{fmt::format("{}: {}; copy it again, or give what zcat or zstdcat makes of it", path, got.error().sentence)};
        return got;
    });
}

} // namespace ikescope::cli
