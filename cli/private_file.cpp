#include "cli/private_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
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

/// Does it begin as the files do that we write?
bool is_ours(std::string_view text) { return text.starts_with("# ikescope") || text.starts_with("Written by ikescope"); }

bool file_is_ours(const std::string& path) {
    std::string line;
    std::ifstream in(path, std::ios::binary);
    return std::getline(in, line) && is_ours(line);
}

/// May the file be written, and replace what is there?
Result<Done> may_write(const std::string& directory, const secrets::ExportedFile& file) {
    const auto path = directory + "/" + file.name;
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0)
        return errno == ENOENT ? Result<Done>(Done{}) : failed(path, "cannot be written");
    if (!S_ISREG(facts.st_mode))
        return Error{fmt::format("{} is no plain file, so nothing was written: give -o another directory", path)};
    if (facts.st_size > 0 && !file_is_ours(is_ours(file.text) ? path : directory + "/README.txt"))
        return Error{fmt::format("{} is there already and not of ikescope's making, so nothing was written: give -o another directory, "
                                 "and add the lines to your file by hand where you want them",
                                 path)};
    if (::access(path.c_str(), W_OK) != 0) return failed(path, "cannot be written");
    return Done{};
}

} // namespace

Result<Done> write_export(const std::string& directory, std::span<const secrets::ExportedFile> files) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return failed(directory, "cannot be made");
    if (::access(directory.c_str(), W_OK | X_OK) != 0) return failed(directory, "cannot be written to");
    for (const auto& file : files)
        if (auto may = may_write(directory, file); !may) return may;
    for (const auto& file : files)
        if (auto written = write_private(directory, file.name, file.text); !written) return written;
    return Done{};
}

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
