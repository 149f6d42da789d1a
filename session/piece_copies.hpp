#pragma once
// Fragments of either version: those that came before, byte for byte, and where the others of a message are.

#include "session/sa.hpp"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <tuple>

namespace ikescope::session {

class PieceCopies {
public:
    /// The frame that brought these bytes first; nothing when they are new. They are known from now on, as long as there is room.
    std::optional<std::uint64_t> first_of(std::size_t sa, Side from, std::uint64_t fingerprint, std::uint64_t frame) {
        constexpr std::size_t most = 8'192;
        const auto [at, fresh] = frames_.try_emplace({sa, from, fingerprint}, frame);
        if (!fresh) return at->second;
        order_.push_back(at);
        if (order_.size() > most) {
            frames_.erase(order_.front());
            order_.pop_front();
        }
        return std::nullopt;
    }

private:
    using Frames = std::map<std::tuple<std::size_t, Side, std::uint64_t>, std::uint64_t>;
    Frames frames_;
    std::deque<Frames::iterator> order_;
};

/// "it completes the message; the other pieces came in frames 3, 5" for the frame that brought the last one missing; empty when it was
/// the only one.
inline std::string others_text(std::string_view what, const std::vector<std::uint64_t>& frames, std::uint64_t completing) {
    constexpr std::size_t most = 32;
    std::string text;
    std::size_t count = 0;
    for (const auto frame : frames) {
        if (frame == completing || ++count > most) continue;
        text += fmt::format("{}{}", text.empty() ? "" : ", ", frame);
    }
    if (count == 0) return {};
    return count == 1 ? fmt::format("it completes the message; the other {} came in frame {}", what, text)
                      : fmt::format("it completes the message; the other {}s came in frames {}{}", what, text, count > most ? ", …" : "");
}

/// "piece 2 is missing", "fragments 1, 3-4 of 4 are missing": `which` as missing_text() has it.
inline std::string lacking_text(std::string_view what, std::string_view which, std::string_view of = {}) {
    const bool several = which.find_first_of("-,") != std::string_view::npos;
    return fmt::format("{}{} {}{} {} missing", what, several ? "s" : "", which, of, several ? "are" : "is");
}

} // namespace ikescope::session
