#pragma once
// The records of a log of strongSwan's charon, in every shape they are written: file, syslog, journal, JSON.

#include "secrets/text.hpp"

namespace ikescope::secrets {

/// A line of a message, and who wrote it when.
struct CharonRecord {
    std::string_view time;   ///< as the log has it; empty where it has none
    std::string_view daemon; ///< "gw charon[812]:" of a syslog, which may hold several; empty where the log does not say
    std::string_view thread; ///< "14", behind its daemon; empty where the log does not say
    std::string_view sa;     ///< "lab|6", "12"; empty outside of an IKE_SA
    std::string_view text;
    std::size_t line = 0;
};

/// Bytes that charon printed: "LABEL => N bytes @ 0x…" and its rows.
struct CharonDump {
    std::string time, daemon, thread, sa, label;
    std::size_t line = 0, size = 0;
    Buffer bytes; ///< `size` of them unless the dump is cut

    CharonDump() = default;
    CharonDump(CharonDump&&) = default;
    CharonDump& operator=(CharonDump&&) = default;
    ~CharonDump() { wipe(bytes); }
};

class CharonListener {
public:
    virtual ~CharonListener() = default;
    /// A line that is no part of a dump.
    virtual void said(const CharonRecord& record) = 0;
    virtual void dumped(CharonDump dump) = 0;
    /// A dump ended before its rows did.
    virtual void cut(const CharonDump& dump) = 0;
};

void walk_charon_log(std::string_view text, CharonListener& listener);

} // namespace ikescope::secrets
