// The records of an IOS log grouped into negotiations, and what each of them says about keys, profiles and progress.

#include "ios/router_log.hpp"

#include <algorithm>
#include <map>

namespace ikescope::ios {
namespace {

using Event = LogEvent;

/// The message that a packet line means, by role, direction and the state before it (`beyond`: the highest message so
/// far).
std::string label_of(const LogEntry& entry, const std::string& stage) {
    struct Row {
        char role;
        bool sends;
        std::string_view state;
        std::string_view label;
    };
    // The states of IOS's Main Mode: MM_NO_STATE until MM2, MM_SA_SETUP until MM4, MM_KEY_EXCH until MM6.
    static constexpr Row rows[] = {
        {'I', true, "MM_NO_STATE", "MM1"},   {'I', false, "MM_NO_STATE", "MM2"}, {'I', true, "MM_SA_SETUP", "MM3"},
        {'I', false, "MM_SA_SETUP", "MM4"},  {'I', true, "MM_KEY_EXC", "MM5"},   {'I', false, "MM_KEY_EXC", "MM6"},
        {'R', false, "MM_NO_STATE", "MM1"},  {'R', false, "NEW", "MM1"},         {'R', true, "MM_SA_SETUP", "MM2"},
        {'R', false, "MM_SA_SETUP", "MM3"},  {'R', false, "MM_KEY_EXC", "MM5"},  {'I', true, "AG_NO_STATE", "AM1"},
        {'R', false, "AG_NO_STATE", "AM1"},  {'R', true, "AG_INIT_EXCH", "AM2"}, {'R', false, "AG_INIT_EXCH", "AM3"},
        {'I', false, "AG_INIT_EXCH", "AM2"},
    };
    for (const auto& row : rows)
        if (row.role == entry.role && row.sends == entry.sends && entry.state.starts_with(row.state))
            return std::string(row.label);
    if (entry.role == 'R' && entry.sends && entry.state.starts_with("MM_KEY_EXC"))
        return stage == "MM5" || stage == "MM6" || stage == "P1_COMPLETE" ? "MM6" : "MM4";
    if (entry.role == 'I' && entry.sends && entry.state == "AG_INIT_EXCH") return stage.empty() ? "AM1" : "AM3";
    if (entry.state != "QM_IDLE") return {};
    const bool from_initiator = (entry.role == 'I') == entry.sends; // as far as this side began both phases
    if (from_initiator) return stage == "QM2" ? "QM3" : "QM1";
    return stage == "QM1" ? "QM2" : "";
}

class Teller {
public:
    explicit Teller(RouterLog& log) : log_(log) {}

