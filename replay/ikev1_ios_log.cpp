// What the router writes into its log while the peer runs.

#include "replay/ikev1_ios_policy.hpp"

#include <algorithm>

namespace ikescope::replay::ikev1 {
namespace {

using What = Event::What;
using ios::Say;

/// The state that IOS prints beside a message that it sends again, and the connection's number: 0 before there are
/// keys.
struct Standing {
    std::string_view label, state;
    bool numbered;
};
constexpr Standing standings[] = {
    {"MM1", "MM_NO_STATE", false}, {"MM2", "MM_SA_SETUP", false}, {"MM3", "MM_SA_SETUP", false},
    {"MM4", "MM_KEY_EXCH", true},  {"MM5", "MM_KEY_EXCH", true},  {"MM6", "MM_KEY_EXCH", true},
    {"AM1", "AG_INIT_EXCH", false}, {"AM2", "AG_INIT_EXCH", true}, {"AM3", "AG_INIT_EXCH", true},
    {"QM1", "QM_IDLE", true},      {"QM2", "QM_IDLE", true},      {"QM3", "QM_IDLE", true},
    {"INFO", "QM_IDLE", true},
};
constexpr unsigned first_connection = 1001;

const Standing& standing_of(std::string_view label) {
    const auto found = std::ranges::find(standings, label, &Standing::label);
    return found != std::end(standings) ? *found : standings[0];
}

ios::LogFacts facts_of(const Event& event, const ios::Ends& ends, bool initiator) {
    const auto& standing = standing_of(event.label);
    ios::LogFacts facts;
    facts.connection = standing.numbered ? first_connection : 0;
    facts.initiator = initiator;
    facts.peer = ends.peer.text();
    facts.local = ends.local.text();
    facts.state = std::string(standing.state);
    facts.name = std::to_string(event.message_id);
    facts.number = event.attempt;
    facts.second = event.label.starts_with("QM") ? 2 : 1; // the phase
    return facts;
}

using Lines = std::vector<std::string>;

Lines told_with(std::initializer_list<Say> says, const ios::LogFacts& facts) {
    Lines out;
    for (const auto what : says) out.push_back(ios::log_line(what, facts));
    return out;
}

Lines repeated(const Event& event, const ios::LogFacts& facts) {
    if (event.label.starts_with("QM"))
        return told_with(
            {Say::retransmitting_qm, Say::error_counter, Say::retransmitting_qm, Say::sending, Say::sending_ipv4},
            facts);
    return told_with({Say::retransmitting, Say::error_counter, Say::retransmitting, Say::sending, Say::sending_ipv4},
                     facts);
}

} // namespace

std::vector<std::string> IosPolicy::told(const Event& event) {
    const auto facts = facts_of(event, ends_, initiator_);
    up_ = up_ || event.label == "MM6" || event.label == "AM3";
    if (event.label == "QM1") narrator_.name_message(event.message_id);
    switch (event.what) {
    case What::not_started:
    case What::sent: return narrator_.tell(event.label, initiator_, true);
    case What::handled: return narrator_.tell(event.label, initiator_, false);
    case What::repeated: return repeated(event, facts);
    case What::duplicate:
        return told_with({Say::received, Say::duplicate, Say::retransmitting_due, Say::retransmitting, Say::sending,
                          Say::sending_ipv4},
                         facts);
    case What::gave_up:
        return told_with({event.label.starts_with("QM") ? Say::death_qm : Say::death_by_retransmission}, facts);
    case What::bad_message: return unreadable(event);
    case What::refused:
        if (event.label == "INFO" && up_) return told_with({Say::process_notify, Say::delete_larval}, facts);
        return told_with({Say::notify_without_hash}, facts);
    case What::bad_hash: return wrong_hash(event);
    case What::ended: break;
    }
    return {};
}

/// Main Mode opens MM5 and MM6 with the same key, so their hashes fit; in Aggressive Mode the initiator is the first to see
/// that the keys differ.
std::vector<std::string> IosPolicy::wrong_hash(const Event& event) {
    if (!event.label.starts_with("AM")) return {};
    fail(ios::Outcome::phase1_failed, "wrong-psk",
         router_.name + " finds the HASH of " + std::string(event.label) + " wrong: the other side has another pre-shared key");
    return narrator_.tell(event.label, initiator_, false);
}

/// Which line comes first is decided by the bytes: only a RESERVED that is not zero has a line of its own.
std::vector<std::string> IosPolicy::unreadable(const Event& event) {
    if (event.label != "MM5") return told_with({Say::received, Say::bad_message}, facts_of(event, ends_, initiator_));
    fail(ios::Outcome::phase1_failed, "wrong-psk",
         router_.name + " opens " + std::string(event.label) + " with another key than the peer used");
    auto lines = narrator_.tell(event.label, initiator_, false);
    if (event.check->what != session::SanityCheck::What::reserved)
        std::erase(lines, ios::log_line(Say::reserved_not_zero));
    return lines;
}

} // namespace ikescope::replay::ikev1
