#pragma once
// Routers' logs beside the packets: which negotiation of a log is which SA, how far the clocks are apart, what the log
// alone names, and where it contradicts the capture or the configuration.

#include "diagnose/finding.hpp"
#include "diagnose/log_texts.hpp"
#include "diagnose/material.hpp"
#include "ios/router_log.hpp"

namespace ikescope::diagnose {

/// A record that stands in the timeline, and the frame it speaks of.
struct LogLine {
    const ios::LogEntry* entry = nullptr;
    const LogText* text = nullptr; ///< when it is a failure text
    std::optional<std::uint64_t> frame;
};

/// One negotiation of a log. A log that is not IOS's has one part per SA that its lines belong to, and one for the rest.
struct LogPart {
    const ios::RouterLog* log = nullptr;
    const ios::LogNegotiation* negotiation = nullptr; ///< null: not IOS's
    std::optional<std::size_t> sa;                    ///< index of the SA that it belongs to
    std::optional<Nanoseconds> offset; ///< to be added to the log's times; only where frames could be joined
    std::string how;                   ///< "by SPIs", "by addresses and states", "by addresses and time"; "by addresses" where a log has no times
    std::vector<unsigned> majors_seen; ///< octets 14 of vendor IDs that the log names and the SA's packets hold
    std::vector<LogLine> lines;        ///< what matters: packets, choices, failures
};

/// All parts of all logs, joined to SAs where that is possible. Logs and sessions must outlive the parts.
std::vector<LogPart> join_logs(std::span<const ios::RouterLog> logs, const session::Sessions& sessions,
                               const Material& material);

/// What the log says failed, without looking at packets; of each concern the explanation only.
std::vector<Finding> findings_of_log(const LogPart& part, std::span<const ios::Router> routers);
/// Puts what a joined log says to what the packets of its SA say: the same finding gains the router's words, a symptom
/// gives way to the explanation, the rest is added.
void add_log_findings(const LogPart& part, const Case& at, std::vector<Finding>& findings);
/// What a log says that belongs to no SA of the capture, or that came without one.
void add_unjoined(const LogPart& part, std::span<const ios::Router> routers, std::vector<Finding>& findings);
/// log-contradicts-capture: what the log says and the SA's packets prove to be otherwise.
std::optional<Finding> log_against_capture(const LogPart& part, const Case& at);
/// config-contradicts-log: the router chose otherwise than its configuration on file would.
std::optional<Finding> log_against_configuration(const LogPart& part, std::span<const ios::Router> routers);
/// The configured router that wrote the log: by name, else by the address it had; null when it is not known.
const ios::Router* router_of(const LogPart& part, std::span<const ios::Router> routers);

} // namespace ikescope::diagnose