    void tell() {
        for (at_ = 0; at_ < log_.entries.size(); ++at_) {
            auto& entry = log_.entries[at_];
            const auto index = negotiation_of(entry);
            if (index == none) {
                log_.outside.push_back(at_);
                continue;
            }
            current_ = index;
            auto& n = log_.negotiations[index];
            n.entries.push_back(at_);
            if (entry.connection != 0) connections_[{entry.version, entry.connection}] = index;
            learn(n, entry);
        }
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    bool relevant(const LogEntry& entry) const {
        return entry.event != Event::other || entry.text.starts_with("ISAKMP") || entry.text.starts_with("IPSEC") ||
               entry.text.starts_with("IKEv2") || entry.text.starts_with("%CRYPTO") ||
               entry.text.starts_with("map_db") || entry.text.starts_with("Crypto mapdb") ||
               entry.text.starts_with("(key eng");
    }

    bool same_exchange(const LogNegotiation& n, const LogEntry& entry) const {
        if (n.version != entry.version) return false;
        if (entry.event == Event::packet || (entry.event == Event::spis && entry.version == 2)) {
            if (!entry.address.empty() && !n.peer.empty() && entry.address != n.peer) return false;
            if (entry.role != 0 && n.role != 0 && entry.role != n.role) return false;
            if (entry.version == 2 && !entry.name.empty() && !n.initiator_spi.empty() && entry.name != n.initiator_spi)
                return false;
        }
        if (entry.event == Event::transition && entry.role != 0 && n.role != 0 && entry.role != n.role) return false;
        // A key is searched for the peer; another address means another exchange.
        if (entry.event == Event::key_for_address && !n.peer.empty() && entry.address != n.peer) return false;
        return true;
    }

    /// Does the record start an exchange over again?
    bool starts_anew(const LogNegotiation& n, const LogEntry& entry) const {
        if (entry.event == Event::request_profile) return !n.stage.empty() || !n.requested_profile.empty();
        if (entry.event != Event::packet || n.stage.empty()) return false;
        const auto label = entry.version == 2 ? entry.label : label_of(entry, n.stage);
        return (label == "MM1" && n.stage != "MM1" && !entry.sends) ||
               (label == "AM1" && n.stage != "AM1" && !entry.sends);
    }

    std::size_t negotiation_of(const LogEntry& entry) {
        if (!relevant(entry)) return none;
        if (entry.connection != 0)
            if (const auto known = connections_.find({entry.version, entry.connection}); known != connections_.end())
                if (same_exchange(log_.negotiations[known->second], entry)) return known->second;
        if (current_ != none && same_exchange(log_.negotiations[current_], entry) &&
            !starts_anew(log_.negotiations[current_], entry))
            return current_;
        constexpr std::size_t most = 10'000, furthest = 64;
        const auto size = log_.negotiations.size();
        // Back to one that was interrupted by another.
        const bool tells_role = entry.event == Event::packet || entry.event == Event::transition;
        for (auto index = size;
             tells_role && entry.connection != 0 && index-- > (size > furthest ? size - furthest : 0);)
            if (const auto& n = log_.negotiations[index];
                (n.role == entry.role || n.role == 0) && (entry.address.empty() || n.peer == entry.address))
                return index;
        if (size >= most) return current_;
        log_.negotiations.emplace_back();
        log_.negotiations.back().version = entry.version;
        last_found_.clear();
        return log_.negotiations.size() - 1;
    }

    void learn(LogNegotiation& n, LogEntry& entry) {
        if (n.role == 0) n.role = entry.role;
        if (n.peer.empty() &&
            (entry.event == Event::packet || entry.event == Event::key_for_address ||
             entry.event == Event::key_found_in || entry.event == Event::key_absent || entry.event == Event::other))
            n.peer = entry.address;
        learn_local(n, entry);
        // IOS-XE says in different ways that IKE_AUTH is through, by release and debug level.
        n.complete = n.complete || (entry.version == 2 && (entry.event == Event::authenticated ||
                                                           entry.text.find("CurState: READY") != std::string::npos));
        switch (entry.event) {
        case Event::packet: return packet(n, entry);
        case Event::transition: return transition(n, entry);
        case Event::request_profile:
            n.role = 'I';
            if (entry.name != "(NULL)") n.requested_profile = entry.name;
            return;
        case Event::begins:
            if (n.role == 0) n.role = 'I';
            return;
        case Event::key_found_in: last_found_ = entry.name; return;
        case Event::key_selected: return keyring(n, last_found_);
        case Event::key_in_keyring: return keyring(n, entry.name);
        case Event::key_for_address:
            if (n.picked.empty() && !last_found_.empty()) n.picked = last_found_;
            return;
        case Event::profile_matched: n.profile = entry.name; return;
        case Event::profile_none: n.no_profile = true; return;
        case Event::identity:
            if (entry.version == 2) n.identity = entry.name;
            else if (entry.address.empty() || entry.address == n.peer || n.peer.empty() || n.stage == "MM5" ||
                n.stage == "MM6")
                if (peers_own(n, entry)) n.identity = entry.name;
            return;
        case Event::vendor_major: n.majors.push_back(static_cast<unsigned>(entry.number)); return;
        case Event::attribute: return attribute(entry);
        case Event::accepted:
            if (n.encryption.empty() && n.stage.substr(0, 2) != "QM" && !n.complete) accept(n);
            return;
        case Event::spis:
            n.initiator_spi = entry.name;
            if (entry.value.find_first_not_of('0') != std::string::npos) n.responder_spi = entry.value;
            return;
        case Event::key_absent:
        case Event::authenticated: return;
        case Event::other: n.repeats = n.repeats || entry.text.find("retransmitting phase 1") != std::string::npos; return;
        }
    }

    /// IOS prints its own ID payload before it sends, the peer's behind "processing ID payload".
    bool peers_own(const LogNegotiation& n, const LogEntry& entry) const {
        for (auto place = n.entries.size(); place-- > 0 && place + 3 > n.entries.size();)
            if (log_.entries[n.entries[place]].text.find("processing ID payload") != std::string::npos) return true;
        return !entry.address.empty() && entry.address == n.peer;
    }

    static void learn_local(LogNegotiation& n, const LogEntry& entry) {
        for (const auto* mark : {"local= ", "(local "}) {
            const auto at = entry.text.find(mark);
            if (at == std::string::npos || !n.local.empty()) continue;
            const auto rest = std::string_view(entry.text).substr(at + std::string_view(mark).size());
            n.local = IpAddress::parse(rest.substr(0, rest.find_first_of(":, )"))).value_or(IpAddress{});
            const auto peer = entry.text.find("remote= ");
            if (peer == std::string::npos || !n.peer.empty()) continue;
            const auto far = std::string_view(entry.text).substr(peer + 8);
            n.peer = IpAddress::parse(far.substr(0, far.find_first_of(":, )"))).value_or(IpAddress{});
        }
    }

    static void packet(LogNegotiation& n, LogEntry& entry) {
        if (entry.sends && n.repeats) {
            n.repeats = false;
            entry.label = n.last_sent;
            return;
        }
        if (entry.version == 1) entry.label = label_of(entry, n.stage);
        if (!entry.label.empty()) n.stage = entry.label;
        if (entry.sends) n.last_sent = entry.label;
        if (entry.version == 1 || entry.name.empty()) return;
        n.initiator_spi = entry.name;
        if (entry.value.find_first_not_of('0') != std::string::npos) n.responder_spi = entry.value;
    }
    static void transition(LogNegotiation& n, const LogEntry& entry) {
        if (entry.state == "IKE_P1_COMPLETE") {
            n.stage = "P1_COMPLETE";
            n.complete = true;
        } else if (const auto mark = entry.state.rfind("_MM"); mark != std::string::npos && !n.complete) {
            n.stage = entry.state.substr(mark + 1);
        } else if (entry.state == "IKE_QM_PHASE2_COMPLETE") {
            n.stage = "QM_COMPLETE";
        }
    }

    /// A keyring is named twice: in the search before MM5, and behind the profile that the ID selected.
    static void keyring(LogNegotiation& n, const std::string& name) {
        if (name.empty()) return;
        if (!n.profile.empty() && n.role != 'I')
            n.profile_keyring = name;
        else
            n.picked = name;
    }

    void attribute(const LogEntry& entry) {
        if (entry.name == "encryption") offered_ = {}; // the first attribute of a transform
        if (entry.name == "encryption") offered_.encryption = entry.value;
        if (entry.name == "hash") offered_.hash = entry.value;
        if (entry.name == "auth") offered_.authentication = entry.value;
        if (entry.name == "keylength of") offered_.key_bits = static_cast<unsigned>(std::atoi(entry.value.c_str()));
        if (entry.name == "default group") offered_.group = static_cast<unsigned>(std::atoi(entry.value.c_str()));
    }
    void accept(LogNegotiation& n) const {
        n.encryption = offered_.encryption;
        n.hash = offered_.hash;
        n.authentication = offered_.authentication;
        n.key_bits = offered_.key_bits;
        n.group = offered_.group;
    }

    RouterLog& log_;
    std::size_t at_ = 0, current_ = none;
    std::map<std::pair<int, unsigned>, std::size_t> connections_;
    std::string last_found_;
    LogNegotiation offered_;
};

bool of_ios(const LogRecord& record) {
    constexpr std::string_view starts[] = {"ISAKMP", "IPSEC(", "%CRYPTO-", "IKEv2:", "IKEv2-", "map_db_"};
    return std::ranges::any_of(starts, [&](std::string_view start) { return record.text.starts_with(start); });
}

} // namespace

void tell_negotiations(RouterLog& log) { Teller(log).tell(); }

RouterLog read_router_log(std::string_view text, std::string_view fallback_name, std::string_view source) {
    auto read = read_log_records(text);
    RouterLog log;
    log.source = std::string(source);
    log.cut = read.cut;
    log.name = read.prompt.empty() ? std::string(fallback_name) : read.prompt;
    log.cisco = std::ranges::any_of(read.records, of_ios);
    for (auto& record : read.records) {
        if (log.cisco) {
            log.entries.push_back(log_entry_of(std::move(record)));
        } else {
            log.entries.emplace_back();
            static_cast<LogRecord&>(log.entries.back()) = std::move(record);
        }
    }
    if (log.cisco) tell_negotiations(log);
    return log;
}

} // namespace ikescope::ios
