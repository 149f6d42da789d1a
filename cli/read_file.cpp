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

Error too_large(const std::string& path) {
    return Error{fmt::format("{}: it is larger than a gigabyte; give the part that matters", path)};
}

/// Old logs are kept packed. Nothing when the text is not.
std::unique_ptr<capture::ByteSource> unpacker(const std::string& text) {
    using namespace std::string_view_literals;
    const auto bytes = bytes_of(text);
    if (text.starts_with("\x1f\x8b"sv)) return capture::gzip_source(capture::memory_source(bytes), {});
    if (text.starts_with("\x28\xb5\x2f\xfd"sv)) return capture::zstd_source(capture::memory_source(bytes), {});
    return nullptr;
}

Result<std::string> unpack(const std::string& path, capture::ByteSource& source) {
    std::string text;
    Buffer buffer(piece);
    Result<Done> outcome = Done{};
    while (true) {
        const auto got = source.read(buffer);
        if (!got) outcome = Error{fmt::format("{}: {}; copy it again, or give what zcat or zstdcat makes of it", path, got.error().sentence)};
        if (!got || *got == 0) break;
        text.append(text_of(Bytes(buffer).first(*got)));
        if (text.size() <= most) continue;
        outcome = too_large(path);
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
    std::string text;
    Buffer buffer(piece);
    Result<Done> outcome = Done{};
    while (true) {
        const auto got = ::read(descriptor, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) outcome = failed();
        if (got <= 0) break;
        text.append(text_of(Bytes(buffer).first(static_cast<std::size_t>(got))));
        if (text.size() <= most) continue;
        outcome = too_large(path);
        break;
    }
    wipe(buffer);
    if (!standard_input) ::close(descriptor);
    if (!outcome) return outcome.error();
    if (const auto packed = unpacker(text)) return unpack(path, *packed);
    return text;
}

} // namespace ikescope::cli
