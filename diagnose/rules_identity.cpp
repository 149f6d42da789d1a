// id-mismatch, auth-failed: MM5 or IKE_AUTH could be read, and was refused.

#include "diagnose/catalogue.hpp"
#include "diagnose/words.hpp"

#include <fmt/format.h>

namespace ikescope::diagnose::rules {

using session::Proof;
using session::Stage;
using session::Version;

namespace {

/// The initiator's Delete right behind MM6, without any Quick Mode: it does not like who answered. Seen with strongSwan
/// ("IDir 'X' does not match to 'Y'").
const MessageRecord* delete_instead_of_quick_mode(const Sa& sa) {
    const auto* last = find(sa, "MM6");
    if (!last) last = find(sa, "AM3");
    const auto of_quick_mode = [](const MessageRecord& message) { return message.label.starts_with("QM"); };
    if (!last || std::ranges::any_of(sa.messages, of_quick_mode)) return nullptr;
    for (const auto& message : sa.messages)
        if (message.time >= last->time && message.frame != last->frame && message.from == Side::initiator &&
            has_payload(message, "D") && message.time - last->time < 5 * one_second)
            return &message;
    return nullptr;
}

std::optional<Finding> deleted_at_once(const Case& at, Finding finding) {
    const auto* refusal = delete_instead_of_quick_mode(at.sa);
    if (at.sa.version != Version::v1 || !refusal) return std::nullopt;
    const auto identity = at.sa.identity[1].value_or("unknown");
    finding.certainty = Certainty::likely;
    const auto* mm6 = find(at.sa, "MM6");
    finding.frames = {mm6 ? mm6->frame : refusal->frame, refusal->frame};
    finding.title = fmt::format("The initiator deletes the SA as soon as it knows the responder's identity, {}", identity);
    finding.explanation =
        fmt::format("Phase 1 was complete{}. Instead of a Quick Mode the initiator sent a Delete. That is what initiators do whose "
                    "configuration expects another identity than {}.",
                    at.sa.authentication[1] == Proof::verified ? " and HASH_R is right, so the keys agree" : "", identity);
    prove(finding.evidence, fmt::format("frame {} from the initiator: Delete, {} s behind the last message of phase 1, no Quick Mode before it",
                                        refusal->frame, seconds_text(refusal->time - (mm6 ? mm6->time : refusal->time), 6)));
    prove(finding.evidence, fmt::format("the responder's ID is {}", identity));
    finding.advice = fmt::format("Let the initiator expect {0} (strongSwan: rightid / remote.id; IOS: match identity in the ISAKMP profile), "
                                 "or let the responder send another one (IOS: self-identity, crypto isakmp identity).",
                                 identity);
    return finding;
}

std::optional<Finding> id_refused(const Case& at, Finding finding) {
    const auto* refusal = find_notify(at.sa, 18);
    if (at.sa.version != Version::v1 || !refusal || phase1_complete(at.sa)) return std::nullopt;
    const auto sender = other(refusal->from);
    const auto identity = at.sa.identity[static_cast<std::size_t>(sender)].value_or("(not readable)");
    finding.frames = {refusal->frame};
    finding.title = fmt::format("{} refuses the identity {}", at.Name(refusal->from), identity);
    finding.explanation = "It answers with INVALID-ID-INFORMATION during phase 1.";
    prove(finding.evidence, fmt::format("frame {}: INVALID-ID-INFORMATION (18)", refusal->frame));
    finding.advice = "Compare the identity one side sends with the one the other expects.";
    return finding;
}

std::string other_side_unknown(const Case& at, Side refused) {
    const bool right = at.sa.authentication[static_cast<std::size_t>(refused)] == Proof::verified;
    if (at.sa.version == Version::v1) return "The reason is in the other side's log.";
    return right ? "Its AUTH is right under a key that was given, so it used that key. Either the other side has another key for this "
                   "peer, or it has no configuration for this identity: the wire does not tell which."
                 : "The reason may be the key, the identity or a certificate: the wire does not tell which.";
}

} // namespace

std::optional<Finding> id_mismatch(const Case& at, Finding finding) {
    if (auto made = id_refused(at, finding)) return made;
    return deleted_at_once(at, std::move(finding));
}

std::optional<Finding> auth_failed(const Case& at, Finding finding) {
    const auto* refusal = find_notify(at.sa, 24);
    if (refusal && at.sa.stage != Stage::qm_complete) {
        const auto refused = other(refusal->from);
        const auto index = static_cast<std::size_t>(refused);
        finding.frames = {refusal->frame};
        finding.title = fmt::format("{} refuses to authenticate {}{}", at.Name(refusal->from), at.name(refused),
                                    at.sa.identity[index] ? fmt::format(" as {}", *at.sa.identity[index]) : "");
        finding.explanation = fmt::format("It answers with AUTHENTICATION_FAILED. {}", other_side_unknown(at, refused));
        prove(finding.evidence, fmt::format("frame {}: AUTHENTICATION_FAILED (24)", refusal->frame));
        if (at.sa.keys.psk[index])
            prove(finding.evidence, fmt::format("{} authenticates with {}", at.role(refused), *at.sa.keys.psk[index]));
        finding.advice = fmt::format("On {}: is there a configuration for this identity, and is its key the same?", at.role(refusal->from));
        return finding;
    }
    for (const auto side : {Side::initiator, Side::responder}) {
        if (at.sa.authentication[static_cast<std::size_t>(side)] != Proof::failed) continue;
        finding.title = fmt::format("The authentication of {} does not verify", at.name(side));
        finding.explanation = "Its HASH or AUTH was checked with the key that opens its messages and is wrong: the message, the identity or "
                              "the key was changed under way, or the implementation computes it differently.";
        const auto& messages = at.sa.messages;
        for (const auto& message : messages)
            if (message.from == side && message.hash == Proof::failed) finding.frames.push_back(message.frame);
        prove(finding.evidence, frames_text(finding.frames) + ": HASH or AUTH differs from what the key gives");
        finding.advice = "Look at the details of that message; if both sides accept each other, report it as a fault of this program.";
        return finding;
    }
    return std::nullopt;
}

} // namespace ikescope::diagnose::rules
