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

/// What makes it doubtful that the message got no answer: one that cannot be read, or that it is no question at all.
std::string doubt(const Case& at, const Waiting& waits) {
    if (at.sa.version != session::Version::v1) return {};
    const auto closed = [](const MessageRecord& message) { return message.encrypted && !message.decrypted; };
    for (const auto* reply : waits.replies)
        if (reply->label == "INFO" && closed(*reply) && reply->time >= waits.last)
            return fmt::format("the encrypted Informational in frame {} cannot be read: it may be a refusal, and so the answer", reply->frame);
    const bool others_open = std::ranges::any_of(
        at.sa.messages, [&](const auto& message) { return message.from == waits.first->from && message.decrypted; });
    if (waits.first->label == "QM1" && closed(*waits.first) && others_open)
        return fmt::format("frame {} does not open with its sender's keys: it may be QM2 of an exchange whose QM1 was not captured",
                           waits.first->frame);
    return {};
}

/// Nothing is proved by it then.
void tell_doubt(const Case& at, const Waiting& waits, std::string_view words, Finding& finding) {
    finding.severity = Severity::warning;
    finding.certainty = Certainty::likely;
    finding.title = fmt::format("No answer to {} by {} can be seen", waits.first->label, at.name(other(waits.first->from)));
    finding.explanation = fmt::format("Nothing is proved: {}.", words);
    prove(finding.evidence, fmt::format("nothing behind {} (frame {}) is known to be its answer", waits.first->label, waits.first->frame));
    finding.advice = "Give the keys of the SA, if there are any (--secrets), or look at the log of either end.";
}

std::optional<Finding> unanswered(const Case& at, Finding finding, const Waiting& waits) {
    if (!waits.in_vain(at.material.capture_end)) return std::nullopt;
    finding.frames = waits.frames();
    if (const auto words = doubt(at, waits); !words.empty()) {
        tell_doubt(at, waits, words, finding);
        return finding;
    }
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

/// Does this message of the other side show that the one in fragments arrived there?
bool shows_arrival(const Sa& sa, const session::IncompleteMessage& lost, const MessageRecord& message) {
    if (message.from == lost.from || message.retransmission_of) return false;
    if (sa.version == session::Version::v1) return message.frame > lost.frame && message.label != "INFO";
    const bool response = message.label.ends_with(" response");
    // Who has got an answer goes on with the next message id (RFC 7296 2.2).
    return lost.response ? !response && message.message_id > lost.message_id : response && message.message_id == lost.message_id;
}
/// The other side's own message in fragments, of which something lacks as well.
bool shows_arrival(const Sa& sa, const session::IncompleteMessage& lost, const session::IncompleteMessage& next) {
    if (next.from == lost.from) return false;
    if (sa.version == session::Version::v1) return next.frame > lost.frame;
    return lost.response ? !next.response && next.message_id > lost.message_id : next.response && next.message_id == lost.message_id;
}

/// The frame that shows that the message arrived, so that only the capture lacks a part of it.
std::optional<std::uint64_t> arrival(const Sa& sa, const session::IncompleteMessage& lost, const std::vector<session::IncompleteMessage>& all) {
    for (const auto& message : sa.messages)
        if (shows_arrival(sa, lost, message)) return message.frame;
    for (const auto& next : all)
        if (shows_arrival(sa, lost, next)) return next.frame;
    return std::nullopt;
}

/// Did the other side repeat its message, as who has no answer does?
bool other_side_repeats(const Sa& sa, const session::IncompleteMessage& lost) {
    return std::ranges::any_of(sa.messages, [&](const MessageRecord& copy) {
        if (copy.from == lost.from || !copy.retransmission_of || copy.frame < lost.frame) return false;
        if (sa.version == session::Version::v2 && (!lost.response || copy.message_id != lost.message_id)) return false;
        const auto first = std::ranges::find(sa.messages, *copy.retransmission_of, &MessageRecord::frame);
        return first != sa.messages.end() && copy.time - first->time >= shortest_timer;
    });
}

/// Was a fragment lost on the way, and not just to a capture that is cut there? A timer that ran out says so, on either side.
bool lost_for_sure(const Case& at, const session::IncompleteMessage& lost) {
    const auto& sa = at.sa;
    const auto before = sa.messages.empty() ? sa.start : sa.messages.back().time;
    if (at.material.observations && sa.end - before >= shortest_timer && at.material.observations->piece_repeated(sa.index, lost.frame)) return true;
    if (other_side_repeats(sa, lost)) return true;
    const bool cut = sa.starts_in_the_middle && lost.frame == sa.first_frame;
    const bool asks = sa.version == session::Version::v1 ? lost.from == Side::initiator : !lost.response;
    return asks && !cut && sa.roles_known && at.material.capture_end - sa.end >= long_enough;
}

/// Fragments that the capture alone lacks.
Finding not_captured(const session::IncompleteMessage& lacking, std::uint64_t answer, Finding finding) {
    finding.severity = Severity::note;
    finding.frames = {lacking.frame, answer};
    std::ranges::sort(finding.frames);
    finding.title = fmt::format("The capture lacks a fragment of a message; frame {} shows that the message arrived", answer);
    finding.explanation = "The other side went on as it does with the whole message, so nothing was lost between the two ends.";
    prove(finding.evidence, lacking.words);
    finding.advice = "What the message says cannot be seen here; capture again if it matters.";
    return finding;
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
    const bool in_vain = waits && waits.in_vain(at.material.capture_end);
    const bool large = in_vain && waits.first->size > one_packet && !waits.copies.empty();
    const auto& incomplete = at.sa.incomplete;
    const auto is_lost = [&](const session::IncompleteMessage& lost) { return !arrival(at.sa, lost, incomplete) && lost_for_sure(at, lost); };
    const auto lost = std::ranges::find_if(incomplete, is_lost);
    const bool by_ike = lost != incomplete.end(); // the notes of an SA are about IKE's own fragments
    if (!by_ike && !large) {
        for (const auto& lacking : incomplete)
            if (const auto answer = arrival(at.sa, lacking, incomplete); answer && !in_vain)
                return not_captured(lacking, *answer, std::move(finding));
        return std::nullopt;
    }
    finding.certainty = large ? Certainty::likely : Certainty::proved;
    if (waits) finding.frames = waits.frames();
    finding.title = large ? fmt::format("{} is too large for one packet and never answered: its fragments are probably lost", waits.first->label)
                          : "A message that was sent in fragments is incomplete";
    tell_fragments(by_ike, finding);
    if (by_ike) prove(finding.evidence, lost->words);
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
