#pragma once
// Which message is which, and how far an SA has come: labels as data, edges as a table that the compiler checks.

#include "session/sa.hpp"

#include <array>

namespace ikescope::session {

/// What a message is within its SA. The order within one exchange is the order on the wire.
enum class Label : std::uint8_t {
    none, mm1, mm2, mm3, mm4, mm5, mm6, am1, am2, am3, base_mode, qm1, qm2, qm3, qm4, info, transaction, new_group,
    auth_only, group_pull, group_push,
    sa_init_request, sa_init_response, auth_request, auth_response, create_child_request, create_child_response,
    informational_request, informational_response, intermediate_request, intermediate_response,
    resume_request, resume_response, followup_request, followup_response, gsa_auth_request, gsa_auth_response,
    gsa_registration_request, gsa_registration_response, gsa_rekey_request, gsa_rekey_response,
    gsa_inband_rekey_request, gsa_inband_rekey_response, other_request, other_response, count
};

/// "MM1", "IKE_AUTH response"; of the n-th Transaction message of a message id "TRn".
std::string_view label_text(Label label, std::uint8_t ordinal = 1);

/// What moves an SA on: its messages, and what opening them proved.
enum class Event : std::uint8_t {
    mm1, mm2, mm3, mm4, mm5, mm6, am1, am2, am3, phase1_proved, qm1, qm2, qm3, quick_proved,
    init_request, init_response, auth_request, auth_response, child_exchange, auth_accepted, deleted, none, count
};
Event event_of(Label label);

struct Edge {
    Stage from;
    Event on;
    Stage to;
    std::string_view story;
};

// RFC 2409 section 5 (Main, Aggressive, Quick Mode), RFC 2408 section 5.15 (Delete), RFC 7296 sections 1.2 to 1.4.
inline constexpr Edge edges[] = {
    {Stage::unseen, Event::mm1, Stage::mm1, "offers suites for the IKE SA"},
    {Stage::mm1, Event::mm2, Stage::mm2, "chooses a suite"},
    {Stage::mm2, Event::mm3, Stage::mm3, "sends its Diffie-Hellman value and nonce"},
    {Stage::mm3, Event::mm4, Stage::mm4, "answers with its Diffie-Hellman value and nonce; its pre-shared key is picked by now"},
    {Stage::mm4, Event::mm5, Stage::mm5, "says who it is and proves it"},
    {Stage::mm5, Event::mm6, Stage::mm6, "says who it is and proves it; it has accepted the initiator"},
    {Stage::unseen, Event::am1, Stage::am1, "offers suites, Diffie-Hellman value, nonce and identity at once"},
    {Stage::am1, Event::am2, Stage::am2, "chooses a suite and proves who it is"},
    {Stage::am2, Event::am3, Stage::am3, "proves who it is"},
    {Stage::mm6, Event::phase1_proved, Stage::p1_complete, "both ends have proved themselves"},
    {Stage::am3, Event::phase1_proved, Stage::p1_complete, "both ends have proved themselves"},
    {Stage::mm6, Event::qm1, Stage::qm1, "offers suites for an IPsec SA"},
    {Stage::am3, Event::qm1, Stage::qm1, "offers suites for an IPsec SA"},
    {Stage::p1_complete, Event::qm1, Stage::qm1, "offers suites for an IPsec SA"},
    {Stage::qm1, Event::qm1, Stage::qm1, "offers suites for a further IPsec SA"},
    {Stage::qm1, Event::qm2, Stage::qm2, "chooses a suite"},
    {Stage::qm2, Event::qm3, Stage::qm3, "confirms: the IPsec SAs are up"},
    {Stage::qm3, Event::quick_proved, Stage::qm_complete, "the IPsec SAs are up"},
    {Stage::qm3, Event::qm1, Stage::qm3, "offers suites for a further IPsec SA"},
    {Stage::qm3, Event::qm2, Stage::qm3, "chooses a suite"},
    {Stage::qm3, Event::qm3, Stage::qm3, "confirms: the IPsec SAs are up"},
    {Stage::qm_complete, Event::qm1, Stage::qm_complete, "offers suites for a further IPsec SA"},
    {Stage::qm_complete, Event::qm2, Stage::qm_complete, "chooses a suite"},
    {Stage::qm_complete, Event::qm3, Stage::qm_complete, "confirms: the IPsec SAs are up"},
    {Stage::qm_complete, Event::quick_proved, Stage::qm_complete, "the IPsec SAs are up"},
    {Stage::unseen, Event::init_request, Stage::sa_init, "asks for an IKE SA"},
    {Stage::sa_init, Event::init_request, Stage::sa_init, "asks again: with a cookie, another group, or for lack of an answer"},
    {Stage::sa_init, Event::init_response, Stage::sa_init, "answers; if it chose a suite, both ends can derive keys"},
    {Stage::sa_init, Event::auth_request, Stage::auth, "proves who it is and asks for the first Child SA"},
    {Stage::auth, Event::auth_request, Stage::auth, "goes on proving who it is"},
    {Stage::auth, Event::auth_response, Stage::auth, "answers, encrypted"},
    {Stage::auth, Event::auth_accepted, Stage::established, "both ends have proved themselves"},
    {Stage::auth, Event::child_exchange, Stage::established, "works on Child SAs, so the IKE SA is up"},
    {Stage::established, Event::child_exchange, Stage::established, "works on Child SAs"},
    {Stage::p1_complete, Event::deleted, Stage::deleted, "deletes the IKE SA"},
    {Stage::mm6, Event::deleted, Stage::deleted, "deletes the IKE SA"},
    {Stage::am3, Event::deleted, Stage::deleted, "deletes the IKE SA"},
    {Stage::qm1, Event::deleted, Stage::deleted, "deletes the IKE SA"},
    {Stage::qm2, Event::deleted, Stage::deleted, "deletes the IKE SA"},
    {Stage::qm3, Event::deleted, Stage::deleted, "deletes the IKE SA"},
    {Stage::qm_complete, Event::deleted, Stage::deleted, "deletes the IKE SA"},
    {Stage::auth, Event::deleted, Stage::deleted, "deletes the IKE SA"},
    {Stage::established, Event::deleted, Stage::deleted, "deletes the IKE SA"},
};

consteval bool deterministic() {
    for (const auto& a : edges)
        for (const auto& b : edges)
            if (&a != &b && a.from == b.from && a.on == b.on) return false;
    return true;
}
consteval bool every_stage_is_reachable() {
    std::array<bool, static_cast<std::size_t>(Stage::count)> reached{true};
    for (std::size_t pass = 0; pass < reached.size(); ++pass)
        for (const auto& edge : edges)
            if (reached[static_cast<std::size_t>(edge.from)]) reached[static_cast<std::size_t>(edge.to)] = true;
    return std::ranges::all_of(reached, [](bool yes) { return yes; });
}
static_assert(deterministic() && every_stage_is_reachable());

/// Where an event leads when no edge says so: an observer that has missed packets follows forwards, never backwards.
constexpr Stage landing(Event on) {
    for (const auto& edge : edges)
        if (edge.on == on) return edge.to;
    return Stage::unseen;
}

struct Step {
    Stage next = Stage::unseen;
    std::string_view story;
    bool expected = false;
};

/// An observer never refuses: an event without an edge is reported, and the stage only moves forwards.
constexpr Step find_step(Stage now, Event seen) {
    std::string_view story;
    for (const auto& edge : edges) {
        if (edge.from == now && edge.on == seen) return {edge.to, edge.story, true};
        if (edge.on == seen && story.empty()) story = edge.story;
    }
    const auto there = landing(seen);
    return {there > now ? there : now, story, false};
}
/// find_step() out of a table: every message takes one.
const Step& step(Stage now, Event seen);
static_assert(find_step(Stage::mm1, Event::mm2).next == Stage::mm2);
static_assert(find_step(Stage::mm1, Event::mm3).next == Stage::mm3 && !find_step(Stage::mm1, Event::mm3).expected);
static_assert(find_step(Stage::deleted, Event::qm1).next == Stage::deleted);
static_assert(find_step(Stage::unseen, Event::quick_proved).next == Stage::qm_complete);

} // namespace ikescope::session
