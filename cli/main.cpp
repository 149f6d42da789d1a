#include "cli/command.hpp"

#include <algorithm>
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

/// Keys on the command line are for this process: from here on `ps` shows stars in their place.
void hide_keys(std::span<char*> words) {
    constexpr std::string_view options[] = {"--psk", "--dh-secret", "--dh-private"};
    bool value_follows = false;
    for (char* word : words) {
        const std::string_view text = word, name = text.substr(0, text.find('='));
        const bool named = !value_follows && std::ranges::find(options, name) != std::end(options);
        const auto kept = value_follows ? 0 : named ? std::min(name.size() + 1, text.size()) : text.size();
        std::fill(word + kept, word + text.size(), '*');
        value_follows = named && name.size() == text.size();
    }
}

} // namespace

int main(int count, char** words) {
    std::ios::sync_with_stdio(false);
    ikescope::cli::Terminal terminal{std::cout, std::cerr, wants_color(), window_width()};
    const ikescope::cli::Arguments arguments(words + std::min(count, 1), words + count);
    hide_keys({words, static_cast<std::size_t>(count)});
    return static_cast<int>(ikescope::cli::run(arguments, terminal));
}
