#include "cli/read_file.hpp"

#include "base/secret.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace ikescope::cli {

Result<std::string> read_file(const std::string& path) {
    constexpr std::size_t piece = 1 << 16, most = std::size_t{1} << 30;
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
        outcome = Error{fmt::format("{}: it is larger than a gigabyte; give the part that matters", path)};
        break;
    }
    wipe(buffer);
    if (!standard_input) ::close(descriptor);
    if (!outcome) return outcome.error();
    return text;
}

} // namespace ikescope::cli
