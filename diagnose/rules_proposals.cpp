// no-proposal-chosen and invalid-ke: what was offered in phase 1 or IKE_SA_INIT and what the responder wants.

#include "diagnose/catalogue.hpp"
#include "diagnose/suite_words.hpp"
#include "diagnose/words.hpp"
#include "ios/advice.hpp"

#include <fmt/format.h>

namespace ikescope::diagnose::rules {

using session::Stage;
using session::Version;

namespace {

constexpr std::uint16_t no_proposal = 14, invalid_ke_v2 = 17;

/// An offer in the words of an IOS policy. RFC 2409 appendix A.
ios::Policy policy_of(const session::Suite& suite) {
    ios::Policy policy;
    policy.encryption = suite.encryption == 1 ? "des" : suite.encryption == 5 ? "3des" : suite.encryption == 7 ? "aes" : "other";
    policy.key_bits = suite.encryption == 7 ? (suite.key_bits ? suite.key_bits : 128) : 0;
    constexpr std::string_view hashes[] = {"?", "md5", "sha", "tiger", "sha256", "sha384", "sha512"};
    policy.hash = suite.hash < std::size(hashes) ? hashes[suite.hash] : "other";
    policy.authentication = suite.authentication == 1 || suite.authentication == 65001 ? "pre-share"
                            : suite.authentication == 3 || suite.authentication == 65005 ? "rsa-sig"
                            : suite.authentication == 4 ? "rsa-encr"
                            : suite.authentication >= 9 && suite.authentication <= 11 ? "ecdsa-sig" : "other";
    policy.group = suite.group;
    policy.lifetime = static_cast<std::uint32_t>(suite.life_seconds ? suite.life_seconds : 86400);
    return policy;
}

std::string_view fault_words(ios::PolicyFault fault) {
    switch (fault) {
    case ios::PolicyFault::none: return "equal";
    case ios::PolicyFault::encryption: return "the encryption differs";
    case ios::PolicyFault::key_length: return "the key length differs";
    case ios::PolicyFault::hash: return "the hash differs";
    case ios::PolicyFault::authentication: return "the authentication method differs";
    case ios::PolicyFault::group: return "the Diffie-Hellman group differs";
    case ios::PolicyFault::lifetime: return "the lifetime differs";
    }
    return {};
}

std::vector<ios::Policy> offered_policies(const Sa& sa) {
    std::vector<ios::Policy> offers;
    for (const auto& offer : sa.offers) offers.push_back(policy_of(offer.suite));
    return offers;
}

void compare_with_policies(const Case& at, const ios::Router& router, const ios::PolicyChoice& choice, Finding& finding) {
    for (const auto& tried : choice.tried)
        if (finding.evidence.size() < 16)
            predict(finding.evidence,
                    fmt::format("offer {} ({}) against policy {} of {} (line {}: {}): {}", tried.transform, ios::policy_text(tried.offer),
                                tried.own.priority, router.name, tried.own.line.number, ios::policy_text(tried.own),
                                fault_words(tried.fault)));
    const auto ends = at.ends(Side::responder);
    finding.router_log[router.name] = ios::log_policies(choice, ends);
    finding.advice = advice_text(ios::advise("no-proposal-chosen", router, ends, {}, nullptr));
}

void list_offers(const Sa& sa, Finding& finding) {
    for (const auto& offer : sa.offers) {
        if (finding.evidence.size() >= 12) return finding.evidence.push_back(fmt::format("… {} offers in all", sa.offers.size()));
        prove(finding.evidence, fmt::format("offer {}: {}", offer.number, suite_text(offer.suite, sa.version)));
    }
}

/// A refusal in so many words: NO-PROPOSAL-CHOSEN before anything was agreed on.
const MessageRecord* refusal_of_offers(const Sa& sa) {
    const auto* notify = find_notify(sa, no_proposal, Side::responder);
    if (!notify) return nullptr;
    if (sa.version == Version::v2) return notify->label.starts_with("IKE_SA_INIT") ? notify : nullptr;
    const auto* second = find(sa, sa.mode == session::Mode::aggressive ? "AM2" : "MM2");
    return second ? nullptr : notify;
}

std::string refusal_words(const Sa& sa) {
    return fmt::format("The offer is answered with NO_PROPOSAL_CHOSEN. {} must all agree with one entry of the responder's own. Some responders "
                       "also say this when they have no configuration{} for the peer's address.",
                       sa.version == Version::v2 ? "Encryption, key length, integrity, PRF and group"
                                                 : "Encryption, key length, hash, authentication method and group",
                       sa.version == Version::v2 ? "" : " or no key");
}

const MessageRecord* last_refusal_of_ke(const Sa& sa) {
    const MessageRecord* last = nullptr;
    for (const auto& message : sa.messages)
        if (message.from == Side::responder && !message.retransmission_of && message.label.starts_with("IKE_SA_INIT") &&
            std::ranges::find(message.notifies, invalid_ke_v2) != message.notifies.end())
            last = &message;
    return last;
}

/// What followed INVALID_KE_PAYLOAD: `words` go on behind "The responder".
struct AfterRefusal {
    enum class Outcome : std::uint8_t { went_on, retried, unanswered, too_early, gave_up };
    Outcome outcome;
    const MessageRecord* retry = nullptr;
    std::string words;
};

AfterRefusal after_refusal(const Case& at, const MessageRecord& refusal) {
    using enum AfterRefusal::Outcome;
    const auto is_retry = [&](const auto& message) {
        return message.label == "IKE_SA_INIT request" && !message.retransmission_of && &message > &refusal;
    };
    const auto found = std::ranges::find_if(at.sa.messages, is_retry);
    const auto* retry = found == at.sa.messages.end() ? nullptr : &*found;
    const auto waits = waiting(at.sa);
    if (retry && waits && waits.in_vain(at.material.capture_end)) return {unanswered, retry, {}};
    if (at.sa.stage != Stage::sa_init || at.sa.suite.known)
        return {went_on, retry, fmt::format("asked for another Diffie-Hellman group; the second attempt{} went on",
                                            at.sa.suite.known ? " with " + group_text(at.sa.suite.group) : "")};
    if (retry) return {retried, retry, "asked for another Diffie-Hellman group; the initiator tries again, and the capture ends before the answer"};
    if (at.material.capture_end - refusal.time < long_enough)
        return {too_early, nullptr, "asked for another Diffie-Hellman group; the capture ends before the initiator can try again"};
    return {gave_up, nullptr, "wants another Diffie-Hellman group and the initiator does not try again"};
}

} // namespace

std::optional<Finding> no_proposal_chosen(const Case& at, Finding finding) {
    const auto* refusal = refusal_of_offers(at.sa);
    const auto* router = at.at(Side::responder);
    const auto waits = waiting(at.sa);
    std::optional<ios::PolicyChoice> choice;
    if (router && at.sa.version == Version::v1 && !at.sa.offers.empty())
        choice = ios::ikev1_choose_policy(offered_policies(at.sa), ios::effective_policies(*router));
    const bool silent = waits && (waits.first->label == "MM1" || waits.first->label == "AM1") &&
                        waits.in_vain(at.material.capture_end) && choice && !*choice;
    if (!refusal && !silent) return std::nullopt;

    finding.certainty = refusal ? Certainty::proved : Certainty::predicted;
    const auto& first = at.sa.messages.front();
    finding.frames = {first.frame};
    if (refusal) finding.frames.push_back(refusal->frame);
    finding.title = fmt::format("{} accepts none of the suites that {} offers", at.Name(Side::responder), at.name(Side::initiator));
    finding.explanation = refusal ? refusal_words(at.sa)
                                  : fmt::format("{} is silent, and its configuration has no policy that equals an offer.", at.role(Side::responder));
    if (refusal) prove(finding.evidence, fmt::format("frame {} from the responder: NO_PROPOSAL_CHOSEN (14)", refusal->frame));
    else prove(finding.evidence, waiting_sentence(at, waits));
    list_offers(at.sa, finding);
    if (choice && !*choice) compare_with_policies(at, *router, *choice, finding);
    if (finding.advice.empty())
        finding.advice = fmt::format("Make one suite the same on both sides. What {} would accept stands in its log or configuration (IOS: {}).{}",
                                     at.role(Side::responder),
                                     at.sa.version == Version::v2 ? "show crypto ikev2 proposal" : "show crypto isakmp policy",
                                     router || at.sa.version == Version::v2 ? "" : " With its --config the difference is shown here.");
    return finding;
}

std::optional<Finding> invalid_ke(const Case& at, Finding finding) {
    if (at.sa.version != Version::v2) return std::nullopt;
    const auto* refusal = last_refusal_of_ke(at.sa);
    if (!refusal) return std::nullopt;
    const auto after = after_refusal(at, *refusal);
    if (after.outcome == AfterRefusal::Outcome::unanswered) return std::nullopt; // for no-response to tell
    const bool gave_up = after.outcome == AfterRefusal::Outcome::gave_up;
    finding.severity = gave_up ? Severity::error : Severity::note;
    finding.frames = {refusal->frame};
    finding.title = "The responder " + after.words;
    finding.explanation = "The initiator has to guess a group for its first KE payload. INVALID_KE_PAYLOAD names the one the responder "
                          "prefers among those offered; one more round trip settles it. This is no failure in itself.";
    prove(finding.evidence, fmt::format("frame {}: INVALID_KE_PAYLOAD (17)", refusal->frame));
    if (after.retry) {
        finding.frames.push_back(after.retry->frame);
        prove(finding.evidence, fmt::format("frame {}: the initiator tries again", after.retry->frame));
    }
    finding.advice = gave_up ? "Let the initiator offer the group the responder asks for."
                             : "To save the round trip, put the responder's group first in the initiator's proposal.";
    return finding;
}

} // namespace ikescope::diagnose::rules
