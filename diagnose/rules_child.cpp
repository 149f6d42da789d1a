// Quick Mode and Child SAs that are refused: profile-mismatch, ts-unacceptable, child-no-proposal.

#include "diagnose/catalogue.hpp"
#include "diagnose/suite_words.hpp"
#include "diagnose/words.hpp"
#include "dissect/numbers_ikev2.hpp"
#include "ios/advice.hpp"

#include <fmt/format.h>

namespace ikescope::diagnose::rules {

using session::Child;
using session::Version;

namespace {

constexpr std::uint16_t no_proposal = 14, invalid_id = 18, ts_unacceptable_v2 = 38, single_pair = 34, failed_cp = 37;

/// A refused negotiation: the message that says so and, if it could be read, what was asked for.
struct Refusal {
    const MessageRecord* message = nullptr;
    const MessageRecord* request = nullptr;
    const Child* child = nullptr;
};

/// The first refusal of one of these types after phase 1 or beside IKE_AUTH's identity.
Refusal refused_with(const Sa& sa, std::initializer_list<std::uint16_t> types) {
    Refusal found;
    const bool v2 = sa.version == Version::v2;
    for (const auto& message : sa.messages) {
        const bool request = v2 ? message.label.ends_with("request") && has_payload(message, "SA") : message.label == "QM1";
        if (request && !message.retransmission_of) found.request = &message;
        if (v2 && message.label.starts_with("IKE_SA_INIT")) continue;
        if (!v2 && !found.request) continue;
        for (const auto type : types)
            if (std::ranges::find(message.notifies, type) != message.notifies.end() && found.request &&
                message.from != found.request->from) {
                found.message = &message;
                for (const auto& child : sa.children)
                    if (child.refused && (child.refusal == type)) found.child = &child;
                return found;
            }
    }
    return {};
}

void tell_request(const Case& at, const Refusal& refusal, Finding& finding) {
    finding.frames = {refusal.request->frame, refusal.message->frame};
    const auto type = refusal.child ? refusal.child->refusal : refusal.message->notifies.front();
    prove(finding.evidence, fmt::format("{} (frame {}) asks, frame {} answers {} ({})", refusal.request->label, refusal.request->frame,
                                        refusal.message->frame, notify_text(at.sa.version, type), type));
    if (!refusal.child) return;
    const auto& child = *refusal.child;
    if (!child.suite.empty()) prove(finding.evidence, fmt::format("offered: {}", child.suite));
    if (!child.ts_initiator.empty() || !child.ts_responder.empty())
        prove(finding.evidence, fmt::format("networks asked for: {} to {}", fmt::join(child.ts_initiator, ", "),
                                            fmt::join(child.ts_responder, ", ")));
}

std::string_view negotiation(const Case& at) { return at.sa.version == Version::v2 ? "Child SA" : "Quick Mode"; }

/// Which path of the initiator asks, and what the responder's configuration says to it.
struct Phase2 {
    ios::ProfileChoice profile;
    std::vector<ios::Path> asking, paths;
    ios::Phase2Choice choice;
};
std::optional<Phase2> by_configuration(const Case& at) {
    const auto *initiator = at.at(Side::initiator), *responder = at.at(Side::responder);
    if (!initiator || !responder || at.sa.version != Version::v1) return std::nullopt;
    Phase2 phase2;
    phase2.asking = ios::paths_to(*initiator, at.sa.responder.address);
    if (phase2.asking.empty()) return std::nullopt;
    phase2.paths = ios::paths_of(*responder);
    const auto ends = at.ends(Side::responder);
    phase2.profile = ios::ikev1_profile_by_identity(*responder, initiator_identity(at).identity, ends.vrf);
    phase2.choice = ios::ikev1_choose_path(*responder, phase2.paths, phase2.profile.profile, *initiator, phase2.asking.front());
    return phase2;
}

} // namespace

std::optional<Finding> profile_mismatch(const Case& at, Finding finding) {
    const auto refusal = refused_with(at.sa, {no_proposal, invalid_id});
    if (!refusal.message) return std::nullopt;
    const auto phase2 = by_configuration(at);
    if (!phase2 || phase2->choice.fault != ios::Phase2Fault::profile) return std::nullopt;
    const auto& router = *at.at(Side::responder);
    const auto ends = at.ends(Side::responder);
    finding.certainty = Certainty::predicted;
    finding.causes = phase2->profile.causes;
    finding.title = fmt::format("{} is in profile {} after phase 1, but its tunnel to {} wants another one: error 32", router.name,
                                phase2->profile.profile ? phase2->profile.name() : "(none)", at.name(Side::initiator));
    finding.explanation = fmt::format("The ID in MM5 selects the ISAKMP profile. A tunnel or crypto map entry that names a profile accepts "
                                      "only SAs of that profile. {}",
                                      phase2->choice.sentence);
    tell_request(at, refusal, finding);
    if (phase2->profile.match) predict(finding.evidence, "the ID matches " + config_line(router, phase2->profile.match->line));
    for (const auto& path : phase2->paths)
        if (!path.terms.isakmp_profile.empty())
            predict(finding.evidence, fmt::format("{} of {} (line {}) accepts profile {} only", path.name, router.name, path.line.number,
                                                  path.terms.isakmp_profile));
    finding.router_log[router.name] = ios::log_phase2_refused(phase2->choice, phase2->asking.front(), ends);
    finding.advice = advice_text(ios::advise("profile-mismatch", router, ends, {}, phase2->profile.profile));
    return finding;
}

std::optional<Finding> ts_unacceptable(const Case& at, Finding finding) {
    const auto refusal = at.sa.version == Version::v2 ? refused_with(at.sa, {ts_unacceptable_v2, single_pair, failed_cp})
                                                      : refused_with(at.sa, {invalid_id});
    if (!refusal.message) return std::nullopt;
    finding.title = fmt::format("{} does not accept the networks that {} wants to protect", at.Name(refusal.message->from),
                                at.name(other(refusal.message->from)));
    finding.explanation = fmt::format("The IKE SA is up; the {} is refused because of its {}. Both sides must describe the same pair of "
                                      "networks, mirrored: what is local on one side is remote on the other.",
                                      negotiation(at), at.sa.version == Version::v2 ? "traffic selectors" : "proxy identities");
    tell_request(at, refusal, finding);
    finding.advice = refusal.child && !refusal.child->ts_initiator.empty()
                         ? fmt::format("On {0}, a tunnel or crypto access list with local {1} and remote {2} is needed; or change the other side's.",
                                       at.role(refusal.message->from), fmt::join(refusal.child->ts_responder, ", "),
                                       fmt::join(refusal.child->ts_initiator, ", "))
                         : "Compare the crypto access lists or traffic selectors of both sides: one must be the mirror of the other.";
    return finding;
}

std::optional<Finding> child_no_proposal(const Case& at, Finding finding) {
    const auto refusal = refused_with(at.sa, {no_proposal});
    if (!refusal.message || (at.sa.version == Version::v1 && !phase1_complete(at.sa))) return std::nullopt;
    finding.title = fmt::format("{} accepts none of the IPsec suites that are offered", at.Name(refusal.message->from));
    finding.explanation =
        fmt::format("The IKE SA is up; the {} is refused with NO_PROPOSAL_CHOSEN. Encryption, integrity, tunnel or transport mode and the "
                    "group of perfect forward secrecy must agree. Cisco IOS sends the same notify when the networks or the ISAKMP profile do "
                    "not fit (error 32 in its log).",
                    negotiation(at));
    tell_request(at, refusal, finding);
    const bool pfs = has_payload(*refusal.request, "KE");
    // The first Child SA of IKEv2 is made in IKE_AUTH, which never has a KE payload (RFC 7296 1.2).
    if (refusal.request->decrypted && refusal.request->exchange != dissect::ikev2::exchange::ike_auth)
        prove(finding.evidence, pfs ? "the request has a KE payload: it asks for perfect forward secrecy"
                                    : "the request has no KE payload: it does not ask for perfect forward secrecy");
    if (const auto phase2 = by_configuration(at); phase2 && phase2->choice.fault != ios::Phase2Fault::none) {
        predict(finding.evidence, phase2->choice.sentence);
        finding.router_log[at.at(Side::responder)->name] =
            ios::log_phase2_refused(phase2->choice, phase2->asking.front(), at.ends(Side::responder));
    }
    finding.advice = fmt::format("Compare transform sets (IOS) or esp= / children proposals (strongSwan) and the PFS group of both sides; {} "
                                 "logs what it would accept.",
                                 at.role(refusal.message->from));
    return finding;
}

} // namespace ikescope::diagnose::rules
