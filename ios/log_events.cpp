// What a record of IOS's debug says: a table of wordings, and the packets, states and SPIs in them.

#include "ios/commands.hpp"
#include "ios/router_log.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

using Event = LogEvent;

std::string_view behind(std::string_view text, std::string_view mark) {
    const auto at = text.find(mark);
    return at == std::string_view::npos ? std::string_view() : text.substr(at + mark.size());
}
std::string_view word(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_first_of(" \t\n"));
}
std::string_view between(std::string_view text, std::string_view from, std::string_view to) {
    const auto rest = behind(text, from);
    return rest.substr(0, rest.find(to));
}
std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
    return text;
}
IpAddress address_in(std::string_view text) {
    auto first = word(text);
    while (!first.empty() && (first.back() == '.' || first.back() == ',' || first.back() == ')' || first.back() == '!'))
        first.remove_suffix(1);
    return IpAddress::parse(first).value_or(IpAddress{});
}
std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// One wording: `{1}` is the value, `{2}` another one; what stands between them must be there.
struct Wording {
    std::string_view before, middle, after; ///< before VALUE middle VALUE2 after; empty middle: one value
    Event event;
};
// Sources: the rows of log_table.cpp.
constexpr Wording wordings[] = {
    {"SA request profile is ", "", "", Event::request_profile},
    {"found peer pre-shared key matching ", "", "", Event::key_for_address},
    {"Found ADDRESS key in keyring ", "", "", Event::key_in_keyring},
    {"key for ", " not available in ", "", Event::key_absent},
    {"key for ", " found in ", "", Event::key_found_in},
    {"Looking for a matching key for ", " in ", " : success", Event::key_found_in},
    {"Looking for a matching key for ", " in ", "", Event::key_absent},
    {"Selecting  ", ",", " as", Event::key_selected},
    {"Selecting ", ",", " as", Event::key_selected},
    {"peer matches *none* of the profiles", "", "", Event::profile_none},
    {"peer matches ", "", " profile", Event::profile_matched},
    {"found matching IKEv2 profile '", "", "'", Event::profile_matched},
    {"Getting preshared key from profile keyring ", "", "", Event::key_in_keyring},
    {"vendor ID seems Unity/DPD but major ", "", " mismatch", Event::vendor_major},
    {"SA has been authenticated with ", "", "", Event::authenticated},
    {"Session with IKE ID PAIR (", "", ") is UP", Event::authenticated},
    {"IKEV2 SA created; inserting SA into database", "", "", Event::authenticated},
    {"Searching policy based on peer's identity '", "", "'", Event::identity},
    {"beginning Main Mode exchange", "", "", Event::begins},
    {"beginning Aggressive Mode exchange", "", "", Event::begins},
    {"beginning Quick Mode exchange, M-ID of ", "", "", Event::begins},
    {"atts are acceptable", "", "", Event::accepted},
};

bool fits(const Wording& wording, LogEntry& entry) {
    const std::string_view text = entry.text;
    if (text.find(wording.before) == std::string_view::npos) return false;
    auto rest = behind(text, wording.before);
    entry.name = word(rest);
    if (!wording.middle.empty()) {
        const auto at = rest.find(wording.middle);
        if (at == std::string_view::npos) return false;
        entry.value = trimmed(rest.substr(0, at));
        rest = rest.substr(at + wording.middle.size());
        entry.name = word(rest);
    }
    if (!wording.after.empty()) {
        const auto at = rest.find(wording.after);
        if (at == std::string_view::npos) return false;
        entry.name = trimmed(rest.substr(0, at));
    }
    entry.event = wording.event;
    return true;
}

/// ISAKMP:(1011):…, ISAKMP (1011): …, ISAKMP (0:2): …, ISAKMP: (1001):…, ISAKMP-PAK: (1001):…
unsigned connection_of(std::string_view text) {
    auto rest = text.substr(0, 24);
    rest = between(rest, "(", ")");
    if (const auto colon = rest.find(':'); colon != std::string_view::npos) rest = rest.substr(colon + 1);
    return number_of(rest).value_or(0);
}

/// sending packet to A my_port 500 peer_port 500 (I) MM_NO_STATE
bool read_packet(LogEntry& entry) {
    const std::string_view text = entry.text;
    const auto sent = behind(text, "sending packet to "), got = behind(text, "received packet from ");
    if (sent.empty() && got.empty()) return false;
    entry.event = Event::packet;
    entry.sends = got.empty();
    entry.address = address_in(entry.sends ? sent : got);
    const auto role = between(entry.sends ? sent : got, "(", ")");
    if (role.size() == 1) entry.role = role == "N" ? 'R' : role[0];
    entry.state = word(behind(entry.sends ? sent : got, ") "));
    return !entry.address.empty();
}

/// IKE_R_MM5: the role is the letter behind IKE_.
char role_in(std::string_view state) {
    const auto letter = state.starts_with("IKE_") && state.size() > 5 && state[5] == '_' ? state[4] : '\0';
    return letter == 'I' || letter == 'R' ? letter : '\0';
}

