#include "cli/same_file.hpp"

#include <algorithm>
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

bool is_file(const std::string& input, const Status& written) {
    const auto read = status_of(input, STDIN_FILENO);
    return read && read->st_dev == written.st_dev && read->st_ino == written.st_ino;
}

} // namespace

std::vector<std::string> inputs_of(const InputOptions& captures, const SecretOptions& secrets, std::vector<std::string> more) {
    auto inputs = captures.files;
    std::ranges::move(secrets.paths(), std::back_inserter(inputs));
    std::ranges::move(more, std::back_inserter(inputs));
    return inputs;
}

bool overwrites_input(const std::vector<std::string>& inputs, const std::vector<Output>& outputs, Terminal& terminal) {
    for (const auto& [option, path] : outputs) {
        const auto written = status_of(path, STDOUT_FILENO);
        if (!written) continue;
        const auto input = std::ranges::find_if(inputs, [&](const auto& one) { return is_file(one, *written); });
        if (input == inputs.end()) continue;
        complain(terminal, fmt::format("{} would write over {}, which is read: the original is never overwritten; give another name", option,
                                       *input == "-" ? "standard input" : *input));
        return true;
    }
    return false;
}

} // namespace ikescope::cli
