#pragma once
// Logs of routers: records put together out of lines (terminals wrap them), what each record of IOS says, and the
// negotiations they tell. Other vendors' logs give records only. Source of IOS's wording: log_lines.hpp.

#include "base/clock.hpp"
#include "ios/selection.hpp"

namespace ikescope::ios {

/// A time stamp as printed: any part may be missing (no year in most logs, no date in some).
struct LogTime {
    int year = 0;       ///< 0: not printed
    unsigned month = 0; ///< 1 to 12; 0: no date printed
    unsigned day = 0;
    Nanoseconds of_day = 0;

    /// As if it were UTC, in the year (or on the day) that brings it nearest to `near`.
    Timestamp at(Timestamp near) const;
    std::string text() const; ///< "Jun 19 10:04:24.826"
};

/// A line with its continuations: wrapped parts are joined, indented fields follow behind a line feed.
struct LogRecord {
    std::size_t line = 0; ///< of its first line, from 1
    std::optional<LogTime> time;
    std::string text; ///< without time stamp
};

/// What a record of IOS says.
enum class LogEvent : std::uint8_t {
    other,
    packet,          ///< sent or received; address, state, label
    transition,      ///< Old State = … New State = …
    begins,          ///< beginning Main Mode / Aggressive Mode / Quick Mode exchange
    request_profile, ///< SA request profile is P
    key_for_address, ///< found peer pre-shared key matching A: the search by address ended somewhere
    key_in_keyring,  ///< Found ADDRESS key in keyring K
    key_found_in,    ///< key for A found in K (detail)
    key_absent,      ///< key for A not available in K (detail)
    key_selected,    ///< Selecting A,M as [final] key (detail)
    profile_matched, ///< peer matches P profile
    profile_none,    ///< peer matches *none* of the profiles
    identity,        ///< ID payload with its fields
    vendor_major,    ///< vendor ID seems Unity/DPD but major N mismatch: N is octet 14 of the vendor ID
    attribute,       ///< encryption, hash, group, auth of an offered transform
    accepted,        ///< atts are acceptable
    authenticated,
    spis, ///< Initiator SPI : … - Responder SPI : … Message id: N (IKEv2)
};

struct LogEntry : LogRecord {
    LogEvent event = LogEvent::other;
    int version = 1;
    unsigned connection = 0; ///< the number in ISAKMP:(1011); IKEv2: SA ID
    char role = 0;           ///< 'I', 'R', or 0 when the line does not say
    bool sends = false;
    std::string label;        ///< packets: "MM1" …, by role and state
    std::string state;        ///< packets: MM_NO_STATE …; transitions: the new state
    std::string name;         ///< keyring, profile, attribute
    std::string value;        ///< mask, value of the attribute, Responder SPI
    IpAddress address;        ///< the peer's, or the one a key was searched for
    std::uint64_t number = 0; ///< major, message ID
};

/// One exchange as the log tells it.
struct LogNegotiation {
    int version = 1;
    char role = 0; ///< of the router that wrote the log
    IpAddress peer, local;
    std::vector<std::size_t> entries;             ///< into RouterLog::entries, in order
    std::string stage;                            ///< label of the last packet or state: "MM5"; "P1_COMPLETE"
    bool complete = false;                        ///< phase 1, or IKE_AUTH
    std::string requested_profile;                ///< of an initiator; empty: none was named
    std::string profile;                          ///< selected by the peer's ID
    bool no_profile = false;                      ///< matched against the profiles, none fits
    std::string picked;                           ///< keyring of the key in use before MM5; empty: the log does not say
    std::string profile_keyring;                  ///< keyring found behind the profile, after MM5
    std::string identity;                         ///< the peer's, as logged
    std::string encryption, hash, authentication; ///< of the accepted transform, in IOS's words
    unsigned key_bits = 0, group = 0;
    std::string initiator_spi, responder_spi; ///< hex digits in lower case; IKEv2 only
    std::vector<unsigned> majors;
    std::string last_sent; ///< label of what the router sent last: what it repeats
    bool repeats = false;  ///< the next packet it sends is a repetition
};

struct RouterLog {
    std::string name;   ///< of the router: what the user gave, else the prompt in the log, else the file's
    std::string source; ///< the file
    bool cisco = false; ///< its records are IOS's; false: records only
    std::vector<LogEntry> entries;
    std::vector<LogNegotiation> negotiations;
    std::vector<std::size_t> outside; ///< entries that belong to no negotiation
    bool cut = false;                 ///< longer than what is read
};

/// Never fails. Anything that is no log gives no entries.
RouterLog read_router_log(std::string_view text, std::string_view fallback_name, std::string_view source = {});

// The three steps, each on its own.

struct LogRecords {
    std::vector<LogRecord> records;
    std::string prompt; ///< host name of the first prompt (`R1#`), if any
    bool cut = false;
};
LogRecords read_log_records(std::string_view text);
LogEntry log_entry_of(LogRecord record);
/// Groups the entries of an IOS log.
void tell_negotiations(RouterLog& log);

} // namespace ikescope::ios
