#include "present/analysis_words.hpp"

#include "capture/field_table.hpp"
#include "diagnose/story.hpp"
#include "diagnose/suite_words.hpp"
#include "present/paint.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::present {

using session::Proof;
using session::Sa;
using session::Side;
using session::Stage;
using session::Version;

namespace {

/// "2026-11-23 22:28:23.206671 UTC, 50.007 s"
std::string time_text(const Sa& sa) {
    auto start = rfc3339(sa.start);
    start[10] = ' ';
    return fmt::format("{} UTC, {} s", start.substr(0, 26), seconds_text(sa.end - sa.start, 3));
}

std::string identity_text(const Sa& sa, Side side) {
    const auto index = static_cast<std::size_t>(side);
    auto text = harmless(sa.identity[index].value_or("unknown"));
    if (sa.authentication[index] == Proof::verified) text += " (verified)";
    if (sa.authentication[index] == Proof::failed) text += " (authentication WRONG)";
    return text;
}

std::string child_text(const session::Child& child) {
    auto text =
        fmt::format("{} {}", child.protocol == 2 ? "AH" : "ESP", child.suite.empty() ? "(suite unknown)" : child.suite);
    if (!child.ts_initiator.empty() || !child.ts_responder.empty())
        text += fmt::format(", {} to {}", fmt::join(child.ts_initiator, " + "), fmt::join(child.ts_responder, " + "));
    if (!child.initiator_spi.empty() || !child.responder_spi.empty())
        text += fmt::format(", SPIs {} / {}", child.initiator_spi.empty() ? "?" : hex(child.initiator_spi),
                            child.responder_spi.empty() ? "?" : hex(child.responder_spi));
    return text;
}

std::string flow_text(const session::EspFlow& flow) {
    const auto name = name_of(capture::ip_protocols, flow.protocol);
    const auto protocol = name.empty() ? fmt::format("protocol {}", flow.protocol) : std::string(name);
    const bool ports = flow.source_port != 0 || flow.destination_port != 0;
    return fmt::format("{} to {} {}{}, {}", flow.source.text(), flow.destination.text(), protocol,
                       ports ? fmt::format(" {} to {}", flow.source_port, flow.destination_port) : std::string(), plural(flow.packets, "packet"));
}

/// "3 of 3 packets opened (252 bytes): 10.1.0.1 to 10.2.0.1 ICMP, 3 packets"
std::string traffic_text(const session::EspTraffic& traffic) {
    auto text = fmt::format("{} of {} opened ({} bytes)", traffic.opened + traffic.unverified, plural(traffic.packets, "packet"), traffic.bytes);
    if (traffic.unverified != 0) text += ", NOT authenticated: no integrity check value that could be checked";
    if (!traffic.keys.empty()) text += ", keys from " + harmless(traffic.keys);
    constexpr std::size_t most = 5;
    for (std::size_t i = 0; i < std::min(most, traffic.flows.size()); ++i) text += (i == 0 ? ": " : "; ") + flow_text(traffic.flows[i]);
    if (traffic.flows.size() > most || traffic.in_other_flows != 0) text += "; and more";
    return text;
}

std::string certificate_text(const session::EndCertificate& certificate) {
    auto text = fmt::format("{}, issued by {}, {}, valid {} to {}", harmless(certificate.subject), harmless(certificate.issuer),
                            harmless(certificate.key), certificate.not_before, certificate.not_after);
    if (!certificate.trusted) return text + "; not judged: no --ca was given";
    return text + (*certificate.trusted ? "; trusted" : fmt::format("; NOT trusted: {}", harmless(certificate.why)));
}

void add_certificates(const Sa& sa, std::vector<Fact>& made) {
    for (const std::size_t side : {0U, 1U}) {
        if (sa.certificate[side]) made.push_back({"Certificate", fmt::format("of the {}: {}", side == 0 ? "initiator" : "responder", certificate_text(*sa.certificate[side]))});
        if (!sa.authentication_how[side].empty())
            made.push_back({"Proof", fmt::format("of the {}: {}", side == 0 ? "initiator" : "responder", harmless(sa.authentication_how[side]))});
    }
}

void add_children(const Sa& sa, std::vector<Fact>& made) {
    for (const auto& child : sa.children) {
        made.push_back({child.refused ? "Refused" : "Protects", child_text(child)});
        for (const std::size_t who : {0U, 1U})
            if (child.traffic[who] && child.traffic[who]->packets > 0) made.push_back({who == 0 ? "  there" : "  back", traffic_text(*child.traffic[who])});
    }
}

std::string keys_text(const session::KeyUse& keys, const Reveal& reveal) {
    std::vector<std::string> parts;
    const auto psk = [&](std::size_t side) {
        auto text = harmless(*keys.psk[side]);
        if (keys.by_log[side]) text += " (by its log)";
        if (reveal && keys.psk_index[side]) text += fmt::format(" = \"{}\"", reveal(*keys.psk_index[side]));
        return text;
    };
    const bool same = keys.one_key().value_or(false);
    if (same && keys.psk[0] == keys.psk[1])
        parts.push_back(fmt::format("both sides use {}", psk(0)));
    else {
        if (keys.psk[0]) parts.push_back(fmt::format("initiator {}", psk(0)));
        if (keys.psk[1]) parts.push_back(fmt::format("responder {}{}", psk(1), same ? " (the same key)" : ""));
    }
    if (keys.dh) parts.push_back(fmt::format("g^xy from {}", harmless(*keys.dh)));
    if (parts.empty()) return keys.available ? "known" : "none known: encrypted messages stay closed";
    return fmt::format("{}", fmt::join(parts, "; "));
}

} // namespace

