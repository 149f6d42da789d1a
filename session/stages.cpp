#include "session/stages.hpp"

namespace ikescope::session {
namespace {

template <class Enum, std::size_t Count>
std::string_view at(const std::array<std::string_view, Count>& names, Enum value) {
    const auto index = static_cast<std::size_t>(value);
    return index < Count ? names[index] : std::string_view{};
}

constexpr std::array<std::string_view, static_cast<std::size_t>(Stage::count)> stage_names{
    "UNSEEN", "MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "AM1", "AM2", "AM3", "P1_COMPLETE", "QM1", "QM2", "QM3",
    "QM_COMPLETE", "SA_INIT", "AUTH", "ESTABLISHED", "DELETED"};

// What `debug crypto isakmp` and `show crypto isakmp sa` print for these moments.
constexpr std::array<std::string_view, static_cast<std::size_t>(Stage::count)> ios_states{
    "MM_NO_STATE", "MM_NO_STATE", "MM_SA_SETUP", "MM_SA_SETUP", "MM_KEY_EXCH", "MM_KEY_EXCH", "MM_KEY_EXCH",
    "AG_NO_STATE", "AG_INIT_EXCH", "AG_AUTH", "QM_IDLE", "QM_IDLE", "QM_IDLE", "QM_IDLE", "QM_IDLE",
    "", "", "", "MM_NO_STATE"};

constexpr std::array<std::string_view, static_cast<std::size_t>(Label::count)> labels{
    "", "MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "AM1", "AM2", "AM3", "BASE", "QM1", "QM2", "QM3", "QM4", "INFO", "TR", "NG",
    "AUTH-ONLY", "GROUPKEY-PULL", "GROUPKEY-PUSH",
    "IKE_SA_INIT request", "IKE_SA_INIT response", "IKE_AUTH request", "IKE_AUTH response",
    "CREATE_CHILD_SA request", "CREATE_CHILD_SA response", "INFORMATIONAL request", "INFORMATIONAL response",
    "IKE_INTERMEDIATE request", "IKE_INTERMEDIATE response", "IKE_SESSION_RESUME request", "IKE_SESSION_RESUME response",
    "IKE_FOLLOWUP_KE request", "IKE_FOLLOWUP_KE response", "GSA_AUTH request", "GSA_AUTH response",
    "GSA_REGISTRATION request", "GSA_REGISTRATION response", "GSA_REKEY request", "GSA_REKEY response",
    "GSA_INBAND_REKEY request", "GSA_INBAND_REKEY response",
    "request", "response"};
constexpr std::array<std::string_view, 10> transactions{"TR", "TR1", "TR2", "TR3", "TR4", "TR5", "TR6", "TR7", "TR8", "TR9"};

constexpr std::array<Event, static_cast<std::size_t>(Label::count)> events{
    Event::none, Event::mm1, Event::mm2, Event::mm3, Event::mm4, Event::mm5, Event::mm6, Event::am1, Event::am2, Event::am3,
    Event::none, Event::qm1, Event::qm2, Event::qm3, Event::none, Event::none, Event::none, Event::none,
    Event::none, Event::none, Event::none,
    Event::init_request, Event::init_response, Event::auth_request, Event::auth_response,
    Event::child_exchange, Event::child_exchange, Event::none, Event::none, Event::none, Event::none,
    Event::init_request, Event::init_response, Event::none, Event::none, Event::none, Event::none,
    Event::none, Event::none, Event::none, Event::none, Event::none, Event::none, Event::none, Event::none};

constexpr auto steps = [] {
    std::array<std::array<Step, static_cast<std::size_t>(Event::count)>, static_cast<std::size_t>(Stage::count)> all{};
    for (std::size_t stage = 0; stage < all.size(); ++stage)
        for (std::size_t event = 0; event < all[stage].size(); ++event)
            all[stage][event] = find_step(static_cast<Stage>(stage), static_cast<Event>(event));
    return all;
}();

} // namespace

const Step& step(Stage now, Event seen) { return steps[static_cast<std::size_t>(now)][static_cast<std::size_t>(seen)]; }

std::string_view stage_name(Stage stage) { return at(stage_names, stage); }
std::string_view ios_state(Stage stage) { return at(ios_states, stage); }
std::string_view label_text(Label label, std::uint8_t ordinal) {
    if (label == Label::transaction) return transactions[ordinal < transactions.size() ? ordinal : 0];
    return at(labels, label);
}
Event event_of(Label label) {
    const auto index = static_cast<std::size_t>(label);
    return index < events.size() ? events[index] : Event::none;
}

std::string_view mode_name(Mode mode) {
    constexpr std::array<std::string_view, 6> names{"unknown", "main", "aggressive", "ikev2", "base", "unknown"};
    return at(names, mode);
}
std::string_view side_name(Side side) { return side == Side::initiator ? "initiator" : "responder"; }
std::string_view proof_name(Proof proof) {
    constexpr std::array<std::string_view, 3> names{"unknown", "verified", "failed"};
    return at(names, proof);
}

} // namespace ikescope::session
