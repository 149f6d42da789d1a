#include "cli/private_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ikescope::cli {

namespace {

Error failed(const std::string& path, std::string_view what) {
    return {fmt::format("{} {}: {}", path, what, std::strerror(errno))};
}

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

Result<Done> write_private(const std::string& directory, const std::string& name, std::string_view text) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return failed(directory, "cannot be made");
    const auto path = directory + "/" + name;
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return failed(path, "cannot be written");
    // an older file keeps its mode otherwise
    const bool good = ::fchmod(descriptor, 0600) == 0 && write_all(descriptor, text);
    const auto why = good ? Error{} : failed(path, "cannot be written");
    if (::close(descriptor) != 0 && good) return failed(path, "cannot be written");
    if (!good) return why;
    return Done{};
}

} // namespace ikescope::cli