std::string plural(std::uint64_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string mode_text(const Sa& sa) {
    if (sa.version == Version::v2) return "IKEv2";
    switch (sa.mode) {
    case session::Mode::main: return "IKEv1 Main Mode";
    case session::Mode::aggressive: return "IKEv1 Aggressive Mode";
    case session::Mode::base: return "IKEv1 Base Mode";
    default: return sa.starts_in_the_middle ? "IKEv1, seen from the middle on" : "IKEv1";
    }
}

std::string stage_text(const Sa& sa) {
    switch (sa.stage) {
    case Stage::unseen: return "nothing of its negotiation was seen";
    case Stage::qm3:
        return sa.keys.available ? "complete as far as it was captured: Quick Mode's three messages are there"
                                 : "Quick Mode's three messages are there, unread";
    case Stage::qm_complete: return "complete: phase 1 and Quick Mode";
    case Stage::p1_complete:
    case Stage::mm6:
    case Stage::am3: return "phase 1 complete";
    case Stage::established: return "established";
    case Stage::deleted: return "deleted";
    default: return fmt::format("came as far as {}", session::stage_name(sa.stage));
    }
}

bool failed(const AnalyzedSa& analyzed) {
    return std::ranges::any_of(analyzed.findings,
                               [](const auto& finding) { return finding.severity == Severity::error; });
}

std::string verdict_text(const AnalyzedSa& analyzed) {
    if (!failed(analyzed)) return stage_text(analyzed.sa);
    std::vector<std::string_view> ids;
    for (const auto& finding : analyzed.findings)
        if (finding.severity == Severity::error) ids.push_back(finding.id);
    return fmt::format("FAILED: {} ({})", fmt::join(ids, ", "), stage_text(analyzed.sa));
}

std::string end_text(const AnalyzedSa& analyzed, Side side) {
    const auto& end = side == Side::initiator ? analyzed.sa.initiator : analyzed.sa.responder;
    const auto& router = analyzed.router[static_cast<std::size_t>(side)];
    return router.empty() ? end.text() : fmt::format("{} ({})", end.text(), router);
}

std::vector<Fact> facts(const AnalyzedSa& analyzed, const Reveal& reveal) {
    const auto& sa = analyzed.sa;
    std::vector<Fact> made;
    made.push_back({sa.version == Version::v2 ? "SPIs" : "Cookies",
                    fmt::format("{} / {}", hex(sa.initiator_spi), hex(sa.responder_spi))});
    made.push_back({"Time", time_text(sa)});
    if (diagnose::suite_known(sa))
        made.push_back({diagnose::suite_agreed(sa) ? "Suite" : "Offered", diagnose::suite_text(sa.suite, sa.version)});
    if (sa.identity[0] || sa.identity[1])
        made.push_back({"Identities", fmt::format("initiator {}; responder {}", identity_text(sa, Side::initiator),
                                                  identity_text(sa, Side::responder))});
    if (sa.encrypted_seen || sa.keys.dh || sa.keys.psk[0] || sa.keys.psk[1])
        made.push_back({"Keys", keys_text(sa.keys, reveal)});
    add_certificates(sa, made);
    add_children(sa, made);
    if (!sa.nat_note.empty()) made.push_back({"NAT", harmless(sa.nat_note)});
    for (const auto& note : sa.notes) made.push_back({"Note", harmless(note)});
    if (sa.rekey_of) made.push_back({"Rekeys", fmt::format("SA {}", *sa.rekey_of + 1)});
    return made;
}

std::vector<Fact> facts(std::span<const session::Sessions::LooseEsp> loose) {
    std::vector<Fact> made;
    for (const auto& one : loose) made.push_back({"ESP", fmt::format("SPI {:08x}: {}", one.spi, traffic_text(one.traffic))});
    return made;
}

Evidence split_evidence(std::string_view item) {
    for (const std::string_view how : {"proved", "predicted", "likely"})
        if (item.starts_with(how) && item.substr(how.size()).starts_with(": "))
            return {how, item.substr(how.size() + 2)};
    return {{}, item};
}

void Tally::add(std::span<const AnalyzedFile> files) {
    files_ += files.size();
    for (const auto& file : files) {
        ike_ += file.ike;
        esp_ += file.esp;
    }
}

void Tally::add(const AnalyzedSa& analyzed) {
    ++sas_;
    failed_ += failed(analyzed);
    add(analyzed.findings);
}

void Tally::add(std::span<const diagnose::Finding> findings) {
    for (const auto& finding : findings)
        ++(finding.severity == Severity::error ? errors_ : finding.severity == Severity::warning ? warnings_ : notes_);
}

std::string Tally::advice(const diagnose::Finding& finding) {
    return finding.advice.size() > 60 && !told_.insert(finding.advice).second ? "As above." : finding.advice;
}

std::string Tally::summary() const {
    const auto told = fmt::format("{}, {}, {}", plural(errors_, "error"), plural(warnings_, "warning"), plural(notes_, "note"));
    if (!captures()) return told + " in the logs";
    if (sas_ == 0 && ike_ > 0) return "No IKE exchange could be read.";
    if (sas_ == 0 && esp_ > 0)
        return "No IKE in this capture, only ESP: its keys were negotiated before the capture began, or elsewhere.";
    if (sas_ == 0) return "No IKE in this capture.";
    return fmt::format("{}{}: {}", plural(sas_, "SA"), failed_ ? fmt::format(", {} of them failed", failed_) : "", told);
}

} // namespace ikescope::present
