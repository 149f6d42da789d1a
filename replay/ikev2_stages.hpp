#pragma once
// The stages of an IKEv2 SA at one end, and what leads from one to the next. RFC 7296 sections 1.2 and 2.

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>

namespace ikescope::replay::ikev2 {

enum class Stage : std::uint8_t { idle, asked, keyed, proving, up, over, count };
enum class Input : std::uint8_t { init_request, init_response, auth_request, auth_response, failed, closed, count };

struct Edge {
    Stage from;
    Input on;
    Stage to;
};
inline constexpr Edge edges[] = {
    {Stage::idle, Input::init_request, Stage::keyed}, {Stage::asked, Input::init_response, Stage::proving},
    {Stage::keyed, Input::auth_request, Stage::up},   {Stage::proving, Input::auth_response, Stage::up},
    {Stage::asked, Input::failed, Stage::over},       {Stage::keyed, Input::failed, Stage::over},
    {Stage::proving, Input::failed, Stage::over},     {Stage::up, Input::failed, Stage::over},
    {Stage::up, Input::closed, Stage::over},
};

/// The edge that an input takes; null: it is out of place and dropped.
constexpr const Edge* edge_of(Stage from, Input on) {
    for (const auto& edge : edges)
        if (edge.from == from && edge.on == on) return &edge;
    return nullptr;
}

consteval bool deterministic() {
    return std::ranges::all_of(edges, [](const Edge& edge) { return edge_of(edge.from, edge.on) == &edge; });
}
/// From idle, or from the stage that start() enters.
consteval bool every_stage_is_reachable() {
    std::array<bool, static_cast<std::size_t>(Stage::count)> reached{true, true};
    for (std::size_t pass = 0; pass < reached.size(); ++pass)
        for (const auto& edge : edges)
            if (reached[static_cast<std::size_t>(edge.from)]) reached[static_cast<std::size_t>(edge.to)] = true;
    return std::ranges::all_of(reached, std::identity{});
}
static_assert(deterministic() && every_stage_is_reachable());

} // namespace ikescope::replay::ikev2