bool read_transition(LogEntry& entry) {
    const auto state = word(behind(entry.text, "New State ="));
    if (state.empty()) return false;
    entry.event = Event::transition;
    entry.state = state;
    entry.role = role_in(state);
    if (entry.role == 0) entry.role = role_in(word(behind(entry.text, "Old State =")));
    return true;
}

bool read_identity(LogEntry& entry) {
    if (entry.text.find("ID payload\n") == std::string::npos) return false;
    const std::string_view text = entry.text;
    for (const auto* field : {"address      :", "FQDN name    :", "USER FQDN    :", "name         :"})
        if (const auto value = word(behind(text, field)); !value.empty()) entry.name = value;
    entry.event = Event::identity;
    entry.number = number_of(word(behind(text, "type         :"))).value_or(0);
    entry.address = IpAddress::parse(entry.name).value_or(IpAddress{});
    return true;
}

bool read_attribute(LogEntry& entry) {
    constexpr std::string_view names[] = {"encryption ", "keylength of ", "hash ", "default group ", "auth "};
    const auto text = trimmed(behind(entry.text, "ISAKMP:"));
    for (const auto name : names) {
        const auto begin = text.starts_with("(") ? trimmed(behind(text, "):")) : text;
        if (!begin.starts_with(name)) continue;
        entry.event = Event::attribute;
        entry.name = trimmed(name);
        entry.value = trimmed(begin.substr(name.size()));
        return true;
    }
    return false;
}

/// IKEv2: `Initiator SPI : 1D41… - Responder SPI : A645… Message id: 1`, `I_SPI=… R_SPI=… (R) MsgID = 1`
bool read_spis(LogEntry& entry) {
    const std::string_view text = entry.text;
    const bool trace = text.find("I_SPI=") != std::string_view::npos;
    const auto ours = word(behind(text, trace ? "I_SPI=" : "Initiator SPI :")),
               theirs = word(behind(text, trace ? "R_SPI=" : "Responder SPI :"));
    if (ours.size() != 16 || theirs.size() != 16) return false;
    entry.event = Event::spis;
    entry.name = lower(ours);
    entry.value = lower(theirs);
    entry.number = number_of(word(behind(text, trace ? "MsgID =" : "Message id:"))).value_or(0);
    if (text.find("(I)") != std::string_view::npos) entry.role = 'I';
    if (text.find("(R)") != std::string_view::npos) entry.role = 'R';
    return true;
}

void read_ikev2(LogEntry& entry) {
    const std::string_view text = entry.text;
    entry.version = 2;
    entry.connection = number_of(word(between(text, "SA ID = ", ")"))).value_or(0);
    const bool sent = text.find("Sending Packet [To ") != std::string_view::npos,
               got = text.find("Received Packet [From ") != std::string_view::npos;
    if (sent || got) {
        auto peer = between(text, sent ? "[To " : "[From ", "/");
        if (const auto colon = peer.rfind(':'); colon != std::string_view::npos) peer = peer.substr(0, colon);
        entry.address = IpAddress::parse(peer).value_or(IpAddress{});
        entry.sends = sent;
        (void)read_spis(entry);
        entry.event = Event::packet;
        entry.state = text.find("IKE_AUTH") != std::string_view::npos      ? "IKE_AUTH"
                      : text.find("IKE_SA_INIT") != std::string_view::npos ? "IKE_SA_INIT"
                                                                           : "";
        const bool request = text.find("REQUEST") != std::string_view::npos,
                   response = text.find("RESPONSE") != std::string_view::npos;
        if (!entry.state.empty() && (request || response)) {
            entry.label = entry.state + (request ? " request" : " response");
            entry.role = request == sent ? 'I' : 'R';
        }
        return;
    }
    if (read_spis(entry)) return;
    for (const auto& wording : wordings)
        if (fits(wording, entry)) break;
    if (entry.event == Event::identity) entry.address = IpAddress::parse(entry.name).value_or(IpAddress{});
}

} // namespace

LogEntry log_entry_of(LogRecord record) {
    LogEntry entry;
    static_cast<LogRecord&>(entry) = std::move(record);
    const std::string_view text = entry.text;
    if (text.starts_with("IKEv2")) {
        read_ikev2(entry);
        return entry;
    }
    if (text.starts_with("ISAKMP")) entry.connection = connection_of(text);
    if (read_packet(entry) || read_transition(entry) || read_identity(entry) || read_attribute(entry)) return entry;
    for (const auto& wording : wordings)
        if (fits(wording, entry)) break;
    if (entry.event == Event::vendor_major) entry.number = number_of(entry.name).value_or(0);
    if (entry.event == Event::key_for_address || entry.event == Event::authenticated)
        entry.address = address_in(entry.name);
    if (entry.event == Event::key_found_in || entry.event == Event::key_absent) entry.address = address_in(entry.value);
    if (entry.event == Event::other)
        for (const auto* mark : {"IKE message from ", "No pre-shared key with ", "failed with peer at ", "remote "})
            if (const auto rest = behind(text, mark); entry.address.empty() && !rest.empty())
                entry.address = address_in(rest);
    return entry;
}

} // namespace ikescope::ios
