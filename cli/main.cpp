#include "cli/command.hpp"

#include <cstdlib>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

std::size_t window_width() {
    winsize window{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col >= 40) return window.ws_col;
    return 100;
}

/// https://no-color.org
bool wants_color() {
    const auto* no_color = std::getenv("NO_COLOR");
    const auto* term = std::getenv("TERM");
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && std::string_view(term) == "dumb");
}

} // namespace

int main(int count, char** words) {
    std::ios::sync_with_stdio(false);
    ikescope::cli::Terminal terminal{std::cout, std::cerr, wants_color(), window_width()};
    return static_cast<int>(ikescope::cli::run({words + 1, words + count}, terminal));
}
