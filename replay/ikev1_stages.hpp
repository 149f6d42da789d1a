#pragma once
// The stages of an IKEv1 SA at one end, and which message leads from one to the next. RFC 2409 sections 5.4 and 5.5.

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string_view>

namespace ikescope::replay::ikev1 {

/// What this end has sent last.
enum class Stage : std::uint8_t { idle, mm1, mm2, mm3, mm4, mm5, am1, am2, up, over, count };
enum class Input : std::uint8_t { main_message, aggressive_message, deleted, gave_up, count };

struct Edge {
    Stage from;
    Input on;
    Stage to;
    std::string_view handles; ///< the message that leads there
};
inline constexpr Edge edges[] = {
    {Stage::idle, Input::main_message, Stage::mm2, "MM1"},
    {Stage::mm1, Input::main_message, Stage::mm3, "MM2"},
    {Stage::mm2, Input::main_message, Stage::mm4, "MM3"},
    {Stage::mm3, Input::main_message, Stage::mm5, "MM4"},
    {Stage::mm4, Input::main_message, Stage::up, "MM5"},
    {Stage::mm5, Input::main_message, Stage::up, "MM6"},
    {Stage::idle, Input::aggressive_message, Stage::am2, "AM1"},
    {Stage::am1, Input::aggressive_message, Stage::up, "AM2"},
    {Stage::am2, Input::aggressive_message, Stage::up, "AM3"},
    {Stage::up, Input::deleted, Stage::over, ""},
    {Stage::mm1, Input::gave_up, Stage::over, ""},
    {Stage::mm2, Input::gave_up, Stage::over, ""},
    {Stage::mm3, Input::gave_up, Stage::over, ""},
    {Stage::mm4, Input::gave_up, Stage::over, ""},
    {Stage::mm5, Input::gave_up, Stage::over, ""},
    {Stage::am1, Input::gave_up, Stage::over, ""},
    {Stage::am2, Input::gave_up, Stage::over, ""},
};

/// The edge that an input takes; null: it is out of place and dropped.
constexpr const Edge* edge_of(Stage from, Input on) {
    for (const auto& edge : edges)
        if (edge.from == from && edge.on == on) return &edge;
    return nullptr;
}

consteval bool deterministic() {
    for (const auto& edge : edges)
        if (edge_of(edge.from, edge.on) != &edge) return false;
    return true;
}
/// From idle, or from the two stages that start() enters.
consteval bool every_stage_is_reachable() {
    std::array<bool, static_cast<std::size_t>(Stage::count)> reached{};
    for (const auto start : {Stage::idle, Stage::mm1, Stage::am1}) reached[static_cast<std::size_t>(start)] = true;
    for (std::size_t pass = 0; pass < reached.size(); ++pass)
        for (const auto& edge : edges)
            if (reached[static_cast<std::size_t>(edge.from)]) reached[static_cast<std::size_t>(edge.to)] = true;
    return std::ranges::all_of(reached, std::identity{});
}
static_assert(deterministic() && every_stage_is_reachable());

} // namespace ikescope::replay::ikev1
