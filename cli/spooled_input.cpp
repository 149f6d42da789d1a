#include "cli/spooled_input.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace ikescope::cli {

SpooledInput::SpooledInput(const std::string& path) : path_(path) {
    if (path != "-") return;
    const char* folder = std::getenv("TMPDIR");
    path_ = fmt::format("{}/ikescope-XXXXXX", folder && *folder ? folder : "/tmp");
    const int to = mkstemp(path_.data()); // mode 0600
    temporary_ = to >= 0;
    if (!temporary_) {
        problem_ =
            fmt::format("standard input is read twice and cannot be kept in {}: {}", path_, std::strerror(errno));
        return;
    }
    copy(STDIN_FILENO, to);
    ::close(to);
}

SpooledInput::~SpooledInput() {
    if (temporary_) ::unlink(path_.c_str());
}

void SpooledInput::copy(int from, int to) {
    std::array<char, 65536> part;
    for (;;) {
        const auto got = ::read(from, part.data(), part.size());
        if (got == 0) return;
        if (got < 0 && errno == EINTR) continue;
        for (ssize_t done = 0; got > 0 && done < got;) {
            const auto put = ::write(to, part.data() + done, static_cast<std::size_t>(got - done));
            if (put < 0 && errno != EINTR) {
                problem_ = fmt::format("standard input cannot be kept in {}: {}", path_, std::strerror(errno));
                return;
            }
            if (put > 0) done += put;
        }
        if (got < 0) {
            problem_ = fmt::format("standard input: {}", std::strerror(errno));
            return;
        }
    }
}

} // namespace ikescope::cli
