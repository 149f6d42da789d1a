#include "cli/same_file.hpp"

#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace ikescope::cli {

namespace {

using Status = struct stat;

/// Of a regular file; a name that is none has nothing that could be lost.
std::optional<Status> status_of(const std::string& path, int standard) {
    Status status{};
    const int failed = path == "-" ? ::fstat(standard, &status) : ::stat(path.c_str(), &status);
    if (failed != 0 || !S_ISREG(status.st_mode)) return {};
    return status;
}

} // namespace

std::string overwritten_input(const std::vector<std::string>& inputs, const std::string& output) {
    const auto written = status_of(output, STDOUT_FILENO);
    if (!written) return {};
    for (const auto& input : inputs)
        if (const auto read = status_of(input, STDIN_FILENO); read && read->st_dev == written->st_dev && read->st_ino == written->st_ino)
            return input;
    return {};
}

std::string overwriting_refused(const std::string& input) {
    return fmt::format("-w names the capture that is read{}: the original is never overwritten", input == "-" ? "" : fmt::format(" ({})", input));
}

} // namespace ikescope::cli
