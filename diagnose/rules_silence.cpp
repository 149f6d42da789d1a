// Messages without an answer: nat-t-blocked, fragment-loss, no-response; and retransmission, where an answer came.

#include "diagnose/catalogue.hpp"
#include "diagnose/words.hpp"

#include <fmt/format.h>

namespace ikescope::diagnose::rules {

namespace {

constexpr std::uint16_t nat_port = 4500;
/// A UDP payload of this size does not fit into one packet on a usual path (1500 octets less IPv4 and UDP headers).
constexpr std::uint32_t one_packet = 1472;

/// What the place where it stops says about the reason.
struct Reading {
    std::string_view label, reason, advice;
};
constexpr Reading readings[] = {
    {"MM1", "Nothing at all came back, not even a refusal: the packets do not arrive (address, routing, a filter for UDP 500), no IKE is running "
            "there, or the responder has nothing for this peer and is silent about it (on IOS: no crypto map or tunnel for the peer).",
     "Capture at the responder: does MM1 arrive? If so its log says why it is dropped (debug crypto isakmp)."},
    {"MM2", "The responder answered, but MM3 did not follow: MM2 does not arrive at the initiator, or the initiator does not like the choice.",
     "Capture at the initiator: does MM2 arrive?"},
    {"MM3", "The proposal was accepted, but KE and nonce were not answered. A Cisco responder that has no key for the peer's address stops here or "
            "earlier (No pre-shared key with A!); a large KE payload can also be lost as a fragment.",
     "Look at the responder's log. With its configuration (--config) the key it would pick can be named."},
    {"MM4", "The responder's KE and nonce arrived nowhere, or the initiator has no key for this peer.", "Look at the initiator's log."},
    {"MM5", "MM5 was not answered.", "Look at the responder's log."},
    {"AM1", "Nothing came back: wrong address, a filter for UDP 500, Aggressive Mode not allowed, or no configuration for this identity.",
     "Capture at the responder: does AM1 arrive? On IOS, crypto isakmp aggressive-mode disable makes it silent."},
    {"AM2", "The initiator did not go on after AM2: it could not verify HASH_R (another pre-shared key), or AM2 did not arrive.",
     "Look at the initiator's log."},
    {"IKE_SA_INIT request", "Nothing came back: wrong address, a filter for UDP 500, no IKEv2 there, or no policy for this peer.",
     "Capture at the responder: does IKE_SA_INIT arrive?"},
    {"IKE_AUTH request", "IKE_SA_INIT was answered, IKE_AUTH was not: it is larger (fragments), it may go to UDP 4500, or the responder dropped it.",
     "Capture at the responder: does IKE_AUTH arrive? If it is fragmented, enable IKEv2 fragmentation (RFC 7383) on both sides."},
    {"QM1", "Phase 1 is up; Quick Mode got no answer. Some responders are silent when they have no matching tunnel.",
     "Look at the responder's log; compare networks, transform sets and PFS."},
    {"QM2", "The responder accepted, the initiator's third message is missing.", "Look at the initiator's log."},
};

const Reading* reading_of(std::string_view label) {
    const auto at = std::ranges::find(readings, label, &Reading::label);
    return at == std::end(readings) ? nullptr : at;
}

bool phase2_label(std::string_view label) { return label.starts_with("QM") || label.starts_with("CREATE_CHILD"); }

bool on_nat_port(const MessageRecord& message) {
    return message.source.port == nat_port || message.destination.port == nat_port;
}

/// The responder's configuration explains the silence.
void aggressive_disabled(const ios::Router& router, Finding& finding) {
    finding.causes = {"aggressive-mode-disabled"};
    finding.title += ", which is configured not to answer Aggressive Mode";
    finding.explanation = fmt::format("{} has `crypto isakmp aggressive-mode disable` and drops AM1 in silence.", router.name);
    predict(finding.evidence, fmt::format("{} does not answer Aggressive Mode: crypto isakmp aggressive-mode disable", router.name));
    finding.router_log[router.name] = {ios::log_line(ios::Say::aggressive_disabled)};
    finding.advice = "Let the initiator use Main Mode or IKEv2: take away `initiate mode aggressive`, or the `set aggressive-mode` lines "
                     "of `crypto isakmp peer`.";
}

std::optional<Finding> unanswered(const Case& at, Finding finding, const Waiting& waits) {
    if (!waits.in_vain(at.material.capture_end)) return std::nullopt;
    finding.frames = waits.frames();
    finding.title = fmt::format("{} was never answered by {}", waits.first->label, at.name(other(waits.first->from)));
    const auto* reading = reading_of(waits.first->label);
    finding.explanation = reading ? std::string(reading->reason) : "The other side may be gone, or the path to it broken.";
    prove(finding.evidence, waiting_sentence(at, waits));
    if (waits.copies.empty())
        prove(finding.evidence, fmt::format("the capture goes on for {} s behind it", seconds_text(at.material.capture_end - waits.last, 1)));
    if (const auto* sender = at.at(waits.first->from); sender && !waits.copies.empty() && at.sa.version == session::Version::v1)
        finding.router_log[sender->name] = log_retransmitting(at, waits);
    finding.advice = reading ? std::string(reading->advice) : "Capture at the other end: does the message arrive?";
    if (const auto* router = at.at(other(waits.first->from)); router && waits.first->label == "AM1" && router->aggressive_mode_disabled)
        aggressive_disabled(*router, finding);
    return finding;
}

/// Fragments of IKE (RFC 7383, Cisco's payload 132) are whole datagrams: what loses them is not what drops IP fragments.
void tell_fragments(bool by_ike, Finding& finding) {
    if (by_ike) {
        finding.explanation = "Both sides use IKE fragmentation already, and one of its datagrams did not arrive. The receiver can do nothing "
                              "with the others. Loss, a rate limit (bursts of UDP), or a path whose MTU is still too small for a fragment do that.";
        finding.advice = "Look for loss and rate limits on the path. If it is always the same fragment, lower the fragment size (IOS: crypto "
                         "ikev2 fragmentation mtu; strongSwan: charon.fragment_size). Capture at the other end: which fragments arrive?";
        return;
    }
    finding.explanation = "Many filters and address translators drop IP fragments. Small messages pass, large ones (certificates, many "
                          "proposals, large groups) do not.";
    finding.advice = "Enable IKE fragmentation on both sides (IOS: crypto isakmp fragmentation; IKEv2: crypto ikev2 fragmentation), or let IP "
                     "fragments pass.";
}

} // namespace

std::optional<Finding> nat_t_blocked(const Case& at, Finding finding) {
    const auto waits = waiting(at.sa);
    if (!waits || !waits.in_vain(at.material.capture_end) || !on_nat_port(*waits.first)) return std::nullopt;
    bool before = false;
    for (const auto& message : at.sa.messages) {
        if (message.from == other(waits.first->from) && on_nat_port(message)) return std::nullopt; // port 4500 works
        if (message.from == other(waits.first->from) && message.encrypted) return std::nullopt;    // it did arrive
        before = before || (message.from == waits.first->from && !on_nat_port(message));
    }
    if (!before) return std::nullopt;
    finding.certainty = Certainty::likely;
    finding.frames = waits.frames();
    finding.title = fmt::format("{} moved to UDP port 4500 with {}; nothing comes back from there", at.Name(waits.first->from),
                                waits.first->label);
    finding.explanation = fmt::format("NAT was detected, so the exchange goes on over UDP 4500. Everything on port 500 was answered, nothing on 4500. "
                                      "A filter that lets only UDP 500 through does that.{}",
                                      waits.first->label == "MM5" ? " A different pre-shared key looks almost the same: MM5 is also the first "
                                                                    "message that depends on it."
                                                                  : "");
    prove(finding.evidence, waiting_sentence(at, waits));
    prove(finding.evidence, fmt::format("frame {} goes from {} to {}", waits.first->frame, waits.first->source.text(),
                                        waits.first->destination.text()));
    finding.advice = "Let UDP 4500 pass in both directions, then look again. If it does pass, compare the pre-shared keys.";
    return finding;
}

std::optional<Finding> fragment_loss(const Case& at, Finding finding) {
    const auto waits = waiting(at.sa);
    const auto incomplete = std::ranges::find_if(at.sa.notes, [](const auto& note) { return note.find("fragment") != note.npos; });
    const bool large = waits && waits.in_vain(at.material.capture_end) && waits.first->size > one_packet && !waits.copies.empty();
    if (incomplete == at.sa.notes.end() && !large) return std::nullopt;
    finding.certainty = large ? Certainty::likely : Certainty::proved;
    if (waits) finding.frames = waits.frames();
    finding.title = large ? fmt::format("{} is too large for one packet and never answered: its fragments are probably lost", waits.first->label)
                          : "A message that was sent in fragments is incomplete";
    const bool by_ike = incomplete != at.sa.notes.end(); // the notes of an SA are about IKE's own fragments
    tell_fragments(by_ike, finding);
    if (by_ike) prove(finding.evidence, *incomplete);
    if (large) {
        prove(finding.evidence, fmt::format("{} has {} octets; {} fit into one packet of 1500", waits.first->label, waits.first->size, one_packet));
        prove(finding.evidence, waiting_sentence(at, waits));
    }
    return finding;
}

std::optional<Finding> no_response(const Case& at, Finding finding) {
    const auto waits = waiting(at.sa);
    if (!waits || phase2_label(waits.first->label)) return std::nullopt;
    return unanswered(at, std::move(finding), waits);
}

std::optional<Finding> child_no_response(const Case& at, Finding finding) {
    const auto waits = waiting(at.sa);
    if (!waits || !phase2_label(waits.first->label)) return std::nullopt;
    return unanswered(at, std::move(finding), waits);
}

std::optional<Finding> retransmission(const Case& at, Finding finding) {
    const auto waits = waiting(at.sa);
    std::vector<std::uint64_t> questions;
    for (const auto& message : at.sa.messages) {
        if (!message.retransmission_of) continue;
        const bool in_vain = waits && (message.retransmission_of == waits.first->frame || message.time > waits.first->time);
        if (!in_vain) finding.frames.push_back(message.frame);
        if (!in_vain && (questions.empty() || questions.back() != *message.retransmission_of))
            questions.push_back(*message.retransmission_of);
    }
    if (finding.frames.empty()) return std::nullopt;
    const auto count = finding.frames.size();
    finding.title = fmt::format("{} message{} sent again before the exchange went on", count, count == 1 ? " was" : "s were");
    finding.explanation = "An answer came in the end. Repetitions mean loss or a slow peer; a few are harmless.";
    prove(finding.evidence, fmt::format("{}: cop{} of {}", frames_text(finding.frames), count == 1 ? "y" : "ies", frames_text(questions)));
    finding.advice = "If it happens often, look for loss on the path or for load on the peer.";
    return finding;
}

} // namespace ikescope::diagnose::rules
